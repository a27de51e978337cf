"""Normalizing strings: Marsad against plain Python and the Arabic libraries.

Three operations: (a) strip marks and tatweel; (b) unify letters: أإآٱ to ا, ؤ to و, ئى to ي, ة to ه; (c) both, with
ASCII digits and one space for each run of white space. Each library gets its nearest calls, which do not all do the
same: the tables say whose answers equal Marsad's, and for plain Python that is asserted. One thread, fresh strings.
"""

from __future__ import annotations

import os

os.environ["POLARS_MAX_THREADS"] = "1"

import importlib
import re
import statistics
import time
from collections.abc import Callable, Sequence
from typing import Any

import common

import marsad

STRIP = dict.fromkeys([chr(c) for c in [*range(0x64B, 0x653), 0x670, 0x640]], "")
UNIFY = {"أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ؤ": "و", "ئ": "ي", "ى": "ي", "ة": "ه"}
DIGITS = {chr(zero + i): str(i) for zero in (0x660, 0x6F0) for i in range(10)}
ALL = STRIP | UNIFY | DIGITS
OPERATIONS = ("a, strip", "b, unify", "c, all")
OURS, ALIGN, PLAIN = "**marsad**", "**marsad, with alignment**", "chained str.replace"
THEIR_ALIGN, COPY, MEMCPY = "araclean, with alignment", "(copy of the string)", "(copy of the UTF-8: memcpy)"
STEPS = {"tashkeel": True, "superscript_alef": True, "tatweel": True}
LETTERS = {"alef": True, "hamza": "carrier", "yeh": "yeh", "teh_marbuta": True}

Way = Callable[[str], Any]


def library(name: str) -> Any:
    """A rival, or None when it is not installed."""
    try:
        return importlib.import_module(name)
    except ImportError:
        return None


def replaced(text: str, table: dict[str, str]) -> str:
    for old, new in table.items():
        text = text.replace(old, new)
    return text


def ours() -> dict[str, marsad.Normalizer]:
    """Marsad's way of each operation."""
    norms = (
        marsad.Normalizer(**STEPS),
        marsad.Normalizer(**LETTERS),
        marsad.Normalizer(**STEPS, **LETTERS, digits="ascii", whitespace="collapse"),
    )
    return dict(zip(OPERATIONS, norms, strict=True))


def plain_python(ways: dict[str, dict[str, Way]]) -> None:
    a, b, c = (ways[name] for name in OPERATIONS)
    marks = re.compile("[" + "".join(STRIP) + "]+")
    letters = re.compile("[" + "".join(UNIFY) + "]")
    strip, unify, table = str.maketrans(STRIP), str.maketrans(UNIFY), str.maketrans(ALL)
    a |= {PLAIN: lambda t: replaced(t, STRIP), "re.sub": lambda t: marks.sub("", t)}
    a["str.translate"] = lambda t: t.translate(strip)
    b |= {PLAIN: lambda t: replaced(t, UNIFY), "re.sub": lambda t: letters.sub(lambda m: UNIFY[m.group()], t)}
    b["str.translate"] = lambda t: t.translate(unify)
    c |= {
        PLAIN: lambda t: " ".join(replaced(t, ALL).split()),
        "str.translate": lambda t: " ".join(t.translate(table).split()),
    }
    if (np := library("numpy")) is not None:
        values = np.arange(0x10000, dtype=np.uint16)
        for old, new in (UNIFY | DIGITS).items():
            values[ord(old)] = ord(new)
        keep = np.ones(0x10000, dtype=bool)
        keep[[ord(mark) for mark in STRIP]] = False

        def units(text: str) -> Any:
            return np.frombuffer(text.encode("utf-16-le"), np.uint16)

        def looked_up(text: str) -> str:
            u = units(text)
            return " ".join(values[u[keep[u]]].tobytes().decode("utf-16-le").split())

        def stripped(text: str) -> str:
            u = units(text)
            return str(u[keep[u]].tobytes().decode("utf-16-le"))

        a["a table in numpy"], c["a table in numpy"] = stripped, looked_up


def libraries(ways: dict[str, dict[str, Way]]) -> None:
    a, b, c = (ways[name] for name in OPERATIONS)
    if library("camel_tools") is not None:
        from camel_tools.utils import normalize as camel
        from camel_tools.utils.charmap import CharMapper
        from camel_tools.utils.dediac import dediac_ar

        clean = CharMapper.builtin_mapper("arclean")

        def unified(text: str) -> str:
            text = camel.normalize_alef_maksura_ar(camel.normalize_alef_ar(text))
            return str(camel.normalize_teh_marbuta_ar(text))

        a["camel-tools"], b["camel-tools"] = dediac_ar, unified
        c["camel-tools"] = lambda t: " ".join(unified(dediac_ar(clean(t))).split())
    if library("pyarabic") is not None:
        from pyarabic import araby
        from pyarabic.trans import normalize_digits

        def letters(text: str) -> str:
            return str(araby.normalize_hamza(araby.normalize_teh(araby.normalize_alef(text))))

        def stripped(text: str) -> str:
            return str(araby.strip_tatweel(araby.strip_tashkeel(text)))

        a["pyarabic"], b["pyarabic"] = stripped, letters
        c["pyarabic"] = lambda t: " ".join(normalize_digits(letters(stripped(t))).split())
    if (ac := library("araclean")) is not None:
        strip = [ac.RemoveTashkeel(), ac.RemoveTatweel()]
        unify = [ac.FoldAlef(), ac.FoldHamza(), ac.FoldAlefMaqsura(), ac.FoldTehMarbuta()]
        steps = (strip, unify, [*strip, *unify, ac.MapDigits(), ac.CollapseWhitespace()])
        for some, chosen in zip((a, b, c), steps, strict=True):
            some["araclean"] = ac.Pipeline(chosen)
            some[THEIR_ALIGN] = some["araclean"].apply_aligned


def operations() -> dict[str, dict[str, Way]]:
    """The ways to do each operation."""
    ways: dict[str, dict[str, Way]] = {
        name: {OURS: norm, ALIGN: norm.align, COPY: lambda t: t[:-1]} for name, norm in ours().items()
    }
    plain_python(ways)
    libraries(ways)
    return ways


def each(way: Way) -> common.Task:
    """A task that does a way to every text."""

    def task(given: list[str]) -> None:
        for text in given:
            way(text)

    return task


def memcpy(texts: Sequence[str]) -> common.Task:
    """Copy the UTF-8 of as many texts."""
    np = library("numpy")
    raw = [text.encode() for text in texts]
    arrays = [np.frombuffer(r, np.uint8) for r in raw] if np else [bytearray(r) for r in raw]

    def task(given: list[str]) -> None:
        for array in arrays[: len(given)]:
            array.copy()

    return task


def answer(way: Way, text: str) -> str:
    """What a way makes of a text, whatever it wraps it in."""
    got = way(text)
    got = got[0] if isinstance(got, tuple) else got
    return str(got if isinstance(got, str) else got.text)


def operation(title: str, ways: dict[str, Way], texts: Sequence[str]) -> str:
    wanted = [answer(ways[OURS], text) for text in texts]
    for way in (PLAIN, ALIGN):
        assert [answer(ways[way], text) for text in texts] == wanted, (title, way)
    some = min(len(texts), 20)
    same = {
        name: sum(answer(way, t) == w for t, w in zip(texts[:some], wanted, strict=False)) for name, way in ways.items()
    }
    speeds = common.rounds({name: each(way) for name, way in ways.items()} | {MEMCPY: memcpy(texts)}, texts)
    rows = [
        [
            name,
            speed,
            speeds[OURS] / speed,
            speed / speeds[MEMCPY],
            "" if name.startswith("(") else "yes" if same[name] == some else f"{same[name]} of {some}",
        ]
        for name, speed in sorted(speeds.items(), key=lambda item: -item[1])
    ]
    out = common.table(title, ["way", "MB/s", "marsad is … times as fast", "of memcpy", "equals marsad"], rows)
    said = [f"alignment takes {speeds[OURS] / speeds[ALIGN]:.2f} times the time of normalizing alone"]
    if THEIR_ALIGN in speeds:
        said.append(f"it is {speeds[ALIGN] / speeds[THEIR_ALIGN]:,.0f} times as fast as araclean's")
    return f"{out}\n{'; '.join(said).capitalize()}.\n"


def many(texts: list[str]) -> str:
    """Lists and Arrow columns, on one thread and on two."""
    norm = ours()["c, all"]
    tasks: dict[str, Callable[[list[str], int], object]] = {"list": lambda given, n: norm(given, threads=n)}
    rivals: dict[str, common.Task] = {}
    wanted = [norm(text) for text in texts]
    assert norm(texts, threads=1) == wanted == norm(texts, threads=2)
    if (pa := library("pyarrow")) is not None:
        column = pa.array(texts)
        assert norm(column, threads=1).to_list() == wanted == norm(column, threads=2).to_list()
        tasks["Arrow column"] = lambda given, n: norm(column, threads=n)
    if (pl := library("polars")) is not None:
        series = pl.Series(texts)
        rivals["polars: replace_many, replace_all, strip_chars, on one thread"] = lambda given: (
            series.head(len(given))
            .str.replace_many(list(ALL), list(ALL.values()))
            .str.replace_all(r"\s+", " ")
            .str.strip_chars()
        )
    size, rows = common.size(texts), []
    for name, task in tasks.items():
        spent: dict[int, list[tuple[float, float]]] = {1: [], 2: []}
        for _ in range(25):
            for threads, times in spent.items():
                given = common.fresh(texts)
                start = time.perf_counter(), time.process_time()
                kept = task(given, threads)
                times.append((time.perf_counter() - start[0], time.process_time() - start[1]))
                # Giving its memory back is not what is measured.
                del kept
        # By the clock the best round counts: in the others, other programs had one of the cores. Threads share the work
        # to the end, so that two idle cores need half of what both spend.
        (wall, wall2), (cpu, cpu2) = (
            [choose(column[at] for column in spent[n]) for n in (1, 2)]
            for at, choose in ((0, min), (1, statistics.median))
        )
        rows.append([name, size / cpu, wall / wall2, 2 * cpu / cpu2])
    header = ["way", "MB/s on one core", "two threads, by the clock", "two threads, by processor time"]
    rows += [[name, speed, "", ""] for name, speed in common.rounds(rivals, texts).items()]
    return common.table("Operation c: lists and columns of texts of 2,000 characters", header, rows)


def main() -> None:
    print(f"Texts: {common.source()}.\n")
    for length, marks in [(10_000, False), (10_000, True), (200, False), (200, True)]:
        # A hamza written apart goes with unified letters; plain Python would need three replacements more for it.
        texts = [t for t in common.documents(2, length, marks=marks) if not set("\u0653\u0654\u0655") & set(t)]
        for name, ways in operations().items():
            title = f"{name}: texts of {length:,} characters" + (", vocalized" if marks else "")
            print(operation(title, ways, texts))
    print(many(common.documents(8, 2_000) * 4))


if __name__ == "__main__":
    main()
