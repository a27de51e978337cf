"""Costs of starting, each in a fresh process, the best of a few; and packs that cannot be opened."""

import subprocess
import sys
from pathlib import Path

import pytest

import marsad


def best(code, rounds=5):
    program = f"import time\nbegun = time.perf_counter()\n{code}\nprint(time.perf_counter() - begun)"
    runs = [
        subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
        for _ in range(rounds)
    ]
    return min(float(run.stdout) for run in runs)


def test_import_is_quick():
    assert best("import marsad") < 0.050


def test_load_is_quick():
    assert best("import marsad; begun = time.perf_counter(); marsad.load()") < 0.150


def test_first_document_is_quick(article, tmp_path):
    path = tmp_path / "a.txt"
    path.write_text(article, encoding="utf-8")
    code = f"import marsad; nlp = marsad.load(); text = open({str(path)!r}, encoding='utf-8').read(); begun = time.perf_counter(); nlp(text)"
    assert best(code) < 0.050


def test_nothing_heavy_is_imported():
    code = "import sys, marsad; marsad.load(); print([m for m in ('numpy', 'pandas', 'polars', 'pyarrow', 'tqdm', 'altair', 'json', 're') if m in sys.modules])"
    run = subprocess.run(
        [sys.executable, "-S", "-c", f"import sys; sys.path[:0] = {sys.path!r}\n{code}"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert run.stdout.strip() == "[]"


def test_missing_pack(tmp_path):
    with pytest.raises(FileNotFoundError, match="none.pack"):
        marsad.load(tmp_path / "none.pack")


def test_no_pack_and_damaged_packs(tmp_path):
    bundled = Path(marsad.__file__).with_name("data") / "core.marsad"
    whole = bundled.read_bytes()
    for name, raw in (
        ("empty", b""),
        ("text", b"hello" * 100),
        ("cut", whole[: len(whole) // 2]),
        ("flipped", whole[:4000] + b"\xff\x00\xff" + whole[4003:]),
    ):
        path = tmp_path / f"{name}.pack"
        path.write_bytes(raw)
        with pytest.raises(marsad.PackError, match=name):
            marsad.load(path)


def test_unknown_scheme():
    with pytest.raises(ValueError, match="scheme"):
        marsad.load(scheme="no-such")
