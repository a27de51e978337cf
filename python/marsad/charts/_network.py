"""Which names stand together."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from itertools import combinations, product
from math import pi, sqrt
from typing import Any

import altair as alt

from marsad._near import choice

from ._base import (
    FONT,
    UNITS,
    AnyChart,
    Box,
    Point,
    apart,
    at_least_one,
    axis,
    charted,
    described,
    heading,
    in_lines,
    isolate,
    labelled,
    names_axis,
    nothing,
    read_labels,
    read_options,
    room,
    rows,
    tooltip,
    type_color,
)
from ._data import WHERE, WHO, Collection, Mention, Thing, collect
from ._words import word

# Names stand between -1 and 1 of a picture that reaches a little farther; circles have areas between these.
_REACH = 1.25
_SIZES = (60.0, 600.0)


def _meetings(collection: Collection, labels: Iterable[str], unit: str) -> Iterable[dict[Thing, Mention]]:
    """The things of each sentence, paragraph or document, with their first mention there."""
    wanted = frozenset(labels)
    for document in collection.documents:
        units: dict[int, dict[Thing, Mention]] = defaultdict(dict)
        for mention in document.mentions:
            if mention.label in wanted:
                number = {"sentence": mention.sent, "paragraph": mention.block}.get(unit, 0)
                units[number].setdefault(mention.thing, mention)
        yield from units.values()


def _pair(a: Thing, b: Thing) -> tuple[Thing, Thing]:
    return (a, b) if (a.name, a.label) <= (b.name, b.label) else (b, a)


@charted
def network(
    source: Any,
    *,
    labels: str | Iterable[str] | None = None,
    unit: str = "sentence",
    top: int = 30,
    least: int = 1,
    names: str = "both",
    lang: str = "en",
    width: int = 620,
    height: int = 460,
    title: str | None = None,
) -> AnyChart:
    """The names that share a sentence, paragraph or document, tied by lines as thick as they meet often.

    >>> import marsad
    >>> doc = marsad.load()("التقى وزير الخارجية المصري قائد الجيش الليبي في القاهرة.")
    >>> chart = marsad.charts.network(doc)
    """
    read_options(lang, names, width=width, height=height)
    wanted = read_labels(labels, ("PERS", "ORG", "NORP", "GPE", "LOC", "EVENT"))
    choice(unit, UNITS, "unit")
    at_least_one(top, "top")
    at_least_one(least, "least")
    title = title or word("network", lang).format(word(f"unit_{unit}", lang))
    ties: Counter[tuple[Thing, Thing]] = Counter()
    strength: dict[tuple[Thing, Thing], float] = defaultdict(float)
    samples: dict[tuple[Thing, Thing], Mention] = {}
    weights: Counter[Thing] = Counter()
    for meeting in _meetings(collect(source), wanted, unit):
        weights.update(dict.fromkeys(meeting, 1))
        for a, b in combinations(meeting, 2):
            pair = _pair(a, b)
            ties[pair] += 1
            # In a crowd a meeting says less.
            strength[pair] += 1 / (len(meeting) - 1)
            samples.setdefault(pair, meeting[a])
    ties = Counter({pair: count for pair, count in ties.items() if count >= least})
    degree: dict[Thing, float] = defaultdict(float)
    for a, b in ties:
        degree[a] += strength[a, b]
        degree[b] += strength[a, b]
    kept = {thing for thing, _ in sorted(degree.items(), key=lambda row: (-row[1], row[0].name))[:top]}
    edges = [(a, b, count) for (a, b), count in ties.items() if a in kept and b in kept]
    # The strongest ties: more lines than a few for each name are a felt, not a picture.
    edges = sorted(edges, key=lambda row: (-strength[row[0], row[1]], row[0].name, row[1].name))[: 3 * top]
    if not edges:
        return nothing("no_pairs", lang, title, width)
    place = _layout(edges)
    lines = [
        {
            "x": place[a][0],
            "y": place[a][1],
            "x2": place[b][0],
            "y2": place[b][1],
            "pair": isolate(f"{a.name} — {b.name}"),
            "shared": count,
            "sentence": isolate(samples[_pair(a, b)].sentence),
        }
        for a, b, count in edges
    ]
    nodes = [
        {
            **described(thing, names, lang),
            **in_lines(thing, names),
            "x": x,
            "y": y,
            "count": weights[thing],
        }
        for thing, (x, y) in place.items()
    ]
    # Room at the sides for names.
    bare: dict[str, Any] = {"axis": None, "scale": alt.Scale(domain=[-_REACH, _REACH])}
    heaviest = max(count for _, _, count in edges)
    base_lines = alt.Chart(rows(lines)).mark_rule(color="#8a8f98", opacity=0.45)
    drawn = base_lines.encode(
        x=alt.X("x:Q", **bare),
        y=alt.Y("y:Q", **bare),
        x2="x2:Q",
        y2="y2:Q",
        strokeWidth=alt.StrokeWidth(
            "shared:Q", legend=None, scale=alt.Scale(domain=[1, max(heaviest, 6)], range=[0.8, 6])
        ),
        tooltip=[
            alt.Tooltip("pair:N", title=word("name", lang)),
            alt.Tooltip("shared:Q", title=word("shared", lang)),
            *tooltip(lang, "sentence"),
        ],
    )
    points = alt.Chart(rows(nodes)).encode(x=alt.X("x:Q", **bare), y=alt.Y("y:Q", **bare))
    circles = points.mark_circle(opacity=0.95, stroke="white", strokeWidth=1).encode(
        size=alt.Size(
            "count:Q", legend=None, scale=alt.Scale(domain=[0, max(weights[thing] for thing in place)], range=_SIZES)
        ),
        color=type_color((thing.label for thing in place), lang),
        tooltip=tooltip(lang, "name", "latin", "type", "count"),
    )

    readable = alt.Chart(rows(_readable(nodes, width, height)))
    texts = readable.encode(x=alt.X("x:Q", **bare), y=alt.Y("y:Q", **bare))
    chart = alt.layer(drawn, circles, *labelled(texts), view=alt.ViewConfig(stroke=None))
    return chart.properties(width=width, height=height, title=heading(title, lang)).interactive()


def _layout(edges: list[tuple[Thing, Thing, int]]) -> dict[Thing, tuple[float, float]]:
    """Places between -1 and 1, the same for the same edges."""
    try:
        import networkx as nx
    except ImportError as error:
        raise ImportError('the network needs NetworkX: pip install "marsad[charts]"') from error
    graph: Any = nx.Graph()
    numbers: dict[Thing, int] = {}
    for a, b, count in edges:
        one, two = numbers.setdefault(a, len(numbers)), numbers.setdefault(b, len(numbers))
        graph.add_edge(one, two, weight=count**0.5)
    # A hub that is not drawn keeps the parts from flying apart.
    graph.add_edges_from((("hub", number) for number in numbers.values()), weight=0.3)
    found = nx.spring_layout(graph, seed=7, k=2.2 / len(numbers) ** 0.5, iterations=200, method="force")
    xs, ys = (_spread({i: float(found[i][side]) for i in numbers.values()}) for side in (0, 1))
    return {thing: (xs[i], ys[i]) for thing, i in numbers.items()}


def _spread(values: dict[int, float]) -> dict[int, float]:
    """Values between -1 and 1, half by size and half by rank, so that crowds make room."""
    order = sorted(values, key=values.__getitem__)
    low, high = values[order[0]], values[order[-1]]
    reach, steps = (high - low) or 1.0, max(len(order) - 1, 1)
    return {i: round((values[i] - low) / reach + rank / steps - 1, 3) for rank, i in enumerate(order)}


def _readable(nodes: list[dict[str, Any]], width: int, height: int) -> list[dict[str, Any]]:
    """The names, the most frequent first, that do not run into each other; the tooltip has the others."""
    across, up = width / (2 * _REACH), height / (2 * _REACH)
    most = max(node["count"] for node in nodes)
    labels: list[tuple[list[Point], dict[str, str]]] = []
    circles: list[Box] = []
    for node in sorted(nodes, key=lambda node: -node["count"]):
        radius = sqrt((_SIZES[0] + (_SIZES[1] - _SIZES[0]) * node["count"] / most) / pi)
        x, y = (node["x"] + _REACH) * across, (_REACH - node["y"]) * up
        circles.append((x - radius, y - radius, x + radius, y + radius))
        # Above the circle or below it, and inside the picture.
        wide, high = room(node)
        inside = min(max(x, wide / 2), width - wide / 2)
        above, below = y - radius - 1, y + radius + high + 1
        labels.append(([(inside, at) for at in (above, below) if high <= at <= height], node))
    return [
        {
            "upper": labels[i][1]["upper"],
            "lower": labels[i][1]["lower"],
            "x": round(x / across - _REACH, 3),
            "y": round(_REACH - y / up, 3),
        }
        for i, (x, y) in apart(labels, circles).items()
    ]


@charted
def heatmap(
    source: Any,
    *,
    rows_of: str | Iterable[str] | None = None,
    columns_of: str | Iterable[str] | None = None,
    unit: str = "sentence",
    top: int = 15,
    names: str = "both",
    lang: str = "en",
    title: str | None = None,
) -> AnyChart:
    """Who with where: how often the names of one kind share a sentence with those of another.

    >>> import marsad
    >>> doc = marsad.load()("وصل الجيش الليبي إلى سرت.")
    >>> chart = marsad.charts.heatmap(doc, rows_of="ORG")
    """
    read_options(lang, names)
    choice(unit, UNITS, "unit")
    at_least_one(top, "top")
    title = title or word("heatmap", lang)
    who, where = read_labels(rows_of, WHO), read_labels(columns_of, WHERE)
    counts: Counter[tuple[Thing, Thing]] = Counter()
    samples: dict[tuple[Thing, Thing], Mention] = {}
    for meeting in _meetings(collect(source), {*who, *where}, unit):
        left = [thing for thing, mention in meeting.items() if mention.label in who]
        right = [thing for thing, mention in meeting.items() if mention.label in where]
        for pair in product(left, right):
            if pair[0] is not pair[1]:
                counts[pair] += 1
                samples.setdefault(pair, meeting[pair[0]])
    if not counts:
        return nothing("no_pairs", lang, title, 420)
    sums: tuple[Counter[Thing], Counter[Thing]] = (Counter(), Counter())
    for pair, count in counts.items():
        sums[0][pair[0]] += count
        sums[1][pair[1]] += count
    sides = [[t for t, _ in sorted(s.items(), key=lambda row: (-row[1], row[0].name))[:top]] for s in sums]
    orders = [[described(thing, names, lang)["label"] for thing in side] for side in sides]
    kept = (set(sides[0]), set(sides[1]))
    values = [
        {
            "row": described(a, names, lang)["label"],
            "column": described(b, names, lang)["label"],
            "pair": isolate(f"{a.name} — {b.name}"),
            "shared": count,
            "sentence": isolate(samples[a, b].sentence),
        }
        for (a, b), count in sorted(counts.items(), key=lambda row: (row[0][0].name, row[0][1].name))
        if a in kept[0] and b in kept[1]
    ]
    # Columns begin beside the names of the rows, and their names lean away from those.
    arabic = lang == "ar"
    angle: dict[str, Any] = {"labelAngle": 40, "labelAlign": "right"} if arabic else {"labelAngle": -40}
    top_axis = axis(orient="top", labelLimit=200, ticks=False, domain=False, **angle)
    base = alt.Chart(rows(values)).encode(
        x=alt.X("column:N", sort=orders[1], axis=top_axis, scale=alt.Scale(reverse=arabic)),
        y=alt.Y("row:N", sort=orders[0], axis=names_axis(lang)),
        tooltip=[
            alt.Tooltip("pair:N", title=word("name", lang)),
            alt.Tooltip("shared:Q", title=word("shared", lang)),
            *tooltip(lang, "sentence"),
        ],
    )
    most = max(value["shared"] for value in values)
    shade = alt.Scale(range=["#e3f0ee", "#0f5e63"], domain=[0, max(most, 4)])
    cells = base.mark_rect(stroke="white", strokeWidth=2).encode(color=alt.Color("shared:Q", scale=shade, legend=None))
    dark = alt.condition(f"datum.shared > {max(most, 4) * 0.45}", alt.value("white"), alt.value("#123f42"))
    numbers = base.mark_text(fontSize=11, font=FONT).encode(text="shared:Q", color=dark)
    chart = alt.layer(cells, numbers, view=alt.ViewConfig(stroke=None, fill="#f7f8f9"))
    return chart.properties(width=alt.Step(34), height=alt.Step(26), title=heading(title, lang))
