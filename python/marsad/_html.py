"""A document as HTML: right to left, mentions colored by type, no script, no network.

A mention gets a background and an underline, never padding or a margin: those would cut the joined letters apart
where a clitic stands before a name.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from html import escape
from typing import Any

# Hue of each type; the lightness follows the theme.
_HUES: dict[str, int] = {
    "PERS": 215,
    "OCC": 190,
    "NORP": 165,
    "ORG": 28,
    "GPE": 140,
    "LOC": 95,
    "FAC": 75,
    "EVENT": 350,
    "LAW": 300,
    "PRODUCT": 320,
    "LANGUAGE": 240,
    "DATE": 268,
    "TIME": 285,
    "WEBSITE": 200,
}
_OTHER_HUE = 45

_NAMES: dict[str, str] = {
    "PERS": "person",
    "OCC": "title or post",
    "NORP": "people or community",
    "ORG": "organization",
    "GPE": "country, city, town",
    "LOC": "other place",
    "FAC": "building or site",
    "EVENT": "event",
    "LAW": "law or agreement",
    "PRODUCT": "product",
    "LANGUAGE": "language",
    "DATE": "date or period",
    "TIME": "time of day",
    "CARDINAL": "number",
    "ORDINAL": "rank",
    "PERCENT": "percentage",
    "QUANTITY": "quantity",
    "UNIT": "unit",
    "MONEY": "sum of money",
    "CURR": "currency",
    "WEBSITE": "address",
}

# A class twice outweighs the rules that notebooks have for their own paragraphs and tables.
_STYLE = """
.marsad{--l:91%;--u:38%;direction:rtl;text-align:start;line-height:2.1;max-inline-size:52rem;color:inherit;
 font-family:"Noto Naskh Arabic","Amiri","Geeza Pro","Traditional Arabic","Segoe UI",serif;font-size:1.08rem}
.marsad.marsad p,.marsad.marsad h3{margin-block:0 .6em;margin-inline:0;overflow-wrap:anywhere;text-align:start}
.marsad.marsad h3{font-family:inherit;font-weight:700;font-size:1.15em;line-height:1.8;color:inherit}
.marsad .marsad-embed{opacity:.6;font-size:.85em}
.marsad .marsad-m{background-color:hsl(var(--h) 75% var(--l));text-decoration-line:underline;
 text-decoration-color:hsl(var(--h) 70% var(--u));text-decoration-thickness:2px;text-underline-offset:.28em;color:inherit}
.marsad .marsad-m .marsad-m{text-underline-offset:.5em}
.marsad .marsad-br::before{content:"\\23CE";font:normal .65em system-ui,sans-serif;opacity:.4;margin-inline-start:.3em}
.marsad .marsad-key{direction:ltr;line-height:1.9;font:.8rem system-ui,sans-serif;margin-block-end:1em;display:flex;
 flex-wrap:wrap;gap:.3em .9em}
.marsad details>summary{direction:ltr;font:.8rem system-ui,sans-serif;cursor:pointer;margin-block:.5em}
.marsad .marsad-key .marsad-m{padding-inline:.35em;text-decoration-line:none;border-block-end:2px solid hsl(var(--h) 70% var(--u))}
.marsad.marsad-table{direction:ltr;line-height:1.45;font:.9rem/1.45 system-ui,sans-serif;max-inline-size:none;overflow-x:auto}
.marsad.marsad-table table{border-collapse:collapse;border:0;margin:0;font:inherit;color:inherit}
.marsad.marsad-table td,.marsad.marsad-table th{padding:.25em .75em;text-align:start;vertical-align:top;border:0;
 border-block-end:1px solid color-mix(in srgb,currentcolor 15%,transparent);background:none;white-space:nowrap}
.marsad.marsad-table tr{background:none}
.marsad.marsad-table th{font-weight:600;opacity:.75}
.marsad.marsad-table td[lang]{font:1.05em/1.6 "Noto Naskh Arabic","Amiri","Geeza Pro","Traditional Arabic","Segoe UI",serif}
.marsad.marsad-table .marsad-long{white-space:normal;min-inline-size:14em;max-inline-size:30em}
.marsad.marsad-table .marsad-n{text-align:end;font-variant-numeric:tabular-nums}
.marsad.marsad-table p{margin-block:.5em;opacity:.75;font:inherit}
@media print{.marsad.marsad.marsad{--l:93%;--u:30%;color:#111;print-color-adjust:exact}
 .marsad details::details-content{content-visibility:visible;block-size:auto}}
"""

# Blocks beyond this many characters are folded away at first; beyond more, a notebook does not get them.
_FOLD = 12_000
_CUT = 200_000


def _hue(label: str) -> int:
    return _HUES.get(label, _OTHER_HUE)


# What surrounds a view in the themes of Jupyter, VS Code and others.
_DARK = ('[data-jp-theme-light="false"]', ".vscode-dark", ".vscode-high-contrast", '[data-theme="dark"]')
_LIGHT = ('[data-jp-theme-light="true"]', ".vscode-light", '[data-theme="light"]')


def themed(selector: str, light: str, dark: str) -> str:
    """Declarations by theme: the system's, unless a notebook has its own."""
    rules = ((_DARK, dark), (_LIGHT, light))
    own = "".join(f"{','.join(f'{around} {selector}' for around in theme)}{{{said}}}" for theme, said in rules)
    return f"@media (prefers-color-scheme:dark){{{selector}{{{dark}}}}}{own}"


def style() -> str:
    """The style sheet of the document view."""
    plain = "".join(line.strip() for line in _STYLE.splitlines())
    return plain + themed(".marsad", "--l:91%;--u:38%", "--l:24%;--u:68%")


def _style() -> str:
    return f"<style>{style()}</style>"


def meaning(ent: dict[str, Any]) -> str:
    """The value or the link of a mention in a few words."""
    value = ent.get("value") or {}
    shown = value.get("edtf") or value.get("iso") or value.get("number")
    if shown:
        unit = value.get("unit") or value.get("currency") or ""
        return f"{shown} {unit}".rstrip()
    link = ent.get("link") or {}
    if link.get("name"):
        around = [link.get("admin"), link.get("country")]
        within = ", ".join(str(place) for place in around if place and place != link["name"])
        return f"{link['name']} ({within})" if within else str(link["name"])
    return ""


def _tooltip(ent: dict[str, Any]) -> str:
    lines = [f"{ent['label']}: {_NAMES.get(ent['label'], ent['label'])}"]
    name = " ".join((ent.get("norm") or "").split())
    if name and name != " ".join(ent["text"].split()):
        lines.append(name)
    if ent.get("latin") and any(c.isalpha() and not c.isascii() for c in ent["text"]):
        lines.append(ent["latin"])
    if shown := meaning(ent):
        lines.append(shown)
    lines.append(f"score {ent['score']:.2f}")
    return "\n".join(lines)


def _open(ent: dict[str, Any], brief: bool) -> str:
    hue = f'<span class="marsad-m" style="--h:{_hue(ent["label"])}"'
    if brief:
        return f"{hue}>"
    return f'{hue} data-label="{escape(ent["label"])}" title="{escape(_tooltip(ent))}">'


# A line break inside a paragraph, which the page had and the reading has not.
_BREAK = re.compile(r"[^\S\n]*\n\s*")
_BROKEN = '<i class="marsad-br" title="the page breaks the line here"> </i>'


def _plain(text: str, brief: bool) -> str:
    return escape(text) if brief else _BREAK.sub(_BROKEN, escape(text))


def _marked(text: str, start: int, end: int, ents: list[dict[str, Any]], brief: bool) -> str:
    """The text from `start` to `end` with its mentions, which nest and are in order."""
    pieces: list[str] = []
    closing: list[int] = []
    at = start

    def close_until(limit: int) -> None:
        nonlocal at
        while closing and closing[-1] <= limit:
            stop = closing.pop()
            pieces.append(_plain(text[at:stop], brief) + "</span>")
            at = stop

    for ent in ents:
        close_until(ent["start"])
        pieces.append(_plain(text[at : ent["start"]], brief) + _open(ent, brief))
        at = ent["start"]
        closing.append(ent["end"])
    close_until(end)
    pieces.append(_plain(text[at:end], brief))
    return "".join(pieces)


def legend(labels: list[str], names: Mapping[str, str] | None = None) -> str:
    """The types that occur, with their numbers; `names` says what to call them."""
    called = names or {}
    counts = Counter(labels)
    items = (
        f'<span title="{escape(_NAMES.get(label, label))}"><span class="marsad-m" style="--h:{_hue(label)}">'
        f"{escape(called.get(label, label))}</span> {count}</span>"
        for label, count in counts.most_common()
    )
    return f'<div class="marsad-key">{"".join(items)}</div>'


#: Rows that a notebook shows.
SHOWN = 20
_ARABIC = frozenset(("text", "norm", "name", "variants", "speaker", "verb", "source", "target"))


def _cell(name: str, value: Any) -> str:
    if name == "label":
        hue, title = _hue(value), escape(_NAMES.get(value, ""))
        return f'<td><span class="marsad-m" style="--h:{hue}" title="{title}">{escape(value)}</span></td>'
    if isinstance(value, float):
        value = f"{value:.4g}" if name == "score" else f"{value:g}"
    text = "" if value is None else str(value)
    kinds = []
    if text and isinstance(value, (int, float)) and not isinstance(value, bool):
        kinds.append("marsad-n")
    if len(text) > 45:
        kinds.append("marsad-long")
    attributes = f' class="{" ".join(kinds)}"' if kinds else ""
    if name in _ARABIC:
        attributes += ' dir="rtl" lang="ar"'
    return f"<td{attributes}>{escape(text if len(text) <= 300 else text[:300] + '…')}</td>"


def table(columns: list[str], rows: list[dict[str, Any]], count: int) -> str:
    """The first of `count` rows as a table; the cells in Arabic run right to left."""
    shown = rows[:SHOWN]
    # A column of numbers has its name above its digits.
    numeric = {
        c for c in columns if any(isinstance(row[c], (int, float)) and not isinstance(row[c], bool) for row in shown)
    }
    kinds = {
        name: ' class="marsad-n"' if name in numeric else ' dir="rtl"' if name in _ARABIC else "" for name in columns
    }
    head = "".join(f"<th{kind}>{escape(name)}</th>" for name, kind in kinds.items())
    cells = "".join(f"<tr>{''.join(_cell(name, row[name]) for name in columns)}</tr>" for row in shown)
    said = f"{count:,} {'row' if count == 1 else 'rows'}"
    if count > len(shown):
        said = f"the first {len(shown)} of {said}"
    return (
        f'<div class="marsad marsad-table" dir="ltr">{_style()}<table><thead><tr>{head}</tr></thead>'
        f"<tbody>{cells}</tbody></table><p>{said}</p></div>"
    )


def mentions(ents: list[dict[str, Any]]) -> str:
    """Mentions as a table."""
    names = ("label", "text", "norm", "latin", "meaning", "start", "end", "score")
    rows = [{name: meaning(ent) if name == "meaning" else ent.get(name) for name in names} for ent in ents[:SHOWN]]
    return table(list(names), rows, len(ents))


def body(data: dict[str, Any], *, brief: bool = False, limit: int | None = None) -> str:
    """The blocks of the document of `Doc.to_dict()` that begin before `limit`; `brief` leaves the tooltips out."""
    text, ents = data["text"], data["entities"]
    blocks: list[str] = []
    folded: list[str] = []
    next_ent = left_out = 0
    for block in data["blocks"]:
        start, end = block["start"], block["end"]
        if limit is not None and start >= limit:
            left_out += 1
            continue
        inside = []
        while next_ent < len(ents) and ents[next_ent]["start"] < end:
            if ents[next_ent]["start"] >= start and ents[next_ent]["end"] <= end:
                inside.append(ents[next_ent])
            next_ent += 1
        marked = _marked(text, start, end, inside, brief)
        tag = "h3" if block["kind"] == "heading" else "p"
        extra = ' class="marsad-embed"' if block["kind"] == "embed" else ""
        (blocks if start < _FOLD else folded).append(f'<{tag}{extra} dir="rtl">{marked}</{tag}>')
    rest = f"<details><summary>{len(folded)} more blocks</summary>{''.join(folded)}</details>" if folded else ""
    if left_out:
        rest += f'<p dir="ltr">{left_out} more blocks are not shown here; doc.to_html() has them all.</p>'
    return "".join(blocks) + rest


def article(data: dict[str, Any], limit: int | None = _CUT) -> str:
    """The document of `Doc.to_dict()` as an HTML fragment."""
    return (
        f'<div class="marsad" lang="ar" dir="rtl">{_style()}'
        f"{legend([ent['label'] for ent in data['entities']])}{body(data, limit=limit)}</div>"
    )


def page(data: dict[str, Any], title: str) -> str:
    """A whole page around the document."""
    return (
        '<!doctype html>\n<html lang="ar" dir="rtl"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1"><meta name="color-scheme" content="light dark">'
        f"<title>{escape(title)}</title><style>body{{margin:1.5rem auto;padding-inline:1rem;max-inline-size:54rem}}</style>"
        f"</head><body>{article(data, limit=None)}</body></html>\n"
    )
