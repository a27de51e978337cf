"""Names of your own, from whatever you keep them in, as rows for the core."""

from __future__ import annotations

import csv
import difflib
import json
import math
import os
from collections.abc import Iterable, Mapping
from typing import Any

from marsad._core import LABELS, DataError

Row = tuple[str, str, list[str], str, dict[str, str]]

_COLUMNS = ("label", "name", "aliases", "latin")


def rows(names: Any) -> list[Row]:
    """Rows (label, name, aliases, Latin name, facts) of a dict, a frame, a list of dicts, or a file."""
    if isinstance(names, Mapping):
        return list(_of_dict(names))
    if isinstance(names, (str, os.PathLike)):
        return list(_of_file(os.fspath(names)))
    columns = getattr(names, "columns", None)
    if columns is not None and hasattr(names, "__getitem__"):
        return list(_of_frame(names, [str(column) for column in columns]))
    if isinstance(names, Iterable):
        return list(_of_records(names, "the list", first=0))
    raise TypeError(
        "with_lexicon: expected a dict of labels to names, a data frame, a list of dicts or a file, "
        f"not {type(names).__name__}"
    )


def _label(value: Any, where: str) -> str:
    if value in LABELS:
        return str(value)
    near = difflib.get_close_matches(str(value).upper(), LABELS, 1)
    hint = f"; did you mean {near[0]}?" if near else "."
    raise DataError(f"{where}: there is no label {value!r}{hint} The labels are {' '.join(LABELS)}")


def _is_missing(value: Any) -> bool:
    """None, NaN, an empty cell, and what pandas puts where nothing is."""
    return (
        value is None
        or (isinstance(value, str) and not value)
        or (isinstance(value, float) and math.isnan(value))
        or type(value).__name__ in ("NAType", "NaTType")
    )


def _name(value: Any, where: str) -> str:
    if _is_missing(value) or (isinstance(value, str) and not value.strip(" ?\t\r\n")):
        raise DataError(f"{where}: the name is missing")
    if not isinstance(value, str):
        raise DataError(f"{where}: a name is a string, not {type(value).__name__}")
    return value


def _aliases(value: Any, where: str) -> list[str]:
    if _is_missing(value):
        return []
    if isinstance(value, str):
        return [alias.strip() for alias in value.split("|") if alias.strip()]
    if isinstance(value, Iterable):
        return [_name(alias, where) for alias in value]
    raise DataError(f"{where}: expected a list of strings, or one string with | between them")


def _latin(value: Any, where: str) -> str:
    if _is_missing(value):
        return ""
    if not isinstance(value, str):
        raise DataError(f"{where}: expected a string, not {type(value).__name__}")
    return value


def _row(record: Mapping[str, Any], where: str) -> Row:
    return (
        _label(record.get("label"), f"{where}, column label"),
        _name(record.get("name"), f"{where}, column name"),
        _aliases(record.get("aliases"), f"{where}, column aliases"),
        _latin(record.get("latin"), f"{where}, column latin"),
        {key: _fact(value) for key, value in record.items() if key not in _COLUMNS and not _is_missing(value)},
    )


def _fact(value: Any) -> str:
    """A fact as text; a frame makes floats of whole numbers where one is missing."""
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def _check_columns(columns: Iterable[str], what: str) -> None:
    columns = list(columns)
    for needed in ("label", "name"):
        if needed not in columns:
            raise DataError(
                f"{what}: no column {needed!r}; it needs label and name, and may have aliases, latin and facts"
            )


def _of_dict(names: Mapping[Any, Any]) -> Iterable[Row]:
    for label, given in names.items():
        label = _label(label, "with_lexicon")
        if isinstance(given, str):
            raise DataError(f"label {label}: expected a list of names, not one string")
        for number, name in enumerate(given):
            where = f"label {label}, name {number}"
            if isinstance(name, Mapping):
                yield _row({"label": label, **name}, where)
            elif isinstance(name, (list, tuple)):
                # The first is the name, the others are its aliases.
                if not name:
                    raise DataError(f"{where}: the name is missing")
                yield label, _name(name[0], where), [_name(alias, where) for alias in name[1:]], "", {}
            else:
                yield label, _name(name, where), [], "", {}


def _of_frame(frame: Any, columns: list[str]) -> Iterable[Row]:
    _check_columns(columns, "the frame")
    for number, cells in enumerate(zip(*(list(frame[column]) for column in columns), strict=True)):
        yield _row(dict(zip(columns, cells, strict=True)), f"row {number}")


def _of_records(records: Iterable[Any], what: str, first: int) -> Iterable[Row]:
    for number, record in enumerate(records, first):
        if not isinstance(record, Mapping):
            raise DataError(f"{what}, row {number}: expected a dict with label and name, not {type(record).__name__}")
        yield _row(record, f"{what}, row {number}")


def _of_file(path: str) -> Iterable[Row]:
    kind = os.path.splitext(path)[1].lower()
    try:
        with open(path, encoding="utf-8-sig", newline="") as file:
            text = file.read()
    except UnicodeDecodeError as error:
        raise DataError(f"{path}: not UTF-8 at byte {error.start}") from None
    if kind == ".json":
        return _of_json(text, path)
    if kind in (".jsonl", ".ndjson"):
        lines = ((number, line) for number, line in enumerate(text.splitlines(), 1) if line.strip())
        return _of_records((_parsed(line, f"{path}, line {number}") for number, line in lines), path, first=1)
    if kind in (".csv", ".tsv", ".txt"):
        return _of_table(text, path, "," if kind == ".csv" else "\t")
    raise DataError(f"{path}: a lexicon is a .tsv, .csv, .json or .jsonl file")


def _parsed(text: str, where: str) -> Any:
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        raise DataError(f"{where}: no JSON at line {error.lineno}, column {error.colno}: {error.msg}") from None


def _of_json(text: str, path: str) -> Iterable[Row]:
    data = _parsed(text, path)
    if isinstance(data, Mapping):
        return _of_dict(data)
    if isinstance(data, list):
        return _of_records(data, path, first=0)
    raise DataError(f"{path}: expected a dict of labels to names, or a list of dicts with label and name")


def _of_table(text: str, path: str, delimiter: str) -> Iterable[Row]:
    # A quote mark may be part of a name in tab-separated tables.
    lines = text.splitlines()
    if delimiter == ",":
        reader = csv.reader(lines, delimiter=delimiter)
    else:
        reader = csv.reader(lines, delimiter=delimiter, quoting=csv.QUOTE_NONE)
    columns: list[str] | None = None
    for cells in reader:
        if not any(cell.strip() for cell in cells) or cells[0].startswith("#"):
            continue
        if columns is None:
            columns = [cell.strip() for cell in cells]
            _check_columns(columns, f"{path}, line {reader.line_num}")
            continue
        yield _row(dict(zip(columns, cells, strict=False)), f"{path}, line {reader.line_num}")
    if columns is None:
        raise DataError(f"{path}: the file is empty; its first line names the columns: label, name, aliases, latin")
