"""Reading dates: Marsad against dateparser, on the expressions of tests/golden/dates_*.toml, and how fast."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import common

import marsad


def cases() -> list[dict[str, Any]]:
    """Expressions with the date that they name and the day of writing."""
    found = []
    for path in sorted((common.ROOT / "tests/golden").glob("dates_*.toml")):
        golden = tomllib.loads(path.read_text(encoding="utf-8"))
        for case in golden["cases"]:
            day = case.get("published", golden.get("published", "none"))
            if case.get("edtf"):
                found.append({**case, "published": None if day == "none" else day})
    return found


def main() -> None:
    nlp = marsad.load()
    expressions = cases()
    texts = common.documents(1, 2_000)
    right = {
        "**marsad**, the same date and precision": sum(
            any((ent.value or {}).get("edtf") == c["edtf"] for ent in nlp(c["text"], published=c["published"]).ents)
            for c in expressions
        )
    }
    tasks: dict[str, Callable[[list[str]], object]] = {
        "**marsad**, the same date and precision": lambda given: [nlp(t, published="2016-12-10") for t in given]
    }
    try:
        from dateparser.search import search_dates

        name = "dateparser, any day within that date"

        def theirs(text: str, day: str | None) -> Any:
            settings = {"RELATIVE_BASE": datetime.combine(date.fromisoformat(day or "2016-12-10"), datetime.min.time())}
            return search_dates(text, languages=["ar"], settings=settings) or []

        right[name] = sum(
            any(found.date().isoformat().startswith(c["edtf"]) for _, found in theirs(c["text"], c["published"]))
            for c in expressions
        )
        tasks[name] = lambda given: [theirs(text, "2016-12-10") for text in given]
    except ImportError:
        print("dateparser is not installed.\n")
    speeds = common.rounds(tasks, texts)
    rows = [[name, count, len(expressions), speeds[name]] for name, count in right.items()]
    print("The expressions are Marsad's own tests, so that it reads them proves little.\n")
    print(common.table("Dates", ["tool", "right", "of", "MB/s"], rows))


if __name__ == "__main__":
    main()
