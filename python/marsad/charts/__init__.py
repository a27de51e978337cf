"""Charts of documents and corpora, each an Altair chart to show, restyle or save.

Every function takes a document, several documents, a dict of documents by name, or a corpus. All have `lang` ("en" or
"ar", the language of titles), and those with names have `names` ("both", "arabic" or "latin").
`chart.save("chart.png")` (or .svg, or .html with `inline=True`) needs no network and no font. In a notebook charts need
no network either: importing this module chooses the Altair renderer "marsad" where none was chosen
(`alt.renderers.enable("default")` goes back).

>>> import marsad
>>> doc = marsad.load()("من طرابلس إلى بنغازي.")
>>> chart = doc.map()
>>> chart = doc.frequency(labels=["GPE"], lang="ar").properties(width=300)
"""

try:
    import altair as _altair  # noqa: F401
except ImportError as _error:
    raise ImportError('charts need Altair: pip install "marsad[charts]"') from _error

from ._count import frequency, keyness
from ._network import heatmap, network
from ._place import map
from ._show import enable as _enable
from ._text import dispersion, kwic
from ._time import timeline, trend

_enable()

__all__ = ["dispersion", "frequency", "heatmap", "keyness", "kwic", "map", "network", "timeline", "trend"]
