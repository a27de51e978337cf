"""The charts as methods of documents and corpora. The charts themselves are imported when one is first asked for."""

from __future__ import annotations

_TYPE_CHECKING = False
if _TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    _Labels = str | list[str] | tuple[str, ...] | None


def _chart(declared: Callable[..., Any]) -> Callable[..., Any]:
    """The method that is declared; the chart of its name does the work."""
    name = declared.__name__

    def method(self: Any, *given: Any, **chosen: Any) -> Any:
        from marsad import charts

        return getattr(charts, name)(self, *given, **chosen)

    for attribute in ("__name__", "__qualname__", "__doc__", "__module__"):
        setattr(method, attribute, getattr(declared, attribute))
    # The stubs have the types; the signature is easier to read without them.
    declared.__annotations__ = {}
    method.__wrapped__ = declared  # type: ignore[attr-defined]
    return method


@_chart
def timeline(
    self: Any,
    *,
    labels: _Labels = None,
    top: int = 12,
    names: str = "both",
    lang: str = "en",
    width: int = 620,
    title: str | None = None,
) -> Any:
    """When: the dates that the text speaks of, on the lines of the names that share a sentence with them.

    A date with a month or a year only is a bar as long as that; hovering shows the sentence. Drag to move, scroll to zoom.

    Options:
        labels: the types that get lines, such as "PERS" or ["PERS", "ORG"]; see `marsad.LABELS`.
        top: how many names get a line.
        names: how names are written: "both", "arabic" or "latin".
        lang: the language of titles and tooltips: "en" or "ar".
        width: the width in pixels, without the names.
        title: another title.

    >>> import marsad
    >>> doc = marsad.load()("سيطر الجيش الليبي على سرت في 6 ديسمبر 2016.")
    >>> chart = doc.timeline(labels="ORG", names="latin")
    """


@_chart
def trend(
    self: Any,
    *,
    labels: _Labels = None,
    by: str | None = None,
    top: int = 6,
    names: str = "both",
    lang: str = "en",
    width: int = 620,
    height: int = 280,
    title: str | None = None,
) -> Any:
    """How often names come up over time: mentions by the day of publication, so documents need `published`.

    Options:
        labels: the types that are counted, such as "PERS" or ["PERS", "ORG"]; see `marsad.LABELS`.
        by: "day", "week", "month" or "year"; left out, the documents decide.
        top: how many names get a line.
        names: how names are written: "both", "arabic" or "latin".
        lang: the language of titles and tooltips: "en" or "ar".
        width, height: in pixels.
        title: another title.

    >>> import marsad
    >>> texts = ["انسحبت داعش من سرت.", "عاد الهدوء إلى سرت."]
    >>> corpus = marsad.load().corpus(texts, published=["2016-12-06", "2016-12-07"])
    >>> chart = corpus.trend(by="day", labels="GPE")
    """


@_chart
def map(
    self: Any,
    *,
    labels: _Labels = None,
    top: int = 300,
    bounds: tuple[float, float, float, float] | None = None,
    names: str = "both",
    lang: str = "en",
    width: int = 620,
    title: str | None = None,
) -> Any:
    """Where: the places that the text names, as large as it names them often, on the outline of the countries.

    The outline comes with Marsad: no tiles, no network. The most frequent places that have room carry their names;
    hovering shows the sentences.

    Options:
        labels: the types of places; "GPE", "LOC" and "FAC" when left out.
        top: how many places are shown.
        bounds: (west, south, east, north) in degrees; left out, the map holds all places.
        names: how names are written: "both", "arabic" or "latin".
        lang: the language of titles and tooltips: "en" or "ar".
        width: in pixels.
        title: another title.

    >>> import marsad
    >>> doc = marsad.load()("من طرابلس إلى بنغازي.")
    >>> chart = doc.map(bounds=(8, 18, 26, 35))
    """


@_chart
def network(
    self: Any,
    *,
    labels: _Labels = None,
    unit: str = "sentence",
    top: int = 30,
    least: int = 1,
    names: str = "both",
    lang: str = "en",
    width: int = 620,
    height: int = 460,
    title: str | None = None,
) -> Any:
    """Who with whom: names that share a sentence, tied by lines as thick as they meet often.

    Options:
        labels: the types of names, such as "PERS" or ["PERS", "ORG"]; see `marsad.LABELS`.
        unit: where names must meet: "sentence", "paragraph" or "document".
        top: how many names are kept, those with the most ties first.
        least: how many meetings make a tie.
        names: how names are written: "both", "arabic" or "latin".
        lang: the language of titles and tooltips: "en" or "ar".
        width, height: in pixels.
        title: another title.

    >>> import marsad
    >>> doc = marsad.load()("التقى وزير الخارجية المصري قائد الجيش الليبي في القاهرة.")
    >>> chart = doc.network(unit="paragraph", top=20)
    """


@_chart
def frequency(
    self: Any,
    *,
    by: str = "name",
    labels: _Labels = None,
    top: int = 20,
    names: str = "both",
    lang: str = "en",
    width: int = 420,
    title: str | None = None,
) -> Any:
    """The most frequent names, or how many mentions each type has.

    Options:
        by: "name" or "type".
        labels: the types that are counted, such as "PERS" or ["PERS", "ORG"]; see `marsad.LABELS`.
        top: how many bars.
        names: how names are written: "both", "arabic" or "latin".
        lang: the language of titles and tooltips: "en" or "ar".
        width: the width of the longest bar in pixels.
        title: another title.

    >>> import marsad
    >>> doc = marsad.load()("من طرابلس إلى بنغازي، ومن بنغازي إلى سرت.")
    >>> chart = doc.frequency(labels="GPE", top=10)
    """


@_chart
def heatmap(
    self: Any,
    *,
    rows_of: _Labels = None,
    columns_of: _Labels = None,
    unit: str = "sentence",
    top: int = 15,
    names: str = "both",
    lang: str = "en",
    title: str | None = None,
) -> Any:
    """Who with where: how often the names of one kind share a sentence with those of another.

    Options:
        rows_of: the types of the rows; people, bodies and communities when left out.
        columns_of: the types of the columns; places when left out.
        unit: where names must meet: "sentence", "paragraph" or "document".
        top: how many rows and columns at most.
        names: how names are written: "both", "arabic" or "latin".
        lang: the language of titles and tooltips: "en" or "ar".
        title: another title.

    >>> import marsad
    >>> doc = marsad.load()("وصل الجيش الليبي إلى سرت.")
    >>> chart = doc.heatmap(rows_of="ORG", columns_of="GPE")
    """


@_chart
def dispersion(
    self: Any,
    terms: str | list[str] | tuple[str, ...] | None = None,
    *,
    top: int = 10,
    lang: str = "en",
    width: int = 620,
    title: str | None = None,
) -> Any:
    """Where terms stand along the text; the documents of a corpus stand one after another.

    A term is found whatever particles stand before it, and as the name of what the text mentions under any form.
    Without `terms`, the most frequent names.

    Options:
        top: how many names, when no terms are given.
        lang: the language of titles and tooltips: "en" or "ar".
        width: in pixels.
        title: another title.

    >>> import marsad
    >>> doc = marsad.load()("سقطت سرت، ثم عادت سرت.")
    >>> chart = doc.dispersion(["سرت"])
    """


@_chart
def kwic(
    self: Any,
    term: str,
    *,
    context: int = 45,
    top: int = 50,
    lang: str = "en",
    width: int = 760,
    title: str | None = None,
) -> Any:
    """A concordance: each place of a term in a line, with the words before it at its right and those after it at its left.

    Options:
        context: how many letters stand to each side.
        top: how many lines, in the order of the text.
        lang: the language of titles and tooltips: "en" or "ar".
        width: in pixels.
        title: another title.

    >>> import marsad
    >>> doc = marsad.load()("سقطت سرت، ثم عادت سرت.")
    >>> chart = doc.kwic("سرت", context=30)
    """


@_chart
def keyness(
    self: Any,
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
) -> Any:
    """What this text has more often than the other, and less often: key words.

    Bars are log-likelihood, to the right for this one; beside them stands %DIFF, the size of the effect; hovering shows
    the counts and the log ratio.

    Options:
        of: "word" or "name".
        top: how many words on each side.
        least: words that occur fewer times in both together are left out.
        significance: the log-likelihood that counts; 6.63 is p < 0.01, 3.84 is p < 0.05.
        first, second: what the two are called.
        lang: the language of titles and tooltips: "en" or "ar".
        width: in pixels.
        title: another title.

    >>> import marsad
    >>> nlp = marsad.load()
    >>> oil, wheat = nlp("نفط ونفط ونفط"), nlp("قمح وقمح وقمح")
    >>> chart = oil.keyness(wheat, first="oil", second="wheat", significance=0)
    """


def give(doc: type, corpus: type, *helped: type) -> None:
    """Give the two classes their charts, and errors that help."""
    from marsad._near import missing

    for method in (timeline, map, network, frequency, heatmap, dispersion, kwic, keyness):
        setattr(doc, method.__name__, method)
        setattr(corpus, method.__name__, method)
    setattr(corpus, trend.__name__, trend)
    for kind in (doc, corpus, *helped):
        kind.__getattr__ = missing  # type: ignore[attr-defined]
