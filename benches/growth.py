"""How time and memory grow: with the length of a text, the size of a corpus, of a lexicon, and with threads.

    python benches/growth.py docs/growth.svg

Each point is a process of its own, so that the peak of its memory is its own. MARSAD_GROWTH_MB is the longest text
(100 unless said). Processor time; the chart needs the extra `charts`.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import time
from typing import Any

import common

import marsad


def held() -> float:
    """The most memory that this process held so far, in megabytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1e6 if sys.platform == "darwin" else 1e3)


def text_of(megabytes: float) -> str:
    """One text of so many megabytes: real or made news, repeated when there is not enough."""
    part = (
        "\n\n".join(common.documents(min(megabytes, 4), 5_000)) if megabytes > 0.05 else common.documents(0.2, 5_000)[0]
    )
    want = int(megabytes * 1e6)
    raw = (part + "\n\n").encode()
    return (raw * (want // len(raw) + 1))[:want].decode(errors="ignore")


def names(count: int) -> list[str]:
    """So many made names: of two or three words of the texts."""
    import random

    rng = random.Random(5)
    words = sorted({w for t in common.documents(2, 5_000) for w in t.split() if w.isalpha() and len(w) > 3})
    found: set[str] = set()
    while len(found) < count:
        found.add(" ".join(rng.choices(words, k=rng.choice((2, 2, 3)))))
    return sorted(found)


def point(kind: str, amount: float) -> dict[str, float]:
    """Seconds of processor time for the work alone, and the memory that it added."""
    nlp = marsad.load()
    nlp("زار الوزير مدينة بنغازي")
    if kind == "length":
        text = text_of(amount)
        rounds = max(1, min(50, int(0.3 / amount)))
        before = held()
        start = time.process_time()
        for _ in range(rounds):
            nlp(text)
        return {"seconds": (time.process_time() - start) / rounds, "memory": held() - before}
    if kind == "lexicon":
        own = names(int(amount))
        texts = common.documents(1, 5_000)
        before, start = held(), time.process_time()
        nlp = nlp.with_lexicon({"ORG": own})
        built, memory = time.process_time() - start, held() - before
        start = time.process_time()
        for text in texts:
            nlp(text)
        return {"seconds": time.process_time() - start, "memory": memory, "build": built}
    texts = common.documents(4, 2_000)
    texts = (texts * (int(amount) // len(texts) + 1))[: int(amount)]
    threads = 2 if kind == "threads" else 1
    before, start = held(), (time.process_time(), time.perf_counter())
    corpus = nlp.corpus(texts, threads=threads)
    seconds = time.process_time() - start[0]
    return {
        "seconds": seconds,
        "memory": held() - before,
        "clock": time.perf_counter() - start[1],
        "rows": len(corpus.ents),
    }


def measure(kind: str, amounts: list[float]) -> list[dict[str, Any]]:
    rows = []
    for amount in amounts:
        run = subprocess.run(
            [sys.executable, __file__, "--point", kind, str(amount)], check=True, capture_output=True, text=True
        )
        rows.append({"kind": kind, "amount": amount, **json.loads(run.stdout)})
    return rows


def chart(rows: list[dict[str, Any]], path: str) -> None:
    import altair as alt

    titles = {
        "length": "length of one text, MB",
        "corpus": "documents in a corpus",
        "lexicon": "names in one's own lexicon",
    }
    panels = []
    for kind, title in titles.items():
        some = [row for row in rows if row["kind"] == kind or (kind == "corpus" and row["kind"] == "threads")]
        if kind == "lexicon":
            shown = [
                {"amount": row["amount"], "value": row[key], "what": what}
                for row in some
                for key, what in (("seconds", "analysis of 1 MB"), ("build", "making the lexicon"))
            ]
        else:
            label = {"corpus": "1 thread", "threads": "2 threads", "length": "1 thread"}
            shown = [{"amount": r["amount"], "value": r["seconds"], "what": label[r["kind"]]} for r in some]
        memory = [{"amount": row["amount"], "value": max(row["memory"], 0.1)} for row in some if row["kind"] == kind]

        def base(values: list[dict[str, Any]], y: str, x: str = title) -> Any:
            return (
                alt.Chart(alt.Data(values=values))
                .mark_line(point=True)
                .encode(
                    alt.X(
                        "amount:Q",
                        scale=alt.Scale(type="log"),
                        title=x,
                        axis=alt.Axis(tickCount=5, format="~g" if x == titles["length"] else "~s"),
                    ),
                    alt.Y("value:Q", scale=alt.Scale(type="log"), title=y, axis=alt.Axis(tickCount=5, format="~g")),
                )
                .properties(width=210, height=150)
            )

        time_panel = base(shown, "seconds of processor")
        if len({row["what"] for row in shown}) > 1:
            time_panel = time_panel.encode(
                alt.Color("what:N", title=None, legend=alt.Legend(orient="top", offset=2, padding=0)),
            )
        panels.append(alt.vconcat(time_panel, base(memory, "MB of memory added"), spacing=12))
    alt.hconcat(*panels, spacing=26).resolve_scale(color="independent").save(path)


def main() -> None:
    longest = float(os.environ.get("MARSAD_GROWTH_MB", "100"))
    rows = measure("length", [mb for mb in (0.001, 0.01, 0.1, 1, 10, 100) if mb <= longest])
    rows += measure("corpus", [100, 1_000, 10_000])
    rows += measure("threads", [100, 1_000, 10_000])
    rows += measure("lexicon", [1_000, 10_000, 100_000, 1_000_000])
    print(f"Texts: {common.source()}. Each row is a process of its own.\n")
    by = {kind: [row for row in rows if row["kind"] == kind] for kind in ("length", "corpus", "threads", "lexicon")}
    lines = [
        [r["amount"], r["seconds"], r["amount"] / r["seconds"], r["memory"], f"{r['memory'] / r['amount']:.3g}"]
        for r in by["length"]
    ]
    header = ["MB in one text", "seconds", "MB/s", "MB of memory added", "of it per MB of text"]
    print(common.table("One text", header, lines))
    lines = [
        [f"{r['amount']:,}", threads, r["seconds"], r["clock"], r["seconds"] / r["amount"] * 1e6, r["memory"]]
        for threads, kind in ((1, "corpus"), (2, "threads"))
        for r in by[kind]
    ]
    header = ["documents of 2,000 characters", "threads", "seconds", "by the clock", "µs each", "MB of memory added"]
    print(common.table("A corpus, into tables", header, lines))
    lines = [[f"{r['amount']:,}", r["build"], r["seconds"], r["memory"]] for r in by["lexicon"]]
    header = ["names of one's own", "seconds to make", "seconds to analyze 1 MB", "MB of memory added"]
    print(common.table("A lexicon of one's own", header, lines))
    if len(sys.argv) > 1:
        chart(rows, sys.argv[1])
        print("![time and memory against size](growth.svg)\n")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--point"]:
        print(json.dumps(point(sys.argv[2], float(sys.argv[3]))))
    else:
        main()
