"""Charts over time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

import altair as alt

from marsad._near import choice

from ._base import (
    FONT,
    AnyChart,
    at_least_one,
    axis,
    charted,
    described,
    heading,
    isolate,
    names_axis,
    nothing,
    quoted,
    read_labels,
    read_options,
    rows,
    sources,
    time_axis,
    tooltip,
    type_color,
)
from ._data import Mention, collect, ranked
from ._words import word

# More marks than this freeze a page: then dates are counted by month, then by year.
_MARKS = 1500
# Lines that are told apart on white, by those too who do not see red and green.
LINES = ["#2f62a8", "#d0651a", "#1f8a70", "#a8327d", "#7a5c2e", "#5b6770", "#8a6fd1", "#b0301f"]
_PERIODS = ("day", "week", "month", "year")


def _span(mention: Mention) -> tuple[date, date] | None:
    value = mention.value or {}
    if value.get("kind") != "date":
        return None
    try:
        return date.fromisoformat(value["start"]), date.fromisoformat(value["end"])
    except (KeyError, TypeError, ValueError):
        return None


def _widened(start: date, end: date, period: str) -> tuple[date, date]:
    """The whole days, weeks, months or years that hold a span."""
    if period == "week":
        first = start - timedelta(days=(start.weekday() + 2) % 7)
        return first, first + timedelta(days=6)
    if period == "month":
        after = end.replace(day=28) + timedelta(days=4)
        return start.replace(day=1), after - timedelta(days=after.day)
    if period == "year":
        return start.replace(month=1, day=1), end.replace(month=12, day=31)
    return start, end


@charted
def timeline(
    source: Any,
    *,
    labels: str | Iterable[str] | None = None,
    top: int = 12,
    names: str = "both",
    lang: str = "en",
    width: int = 620,
    title: str | None = None,
) -> AnyChart:
    """The dates that the text speaks of, on the lines of the names that share a sentence with them.

    `source` is a document, several documents, a dict of documents by name, or a corpus. A date with a month or a year only is a bar as long as that. Drag to move, scroll to zoom.

    >>> import marsad
    >>> doc = marsad.load()("سيطر الجيش الليبي على سرت في 6 ديسمبر 2016.")
    >>> chart = marsad.charts.timeline(doc)
    """
    read_options(lang, names, width=width)
    wanted = read_labels(labels, ("PERS", "ORG", "GPE", "NORP", "EVENT"))
    at_least_one(top, "top")
    title = title or word("timeline", lang)
    pairs: list[tuple[Mention, Mention, date, date]] = []
    for document in collect(source).documents:
        by_sent: dict[int, list[Mention]] = {}
        for mention in document.mentions:
            if mention.label in wanted:
                by_sent.setdefault(mention.sent, []).append(mention)
        for mention in document.mentions:
            span = _span(mention)
            if span:
                seen = set()
                for other in by_sent.get(mention.sent, ()):
                    if other.thing not in seen:
                        seen.add(other.thing)
                        pairs.append((other, mention, *span))
    things = [thing for thing, _ in ranked(pair[0] for pair in pairs)][:top]
    if not things:
        return nothing("no_dates", lang, title, width)
    values = _marks([pair for pair in pairs if pair[0].thing in set(things)], names, lang)
    order = [described(thing, names, lang)["label"] for thing in things]
    scale = alt.Scale(type="utc", nice=False, padding=14, **_window(values))
    base = alt.Chart(rows(values)).encode(
        x=alt.X("start:T", scale=scale, axis=time_axis(lang, grid=True, gridOpacity=0.5)),
        y=alt.Y("label:N", sort=order, axis=names_axis(lang, grid=True, gridOpacity=0.5)),
        color=type_color((thing.label for thing in things), lang),
        tooltip=tooltip(lang, "name", "latin", "words", "date", "count", "sentence", "article"),
    )
    most = max(value["count"] for value in values)
    bars = base.mark_bar(height=7, opacity=0.3, cornerRadius=3, clip=True).encode(x2="end:T")
    points = base.mark_circle(opacity=0.85, clip=True).encode(
        x=alt.X("middle:T", scale=scale),
        size=alt.Size("count:Q", legend=None, scale=alt.Scale(range=[60, 400], domain=[1, max(most, 6)])),
    )
    chart = alt.layer(bars, points).properties(width=width, height=alt.Step(28), title=heading(title, lang))
    return chart.interactive(bind_y=False)


def _window(values: list[dict[str, Any]]) -> dict[str, Any]:
    """Where one date of another age would push all others into a corner, the span of nearly all; the rest is a drag away."""
    middles = sorted(date.fromisoformat(value["middle"]) for value in values for _ in range(min(value["count"], 100)))
    low, high = middles[len(middles) // 12], middles[-1 - len(middles) // 12]
    central = max(high - low, timedelta(days=365))
    if middles[-1] - middles[0] <= 4 * central:
        return {}
    low, high = low - min(central / 10, low - date.min), high + min(central / 10, date.max - high)
    return {"domain": [low.isoformat(), high.isoformat()]}


def _marks(pairs: list[tuple[Mention, Mention, date, date]], names: str, lang: str) -> list[dict[str, Any]]:
    """One mark a name and a span of days; by month or by year where that would be too many."""
    for period in ("day", "month", "year"):
        found: dict[tuple[Any, date, date], list[Mention]] = {}
        for other, dated, start, end in pairs:
            found.setdefault((other.thing, *_widened(start, end, period)), []).append(dated)
        if len(found) <= _MARKS:
            break
    # What is still too much goes by what is rarest.
    kept = sorted(found.items(), key=lambda row: -len(row[1]))[:_MARKS]
    values: list[dict[str, Any]] = []
    for (thing, start, end), dates in sorted(kept, key=lambda row: (row[0][1], row[0][2], row[0][0].name)):
        values.append(
            {
                **described(thing, names, lang),
                "start": start.isoformat(),
                "middle": (start + (end - start) / 2).isoformat(),
                "end": min(end, date.max - timedelta(days=1)).isoformat(),
                "words": isolate(" ".join(dates[0].text.split())),
                "date": (dates[0].value or {}).get("edtf") or start.isoformat(),
                "count": len(dates),
                "sentence": quoted(dates),
                "article": sources(dates),
            }
        )
    return values


@charted
def trend(
    source: Any,
    *,
    labels: str | Iterable[str] | None = None,
    by: str | None = None,
    top: int = 6,
    names: str = "both",
    lang: str = "en",
    width: int = 620,
    height: int = 280,
    title: str | None = None,
) -> AnyChart:
    """How often the documents of each day, week, month or year name the `top` things.

    Documents need `published`.

    >>> import marsad
    >>> nlp = marsad.load()
    >>> days = ["2016-12-06", "2016-12-07"]
    >>> chart = marsad.charts.trend([nlp("انسحبت داعش من سرت.", published=day) for day in days])
    """
    read_options(lang, names, width=width, height=height)
    wanted = read_labels(labels)
    at_least_one(top, "top")
    title = title or word("trend", lang)
    if by is not None:
        choice(by, _PERIODS, "by")
    collection = collect(source)
    days = {d: date.fromisoformat(str(d.published)[:10]) for d in collection.documents if d.published}
    if not days:
        return nothing("no_published", lang, title, width)
    period = by or _period(max(days.values()) - min(days.values()))
    things = ranked(m for m in collection.select(wanted) if m.document in days)[:top]
    if not things:
        return nothing("no_names", lang, title, width)
    # A period without a mention counts nothing, rather than being left out.
    steps = sorted({_widened(day, day, period)[0] for day in days.values()})
    values: list[dict[str, Any]] = []
    for thing, mentions in things:
        counts = Counter(_widened(days[m.document], days[m.document], period)[0] for m in mentions)
        fields = described(thing, names, lang)
        values += [{**fields, "date": step.isoformat(), "count": counts[step]} for step in steps]
    order = [described(thing, names, lang)["label"] for thing, _ in things]
    legend = alt.Legend(title=None, labelFont=FONT, labelLimit=260, orient="bottom", columns=2)
    chart: AnyChart = (
        alt.Chart(rows(values))
        .mark_line(point=True, strokeWidth=2)
        .encode(
            x=alt.X("date:T", scale=alt.Scale(type="utc"), axis=time_axis(lang, grid=False)),
            y=alt.Y("count:Q", axis=axis(word("count", lang), tickMinStep=1, **_side(lang))),
            color=alt.Color("label:N", sort=order, legend=legend, scale=alt.Scale(domain=order, range=LINES)),
            tooltip=tooltip(lang, "name", "latin", "type", "date", "count"),
        )
        .properties(width=width, height=height, title=heading(title, lang))
    )
    zoomed: AnyChart = chart.interactive(bind_y=False)
    return zoomed


def _side(lang: str) -> dict[str, Any]:
    return {"orient": "right"} if lang == "ar" else {}


def _period(length: timedelta) -> str:
    """The period that makes a readable number of steps."""
    for period, days in (("day", 45), ("week", 300), ("month", 3700)):
        if length.days <= days:
            return period
    return "year"
