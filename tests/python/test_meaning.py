"""What mentions mean, seen from Python: groups, links, Latin names, quotations, relations; transliteration."""

import json
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import marsad

GOLDEN = Path(__file__).parents[1] / "golden"
TABLES = tomllib.loads((GOLDEN / "translit.toml").read_text(encoding="utf-8"))
TEXT = (
    "أعلن رئيس الوزراء المصري مصطفى مدبولي في القاهرة أن الحكومة ستبني ميناء جديدا في مدينة دمياط. "
    "وقال مدبولي: «سنبدأ العمل في الربيع القادم». وتقع دمياط في مصر، وتبعد المدينة عن القاهرة مئتي كيلومتر."
)


@pytest.fixture(scope="module")
def story(nlp):
    return nlp(TEXT)


def ents(doc, text):
    return [ent for ent in doc.ents if ent.text == text]


def test_mentions_of_one_thing_share_a_group(story):
    full, short = ents(story, "مصطفى مدبولي")[0], ents(story, "مدبولي")[0]
    assert full.group == short.group is not None
    group = story.groups[full.group]
    assert group.label == "PERS" and group.count == len(group) == len(group.ents) >= 2
    assert group.first == full and group.last == group.ents[-1]
    assert group.variants[:2] == ["مصطفى مدبولي", "مدبولي"]
    assert short.norm == full.norm == group.name == "مصطفى مدبولي"
    assert all(0 < score <= 1 for score in group.scores)


def test_every_named_thing_is_in_one_group(doc):
    grouped = [ent for ent in doc.ents if ent.group is not None]
    assert sum(len(group) for group in doc.groups) == len(grouped)
    for group in doc.groups:
        assert {ent.group for ent in group.ents} == {group.id}
        assert doc.groups[group.id].name == group.name
    assert not [ent for ent in doc.ents if ent.group is not None and ent.label in ("DATE", "OCC", "CARDINAL")]


def test_places_are_linked(story):
    city = ents(story, "القاهرة")[0]
    assert city.latin == "Cairo" and city.link["country"] == "EG"
    assert city.link["geonames"] and 29 < city.link["lat"] < 31 and 30 < city.link["lon"] < 32
    assert isinstance(city.link["alternatives"], list)
    assert ents(story, "مصر")[0].link["kind"] == "country"


@pytest.mark.parametrize(
    ("word", "name", "noun"),
    [
        ("مسقط", "وصل الوفد إلى مسقط أمس.", "عاد اللاعب إلى مسقط رأسه بعد غياب."),
        ("المغرب", "وصل الوفد إلى المغرب أمس.", "خرج الناس بعد صلاة المغرب إلى السوق."),
        ("مصر", "وصل الوفد إلى مصر أمس.", "قال الوزير إنه مصر على الاستقالة."),
        ("قطر", "وصل الوفد إلى قطر أمس.", "يبلغ نصف قطر الدائرة ثلاثة أمتار."),
    ],
)
def test_words_that_are_written_like_names(nlp, word, name, noun):
    assert [ent.text for ent in nlp(name).ents if ent.label == "GPE"] == [word]
    assert not [ent.text for ent in nlp(noun).ents if word in ent.text]


def test_a_given_name_alone_is_not_the_best_known_bearers(nlp):
    doc = nlp("قالت رانيا البستاني إن المعرض ناجح. وأضافت رانيا أنه سيعود.")
    full, short = ents(doc, "رانيا البستاني")[0], ents(doc, "رانيا")[0]
    assert full.group == short.group and full.link is None and short.link is None
    assert short.norm == "رانيا البستاني" and short.latin == "Rania"
    assert nlp.corpus([doc.text]).ents["latin"] == [ent.latin for ent in doc.ents]
    king = ents(nlp("التقى الملك فهد وفدا من البلدة. وأكد فهد أن العمل مستمر."), "فهد")
    assert [ent.latin for ent in king] == ["King Fahd", "King Fahd"]
    assert not [ent.link for ent in ents(nlp("قال الدكتور فهد إن الدواء مفيد."), "فهد") if ent.link]


def test_what_only_refers_back_is_kept_apart(story):
    town = ents(story, "مدينة دمياط")[0]
    spans = story.groups[town.group].anaphora
    assert [TEXT[start:end] for start, end in spans] == ["المدينة"]


def test_who_says_what(story):
    direct = [quote for quote in story.quotes if quote.direct]
    assert [quote.text for quote in direct] == ["سنبدأ العمل في الربيع القادم"]
    assert direct[0].speaker.text == "مدبولي" and direct[0].verb == "وقال"
    reported = [quote for quote in story.quotes if not quote.direct]
    assert reported[0].speaker.text == "مصطفى مدبولي" and reported[0].text.startswith("أن الحكومة")
    for quote in story.quotes:
        assert TEXT[quote.start : quote.end] == quote.text


def test_relations(story):
    links = {(r.kind, r.source.text, r.target.text) for r in story.relations}
    assert ("title", "رئيس الوزراء المصري", "مصطفى مدبولي") in links
    assert ("place_in", "دمياط", "مصر") in links


def test_everything_is_in_plain_data(story):
    data = json.loads(story.to_json())
    assert len(data["groups"]) == len(story.groups)
    assert [quote["text"] for quote in data["quotes"]] == [quote.text for quote in story.quotes]
    for row, ent in zip(data["entities"], story.ents, strict=True):
        assert (row["group"], row["latin"], row["norm"], row["link"]) == (ent.group, ent.latin, ent.norm, ent.link)
    for row, relation in zip(data["relations"], story.relations, strict=True):
        assert data["entities"][row["from"]]["text"] == relation.source.text
    for row, group in zip(data["groups"], story.groups, strict=True):
        assert row == group.to_dict()


@pytest.mark.parametrize("scheme", TABLES["tables"])
def test_published_tables(scheme):
    for arabic, latin in TABLES["tables"][scheme]:
        assert marsad.transliterate(arabic, scheme=scheme) == latin
        assert marsad.transliterate(latin, scheme=scheme, reverse=True) == arabic


@pytest.mark.parametrize("case", TABLES["case"], ids=lambda case: case["arabic"])
def test_golden_words(case):
    for scheme, latin in case.items():
        if scheme != "arabic":
            assert marsad.transliterate(case["arabic"], scheme=scheme) == latin


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_nothing_is_lost(text):
    for scheme in ("buckwalter", "safe-buckwalter", "xml-buckwalter", "hsb"):
        latin = marsad.transliterate(text, scheme=scheme)
        assert marsad.transliterate(latin, scheme=scheme, reverse=True) == text


def test_schemes_are_checked():
    with pytest.raises(ValueError, match="ala-lc"):
        marsad.transliterate("سرت", scheme="latin")
    with pytest.raises(ValueError, match="cannot be undone"):
        marsad.transliterate("Sirte", scheme="reader", reverse=True)
