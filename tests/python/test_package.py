"""What is installed with the package."""

from __future__ import annotations

from importlib import metadata
from pathlib import Path

import marsad

PACKAGE = Path(marsad.__file__).parent


def test_data_and_types_are_there() -> None:
    for name, least in (
        ("data/core.marsad", 1_000_000),
        ("data/outline.json", 100_000),
        ("data/fonts/MarsadSans.ttf", 50_000),
        ("_core.pyi", 10_000),
        ("py.typed", 0),
        ("cli/__init__.py", 100),
        ("charts/__init__.py", 100),
    ):
        assert (PACKAGE / name).stat().st_size >= least, name


def test_licenses_are_there() -> None:
    files = {path.name for path in metadata.distribution("marsad").files or []}
    assert {"LICENSE-MIT", "LICENSE-APACHE", "NOTICE"} <= files
    told = metadata.metadata("marsad")
    assert told["License-Expression"] == "MIT OR Apache-2.0"
    assert {"charts", "pandas", "polars", "arrow"} <= set(told.get_all("Provides-Extra") or [])


def test_the_font_has_its_license() -> None:
    assert [
        path.name for path in (PACKAGE / "data" / "fonts").iterdir() if "OFL" in path.name or "LICENSE" in path.name
    ]
