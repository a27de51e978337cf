"""What holds for every text: offsets slice the text as given, views agree, nothing changes."""

import pickle
import time
from collections.abc import Sequence
from datetime import date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import marsad

PIECES = st.sampled_from(
    [
        "وليبيا",
        "مدينة بنغازي",
        "وزير الخارجية المصري",
        " ",
        "\n",
        "\n\n",
        "13 نوفمبر 2014",
        "«",
        "»",
        "؟",
        ".",
        "و",
        "لل",
        "١٢٫٥",
        "USA",
        "https://example.org/a",
        "@handle",
        "#وسم",
        "😀",
        "\u0651",
        "ـ",
        "\u200f",
        "\0",
        "\ud800",
        "\U00010400",
        "é",
    ]
)
TEXTS = st.lists(PIECES | st.text(max_size=4), max_size=25).map("".join)


def check(doc, text):
    assert doc.text == text
    for view in (doc.ents, doc.sents, doc.blocks, doc.tokens):
        for unit in view:
            assert 0 <= unit.start < unit.end <= len(text)
            assert text[unit.start : unit.end] == unit.text
    for ent in doc.ents:
        assert ent.label in marsad.LABELS and 0 <= ent.score <= 1
        if ent.parent is not None:
            assert ent.parent.start <= ent.start and ent.end <= ent.parent.end
            assert ent in ent.parent.children
    order = [(ent.start, -ent.end) for ent in doc.ents]
    assert order == sorted(order)
    inside = [token for block in doc.blocks for sent in block.sents for token in sent.tokens]
    assert inside == list(doc.tokens)
    for token in doc.tokens:
        for reading in token.readings:
            parts = [*reading.proclitics, reading.stem, *([reading.enclitic] if reading.enclitic else [])]
            assert "".join(part.text for part in parts) == token.text
            assert parts[0].start == token.start and parts[-1].end == token.end
    plain = doc.to_dict()
    assert [(e["start"], e["end"], e["label"], e["text"]) for e in plain["entities"]] == [
        (e.start, e.end, e.label, e.text) for e in doc.ents
    ] or any("\ud800" <= c <= "\udfff" for c in text)
    doc.to_json()
    doc.to_html()


@given(TEXTS)
@settings(max_examples=150, deadline=None)
def test_offsets_slice_the_text_as_given(text):
    check(marsad.load()(text), text)


@pytest.mark.parametrize(
    "text", ["", " ", "\n\n", "\0", "\ud800", "\udfff" * 3, "\ufeffبنغازي", "و", "...", "a", "😀😀 بنغازي 😀"]
)
def test_odd_texts(nlp, text):
    check(nlp(text), text)


def test_lone_surrogates_keep_offsets(nlp):
    doc = nlp("\ud800 زار مدينة بنغازي \udc00 أمس")
    assert [ent.text for ent in doc.ents.filter("GPE", outer=True)] == ["مدينة بنغازي"]
    assert marsad.load()(doc.text) == doc
    assert "\\ud800" in doc.to_json()


def test_the_article(doc, article):
    check(doc, article)
    assert len(doc.ents) > 40 and len(doc.sents) > 10
    assert {"PERS", "ORG", "GPE", "DATE"} <= {ent.label for ent in doc.ents}


def test_a_text_of_many_megabytes(nlp, article):
    text = (article + "\n") * (20_000_000 // len(article.encode()))
    doc = nlp(text)
    last = doc.ents[-1]
    assert text[last.start : last.end] == last.text
    assert last.start > len(text) - len(article)


@pytest.mark.slow
def test_a_text_of_200_megabytes(nlp, article):
    text = (article + "\n") * (200_000_000 // len(article.encode()))
    doc = nlp(text)
    last = doc.ents[-1]
    assert text[last.start : last.end] == last.text


def test_sequences(doc):
    ents = doc.ents
    assert isinstance(ents, Sequence) and isinstance(doc.tokens, Sequence)
    assert list(ents)[3] == ents[3] and ents[-1] == ents[len(ents) - 1]
    assert list(ents[2:9:3]) == list(ents)[2:9:3] and list(ents[::-1]) == list(ents)[::-1]
    assert ents[1:][0] == ents[1] and ents[5] in ents
    assert list(doc.tokens[4:0:-2]) == list(doc.tokens)[4:0:-2]
    with pytest.raises(IndexError, match=f"index {len(ents)}"):
        ents[len(ents)]
    with pytest.raises(TypeError, match="integer or a slice"):
        ents[1.5]


def test_filter(doc):
    places = doc.ents.filter("GPE")
    assert places and all(ent.label == "GPE" for ent in places)
    both = doc.ents.filter(["GPE", "ORG"], min_score=0.6, outer=True)
    assert all(ent.parent is None and ent.score >= 0.6 for ent in both)
    with pytest.raises(ValueError, match="did you mean GPE"):
        doc.ents.filter("GPA")


def test_units_know_their_ents(doc):
    assert [ent for sent in doc.sents for ent in sent.ents] == list(doc.ents)
    assert [ent for block in doc.blocks for ent in block.ents] == list(doc.ents)
    assert all(sent.block.start <= sent.start for sent in doc.sents)


def test_clitics(nlp):
    token = nlp("سافر إلى تونس وبالمدينة نزل.").tokens[3]
    clitics = token.clitics
    assert [piece.text for piece in clitics.proclitics] == ["و", "ب"]
    assert (clitics.stem.text, clitics.article, clitics.enclitic) == ("المدينة", True, None)
    assert token.readings[0] == clitics and 0 < clitics.probability <= 1
    assert repr(clitics) == "<و + ب + المدينة>"
    number = nlp("12").tokens[0]
    assert number.clitics.stem.text == "12" and len(number.readings) == 1


def test_equality_hash_and_pickle(nlp, doc, article):
    again = nlp(article, published="2026-11-20")
    assert again == doc and hash(again) == hash(doc) and again.ents == doc.ents
    assert set(again.ents) == set(doc.ents) and again.tokens[3] == doc.tokens[3]
    assert nlp(article) != doc and nlp("غيره") != doc and doc.ents[0] != doc.ents[1]
    for value in (doc, doc.ents[2], doc.ents[1:4], doc.ents.filter("GPE")):
        assert pickle.loads(pickle.dumps(value)) == value
    with pytest.raises(TypeError, match="pickle"):
        pickle.dumps(doc.tokens[0])


def test_a_pipeline_travels_with_its_names(nlp):
    own = nlp.with_lexicon({"ORG": ["لجنة أصدقاء القمر"]})
    other = pickle.loads(pickle.dumps(own))
    assert other.lexicon == own.lexicon
    text = "أعلنت لجنة أصدقاء القمر ذلك."
    assert other(text) == own(text) and "لجنة أصدقاء القمر" in [ent.text for ent in other(text).ents]


def test_nothing_can_be_changed(doc):
    for thing in (doc, doc.ents[0], doc.tokens[0], doc.sents[0], doc.blocks[0], doc.tokens[0].clitics):
        with pytest.raises(AttributeError):
            thing.text = "x"
        with pytest.raises(AttributeError):
            thing.new = 1


@pytest.mark.parametrize("day", ["2016-12-08", date(2016, 12, 8), datetime(2016, 12, 8, 9, 30), "2016-12-08T10:00:00Z"])
def test_published(nlp, day):
    doc = nlp("وصل أمس.", published=day)
    assert doc.published == "2016-12-08" and doc.ents[0].value["edtf"] == "2016-12-07"


@pytest.mark.parametrize("day", ["8/12/2016", "2016-13-01", "امس", ""])
def test_bad_dates(nlp, day):
    with pytest.raises(ValueError, match="published.*YYYY-MM-DD"):
        nlp("نص", published=day)


def test_bad_types(nlp):
    with pytest.raises(TypeError, match="expected a string, not bytes"):
        nlp(b"x")
    with pytest.raises(TypeError, match="nlp.pipe or nlp.corpus"):
        nlp(["x"])
    with pytest.raises(TypeError, match="published.*not int"):
        nlp("x", published=3)


def test_explain(nlp, doc):
    lines = doc.explain(doc.ents[0])
    assert any(line["kept"] and line["text"] == doc.ents[0].text for line in lines)
    assert {"text", "label", "start", "end", "score", "evidence", "kept", "reason"} <= set(lines[0])
    with pytest.raises(ValueError, match="another document"):
        nlp("نص آخر").explain(doc.ents[0])


def test_small_analysis_is_quick(nlp, article):
    nlp(article)
    times = []
    for _ in range(5):
        begun = time.perf_counter()
        nlp(article)
        times.append(time.perf_counter() - begun)
    assert min(times) < 0.020
