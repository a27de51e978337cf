"""The golden cases that Rust runs too, read from Python."""

import tomllib
from pathlib import Path

import pytest

import marsad

GOLDEN = Path(__file__).parents[1] / "golden"
KINDS = {
    "w": "word",
    "f": "foreign",
    "n": "number",
    "p": "punct",
    "u": "url",
    "e": "email",
    "h": "handle",
    "t": "hashtag",
}


def cases(name):
    return tomllib.loads((GOLDEN / name).read_text(encoding="utf-8"))["case"]


def named(name):
    return pytest.mark.parametrize("case", cases(name), ids=[case["name"] for case in cases(name)])


@named("tokens.toml")
def test_tokens(nlp, case):
    tokens = nlp(case["text"]).tokens
    assert [token.text for token in tokens] == case["tokens"]
    if "kinds" in case:
        assert [token.kind for token in tokens] == [KINDS[letter] for letter in case["kinds"].split()]


@named("sentences.toml")
def test_sentences(nlp, case):
    doc = nlp(case["text"])
    assert [sent.text for sent in doc.sents] == case["sents"]


@named("normalize.toml")
def test_normalize(case):
    norm = marsad.Normalizer(preset=case.get("preset"), **case.get("steps", {}))
    assert norm(case["text"]) == case["clean"]


def test_clitics(nlp):
    golden = tomllib.loads((GOLDEN / "clitics.toml").read_text(encoding="utf-8"))
    right = 0
    for split in golden["split"]:
        word = split.replace("+", "")
        right += nlp(word).tokens[0].clitics.stem.text == split.split("+")[1]
    for word in golden["whole"]:
        right += nlp(word).tokens[0].clitics.stem.text == word
    assert right / (len(golden["split"]) + len(golden["whole"])) >= 0.95


@pytest.mark.parametrize("path", sorted(GOLDEN.glob("dates_*.toml")), ids=lambda path: path.stem)
def test_dates(nlp, path):
    golden = tomllib.loads(path.read_text(encoding="utf-8"))
    wrong = []
    for case in golden["cases"]:
        published = case.get("published", golden["published"])
        doc = nlp(case["text"], published=None if published == "none" else published)
        values = [ent.value for ent in doc.ents if ent.value]
        if "edtf" in case and not any(case["edtf"] in (v.get("edtf"), v.get("range")) for v in values):
            wrong.append((case["text"], case["edtf"], values))
    # A bare expression without a sentence around it is read by the whole pipeline, which may judge it otherwise.
    assert len(wrong) <= 0.15 * len(golden["cases"]), wrong
