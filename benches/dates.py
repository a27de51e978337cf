"""Reading dates: Marsad against dateparser, on the expressions of tests/golden/dates.toml."""

from __future__ import annotations

import tomllib
from datetime import date

import common

import marsad


def main() -> None:
    golden = tomllib.loads((common.ROOT / "tests/golden/dates.toml").read_text(encoding="utf-8"))
    cases = [c for c in next(v for v in golden.values() if isinstance(v, list)) if c.get("edtf") and c.get("text")]
    nlp = marsad.load()
    ours = sum(
        any((e.value or {}).get("edtf") == c["edtf"] for e in nlp(c["text"], published=c.get("published")).ents)
        for c in cases
    )
    rows = [("marsad", ours, len(cases))]
    try:
        import dateparser.search

        theirs = 0
        for c in cases:
            base = date.fromisoformat(c.get("published", "2016-12-10"))
            settings = {"RELATIVE_BASE": __import__("datetime").datetime(base.year, base.month, base.day)}
            found = dateparser.search.search_dates(c["text"], languages=["ar"], settings=settings) or []
            theirs += any(d.date().isoformat().startswith(c["edtf"]) for _, d in found)
        rows.append(("dateparser, any result within the period", theirs, len(cases)))
    except ImportError:
        print("dateparser is not installed\n")
    print(common.table("Dates read right", ("tool", "right", "of"), rows))


if __name__ == "__main__":
    main()
