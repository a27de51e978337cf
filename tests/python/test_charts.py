"""Charts: golden specifications, what they count, what they say of nothing, how they hold up."""

from __future__ import annotations

import inspect
import io
import itertools
import json
import os
import random
import re
import time
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("altair")

import marsad
from marsad import charts
from marsad.charts._base import isolate, room, shown
from marsad.charts._count import Key
from marsad.charts._data import Collection
from plain import news, plain

GOLDEN = Path(__file__).parent.parent / "golden" / "charts"

MADE = {
    "timeline": lambda docs: charts.timeline(docs),
    "timeline_ar": lambda docs: charts.timeline(docs, lang="ar", names="arabic", labels="PERS"),
    "map": lambda docs: charts.map(docs),
    "network": lambda docs: charts.network(docs),
    "frequency": lambda docs: charts.frequency(docs),
    "frequency_type": lambda docs: charts.frequency(docs, by="type", lang="ar"),
    "trend": lambda docs: charts.trend(docs, labels=["PERS", "GPE"], top=3),
    "heatmap": lambda docs: charts.heatmap(docs, names="latin"),
    "keyness": lambda docs: (
        charts.keyness({"three": docs["three"]}, {"one": docs["one"]}, least=1, significance=1.0)
        if docs
        else charts.keyness([], [])
    ),
    "dispersion": lambda docs: charts.dispersion(docs, ["سبها", "المياه"]),
    "kwic": lambda docs: charts.kwic(docs, "المياه", lang="ar"),
}


def spec(chart: Any) -> dict[str, Any]:
    """The specification as plain JSON, whatever the version of Vega-Lite."""
    made = chart.to_dict()
    made.pop("$schema")
    return json.loads(json.dumps(made, ensure_ascii=False))


def data(chart: Any) -> list[dict[str, Any]]:
    """The rows of a chart with one data set."""
    (rows,) = chart.to_dict()["datasets"].values()
    return rows


def plainly(node: Any, sets: dict[str, Any] | None = None) -> Any:
    """The specification with its data in their places, and without the outline of the countries, which is long."""
    if isinstance(node, list):
        return [plainly(item, sets) for item in node]
    if not isinstance(node, dict):
        return node
    sets = sets or node.get("datasets", {})
    if node.get("name") in sets:
        rows = sets[node["name"]]
        return "outline" if isinstance(rows, dict) else rows
    return {key: plainly(value, sets) for key, value in node.items() if key != "datasets"}


def same(found: Any, wanted: Any, path: str = "") -> None:
    """Equal, but for what processors make of the last digits of a place."""
    assert type(found) is type(wanted), path
    if isinstance(found, dict):
        assert found.keys() == wanted.keys(), path
        for key in found:
            same(found[key], wanted[key], f"{path}.{key}")
    elif isinstance(found, list):
        assert len(found) == len(wanted), path
        for number, pair in enumerate(zip(found, wanted, strict=True)):
            same(*pair, f"{path}[{number}]")
    elif isinstance(found, float) and path.rsplit(".", 1)[-1] in ("x", "y", "x2", "y2", "lat", "lon"):
        assert found == pytest.approx(wanted, abs=0.02), path
    else:
        assert found == wanted, path


@pytest.mark.parametrize("name", MADE)
def test_golden(name: str) -> None:
    found = plainly(spec(MADE[name](news())))
    path = GOLDEN / f"{name}.json"
    text = json.dumps(found, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    if os.environ.get("MARSAD_WRITE_GOLDEN"):
        path.write_text(text, encoding="utf-8")
    same(found, json.loads(path.read_text(encoding="utf-8")))


@pytest.mark.parametrize("name", MADE)
@pytest.mark.parametrize("lang", ["en", "ar"])
def test_nothing(name: str, lang: str) -> None:
    function = getattr(charts, name.split("_")[0])
    more = {"keyness": ([],), "kwic": ("سبها",)}.get(function.__name__, ())
    for source in ([], [plain("كلمات بلا أسماء.")]):
        chart = function(source, *more, lang=lang)
        said = json.dumps(chart.to_dict(), ensure_ascii=False)
        assert ("Nothing to show" if lang == "en" else "لا شيء للعرض") in said


@pytest.mark.parametrize("name", MADE)
def test_pictures(name: str) -> None:
    image = io.BytesIO()
    MADE[name](news()).save(image, format="png")
    assert image.getvalue().startswith(b"\x89PNG")
    assert len(image.getvalue()) > 3000


def test_pictures_join_letters() -> None:
    """A word takes less room than its letters kept apart by zero-width non-joiners."""
    import altair as alt
    from PIL import Image, ImageOps

    def drawn(text: str) -> int:
        image = io.BytesIO()
        mark = alt.Chart(alt.InlineData(values=[{"t": text}])).mark_text(fontSize=40, font="Marsad Sans")
        mark.encode(text="t:N").properties(width=400, height=80).configure_view(stroke=None).save(image, format="png")
        box = ImageOps.invert(Image.open(io.BytesIO(image.getvalue())).convert("L")).getbbox()
        assert box
        return box[2] - box[0]

    word = "بنغلاديش"
    assert drawn(word) < 0.8 * drawn("\u200c".join(word))


def test_the_same_place_in_two_documents_is_one_thing() -> None:
    things = {mention.thing for mention in Collection(news()).select(["GPE"])}
    assert sorted(thing.name for thing in things) == sorted(["طرابلس", "سبها", "تونس", "روما"])


def test_two_places_with_one_name_stay_two() -> None:
    first, second = plain("في <GPE>طرابلس</GPE>."), plain("في <GPE>طرابلس</GPE>.")
    second["groups"][0]["link"] = {"geonames": 7, "name": "Tripoli", "country": "LB", "lat": 34.4, "lon": 35.8}
    assert len({mention.thing for mention in Collection([first, second]).mentions}) == 2


def test_frequency_counts() -> None:
    rows = data(charts.frequency(news(), labels="PERS"))
    assert [(row["latin"], row["count"]) for row in rows] == [("Nader al-Salem", 3), ("Huda al-Qasim", 2)]


def test_keyness_figures() -> None:
    key = Key("نفط", 10, 1, 1000, 1000)
    assert key.likelihood == pytest.approx(8.5468, abs=1e-3)
    assert key.difference == pytest.approx(900)
    assert key.ratio == pytest.approx(3.3219, abs=1e-3)
    only = Key("نفط", 4, 0, 100, 100)
    assert only.difference is None
    assert only.ratio == 3


def test_kwic_keeps_joined_letters_in_the_key() -> None:
    values = data(charts.kwic([plain("ذهبوا لسبها صباحا.")], "سبها"))
    assert [row["key"].strip("\u2067\u2069") for row in values] == ["لسبها"]
    assert values[0]["before"].strip("\u2067\u2069") == "ذهبوا"


def test_layout_is_stable() -> None:
    assert charts.network(news()).to_dict() == charts.network(news()).to_dict()


def test_isolates_only_where_the_order_is_in_doubt() -> None:
    assert isolate("سرت") == "سرت"
    assert isolate("Sirte") == "Sirte"
    assert isolate("الموضع، ٪") == "\u2067الموضع، ٪\u2069"
    assert isolate("قناة «س»") == "\u2067قناة «س»\u2069"
    assert shown("سرت", "Sirte", "both") == "Sirte · سرت"
    assert shown("سرت", "", "latin") == "سرت"


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: charts.timeline([], labels="PRES"), "labels='PRES' is not one of .* Did you mean 'PERS'"),
        (lambda: charts.network([], unit="sentense"), "Did you mean 'sentence'"),
        (lambda: charts.map([], lang="fr"), "lang='fr' is not one of 'en', 'ar'"),
        (lambda: charts.map([], bounds=(30, 0, 10, 20)), "west < east"),
        (lambda: charts.frequency([], top=0), "top=0 must be a whole number of 1 or more"),
        (lambda: charts.map([], width=0), "width=0 must be a whole number of 1 or more"),
        (lambda: charts.trend([], by="weak"), "by='weak' is not one of .* Did you mean 'week'"),
        (lambda: charts.heatmap([], names="latn"), "Did you mean 'latin'"),
    ],
)
def test_messages(call: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        call()


@pytest.mark.parametrize("name", charts.__all__)
def test_methods_are_the_charts(name: str) -> None:
    """A method has the options of the chart, and the chart explains those of the method."""
    method, chart = getattr(marsad.Corpus, name), getattr(charts, name)
    assert name == "trend" or getattr(marsad.Doc, name) is method
    _, *options = inspect.signature(chart).parameters.values()
    assert [(p.name, p.kind, p.default) for p in options] == [
        (p.name, p.kind, p.default) for p in list(inspect.signature(method).parameters.values())[1:]
    ]
    for option in options:
        assert option.kind is not option.KEYWORD_ONLY or re.search(
            rf"^    .*\b{option.name}\b.*: ", chart.__doc__, re.MULTILINE
        )
    assert f"chart = marsad.charts.{name}(" in chart.__doc__
    assert f".{name}(" in method.__doc__


def test_unknown_options_are_named() -> None:
    with pytest.raises(TypeError, match=r"timeline\(\) has no option 'lable'. Did you mean 'labels'\? The options are"):
        charts.timeline([], lable="PERS")


def test_names_keep_apart() -> None:
    """The names of a network stand inside the picture, off the circles and off each other."""
    docs = [plain(f"<PERS>شخص {a}</PERS> و<ORG>هيئة طويلة الاسم {b}</ORG>.") for a in range(6) for b in range(6)]
    names = [row for rows in charts.network(docs).to_dict()["datasets"].values() for row in rows if "upper" in row]
    labels = [row for row in names if "label" not in row]
    assert len(labels) > 4
    across, up = 620 / 2.5, 460 / 2.5
    boxes = []
    for row in labels:
        wide, high = room(row)
        x, y = (row["x"] + 1.25) * across, (1.25 - row["y"]) * up
        boxes.append((x - wide / 2, y - high, x + wide / 2, y))
        assert boxes[-1][0] >= -1
        assert boxes[-1][2] <= 621
    for one, two in itertools.combinations(boxes, 2):
        assert one[0] > two[2] - 2 or one[2] < two[0] + 2 or one[1] > two[3] - 2 or one[3] < two[1] + 2


def test_a_text_is_no_document() -> None:
    with pytest.raises(TypeError, match="marsad.load"):
        charts.map("نص")


@pytest.fixture(scope="module")
def many() -> list[dict[str, Any]]:
    """Ten thousand mentions, a third of them dates, none like the other."""
    chance = random.Random(4)
    docs = []
    for number in range(100):
        parts, dates = [], {}
        for item in range(34):
            day = f"{1900 + chance.randrange(120)}-{chance.randrange(12) + 1:02}-{chance.randrange(28) + 1:02}"
            words = f"يوم {number} {item}"
            dates[words] = (day, day, day)
            parts.append(
                f"<PERS>شخص {chance.randrange(3000)}</PERS> في <GPE>بلدة {chance.randrange(3000)}</GPE> <DATE>{words}</DATE>."
            )
        doc = plain(" ".join(parts), published=f"20{number:02}-01-01", dates=dates)
        for group in doc["groups"]:
            if group["label"] == "GPE":
                key = int(group["name"].split()[1])
                group["link"] = {
                    "geonames": key,
                    "name": f"Town {key}",
                    "country": "LY",
                    "lat": 20 + key % 100 / 7,
                    "lon": 10 + key % 97 / 6,
                }
        docs.append(doc)
    assert sum(len(doc["entities"]) for doc in docs) > 10_000
    return docs


@pytest.mark.parametrize("name", charts.__all__)
def test_ten_thousand_mentions(name: str, many: list[dict[str, Any]]) -> None:
    more: Any = {"dispersion": (["شخص", "بلدة"],), "kwic": ("شخص",), "keyness": (many[:3],)}.get(name, ())
    start = time.monotonic()
    made = getattr(charts, name)(many, *more).to_dict()
    assert time.monotonic() - start < 20
    marks = json.dumps(made, ensure_ascii=False).count('"sentence"') + json.dumps(made).count('"count"')
    assert marks < 4000
    assert len(json.dumps(made, ensure_ascii=False)) < 1_500_000
