"""What all charts share: options, fonts, colors, the chart that says there is nothing."""

from __future__ import annotations

import colorsys
import inspect
import re
from collections.abc import Callable, Iterable, Sequence
from functools import cache, wraps
from pathlib import Path
from typing import Any, ParamSpec, TypeAlias, TypeVar

import altair as alt

from marsad import LABELS, _methods
from marsad._html import _hue
from marsad._near import choice, refuse_unknown

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
# Letters and marks alone keep their order on any line; signs and digits do not.
_PLAIN = re.compile(r"[\u0620-\u065f\u066e-\u06d3\u0750-\u077f ]*")


@cache
def register_fonts() -> None:
    """Give the renderer of pictures a font with Arabic letters."""
    try:
        import vl_convert
    except ImportError:
        return
    vl_convert.register_font_directory(str(Path(__file__).parent.parent / "data" / "fonts"))


_P = ParamSpec("_P")
_R = TypeVar("_R")


def charted(function: Callable[_P, _R]) -> Callable[_P, _R]:
    """A chart that refuses unknown options by name, and explains its options as the method of its name does."""
    name = function.__name__
    parameters = inspect.signature(function).parameters.values()
    options = [parameter.name for parameter in parameters if parameter.kind is parameter.KEYWORD_ONLY]
    taught = inspect.cleandoc(getattr(_methods, name).__doc__)
    introduction = inspect.cleandoc(function.__doc__ or "")
    explained = taught[taught.index("Options:") : taught.index(">>>")].rstrip()
    words, sign, example = introduction.partition(">>>")

    @wraps(function)
    def made(*args: _P.args, **kwargs: _P.kwargs) -> _R:
        positional = [parameter.name for parameter in parameters if parameter.kind is not parameter.KEYWORD_ONLY]
        refuse_unknown(name, (key for key in kwargs if key not in positional), options)
        return function(*args, **kwargs)

    made.__doc__ = f"{words}{explained}\n\n{sign}{example}"
    return made


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


def in_lines(thing: Thing, names: str) -> dict[str, str]:
    """A name as a picture shows it: its Latin form above the Arabic one."""
    upper, _, lower = shown(thing.name, thing.latin, names).rpartition(" · ") if names == "both" else ("", "", "")
    return {"upper": upper, "lower": lower or shown(thing.name, thing.latin, names)}


# What a letter and a line take, in pixels.
_LETTER, _LINE = 6.2, 13.0


def room(label: dict[str, str]) -> tuple[float, float]:
    """About how wide and high the lines of a name are, in pixels."""
    return max(len(label["upper"]), len(label["lower"])) * _LETTER, (2 if label["upper"] else 1) * _LINE


Point: TypeAlias = tuple[float, float]
Box: TypeAlias = tuple[float, float, float, float]


def apart(labels: Iterable[tuple[Iterable[Point], dict[str, str]]], avoid: Iterable[Box] = ()) -> dict[int, Point]:
    """Where the names stand that do not run into those before them, by number.

    Each is tried on the points given for it, in pixels from the upper left; what is to be avoided is left free.
    """
    taken = list(avoid)
    placed: dict[int, Point] = {}
    for number, (points, label) in enumerate(labels):
        wide, high = room(label)
        for x, y in points:
            box = (x - wide / 2, y - high, x + wide / 2, y)
            if all(box[0] > b[2] or box[2] < b[0] or box[1] > b[3] or box[3] < b[1] for b in taken):
                taken.append(box)
                placed[number] = (x, y)
                break
    return placed


def labelled(base: alt.Chart, **options: Any) -> list[alt.Chart]:
    """Names on a picture: the words over a paler copy that keeps them readable."""
    style: dict[str, Any] = {"font": FONT, "fontSize": 11, "baseline": "bottom", **options}
    lines = [(base.encode(text=f"{line}:N"), dy) for line, dy in (("upper", -_LINE), ("lower", 0))]
    halos = [line.mark_text(stroke="white", strokeWidth=3, opacity=0.8, dy=dy, **style) for line, dy in lines]
    return halos + [line.mark_text(color="#222", dy=dy, **style) for line, dy in lines]


def axis(title: str | None = None, **options: Any) -> alt.Axis:
    """An axis in our font."""
    return alt.Axis(
        title=isolate(title) if title else title,
        labelFont=FONT,
        titleFont=FONT,
        titleFontWeight="normal",
        titleColor=GREY,
        **options,
    )


_MONTHS = {
    "en": "['Jan','Feb','Mar','Apr','May','Jun','Jul','Aug','Sep','Oct','Nov','Dec']",
    "ar": "['يناير','فبراير','مارس','أبريل','مايو','يونيو','يوليو','أغسطس','سبتمبر','أكتوبر','نوفمبر','ديسمبر']",
}


def time_axis(lang: str, **options: Any) -> alt.Axis:
    """The axis of days: the year stands under its first day, and under the first of all."""
    month = f"{_MONTHS[lang]}[utcmonth(datum.value)]"
    day = f"(utcdate(datum.value) == 1 ? {month} : utcdate(datum.value) + ' ' + {month})"
    new = "utcmonth(datum.value) == 0 && utcdate(datum.value) == 1"
    year = "'' + utcyear(datum.value)"
    if lang == "ar":
        day = f"'\u2067' + {day} + '\u2069'"
    label = f"{new} ? {year} : datum.index == 0 ? [{day}, {year}] : {day}"
    return axis(labelOverlap=True, labelExpr=label, **options)


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


def read_options(lang: str, names: str, **sides: int) -> None:
    """Check the options that every chart has, and make pictures possible."""
    choice(lang, LANGUAGES, "lang")
    choice(names, NAMES, "names")
    for side, value in sides.items():
        at_least_one(value, side)
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
