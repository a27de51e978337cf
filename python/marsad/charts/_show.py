"""Charts in a notebook without a network: a picture at once, and over it the live chart where scripts may run.

Altair's own renderer fetches its libraries from the network. Ours brings them along, once a session, with the first chart.
"""

from __future__ import annotations

import json
import re
from itertools import count
from secrets import token_hex
from typing import Any

import altair as alt

from marsad._html import themed

from ._base import register_fonts

_numbers = count(1)
_ids = count(1)
_session = token_hex(3)
_brought = False

_NUMBER = re.compile(r"(\d+\.\d)\d+")
_PATH = re.compile(r'( d="| transform="| points=")([^"]*)"')
_ID = re.compile(r'( id="|url\(#)(clip|gradient)')

# Waits for the libraries, which may come with another chart of the page.
_SCRIPT = """(function(){const box=document.getElementById(%(id)s),spec=%(spec)s;
function show(embed){const live=document.createElement("div");
embed(live,spec,{actions:{editor:false,source:false,compiled:false,export:true}}).then(()=>box.replaceChildren(live));}
if(window.marsadVega)show(window.marsadVega);else(window.marsadWaiting=window.marsadWaiting||[]).push(show);})();"""
_READY = """(window.marsadWaiting||[]).splice(0).forEach(show=>show(window.marsadVega));"""


# On a dark page charts are dark, their hues kept; what is saved or printed is light.
_STYLE = (
    ".marsad-chart{background:#fff;overflow-x:auto;padding-inline:1em}"
    + themed(".marsad-chart", "filter:none", "filter:invert(.93) hue-rotate(180deg)")
    + "@media print{.marsad-chart.marsad-chart.marsad-chart{filter:none}}"
)


def svg(spec: dict[str, Any]) -> str:
    """A chart as SVG that can stand beside others: its own ids, no more digits than eyes see."""
    import vl_convert

    register_fonts()
    made: str = vl_convert.vegalite_to_svg({**spec, "config": {**spec.get("config", {}), "aria": False}})
    number = next(_numbers)
    made = _ID.sub(rf"\1f{number}\2", made)
    return _PATH.sub(lambda m: m.group(1) + _NUMBER.sub(r"\1", m.group(2)) + '"', made)


def _render(spec: dict[str, Any], **_: Any) -> dict[str, str]:
    """The chart for a notebook."""
    global _brought
    import vl_convert

    name = f"marsad-{_session}-{next(_ids)}"
    # No text of the data ends the script.
    data = (
        json.dumps(spec, ensure_ascii=False)
        .replace("<", "\\u003c")
        .replace("\u2028", "\\u2028")
        .replace("\u2029", "\\u2029")
    )
    script = _SCRIPT % {"id": json.dumps(name), "spec": data}
    if not _brought:
        _brought = True
        bundle = vl_convert.javascript_bundle("window.marsadVega = vegaEmbed;").replace("</script", "<\\/script")
        script += f"(function(){{{bundle}\n}})();{_READY}"
    picture = svg(spec).replace("<svg", '<svg style="max-width:100%;height:auto;overflow:visible"', 1)
    html = f'<style>{_STYLE}</style><div id="{name}" class="marsad-chart" dir="ltr">{picture}</div><script>{script}</script>'
    return {"text/html": html, "text/plain": "<a chart: chart.save('chart.png') writes it to a file>"}


def enable() -> None:
    """Show charts this way unless the user has chosen another."""
    try:
        import vl_convert  # noqa: F401
    except ImportError:
        return
    alt.renderers.register("marsad", _render)
    if alt.renderers.active == "default":
        alt.renderers.enable("marsad")
