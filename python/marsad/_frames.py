"""Tables as frames of other libraries, and as HTML."""

from __future__ import annotations

from html import escape
from importlib import import_module
from typing import Any

# Rows that a notebook shows.
_SHOWN = 20
_ARABIC = {"text", "norm", "name", "variants"}


def _library(name: str, extra: str) -> Any:
    try:
        return import_module(name)
    except ImportError:
        raise ImportError(f"{name} is not installed: pip install 'marsad[{extra}]'") from None


def to_arrow(table: Any) -> Any:
    """A pyarrow table."""
    return _library("pyarrow", "arrow").table(table)


def to_polars(table: Any) -> Any:
    """A Polars frame."""
    return _library("polars", "polars").DataFrame(table)


def to_pandas(table: Any) -> Any:
    """A pandas frame whose columns are of Arrow."""
    pandas = _library("pandas", "pandas")
    return _library("pyarrow", "pandas").table(table).to_pandas(types_mapper=pandas.ArrowDtype)


def to_html(table: Any) -> str:
    """The first rows; Arabic cells run right to left."""
    from marsad._html import style

    names = table.columns
    rows = []
    for row in table.head(_SHOWN).to_dicts():
        cells = []
        for name in names:
            value = "" if row[name] is None else str(row[name])
            arabic = ' dir="rtl" lang="ar"' if name in _ARABIC else ""
            cells.append(f"<td{arabic}>{escape(value if len(value) <= 300 else value[:300] + '…')}</td>")
        rows.append(f"<tr>{''.join(cells)}</tr>")
    head = "".join(f"<th>{escape(name)}</th>" for name in names)
    count = len(table)
    return (
        f'<div class="marsad table"><style>{style()}</style><table><thead><tr>{head}</tr></thead>'
        f"<tbody>{''.join(rows)}</tbody></table><p>{min(count, _SHOWN)} of {count} rows</p></div>"
    )
