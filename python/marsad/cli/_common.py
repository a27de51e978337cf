"""What the commands share: one-line failures, reading and writing files, option values."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from marsad import Pipeline

# Files that a folder is searched for.
_SUFFIXES = {".txt", ".text", ".md", ".jsonl", ".ndjson"}


class Failure(Exception):
    """One line for standard error; the other files are still done."""


def report(failure: object) -> None:
    """Say one line beside the output."""
    sys.stdout.flush()
    print(f"marsad: {failure}", file=sys.stderr)


def name_of(path: str) -> str:
    """What to call an input."""
    return "standard input" if path == "-" else path


def decode(raw: bytes, name: str, encoding: str | None, line: int | None = None) -> str:
    """The text of bytes; `line` is its number where it is one line of a file."""
    try:
        text = raw.decode(encoding or "utf-8")
    except UnicodeDecodeError as error:
        number = line if line is not None else raw.count(b"\n", 0, error.start) + 1
        if encoding:
            raise Failure(f"{name}: not {encoding} at byte {error.start} (line {number})") from None
        raise Failure(
            f"{name}: not UTF-8 at byte {error.start} (line {number}); "
            "name the encoding, for example --encoding windows-1256"
        ) from None
    return text.removeprefix("\ufeff") if line in (None, 1) else text


@contextmanager
def opened(path: str) -> Iterator[IO[bytes]]:
    """A file, or standard input for `-`."""
    if path == "-":
        yield sys.stdin.buffer
        return
    try:
        file = open(path, "rb")  # noqa: SIM115
    except OSError as error:
        raise Failure(f"{path}: {error.strerror or error}") from None
    with file:
        yield file


def read(path: str, encoding: str | None) -> str:
    """A whole text, which must not be empty."""
    with opened(path) as file:
        try:
            raw = file.read()
        except OSError as error:
            raise Failure(f"{name_of(path)}: {error.strerror or error}") from None
    text = decode(raw, name_of(path), encoding)
    if not text.strip():
        raise Failure(f"{name_of(path)}: the file is empty")
    return text


def files(paths: list[str]) -> list[str]:
    """The files that are meant: those named, and the texts of folders in order."""
    found: list[str] = []
    for path in paths:
        if path == "-" or not Path(path).is_dir():
            found.append(path)
            continue
        inside = sorted(p for p in Path(path).rglob("*") if p.is_file() and p.suffix.lower() in _SUFFIXES)
        found.extend(str(p) for p in inside if not p.name.startswith("."))
    if not found:
        kinds = " ".join(sorted(_SUFFIXES))
        raise Failure(f"no text file in {' '.join(paths)} (files that end in {kinds})")
    return found


@contextmanager
def _writing(path: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise Failure(f"cannot write {path}: {error.strerror or error}") from None


@contextmanager
def output(path: str | None) -> Iterator[TextIO]:
    """Standard output, or a file that appears when it is whole."""
    if path is None or path == "-":
        yield sys.stdout
        return
    target = Path(path)
    if target.exists() and not target.is_file():
        # A device or a named pipe is written to, never replaced.
        with _writing(path), open(target, "w", encoding="utf-8", errors="backslashreplace") as file:
            yield file
        return
    part = target.with_name(f"{target.name}.{os.getpid()}.part")
    try:
        with _writing(path):
            with open(part, "w", encoding="utf-8", errors="backslashreplace") as file:
                yield file
            part.replace(target)
    finally:
        part.unlink(missing_ok=True)


def load(args: argparse.Namespace) -> Pipeline:
    """The pipeline that --pack, --scheme and --lexicon name."""
    import marsad

    try:
        nlp = marsad.load(args.pack, scheme=args.scheme)
        for path in args.lexicon or []:
            nlp = nlp.with_lexicon(path)
    except (OSError, ValueError, marsad.MarsadError) as error:
        raise Failure(said(error)) from None
    return nlp


def said(error: Exception) -> str:
    """The line that tells an error."""
    if isinstance(error, OSError) and error.filename and error.strerror:
        return f"{error.filename}: {error.strerror}"
    return str(error.strerror if isinstance(error, OSError) and error.strerror else error)


def encoding(value: str) -> str:
    """An encoding that Python knows."""
    import codecs

    try:
        return codecs.lookup(value).name
    except LookupError:
        raise argparse.ArgumentTypeError(f"{value!r} is no encoding; try utf-8 or windows-1256") from None


def date(value: str) -> str:
    """A day as 2016-12-08."""
    from datetime import date as day

    try:
        return day.fromisoformat(value).isoformat()
    except ValueError:
        raise argparse.ArgumentTypeError(f"{value!r} is not a date; write it as 2016-12-08") from None


def threads(value: str) -> int:
    """A number of threads."""
    if value.isdecimal() and 1 <= int(value) <= 1024:
        return int(value)
    raise argparse.ArgumentTypeError(f"{value!r} is no number of threads; write 1 to 1024")


def pipeline_options(parser: argparse.ArgumentParser) -> None:
    """The options that choose the pipeline."""
    parser.add_argument("--pack", metavar="FILE", help="another model than the bundled one")
    parser.add_argument("--scheme", metavar="NAME", help="the labels of a corpus that the pack was trained on")
    parser.add_argument(
        "--lexicon",
        action="append",
        metavar="FILE",
        help="names of your own: .tsv or .csv with the columns label and name (aliases, latin), .json, .jsonl; repeatable",
    )
