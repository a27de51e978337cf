"""Rules of the house that the source itself must keep."""

import inspect
import re
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_every_class_is_frozen():
    classes = 0
    for path in (ROOT / "src" / "python").rglob("*.rs"):
        for match in re.finditer(r"#\[pyclass\(([^)]*)\)\]|#\[pyclass\]", path.read_text(encoding="utf-8")):
            classes += 1
            assert "frozen" in (match.group(1) or ""), f"{path}: {match.group(0)}"
    assert classes >= 12


def test_every_public_name_is_documented():
    import marsad

    for name in marsad.__all__:
        value = getattr(marsad, name)
        if isinstance(value, (str, list)):
            continue
        assert value.__doc__, name
        if isinstance(value, type) and value.__module__.startswith("marsad"):
            for attribute, inner in vars(value).items():
                if not attribute.startswith("_") and not inspect.ismemberdescriptor(inner):
                    assert inner.__doc__, f"{name}.{attribute}"
