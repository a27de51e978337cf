"""The normalizer from Python: the golden cases, strings in and out, alignments."""

import copy
import pickle
import signal
import threading
import tomllib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import marsad

GOLDEN = Path(__file__).parents[1] / "golden" / "normalize.toml"
CASES = tomllib.loads(GOLDEN.read_text("utf-8"))["case"]
PRESETS = ["light", "standard", "search", "camel"]

# Every kind of string that CPython keeps, with what the steps look for, and lone surrogates.
TEXT = st.text(
    st.one_of(
        st.sampled_from("اأإآىيئؤةهللل  \t\n\u00a0ـ\u064e\u0651\u0654\u0670کی٠5،,.؟…«\u200f\ufeffﻻﷺaÉ½😀\ud800\udfff"),
        st.characters(),
        st.characters(max_codepoint=0xFF),
        st.characters(min_codepoint=0x600, max_codepoint=0x6FF),
    ),
    max_size=60,
)
STEPS = st.fixed_dictionaries(
    {},
    optional={
        "unicode": st.sampled_from(["keep", "nfc", "nfkc"]),
        "hamza": st.sampled_from(["keep", "carrier", "bare"]),
        "yeh": st.sampled_from(["keep", "yeh", "final_yeh", "final_maqsura"]),
        "digits": st.sampled_from(["keep", "ascii", "arabic", "extended"]),
        "punctuation": st.sampled_from(["keep", "ascii", "arabic"]),
        "whitespace": st.sampled_from(["keep", "spaces", "collapse"]),
        "elongation": st.integers(0, 2),
        "tashkeel": st.booleans(),
        "tatweel": st.booleans(),
        "alef": st.booleans(),
        "presentation": st.booleans(),
        "controls": st.booleans(),
        "lowercase": st.booleans(),
    },
)


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_golden(case):
    norm = marsad.Normalizer(preset=case.get("preset"), **case.get("steps", {}))
    assert norm(case["text"]) == case["clean"]
    assert norm([case["text"], None]) == [case["clean"], None]
    assert norm.align(case["text"]).text == case["clean"]


@given(TEXT, st.sampled_from(PRESETS), STEPS)
@settings(max_examples=300, deadline=None)
def test_buffers_equal_their_safe_twin(text, preset, steps):
    norm = marsad.Normalizer(preset=preset, **steps)
    clean = norm(text)
    # The twin reads a lone surrogate as U+FFFD.
    as_utf8 = "".join("\ufffd" if "\ud800" <= c <= "\udfff" else c for c in clean)
    assert as_utf8 == norm._by_utf8(text)
    # A string that Python itself made is equal only when the kind is the narrowest.
    again = "".join(list(clean))
    assert clean == again and hash(clean) == hash(again)
    assert norm(clean) is clean


@given(TEXT, st.sampled_from(PRESETS), st.data())
@settings(max_examples=300, deadline=None)
def test_alignment(text, preset, data):
    norm = getattr(marsad.Normalizer, preset)()
    aligned = norm.align(text)
    assert aligned.text == norm(text)
    size = len(aligned.text)
    assert aligned.to_original(0, size) == (0, len(text))
    start = data.draw(st.integers(0, size))
    end = data.draw(st.integers(start, size))
    outer, inner = aligned.to_original(start, end), aligned.to_original(start, end, snap="inner")
    assert 0 <= outer[0] <= inner[0] <= inner[1] <= outer[1] <= len(text)
    if end > start:
        assert aligned.text[start:end] in norm(text[outer[0] : outer[1]]) or preset in ("light", "search")
    # What lies between the edits is as long on both sides.
    original, new = 0, 0
    for from_start, from_end, to_start, to_end in aligned.edits:
        assert from_start - original == to_start - new
        original, new = from_end, to_end
    assert len(text) - original == size - new


def test_slices_by_alignment():
    text = "قَالَ الـوَزِيـرُ  إِنَّ"
    aligned = marsad.Normalizer.search().align(text)
    at = aligned.text.index("الوزير")
    start, end = aligned.to_original(at, at + 6)
    assert text[start:end] == "الـوَزِيـرُ"
    assert aligned.to_normalized(start, end) == (at, at + 6)
    assert aligned.to_original(at, at + 6, snap="inner") == (start, end - 1)


def test_composition():
    text = "مُـديـر\u00a0\u00a0البَلَديَّة"
    first = marsad.Normalizer.light().align(text)
    second = marsad.Normalizer.search().align(first.text)
    both = first.then(second)
    assert both.text == second.text == marsad.Normalizer.search()(text)
    for start in range(len(both.text)):
        a, b = second.to_original(start, start + 1)
        assert both.to_original(start, start + 1) == first.to_original(a, b)
    with pytest.raises(ValueError, match="not of the same text"):
        second.then(first)


def test_alignment_refuses_bad_ranges():
    aligned = marsad.Normalizer.light().align("بيت")
    for start, end in [(2, 1), (0, 4)]:
        with pytest.raises(ValueError, match="no range"):
            aligned.to_original(start, end)
    with pytest.raises(ValueError, match="snap"):
        aligned.to_original(0, 1, snap="middle")


def test_the_same_object_when_nothing_changes():
    for text in ["", "plain ascii", "café", "نص عربي عادي", "نص 😀"]:
        for norm in [marsad.Normalizer(), marsad.Normalizer.standard()]:
            assert norm(text) is text
            assert norm([text])[0] is text
            assert norm.align(text).text is text


def test_lists():
    texts = ["مَدِينة رقم ٣", None, "", "abc", "É", "😀 الـ"] * 4000
    norm = marsad.Normalizer.search()
    expected = [None if text is None else norm(text) for text in texts]
    for threads in [1, 2, None]:
        assert norm(texts, threads=threads) == expected
    assert norm(tuple(texts[:6])) == expected[:6]
    assert norm([]) == []
    assert marsad.normalize(texts[:6], "search") == expected[:6]
    with pytest.raises(TypeError, match="item 1: expected a string or None, not int"):
        norm(["a", 1])
    with pytest.raises(TypeError, match="not dict"):
        norm({})


def test_long_lists_in_parallel():
    kinds = ["مَدِيـنة ", "abc ", "Éà ", "😀 الـكتاب ", "\ud800ـ\udfff ", "ـabc ", "😀ـ ", "ﷺ ", "  "]
    texts = [None if i % 11 == 0 else f"{kinds[i % 9] * (i % 40)}{i}" for i in range(20_000)]
    texts += ["الـكَلِمة " * 100_000, "شيء"]
    norm = marsad.Normalizer.search()
    expected = norm(texts, threads=1)
    assert expected == [None if text is None else norm(text) for text in texts]
    for threads in range(2, 9):
        out = norm(texts, threads=threads)
        assert out == expected
        assert [a is b for a, b in zip(out, texts, strict=True)] == [
            a is b for a, b in zip(expected, texts, strict=True)
        ]


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="no timer")
def test_a_long_list_can_be_stopped():
    def stop(*_):
        raise KeyboardInterrupt

    texts = ["الـكَلِمة " * 200] * 20_000
    before = signal.signal(signal.SIGALRM, stop)
    try:
        with pytest.raises(KeyboardInterrupt):
            signal.setitimer(signal.ITIMER_REAL, 0.005)
            for _ in range(1000):
                marsad.normalize(texts, threads=2)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def test_threads_at_once():
    texts = [f"الـنَّصُّ رَقْمُ {i}" for i in range(20_000)]
    norm = marsad.Normalizer.standard()
    expected = norm(texts, threads=1)
    results = {}

    def work(name):
        results[name] = [norm(texts, threads=2) == expected for _ in range(10)]
        results[name].append([norm(text) for text in texts] == expected)

    workers = [threading.Thread(target=work, args=(i,)) for i in range(6)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert all(all(result) for result in results.values()) and len(results) == 6


def test_one_call():
    assert marsad.normalize("الـسَّـلامُ") == "السلام"
    assert marsad.normalize("الـسَّـلامُ ٣", digits="keep") == "السلام ٣"
    assert marsad.normalize("إلى", preset="search/1") == "الي"


def test_options():
    norm = marsad.Normalizer(alef=True, digits="ascii")
    assert norm.options["alef"] is True and norm.options["digits"] == "ascii" and norm.options["tashkeel"] is False
    assert norm.name == "custom"
    assert marsad.Normalizer.search().name == "search/1"
    assert marsad.Normalizer(**marsad.Normalizer.search().options) == marsad.Normalizer.search()
    assert marsad.Normalizer(preset="search", lowercase=False) != marsad.Normalizer.search()
    assert repr(norm) == 'Normalizer(alef=True, digits="ascii")'
    assert repr(marsad.Normalizer.light()) == "Normalizer.light()"
    assert len({norm, marsad.Normalizer(digits="ascii", alef=True)}) == 1


def test_kept_with_an_index():
    for norm in [marsad.Normalizer.camel(), marsad.Normalizer(yeh="final_yeh")]:
        assert marsad.Normalizer.from_json(norm.to_json()) == norm
        assert pickle.loads(pickle.dumps(norm)) == norm
        assert copy.deepcopy(norm) == norm
    with pytest.raises(ValueError, match="no normalizer"):
        marsad.Normalizer.from_json("{}")


@pytest.mark.parametrize(
    ("steps", "error", "match"),
    [
        ({"tashkil": True}, TypeError, 'no step "tashkil"; did you mean tashkeel. The steps are'),
        ({"tashkeel": "yes"}, ValueError, "tashkeel='yes': expected True or False"),
        ({"digits": "roman"}, ValueError, "digits='roman': expected keep, ascii, arabic, extended"),
        ({"digits": "nfc"}, ValueError, "digits"),
        ({"elongation": 3}, ValueError, "expected 0, 1 or 2"),
        ({"preset": "heavy"}, ValueError, "The presets are light, standard"),
    ],
)
def test_bad_options(steps, error, match):
    with pytest.raises(error, match=match):
        marsad.Normalizer(**steps)


def test_frozen():
    with pytest.raises(AttributeError):
        marsad.Normalizer.light().name = "x"
    with pytest.raises(AttributeError):
        marsad.Normalizer.light().align("x").text = "y"


def test_lone_surrogates():
    assert marsad.normalize("\ud800كَ\udfff") == "\ud800ك\udfff"
    assert marsad.normalize("\ud800كَ😀\udfff") == "\ud800ك😀\udfff"


TEXTS = ["مَدِينة رقم ٣", None, "", "abc", "É", "😀 الـ"]


def test_arrow_columns():
    pa = pytest.importorskip("pyarrow")
    norm = marsad.Normalizer.search()
    expected = [None if text is None else norm(text) for text in TEXTS]
    for kind in [pa.utf8(), pa.large_utf8(), pa.string_view()]:
        for column in [
            pa.array(TEXTS, kind),
            pa.array(["x", *TEXTS, "y"], kind).slice(1, len(TEXTS)),
            pa.chunked_array([TEXTS[:2], TEXTS[2:]], kind),
        ]:
            out = norm(column)
            assert isinstance(out, marsad.Column)
            assert len(out) == len(TEXTS) and out.to_list() == expected
            array = pa.array(out)
            assert array.type == (pa.large_utf8() if kind == pa.large_utf8() else pa.utf8())
            array.validate(full=True)
            assert array.to_pylist() == expected
    assert len(norm(pa.chunked_array([], pa.utf8()))) == 0
    with pytest.raises(TypeError, match="column of texts, not of Int64"):
        norm(pa.array([1, 2]))


def test_long_arrow_columns_in_parallel():
    pa = pytest.importorskip("pyarrow")
    texts = [None if i % 7 == 0 else f"الـنَّصُّ رَقْمُ {i} " * (i % 50) for i in range(20_000)]
    norm = marsad.Normalizer.standard()
    expected = norm(texts, threads=1)
    for threads in [1, 2, 5]:
        out = pa.array(norm(pa.array(texts), threads=threads))
        out.validate(full=True)
        assert out.to_pylist() == expected


def test_columns_that_grow_or_are_large():
    pa = pytest.importorskip("pyarrow")
    for text, rows in [("ﷺ ", 40_000), ("الـكَلِمة " * 60, 40_000), ("ﷲ" * 100_000, 9)]:
        texts = [None if i % 5 == 3 else f"{text}{i}" for i in range(rows)]
        expected = marsad.normalize(texts, "search", threads=1)
        for column in [
            pa.array(texts),
            pa.chunked_array([texts[:7], [], texts[7:]]),
            pa.array(texts, pa.string_view()),
        ]:
            for threads in [1, 2, 3, 8]:
                out = pa.array(marsad.normalize(column, "search", threads=threads))
                out.validate(full=True)
                assert out.to_pylist() == expected


def test_other_columns():
    pl = pytest.importorskip("polars")
    out = pl.Series("clean", marsad.Normalizer.search()(pl.Series(TEXTS)))
    assert out.to_list() == [None if text is None else marsad.normalize(text, "search") for text in TEXTS]


def test_missing_values_pass():
    nan = float("nan")
    out = marsad.normalize(["كـ", nan, None])
    assert out[0] == "ك" and out[1] is nan and out[2] is None


# Sentences of news and of the network, for the chains of other tools.
SENTENCES = [
    "قال الـوَزِيرُ، أمس: «إنَّ الاتفاقَ» سيُوقَّع في ٢٥ مايو/أيار ٢٠١٦م بـ100 دولار!!!",
    "شاهد https://example.org/a?b=1 أو www.example.com/x، وراسل info@example.org أو @user_name1 ...",
    "ههههههه واااااو 😀😀😀 مُمْتاااز جداااا؟؟؟؟ 10%10 س٣ص",
    "<p>نص &amp; رمز &quot;مقتبس&quot; &#1602; &lt;</p><br /> [قوس] (آخر) {ثالث}",
    "ﻻ إله إلا ﷲ ﷺ ﷼ ﺑﺴﻢ الرحمٰن ٱلرحيم ؤ ئ ى ة أ إ آ",
    "Latin ÉCOLE 12,5 3.14 1/2 -5 +7 a_b {x} ~ ^ ` | \\ © ® ½ ² ـ ۱۲۳ پ چ گ",
    "",
    "   \t\n ",
]


def test_same_as_camel_tools():
    normalize = pytest.importorskip("camel_tools.utils.normalize")
    dediac = pytest.importorskip("camel_tools.utils.dediac")

    def chain(text):
        text = dediac.dediac_ar(normalize.normalize_unicode(text))
        text = normalize.normalize_alef_maksura_ar(normalize.normalize_alef_ar(text))
        return normalize.normalize_teh_marbuta_ar(text)

    for text in SENTENCES:
        assert marsad.normalize(text, "camel") == chain(text)

    @given(st.text(st.characters(min_codepoint=0x600, max_codepoint=0x6FF), max_size=30))
    @settings(max_examples=300, deadline=None)
    def any_text(text):
        assert marsad.normalize(text, "camel") == chain(text)

    any_text()


def test_same_as_arabert():
    module = pytest.importorskip("arabert.preprocess")
    chain = module.ArabertPreprocessor("bert-base-arabertv02").preprocess
    for text in SENTENCES:
        assert marsad.normalize(text, "arabert") == chain(text)

    @given(st.text(st.sampled_from("كلاميةأ ًَّـ،.!؟12٣۴/@&<>[]()«»…a.comwww_-+x😀\u200f\n"), max_size=40))
    @settings(max_examples=500, deadline=None)
    def any_text(text):
        assert marsad.normalize(text, "arabert") == chain(text)

    any_text()
