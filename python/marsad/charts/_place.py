"""The map."""

from __future__ import annotations

import json
from collections.abc import Iterable
from functools import cache
from math import asinh, atan, degrees, pi, radians, sinh, sqrt, tan
from pathlib import Path
from typing import Any

import altair as alt

from ._base import (
    AnyChart,
    Box,
    apart,
    at_least_one,
    charted,
    described,
    heading,
    in_lines,
    labelled,
    nothing,
    quoted,
    read_labels,
    read_options,
    rows,
    sources,
    tooltip,
    type_color,
)
from ._data import WHERE, Thing, collect, ranked
from ._words import word

_SEA, _LAND, _BORDER = "#e9f0f5", "#fbfaf6", "#b9b5aa"
# A map shows at least so many degrees from west to east.
_LEAST = 8.0
_MARKS = 1500


@cache
def _outline() -> dict[str, Any]:
    path = Path(__file__).parent.parent / "data" / "outline.json"
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


def _land(view: Box) -> dict[str, Any]:
    """The part of the outline that the view touches."""
    whole = _outline()
    west, south, east, north = view
    arcs: dict[int, int] = {}

    def renumber(arc: int) -> int:
        new = arcs.setdefault(arc if arc >= 0 else ~arc, len(arcs))
        return new if arc >= 0 else ~new

    shapes = []
    for shape in whole["objects"]["land"]["geometries"]:
        w, s, e, n = shape["properties"]["box"]
        if w < east and e > west and s < north and n > south:
            shapes.append({"type": "Polygon", "arcs": [[renumber(arc) for arc in ring] for ring in shape["arcs"]]})
    return {
        "type": "Topology",
        "transform": whole["transform"],
        "objects": {"land": {"type": "GeometryCollection", "geometries": shapes}},
        "arcs": [whole["arcs"][arc] for arc in arcs],
    }


def _up(latitude: float) -> float:
    """Mercator's height of a latitude."""
    return asinh(tan(radians(max(min(latitude, 80.0), -80.0))))


def _view(points: list[tuple[float, float]], width: int) -> tuple[Box, int]:
    """The box to show around points, and the height of its picture."""
    lons, lats = [p[0] for p in points], [_up(p[1]) for p in points]
    across = max((max(lons) - min(lons)) * 1.25, _LEAST)
    middle = (max(lons) + min(lons)) / 2, (max(lats) + min(lats)) / 2
    up = (max(lats) - min(lats)) * 1.3
    ratio = min(max(up / radians(across), 0.5), 0.85)
    # The height rules where the points stand above each other.
    across = min(max(across, degrees(up / ratio)), 340.0)
    half = radians(across) * ratio / 2
    south, north = (degrees(atan(sinh(middle[1] + side))) for side in (-half, half))
    return (middle[0] - across / 2, south, middle[0] + across / 2, north), round(width * ratio)


def _at(thing: Thing) -> tuple[float, float] | None:
    link = thing.link or {}
    lat, lon = link.get("lat"), link.get("lon")
    return None if lat is None or lon is None else (float(lon), float(lat))


@charted
def map(
    source: Any,
    *,
    labels: str | Iterable[str] | None = None,
    top: int = 300,
    bounds: Box | None = None,
    names: str = "both",
    lang: str = "en",
    width: int = 620,
    title: str | None = None,
) -> AnyChart:
    """The places that the text names, as large as it names them often, on the outline of the countries.

    No network: the outline is Natural Earth's and comes with Marsad. The most frequent places that have room carry their
    names.

    >>> import marsad
    >>> doc = marsad.load()("من طرابلس إلى بنغازي.")
    >>> chart = marsad.charts.map(doc, bounds=(8, 18, 26, 35))
    """
    read_options(lang, names, width=width)
    wanted = read_labels(labels, WHERE)
    at_least_one(top, "top")
    title = title or word("map", lang)
    if bounds is not None:
        bounds = _checked(bounds)
    values: list[dict[str, Any]] = []
    types: list[str] = []
    for thing, mentions in ranked(collect(source).select(wanted)):
        at = _at(thing)
        if at and (bounds is None or (bounds[0] <= at[0] <= bounds[2] and bounds[1] <= at[1] <= bounds[3])):
            country = (thing.link or {}).get("country") or "—"
            fields = {**described(thing, names, lang), **in_lines(thing, names)}
            more = {"country": country, "sentence": quoted(mentions), "article": sources(mentions)}
            types.append(thing.label)
            values.append({**fields, "count": len(mentions), "lon": at[0], "lat": at[1], **more})
    values = values[: min(top, _MARKS)]
    if not values:
        return nothing("no_places", lang, title, width)
    corners = [(bounds[0], bounds[1]), (bounds[2], bounds[3])] if bounds else [(v["lon"], v["lat"]) for v in values]
    view, height = _view(corners, width)
    scale = width / radians(view[2] - view[0])
    center = [(view[0] + view[2]) / 2, degrees(atan(sinh((_up(view[1]) + _up(view[3])) / 2)))]
    projection: dict[str, Any] = {"type": "mercator", "scale": round(scale, 2), "center": [round(c, 4) for c in center]}
    sizes = (max(values[0]["count"], 12), 15.0, 600.0)
    labels_shown = _labels(values, scale, width, sizes)
    shape = alt.InlineData(values=_land(view), format=alt.TopoDataFormat(type="topojson", feature="land"))
    land = alt.Chart(shape).mark_geoshape(fill=_LAND, stroke=_BORDER, strokeWidth=0.6, clip=True)
    marks = alt.Chart(rows(values)).encode(longitude="lon:Q", latitude="lat:Q")
    circles = marks.mark_circle(opacity=0.75, stroke="white", strokeWidth=0.8, clip=True).encode(
        size=alt.Size("count:Q", legend=None, scale=alt.Scale(domain=[0, sizes[0]], range=sizes[1:])),
        color=type_color(types, lang),
        tooltip=tooltip(lang, "name", "latin", "type", "country", "count", "sentence", "article"),
    )
    texts = alt.Chart(rows(labels_shown)).encode(longitude="lon:Q", latitude="lat:Q")
    layers = alt.layer(land, circles, *labelled(texts, clip=True), view=alt.ViewConfig(fill=_SEA, stroke=None))
    return layers.project(**projection).properties(width=width, height=height, title=heading(title, lang))


def _checked(bounds: Box) -> Box:
    west, south, east, north = (float(b) for b in bounds)
    if not (-180 <= west < east <= 180 and -90 <= south < north <= 90):
        raise ValueError(
            f"bounds={bounds!r} must be (west, south, east, north) in degrees, west < east and south < north"
        )
    return west, south, east, north


def _labels(
    values: list[dict[str, Any]], scale: float, width: int, sizes: tuple[float, float, float]
) -> list[dict[str, Any]]:
    """The most frequent places whose names do not run into each other, each above its circle."""
    most, least, largest = sizes
    middle = [radians(value["lon"]) * scale for value in values]
    edges = [sqrt((least + (largest - least) * value["count"] / most) / pi) + 2 for value in values]
    heights = [_up(value["lat"]) * scale + edge for value, edge in zip(values, edges, strict=True)]
    kept = apart(([(x, -y)], value) for x, y, value in zip(middle, heights, values, strict=True))
    return [
        {
            "upper": values[i]["upper"],
            "lower": values[i]["lower"],
            "lon": values[i]["lon"],
            "lat": round(degrees(atan(sinh(-y / scale))), 4),
        }
        for i, (_, y) in list(kept.items())[: max(width // 22, 1)]
    ]
