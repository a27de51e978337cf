"""Training and evaluation: `marsad.train` and `marsad.evaluate`."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from marsad._core import Doc, Pipeline, _evaluate, _train

if TYPE_CHECKING:
    from typing import TypeAlias

    _Path: TypeAlias = str | os.PathLike[str]
    _Corpora: TypeAlias = _Path | Sequence[_Path] | Mapping[str, _Path | Sequence[_Path]]
    _Given: TypeAlias = _Path | Doc | Mapping[str, Any] | Iterable[_Path | Doc | Mapping[str, Any]]

_BUNDLED = Path(__file__).parent / "data" / "core.marsad"


# --- evaluation ---


@dataclass(frozen=True, slots=True)
class Score:
    """Precision, recall and F1 under one kind of match, with the counts that they come from."""

    gold: int
    predicted: int
    precision: float
    recall: float
    f1: float


@dataclass(frozen=True, slots=True)
class Row:
    """The scores of one type, or of a group of types.

    `exact`: same span and type. `overlap`: same type, the spans share a character; one to one. `type_only`: the
    same, but any number of mentions may share. `set`: distinct pairs of text and type in each document.
    """

    label: str
    exact: Score
    overlap: Score
    type_only: Score
    set: Score


@dataclass(frozen=True, slots=True)
class Mistake:
    """One error with its place: `kind` is missed, invented, bounds, type, or bounds and type."""

    document: str
    kind: str
    gold: dict[str, Any] | None
    predicted: dict[str, Any] | None
    context: str

    def __str__(self) -> str:
        def said(mention: dict[str, Any] | None) -> str:
            return f"{mention['label']} {mention['text']}" if mention else "-"

        return f"{self.kind}\t{said(self.gold)}\t{said(self.predicted)}\t{self.context}\t{self.document}"


@dataclass(frozen=True, slots=True)
class Reliability:
    """Predictions with a probability from `low` to `high`: how many, what was said on average, the share right."""

    low: float
    high: float
    mentions: int
    said: float
    right: float


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The judgement of `evaluate`; in a notebook it shows itself as a table."""

    documents: int
    rows: tuple[Row, ...]
    core: Row
    """Over the types that name things."""
    all: Row
    """Over all types: the micro average."""
    spans: Score
    """Overlapping spans whatever their type; one to one."""
    interval: tuple[float, float]
    """95 % bootstrap interval of the exact F1 of `all`, over documents."""
    core_interval: tuple[float, float]
    labels: tuple[str, ...]
    """The types of the rows and columns of `confusion`, which end with nothing."""
    confusion: tuple[tuple[int, ...], ...]
    """`confusion[g][p]`: mentions of type `g` found as type `p`."""
    reliability: tuple[Reliability, ...]
    """The calibration curve of the predictions in ten steps, those with none left out; empty when they have no scores."""
    mistakes: tuple[Mistake, ...] = field(repr=False)
    _plain: dict[str, Any] = field(repr=False, compare=False)

    @property
    def precision(self) -> float:
        """Exact, over all types."""
        return self.all.exact.precision

    @property
    def recall(self) -> float:
        """Exact, over all types."""
        return self.all.exact.recall

    @property
    def f1(self) -> float:
        """Exact, over all types."""
        return self.all.exact.f1

    @property
    def macro_f1(self) -> float:
        """The mean of the exact F1 of the types in the gold."""
        known = [row.exact.f1 for row in self.rows if row.exact.gold]
        return sum(known) / len(known) if known else 0.0

    @property
    def calibration_error(self) -> float | None:
        """How far the probabilities are from the share that is right, on average over the mentions (ECE)."""
        total = sum(step.mentions for step in self.reliability)
        off = sum(step.mentions * abs(step.said - step.right) for step in self.reliability)
        return off / total if total else None

    def __getitem__(self, label: str) -> Row:
        """The row of a type, of CORE, or of ALL."""
        for row in (*self.rows, self.core, self.all):
            if row.label == label:
                return row
        raise KeyError(label)

    def to_dict(self) -> dict[str, Any]:
        """All of it as plain data."""
        plain: dict[str, Any] = json.loads(json.dumps(self._plain))
        return plain

    def __str__(self) -> str:
        lines = [
            f"{'type':12} {'gold':>6} {'pred':>6}  {'P':>6} {'R':>6} {'F1':>6}  {'overlap':>7} {'type':>6} {'set':>6}"
        ]
        lines += [
            f"{row.label:12} {row.exact.gold:6} {row.exact.predicted:6}  {row.exact.precision:6.3f} "
            f"{row.exact.recall:6.3f} {row.exact.f1:6.3f}  {row.overlap.f1:7.3f} {row.type_only.f1:6.3f} {row.set.f1:6.3f}"
            for row in (*self.rows, self.core, self.all)
        ]
        (low, high), (core_low, core_high) = self.interval, self.core_interval
        lines.append(f"95 % interval of F1: ALL {low:.3f}-{high:.3f}, CORE {core_low:.3f}-{core_high:.3f}")
        if self.calibration_error is not None:
            lines.append(f"probabilities are off by {self.calibration_error:.3f} on average")
        return "\n".join(lines)

    def confusion_table(self) -> str:
        """The confusion as text: a row a type of the gold, a column a type found; `-` is nothing."""
        names = [*self.labels, "-"]
        width = max(6, *(len(name) + 1 for name in names))
        lines = [" " * 12 + "".join(f"{name:>{width}}" for name in names)]
        for name, row in zip(names, self.confusion, strict=True):
            lines.append(f"{name:12}" + "".join(f"{count or '·':>{width}}" for count in row))
        return "\n".join(lines)

    def reliability_table(self) -> str:
        """The calibration curve as text: a row a step of the probability."""
        lines = [f"{'probability':12} {'mentions':>8} {'said':>6} {'right':>6}"]
        lines += [
            f"{step.low:.1f} to {step.high:.1f}   {step.mentions:8} {step.said:6.3f} {step.right:6.3f}"
            for step in self.reliability
        ]
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        head = "".join(f"<th>{name}</th>" for name in "type gold pred P R F1 overlap type-only set".split())
        body = ""
        for row in (*self.rows, self.core, self.all):
            figures = (
                row.exact.precision,
                row.exact.recall,
                row.exact.f1,
                row.overlap.f1,
                row.type_only.f1,
                row.set.f1,
            )
            cells = "".join(f"<td>{figure:.3f}</td>" for figure in figures)
            counts = f"<td>{row.exact.gold}</td><td>{row.exact.predicted}</td>"
            body += f'<tr><th scope="row">{escape(row.label)}</th>{counts}{cells}</tr>'
        low, high = self.interval
        caption = f"{self.documents} documents; 95 % interval of F1: {low:.3f} to {high:.3f}"
        if self.calibration_error is not None:
            caption += f"; probabilities are off by {self.calibration_error:.3f} on average"
        errors = "".join(f"<li><bdi>{escape(str(mistake))}</bdi></li>" for mistake in self.mistakes[:20])
        shown = min(20, len(self.mistakes))
        return (
            f"<table><caption>{caption}</caption><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
            f"<details><summary>{shown} of {len(self.mistakes)} mistakes</summary><ol>{errors}</ol></details>"
        )


def _row(plain: dict[str, Any]) -> Row:
    names = ("gold", "predicted", "precision", "recall", "f1")
    kinds = ("exact", "overlap", "type_only", "set")
    return Row(plain["label"], *(Score(**{name: plain[kind][name] for name in names}) for kind in kinds))


def _reliability(plain: list[dict[str, Any]]) -> tuple[Reliability, ...]:
    size = len(plain)
    return tuple(
        Reliability(at / size, (at + 1) / size, n, step["said"] / n, step["right"] / n)
        for at, step in enumerate(plain)
        if (n := step["mentions"])
    )


def evaluation(plain: dict[str, Any]) -> Evaluation:
    """The judgement of the report that the core writes."""
    spans = plain["spans"]
    return Evaluation(
        documents=plain["documents"],
        rows=tuple(_row(row) for row in plain["rows"]),
        core=_row(plain["core"]),
        all=_row(plain["all"]),
        spans=Score(*(spans[name] for name in ("gold", "predicted", "precision", "recall", "f1"))),
        interval=tuple(plain["interval"]["all"]),
        core_interval=tuple(plain["interval"]["core"]),
        labels=tuple(plain["confusion"]["labels"]),
        confusion=tuple(tuple(row) for row in plain["confusion"]["counts"]),
        reliability=_reliability(plain["reliability"]),
        mistakes=tuple(Mistake(**mistake) for mistake in plain["mistakes"]),
        _plain=plain,
    )


def _line(document: Any) -> str:
    if isinstance(document, Doc):
        document = {
            "text": document.text,
            "entities": [{"start": e.start, "end": e.end, "label": e.label} for e in document.ents],
        }
    return json.dumps(dict(document), ensure_ascii=False)


def _given(given: Any, name: str) -> str | list[str]:
    """Files, or documents as lines of JSON."""
    if isinstance(given, (str, os.PathLike)):
        return [os.fspath(given)]
    items: list[Any] = [given] if isinstance(given, (Doc, Mapping)) else list(given)
    if all(isinstance(item, (str, os.PathLike)) for item in items):
        return [os.fspath(item) for item in items]
    if all(isinstance(item, (Doc, Mapping)) for item in items):
        return "\n".join(_line(item) for item in items) + "\n"
    raise TypeError(f"{name}: expected files, or documents (Doc, or dicts with text and entities)")


def evaluate(
    gold: _Given,
    predicted: _Given | Pipeline,
    *,
    samples: int = 1000,
    seed: int = 1,
    threads: int | None = None,
    save: _Path | None = None,
) -> Evaluation:
    """Compare predictions with gold, document by document.

    Both sides are a file or folder, a list of them (inline tags, CoNLL columns, JSON with offsets), a `Doc`, a dict
    with `text` and `entities`, or a list of those; `predicted` may be a pipeline, which then reads the texts of
    `gold`. The texts must be the same, in the same order; a JSON file may leave them out. `samples` and `seed` are
    those of the bootstrap. `save` writes what was predicted, as .jsonl or .conll.

    >>> import marsad
    >>> gold = {"text": "زار سرت", "entities": [{"start": 4, "end": 7, "label": "GPE"}]}
    >>> marsad.evaluate(gold, {"text": "زار سرت", "entities": []}).recall
    0.0
    """
    if samples < 1:
        raise ValueError(f"samples={samples}: expected a number from 1 on")
    other = predicted if isinstance(predicted, Pipeline) else _given(predicted, "predicted")
    target = None if save is None else os.fspath(save)
    report = _evaluate(_given(gold, "gold"), other, samples=samples, seed=seed, save=target, threads=threads)
    return evaluation(json.loads(report))


# --- training ---


@dataclass(frozen=True, slots=True)
class Trained:
    """What was learned of one scheme."""

    scheme: str
    labels: tuple[str, ...]
    nested: bool
    documents: int
    mentions: int
    lost: int
    """Mentions that no run of whole tokens can give."""
    features: int
    dev: Evaluation | None
    """The judgement on the held-out texts: the whole pipeline."""


@dataclass(frozen=True, slots=True)
class Training:
    """The outcome of `train`."""

    out: Path
    schemes: dict[str, Trained]
    seconds: float

    @property
    def dev(self) -> Evaluation | None:
        """The judgement of the first scheme."""
        return next(iter(self.schemes.values())).dev

    def __str__(self) -> str:
        lines = [
            f"{name}: {row.documents} documents, {row.mentions} mentions ({row.lost} lost), "
            f"{len(row.labels)} labels, {row.features} features"
            for name, row in self.schemes.items()
        ]
        return "\n".join([*lines, f"{self.out} written after {self.seconds:.0f} s"])


def _schemes(corpora: Any, scheme: str, name: str) -> list[tuple[str, list[str]]]:
    if not isinstance(corpora, Mapping):
        corpora = {scheme: corpora}
    found = []
    for key, paths in corpora.items():
        listed = [paths] if isinstance(paths, (str, os.PathLike)) else list(paths)
        if not listed:
            raise ValueError(f"{name}: no file given for the scheme {key!r}")
        # Names of sections of the pack, which are short, and of folders of the checkpoint.
        if not (key.isascii() and key.replace("-", "").replace("_", "").isalnum() and len(key) <= 16):
            raise ValueError(f"scheme {key!r}: use at most 16 letters, digits, - and _")
        found.append((key, [os.fspath(path) for path in listed]))
    return found


class _Bar:
    """A bar a stage."""

    def __init__(self) -> None:
        self._bar: Any = None
        self._stage = ""

    def __call__(self, scheme: str, stage: str, done: int, total: int, loss: float, dev: float | None) -> None:
        import warnings

        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of a notebook without ipywidgets
            from tqdm.auto import tqdm

            name = f"{scheme}: {stage}"
            if name != self._stage:
                self.close()
                self._stage, self._bar = name, tqdm(total=total, desc=name, unit="pass", leave=True)
        said = f"loss {loss:.4f}" if dev is None else f"loss {loss:.4f}, dev F1 {dev:.3f}"
        self._bar.set_postfix_str(said, refresh=False)
        self._bar.update(done - self._bar.n)

    def close(self) -> None:
        if self._bar is not None:
            self._bar.close()


_OPTIONS = {
    "inner_epochs",
    "folds",
    "least",
    "prune",
    "faint",
    "lean",
    "dropout",
    "alpha",
    "l2",
    "lexicon",
    "rules",
    "document",
}


def checkpoint_of(out: _Path, resume: bool | _Path) -> Path:
    """The folder of the checkpoint of a training."""
    if isinstance(resume, bool):
        return Path(f"{os.fspath(out)}.checkpoint")
    return Path(resume)


def train(
    corpora: _Corpora,
    *,
    out: _Path,
    dev: _Corpora | None = None,
    base: _Path | None = None,
    scheme: str = "marsad",
    helpers: Sequence[str] = (),
    classes: _Path | Sequence[_Path] = (),
    seed: int = 1,
    epochs: int = 10,
    patience: int = 3,
    progress: bool = True,
    resume: bool | _Path = False,
    threads: int | None = None,
    **options: float,
) -> Training:
    """Train the tagger on annotated texts and write a pack that `load` reads.

    `corpora` is a file or folder or a list of them (inline tags, CoNLL with one or many tag columns, JSON lines with
    offsets), with any labels. A dict trains several schemes into one pack, in its order: `{"marsad": "ours/",
    "theirs": ["a.conll", "b.conll"]}`; `load(out, scheme="theirs")` chooses. The words, word classes and lexicon come
    from the pack `base`, the bundled one if none is given; its schemes stay in it beside the new ones.

    With `dev` (a dict too, when there are several schemes) training keeps the pass that reads it best and stops after
    `patience` passes that are no better (0: never), and the outcome holds the judgement on it. `helpers` names
    schemes, of the base or trained earlier in this call, whose taggers read the text first. `classes` are tables of
    word classes, as `marsad cluster` writes them, that are read beside those of the base.

    The same data, options and `seed` give the same bytes. Ctrl-C leaves no partial pack but a checkpoint, a folder
    beside `out`; `resume=True` goes on from it. Other options: inner_epochs, folds, least, prune, faint, lean,
    dropout, alpha, l2, and lexicon, rules, document (False leaves that evidence out).
    """
    unknown = sorted(set(options) - _OPTIONS)
    if unknown:
        raise TypeError(f"train() has no option {unknown[0]!r}; it has {', '.join(sorted(_OPTIONS))}")
    for name, value, least in (("epochs", epochs, 1), ("patience", patience, 0), ("seed", seed, 0)):
        if value < least:
            raise ValueError(f"{name}={value}: expected a number from {least} on")
    if any(value < 0 for value in options.values()):
        raise ValueError("the options of train() are not negative")
    named = _schemes(corpora, scheme, "corpora")
    held = [] if dev is None else _schemes(dev, named[0][0], "dev")
    strangers = {name for name, _ in held} - {name for name, _ in named}
    if strangers:
        raise ValueError(f"dev: there is no corpus for the scheme {min(strangers)!r}")
    folder = Path(os.fspath(out)).absolute().parent
    if not folder.is_dir():
        raise FileNotFoundError(f"cannot write {os.fspath(out)}: there is no folder {folder}")
    begun = time.monotonic()
    bar = _Bar() if progress else None
    try:
        summary = _train(
            os.fspath(base if base is not None else _BUNDLED),
            named,
            held,
            os.fspath(out),
            options={"epochs": float(epochs), **{name: float(value) for name, value in options.items()}},
            seed=seed,
            patience=patience,
            helpers=list(helpers),
            classes=[os.fspath(path) for path in ([classes] if isinstance(classes, (str, os.PathLike)) else classes)],
            checkpoint=os.fspath(checkpoint_of(out, resume)),
            resume=resume is not False,
            threads=threads,
            hear=bar,
        )
    finally:
        if bar is not None:
            bar.close()
    schemes = {}
    rows = json.loads(summary)
    for name, _ in named:
        row = rows[name]
        judged = row.pop("dev", None)
        labels = tuple(row.pop("labels"))
        schemes[name] = Trained(scheme=name, labels=labels, dev=judged and evaluation(judged), **row)
    return Training(out=Path(out), schemes=schemes, seconds=time.monotonic() - begun)
