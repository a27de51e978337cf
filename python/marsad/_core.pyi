from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from os import PathLike
from typing import Any, Generic, Literal, Protocol, TypeAlias, TypeVar, final, overload

from marsad._charted import Charted, _Labels, _Lang, _Names
from marsad._rows import Rows
from marsad.charts._base import AnyChart

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
    "Units",
    "__version__",
    "_cluster",
    "_ents_of",
    "_evaluate",
    "_train",
    "load",
    "normalize",
    "repair",
    "spell",
    "transliterate",
]
__version__: str
LABELS: list[str]

_T_co = TypeVar("_T_co", covariant=True)
_Date: TypeAlias = date | str | None
_Step: TypeAlias = bool | int | str
_Snap: TypeAlias = Literal["outer", "inner"]

class _ArrowStream(Protocol):
    def __arrow_c_stream__(self, requested_schema: object = None, /) -> object: ...

class _ArrowArray(Protocol):
    def __arrow_c_array__(self, requested_schema: object = None, /) -> tuple[object, object]: ...

class MarsadError(Exception):
    """Base of Marsad's own errors."""

class PackError(MarsadError):
    """A pack is damaged, or of another version."""

class DataError(MarsadError):
    """A corpus, lexicon or label set cannot be read."""

def load(path: str | PathLike[str], scheme: str | None = None, *, bundled: bool = False) -> Pipeline:
    """Open the pack at `path`, which is the bundled one when `bundled` is true."""

def _ents_of(doc: Doc, index: Sequence[int]) -> Ents: ...

@final
class Pipeline:
    """A loaded analyzer. Call it on a text; it is immutable and safe to share between threads."""
    def __call__(self, text: str, /, published: _Date = None) -> Doc: ...
    @overload
    def pipe(
        self,
        texts: Iterable[str],
        *,
        threads: int | None = None,
        progress: bool = False,
        published: _Date | Iterable[_Date] = None,
        as_tuples: Literal[False] = False,
        errors: Literal["raise"] = "raise",
    ) -> Pipe[Doc]:
        """Analyze many texts: a lazy stream of documents in the order of the texts, in parallel.

        `texts` is any iterable of strings; with `as_tuples` of (text, context) pairs, which come out as
        (doc, context). Few texts are taken from it ahead of the document that you hold.
        `published` is one date for all, or an iterable of dates, one a text.
        `threads` is the number of processors unless given; 1 works in the calling thread.
        `progress` shows a bar (tqdm).
        A text that cannot be analyzed (None, a number) raises when its turn comes; asking for the next document
        goes on after it. With `errors="return"` the exception comes in place of the document.

        >>> import marsad
        >>> nlp = marsad.load()
        >>> [len(doc.ents) for doc in nlp.pipe(["زار مدينة درنة.", "لم يحدث شيء."])]
        [1, 0]
        """
    @overload
    def pipe(
        self,
        texts: Iterable[tuple[str, _T_co]],
        *,
        threads: int | None = None,
        progress: bool = False,
        published: _Date | Iterable[_Date] = None,
        as_tuples: Literal[True],
        errors: Literal["raise"] = "raise",
    ) -> Pipe[tuple[Doc, _T_co]]: ...
    @overload
    def pipe(
        self,
        texts: Iterable[tuple[str | None, _T_co]],
        *,
        threads: int | None = None,
        progress: bool = False,
        published: _Date | Iterable[_Date] = None,
        as_tuples: Literal[True],
        errors: Literal["return"],
    ) -> Pipe[tuple[Doc | Exception, _T_co]]: ...
    @overload
    def pipe(
        self,
        texts: Iterable[str | None],
        *,
        threads: int | None = None,
        progress: bool = False,
        published: _Date | Iterable[_Date] = None,
        as_tuples: Literal[False] = False,
        errors: Literal["return"],
    ) -> Pipe[Doc | Exception]: ...
    def corpus(
        self,
        texts: Any,
        ids: Any = None,
        published: Any = None,
        *,
        threads: int | None = None,
        progress: bool = False,
    ) -> Corpus:
        """Analyze a whole corpus into tables: no object for each mention, and data frames read them without a copy.

        `texts` is a list, any iterable, or a column of pandas, Polars or Arrow, which is read in place. `ids` gives
        each document its name (whole numbers or strings), otherwise its place in the corpus. `published` is one date
        for all or a date a text. A text that cannot be analyzed has its reason in `corpus.docs["error"]`.

        >>> import marsad
        >>> corpus = marsad.load().corpus(["زار مدينة درنة.", None])
        >>> len(corpus), corpus.ents["text"], corpus.docs["error"]
        (2, ['مدينة درنة'], [None, 'text 1: expected a string, not NoneType'])
        """
    def with_lexicon(self, names: Any) -> Pipeline:
        """A pipeline that knows your names too; this one stays as it is.

        `names` is a dict from labels to names, a pandas or Polars frame with the columns `label` and `name` (and
        `aliases`, `latin` if you like), a list of dicts, or the path of a TSV, CSV, JSON or JSONL file with those columns.
        Other columns are facts, found again in the `link` of a mention: `country`, `admin`, `kind`, `population`, `lat`,
        `lon` and `geonames` in their places, the rest under `facts`.
        A name that ends in `?` is ambiguous: it is believed only with evidence around it.

        >>> import marsad
        >>> nlp = marsad.load().with_lexicon({"ORG": ["غرفة عمليات ثوار ليبيا"]})
        >>> nlp("أعلنت غرفة عمليات ثوار ليبيا ذلك.").ents[0].label
        'ORG'
        """
    @property
    def lexicon(self) -> list[tuple[str, str, list[str], str, dict[str, str]]]:
        """The names of `with_lexicon` as rows: label, name, aliases, Latin name, facts."""
    def _with_rows(self, rows: Sequence[tuple[str, str, Sequence[str], str, dict[str, str]]]) -> Pipeline: ...
    def _write_lines(
        self,
        read: Callable[[int], bytes],
        write: Callable[[bytes], object],
        left: Callable[[bytes, int], object],
        done: Callable[[int, int], object],
        *,
        name: str,
        fields: tuple[str, str] | None,
        published: _Date,
        threads: int | None,
    ) -> None: ...

@final
class Pipe(Generic[_T_co]):
    """A lazy stream of documents, from `Pipeline.pipe`."""
    def __iter__(self) -> Iterator[_T_co]: ...
    def __next__(self) -> _T_co: ...
    def close(self) -> None:
        """Stop: no more texts are taken, and what is under way is dropped."""
    def __enter__(self) -> Pipe[_T_co]: ...
    def __exit__(self, *_exc: object) -> None: ...

@final
class Doc(Charted):
    """One analyzed document. In a notebook it shows itself."""
    @property
    def text(self) -> str:
        """The text as given."""
    @property
    def published(self) -> str | None:
        """The date that anchors relative dates, as "YYYY-MM-DD", or None."""
    @property
    def ents(self) -> Ents:
        """The mentions in the order of the text, outer before inner."""
    @property
    def sents(self) -> Units[Sent]:
        """The sentences."""
    @property
    def blocks(self) -> Units[Block]:
        """The blocks of the page: paragraphs, headings and embeds."""
    @property
    def paragraphs(self) -> Units[Block]:
        """The paragraphs and headings, without embeds."""
    @property
    def tokens(self) -> Units[Token]:
        """The tokens."""
    @property
    def groups(self) -> Rows[Group]:
        """The things that the text names, each once, with all their mentions."""
    @property
    def quotes(self) -> Rows[Quote]:
        """What is said in the text, and by whom."""
    @property
    def relations(self) -> Rows[Relation]:
        """Links between mentions: titles of persons, places in places, events at places, second names."""
    def explain(self, ent: Ent) -> list[dict[str, Any]]:
        """The candidates that overlap a mention, the judgement on each, and why."""
    def to_dict(self) -> dict[str, Any]:
        """The analysis as plain data: `{"text", "published", "entities", "blocks", …}`, offsets in code points."""
    def to_json(self, *, indent: int | None = None) -> str:
        """`to_dict()` as JSON text."""
    def to_html(self, *, title: str = "Marsad") -> str:
        """A page that shows the article with its mentions: one string, no script, no network."""
    def _repr_html_(self) -> str: ...
    def __len__(self) -> int: ...
    def __bool__(self) -> bool: ...
    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...

@final
class Ent:
    """A mention of an entity. `doc.text[ent.start:ent.end] == ent.text`."""
    @property
    def text(self) -> str:
        """The words of the text."""
    @property
    def label(self) -> str:
        """The type, one of `marsad.LABELS`."""
    @property
    def start(self) -> int:
        """Its first code point."""
    @property
    def end(self) -> int:
        """One past its last code point."""
    @property
    def norm(self) -> str:
        """The canonical name of what it names, or its words as they stand alone."""
    @property
    def score(self) -> float:
        """How sure the analysis is, 0 to 1."""
    @property
    def value(self) -> dict[str, Any] | None:
        """What it means, as a dict: a date in EDTF, a number, a sum. None where it means nothing countable."""
    @property
    def link(self) -> dict[str, Any] | None:
        """What it stands for, as a dict with `geonames`, `name`, `country`, `admin` (the region), `lat`, `lon`,
        `alternatives`; or None.
        """
    @property
    def latin(self) -> str:
        """The English name of what it names, otherwise a readable romanization."""
    @property
    def group(self) -> int | None:
        """The number of its group in `doc.groups`, shared by the mentions of one thing; None for dates, numbers, titles."""
    @property
    def parent(self) -> Ent | None:
        """The enclosing mention, or None."""
    @property
    def children(self) -> Ents:
        """The mentions directly inside it."""
    @property
    def doc(self) -> Doc:
        """The document that it stands in."""
    def to_dict(self) -> dict[str, Any]:
        """The mention as plain data, as in `Doc.to_dict()`."""
    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...

# At run time a sequence by registration.
@final
class Ents(Sequence[Ent]):
    """Mentions of a document: a sequence that is also a table."""
    def __len__(self) -> int: ...
    @overload
    def __getitem__(self, index: int, /) -> Ent: ...
    @overload
    def __getitem__(self, index: slice, /) -> Ents: ...
    def filter(self, label: str | Iterable[str] | None = None, *, min_score: float = 0.0, outer: bool = False) -> Ents:
        """The mentions of a type, or of some, that are at least so sure; only the outermost, if you like."""
    def to_dicts(self) -> list[dict[str, Any]]:
        """The mentions as a list of plain dicts."""
    def to_table(self) -> Table:
        """The mentions as a table with the columns of `Corpus.ents`."""
    def to_pandas(self) -> Any:
        """A pandas frame of the mentions."""
    def to_polars(self) -> Any:
        """A Polars frame of the mentions."""
    def to_arrow(self) -> Any:
        """A pyarrow table of the mentions."""
    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object: ...
    def _repr_html_(self) -> str: ...
    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...

@final
class Units(Sequence[_T_co]):
    """The blocks, sentences or tokens of a document: a sequence that makes its items when asked for them."""
    def __len__(self) -> int: ...
    @overload
    def __getitem__(self, index: int, /) -> _T_co: ...
    @overload
    def __getitem__(self, index: slice, /) -> Units[_T_co]: ...
    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...

@final
class Sent:
    """A sentence."""
    @property
    def text(self) -> str:
        """Its text, as the document has it."""
    @property
    def start(self) -> int:
        """Its first code point."""
    @property
    def end(self) -> int:
        """One past its last code point."""
    @property
    def index(self) -> int:
        """Its number in the document."""
    @property
    def tokens(self) -> Units[Token]:
        """Its tokens."""
    @property
    def ents(self) -> Ents:
        """The mentions that begin in it."""
    @property
    def block(self) -> Block:
        """The block that it stands in."""
    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...

@final
class Block:
    """A paragraph, a heading, or an embed such as a bare URL or a photo credit."""
    @property
    def text(self) -> str:
        """Its text, as the document has it."""
    @property
    def start(self) -> int:
        """Its first code point."""
    @property
    def end(self) -> int:
        """One past its last code point."""
    @property
    def index(self) -> int:
        """Its number in the document."""
    @property
    def kind(self) -> Literal["paragraph", "heading", "embed"]:
        """`"paragraph"`, `"heading"` or `"embed"`."""
    @property
    def sents(self) -> Units[Sent]:
        """Its sentences."""
    @property
    def ents(self) -> Ents:
        """The mentions that begin in it."""
    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...

@final
class Token:
    """A word, number, mark, URL, e-mail address, handle or hashtag."""
    @property
    def text(self) -> str:
        """Its text, as the document has it."""
    @property
    def start(self) -> int:
        """Its first code point."""
    @property
    def end(self) -> int:
        """One past its last code point."""
    @property
    def index(self) -> int:
        """Its number in the document."""
    @property
    def kind(self) -> Literal["word", "foreign", "number", "punct", "url", "email", "handle", "hashtag"]:
        """`"word"`, `"foreign"`, `"number"`, `"punct"`, `"url"`, `"email"`, `"handle"` or `"hashtag"`."""
    @property
    def norm(self) -> str:
        """Its text without vowel marks and tatweel, digits and letters as on a plain keyboard."""
    @property
    def clitics(self) -> Clitics:
        """The most probable reading of a word as clitics and a stem."""
    @property
    def readings(self) -> list[Clitics]:
        """Every reading, the most probable first. What is no word has one."""
    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...

@final
class Clitics:
    """One reading of a token: what is attached before, the stem, what is attached after."""
    @property
    def proclitics(self) -> list[Piece]:
        """What is attached before the stem: و ف ب ل ك س أ, each a piece."""
    @property
    def stem(self) -> Piece:
        """The word without its clitics. Its `norm` has ال also where the writing lost the alef: للتنظيم."""
    @property
    def enclitic(self) -> Piece | None:
        """The attached pronoun, or None."""
    @property
    def article(self) -> bool:
        """Whether the stem has the article."""
    @property
    def probability(self) -> float:
        """How probable the reading is among those of the word, out of context, 0 to 1."""
    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...

@final
class Piece:
    """A part of a token, with its place in the document."""
    @property
    def text(self) -> str:
        """Its text, as the document has it."""
    @property
    def start(self) -> int:
        """Its first code point."""
    @property
    def end(self) -> int:
        """One past its last code point."""
    @property
    def norm(self) -> str:
        """Its plain form; of a stem, the form that it has when it stands alone."""
    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...

@final
class Group:
    """One thing that a document names, with all its mentions."""
    @property
    def id(self) -> int:
        """Its number, as in `ent.group`."""
    @property
    def name(self) -> str:
        """The canonical name."""
    @property
    def label(self) -> str:
        """The type."""
    @property
    def count(self) -> int:
        """How many mentions it has."""
    @property
    def ents(self) -> list[Ent]:
        """Its mentions in the order of the text."""
    @property
    def scores(self) -> list[float]:
        """How sure it is of each mention that it names the thing, 0 to 1."""
    @property
    def first(self) -> Ent | None:
        """Its first mention."""
    @property
    def last(self) -> Ent | None:
        """Its last mention."""
    @property
    def variants(self) -> list[str]:
        """The ways in which the text writes it."""
    @property
    def link(self) -> dict[str, Any] | None:
        """What it is in the lexicon, as a dict, or None."""
    @property
    def latin(self) -> str:
        """The English name, otherwise a readable romanization."""
    @property
    def anaphora(self) -> list[tuple[int, int]]:
        """Nouns that only refer back to it (التنظيم, المدينة): a list of (start, end) in code points."""
    def to_dict(self) -> dict[str, Any]:
        """The group as plain data."""
    def __len__(self) -> int: ...

@final
class Quote:
    """Something that somebody said."""
    @property
    def text(self) -> str:
        """The words, without the quotation marks."""
    @property
    def start(self) -> int:
        """Its first code point."""
    @property
    def end(self) -> int:
        """One past its last code point."""
    @property
    def direct(self) -> bool:
        """In the speaker's own words, not reported."""
    @property
    def speaker(self) -> Ent | None:
        """The mention of who said it, or None."""
    @property
    def source(self) -> str | None:
        """Where nobody is named, the words for who said it, such as مصادر محلية; or None."""
    @property
    def verb(self) -> str | None:
        """The word that reports, such as قال, or None."""

@final
class Relation:
    """A link between two mentions that a reader would draw."""
    @property
    def kind(self) -> str:
        """`"title"`, `"place_in"`, `"event_at"` or `"alias"`."""
    @property
    def source(self) -> Ent:
        """The mention that it starts from: the title, the inner place, the event, the name."""
    @property
    def target(self) -> Ent:
        """The mention that it leads to: the person, the outer place, the place, the other name."""

@final
class Corpus(Charted):
    """Tables of many texts."""
    @property
    def ents(self) -> Table:
        """A row a mention: `doc_id`, its number, offsets, label, text, norm, Latin name, score, parent, group in its document,
        sentence, value, place, and `corpus_group`, its group in `groups`.
        """
    @property
    def groups(self) -> Table:
        """A row a thing that the texts speak of, whatever they call it: its name, its Latin name, how often and in how many
        documents it is mentioned, first and last, its other names, its place.

        Documents are brought together by the link where there is one, otherwise by the name. What could be two things,
        such as a surname of two people, stays apart.

        >>> import marsad
        >>> corpus = marsad.load().corpus(["زار الوفد مدينة درنة.", "تقع درنة في ليبيا."])
        >>> corpus.groups.filter(latin="Derna").select("name", "count", "docs", "last_doc").to_dicts()
        [{'name': 'درنة', 'count': 2, 'docs': 2, 'last_doc': 1}]
        """
    @property
    def doc_groups(self) -> Table:
        """A row a thing of a document: its name, its other names, how often it is mentioned, its place, and in
        `corpus_group` its number in `groups`.
        """
    @property
    def sents(self) -> Table:
        """A row a sentence, with its text."""
    @property
    def docs(self) -> Table:
        """A row a document: its length and counts, and in `error` why it could not be analyzed."""
    @property
    def pipeline(self) -> Pipeline:
        """The pipeline that made it."""
    def __len__(self) -> int: ...
    def __iter__(self) -> Iterator[dict[str, Any]]: ...
    def _repr_html_(self) -> str: ...
    def trend(
        self,
        *,
        labels: _Labels = None,
        by: Literal["day", "week", "month", "year"] | None = None,
        top: int = 6,
        names: _Names = "both",
        lang: _Lang = "en",
        width: int = 620,
        height: int = 280,
        title: str | None = None,
    ) -> AnyChart:
        """How often names come up over time: mentions by the day of publication, so documents need `published`.

        Options:
            labels: the types that are counted, such as "PERS" or ["PERS", "ORG"]; see `marsad.LABELS`.
            by: "day", "week", "month" or "year"; left out, the documents decide.
            top: how many names get a line.
            names: how names are written: "both", "arabic" or "latin".
            lang: the language of titles and tooltips: "en" or "ar".
            width, height: in pixels.
            title: another title.

        >>> import marsad
        >>> texts = ["انسحبت داعش من سرت.", "عاد الهدوء إلى سرت."]
        >>> corpus = marsad.load().corpus(texts, published=["2016-12-06", "2016-12-07"])
        >>> chart = corpus.trend(by="day", labels="GPE")
        """

@final
class Table:
    """A table of mentions, groups, sentences or documents. pandas, Polars, pyarrow and DuckDB read it without a copy."""
    @property
    def columns(self) -> list[str]:
        """The names of the columns."""
    def __len__(self) -> int: ...
    @overload
    def __getitem__(self, key: str, /) -> list[Any]: ...
    @overload
    def __getitem__(self, key: slice, /) -> Table: ...
    def head(self, n: int = 10) -> Table:
        """The first rows."""
    def select(self, *columns: str) -> Table:
        """The table with these columns, in this order."""
    def filter(self, **wanted: Any) -> Table:
        """The rows whose cells are as asked: `filter(label="GPE")`, `filter(label=["PERS", "ORG"], parent=None)`."""
    def to_dicts(self) -> list[dict[str, Any]]:
        """The rows as dicts."""
    def to_pandas(self) -> Any:
        """A pandas frame over the same memory (columns of Arrow)."""
    def to_polars(self) -> Any:
        """A Polars frame over the same memory."""
    def to_arrow(self) -> Any:
        """A pyarrow table over the same memory."""
    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object: ...
    def _repr_html_(self) -> str: ...

@final
class Normalizer:
    """A set of normalization steps, compiled. Call it on a string, a list of strings or an Arrow column."""
    def __new__(cls, *, preset: str | None = None, **steps: _Step) -> Normalizer: ...
    @staticmethod
    def light() -> Normalizer:
        """What no reader would notice: invisible characters, tatweel, presentation forms, spaces."""
    @staticmethod
    def standard() -> Normalizer:
        """`light`, and no vowel marks, ASCII digits, Arabic letters for those of Persian keyboards."""
    @staticmethod
    def search() -> Normalizer:
        """`standard`, and one form for letters that writers mix up: for keys of an index, not for reading."""
    @staticmethod
    def camel() -> Normalizer:
        """The usual chain of CAMeL Tools: NFKC, no marks, one alef, ى to ي, ة to ه."""
    @staticmethod
    def arabert() -> Normalizer:
        """The preprocessing of AraBERT's second generation (v02, AraELECTRA, AraGPT2), without Farasa."""
    @overload
    def __call__(self, text: str, /, *, threads: int | None = None) -> str: ...
    @overload
    def __call__(self, text: list[str] | tuple[str, ...], /, *, threads: int | None = None) -> list[str]: ...
    @overload
    def __call__(
        self, text: list[str | None] | tuple[str | None, ...], /, *, threads: int | None = None
    ) -> list[str | None]: ...
    @overload
    def __call__(self, text: _ArrowStream | _ArrowArray, /, *, threads: int | None = None) -> Column: ...
    def align(self, text: str, /) -> Alignment:
        """Normalize a string and say where everything went.

        >>> import marsad
        >>> norm = marsad.Normalizer.standard().align("كَتَبَ")
        >>> norm.text, norm.to_original(1, 2)
        ('كتب', (1, 4))
        """
    def _by_utf8(self, text: str, /) -> str: ...
    @property
    def options(self) -> dict[str, _Step]:
        """The steps and their values."""
    @property
    def name(self) -> str:
        """The name and version of the preset with just these steps, or "custom"."""
    def to_json(self) -> str:
        """All that is needed to make the same normalizer in a later version: keep it with an index."""
    @staticmethod
    def from_json(json: str) -> Normalizer:
        """The normalizer that `to_json` wrote down."""
    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...

@overload
def normalize(text: str, /, preset: str = "standard", *, threads: int | None = None, **steps: _Step) -> str:
    """Normalize a string or a list of strings with a preset, changed by the steps that are named.

    >>> import marsad
    >>> marsad.normalize("الـسَّـلامُ")
    'السلام'
    >>> marsad.normalize(["مَدِينة", "٣"], digits="keep")
    ['مدينة', '٣']
    """

@overload
def normalize(
    text: list[str] | tuple[str, ...], /, preset: str = "standard", *, threads: int | None = None, **steps: _Step
) -> list[str]: ...
@overload
def normalize(
    text: list[str | None] | tuple[str | None, ...],
    /,
    preset: str = "standard",
    *,
    threads: int | None = None,
    **steps: _Step,
) -> list[str | None]: ...
@overload
def normalize(
    text: _ArrowStream | _ArrowArray,
    /,
    preset: str = "standard",
    *,
    threads: int | None = None,
    **steps: _Step,
) -> Column: ...

@final
class Column:
    """A column of strings in Arrow's memory. pyarrow, polars, pandas and DuckDB read it in place:
    `pyarrow.array(column)`, `polars.Series(column)`.
    """
    def __arrow_c_array__(self, requested_schema: object = None) -> tuple[object, object]: ...
    def __len__(self) -> int: ...
    def to_list(self) -> list[str | None]:
        """The strings, `None` where there is none."""

@final
class Alignment:
    """A text made from another, and how their characters correspond. Offsets are code points."""
    @property
    def text(self) -> str:
        """The new text."""
    def to_original(self, start: int, end: int, snap: _Snap = "outer") -> tuple[int, int]:
        """Where `start:end` of the new text came from. "outer" takes in removed characters at the edges, "inner" not."""
    def to_normalized(self, start: int, end: int, snap: _Snap = "outer") -> tuple[int, int]:
        """Where `start:end` of the original went."""
    @property
    def edits(self) -> list[tuple[int, int, int, int]]:
        """The changes of length: (start, end) in the original, (start, end) in the new text."""
    def then(self, other: Alignment) -> Alignment:
        """The alignment of the original with what `other` makes of the new text."""

@final
class Repaired:
    """A repaired page, with its alignment. Offsets are code points."""
    @property
    def text(self) -> str:
        """The clean text."""
    @property
    def headings(self) -> list[tuple[int, int]]:
        """Titles and section headings: (start, end) in the clean text."""
    @property
    def embeds(self) -> list[tuple[int, int]]:
        """Bare URLs and photo credits: (start, end) in the clean text."""
    @property
    def changes(self) -> list[tuple[str, int, int, str]]:
        """What was done: (kind, start, end, replacement), in the order of the page and in its offsets."""
    @property
    def edits(self) -> list[tuple[int, int, int, int]]:
        """The changes of length: (start, end) in the page, (start, end) in the clean text."""
    def to_original(self, start: int, end: int, snap: _Snap = "outer") -> tuple[int, int]:
        """Where `start:end` of the clean text came from."""
    def to_normalized(self, start: int, end: int, snap: _Snap = "outer") -> tuple[int, int]:
        """Where `start:end` of the page went."""
    def then(self, other: Alignment) -> Alignment:
        """The alignment of the page with what `other` makes of the clean text."""

def repair(text: str, /) -> Repaired:
    """Repair the text of a scraped page: join paragraphs that links cut apart, drop leftovers of HTML, spaces before
    commas and repeated blank lines; find the headings and insertions. A page with nothing to repair comes back
    as it is.
    """

def spell(
    n: int,
    *,
    gender: Literal["masculine", "feminine"] = "masculine",
    case: Literal["nominative", "accusative", "genitive"] = "nominative",
) -> str:
    """A whole number in Arabic words (tafkit), with the agreement of gender and case.

    >>> import marsad
    >>> marsad.spell(125)
    'مئة وخمسة وعشرون'
    >>> marsad.spell(3, gender="feminine")
    'ثلاث'
    >>> marsad.spell(2013, gender="feminine", case="genitive")
    'ألفين وثلاث عشرة'
    """

def transliterate(text: str, /, scheme: str = "reader", *, reverse: bool = False) -> str:
    """A text in Latin letters, or back.

    `scheme` is one of `"reader"` (readable names), `"buckwalter"`, `"safe-buckwalter"`, `"xml-buckwalter"`, `"hsb"`,
    `"iso-233-2"` and `"ala-lc"`. With `reverse=True` the Buckwalter schemes and HSB give the Arabic back, without loss.

    >>> import marsad
    >>> marsad.transliterate("أحمد المنصوري")
    'Ahmad al-Mansouri'
    >>> marsad.transliterate("مدينة سرت", scheme="buckwalter")
    'mdynp srt'
    >>> marsad.transliterate("mdynp srt", scheme="buckwalter", reverse=True)
    'مدينة سرت'
    """

# The core of `marsad.train`, `marsad.evaluate` and `marsad cluster`.
_Hear: TypeAlias = Callable[[str, str, int, int, float, float | None], None]

def _train(
    base: str,
    corpora: list[tuple[str, list[str]]],
    dev: list[tuple[str, list[str]]],
    out: str,
    *,
    options: dict[str, float],
    seed: int,
    patience: int,
    helpers: list[str],
    classes: list[str],
    checkpoint: str,
    resume: bool,
    threads: int | None = None,
    hear: _Hear | None = None,
) -> str: ...
def _evaluate(
    gold: str | list[str],
    predicted: str | list[str] | Pipeline,
    *,
    samples: int,
    seed: int,
    save: str | None = None,
    threads: int | None = None,
) -> str: ...
def _cluster(
    files: list[str],
    out: str,
    *,
    classes: list[int],
    window: int,
    least: int,
    threads: int | None = None,
    hear: _Hear | None = None,
) -> int: ...
