"""Terms in their places: dispersion and concordance."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

import altair as alt

from ._base import (
    FONT,
    AnyChart,
    at_least_one,
    axis,
    charted,
    color,
    heading,
    isolate,
    names_axis,
    nothing,
    read_labels,
    read_options,
    rows,
    safe,
    tooltip,
)
from ._data import collect, ranked
from ._terms import find, whole_word
from ._words import word

# More ticks than this for one chart are counted by place.
_MARKS = 2000
_STEPS = 300


@charted
def dispersion(
    source: Any,
    terms: str | Iterable[str] | None = None,
    *,
    top: int = 10,
    lang: str = "en",
    width: int = 620,
    title: str | None = None,
) -> AnyChart:
    """Where terms stand along the text; several documents stand one after another, in their order.

    A term is looked for as words, whatever particles stand before it, and as the name of what the text mentions under
    any form. Without `terms`, the `top` names.

    >>> import marsad
    >>> doc = marsad.load()("سقطت سرت، ثم عادت سرت.")
    >>> chart = marsad.charts.dispersion(doc, ["سرت"])
    """
    read_options(lang, "both", width=width)
    at_least_one(top, "top")
    title = title or word("dispersion", lang)
    collection = collect(source)
    wanted = [terms] if isinstance(terms, str) else None if terms is None else list(terms)
    if wanted is None:
        wanted = list(dict.fromkeys(thing.name for thing, _ in ranked(collection.select(read_labels(None)))))[:top]
    offsets, length = {}, 0
    for document in collection.documents:
        offsets[document] = length
        length += len(document.text)
    hits = [(term, *hit) for term in wanted for hit in find(collection, term)]
    if not hits:
        return nothing("no_terms", lang, title, width)
    values: list[dict[str, Any]] = []
    if len(hits) <= _MARKS:
        for term, document, start, _ in hits:
            place = round((offsets[document] + start) / length * 100, 3)
            sentence = isolate(document.sentence(document.sent_at(start)))
            fields = {"term": isolate(term), "position": place, "count": 1}
            values.append({**fields, "sentence": sentence, "article": isolate(document.id)})
    else:
        counts = Counter((term, (offsets[doc] + start) * _STEPS // length) for term, doc, start, _ in hits)
        for (term, step), count in sorted(counts.items()):
            place = round((step + 0.5) / _STEPS * 100, 3)
            values.append({"term": isolate(term), "position": place, "count": count, "sentence": "…", "article": "…"})
    totals = Counter(hit[0] for hit in hits)
    order = [isolate(term) for term in wanted if totals[term]]
    scale = alt.Scale(domain=[0, 100], reverse=lang == "ar")
    most = max(value["count"] for value in values)
    chart: AnyChart = (
        alt.Chart(rows(values))
        .mark_tick(thickness=1.6, height=18, color=color("PERS"))
        .encode(
            x=alt.X("position:Q", scale=scale, axis=axis(word("position", lang), grid=False)),
            y=alt.Y("term:N", sort=order, axis=names_axis(lang, grid=True, gridOpacity=0.4)),
            opacity=alt.Opacity("count:Q", legend=None, scale=alt.Scale(domain=[0, most], range=[0.25, 1])),
            tooltip=tooltip(lang, "term", "count", "sentence", "article"),
        )
        .properties(width=width, height=alt.Step(28), title=heading(title, lang))
    )
    return chart


@charted
def kwic(
    source: Any,
    term: str,
    *,
    context: int = 45,
    top: int = 50,
    lang: str = "en",
    width: int = 760,
    title: str | None = None,
) -> AnyChart:
    """A concordance: each place of a term with the words before it at its right and those after it at its left.

    The lines are in the order of the texts.

    >>> import marsad
    >>> doc = marsad.load()("سقطت سرت، ثم عادت سرت.")
    >>> chart = marsad.charts.kwic(doc, "سرت")
    """
    read_options(lang, "both", width=width)
    at_least_one(context, "context")
    at_least_one(top, "top")
    title = title or word("kwic", lang).format(isolate(term))
    values: list[dict[str, Any]] = []
    for number, (document, start, end) in enumerate(find(collect(source), term)):
        if number == top:
            break
        start, end = whole_word(document.text, start, end)
        values.append(
            {
                "line": number,
                "before": as_line(_before(document.text, start, context)),
                "key": as_line(" ".join(document.text[start:end].split())),
                "after": as_line(_after(document.text, end, context)),
                "sentence": isolate(document.sentence(document.sent_at(start))),
                "article": isolate(document.id),
            }
        )
    if not values:
        return nothing("no_terms", lang, title, width)
    # Half the key's width on each side of the middle, then the context.
    half = max(len(value["key"]) for value in values) * 3.4 + 8
    middle = width / 2
    base = alt.Chart(rows(values)).encode(y=alt.Y("line:O", axis=None), tooltip=tooltip(lang, "sentence", "article"))
    style: dict[str, Any] = {"font": FONT, "fontSize": 12, "limit": middle - half}
    before = base.mark_text(align="left", x=middle + half, **style).encode(text="before:N")
    after = base.mark_text(align="right", x=middle - half, **style).encode(text="after:N")
    key = base.mark_text(align="center", x=middle, font=FONT, fontSize=12, color=color("EVENT")).encode(text="key:N")
    chart = alt.layer(before, key, after, view=alt.ViewConfig(stroke=None))
    return chart.properties(width=width, height=alt.Step(22), title=heading(title, lang))


def as_line(text: str) -> str:
    """The text as a line from right to left, whatever its letters."""
    return f"\u2067{safe(text)}\u2069" if text else ""


def _before(text: str, at: int, limit: int) -> str:
    words = " ".join(text[max(at - 2 * limit, 0) : at].split())
    if len(words) > limit:
        words = "… " + words[-limit:].split(" ", 1)[-1]
    return words


def _after(text: str, at: int, limit: int) -> str:
    words = " ".join(text[at : at + 2 * limit].split())
    if len(words) > limit:
        words = words[:limit].rsplit(" ", 1)[0] + " …"
    return words
