"""Memory: streams that hold a window and no more, tables that are handed over without copies, a pack that is shared."""

import json
import os
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest

import marsad

PACK = Path(marsad.__file__).with_name("data") / "core.marsad"
linux = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")


@linux
def test_processes_share_the_pages_of_the_pack(article):
    code = """
        import re, sys
        import marsad
        nlp = marsad.load()
        nlp(sys.stdin.readline())
        print("ready", flush=True)
        sys.stdin.readline()
        found = {"Rss": 0, "Pss": 0, "Private_Dirty": 0}
        inside = False
        for line in open("/proc/self/smaps"):
            head = re.match(r"[0-9a-f]+-[0-9a-f]+ ", line)
            inside = line.rstrip().endswith("core.marsad") if head else inside
            name, _, rest = line.partition(":")
            if inside and name in found:
                found[name] += int(rest.split()[0])
        print(*found.values(), flush=True)
        sys.stdin.readline()
    """
    line = " ".join(article.split()) + "\n"
    runs = [
        subprocess.Popen(
            [sys.executable, "-c", textwrap.dedent(code)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        for _ in range(8)
    ]
    try:
        for run in runs:
            run.stdin.write(line)
            run.stdin.flush()
        assert [run.stdout.readline() for run in runs] == ["ready\n"] * 8
        figures = []
        for run in runs:
            run.stdin.write("\n")
            run.stdin.flush()
            figures.append([int(cell) for cell in run.stdout.readline().split()])
    finally:
        for run in runs:
            run.kill()
            run.wait()
            run.stdin.close()
            run.stdout.close()
    one, all_of_them = max(rss for rss, _, _ in figures), sum(pss for _, pss, _ in figures)
    assert one > 1000, "the pack is mapped"
    assert all(dirty == 0 for _, _, dirty in figures)
    assert all_of_them < 1.5 * one, "eight processes hold the pages once"


def test_tables_are_handed_over_without_copies(nlp, article):
    pyarrow, polars, pandas = (pytest.importorskip(name) for name in ("pyarrow", "polars", "pandas"))
    ents = nlp.corpus([article, article]).ents

    def places(array):
        return [buffer.address for buffer in array.buffers() if buffer is not None]

    one, two = pyarrow.table(ents), ents.to_arrow()
    frame = ents.to_pandas()
    for name in ("start", "label", "text", "lat"):
        here = places(one[name].chunk(0))
        assert here == places(two[name].chunk(0))
        assert isinstance(frame[name].dtype, pandas.ArrowDtype)
        assert here == places(frame[name].array.__arrow_array__().chunk(0))
    # Polars has its own layout of strings; numbers it reads in place.
    starts = polars.DataFrame(ents)["start"]
    assert starts.to_arrow().buffers()[1].address == one["start"].chunk(0).buffers()[1].address


def peak(args):
    """Run to the end; seconds, and the most memory held, in megabytes."""
    begun = time.monotonic()
    run = subprocess.Popen(args)
    _, status, usage = os.wait4(run.pid, 0)
    run.returncode = os.waitstatus_to_exitcode(status)
    assert run.returncode == 0
    return time.monotonic() - begun, usage.ru_maxrss / (1e6 if sys.platform == "darwin" else 1e3)


def write_lines(path, article, megabytes):
    """JSON lines: the paragraphs of the article in turn, so many megabytes in all."""
    parts = [part for part in article.split("\n") if part.strip()]
    count = size = 0
    with path.open("w", encoding="utf-8") as file:
        while size < megabytes * 1e6:
            text = "\n\n".join(parts[(count + k) % len(parts)] for k in range(4))
            size += len(text.encode())
            file.write(json.dumps({"id": count, "text": text}, ensure_ascii=False) + "\n")
            count += 1
    return count


PIPE = """
import itertools, json, sys
import marsad
numbers = itertools.count()
def texts():
    for line in open(sys.argv[1], encoding="utf-8"):
        record = json.loads(line)
        yield record["text"], record["id"]
for _, number in marsad.load().pipe(texts(), as_tuples=True):
    assert number == next(numbers)
assert next(numbers) == int(sys.argv[2])
"""


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(os, "wait4"), reason="asks the system for the peak of a child")
def test_a_stream_of_gigabytes(article, tmp_path):
    """MARSAD_STREAM_MB megabytes of JSON lines, 2000 unless said, through pipe and through the command."""
    most = int(os.environ.get("MARSAD_STREAM_MB", "2000"))
    held = {}
    for megabytes in (most // 10, most):
        path = tmp_path / "texts.jsonl"
        count = write_lines(path, article, megabytes)
        out = tmp_path / "out.jsonl"
        for name, args in (
            ("pipe", [sys.executable, "-c", PIPE, str(path), str(count)]),
            ("command", [sys.executable, "-m", "marsad", "analyze", str(path), "--jsonl", "-o", str(out)]),
        ):
            seconds, held[name, megabytes] = peak(args)
            print(f"{name}: {megabytes} MB in {seconds:.0f} s, {held[name, megabytes]:.0f} MB of memory at most")
        with out.open(encoding="utf-8") as file:
            assert all(json.loads(line[: line.index(",")] + "}")["id"] == str(i) for i, line in enumerate(file))
            file.seek(0)
            assert sum(1 for _ in file) == count
        out.unlink()
    for (name, megabytes), memory in held.items():
        assert memory < 400, (name, megabytes)
        assert memory < held[name, most // 10] + 60, f"{name}: memory grows with the stream"
