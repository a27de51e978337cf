"""Page repair from Python: the golden cases, and its offsets."""

import tomllib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import marsad

GOLDEN = Path(__file__).parents[1] / "golden" / "repair.toml"
CASES = tomllib.loads(GOLDEN.read_text("utf-8"))["case"]
PARTS = st.sampled_from(
    [
        "و",
        "بحسب",
        "\n",
        "\n\n",
        "\n\n\n",
        " ،",
        "، ",
        ".",
        "؟",
        " ",
        "<p>",
        "&nbsp;",
        "https://example.org/a",
        "جملة فيها كلمات كثيرة كي تعد نصا لا عنوانا هنا",
    ]
)


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_golden(case):
    page = marsad.repair(case["text"])
    assert page.text == case.get("clean", case["text"])
    if "clean" not in case:
        assert page.text is case["text"]
        assert page.changes == [] and page.edits == []
    headings = [page.text[start:end] for start, end in page.headings]
    embeds = [page.text[start:end] for start, end in page.embeds]
    assert headings == case.get("headings", [])
    assert embeds == case.get("embeds", [])


def test_offsets():
    text = "وصل الوفد ،صباحا.و\n\nقال\n\nالوزير إن المحادثات كانت طويلة وصريحة."
    page = marsad.repair(text)
    assert page.text == "وصل الوفد، صباحا.\n\nوقال الوزير إن المحادثات كانت طويلة وصريحة."
    for word in ["الوفد", "صباحا", "الوزير", "وصريحة"]:
        at = page.text.index(word)
        start, end = page.to_original(at, at + len(word), snap="inner")
        assert text[start:end] == word
        assert page.to_normalized(start, end, snap="inner") == (at, at + len(word))
    at = page.text.index("وقال")
    start, end = page.to_original(at, at + 4, snap="inner")
    assert text[start:end] == "و\n\nقال"
    assert [change[0] for change in page.changes] == [
        "space_before_comma",
        "space_after_comma",
        "split",
        "joined",
        "joined",
    ]
    assert [text[start:end] for _, start, end, _ in page.changes] == [" ", "", "", "\n\n", "\n\n"]


def test_then_normalized():
    page = marsad.repair("عاد القطار.\n\nو\n\nقـال\n\nالسَّائق إن الرحلة كانت هادئة.")
    both = page.then(marsad.Normalizer.standard().align(page.text))
    assert "وقال السائق" in both.text
    at = both.text.index("السائق")
    assert both.to_original(at, at + 6)[1] - both.to_original(at, at + 6)[0] == 8


@given(st.lists(PARTS, max_size=30).map("".join))
@settings(max_examples=300, deadline=None)
def test_laws(text):
    page = marsad.repair(text)
    assert page.to_original(0, len(page.text)) == (0, len(text))
    for start, end in page.headings + page.embeds:
        assert page.text[start:end].strip() == page.text[start:end] != ""
    rebuilt, at = [], 0
    for _, start, end, replacement in page.changes:
        assert at <= start <= end
        rebuilt += [text[at:start], replacement]
        at = end
    assert "".join([*rebuilt, text[at:]]) == page.text


def test_linear_on_hostile_pages():
    for unit in ["و\n", "كلمة،\n", "&", "<", ". ", " ،", "a\n\n\n", "&#", "<p "]:
        text = unit * 200_000
        assert len(marsad.repair(text).text) <= len(text) + 200_000 * 2
