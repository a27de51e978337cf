"""The `marsad` command."""

from __future__ import annotations

import argparse
import io
import os
import re
import sys
from collections.abc import Iterator
from typing import NoReturn

from marsad._near import near_miss
from marsad.cli import _analyze, _clean, _report, _train
from marsad.cli._common import Failure


def _options(parser: argparse.ArgumentParser) -> Iterator[str]:
    """The options of a parser and of its commands."""
    for action in parser._actions:
        yield from action.option_strings
        if isinstance(action, argparse._SubParsersAction):
            for command in action.choices.values():
                yield from _options(command)


class _Parser(argparse.ArgumentParser):
    """Says what is wrong in one line, and what may be meant."""

    def error(self, message: str) -> NoReturn:
        hint = ""
        if choice := re.search(r"invalid choice: '(.*)' \(choose from (.*)\)", message):
            hint = near_miss(choice[1], re.findall(r"[\w-]+", choice[2]))
        elif message.endswith(": COMMAND"):
            commands = next(action for action in self._actions if isinstance(action, argparse._SubParsersAction))
            message = f"a command is missing: {', '.join(commands.choices)}"
        elif option := re.search(r"unrecognized arguments: (--[\w-]+)", message):
            hint = near_miss(option[1], _options(self))
        self.exit(2, f"marsad: {message}{hint and f'.{hint}'} (see {self.prog} --help)\n")


def _parser() -> argparse.ArgumentParser:
    from marsad import __version__

    parser = _Parser(prog="marsad", description="Reads Arabic news and says who, what, where and when.")
    parser.add_argument("--version", action="version", version=f"marsad {__version__}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND", parser_class=_Parser)
    for module in (_analyze, _clean, _report, _train):
        module.add_to(commands)
    return parser


def main(argv: list[str] | None = None) -> int:
    """Run the command; returns its exit status."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    args = _parser().parse_args(argv)
    try:
        status: int = args.run(args)
        sys.stdout.flush()
    except Failure as failure:
        print(f"marsad: {failure}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("marsad: interrupted", file=sys.stderr)
        return 130
    except BrokenPipeError:
        # The reader of our output has left; say nothing more, not even at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    return status
