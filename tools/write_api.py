"""Write what the package says of itself where readers look for it: docs/api.md, and the docstrings of the stubs.

    python tools/write_api.py            # after a change of a name, a signature or a docstring
    python tools/write_api.py --check    # only say whether that was forgotten

The docstrings are those of the installed package, the signatures those of the stubs. `ruff format` follows.
"""

from __future__ import annotations

import ast
import inspect
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import marsad
import marsad.charts
import marsad.report
from marsad import _core, _rows

ROOT = Path(__file__).parent.parent
STUBS = [ROOT / "python/marsad" / name for name in ("_core.pyi", "_charted.pyi")]
PAGE = ROOT / "docs/api.md"

Definition = ast.FunctionDef | ast.ClassDef

# The chapters of the page; what is named nowhere goes to the last.
CHAPTERS = {
    "Start": ["load", "Pipeline", "Pipe"],
    "One document": ["Doc", "Ents", "Ent", "Group", "Quote", "Relation", "Rows"],
    "Its units": ["Units", "Block", "Sent", "Token", "Clitics", "Piece"],
    "Many documents": ["Corpus", "Table"],
    "Normalization": ["normalize", "Normalizer", "Alignment", "Column", "repair", "Repaired"],
    "Letters and numbers": ["transliterate", "spell", "LABELS"],
    "Charts and reports": [f"charts.{name}" for name in marsad.charts.__all__] + ["report.build"],
    "Training and evaluation": ["train", "Training", "evaluate", "Evaluation"],
    "Errors": ["MarsadError", "PackError", "DataError"],
}


def definitions(tree: ast.Module | ast.ClassDef) -> Iterator[Definition]:
    """The classes and functions of a module or class; of overloads the first."""
    seen = set()
    for node in tree.body:
        if isinstance(node, Definition) and node.name not in seen:
            seen.add(node.name)
            yield node


def said(node: Definition, owner: ast.ClassDef | None = None) -> str | None:
    """The docstring of what the stubs define."""
    if node.name.startswith("_"):
        return None
    home: Any = _core
    if owner is not None:
        home = _core.Doc if owner.name == "Charted" else getattr(_core, owner.name, None)
    found = inspect.getattr_static(home, node.name, None)
    doc = getattr(getattr(found, "__func__", found), "__doc__", None)
    if not doc:
        return None
    # What a class is for needs no example where its methods have theirs.
    doc = inspect.cleandoc(doc)
    return doc.partition("\n\n>>>")[0] if isinstance(node, ast.ClassDef) else doc


def stub(source: str) -> str:
    """The stubs with the docstrings of the package."""
    tree = ast.parse(source)
    lines = source.splitlines(keepends=True)
    edits = []
    for node in definitions(tree):
        inner = [(child, said(child, node)) for child in definitions(node)] if isinstance(node, ast.ClassDef) else []
        for found, doc in [(node, said(node)), *inner]:
            first = found.body[0]
            spoken = isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant)
            if doc is None or (isinstance(found, ast.FunctionDef) and not spoken):
                continue
            pad = " " * (found.col_offset + 4)
            mark = "r" if "\\" in doc else ""
            text = f'{mark}"""{doc}\n"""' if "\n" in doc else f'{mark}"""{doc}"""'
            text = "".join(f"{pad}{line}\n" if line else "\n" for line in text.splitlines())
            if isinstance(found, ast.ClassDef) and not spoken:
                at = first.lineno - len(getattr(first, "decorator_list", ()))
                edits.append((at, 0, at, 0, text))
            else:
                edits.append((first.lineno, first.col_offset, first.end_lineno or 0, first.end_col_offset or 0, text))
    for line, column, last, end, text in sorted(edits, reverse=True):
        before = lines[line - 1].encode()[:column].decode().rstrip()
        after = lines[last - 1].encode()[end:].decode().removeprefix("\n")
        lines[line - 1 : last] = [(f"{before}\n" if before else "") + text + after]
    return "".join(lines)


def signature(node: ast.FunctionDef, name: str) -> str:
    """A call as a reader writes it, without types."""
    arguments = node.args
    shown: list[str] = []
    positional = [*arguments.posonlyargs, *arguments.args]
    defaults = [None] * (len(positional) - len(arguments.defaults)) + list(arguments.defaults)
    for argument, default in zip(positional, defaults, strict=True):
        if argument.arg not in ("self", "cls"):
            shown.append(argument.arg + (f"={ast.unparse(default)}" if default else ""))
    if arguments.kwonlyargs:
        shown.append("*")
    for argument, default in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True):
        shown.append(argument.arg + (f"={ast.unparse(default)}" if default else ""))
    if arguments.kwarg:
        shown.append(f"**{arguments.kwarg.arg}")
    return f"{name}({', '.join(shown)})"


def prose(doc: str) -> str:
    """A docstring as Markdown: options as a list, examples as code."""
    words, _, example = doc.partition(">>>")
    words = re.sub(r"^    (\w[\w, ]*): ", r"- `\1`: ", words.replace("Options:\n", "\n"), flags=re.MULTILINE)
    # A blank line ends an example.
    example, _, rest = f">>>{example}".partition("\n\n") if example else ("", "", "")
    code = f"\n\n```pycon\n{example.strip()}\n```" if example else ""
    return f"{words.strip()}{code}" + (f"\n\n{prose(rest)}" if rest else "")


def members(name: str, trees: list[ast.Module], kind: Any) -> Iterator[str]:
    """The attributes and methods of a class."""
    classes = {node.name: node for stubs in trees for node in stubs.body if isinstance(node, ast.ClassDef)}
    node = classes.get(name)
    inner = list(definitions(node)) if node else []
    if node and any(isinstance(base, ast.Name) and base.id == "Charted" for base in node.bases):
        inner += list(definitions(classes["Charted"]))
    rows = []
    for child in inner:
        doc = inspect.getattr_static(kind, child.name, None)
        text = getattr(getattr(doc, "__func__", doc), "__doc__", None)
        if isinstance(child, ast.FunctionDef) and not child.name.startswith("_") and text:
            # One paragraph; charts are told in full in their own chapter.
            first = " ".join(inspect.cleandoc(text).split("\n\n")[0].split())
            decorated = any(isinstance(d, ast.Name) and d.id == "property" for d in child.decorator_list)
            call = child.name if decorated else signature(child, child.name)
            rows.append(f"| `{call}` | {first.replace('|', chr(92) + '|')} |")
    if rows:
        yield "| | |\n|---|---|\n" + "\n".join(rows)


def entry(name: str, trees: list[ast.Module]) -> str:
    """What the page says of one name."""
    owner: Any = {"charts": marsad.charts, "report": marsad.report}.get(name.partition(".")[0], marsad)
    found: Any = _rows.Rows if name == "Rows" else getattr(owner, name.rpartition(".")[2])
    if name == "LABELS":
        return f"### `LABELS`\n\nThe 21 types of mentions: {', '.join(f'`{label}`' for label in found)}."
    parts = []
    if isinstance(found, type):
        parts += [f"### `{name}`", prose(inspect.cleandoc(found.__doc__ or "")), *members(name, trees, found)]
        if name == "Normalizer" or name == "Pipeline":
            parts += calls(found)
    else:
        parameters = inspect.signature(found).parameters.values()
        bare = inspect.Signature([parameter.replace(annotation=parameter.empty) for parameter in parameters])
        parts += [f"### `{name}{bare}`", prose(inspect.cleandoc(found.__doc__ or ""))]
    return "\n\n".join(part for part in parts if part)


def calls(kind: Any) -> list[str]:
    """What a call of an instance does, and the long stories of methods."""
    stories = []
    for name in ("__call__", "pipe", "corpus", "with_lexicon"):
        method = inspect.getattr_static(kind, name, None)
        doc = inspect.cleandoc(getattr(method, "__doc__", None) or "")
        if doc.count("\n\n") and not doc.startswith("Call self"):
            stories.append(f"#### `{kind.__name__}.{name}`\n\n{prose(doc)}")
    return stories


def page() -> str:
    """docs/api.md."""
    trees = [ast.parse(path.read_text(encoding="utf-8")) for path in STUBS]
    named = {name for names in CHAPTERS.values() for name in names}
    forgotten = set(marsad.__all__) - named - {"__version__"}
    assert not forgotten, f"no chapter of the page has {', '.join(sorted(forgotten))}"
    links = " · ".join(f"[{title}](#{title.lower().replace(' ', '-')})" for title in CHAPTERS)
    text = (
        "# The Python interface\n\n"
        "Made from the docstrings by `tools/write_api.py`. `help(marsad.load)` and every other name say the same.\n\n"
        f"{links}\n"
    )
    for title, names in CHAPTERS.items():
        text += f"\n## {title}\n\n" + "\n\n".join(entry(name, trees) for name in names) + "\n"
    return text


def stale() -> list[str]:
    """The files that say something else than the package."""
    found = []
    for path in STUBS:
        source = path.read_text(encoding="utf-8")
        if ast.dump(ast.parse(stub(source))) != ast.dump(ast.parse(source)):
            found.append(str(path.relative_to(ROOT)))
    if not PAGE.is_file() or PAGE.read_text(encoding="utf-8") != page():
        found.append(str(PAGE.relative_to(ROOT)))
    return found


if __name__ == "__main__":
    if "--check" not in sys.argv:
        for path in STUBS:
            path.write_text(stub(path.read_text(encoding="utf-8")), encoding="utf-8")
        PAGE.write_text(page(), encoding="utf-8")
    elif old := stale():
        sys.exit(f"old: {', '.join(old)}; run tools/write_api.py and ruff format")
