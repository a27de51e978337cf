"""Time the normalizer against plain Python and the Arabic libraries that are installed.

    python benches/normalize.py FILE [FILE…]     # UTF-8 news; without a file, an invented text repeated

Every figure is a median of interleaved rounds on one thread, on strings made anew for every round (so without a cached
UTF-8 form), in MB of UTF-8 a second. Where two ways should give the same text, that is asserted first.

Bias: the operations are Marsad's own choice; the libraries get their nearest calls, which do not all do the same.
"""

from __future__ import annotations

import argparse
import itertools
import re
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

import marsad

MARKS = [chr(c) for c in [*range(0x64B, 0x653), 0x670, 0x640]]
LETTERS = {"أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ؤ": "و", "ئ": "ي", "ى": "ي", "ة": "ه"}
DIGITS = {chr(zero + i): str(i) for zero in (0x660, 0x6F0) for i in range(10)}
INVENTED = "وقال الوزيرُ في مؤتمر صحفي عُقد أمس إن المدينة الجديدة ستستقبل ٢٥٠٠ أسرة، ثم غادر إلى العاصمة.\n"

Way = Callable[[str], str]


def replaced(text: str, table: dict[str, str]) -> str:
    """Chained replaces, the fastest plain way for most tables."""
    for old, new in table.items():
        text = text.replace(old, new)
    return text


STRIP = dict.fromkeys(MARKS, "")
ALL = STRIP | LETTERS | DIGITS


def ways() -> dict[str, dict[str, Way]]:
    """The ways to do each operation; the first is the reference."""
    strip = marsad.Normalizer(tashkeel=True, superscript_alef=True, tatweel=True)
    unify = marsad.Normalizer(alef=True, hamza="carrier", yeh="yeh", teh_marbuta=True)
    full = marsad.Normalizer(
        tashkeel=True,
        superscript_alef=True,
        tatweel=True,
        alef=True,
        hamza="carrier",
        yeh="yeh",
        teh_marbuta=True,
        digits="ascii",
        whitespace="collapse",
    )
    marks = re.compile("[" + "".join(MARKS) + "]+")
    table = str.maketrans(ALL)
    found: dict[str, dict[str, Way]] = {
        "a strip": {
            "marsad": strip,
            "marsad align": lambda text: strip.align(text).text,
            "chained replace": lambda text: replaced(text, STRIP),
            "re.sub": lambda text: marks.sub("", text),
        },
        "b unify": {
            "marsad": unify,
            "marsad align": lambda text: unify.align(text).text,
            "chained replace": lambda text: replaced(text, LETTERS),
        },
        "c full": {
            "marsad": full,
            "marsad align": lambda text: full.align(text).text,
            "chained replace": lambda text: " ".join(replaced(text, ALL).split()),
            "str.translate": lambda text: " ".join(text.translate(table).split()),
        },
    }
    for operation in found.values():
        operation["copy (memcpy)"] = lambda text: text[:-1]
    try:
        from camel_tools.utils.dediac import dediac_ar
        from camel_tools.utils.normalize import (
            normalize_alef_ar,
            normalize_alef_maksura_ar,
            normalize_teh_marbuta_ar,
            normalize_unicode,
        )

        def camel(text: str) -> str:
            return normalize_teh_marbuta_ar(normalize_alef_maksura_ar(normalize_alef_ar(text)))

        found["a strip"]["camel-tools"] = dediac_ar
        found["b unify"]["camel-tools"] = camel
        found["c full"]["camel-tools"] = lambda text: " ".join(camel(dediac_ar(normalize_unicode(text))).split())
    except ImportError:
        print("camel-tools is not installed", file=sys.stderr)
    try:
        from pyarabic import araby
        from pyarabic.trans import normalize_digits

        def unified(text: str) -> str:
            return str(araby.normalize_hamza(araby.normalize_teh(araby.normalize_alef(text))))

        def stripped(text: str) -> str:
            return str(araby.strip_tatweel(araby.strip_tashkeel(text)))

        found["a strip"]["pyarabic"] = stripped
        found["b unify"]["pyarabic"] = unified
        found["c full"]["pyarabic"] = lambda text: " ".join(normalize_digits(unified(stripped(text))).split())
    except ImportError:
        print("pyarabic is not installed", file=sys.stderr)
    return found


def fresh(texts: list[str]) -> list[str]:
    """The same texts as new objects."""
    return [(text + "-")[:-1] for text in texts]


def measure(texts: list[str], operation: dict[str, Way], rounds: int) -> dict[str, float]:
    """Seconds of each way, the median of the rounds."""
    times: dict[str, list[float]] = {name: [] for name in operation}
    for _ in range(rounds):
        for name, way in operation.items():
            batch = fresh(texts)
            start = time.perf_counter()
            for text in batch:
                way(text)
            times[name].append(time.perf_counter() - start)
    return {name: statistics.median(found) for name, found in times.items()}


def columns(texts: list[str], rounds: int) -> None:
    """Lists and Arrow columns, on one thread and on two."""
    norm = marsad.Normalizer(preset="search", unicode="keep", elongation=0)
    size = sum(len(text.encode()) for text in texts) / 1e6
    jobs: dict[str, Callable[[], object]] = {}
    for threads in (1, 2):
        jobs[f"list, {threads} threads"] = lambda threads=threads: norm(texts, threads=threads)  # type: ignore[misc]
    try:
        import pyarrow as pa

        column = pa.array(texts)
        for threads in (1, 2):
            jobs[f"Arrow, {threads} threads"] = lambda threads=threads: norm(column, threads=threads)  # type: ignore[misc]
    except ImportError:
        print("pyarrow is not installed", file=sys.stderr)
    times: dict[str, list[float]] = {name: [] for name in jobs}
    for _ in range(rounds):
        for name, job in jobs.items():
            start = time.perf_counter()
            job()
            times[name].append(time.perf_counter() - start)
    for name, found in times.items():
        print(f"{name:24} {size / statistics.median(found):9.0f} MB/s")


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="*", type=Path)
    parser.add_argument("--megabytes", type=float, default=4)
    parser.add_argument("--rounds", type=int, default=7)
    options = parser.parse_args()
    text = "".join(path.read_text("utf-8") for path in options.files) or INVENTED * 40_000
    text = text[: int(options.megabytes * 1e6 / 1.8)]
    for size in (10_000, 200):
        texts = ["".join(part) for part in itertools.batched(text, size)] if sys.version_info >= (3, 12) else [
            text[i : i + size] for i in range(0, len(text), size)
        ]
        megabytes = sum(len(text.encode()) for text in texts) / 1e6
        for name, operation in ways().items():
            for way in ("chained replace", "marsad align"):
                assert all(operation[way](text) == operation["marsad"](text) for text in texts), (name, way)
            seconds = measure(texts, operation, options.rounds)
            best = seconds["marsad"]
            print(f"\n{name}, texts of {size} characters")
            for way, took in sorted(seconds.items(), key=lambda item: item[1]):
                print(f"  {way:20} {megabytes / took:9.1f} MB/s   {took / best:7.2f} times marsad's time")
    print()
    columns([text[i : i + 2_000] for i in range(0, len(text), 2_000)], options.rounds)


if __name__ == "__main__":
    main()
