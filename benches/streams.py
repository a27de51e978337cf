"""A long stream of JSON lines: `nlp.pipe` and the command, each in a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import common

PIPE = """
import json, sys, marsad
lines = open(sys.argv[1], encoding="utf-8")
print(sum(1 for _ in marsad.load().pipe(json.loads(line)["text"] for line in lines)))
"""


def write(path: Path, megabytes: float) -> tuple[float, int]:
    """JSON lines of texts of about 2,000 characters; their megabytes and number."""
    texts = common.documents(min(megabytes, 20), 2000)
    size = count = 0
    with path.open("wb") as file:
        while size < megabytes * 1e6:
            record = {"id": f"a{count}", "text": texts[count % len(texts)], "published": "2016-12-08"}
            size += file.write(json.dumps(record, ensure_ascii=False).encode() + b"\n")
            count += 1
    return size / 1e6, count


def run(command: list[str]) -> tuple[int, list[float]]:
    """Bytes written; seconds by the clock and of the processors, megabytes held at the peak."""
    begun = time.monotonic()
    process = subprocess.Popen(command, stdout=subprocess.PIPE)
    assert process.stdout
    written = 0
    while block := process.stdout.read1(1 << 20):  # type: ignore[attr-defined]
        written += len(block)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0
    memory = usage.ru_maxrss / (1e6 if sys.platform == "darwin" else 1e3)
    return written, [time.monotonic() - begun, usage.ru_utime + usage.ru_stime, memory]


def streams() -> str:
    rows = []
    most = float(os.environ.get("MARSAD_STREAM_MB", "200"))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "texts.jsonl"
        for megabytes in (most / 10, most):
            size, count = write(path, megabytes)
            for way, command in (
                ("nlp.pipe", [sys.executable, "-c", PIPE, str(path)]),
                ("marsad analyze --jsonl", [sys.executable, "-m", "marsad", "analyze", str(path), "--jsonl"]),
            ):
                written, (clock, spent, memory) = run(command)
                out = f"{written / 1e6:,.0f}" if "analyze" in way else ""
                rows.append([f"{size:,.0f}", f"{count:,}", way, spent, clock, size / spent, memory, out])
    header = (
        "MB",
        "texts",
        "way",
        "seconds",
        "by the clock",
        "MB/s of one processor",
        "MB of memory at most",
        "MB written",
    )
    return common.table("JSON lines, on all processors", header, rows)


if __name__ == "__main__":
    print(f"Texts: {common.source()}.\n")
    print(streams())
