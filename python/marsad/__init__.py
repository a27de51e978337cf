"""Marsad (مرصد) reads Arabic news and says who, what, where and when: offline, with exact offsets.

>>> import marsad
>>> nlp = marsad.load()
>>> doc = nlp("وصل الوفد إلى مدينة بنغازي في 13 نوفمبر 2014.")
>>> [(ent.label, ent.text) for ent in doc.ents]
[('GPE', 'مدينة بنغازي'), ('DATE', '13 نوفمبر 2014')]
>>> doc.text[doc.ents[0].start : doc.ents[0].end]
'مدينة بنغازي'
"""

import os as _os

# Not from `collections.abc`, which costs half of the import.
from _collections_abc import Sequence as _Sequence

from marsad._core import (
    LABELS,
    Alignment,
    Block,
    Clitics,
    Column,
    Corpus,
    DataError,
    Doc,
    Ent,
    Ents,
    Group,
    MarsadError,
    Normalizer,
    PackError,
    Piece,
    Pipe,
    Pipeline,
    Quote,
    Relation,
    Repaired,
    Sent,
    Table,
    Token,
    Units,
    __version__,
    normalize,
    repair,
    spell,
    transliterate,
)
from marsad._core import load as _load
from marsad._methods import give as _give

_TYPE_CHECKING = False
if _TYPE_CHECKING:
    from marsad._train import Evaluation, Training, evaluate, train

__all__ = [
    "LABELS",
    "Alignment",
    "Block",
    "Clitics",
    "Column",
    "Corpus",
    "DataError",
    "Doc",
    "Ent",
    "Ents",
    "Evaluation",
    "Group",
    "MarsadError",
    "Normalizer",
    "PackError",
    "Piece",
    "Pipe",
    "Pipeline",
    "Quote",
    "Relation",
    "Repaired",
    "Sent",
    "Table",
    "Token",
    "Training",
    "Units",
    "__version__",
    "evaluate",
    "load",
    "normalize",
    "repair",
    "spell",
    "train",
    "transliterate",
]

_Sequence.register(Ents)
_Sequence.register(Units)
_give(Doc, Corpus, Ent, Ents, Group, Pipeline, Table)


def load(path: "str | _os.PathLike[str] | None" = None, *, scheme: str | None = None) -> Pipeline:
    """Open the bundled model, or the pack at `path`.

    Nothing is downloaded; the file is mapped, not read, so that processes share it. `scheme` chooses the labels of
    one of the corpora that a pack was trained on.
    Raises `FileNotFoundError` for a missing file and `PackError` for a damaged one.

    >>> import marsad
    >>> nlp = marsad.load()
    >>> nlp
    <marsad.Pipeline bundled>
    """
    bundled = _os.path.join(_os.path.dirname(__file__), "data", "core.marsad")
    return _load(bundled if path is None else _os.fspath(path), scheme, bundled=path is None)


def _restore(
    path: str | None, scheme: str | None, rows: "list[tuple[str, str, list[str], str, dict[str, str]]]"
) -> Pipeline:
    """The pipeline that was pickled."""
    nlp = load(path, scheme=scheme)
    return nlp._with_rows(rows) if rows else nlp


def __getattr__(name: str) -> object:
    # Charts and reports cost an import only when asked for.
    if name in ("charts", "report"):
        import importlib

        return importlib.import_module(f"marsad.{name}")
    if name in ("train", "evaluate", "Training", "Evaluation"):
        from marsad import _train

        return getattr(_train, name)
    from marsad._near import near_miss

    hint = "" if name.startswith("_") else near_miss(name, (*__all__, "charts", "report"))
    raise AttributeError(f"module 'marsad' has no attribute {name!r}" + (hint and f".{hint}"), name=name)
