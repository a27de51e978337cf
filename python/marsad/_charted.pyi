# The charts that documents and corpora have as methods; `_methods.py` gives them at run time.
from collections.abc import Iterable
from typing import Any, Literal, TypeAlias, type_check_only

from marsad.charts._base import AnyChart

_Labels: TypeAlias = str | Iterable[str] | None
_Names: TypeAlias = Literal["both", "arabic", "latin"]
_Lang: TypeAlias = Literal["en", "ar"]
_Unit: TypeAlias = Literal["sentence", "paragraph", "document"]

@type_check_only
class Charted:
    def timeline(
        self,
        *,
        labels: _Labels = None,
        top: int = 12,
        names: _Names = "both",
        lang: _Lang = "en",
        width: int = 620,
        title: str | None = None,
    ) -> AnyChart:
        """When: the dates that the text speaks of, on the lines of the names that share a sentence with them.

        A date with a month or a year only is a bar as long as that; hovering shows the sentence. Drag to move, scroll to zoom.

        Options:
            labels: the types that get lines, such as "PERS" or ["PERS", "ORG"]; see `marsad.LABELS`.
            top: how many names get a line.
            names: how names are written: "both", "arabic" or "latin".
            lang: the language of titles and tooltips: "en" or "ar".
            width: the width in pixels, without the names.
            title: another title.

        >>> import marsad
        >>> doc = marsad.load()("سيطر الجيش الليبي على سرت في 6 ديسمبر 2016.")
        >>> chart = doc.timeline(labels="ORG", names="latin")
        """
    def map(
        self,
        *,
        labels: _Labels = None,
        top: int = 300,
        bounds: tuple[float, float, float, float] | None = None,
        names: _Names = "both",
        lang: _Lang = "en",
        width: int = 620,
        title: str | None = None,
    ) -> AnyChart:
        """Where: the places that the text names, as large as it names them often, on the outline of the countries.

        The outline comes with Marsad: no tiles, no network. The most frequent places that have room carry their names;
        hovering shows the sentences.

        Options:
            labels: the types of places; "GPE", "LOC" and "FAC" when left out.
            top: how many places are shown.
            bounds: (west, south, east, north) in degrees; left out, the map holds all places.
            names: how names are written: "both", "arabic" or "latin".
            lang: the language of titles and tooltips: "en" or "ar".
            width: in pixels.
            title: another title.

        >>> import marsad
        >>> doc = marsad.load()("من طرابلس إلى بنغازي.")
        >>> chart = doc.map(bounds=(8, 18, 26, 35))
        """
    def network(
        self,
        *,
        labels: _Labels = None,
        unit: _Unit = "sentence",
        top: int = 30,
        least: int = 1,
        names: _Names = "both",
        lang: _Lang = "en",
        width: int = 620,
        height: int = 460,
        title: str | None = None,
    ) -> AnyChart:
        """Who with whom: names that share a sentence, tied by lines as thick as they meet often.

        Options:
            labels: the types of names, such as "PERS" or ["PERS", "ORG"]; see `marsad.LABELS`.
            unit: where names must meet: "sentence", "paragraph" or "document".
            top: how many names are kept, those with the most ties first.
            least: how many meetings make a tie.
            names: how names are written: "both", "arabic" or "latin".
            lang: the language of titles and tooltips: "en" or "ar".
            width, height: in pixels.
            title: another title.

        >>> import marsad
        >>> doc = marsad.load()("التقى وزير الخارجية المصري قائد الجيش الليبي في القاهرة.")
        >>> chart = doc.network(unit="paragraph", top=20)
        """
    def frequency(
        self,
        *,
        by: Literal["name", "type"] = "name",
        labels: _Labels = None,
        top: int = 20,
        names: _Names = "both",
        lang: _Lang = "en",
        width: int = 420,
        title: str | None = None,
    ) -> AnyChart:
        """The most frequent names, or how many mentions each type has.

        Options:
            by: "name" or "type".
            labels: the types that are counted, such as "PERS" or ["PERS", "ORG"]; see `marsad.LABELS`.
            top: how many bars.
            names: how names are written: "both", "arabic" or "latin".
            lang: the language of titles and tooltips: "en" or "ar".
            width: the width of the longest bar in pixels.
            title: another title.

        >>> import marsad
        >>> doc = marsad.load()("من طرابلس إلى بنغازي، ومن بنغازي إلى سرت.")
        >>> chart = doc.frequency(labels="GPE", top=10)
        """
    def heatmap(
        self,
        *,
        rows_of: _Labels = None,
        columns_of: _Labels = None,
        unit: _Unit = "sentence",
        top: int = 15,
        names: _Names = "both",
        lang: _Lang = "en",
        title: str | None = None,
    ) -> AnyChart:
        """Who with where: how often the names of one kind share a sentence with those of another.

        Options:
            rows_of: the types of the rows; people, bodies and communities when left out.
            columns_of: the types of the columns; places when left out.
            unit: where names must meet: "sentence", "paragraph" or "document".
            top: how many rows and columns at most.
            names: how names are written: "both", "arabic" or "latin".
            lang: the language of titles and tooltips: "en" or "ar".
            title: another title.

        >>> import marsad
        >>> doc = marsad.load()("وصل الجيش الليبي إلى سرت.")
        >>> chart = doc.heatmap(rows_of="ORG", columns_of="GPE")
        """
    def dispersion(
        self,
        terms: str | Iterable[str] | None = None,
        *,
        top: int = 10,
        lang: _Lang = "en",
        width: int = 620,
        title: str | None = None,
    ) -> AnyChart:
        """Where terms stand along the text; the documents of a corpus stand one after another.

        A term is found whatever particles stand before it, and as the name of what the text mentions under any form.
        Without `terms`, the most frequent names.

        Options:
            top: how many names, when no terms are given.
            lang: the language of titles and tooltips: "en" or "ar".
            width: in pixels.
            title: another title.

        >>> import marsad
        >>> doc = marsad.load()("سقطت سرت، ثم عادت سرت.")
        >>> chart = doc.dispersion(["سرت"])
        """
    def kwic(
        self,
        term: str,
        *,
        context: int = 45,
        top: int = 50,
        lang: _Lang = "en",
        width: int = 760,
        title: str | None = None,
    ) -> AnyChart:
        """A concordance: each place of a term in a line, with the words before it at its right and those after it at its left.

        Options:
            context: how many letters stand to each side.
            top: how many lines, in the order of the text.
            lang: the language of titles and tooltips: "en" or "ar".
            width: in pixels.
            title: another title.

        >>> import marsad
        >>> doc = marsad.load()("سقطت سرت، ثم عادت سرت.")
        >>> chart = doc.kwic("سرت", context=30)
        """
    def keyness(
        self,
        other: Any,
        *,
        of: Literal["word", "name"] = "word",
        top: int = 15,
        least: int = 3,
        significance: float = 6.63,
        first: str | None = None,
        second: str | None = None,
        lang: _Lang = "en",
        width: int = 420,
        title: str | None = None,
    ) -> AnyChart:
        """What this text has more often than the other, and less often: key words.

        Bars are log-likelihood, to the right for this one; beside them stands %DIFF, the size of the effect; hovering shows
        the counts and the log ratio.

        Options:
            of: "word" or "name".
            top: how many words on each side.
            least: words that occur fewer times in both together are left out.
            significance: the log-likelihood that counts; 6.63 is p < 0.01, 3.84 is p < 0.05.
            first, second: what the two are called.
            lang: the language of titles and tooltips: "en" or "ar".
            width: in pixels.
            title: another title.

        >>> import marsad
        >>> nlp = marsad.load()
        >>> oil, wheat = nlp("نفط ونفط ونفط"), nlp("قمح وقمح وقمح")
        >>> chart = oil.keyness(wheat, first="oil", second="wheat", significance=0)
        """
