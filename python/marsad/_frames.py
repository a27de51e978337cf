"""Tables as frames of other libraries."""

from __future__ import annotations

from importlib import import_module
from typing import Any


def library(name: str, extra: str) -> Any:
    """A library that an extra of ours installs."""
    try:
        return import_module(name)
    except ImportError:
        raise ImportError(f"{name} is not installed: pip install 'marsad[{extra}]'") from None


def to_arrow(table: Any) -> Any:
    """A pyarrow table."""
    return library("pyarrow", "arrow").table(table)


def to_polars(table: Any) -> Any:
    """A Polars frame."""
    return library("polars", "polars").DataFrame(table)


def to_pandas(table: Any) -> Any:
    """A pandas frame whose columns are of Arrow."""
    pandas = library("pandas", "pandas")
    return library("pyarrow", "pandas").table(table).to_pandas(types_mapper=pandas.ArrowDtype)


def to_html(table: Any) -> str:
    """The first rows."""
    from marsad import _html

    return _html.table(table.columns, table.head(_html.SHOWN).to_dicts(), len(table))
