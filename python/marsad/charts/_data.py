"""What the charts read: documents as plain data, and the things that they name, brought together over documents."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from marsad import Doc, Normalizer

#: Types that name a thing.
NAMED = ("PERS", "NORP", "ORG", "GPE", "LOC", "FAC", "EVENT", "LAW", "PRODUCT")
#: Types that act.
WHO = ("PERS", "ORG", "NORP")
#: Types that have a place on a map.
WHERE = ("GPE", "LOC", "FAC")

_PLACE = frozenset(WHERE)
_fold = Normalizer.search()


def fold(text: str) -> str:
    """The text without the differences that a search ignores."""
    return " ".join(_fold(text).split())


@dataclass(slots=True, eq=False)
class Thing:
    """What mentions name, in all documents."""

    name: str
    label: str
    latin: str
    link: dict[str, Any] | None


@dataclass(slots=True, frozen=True)
class Mention:
    """One mention."""

    document: Document
    start: int
    end: int
    label: str
    text: str
    value: dict[str, Any] | None
    thing: Thing

    @property
    def sent(self) -> int:
        """The number of its sentence."""
        return self.document.sent_at(self.start)

    @property
    def block(self) -> int:
        """The number of its paragraph."""
        return self.document.block_at(self.start)

    @property
    def sentence(self) -> str:
        """The words around it."""
        return self.document.sentence(self.sent)


@dataclass(slots=True)
class Units:
    """Spans in order, looked up by position."""

    starts: list[int]
    ends: list[int]

    @classmethod
    def of(cls, spans: list[dict[str, Any]]) -> Units:
        return cls([s["start"] for s in spans], [s["end"] for s in spans])

    def at(self, position: int) -> int:
        return max(bisect_right(self.starts, position) - 1, 0)


@dataclass(eq=False)
class Document:
    """A document as plain data."""

    id: str
    text: str
    published: str | None
    entities: list[dict[str, Any]]
    groups: list[dict[str, Any]]
    sents: Units
    blocks: Units
    quotes: list[dict[str, Any]]
    data: dict[str, Any]
    doc: Doc | None = None
    mentions: list[Mention] = field(default_factory=list)

    def sent_at(self, position: int) -> int:
        return self.sents.at(position)

    def block_at(self, position: int) -> int:
        return self.blocks.at(position)

    def sentence(self, number: int, limit: int = 280) -> str:
        """A sentence on one line, cut after `limit` letters."""
        text = " ".join(self.text[self.sents.starts[number] : self.sents.ends[number]].split())
        return text if len(text) <= limit else text[:limit].rsplit(" ", 1)[0] + " …"

    @cached_property
    def title(self) -> str:
        """The first line."""
        line = next((line.strip() for line in self.text.splitlines() if line.strip()), self.id)
        return line if len(line) <= 90 else line[:90].rsplit(" ", 1)[0] + " …"


def _document(name: str, data: Mapping[str, Any]) -> Document:
    text = data["text"]
    whole = [{"start": 0, "end": len(text)}]
    blocks = data.get("blocks") or whole
    return Document(
        id=name,
        text=text,
        published=data.get("published"),
        entities=data["entities"],
        groups=data.get("groups") or [],
        sents=Units.of(data.get("sents") or blocks),
        blocks=Units.of(blocks),
        quotes=data.get("quotes") or [],
        data=dict(data),
    )


def _named(source: Any) -> Iterator[tuple[str | None, Any]]:
    if isinstance(source, Doc) or (isinstance(source, Mapping) and "entities" in source):
        yield None, source
    elif isinstance(source, Mapping):
        yield from ((str(name), doc) for name, doc in source.items())
    elif isinstance(source, str):
        raise TypeError("a chart needs a document, not a text: marsad.load()(text) makes one")
    elif isinstance(source, Iterable):
        yield from ((None, doc) for doc in source)
    else:
        kind = type(source).__name__
        raise TypeError(f"a chart needs a document, documents, a dict of documents or a corpus, not {kind}")


def _documents(source: Any) -> Iterator[Document]:
    for number, (name, doc) in enumerate(_named(source), 1):
        if isinstance(doc, Mapping) and "entities" in doc:
            data: Mapping[str, Any] = doc
        elif hasattr(doc, "to_dict"):
            data = doc.to_dict()
        else:
            kind = type(doc).__name__
            raise TypeError(f"document {number} is {kind}, not a marsad.Doc")
        found = _document(name or str(data.get("id") or number), data)
        found.doc = doc if isinstance(doc, Doc) else None
        yield found


class Collection:
    """Documents and the things that they name."""

    def __init__(self, source: Any) -> None:
        self.documents = list(_documents(source))
        self._things: dict[tuple[str, str], Thing] = {}
        self._folded: dict[str, str] = {}
        linked: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
        for document in self.documents:
            for group in document.groups:
                place = _geonames(group.get("link"))
                if place:
                    linked[self._key(group["name"], group["label"])][place] += group.get("count", 1)
        self._linked = {key: places.most_common(1)[0][0] for key, places in linked.items()}
        for document in self.documents:
            document.mentions = list(self._read(document))

    @property
    def mentions(self) -> Iterator[Mention]:
        """All mentions."""
        for document in self.documents:
            yield from document.mentions

    def select(self, labels: Iterable[str]) -> list[Mention]:
        """The mentions of these types."""
        wanted = frozenset(labels)
        return [mention for mention in self.mentions if mention.label in wanted]

    def _key(self, name: str, label: str) -> tuple[str, str]:
        folded = self._folded.get(name)
        if folded is None:
            folded = self._folded[name] = fold(name)
        return folded, "place" if label in _PLACE else label

    def _thing(self, name: str, label: str, latin: str, link: dict[str, Any] | None) -> Thing:
        key = self._key(name, label)
        place = _geonames(link) or self._linked.get(key)
        if place:
            key = ("geonames", place)
        known = self._things.get(key)
        if known is None:
            known = self._things[key] = Thing(name, label, latin, link)
        elif link and not known.link:
            known.link = link
        return known

    def _read(self, document: Document) -> Iterator[Mention]:
        things: dict[int, Thing] = {}
        by_id = {group["id"]: group for group in document.groups}
        for ent in document.entities:
            number = ent.get("group")
            group = by_id.get(number) if number is not None else None
            if group is not None and number is not None:
                thing = things.get(number)
                if thing is None:
                    thing = self._thing(group["name"], group["label"], group.get("latin") or "", group.get("link"))
                    things[number] = thing
            else:
                name = " ".join((ent.get("norm") or ent["text"]).split())
                thing = self._thing(name, ent["label"], ent.get("latin") or "", ent.get("link"))
            yield Mention(document, ent["start"], ent["end"], ent["label"], ent["text"], ent.get("value"), thing)


def collect(source: Any) -> Collection:
    """The documents of what a chart was given."""
    return source if isinstance(source, Collection) else Collection(source)


def _geonames(link: dict[str, Any] | None) -> str | None:
    found = link.get("geonames") if link else None
    return None if found is None else str(found)


def ranked(mentions: Iterable[Mention]) -> list[tuple[Thing, list[Mention]]]:
    """Things with their mentions, the most frequent first."""
    by_thing: dict[Thing, list[Mention]] = {}
    for mention in mentions:
        by_thing.setdefault(mention.thing, []).append(mention)
    return sorted(by_thing.items(), key=lambda row: (-len(row[1]), row[0].name))
