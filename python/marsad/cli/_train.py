"""`marsad train`, `marsad evaluate` and `marsad cluster`."""

from __future__ import annotations

import argparse
import json
import sys
from typing import Any

from marsad.cli import _common as common
from marsad.cli._common import Failure


def _failures() -> tuple[type[Exception], ...]:
    import marsad

    return (OSError, ValueError, TypeError, marsad.MarsadError)


def _number(least: float, kind: type = int, most: float = 2**32 - 1) -> Any:
    def read(value: str) -> Any:
        try:
            number = kind(value)
        except ValueError:
            number = None
        if number is None or not least <= number <= most:
            raise argparse.ArgumentTypeError(f"{value!r} is no number from {least} to {most}")
        return number

    return read


def _train(args: argparse.Namespace) -> int:
    import marsad
    from marsad import _train as training

    corpora: dict[str, list[str]] = {args.scheme: list(args.files)}
    dev: dict[str, list[str]] = {args.scheme: list(args.dev)} if args.dev else {}
    for option, to in ((args.also, corpora), (args.also_dev, dev)):
        for pair in option:
            name, equals, path = pair.partition("=")
            if not equals or not path:
                raise Failure(f"{pair}: write it as SCHEME=PATH")
            to.setdefault(name, []).append(path)
    # Those that help are trained first.
    corpora = dict(sorted(corpora.items(), key=lambda item: item[0] not in args.helper))
    options = {
        name: value
        for name in ("inner_epochs", "folds", "least", "prune", "faint", "lean", "dropout", "alpha", "l2")
        if (value := getattr(args, name)) is not None
    }
    for name in ("lexicon", "rules", "document"):
        if getattr(args, f"no_{name}"):
            options[name] = 0
    try:
        outcome = marsad.train(
            corpora,
            dev=dev or None,
            out=args.out,
            base=args.base,
            helpers=args.helper,
            classes=args.classes,
            seed=args.seed,
            epochs=args.epochs,
            patience=args.patience,
            progress=not args.quiet,
            resume=args.resume,
            threads=args.threads,
            **options,
        )
    except KeyboardInterrupt:
        left = training.checkpoint_of(args.out, args.resume)
        if any(left.glob("*/*")):
            print(f"marsad: the checkpoint is {left}; the same command with --resume goes on", file=sys.stderr)
        raise
    except _failures() as error:
        raise Failure(common.said(error)) from None
    for name, row in outcome.schemes.items():
        if row.dev is not None:
            print(f"{name} on the held-out texts:\n{row.dev}" if len(outcome.schemes) > 1 else row.dev)
    print(outcome, file=sys.stderr)
    return 0


def _evaluate(args: argparse.Namespace) -> int:
    import marsad

    if args.pred is None and not (args.pack or args.model):
        raise Failure("give PRED, or --model (or --pack FILE) to judge what a model finds in GOLD")
    if args.pred is not None and (args.pack or args.model):
        raise Failure("give either PRED or a model, not both")
    predicted: Any = common.load(args) if args.pred is None else args.pred
    try:
        result = marsad.evaluate(args.gold, predicted, samples=args.samples, seed=args.seed, save=args.save)
    except _failures() as error:
        raise Failure(common.said(error)) from None
    if args.reliability and not result.reliability and result.all.exact.predicted:
        raise Failure("--reliability: the predictions have no probabilities: judge a model (--model or --pack)")
    with common.output(args.output) as out:
        if args.json:
            json.dump(result.to_dict(), out, ensure_ascii=False, indent=1)
            out.write("\n")
            return 0
        print(result, file=out)
        if args.confusion:
            print(f"\n{result.confusion_table()}", file=out)
        if args.reliability:
            print(f"\n{result.reliability_table()}", file=out)
        if args.errors:
            print(file=out)
            for mistake in result.mistakes:
                print(mistake, file=out)
    return 0


def _cluster(args: argparse.Namespace) -> int:
    from marsad._core import _cluster as cluster
    from marsad._train import _Bar

    classes = args.classes or [256]
    bar = None if args.quiet else _Bar()
    try:
        words = cluster(
            common.files(args.files),
            args.out,
            classes=classes,
            window=args.window,
            least=args.least,
            threads=args.threads,
            hear=bar,
        )
    except _failures() as error:
        raise Failure(common.said(error)) from None
    finally:
        if bar is not None:
            bar.close()
    print(f"{words} words in {', '.join(map(str, classes))} classes, written to {args.out}", file=sys.stderr)
    return 0


def _add_train(commands: Any) -> None:
    parser: argparse.ArgumentParser = commands.add_parser(
        "train",
        help="train the tagger on annotated texts",
        description="Train the tagger on annotated texts and write a pack for --pack and marsad.load: inline tags "
        "(.xml), CoNLL with one or many tag columns (.conll), JSON lines with offsets (.jsonl); any labels.",
        epilog="examples:\n"
        "  marsad train texts/train --dev texts/dev --out own.marsad\n"
        "  marsad train theirs.conll --scheme theirs --out own.marsad\n"
        "  marsad train ours/ --also theirs=theirs.conll --helper theirs --out both.marsad",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    add("files", nargs="+", metavar="FILE_OR_DIR", help="annotated files, or folders with them")
    add(
        "--dev",
        action="append",
        default=[],
        metavar="FILE_OR_DIR",
        help="held-out texts: keep the pass that reads them best",
    )
    add("-o", "--out", default="model.marsad", metavar="PACK", help="the pack to write (default: model.marsad)")
    add("--scheme", default="marsad", metavar="NAME", help="the name of this corpus's guidelines (default: marsad)")
    add(
        "--also",
        action="append",
        default=[],
        metavar="NAME=PATH",
        help="train another scheme into the same pack; repeatable",
    )
    add(
        "--also-dev",
        action="append",
        default=[],
        metavar="NAME=PATH",
        help="held-out texts of another scheme; repeatable",
    )
    add(
        "--helper",
        action="append",
        default=[],
        metavar="NAME",
        help="a scheme whose tagger reads the text first; repeatable",
    )
    add(
        "--classes",
        action="append",
        default=[],
        metavar="TSV",
        help="word classes that `marsad cluster` wrote, beside those of the base; repeatable",
    )
    add("--base", metavar="PACK", help="the pack with words, classes and lexicon (default: the bundled one)")
    add("--resume", action="store_true", help="go on from the checkpoint of a training that was broken off")
    add("--seed", type=_number(0), default=1, help="for the order of the sentences (default: 1)")
    add("--epochs", type=_number(1), default=10, help="passes over the texts, at most (default: 10)")
    add(
        "--patience",
        type=_number(0),
        default=3,
        help="stop after so many passes that are no better; 0: never (default: 3)",
    )
    add("--threads", type=common.threads, metavar="N", help="threads (default: all processors); they change no result")
    add("--quiet", action="store_true", help="no progress bar")
    for name, kind, text in (
        ("inner-epochs", int, "passes for mentions inside mentions"),
        ("folds", int, "folds of the jack-knife for the second pass"),
        ("least", int, "leave out features seen less often"),
        ("prune", float, "leave out weights below this"),
        ("faint", float, "leave out features whose greatest weight is below this"),
        ("lean", float, "lean against outside: more recall"),
        ("dropout", float, "share of features dropped in each visit"),
        ("alpha", float, "the step size"),
        ("l2", float, "the square penalty"),
    ):
        add(f"--{name}", type=_number(0, kind), metavar="X", help=text)
    add("--no-lexicon", action="store_true", help="learn without the lexicon")
    add("--no-rules", action="store_true", help="learn without the rules")
    add("--one-pass", action="store_true", dest="no_document", help="learn without the second pass over a document")
    parser.set_defaults(run=_train)


def add_to(commands: Any) -> None:
    """Add the commands."""
    _add_train(commands)
    parser: argparse.ArgumentParser = commands.add_parser(
        "evaluate",
        help="compare predictions with gold",
        description="Compare predictions with gold: exact, overlapping and type-only F1 by type, sets by document. "
        "Files or folders of inline tags, CoNLL columns or JSON with offsets, as `marsad analyze --json` writes it.",
    )
    add = parser.add_argument
    add("gold", metavar="GOLD", help="the annotated file or folder")
    add("pred", nargs="?", metavar="PRED", help="the predictions: the same texts in the same order")
    add("--model", action="store_true", help="judge what the bundled model finds in the texts of GOLD (or --pack)")
    add("--errors", action="store_true", help="list every error with its context")
    add("--confusion", action="store_true", help="print which type was taken for which")
    add("--reliability", action="store_true", help="print how true the probabilities of a model are, in ten steps")
    add("--json", action="store_true", help="print everything as JSON")
    add("-o", "--output", metavar="FILE", help="write to a file (default: standard output)")
    add("--save", metavar="FILE", help="write the predictions, as .jsonl or .conll")
    add("--samples", type=_number(1), default=1000, help="bootstrap samples (default: 1000)")
    add("--seed", type=_number(0), default=1, help="for the bootstrap (default: 1)")
    common.pipeline_options(parser)
    parser.set_defaults(run=_evaluate)

    parser = commands.add_parser(
        "cluster",
        help="put the words of raw text into classes",
        description="Put the words of raw text, a sentence a line, into classes by the company they keep.",
        epilog="example: xz -dc news/*.xz | marsad cluster - --classes 256 --out classes.tsv",
    )
    add = parser.add_argument
    add("files", nargs="+", metavar="RAW", help="text files, folders, or - for standard input")
    add("-o", "--out", required=True, metavar="TSV", help="the table to write: a word and its classes a line")
    add(
        "--classes",
        action="append",
        type=_number(2, most=65535),
        metavar="N",
        help="how many classes (default: 256); repeat for more columns",
    )
    add("--window", type=_number(1), default=1, help="look at words so far away (default: 1)")
    add("--least", type=_number(1), default=5, help="leave out words seen less often (default: 5)")
    add("--threads", type=common.threads, metavar="N", help="threads (default: all processors); they change no result")
    add("--quiet", action="store_true", help="no progress bar")
    parser.set_defaults(run=_cluster)
