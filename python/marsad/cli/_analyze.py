"""`marsad analyze`: the entities of texts."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, TextIO

from marsad.cli import _common as common
from marsad.cli._common import Failure

if TYPE_CHECKING:
    from marsad import Doc, Ent, Pipeline

_EPILOG = """
examples:
  marsad analyze article.txt --published 2016-12-08
  marsad analyze news/ --jsonl -o news.jsonl
  marsad analyze posts.jsonl --text-field body --id-field url --jsonl > entities.jsonl
  curl -s https://example.org/page.txt | marsad analyze - --json
"""


class _Source(NamedTuple):
    """Where a text comes from, and what is wrong with it."""

    name: str
    path: str
    failure: Failure | None = None


class _Bar:
    """Bytes read of all, documents beside them."""

    def __init__(self, files: list[str], wanted: bool) -> None:
        self._bar: Any = None
        self._docs = 0
        if wanted:
            from tqdm.auto import tqdm

            sizes = [os.path.getsize(path) if os.path.isfile(path) else 0 for path in files if path != "-"]
            total = sum(sizes) if "-" not in files else None
            self._bar = tqdm(total=total, unit="B", unit_scale=True, unit_divisor=1000, file=sys.stderr)

    def read(self, size: int) -> None:
        if self._bar is not None:
            self._bar.update(size)

    def done(self, docs: int) -> None:
        shown, self._docs = self._docs, self._docs + docs
        if self._bar is not None and shown // 16 < self._docs // 16:
            self._bar.set_postfix_str(f"{self._docs} docs", refresh=False)

    def close(self) -> None:
        if self._bar is not None:
            self._bar.set_postfix_str(f"{self._docs} docs", refresh=False)
            self._bar.close()


def _is_stream(path: str, args: argparse.Namespace) -> bool:
    if args.input == "auto":
        return Path(path).suffix.lower() in (".jsonl", ".ndjson")
    return args.input in ("jsonl", "lines")


class _Texts:
    """The texts of all files in order, one at a time; what cannot be read comes as its failure."""

    def __init__(self, files: list[str], args: argparse.Namespace, bar: _Bar) -> None:
        self._files, self._args, self._bar = files, args, bar
        # The dates run in step with the texts: one is taken right after its text.
        self.published: list[Any] = []

    def dates(self) -> Iterator[Any]:
        while True:
            yield self.published.pop() if self.published else self._args.published

    def __iter__(self) -> Iterator[tuple[str | None, _Source]]:
        for path in self._files:
            name = common.name_of(path)
            try:
                if _is_stream(path, self._args):
                    with common.opened(path) as file:
                        for number, raw in enumerate(file, 1):
                            self._bar.read(len(raw))
                            yield from self.of_line(raw, path, number)
                else:
                    text = common.read(path, self._args.encoding)
                    self._bar.read(os.path.getsize(path) if path != "-" else len(text.encode("utf-8", "replace")))
                    yield text, _Source(name, path)
            except Failure as failure:
                yield None, _Source(name, path, failure)

    def of_line(self, raw: bytes, path: str, number: int) -> Iterator[tuple[str | None, _Source]]:
        """The text of one line of a stream, if there is any."""
        name = common.name_of(path)
        try:
            line = common.decode(raw, name, self._args.encoding, number).strip()
            if line and self._args.input == "lines":
                yield line, _Source(f"{name}:{number}", path)
            elif line:
                yield self._of_record(line, path, name, number)
        except Failure as failure:
            yield None, _Source(name, path, failure)

    def _of_record(self, line: str, path: str, name: str, number: int) -> tuple[str, _Source]:
        where = f"{name}, line {number}"
        try:
            record = json.loads(line)
        except json.JSONDecodeError as error:
            raise Failure(f"{where}: no JSON at column {error.colno}: {error.msg}") from None
        except RecursionError:
            raise Failure(f"{where}: lists within lists, too deep to read") from None
        field = self._args.text_field
        if not isinstance(record, dict) or not isinstance(record.get(field), str):
            has = f"; it has {', '.join(record)}" if isinstance(record, dict) and record else ""
            raise Failure(f"{where}: no text in the field {field!r}{has} (see --text-field)")
        source = record.get(self._args.id_field, f"{name}:{number}")
        day = record.get("published")
        if isinstance(day, str) and day and self._args.published is None:
            try:
                self.published.append(common.date(day[:10]))
            except argparse.ArgumentTypeError as error:
                raise Failure(f"{where}: published: {error}") from None
        return record[field], _Source(str(source), path)


def _analyze(args: argparse.Namespace) -> int:
    paths = args.files or ["-"]
    if not args.files and sys.stdin.isatty():
        raise Failure("nothing to analyze: name files or folders, or - for standard input")
    files = common.files(paths)
    streams = any(_is_stream(path, args) for path in files)
    many = len(files) > 1 or streams
    if args.html and many and not Path(args.html).is_dir():
        raise Failure(f"--html: more than one text needs a folder to write to, and {args.html} is none")
    nlp = common.load(args)
    form = args.form or ("jsonl" if streams else None if args.html else "table")
    bar = _Bar(files, args.progress or (many and sys.stderr.isatty()))
    texts = _Texts(files, args, bar)
    with common.output(args.out) as out:
        writer = _Writer(nlp, args, form, out, bar, many=many)
        if writer.takes_lines and all(_is_stream(path, args) for path in files):
            for path in files:
                writer.write_lines(path, texts)
        else:
            writer.write_all(texts, texts.dates(), args.threads)
    bar.close()
    return 2 if writer.failed else 0


class _Writer:
    """Writes what is found, and says what is wrong."""

    def __init__(
        self, nlp: Pipeline, args: argparse.Namespace, form: str | None, out: TextIO, bar: _Bar, *, many: bool
    ) -> None:
        self._nlp, self._args, self._form, self._out, self._bar, self._many = nlp, args, form, out, bar, many
        self.failed = 0
        # Lines of UTF-8 to lines of JSON: without a Python object for each.
        self.takes_lines = (
            form == "jsonl" and not args.html and args.encoding in (None, "utf-8") and hasattr(out, "buffer")
        )

    def _fail(self, failure: Failure) -> None:
        self.failed += 1
        common.report(failure)

    def write_all(self, texts: Iterable[tuple[str | None, _Source]], dates: Iterator[Any], threads: int | None) -> None:
        """One text after another, as they come."""
        with self._nlp.pipe(texts, as_tuples=True, published=dates, threads=threads, errors="return") as docs:
            for doc, source in docs:
                try:
                    if isinstance(doc, Exception):
                        raise source.failure or Failure(f"{source.name}: {doc}")
                    _show(doc, source, self._args.html, self._form, self._out, many=self._many)
                except Failure as failure:
                    self._fail(failure)
                self._bar.done(1)

    def write_lines(self, path: str, texts: _Texts) -> None:
        """The lines of a file in blocks; a line that is not plain is done as other texts are."""
        args, out = self._args, self._out
        fields = None if args.input == "lines" else (args.text_field, args.id_field)
        name = json.dumps(common.name_of(path), ensure_ascii=False).encode("utf-8", "backslashreplace").decode()[:-1]

        def left(raw: bytes, number: int) -> None:
            self.write_all(texts.of_line(raw, path, number), texts.dates(), 1)
            out.flush()

        def done(size: int, docs: int) -> None:
            self._bar.read(size)
            self._bar.done(docs)

        try:
            with common.opened(path) as file:
                self._nlp._write_lines(
                    file.read1,  # type: ignore[attr-defined]
                    out.buffer.write,
                    left,
                    done,
                    name=name,
                    fields=fields,
                    published=args.published,
                    threads=args.threads,
                )
        except Failure as failure:
            self._fail(failure)


def _show(doc: Doc, source: _Source, html: str | None, form: str | None, out: TextIO, *, many: bool) -> None:
    if html:
        target = Path(html)
        title = Path(source.name).stem
        if target.is_dir():
            stem = "stdin" if source.path == "-" else "".join(c if c.isalnum() or c in "-_." else "_" for c in title)
            target = target / f"{stem}.html"
        with common.output(str(target)) as page:
            page.write(doc.to_html(title=title))
        print(f"{source.name}: {len(doc.ents)} mentions, written to {target}", file=sys.stderr)
    if form == "json":
        out.write(doc.to_json(indent=1) + "\n")
    elif form == "jsonl":
        out.write(f'{{"id":{json.dumps(source.name, ensure_ascii=False)},{doc.to_json()[1:]}\n')
    elif form == "conll":
        _conll(doc, out)
    elif form == "table":
        if many:
            out.write(f"== {source.name}\n")
        _table(doc, out)


def _table(doc: Doc, out: TextIO) -> None:
    """A readable table: type, number, where it first stands, text, and what it means or how it reads in Latin letters."""
    from marsad import LABELS
    from marsad._html import meaning

    rows: dict[tuple[str, str], list[Ent]] = {}
    for ent in doc.ents:
        rows.setdefault((ent.label, " ".join(ent.text.split())), []).append(ent)
    order = {label: i for i, label in enumerate(LABELS)}
    out.write(f"{'type':<9} {'count':>5} {'first':>6}  text\n")
    for (label, text), ents in sorted(rows.items(), key=lambda row: (order[row[0][0]], -len(row[1]), row[1][0].start)):
        named = ents[0].group is not None
        shown = meaning({"value": ents[0].value, "link": ents[0].link}) or (ents[0].latin if named else "")
        out.write(f"{label:<9} {len(ents):>5} {ents[0].start:>6}  {text}{f'  = {shown}' if shown else ''}\n")
    out.write(f"{len(doc.ents)} mentions in {len(doc)} tokens\n")


def _conll(doc: Doc, out: TextIO) -> None:
    """A token a line: text, start, end, then the tags of the outermost mention and of the one inside it."""
    layers: tuple[list[Ent], list[Ent]] = ([], [])
    for ent in doc.ents:
        depth, parent = 0, ent.parent
        while parent is not None and depth < 2:
            depth, parent = depth + 1, parent.parent
        if depth < 2:
            layers[depth].append(ent)
    at = [0, 0]
    for sent in doc.sents:
        for token in sent.tokens:
            cells = [token.text, str(token.start), str(token.end)]
            for depth, layer in enumerate(layers):
                while at[depth] < len(layer) and layer[at[depth]].end <= token.start:
                    at[depth] += 1
                next_ent = layer[at[depth]] if at[depth] < len(layer) else None
                if next_ent is None or next_ent.start >= token.end:
                    cells.append("O")
                else:
                    cells.append(("B-" if token.start <= next_ent.start else "I-") + next_ent.label)
            out.write("\t".join(cells) + "\n")
        out.write("\n")


def add_to(commands: Any) -> None:
    """Add the command."""
    parser: argparse.ArgumentParser = commands.add_parser(
        "analyze",
        help="find the entities of texts",
        description="Find the entities of texts. Offsets are code points of the text.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "files",
        nargs="*",
        metavar="FILE",
        help="texts, .jsonl files with a text a line, or folders of them; - or nothing is standard input",
    )
    form = parser.add_mutually_exclusive_group()
    for name, says in (
        ("table", "a readable table (the default)"),
        ("json", "one JSON document a text"),
        ("jsonl", "one line of JSON a text (the default for .jsonl files)"),
        ("conll", "a token a line with its tags"),
    ):
        form.add_argument(f"--{name}", dest="form", action="store_const", const=name, help=says)
    parser.add_argument("--html", metavar="OUT", help="write a page, or one a text into a folder")
    parser.add_argument("-o", "--out", metavar="OUT", help="write to a file instead of standard output")
    parser.add_argument("--published", type=common.date, metavar="DATE", help="the day of publication: 2016-12-08")
    parser.add_argument("--encoding", type=common.encoding, help="the files' encoding (default: utf-8)")
    parser.add_argument(
        "--input",
        choices=["auto", "text", "lines", "jsonl"],
        default="auto",
        help="a file is one text, a text a line, or JSON lines (default: by its name)",
    )
    parser.add_argument("--text-field", default="text", metavar="NAME", help="the field of the text in JSON lines")
    parser.add_argument("--id-field", default="id", metavar="NAME", help="the field of the name in JSON lines")
    parser.add_argument("--threads", type=common.threads, metavar="N", help="default: one a processor")
    parser.add_argument("--progress", action="store_true", help="show a progress bar")
    common.pipeline_options(parser)
    parser.set_defaults(run=_analyze)
