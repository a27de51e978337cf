"""The documents of a corpus as plain data, put together again from its tables."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from marsad import Corpus, Table


def _rows(table: Table, *columns: str) -> Iterator[tuple[Any, ...]]:
    return zip(*(table[column] for column in columns), strict=True)


def _link(place: list[Any], latin: str) -> dict[str, Any] | None:
    geonames, country, admin, lat, lon = place
    if geonames is None and lat is None and country is None:
        return None
    where = {"country": country, "admin": admin, "lat": lat, "lon": lon}
    return {"geonames": geonames, "name": latin, **where, "alternatives": []}


def _value(kind: str | None, value: str | None, unit: str | None, first: str | None, last: str | None) -> Any:
    if kind is None:
        return None
    if kind in ("date", "time", "duration", "set"):
        key = "iso" if value and value.startswith("P") else "edtf"
        return {"kind": kind, key: value, "start": first, "end": last}
    unit_key = "currency" if kind in ("money", "currency") else "unit"
    return {"kind": kind, "number": value, unit_key: unit}


def documents(corpus: Corpus) -> Iterator[dict[str, Any]]:
    """Each document in the form of `Doc.to_dict()`, its text made of its sentences; those with an error are left out."""
    ents = _rows(
        corpus.ents,
        "doc_id",
        "start",
        "end",
        "label",
        "text",
        "norm",
        "latin",
        "score",
        "parent",
        "group",
        "kind",
        "value",
        "unit",
        "first_day",
        "last_day",
        "geonames",
        "country",
        "admin",
        "lat",
        "lon",
    )
    groups = _rows(
        corpus.doc_groups,
        "doc_id",
        "group",
        "label",
        "name",
        "latin",
        "count",
        "variants",
        "geonames",
        "country",
        "admin",
        "lat",
        "lon",
    )
    sents = _rows(corpus.sents, "doc_id", "block", "kind", "start", "end", "text")
    docs = _rows(corpus.docs, "doc_id", "published", "chars", "sents", "ents", "groups", "error")
    for name, published, chars, sent_count, ent_count, group_count, error in docs:
        if error is not None:
            continue
        pieces: list[str] = []
        spans: list[dict[str, int]] = []
        blocks: dict[int, dict[str, Any]] = {}
        at = 0
        for _ in range(sent_count):
            _, block, kind, start, end, text = next(sents)
            # What stands between sentences is white space.
            pieces.append(("\n\n" if block not in blocks and blocks else " ").rjust(start - at)[: start - at])
            pieces.append(text)
            spans.append({"start": start, "end": end})
            blocks.setdefault(block, {"kind": kind, "start": start})["end"] = end
            at = end
        pieces.append(" " * (chars - at))
        entities = []
        for _ in range(ent_count):
            _, start, end, label, text, norm, latin, score, parent, group, *rest = next(ents)
            entities.append(
                {
                    "start": start,
                    "end": end,
                    "label": label,
                    "text": text,
                    "norm": norm,
                    "latin": latin,
                    "score": score,
                    "parent": parent,
                    "group": group,
                    "value": _value(*rest[:5]),
                    "link": _link(rest[5:], latin),
                }
            )
        things = []
        for _ in range(group_count):
            _, number, label, title, latin, count, variants, *place = next(groups)
            things.append(
                {
                    "id": number,
                    "label": label,
                    "name": title,
                    "latin": latin,
                    "count": count,
                    "variants": variants.split(" | "),
                    "link": _link(place, latin),
                }
            )
        yield {
            "id": name,
            "text": "".join(pieces),
            "published": published,
            "entities": entities,
            "groups": things,
            "blocks": list(blocks.values()),
            "sents": spans,
        }


def to_html(corpus: Corpus) -> str:
    """What a corpus holds: its numbers, why documents failed, and the things that it names most often."""
    from html import escape

    from marsad import _html

    days = sorted(day[:10] for day in corpus.docs["published"] if day)
    between = f", published {days[0]} to {days[-1]}" if days else ""
    facts = f"{len(corpus):,} documents, {len(corpus.sents):,} sentences, {len(corpus.ents):,} mentions{between}"
    reasons = [error for error in corpus.docs["error"] if error is not None]
    failed = f"<br>{len(reasons):,} failed, see corpus.docs; the first: {escape(reasons[0])}" if reasons else ""
    rows = sorted(corpus.groups.to_dicts(), key=lambda row: -row["count"])[: _html.SHOWN // 2]
    return (
        f'<div class="marsad marsad-table" dir="ltr"><p>{facts}{failed}</p></div>'
        f"{_html.table(corpus.groups.columns, rows, len(corpus.groups))}"
    )
