"""The whole analysis: words a second, threads, tables, the cost of starting."""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from collections.abc import Callable

import common

import marsad


def speed() -> str:
    nlp = marsad.load()
    rows = []
    for name, length in (("documents of 10,000 characters", 10_000), ("paragraphs of 200 characters", 200)):
        texts = common.documents(3, length)
        words = sum(len(t.split()) for t in texts) / common.size(texts)
        speeds = common.rounds(
            {
                "one by one": lambda given: [nlp(t) for t in given],
                "pipe, 1 thread": lambda given: list(nlp.pipe(given, threads=1)),
                "pipe, 2 threads": lambda given: list(nlp.pipe(given, threads=2)),
                "corpus, 1 thread": lambda given: nlp.corpus(given, threads=1),
            },
            texts,
            budget=1.2,
        )
        rows += [[name, way, mb, f"{mb * words:,.0f}"] for way, mb in speeds.items()]
    return common.table("Whole analysis, per second of one processor", ("texts", "way", "MB/s", "words/s"), rows)


def threads() -> str:
    """By the clock, two threads against one; on a busy machine also what the processor says."""
    nlp = marsad.load()
    texts = common.documents(3, 5_000)
    rows = []
    ways: dict[str, Callable[[int], object]] = {
        "pipe": lambda n: sum(1 for _ in nlp.pipe(texts, threads=n)),
        "corpus": lambda n: nlp.corpus(texts, threads=n),
    }
    for name, way in ways.items():
        spent: dict[int, list[tuple[float, float, float]]] = {1: [], 2: []}
        for _ in range(5):
            for n, times in spent.items():
                start = time.perf_counter(), time.process_time(), time.thread_time()
                way(n)
                end = time.perf_counter(), time.process_time(), time.thread_time()
                times.append((end[0] - start[0], end[1] - start[1], end[2] - start[2]))
        (wall, cpu, _), (wall2, cpu2, own2) = (
            [statistics.median(column) for column in zip(*spent[n], strict=True)] for n in (1, 2)
        )
        rows.append([name, wall / wall2, cpu / max(cpu2 / 2, own2)])
    return common.table("Two threads against one", ("way", "by the clock", "by processor time"), rows)


def tables() -> str:
    """What it costs to write tables rather than to count mentions, of ever more documents.

    A shared machine changes its speed from second to second, so each round is compared with itself.
    """
    nlp = marsad.load()
    texts = common.documents(4, 2_000)
    rows = []
    for count in (len(texts) // 4, len(texts)):
        some = texts[:count]
        times: dict[str, list[float]] = {"analysis": [], "tables": []}
        tasks: dict[str, common.Task] = {
            "analysis": lambda given: sum(len(doc.ents) for doc in nlp.pipe(given, threads=1)),
            "tables": lambda given: nlp.corpus(given, threads=1),
        }
        for turn in range(21):
            for name in sorted(tasks, reverse=turn % 2 == 1):
                start = time.process_time()
                kept = tasks[name](some)
                times[name].append(time.process_time() - start)
                del kept
        plain, tabled = (statistics.median(times[name]) for name in ("analysis", "tables"))
        ratios = [b / a for a, b in zip(times["analysis"], times["tables"], strict=True)]
        low, middle, high = (f"{(part - 1) * 100:+.1f} %" for part in statistics.quantiles(ratios))
        rows.append([count, plain / count * 1e6, tabled / count * 1e6, middle, f"{low} to {high}"])
    header = (
        "documents of 2,000 characters",
        "analysis, µs each",
        "analysis and tables, µs each",
        "tables cost",
        "half of the rounds",
    )
    return common.table("Tables of a corpus", header, rows)


def start() -> str:
    code = {
        "nothing": "pass",
        "import marsad": "import marsad",
        "import and load": "import marsad; marsad.load()",
        "import, load, first document": "import marsad; marsad.load()('زار الوزير مدينة بنغازي')",
    }
    rows = []
    times: dict[str, list[float]] = {name: [] for name in code}
    for _ in range(11):
        for name, line in code.items():
            begin = time.perf_counter()
            subprocess.run([sys.executable, "-c", line], check=True)
            times[name].append(time.perf_counter() - begin)
    best = {name: min(found) * 1000 for name, found in times.items()}
    rows = [[name, ms, ms - best["nothing"]] for name, ms in best.items()]
    header = ("what", "ms", "ms over an empty process")
    return common.table("Starting, a fresh process each time, the best of 11", header, rows)


if __name__ == "__main__":
    print(f"Texts: {common.source()}.\n")
    for part in (speed, threads, tables, start):
        print(part())
