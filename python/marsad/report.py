"""A report on a folder of articles: one page, with everything in it, that needs no network and no script."""

from __future__ import annotations

import re
from html import escape
from typing import Any

from marsad import _html
from marsad._near import choice
from marsad.charts import frequency, heatmap, map, network, timeline, trend
from marsad.charts._data import NAMED, Collection, Document, Mention, Thing, ranked
from marsad.charts._show import svg
from marsad.charts._words import LANGUAGES, label_name

_WORDS: dict[str, tuple[str, str]] = {
    "title": ("What the articles say", "ما تقوله المقالات"),
    "overview": ("Overview", "نظرة عامة"),
    "articles": ("articles", "مقالات"),
    "words": ("words", "كلمات"),
    "mentions": ("mentions", "أسماء وأرقام وتواريخ"),
    "things": ("different names", "أسماء مختلفة"),
    "first": ("the first published", "تاريخ نشر الأول"),
    "last": ("the last", "تاريخ نشر الأخير"),
    "timeline": ("When", "متى"),
    "map": ("Where", "أين"),
    "network": ("Who with whom", "من مع من"),
    "groups": ("Names and their sentences", "الأسماء وجملها"),
    "quotes": ("Quotations", "اقتباسات"),
    "texts": ("The articles", "المقالات"),
    "more": ("and {} more", "و{} غيرها"),
    "none": ("none found", "لا شيء"),
    "unknown": ("speaker not named", "متحدث غير مسمى"),
    "made": (
        "Made with Marsad. Maps: Natural Earth. Places: GeoNames.",
        "أعد بواسطة مرصد. الخرائط: Natural Earth. الأماكن: GeoNames.",
    ),
}

# So many names a type have their sentences, so many sentences each.
_NAMES, _SENTENCES, _QUOTES = 40, 6, 300
# An article's markup is brief when all articles together have more mentions than this.
_BRIEF = 12_000

_STYLE = """
:root{color-scheme:light dark;--line:#d9dce1;--soft:#f5f6f8;--ink:#1d2126;--dim:#5f6670;--accent:#0f5e63}
*{box-sizing:border-box}
body{margin:0 auto;max-inline-size:62rem;padding:1rem;background:#fff;color:var(--ink);line-height:1.7;
 font-family:"Noto Naskh Arabic","Noto Sans Arabic","Segoe UI","Geeza Pro",Tahoma,system-ui,sans-serif}
h1{font-size:1.7rem;line-height:1.4;margin-block:.5em}h2{font-size:1.25rem;margin-block:1.6em .6em;
 border-block-end:2px solid var(--accent);padding-block-end:.2em}h3{font-size:1.02rem;margin-block:1.2em .3em;color:var(--dim)}
nav{display:flex;flex-wrap:wrap;gap:.2em 1em;font-size:.9rem}a{color:var(--accent)}
.facts{display:grid;grid-template-columns:repeat(auto-fit,minmax(7.5rem,1fr));gap:.6rem;padding:0;list-style:none}
.facts li{background:var(--soft);border-radius:.5rem;padding:.6rem .8rem}.facts b{display:block;font-size:1.25rem;white-space:nowrap}
figure{margin:1rem 0;overflow-x:auto;background:#fff;border:1px solid var(--line);border-radius:.5rem;padding:.5rem .9rem}
figure svg{direction:ltr;display:block;overflow:visible;margin-inline:auto;inline-size:100%;min-inline-size:15rem;block-size:auto}
.figures{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,22rem),1fr));gap:.8rem;margin-block:1rem;align-items:start}
.figures figure{margin:0}
details{border-block-end:1px solid var(--line);padding-block:.3rem}summary{cursor:pointer;overflow-wrap:anywhere}
.part{border:0}.part>summary{font-weight:600;color:var(--dim);padding-block:.4rem}
.names{columns:22rem;column-gap:2rem}.names>details{break-inside:avoid}
summary i>bdi{white-space:nowrap}
summary i,.dim,.dim i{color:var(--dim);font-style:normal;font-size:.85em}
summary b{background:var(--soft);border-radius:1em;padding:.05em .55em;font-size:.78em;font-weight:400;color:var(--dim)}
.s{margin-block:.3rem;padding-inline-start:1.2rem}.s li{margin-block:.35rem;overflow-wrap:anywhere}.s a{font-size:.8em}
mark{background:#fdeaa8;color:inherit}
blockquote{margin:.8rem 0;padding-inline-start:.8rem;border-inline-start:3px solid var(--accent);overflow-wrap:anywhere}
#texts .key .marsad-key{direction:inherit}.marsad.key{direction:inherit}
.said{border-inline-start-style:dotted}
footer{margin-block:3rem 1rem;color:var(--dim);font-size:.8rem}
@media (prefers-color-scheme:dark){:root{--line:#3a3f46;--soft:#24282d;--ink:#e6e8ea;--dim:#a2a9b2;--accent:#64c3c8}
 body{background:#17191c}mark{background:#6b5510}figure{background:#1b1e22}figure svg{filter:invert(.93) hue-rotate(180deg)}}
@media print{nav{display:none}.names{columns:auto}figure,blockquote{break-inside:avoid}
 details::details-content{content-visibility:visible;block-size:auto}}
"""


def build(docs: Any, *, title: str | None = None, lang: str = "ar") -> str:
    """One HTML page about documents, whole in itself: no network, no script.

    `docs` is a dict of documents by name, a document, several documents, or a corpus; `lang` is the language of the
    page: "ar" or "en".

    >>> import marsad
    >>> nlp = marsad.load()
    >>> page = marsad.report.build({"one": nlp("سيطر الجيش الليبي على سرت في 6 ديسمبر 2016.")}, title="Sirte", lang="en")
    """
    choice(lang, LANGUAGES, "lang")
    return _Report(docs, lang).page(title)


def _number(value: int) -> str:
    return f"{value:,}"


class _Report:
    def __init__(self, docs: Any, lang: str) -> None:
        self.lang = lang
        self.collection = Collection(docs)
        self.tokens = sum(len(d.doc or d.text.split()) for d in self.collection.documents)
        self.numbers = {document: number for number, document in enumerate(self.collection.documents, 1)}

    def word(self, key: str) -> str:
        return _WORDS[key][LANGUAGES.index(self.lang)]

    def page(self, title: str | None) -> str:
        """All of it."""
        title = title or self.word("title")
        direction = "rtl" if self.lang == "ar" else "ltr"
        sections = {
            "overview": self.overview(),
            "timeline": self.figures(
                self.figure(timeline, top=10, width=270), self.figure(trend, top=5, width=360, height=260)
            ),
            "map": self.figures(self.figure(map, width=480)),
            "network": self.figures(self.figure(network, top=20, width=400, height=400), self.figure(heatmap, top=9)),
            "groups": self.groups(),
            "quotes": self.quotes(),
            "texts": self.texts(),
        }
        links = "".join(f'<a href="#{key}">{escape(self.word(key))}</a>' for key in sections)
        body = "".join(
            f'<section id="{key}"><h2>{escape(self.word(key))}</h2>{content}</section>'
            for key, content in sections.items()
        )
        style = "".join(line.strip() for line in (_STYLE + _html.style()).splitlines())
        return (
            f'<!doctype html>\n<html lang="{self.lang}" dir="{direction}"><head><meta charset="utf-8">'
            '<meta name="viewport" content="width=device-width,initial-scale=1">'
            f"<title>{escape(title)}</title><style>{style}</style></head><body>"
            f'<h1 dir="auto">{escape(title)}</h1><nav>{links}</nav>{body}'
            f"<footer>{escape(self.word('made'))}</footer></body></html>\n"
        )

    def overview(self) -> str:
        """Numbers, and the most frequent names."""
        documents = self.collection.documents
        named = self.collection.select(NAMED)
        facts = [
            (_number(len(documents)), "articles"),
            (_number(self.tokens), "words"),
            (_number(sum(len(document.mentions) for document in documents)), "mentions"),
            (_number(len({mention.thing for mention in named})), "things"),
        ]
        days = sorted(str(document.published)[:10] for document in documents if document.published)
        if days:
            facts += [
                (day, key) for day, key in ((days[0], "first"), (days[-1], "last")) if key == "first" or day != days[0]
            ]
        items = "".join(f"<li><b><bdi>{escape(value)}</bdi></b>{escape(self.word(key))}</li>" for value, key in facts)
        charts = self.figures(
            self.figure(frequency, top=15, width=250), self.figure(frequency, by="type", top=12, width=250)
        )
        return f'<ul class="facts">{items}</ul>{charts}'

    def figures(self, *figures: str) -> str:
        """Charts side by side where there is room."""
        return f'<div class="figures">{"".join(figures)}</div>'

    def figure(self, chart: Any, **options: Any) -> str:
        """A chart as SVG inside the page."""
        # Pictures have room for both forms of a name, axes do not.
        latin = "both" if chart in (map, network) else "latin"
        names = "arabic" if self.lang == "ar" else latin
        extra = {} if options.get("by") == "type" else {"names": names}
        made = chart(self.collection, lang=self.lang, **extra, **options)
        return f"<figure>{_svg(made)}</figure>"

    def groups(self) -> str:
        """Names by type, each with sentences."""
        by_label: dict[str, list[tuple[Thing, list[Mention]]]] = {}
        for thing, mentions in ranked(self.collection.select(NAMED)):
            by_label.setdefault(thing.label, []).append((thing, mentions))
        parts: list[str] = []
        for label in NAMED:
            found = by_label.get(label, [])
            if not found:
                continue
            names = "".join(self.group(thing, mentions) for thing, mentions in found[:_NAMES])
            more = f'<p class="dim">{escape(self.word("more").format(len(found) - _NAMES))}</p>'
            parts.append(
                f"<details class=part{'' if parts else ' open'}><summary>{escape(label_name(label, self.lang))} "
                f'<b>{len(found)}</b></summary><div class="names">{names}</div>{more if len(found) > _NAMES else ""}</details>'
            )
        return "".join(parts) or f"<p>{escape(self.word('none'))}</p>"

    def called(self, thing: Thing) -> str:
        """A name in both its forms, first the one of the page's language."""
        arabic, latin = f'<bdi dir="auto">{escape(thing.name)}</bdi>', f"<bdi>{escape(thing.latin)}</bdi>"
        if not thing.latin or thing.latin == thing.name:
            return arabic
        return f"{arabic} <i>{latin}</i>" if self.lang == "ar" else f"{latin} <i>{arabic}</i>"

    def group(self, thing: Thing, mentions: list[Mention]) -> str:
        """One name."""
        shown: dict[tuple[Document, int], Mention] = {}
        for mention in mentions:
            shown.setdefault((mention.document, mention.sent), mention)
            if len(shown) == _SENTENCES:
                break
        lines = "".join(
            f'<li>{_sentence(mention)} <a href="#a{self.numbers[mention.document]}">{self.numbers[mention.document]}</a></li>'
            for mention in shown.values()
        )
        return (
            f"<details><summary>{self.called(thing)} <b>{len(mentions)}</b></summary>"
            f'<ul class="s" dir="rtl">{lines}</ul></details>'
        )

    def quotes(self) -> str:
        """Who said what, article by article; what is told of nobody in particular is left out."""
        parts: list[str] = []
        left = _QUOTES
        left_out = 0
        for document, number in self.numbers.items():
            quotes = [quote for quote in document.quotes if _has_voice(quote)]
            left_out += max(len(quotes) - max(left, 0), 0)
            shown = quotes[: max(left, 0)]
            left -= len(shown)
            if shown:
                said = "".join(self.quote(document, quote) for quote in shown)
                parts.append(
                    f'<details{"" if parts else " open"}><summary>{number}. <bdi dir="auto">{escape(document.title)}</bdi> '
                    f"<b>{len(shown)}</b></summary>{said}</details>"
                )
        if left_out:
            parts.append(f'<p class="dim">{escape(self.word("more").format(left_out))}</p>')
        return "".join(parts) or f"<p>{escape(self.word('none'))}</p>"

    def quote(self, document: Document, quote: dict[str, Any]) -> str:
        """One quotation with its speaker: in his own words between quotation marks, reported with a dotted line."""
        text = escape(" ".join(quote["text"].split()))
        speaker = quote.get("speaker")
        if isinstance(speaker, int):
            said = self.called(document.mentions[speaker].thing)
        else:
            source = " ".join((quote.get("source") or "").split())
            said = f"<bdi>{escape(source or self.word('unknown'))}</bdi>"
        words = f"«{text}»" if quote.get("direct") else text
        style = "" if quote.get("direct") else ' class="said"'
        return f'<blockquote dir="rtl"{style}>{words}<div class="dim">{said}</div></blockquote>'

    def texts(self) -> str:
        """The articles with their mentions."""
        brief = sum(len(document.mentions) for document in self.collection.documents) > _BRIEF
        labels = [entity["label"] for document in self.numbers for entity in document.entities]
        names = {label: label_name(label, self.lang) for label in labels}
        parts = [f'<div class="marsad key">{_html.legend(labels, names)}</div>'] if labels else []
        for document, number in self.numbers.items():
            facts = [document.id, str(document.published or "")[:10]]
            said = " · ".join(f"<bdi>{escape(fact)}</bdi>" for fact in facts if fact)
            parts.append(
                f'<details><summary>{number}. <bdi dir="auto">{escape(document.title)}</bdi> <i>{said}</i> '
                f'<b>{len(document.entities)}</b></summary><div class="marsad" dir="rtl" lang="ar" id="a{number}">{_html.body(document.data, brief=brief)}</div></details>'
            )
        return "".join(parts) or f"<p>{escape(self.word('none'))}</p>"


def _has_voice(quote: dict[str, Any]) -> bool:
    """Whether words are quoted, or it is said whose they are."""
    return bool(quote.get("direct") or quote.get("source")) or quote.get("speaker") is not None


def _sentence(mention: Mention) -> str:
    """The sentence of a mention with the mention marked."""
    document, number = mention.document, mention.sent
    start, end = document.sents.starts[number], document.sents.ends[number]
    # Long sentences are cut between words.
    if mention.start - start > 160:
        start = mention.start - len(document.text[mention.start - 160 : mention.start].partition(" ")[2])
    if end - mention.end > 160:
        end = mention.end + len(document.text[mention.end : mention.end + 160].rpartition(" ")[0])
    before, words, after = (
        escape(" ".join(f"_{part}_".split())[1:-1])
        for part in (document.text[start : mention.start], mention.text, document.text[mention.end : end])
    )
    dots = "… " if start > document.sents.starts[number] else "", " …" if end < document.sents.ends[number] else ""
    return f"{dots[0]}{before}<mark>{words}</mark>{after}{dots[1]}"


def _svg(chart: Any) -> str:
    """A chart as SVG inside the page."""
    spec = chart.to_dict()
    picture = svg({**spec, "background": "transparent"})
    natural = re.search(r' width="([\d.]+)"', picture)
    # A small chart does not swell to the width of the page.
    width = float(natural.group(1)) if natural else 600.0
    return picture.replace("<svg", f'<svg style="max-width:{1.35 * width:.0f}px"', 1)
