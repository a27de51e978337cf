"""The whole analysis: words a second, threads, growth with length, the cost of starting."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time

import common

import marsad


def speed() -> str:
    nlp = marsad.load()
    rows = []
    for name, length in (("documents of 10,000 characters", 10_000), ("paragraphs of 200 characters", 200)):
        texts = common.documents(6, length)
        words = sum(len(t.split()) for t in texts)
        times = common.rounds(
            {
                "one by one": lambda given: [nlp(t) for t in given],
                "pipe, 1 thread": lambda given: list(nlp.pipe(given, threads=1)),
                "pipe, 2 threads": lambda given: list(nlp.pipe(given, threads=2)),
            },
            texts,
        )
        for way, seconds in times.items():
            rows.append((name, way, common.size(texts) / seconds, int(words / seconds)))
    return common.table("Whole analysis", ("texts", "way", "MB/s", "words/s"), rows)


def growth() -> str:
    nlp = marsad.load()
    base = "\n\n".join(common.documents(1.2, 10_000))
    rows = []
    for kilobytes in (1, 10, 100, 1000, 10_000):
        text = (base * (kilobytes // 1000 + 1))[: kilobytes * 550]
        times = []
        for _ in range(3):
            start = time.perf_counter()
            nlp(text)
            times.append(time.perf_counter() - start)
        seconds = statistics.median(times)
        size = len(text.encode()) / 1e6
        rows.append((f"{size * 1000:.0f} kB", seconds * 1000, size / seconds))
    return common.table("One text of growing length", ("size", "ms", "MB/s"), rows)


def start() -> str:
    code = {
        "import marsad": "import marsad",
        "import and load": "import marsad; marsad.load()",
        "import, load, first document": "import marsad; marsad.load()('زار الوزير مدينة بنغازي')",
        "nothing": "pass",
    }
    rows = []
    for name, line in code.items():
        times = []
        for _ in range(11):
            begin = time.perf_counter()
            subprocess.run([sys.executable, "-c", line], check=True, env={**os.environ})
            times.append(time.perf_counter() - begin)
        rows.append((name, statistics.median(times) * 1000))
    empty = rows[-1][1]
    return common.table(
        "Starting, a fresh process each time",
        ("what", "ms", "ms over an empty process"),
        [(*r, r[1] - empty) for r in rows],
    )


if __name__ == "__main__":
    print(f"{common.machine()}\n")
    for part in (speed, growth, start):
        print(part())
