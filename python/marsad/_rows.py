"""The groups, quotations and relations of a document as lists that show themselves as tables."""

from __future__ import annotations

from typing import Any, TypeVar

from marsad._frames import library
from marsad._html import table

_T = TypeVar("_T")


def _group(group: Any) -> dict[str, Any]:
    link = group.link or {}
    return {
        "id": group.id,
        "label": group.label,
        "name": group.name,
        "latin": group.latin,
        "count": group.count,
        "variants": " | ".join(group.variants),
        "country": link.get("country"),
        "lat": link.get("lat"),
        "lon": link.get("lon"),
    }


def _quote(quote: Any) -> dict[str, Any]:
    speaker = quote.speaker
    return {
        "speaker": speaker.text if speaker else quote.source,
        "latin": speaker and speaker.latin,
        "verb": quote.verb,
        "text": quote.text,
        "direct": quote.direct,
        "start": quote.start,
        "end": quote.end,
    }


def _relation(relation: Any) -> dict[str, Any]:
    source, target = relation.source, relation.target
    return {
        "kind": relation.kind,
        "source": source.text,
        "target": target.text,
        "source_latin": source.latin,
        "target_latin": target.latin,
        "source_start": source.start,
        "target_start": target.start,
    }


_PLAIN = {"Group": _group, "Quote": _quote, "Relation": _relation}


class Rows(list[_T]):
    """A list whose items are rows of a table too.

    >>> import marsad
    >>> doc = marsad.load()("قال أنطونيو غوتيريش إن «الوضع خطير».")
    >>> doc.quotes.to_dicts()[0]["text"]
    'الوضع خطير'
    """

    def to_dicts(self) -> list[dict[str, Any]]:
        """The rows as plain dicts."""
        return [_PLAIN[type(item).__name__](item) for item in self]

    def to_pandas(self) -> Any:
        """A pandas frame."""
        return library("pandas", "pandas").DataFrame(self.to_dicts())

    def to_polars(self) -> Any:
        """A Polars frame."""
        return library("polars", "polars").DataFrame(self.to_dicts(), infer_schema_length=None)

    def to_arrow(self) -> Any:
        """A pyarrow table."""
        return library("pyarrow", "arrow").Table.from_pylist(self.to_dicts())

    def _repr_html_(self) -> str:
        rows = self.to_dicts()
        return table(list(rows[0]) if rows else [], rows, len(rows))
