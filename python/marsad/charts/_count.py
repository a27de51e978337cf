"""Charts that count: the most frequent names, and the words that set two corpora apart."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from math import log, log2
from typing import Any

import altair as alt

from marsad import LABELS
from marsad._near import choice

from ._base import (
    FONT,
    GREY,
    AnyChart,
    at_least_one,
    axis,
    charted,
    color,
    described,
    heading,
    isolate,
    names_axis,
    nothing,
    quoted,
    read_labels,
    read_options,
    rows,
    safe,
    sources,
    tooltip,
    type_color,
)
from ._data import collect, ranked
from ._terms import folded, words
from ._words import label_name, word


@charted
def frequency(
    source: Any,
    *,
    by: str = "name",
    labels: str | Iterable[str] | None = None,
    top: int = 20,
    names: str = "both",
    lang: str = "en",
    width: int = 420,
    title: str | None = None,
) -> AnyChart:
    """The most frequent names (`by="name"`), or how many mentions each type has (`by="type"`).

    >>> import marsad
    >>> doc = marsad.load()("من طرابلس إلى بنغازي.")
    >>> chart = marsad.charts.frequency(doc, labels="GPE")
    """
    read_options(lang, names, width=width)
    choice(by, ("name", "type"), "by")
    wanted = read_labels(labels, LABELS if by == "type" else _named())
    at_least_one(top, "top")
    found = collect(source).select(wanted)
    title = title or word("frequency_label" if by == "type" else "frequency", lang)
    if not found:
        return nothing("no_names", lang, title, width)
    values: list[dict[str, Any]] = []
    if by == "type":
        counts = Counter(mention.label for mention in found).most_common(top)
        types = [label for label, _ in counts]
        values = [{"label": label_name(t, lang), "type": label_name(t, lang), "count": n} for t, n in counts]
        fields = tooltip(lang, "type", "count")
    else:
        types = []
        for thing, mentions in ranked(found)[:top]:
            types.append(thing.label)
            more = {"count": len(mentions), "sentence": quoted(mentions), "article": sources(mentions)}
            values.append({**described(thing, names, lang), **more})
        fields = tooltip(lang, "name", "latin", "type", "count", "sentence", "article")
    x = alt.X("count:Q", axis=None, scale=alt.Scale(reverse=lang == "ar", nice=False))
    y = alt.Y("label:N", sort=[value["label"] for value in values], axis=names_axis(lang))
    base = alt.Chart(rows(values)).encode(x=x, y=y, tooltip=fields)
    bars = base.mark_bar(height=15, cornerRadius=2).encode(color=type_color(types, lang, legend=by == "name"))
    numbers = base.mark_text(
        font=FONT, align="right" if lang == "ar" else "left", color=GREY, dx=-5 if lang == "ar" else 5
    )
    chart = alt.layer(bars, numbers.encode(text="count:Q"), view=alt.ViewConfig(stroke=None))
    return chart.properties(width=width, height=alt.Step(23), title=heading(title, lang))


def _named() -> tuple[str, ...]:
    return read_labels(None)


@dataclass(frozen=True, slots=True)
class Key:
    """A word or name in two corpora of `total` words or mentions."""

    text: str
    first: int
    second: int
    total_first: int
    total_second: int

    @property
    def likelihood(self) -> float:
        """Log-likelihood (G²) of the two frequencies."""
        whole = self.first + self.second
        share = whole / (self.total_first + self.total_second)
        pairs = ((self.first, self.total_first * share), (self.second, self.total_second * share))
        return 2 * sum(seen * log(seen / expected) for seen, expected in pairs if seen)

    @property
    def difference(self) -> float | None:
        """%DIFF: by how many per cent the first corpus has more than the second; None where the second has none."""
        if not self.second:
            return None
        there = self.second / self.total_second
        return (self.first / self.total_first - there) / there * 100

    @property
    def ratio(self) -> float:
        """Binary logarithm of the ratio of the shares; what does not occur counts a half."""
        first = (self.first or 0.5) / self.total_first
        return log2(first / ((self.second or 0.5) / self.total_second))


def _counts(source: Any, of: str) -> tuple[Counter[str], dict[str, Counter[str]]]:
    """How often each word or name stands, in the form of a search, and the ways in which it is written."""
    counts: Counter[str] = Counter()
    written: dict[str, Counter[str]] = defaultdict(Counter)
    collection = collect(source)
    if of == "name":
        found = (mention.thing.name for mention in collection.select(_named()))
    else:
        found = (term for document in collection.documents for term in words(document))
    for term in found:
        key = folded(term)
        counts[key] += 1
        written[key][term] += 1
    return counts, written


@charted
def keyness(
    source: Any,
    other: Any,
    *,
    of: str = "word",
    top: int = 15,
    least: int = 3,
    significance: float = 6.63,
    first: str | None = None,
    second: str | None = None,
    lang: str = "en",
    width: int = 420,
    title: str | None = None,
) -> AnyChart:
    """The words (`of="word"`) or names (`of="name"`) that the first corpus has more often than the other, and less often.

    Bars are log-likelihood (6.63 is p < 0.01), to the right for the first corpus; beside them stands %DIFF, the size of
    the effect; the tooltip has the counts and the log ratio.

    >>> import marsad
    >>> nlp = marsad.load()
    >>> chart = marsad.charts.keyness(nlp("نفط ونفط ونفط"), nlp("قمح وقمح وقمح"), significance=0)
    """
    read_options(lang, "both", width=width)
    choice(of, ("word", "name"), "of")
    at_least_one(top, "top")
    at_least_one(least, "least")
    title = title or word("keyness", lang)
    (one, written), (two, also) = _counts(source, of), _counts(other, of)
    for term, forms in also.items():
        written[term].update(forms)
    total_one, total_two = sum(one.values()), sum(two.values())
    keys = []
    if total_one and total_two:
        together = (one + two).items()
        keys = [
            Key(
                min(written[term], key=lambda form: (-written[term][form], form)),
                one[term],
                two[term],
                total_one,
                total_two,
            )
            for term, n in together
            if n >= least
        ]
    keys = sorted((k for k in keys if k.likelihood >= significance), key=lambda k: (-k.likelihood, k.text))
    more, less = [k for k in keys if k.ratio > 0][:top], [k for k in keys if k.ratio < 0][:top]
    if not more and not less:
        return nothing("no_words", lang, title, width)
    sides = (safe(first or word("first", lang)), safe(second or word("second", lang)))
    values: list[dict[str, Any]] = []
    for key in [*more, *reversed(less)]:
        side = 1 if key.ratio > 0 else -1
        difference = "∞" if key.difference is None else f"{key.difference:+,.0f}%"
        values.append(
            {
                "label": isolate(key.text),
                "side": isolate(sides[0] if side > 0 else sides[1]),
                "signed": round(side * key.likelihood, 2),
                "likelihood": round(key.likelihood, 2),
                "difference": difference,
                "ratio": round(key.ratio, 2),
                "first": f"{key.first} / {key.total_first}",
                "second": f"{key.second} / {key.total_second}",
            }
        )
    colors = alt.Scale(domain=[isolate(side) for side in sides], range=[color("PERS"), color("ORG")])
    reach = max(value["likelihood"] for value in values) * 1.25
    legend = alt.Legend(title=word("more_in", lang), titleFont=FONT, labelFont=FONT, orient="bottom")
    scale = alt.Scale(domain=[-reach, reach])
    # Lengths count to both sides, so the axis shows no minus.
    x_axis = axis(word("likelihood", lang), labelExpr="abs(datum.value)", tickCount=6)
    base = alt.Chart(rows(values)).encode(
        x=alt.X("signed:Q", axis=x_axis, scale=scale),
        y=alt.Y("label:N", sort=[value["label"] for value in values], axis=names_axis(lang)),
        tooltip=[
            alt.Tooltip("label:N", title=word("name" if of == "name" else "term", lang)),
            *tooltip(lang, "likelihood", "difference", "ratio"),
            alt.Tooltip("first:N", title=sides[0]),
            alt.Tooltip("second:N", title=sides[1]),
        ],
    )
    bars = base.mark_bar(height=15, cornerRadius=2).encode(color=alt.Color("side:N", scale=colors, legend=legend))
    text: dict[str, Any] = {"fontSize": 10, "color": GREY, "font": FONT}
    right = base.transform_filter("datum.signed > 0").mark_text(align="left", dx=4, **text)
    left = base.transform_filter("datum.signed < 0").mark_text(align="right", dx=-4, **text)
    chart = alt.layer(bars, right.encode(text="difference:N"), left.encode(text="difference:N"))
    return chart.properties(width=width, height=alt.Step(22), title=heading(title, lang))
