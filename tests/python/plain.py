"""Documents as plain data, made from marked text, so that charts are tested without a model."""

from __future__ import annotations

import re
from typing import Any

_TAG = re.compile(r"<(/?)([A-Z]+)>")

# What the names of the tests are: Latin name, country, latitude, longitude.
PLACES: dict[str, tuple[str, str, float, float]] = {
    "طرابلس": ("Tripoli", "LY", 32.89, 13.19),
    "سبها": ("Sabha", "LY", 27.04, 14.43),
    "تونس": ("Tunisia", "TN", 34.0, 9.0),
    "روما": ("Rome", "IT", 41.89, 12.51),
}
LATIN = {"نادر السالم": "Nader al-Salem", "هدى القاسم": "Huda al-Qasim", "وزارة المياه": "Ministry of Water"}


def plain(
    marked: str, *, published: str | None = None, dates: dict[str, tuple[str, str, str]] | None = None
) -> dict[str, Any]:
    """The form of `Doc.to_dict()`. `dates` gives the EDTF, start and end of date mentions by their words."""
    text, entities, open_tags = "", [], []
    at = 0
    for tag in _TAG.finditer(marked):
        text += marked[at : tag.start()]
        at = tag.end()
        if tag.group(1):
            label, start, parent, index = open_tags.pop()
            entities[index] = {
                "start": start,
                "end": len(text),
                "label": label,
                "text": text[start:],
                "parent": parent,
                "score": 0.9,
            }
        else:
            parent = open_tags[-1][3] if open_tags else None
            open_tags.append((tag.group(2), len(text), parent, len(entities)))
            entities.append({})
    text += marked[at:]
    groups: dict[str, dict[str, Any]] = {}
    for entity in entities:
        name = entity["text"]
        entity["value"] = None
        if entity["label"] in ("DATE", "CARDINAL"):
            if dates and name in dates:
                edtf, start, end = dates[name]
                entity["value"] = {"kind": "date", "edtf": edtf, "start": start, "end": end}
            continue
        if name not in groups:
            latin, country, lat, lon = PLACES.get(name, (LATIN.get(name, ""), None, None, None))
            link = None
            if name in PLACES:
                number = 1000 + list(PLACES).index(name)
                link = {"geonames": number, "name": latin, "country": country, "lat": lat, "lon": lon}
            groups[name] = {
                "id": len(groups),
                "name": name,
                "label": entity["label"],
                "latin": latin,
                "count": 0,
                "link": link,
            }
        groups[name]["count"] += 1
        entity["group"] = groups[name]["id"]
    blocks, sents = [], []
    for block in re.finditer(r"[^\n]+", text):
        blocks.append({"kind": "paragraph", "start": block.start(), "end": block.end()})
        for sent in re.finditer(r"[^.]+\.?", block.group()):
            sents.append({"start": block.start() + sent.start(), "end": block.start() + sent.end()})
    return {
        "text": text,
        "published": published,
        "entities": entities,
        "groups": list(groups.values()),
        "blocks": blocks,
        "sents": sents,
        "quotes": [],
    }


def news() -> dict[str, dict[str, Any]]:
    """Three short articles."""
    return {
        "one": plain(
            "وصل <PERS>نادر السالم</PERS> إلى <GPE>طرابلس</GPE> في <DATE>3 مايو 2021</DATE>. وقالت <ORG>وزارة المياه</ORG> إن "
            "<GPE>طرابلس</GPE> تنتظر السفينة منذ <DATE>أبريل 2021</DATE>.\n\nثم سافر <PERS>نادر السالم</PERS> إلى <GPE>سبها</GPE>.",
            published="2021-05-05",
            dates={"3 مايو 2021": ("2021-05-03",) * 3, "أبريل 2021": ("2021-04", "2021-04-01", "2021-04-30")},
        ),
        "two": plain(
            "التقت <PERS>هدى القاسم</PERS> في <GPE>تونس</GPE> <PERS>نادر السالم</PERS> <DATE>عام 2019</DATE>. وعادت <PERS>هدى القاسم</PERS> إلى "
            "<GPE>روما</GPE>.",
            published="2021-05-06",
            dates={"عام 2019": ("2019", "2019-01-01", "2019-12-31")},
        ),
        "three": plain(
            "ناقشت <ORG>وزارة المياه</ORG> في <GPE>سبها</GPE> نقص المياه. والمياه قليلة في <GPE>سبها</GPE>، ومياه البحر بعيدة.",
            published="2021-05-08",
        ),
    }
