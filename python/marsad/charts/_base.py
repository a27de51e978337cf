"""What all charts share: options, fonts, colors, the chart that says there is nothing."""

from __future__ import annotations

import colorsys
import difflib
import re
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path
from typing import Any, TypeAlias

import altair as alt

from marsad import LABELS
from marsad._html import _hue

from ._data import NAMED, Mention, Thing
from ._words import LANGUAGES, label_name, word

#: What the functions return.
AnyChart: TypeAlias = alt.Chart | alt.LayerChart | alt.FacetChart

#: The first font comes with Marsad, for pictures; browsers use what they have.
FONT = "Marsad Sans, Noto Sans Arabic, Segoe UI, Geeza Pro, Tahoma, DejaVu Sans, sans-serif"
GREY = "#5f6368"
NAMES = ("both", "arabic", "latin")
UNITS = ("sentence", "paragraph", "document")

_ARABIC = re.compile("[\u0600-\u06ff\u0750-\u077f\ufb50-\ufdff\ufe70-\ufeff]")
_PLAIN = re.compile(r"[\u0600-\u06ff\u0750-\u077f ]*")


@cache
def register_fonts() -> None:
    """Give the renderer of pictures a font with Arabic letters."""
    try:
        import vl_convert
    except ImportError:
        return
    vl_convert.register_font_directory(str(Path(__file__).parent.parent / "data" / "fonts"))


def choice(value: str, accepted: Sequence[str], option: str) -> str:
    """The value if it is an accepted one, else an error that names the near miss."""
    if value in accepted:
        return value
    near = difflib.get_close_matches(str(value), accepted, 1, 0.5)
    hint = f" Did you mean {near[0]!r}?" if near else ""
    raise ValueError(f"{option}={value!r} is not one of {', '.join(map(repr, accepted))}.{hint}")


def read_labels(labels: str | Iterable[str] | None, default: Sequence[str] = NAMED) -> tuple[str, ...]:
    """The types asked for."""
    if labels is None:
        return tuple(default)
    wanted = (labels,) if isinstance(labels, str) else tuple(labels)
    return tuple(choice(label, LABELS, "labels") for label in wanted)


def at_least_one(value: int, option: str) -> int:
    """A positive whole number."""
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise ValueError(f"{option}={value!r} must be a whole number of 1 or more")
    return value


_TAG = re.compile(r"<(?=[a-zA-Z/!?])")


def safe(text: str) -> str:
    """The text with an invisible letter in what looks like a tag: pages that hold a chart have its data in a script."""
    return _TAG.sub("<\u2060", text)


def isolate(text: str) -> str:
    """The text with the marks that keep its order right to left on a line of the other direction."""
    text = safe(text)
    if not _ARABIC.search(text) or _PLAIN.fullmatch(text):
        return text
    return f"\u2067{text}\u2069"


def elide(text: str, limit: int) -> str:
    """The text, cut between words where it is too long."""
    return text if len(text) <= limit else text[:limit].rsplit(" ", 1)[0].rstrip(" (") + "…"


def shown(name: str, latin: str, names: str) -> str:
    """A name as an axis shows it."""
    limit = 26 if names == "both" else 40
    latin = safe(elide(latin, limit))
    if names == "latin" and latin:
        return latin
    arabic = isolate(elide(name, limit))
    return f"{latin} · {arabic}" if names == "both" and latin and latin != name else arabic


@cache
def color(label: str) -> str:
    """The color of a type: the hue that the document view gives it."""
    red, green, blue = colorsys.hls_to_rgb(_hue(label) / 360, 0.42, 0.55)
    return f"#{round(red * 255):02x}{round(green * 255):02x}{round(blue * 255):02x}"


def type_color(labels: Iterable[str], lang: str, *, legend: bool = True) -> alt.Color:
    """Color by type."""
    present = set(labels)
    order = [label for label in LABELS if label in present]
    scale = alt.Scale(domain=[label_name(label, lang) for label in order], range=[color(label) for label in order])
    key = alt.Legend(
        title=None, labelFont=FONT, labelLimit=220, orient="bottom", columns=5, symbolType="circle", symbolOpacity=1
    )
    return alt.Color("type:N", scale=scale, legend=key if legend and len(order) > 1 else None)


def labelled(base: alt.Chart, **options: Any) -> list[alt.Chart]:
    """Text on a picture: the words over a paler copy that keeps them readable."""
    style: dict[str, Any] = {"font": FONT, "fontSize": 11, **options}
    return [base.mark_text(stroke="white", strokeWidth=3, opacity=0.8, **style), base.mark_text(color="#222", **style)]


def axis(title: str | None = None, **options: Any) -> alt.Axis:
    """An axis in our font."""
    return alt.Axis(title=title, labelFont=FONT, titleFont=FONT, titleFontWeight="normal", titleColor=GREY, **options)


def names_axis(lang: str, **options: Any) -> alt.Axis:
    """The axis that names stand on, on the side where the line begins."""
    side: dict[str, Any] = {"orient": "right"} if lang == "ar" else {}
    return axis(labelLimit=340, labelFontSize=12, ticks=False, domain=False, labelPadding=6, **side, **options)


def heading(text: str, lang: str) -> alt.TitleParams:
    """A title in our font, where the line begins."""
    return alt.TitleParams(
        text=isolate(text) if lang == "ar" else safe(text),
        font=FONT,
        fontSize=15,
        fontWeight="normal",
        anchor="end" if lang == "ar" else "start",
        offset=12,
    )


def tooltip(lang: str, *fields: str) -> list[alt.Tooltip]:
    """Fields of a tooltip, named in the language of the chart."""
    return [alt.Tooltip(f"{field}:N", title=word(field, lang)) for field in fields]


def rows(values: list[dict[str, Any]]) -> alt.InlineData:
    """Data without a data frame."""
    cleaned = [{key: safe(value) if isinstance(value, str) else value for key, value in row.items()} for row in values]
    return alt.InlineData(values=cleaned)


def quoted(mentions: Iterable[Mention], limit: int = 2) -> str:
    """The first sentences of mentions."""
    found: dict[str, None] = {}
    for mention in mentions:
        found[mention.sentence] = None
        if len(found) == limit:
            break
    return isolate(" ‖ ".join(found))


def sources(mentions: Iterable[Mention], limit: int = 3) -> str:
    """The names of the first documents."""
    found = list(dict.fromkeys(mention.document.id for mention in mentions))
    more = f" +{len(found) - limit}" if len(found) > limit else ""
    return isolate("، ".join(found[:limit]) + more)


def described(thing: Thing, names: str, lang: str) -> dict[str, Any]:
    """The fields of a thing that tooltips show."""
    return {
        "label": shown(thing.name, thing.latin, names),
        "name": isolate(thing.name),
        "latin": safe(thing.latin) or "—",
        "type": label_name(thing.label, lang),
    }


def read_options(lang: str, names: str) -> None:
    """Check the options that every chart has, and make pictures possible."""
    choice(lang, LANGUAGES, "lang")
    choice(names, NAMES, "names")
    register_fonts()


def nothing(reason: str, lang: str, title: str, width: int) -> AnyChart:
    """The chart that says there is nothing."""
    text = word("nothing", lang).format(word(reason, lang))
    chart: AnyChart = (
        alt.Chart(rows([{"text": isolate(text)}]))
        .mark_text(font=FONT, fontSize=13, color=GREY)
        .encode(text="text:N")
        .properties(width=width, height=80, title=heading(title, lang))
    )
    return chart
