"""Errors that name what is accepted, and the near miss."""

from __future__ import annotations

_TYPE_CHECKING = False
if _TYPE_CHECKING:
    # Costs half of the import of the package.
    from collections.abc import Iterable


def near_miss(value: object, accepted: Iterable[str]) -> str:
    """`" Did you mean 'x'?"`, or nothing."""
    import difflib

    folded = {name.casefold(): name for name in accepted}
    found = difflib.get_close_matches(str(value).casefold(), folded, 1, 0.5)
    return f" Did you mean {folded[found[0]]!r}?" if found else ""


# What other libraries call what we have.
_OTHER_NAMES = {
    "entities": "ents",
    "mentions": "ents",
    "sentences": "sents",
    "documents": "docs",
    "words": "tokens",
    "quotations": "quotes",
    "concordance": "kwic",
    "to_pandas": "ents.to_pandas",
    "to_polars": "ents.to_polars",
    "to_arrow": "ents.to_arrow",
    "to_dicts": "ents.to_dicts",
    "to_table": "ents.to_table",
    "type": "label",
    "label_": "label",
    "canonical": "norm",
    "start_char": "start",
    "end_char": "end",
}


def missing(self: object, name: str) -> object:
    """The error for an attribute that is not there; it names the one that is meant. Nobody's private names get that far."""
    kind = type(self)
    hint = ""
    if not name.startswith("_"):
        known = [attribute for attribute in dir(kind) if not attribute.startswith("_")]
        other = _OTHER_NAMES.get(name, "")
        if other.partition(".")[0] in known:
            hint = f". Did you mean {other!r}?"
        else:
            hint = near_miss(name, known) and f".{near_miss(name, known)}"
    raise AttributeError(f"{kind.__module__}.{kind.__name__} has no attribute {name!r}{hint}", name=name, obj=self)


def choice(value: str, accepted: Iterable[str], option: str) -> str:
    """The value if it is an accepted one, else an error."""
    accepted = tuple(accepted)
    if value in accepted:
        return value
    names = ", ".join(map(repr, accepted))
    raise ValueError(f"{option}={value!r} is not one of {names}.{near_miss(value, accepted)}")


def refuse_unknown(function: str, given: Iterable[str], known: Iterable[str]) -> None:
    """An error when an option has a name that the function does not know."""
    known = tuple(known)
    for name in given:
        if name not in known:
            names = ", ".join(known)
            raise TypeError(f"{function}() has no option {name!r}.{near_miss(name, known)} The options are {names}.")
