"""`marsad normalize` and `marsad repair`."""

from __future__ import annotations

import argparse
import json
import sys
from typing import Any

from marsad.cli import _common as common
from marsad.cli._common import Failure

# Lines that are normalized at once.
_LINES = 4096


def _value(text: str) -> bool | int | str:
    known = {"yes": True, "true": True, "on": True, "no": False, "false": False, "off": False}
    return int(text) if text.isdecimal() else known.get(text.lower(), text)


def _normalize(args: argparse.Namespace) -> int:
    import marsad

    steps: dict[str, Any] = {}
    for setting in args.set or []:
        name, equals, value = setting.partition("=")
        if not equals:
            raise Failure(f"--set {setting}: write it as STEP=VALUE, for example --set digits=arabic")
        steps[name.replace("-", "_")] = _value(value)
    try:
        norm = marsad.Normalizer(preset=args.preset, **steps)
    except (TypeError, ValueError) as error:
        raise Failure(str(error)) from None
    if args.show:
        print(json.dumps({"name": norm.name, **norm.options}, ensure_ascii=False, indent=1))
        return 0
    failed = 0
    with common.output(args.out) as out:
        for path in common.files(args.files or ["-"]):
            try:
                _normalize_file(path, args, norm, out)
            except Failure as failure:
                failed += 1
                common.report(failure)
    return 2 if failed else 0


def _normalize_file(path: str, args: argparse.Namespace, norm: Any, out: Any) -> None:
    def flush() -> None:
        for clean, end in zip(norm(lines, threads=args.threads), ends, strict=True):
            out.write(clean + end)
        lines.clear()
        ends.clear()

    lines: list[str] = []
    ends: list[str] = []
    with common.opened(path) as file:
        for number, raw in enumerate(file, 1):
            line = common.decode(raw, common.name_of(path), args.encoding, number)
            bare = line.rstrip("\r\n")
            lines.append(bare)
            ends.append(line[len(bare) :])
            if len(lines) == _LINES:
                flush()
        flush()


def _repair(args: argparse.Namespace) -> int:
    import marsad

    failed = 0
    with common.output(args.out) as out:
        for path in common.files(args.files or ["-"]):
            try:
                page = marsad.repair(common.read(path, args.encoding))
                out.write(page.text if page.text.endswith("\n") else page.text + "\n")
                if args.changes:
                    for kind, start, end, put in page.changes:
                        print(f"{common.name_of(path)}: {start}:{end} {kind} {put!r}", file=sys.stderr)
            except Failure as failure:
                failed += 1
                common.report(failure)
    return 2 if failed else 0


def add_to(commands: Any) -> None:
    """Add the commands."""
    normalize: argparse.ArgumentParser = commands.add_parser(
        "normalize", help="write texts in one spelling", description="Normalize texts line by line."
    )
    normalize.add_argument("--preset", default="standard", help="light, standard (the default), search, camel …")
    normalize.add_argument("--set", action="append", metavar="STEP=VALUE", help="change a step; repeatable")
    normalize.add_argument("--show", action="store_true", help="print the steps as JSON and stop")
    normalize.add_argument("--threads", type=common.threads, metavar="N", help="default: one a processor")
    normalize.set_defaults(run=_normalize)
    repair: argparse.ArgumentParser = commands.add_parser(
        "repair",
        help="mend the text of a scraped page",
        description="Join paragraphs that links cut apart, drop leftovers of HTML, mend spaces.",
    )
    repair.add_argument("--changes", action="store_true", help="list what was changed on standard error")
    repair.set_defaults(run=_repair)
    for parser in (normalize, repair):
        parser.add_argument("files", nargs="*", metavar="FILE", help="files or folders; - or nothing is standard input")
        parser.add_argument("--encoding", type=common.encoding, help="the files' encoding (default: utf-8)")
        parser.add_argument("-o", "--out", metavar="OUT", help="write to a file instead of standard output")
