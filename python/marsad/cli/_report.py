"""`marsad report`: one page about a folder of articles."""

from __future__ import annotations

import argparse
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from marsad.cli import _common as common
from marsad.cli._common import Failure

if TYPE_CHECKING:
    from marsad import Doc


def _day(path: str, otherwise: str | None) -> str | None:
    """The day that the file's name begins with: that of publication."""
    day = re.match(r"\d{4}-\d\d-\d\d", Path(path).name)
    try:
        return common.date(day.group()) if day else otherwise
    except argparse.ArgumentTypeError:
        return otherwise


def _report(args: argparse.Namespace) -> int:
    try:
        from marsad import report
    except ImportError as error:
        raise Failure(str(error)) from None
    files = common.files([args.folder])
    nlp = common.load(args)
    texts: dict[str, str] = {}
    days: list[str | None] = []
    failed = 0
    for path in files:
        name = Path(path).relative_to(args.folder) if Path(args.folder).is_dir() else Path(path)
        try:
            texts[str(name)] = common.read(path, args.encoding)
            days.append(_day(path, args.published))
        except Failure as failure:
            failed += 1
            common.report(failure)
    analyzed = nlp.pipe(texts.values(), published=days, progress=sys.stderr.isatty())
    docs: dict[str, Doc] = dict(zip(texts, analyzed, strict=True))
    with common.output(args.output) as out:
        out.write(report.build(docs, title=args.title, lang=args.lang))
    print(f"{len(docs)} {'article' if len(docs) == 1 else 'articles'}, written to {args.output}", file=sys.stderr)
    return 2 if failed else 0


def add_to(commands: Any) -> None:
    """Add the command."""
    parser: argparse.ArgumentParser = commands.add_parser(
        "report",
        help="write one page about a folder of articles",
        description="Write one page about a folder of articles: charts, names with their sentences, texts, quotations. "
        "A file whose name begins with a day (2016-12-08-…) was published then.",
    )
    parser.add_argument("folder", metavar="DIR", help="the folder with the text files")
    parser.add_argument("-o", "--output", required=True, metavar="PAGE", help="the page to write: report.html")
    parser.add_argument("--lang", choices=("ar", "en"), default="ar", help="the language of the page (default: ar)")
    parser.add_argument("--title", help="the title of the page")
    parser.add_argument(
        "--published", type=common.date, metavar="DATE", help="the day of publication of the other files"
    )
    parser.add_argument("--encoding", type=common.encoding, help="the files' encoding (default: utf-8)")
    common.pipeline_options(parser)
    parser.set_defaults(run=_report)
