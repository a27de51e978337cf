"""The `marsad` command."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn, TextIO

if TYPE_CHECKING:
    from marsad import Doc, Pipeline

# Files that a directory is searched for.
_SUFFIXES = {".txt", ".text", ".md", ""}


class _Parser(argparse.ArgumentParser):
    """Says what is wrong in one line."""

    def error(self, message: str) -> NoReturn:
        self.exit(2, f"marsad: {message} (see {self.prog} --help)\n")


class _Failure(Exception):
    """One line for standard error; the other files are still done."""


def _decode(raw: bytes, name: str, encoding: str | None) -> str:
    try:
        return raw.decode(encoding or "utf-8")
    except UnicodeDecodeError as error:
        if encoding:
            raise _Failure(f"{name}: byte {error.start} is not {encoding}") from None
        line = raw.count(b"\n", 0, error.start) + 1
        raise _Failure(
            f"{name}: not UTF-8 at byte {error.start} (line {line}); "
            "name the encoding, for example --encoding windows-1256"
        ) from None


def _read(path: str, encoding: str | None) -> str:
    if path == "-":
        raw, name = sys.stdin.buffer.read(), "standard input"
    else:
        name = path
        try:
            raw = Path(path).read_bytes()
        except OSError as error:
            raise _Failure(f"{path}: {error.strerror or error}") from None
    text = _decode(raw, name, encoding)
    if not text.strip():
        raise _Failure(f"{name}: the file is empty")
    return text


def _files(paths: list[str]) -> Iterator[str]:
    for path in paths:
        if path != "-" and Path(path).is_dir():
            found = sorted(p for p in Path(path).rglob("*") if p.is_file() and p.suffix.lower() in _SUFFIXES)
            yield from (str(p) for p in found if not p.name.startswith("."))
        else:
            yield path


def _table(doc: Doc, out: TextIO) -> None:
    """A readable table: type, number, text, and where it first stands."""
    rows: dict[tuple[str, str], list[int]] = {}
    for ent in doc.ents:
        rows.setdefault((ent.label, ent.text), []).append(ent.start)
    order = {label: i for i, label in enumerate(_labels())}
    out.write(f"{'type':<9} {'count':>5} {'first':>6}  text\n")
    out.writelines(
        f"{label:<9} {len(starts):>5} {starts[0]:>6}  {' '.join(text.split())}\n"
        for (label, text), starts in sorted(rows.items(), key=lambda row: (order[row[0][0]], -len(row[1]), row[1][0]))
    )
    out.write(f"{len(doc.ents)} mentions in {len(doc)} tokens\n")


def _labels() -> list[str]:
    from marsad import LABELS

    return LABELS


def _conll(doc: Doc, out: TextIO) -> None:
    """A token a line: text, start, end, then the tags of the outermost and of the inner mention."""
    ents = doc.ents
    outer = [ent for ent in ents if ent.parent is None]
    inner = [ent for ent in ents if ent.parent is not None]
    for sent in doc.sents:
        for token in doc.tokens_of(sent):
            tags = [_tag(token.start, token.end, layer) for layer in (outer, inner)]
            out.write("\t".join([token.text, str(token.start), str(token.end), *tags]) + "\n")
        out.write("\n")


def _tag(start: int, end: int, ents: list[object]) -> str:
    from marsad import Ent

    for ent in ents:
        assert isinstance(ent, Ent)
        if ent.start < end and start < ent.end:
            return ("B-" if start <= ent.start else "I-") + ent.label
    return "O"


def _write_text(path: str, text: str) -> None:
    """Write a whole file or none."""
    target = Path(path)
    part = target.with_name(target.name + ".part")
    try:
        part.write_text(text, encoding="utf-8")
        part.replace(target)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise _Failure(f"cannot write {path}: {error.strerror or error}") from None


def _load(pack: str | None) -> Pipeline:
    import marsad

    try:
        return marsad.load(pack)
    except (OSError, marsad.MarsadError) as error:
        raise _Failure(str(error)) from None


def _analyze(args: argparse.Namespace) -> int:
    failed = 0
    files = list(_files(args.files))
    if args.html and len(files) > 1 and not Path(args.html).is_dir():
        raise _Failure(f"--html: {len(files)} files need a folder to write to, and {args.html} is none")
    nlp = _load(args.pack)
    if not files:
        raise _Failure(f"no text file in {' '.join(args.files)}")
    for path in files:
        try:
            text = _read(path, args.encoding)
            try:
                doc = nlp(text, published=args.published)
            except ValueError as error:
                raise _Failure(f"{path}: {error}") from None
            _show(doc, path, args, many=len(files) > 1)
        except _Failure as failure:
            failed += 1
            sys.stdout.flush()
            print(f"marsad: {failure}", file=sys.stderr)
    return 2 if failed else 0


def _show(doc: Doc, path: str, args: argparse.Namespace, *, many: bool) -> None:
    name = "standard input" if path == "-" else path
    if args.html:
        target = Path(args.html)
        if target.is_dir():
            target = target / (("stdin" if path == "-" else Path(path).stem) + ".html")
        _write_text(str(target), doc.to_html(title=Path(name).stem))
        print(f"{name}: {len(doc.ents)} mentions, written to {target}", file=sys.stderr)
    if args.json:
        print(doc.to_json(indent=1))
    elif args.jsonl:
        print(json.dumps({"id": name, **doc.to_dict()}, ensure_ascii=False))
    elif args.conll:
        _conll(doc, sys.stdout)
    elif not args.html or args.table:
        if many:
            print(f"== {name}")
        _table(doc, sys.stdout)


def _report(args: argparse.Namespace) -> int:
    import re

    try:
        from marsad import report
    except ImportError as error:
        raise _Failure(str(error)) from None
    files = list(_files([args.folder]))
    if not files:
        raise _Failure(f"no text file in {args.folder}")
    nlp = _load(args.pack)
    texts: dict[str, str] = {}
    days: list[str | None] = []
    failed = 0
    for path in files:
        # A name that begins with a day says when the article was published.
        day = re.match(r"\d{4}-\d\d-\d\d", Path(path).name)
        try:
            published = _date(day.group()) if day else args.published
        except argparse.ArgumentTypeError:
            published = args.published
        name = Path(path).relative_to(args.folder) if Path(args.folder).is_dir() else Path(path)
        try:
            texts[str(name)] = _read(path, args.encoding)
            days.append(published)
        except _Failure as failure:
            failed += 1
            print(f"marsad: {failure}", file=sys.stderr)
    analyzed = nlp.pipe(texts.values(), published=days, progress=sys.stderr.isatty())
    docs: dict[str, Doc] = dict(zip(texts, analyzed, strict=True))
    _write_text(args.output, report.build(docs, title=args.title, lang=args.lang))
    print(f"{len(docs)} articles, written to {args.output}", file=sys.stderr)
    return 2 if failed else 0


def _date(value: str) -> str:
    from datetime import date

    try:
        return date.fromisoformat(value).isoformat()
    except ValueError:
        raise argparse.ArgumentTypeError(f"{value!r} is not a date; write it as 2016-12-08") from None


def _encoding(value: str) -> str:
    import codecs

    try:
        return codecs.lookup(value).name
    except LookupError:
        raise argparse.ArgumentTypeError(f"{value!r} is no encoding; try utf-8 or windows-1256") from None


def _parser() -> argparse.ArgumentParser:
    from marsad import __version__

    parser = _Parser(prog="marsad", description="Reads Arabic news and says who, what, where and when.")
    parser.add_argument("--version", action="version", version=f"marsad {__version__}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND", parser_class=_Parser)

    analyze = commands.add_parser("analyze", help="find the entities of texts")
    analyze.add_argument("files", nargs="+", metavar="FILE", help="text files or folders; - is standard input")
    analyze.add_argument("--published", type=_date, metavar="DATE", help="the day of publication: 2016-12-08")
    analyze.add_argument("--encoding", type=_encoding, help="the files' encoding (default: utf-8)")
    analyze.add_argument("--pack", metavar="PATH", help="another model than the bundled one")
    form = analyze.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="one JSON document a file")
    form.add_argument("--jsonl", action="store_true", help="one line of JSON a file")
    form.add_argument("--conll", action="store_true", help="a token a line with its tags")
    form.add_argument("--table", action="store_true", help="a readable table (the default)")
    analyze.add_argument("--html", metavar="OUT", help="write a page, or one a file into a folder")
    analyze.set_defaults(run=_analyze)

    report = commands.add_parser(
        "report",
        help="write one page about a folder of articles",
        description="Write one page about a folder of articles: charts, names with their sentences, texts, quotations. "
        "A file whose name begins with a day (2016-12-08-…) was published then.",
    )
    report.add_argument("folder", metavar="DIR", help="the folder with the text files")
    report.add_argument("-o", "--output", required=True, metavar="PAGE", help="the page to write: report.html")
    report.add_argument("--lang", choices=("ar", "en"), default="ar", help="the language of the page (default: ar)")
    report.add_argument("--title", help="the title of the page")
    report.add_argument("--published", type=_date, metavar="DATE", help="the day of publication of the other files")
    report.add_argument("--encoding", type=_encoding, help="the files' encoding (default: utf-8)")
    report.add_argument("--pack", metavar="PATH", help="another model than the bundled one")
    report.set_defaults(run=_report)
    return parser


def main(argv: list[str] | None = None) -> int:
    """Run the command; returns its exit status."""
    args = _parser().parse_args(argv)
    try:
        status: int = args.run(args)
    except _Failure as failure:
        print(f"marsad: {failure}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        # The reader of our output has left; say nothing more, not even at exit.
        sys.stdout = open("/dev/null", "w")  # noqa: SIM115
        return 0
    return status


if __name__ == "__main__":
    sys.exit(main())
