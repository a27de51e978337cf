"""The examples in the documentation strings run."""

import doctest
import importlib
import importlib.util
from pathlib import Path

import pytest

import marsad
from marsad import _core


def examples():
    finder = doctest.DocTestFinder(exclude_empty=True)
    for name in sorted(vars(_core)):
        value = getattr(_core, name)
        if isinstance(value, type):
            for owner, inner in [(name, value), *((f"{name}.{a}", v) for a, v in vars(value).items())]:
                yield from parsed(owner, getattr(inner, "__doc__", None))
        elif callable(value):
            yield from parsed(name, value.__doc__)
    for module in ("marsad", "marsad.charts", "marsad.report", "marsad._rows", "marsad.spark"):
        try:
            loaded = importlib.import_module(module)
        except ImportError:
            continue
        yield from (
            case
            for case in finder.find(loaded, module, globs={})
            if not hasattr(_core, case.name.split(".")[1] if "." in case.name else "")
        )


def parsed(name, text):
    if isinstance(text, str) and ">>>" in text:
        yield doctest.DocTestParser().get_doctest(text, {}, name, None, None)


CASES = [case for case in examples() if case.examples]


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_example(case):
    result = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS).run(case)
    assert result.failed == 0


def test_there_are_examples():
    assert len(CASES) > 8 and marsad.load.__doc__


def test_what_is_written_of_the_interface_is_new():
    """The page and the stubs say what the package says: `python tools/write_api.py` writes them."""
    pytest.importorskip("altair")
    path = Path(__file__).parents[2] / "tools" / "write_api.py"
    spec = importlib.util.spec_from_file_location("write_api", path)
    tool = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(tool)
    assert tool.stale() == []
