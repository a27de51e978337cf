"""Normalizing strings: Marsad against plain Python and the Arabic libraries.

Three operations: (a) strip marks and tatweel; (b) unify letters: أإآٱ to ا, ؤ to و, ئى to ي, ة to ه; (c) both, with
ASCII digits and one space for each run of white space. Each library gets its nearest calls, which do not all do the
same; that Marsad and plain Python do the same is asserted. One thread, fresh strings.
"""

from __future__ import annotations

import re
from collections.abc import Callable

import common

import marsad

STRIP = dict.fromkeys([chr(c) for c in [*range(0x64B, 0x653), 0x670, 0x640]], "")
UNIFY = {"أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ؤ": "و", "ئ": "ي", "ى": "ي", "ة": "ه"}
DIGITS = {chr(zero + i): str(i) for zero in (0x660, 0x6F0) for i in range(10)}
ALL = STRIP | UNIFY | DIGITS
OURS, ALIGN, PLAIN, COPY = "marsad", "marsad, with alignment", "chained str.replace", "copy of the string"

Way = Callable[[str], str]


def replaced(text: str, table: dict[str, str]) -> str:
    for old, new in table.items():
        text = text.replace(old, new)
    return text


def operations() -> dict[str, dict[str, Way]]:
    """The ways to do each operation."""
    steps = {"tashkeel": True, "superscript_alef": True, "tatweel": True}
    letters = {"alef": True, "hamza": "carrier", "yeh": "yeh", "teh_marbuta": True}
    norms = {
        "a, strip": marsad.Normalizer(**steps),
        "b, unify": marsad.Normalizer(**letters),
        "c, all": marsad.Normalizer(**steps, **letters, digits="ascii", whitespace="collapse"),
    }
    marks = re.compile("[" + "".join(STRIP) + "]+")
    table = str.maketrans(ALL)
    plain: dict[str, dict[str, Way]] = {
        "a, strip": {PLAIN: lambda text: replaced(text, STRIP), "re.sub": lambda text: marks.sub("", text)},
        "b, unify": {PLAIN: lambda text: replaced(text, UNIFY)},
        "c, all": {
            PLAIN: lambda text: " ".join(replaced(text, ALL).split()),
            "str.translate": lambda text: " ".join(text.translate(table).split()),
        },
    }
    ways: dict[str, dict[str, Way]] = {}
    for name, norm in norms.items():
        ours: dict[str, Way] = {OURS: norm, ALIGN: lambda text, norm=norm: norm.align(text).text}  # type: ignore[misc]
        ways[name] = ours | plain[name] | {COPY: lambda text: text[:-1]}
    try:
        from camel_tools.utils.dediac import dediac_ar
        from camel_tools.utils.normalize import (
            normalize_alef_ar,
            normalize_alef_maksura_ar,
            normalize_teh_marbuta_ar,
            normalize_unicode,
        )

        def camel(text: str) -> str:
            return str(normalize_teh_marbuta_ar(normalize_alef_maksura_ar(normalize_alef_ar(text))))

        ways["a, strip"]["camel-tools"] = dediac_ar
        ways["b, unify"]["camel-tools"] = camel
        ways["c, all"]["camel-tools"] = lambda text: " ".join(camel(dediac_ar(normalize_unicode(text))).split())
    except ImportError:
        print("camel-tools is not installed\n")
    try:
        from pyarabic import araby
        from pyarabic.trans import normalize_digits

        def unified(text: str) -> str:
            return str(araby.normalize_hamza(araby.normalize_teh(araby.normalize_alef(text))))

        def stripped(text: str) -> str:
            return str(araby.strip_tatweel(araby.strip_tashkeel(text)))

        ways["a, strip"]["pyarabic"] = stripped
        ways["b, unify"]["pyarabic"] = unified
        ways["c, all"]["pyarabic"] = lambda text: " ".join(normalize_digits(unified(stripped(text))).split())
    except ImportError:
        print("pyarabic is not installed\n")
    return ways


def each(way: Way) -> Callable[[list[str]], object]:
    """A task that does a way to every text."""

    def task(given: list[str]) -> None:
        for text in given:
            way(text)

    return task


def many(texts: list[str]) -> None:
    """Lists and Arrow columns, on one thread and on two."""
    norm = marsad.Normalizer(preset="search", unicode="keep")
    tasks: dict[str, Callable[[list[str]], object]] = {
        f"list, threads={n}": lambda given, n=n: norm(given, threads=n)  # type: ignore[misc]
        for n in (1, 2)
    }
    try:
        import pyarrow as pa

        column = pa.array(texts)
        tasks |= {
            f"Arrow column, threads={n}": lambda given, n=n: norm(column, threads=n)  # type: ignore[misc]
            for n in (1, 2)
        }
    except ImportError:
        print("pyarrow is not installed\n")
    times = common.rounds(tasks, texts)
    rows = [[name, common.size(texts) / seconds] for name, seconds in times.items()]
    print(common.table("Lists and columns of texts of 2,000 characters, preset search", ["way", "MB/s"], rows))


def main() -> None:
    for length, marks in [(10_000, False), (10_000, True), (200, False)]:
        texts = common.documents(2, length, marks=marks)
        for name, ways in operations().items():
            for way in (PLAIN, ALIGN):
                assert all(ways[way](text) == ways[OURS](text) for text in texts), (name, way)
            times = common.rounds({way: each(does) for way, does in ways.items()}, texts)
            rows = [
                [way, common.size(texts) / seconds, seconds / times[OURS], times[COPY] / seconds]
                for way, seconds in sorted(times.items(), key=lambda item: item[1])
            ]
            title = f"{name}: texts of {length} characters" + (", vocalized" if marks else "")
            print(common.table(title, ["way", "MB/s", "times marsad's time", "share of a copy's speed"], rows))
    many(common.documents(4, 2_000))


if __name__ == "__main__":
    main()
