"""Finding terms in texts, as a reader would: without vowel marks, with the particles that stand before a word."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, lru_cache

from marsad import Normalizer

from ._data import Collection, Document, Mention, fold

_search = Normalizer.search()

#: Words of grammar, which say nothing of what a text is about, in the form of `fold`.
STOP = frozenset(
    fold(
        "من في على إلى عن مع أن إن أنه إنه أنها إنها أنهم كان كانت كانوا يكون تكون قد لقد لا ما لم لن ليس ليست هذا هذه ذلك تلك هؤلاء "
        "الذي التي الذين اللذين اللواتي هو هي هم هن نحن أنا أنت كل بعض غير بين بعد قبل عند عندما حين حتى حيث كما لكن لكنه ولكن أو أم ثم "
        "أي أية إذا إذ لو لولا منذ خلال ضد نحو دون بدون سوى إلا أيضا فقط أكثر أقل جدا هناك هنا الآن كذلك بذلك لذلك ذلك بل فيما مما عما بما "
        "به بها بهم له لها لهم فيه فيها فيهم منه منها منهم عليه عليها عليهم إليه إليها عنه عنها معه معها لدى لديه لديها أمام وراء فوق تحت "
        "حول وفق بحسب وقد وكان وكانت وفي ومن وعلى وإلى وعن ومع وأن وإن ولا وما ولم وهو وهي التى الى اى فى وذلك وهذا وهذه كانت أنّ يا "
        "قال قالت وقال وأضاف أضاف أضافت وأضافت يوم اليوم عام العام سنة تم يتم عدة عدد أحد إحدى أول مثل لأن لأنه بأن بأنه وأنه وأنها"
    ).split()
)

_WORD = re.compile(r"[\w\u064b-\u065f\u0670]*[^\W\d_][\w\u064b-\u065f\u0670]*")
# Particles and the article, before a word.
_BEFORE = r"(?:[وف]?(?:[بلكس]|لل)?(?:ال)?)"


def words(document: Document) -> Iterator[str]:
    """The words of a document without words of grammar, and without the particles attached to them."""
    if document.doc is None:
        found = (match.group() for match in _WORD.finditer(document.text))
    else:
        tokens = document.doc.tokens
        found = (token.clitics.stem.text for token in tokens if token.kind in ("word", "foreign"))
    for word in found:
        if len(word) > 1 and folded(word) not in STOP:
            yield word


@lru_cache(maxsize=100_000)
def folded(word: str) -> str:
    """A word in search form."""
    return fold(word)


@cache
def _pattern(term: str) -> re.Pattern[str]:
    inner = r"\s+".join(map(re.escape, term.split()))
    return re.compile(rf"(?<!\w){_BEFORE}({inner})(?!\w)")


def find(collection: Collection, term: str, *, names: bool = True) -> Iterator[tuple[Document, int, int]]:
    """Where a term stands: the words themselves, and, with `names`, every mention of the thing with that name."""
    folded = fold(term)
    if not folded:
        raise ValueError("a term must have letters in it")
    for document in collection.documents:
        spans = set(_written(document, folded))
        if names:
            spans |= {(m.start, m.end) for m in document.mentions if _is(m, folded, term)}
        # Of spans that overlap, the longest.
        last = -1
        for start, end in sorted(spans, key=lambda span: (span[0], -span[1])):
            if start >= last:
                last = end
                yield document, start, end


def _is(mention: Mention, folded: str, term: str) -> bool:
    thing = mention.thing
    return fold(thing.name) == folded or (bool(thing.latin) and thing.latin.casefold() == term.casefold())


def _written(document: Document, folded: str) -> Iterator[tuple[int, int]]:
    aligned = _search.align(document.text)
    for match in _pattern(folded).finditer(aligned.text):
        start, end = aligned.to_original(*match.span(1))
        yield start, end


def whole_word(text: str, start: int, end: int) -> tuple[int, int]:
    """The span with the letters that are joined to it."""
    while start > 0 and (text[start - 1].isalnum() or text[start - 1] == "ـ"):
        start -= 1
    while end < len(text) and (text[end].isalnum() or text[end] == "ـ"):
        end += 1
    return start, end
