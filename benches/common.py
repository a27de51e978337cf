"""What the benchmarks share: texts, interleaved rounds, tables.

1 MB is 10^6 bytes of UTF-8. Every figure is the median of rounds in which the rivals take turns, so that a machine
that slows down slows all of them.
"""

from __future__ import annotations

import gc
import glob
import lzma
import os
import platform
import random
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MARKS = "\u064e\u064f\u0650\u0652\u0651\u064b\u064c\u064d"


def vocalized(text: str, rng: random.Random, share: float = 0.55) -> str:
    """A mark after a share of the letters: stands for vocalized text."""
    out = []
    for c in text:
        out.append(c)
        if "\u0621" <= c <= "\u064a" and rng.random() < share:
            out.append(rng.choice(MARKS))
    return "".join(out)


def lines(megabytes: float, seed: int = 7) -> list[str]:
    """Paragraphs: of the raw news in the folder MARSAD_RAW (.txt or .txt.xz), else of the example article in a
    random order of its words. Real news is the harder text, since caches help less."""
    rng = random.Random(seed)
    found: list[str] = []
    folder = os.environ.get("MARSAD_RAW")
    if folder:
        size = 0
        for path in sorted(glob.glob(f"{folder}/news-*.txt*")):
            opener = lzma.open if path.endswith("xz") else open
            with opener(path, "rt", encoding="utf-8") as file:
                for line in file:
                    found.append(line.rstrip("\n"))
                    size += len(line) * 2
                    if size > megabytes * 1e6 * 1.2:
                        break
    else:
        paragraphs = [p.split() for p in (ROOT / "examples/article.txt").read_text(encoding="utf-8").split("\n") if p]
        size = 0.0
        while size < megabytes * 1e6:
            words = list(rng.choice(paragraphs))
            cut = rng.randrange(len(words))
            found.append(" ".join(words[cut:] + words[:cut]))
            size += len(found[-1]) * 1.85
    rng.shuffle(found)
    return found


def documents(megabytes: float, length: int, *, marks: bool = False, seed: int = 7) -> list[str]:
    """Texts of about `length` characters, `megabytes` in all."""
    rng = random.Random(seed)
    source = lines(megabytes, seed)
    out: list[str] = []
    held: list[str] = []
    size = total = 0
    for line in source:
        pieces = [line] if length > 1000 else [line[i : i + length] for i in range(0, len(line), length)]
        for piece in pieces:
            held.append(vocalized(piece, rng) if marks else piece)
            size += len(held[-1])
            if size >= length:
                out.append("\n".join(held))
                total += len(out[-1].encode())
                held, size = [], 0
                if total >= megabytes * 1e6:
                    return out
    return out


def size(texts: Sequence[str]) -> float:
    """Megabytes of UTF-8."""
    return sum(len(t.encode()) for t in texts) / 1e6


def fresh(texts: Sequence[str]) -> list[str]:
    """New string objects: none holds a cached UTF-8 form."""
    return ["".join((t[:1], t[1:])) for t in texts]


def rounds(tasks: dict[str, Callable[[list[str]], object]], texts: Sequence[str], count: int = 5) -> dict[str, float]:
    """Median seconds of each task over `count` rounds in turn, on fresh strings."""
    times: dict[str, list[float]] = {name: [] for name in tasks}
    for _ in range(count):
        for name, task in tasks.items():
            given = fresh(texts)
            gc.collect()
            start = time.perf_counter()
            task(given)
            times[name].append(time.perf_counter() - start)
    return {name: statistics.median(t) for name, t in times.items()}


def table(title: str, header: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """A Markdown table under a heading."""
    out = [f"### {title}", "", "| " + " | ".join(header) + " |", "|" + "---|" * len(header)]
    out += ["| " + " | ".join(f"{c:.3g}" if isinstance(c, float) else str(c) for c in row) + " |" for row in rows]
    return "\n".join(out) + "\n"


def machine() -> str:
    """The machine and the versions, for the head of a report."""
    from importlib.metadata import PackageNotFoundError, version

    versions = []
    for name in ("marsad", "camel-tools", "pyarabic", "araclean", "polars", "spacy", "ahocorasick-rs", "flashtext"):
        try:
            versions.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            versions.append(f"{name} not installed")
    cpu = platform.processor() or platform.machine()
    try:
        for line in Path("/proc/cpuinfo").read_text().splitlines():
            if line.startswith("model name"):
                cpu = line.split(":", 1)[1].strip()
                break
    except OSError:
        pass
    return f"{cpu}, {os.cpu_count()} cores; Python {sys.version.split()[0]}; {', '.join(versions)}"
