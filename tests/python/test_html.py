"""The page: everything escaped, the text whole, nothing that breaks joined letters."""

import re
from html.parser import HTMLParser

from hypothesis import given, settings
from hypothesis import strategies as st

import marsad


class Reader(HTMLParser):
    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.tags, self.text, self.open = [], [], []

    def handle_starttag(self, tag, attributes):
        self.tags.append((tag, dict(attributes)))
        if tag not in ("meta", "br"):
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if self.open and self.open[-1] != "style" and "legend" not in self.open:
            self.text.append(data)


def read(html):
    reader = Reader()
    reader.feed(html)
    assert reader.open == []
    return reader


ALLOWED = {"div", "style", "span", "p", "h3", "details", "summary", "table", "thead", "tbody", "tr", "th", "td"}
NASTY = st.sampled_from(
    [
        "<script>alert(1)</script>",
        '"><img src=x onerror=alert(1)>',
        "&amp;",
        "'",
        "<",
        ">",
        "&",
        "]]>",
        "--><!--",
        "javascript:x",
    ]
)
WORDS = st.sampled_from(
    ["مدينة بنغازي", "وليبيا", "13 نوفمبر 2014", "\n\n", " ", ".", "https://example.org/?a=<b>&c='d'"]
)


@given(st.lists(NASTY | WORDS, max_size=20).map(" ".join))
@settings(max_examples=80, deadline=None)
def test_everything_is_escaped(text):
    doc = marsad.load()(text)
    for html in (doc._repr_html_(), doc.ents._repr_html_()):
        assert {tag for tag, _ in read(html).tags} <= ALLOWED
        for _, attributes in read(html).tags:
            assert not [name for name in attributes if name.startswith("on") or name in ("src", "href")]
    page = read(doc.to_html(title=text))
    assert {tag for tag, _ in page.tags} <= ALLOWED | {"html", "head", "meta", "title", "body"}


def test_the_text_is_whole(doc):
    words = " ".join("".join(read(doc._repr_html_()).text).split())
    for block in doc.blocks:
        assert " ".join(block.text.split()) in words


def test_mentions_and_legend(doc):
    html = doc._repr_html_()
    marks = [
        attributes
        for tag, attributes in read(html).tags
        if attributes.get("class") == "m" and "data-label" in attributes
    ]
    assert len(marks) == len(doc.ents)
    for label in {ent.label for ent in doc.ents}:
        count = len(doc.ents.filter(label))
        assert re.search(rf">{label}</span> {count}</span>", html)
    assert any("score" in mark["title"] for mark in marks)


def test_no_edge_inside_a_word(nlp):
    html = nlp("سافر إلى تونس وليبيا وبالعراق.")._repr_html_()
    style = html[html.index("<style>") : html.index("</style>")]
    rule = re.search(r"\.marsad \.m\{([^}]*)\}", style).group(1)
    assert not re.search(r"padding|margin|border|display|position|bdi", rule)
    assert re.search(r' و<span class="m"[^>]*>ليبيا</span> وب<span class="m"[^>]*>العراق</span>', html)
    assert "http" not in style and "@import" not in style and "url(" not in style


def test_a_long_article_is_folded(nlp, article):
    html = nlp("\n\n".join([article] * 8))._repr_html_()
    assert "<details>" in html and html.count("<details>") == 1
    read(html)


def test_a_notebook_does_not_get_a_book(nlp, article):
    doc = nlp("\n\n".join([article] * 120))
    html = doc._repr_html_()
    assert len(html) < 5_000_000 and "more blocks are not shown here" in html
    assert "not shown here" not in doc.to_html() and len(doc.to_html()) > len(html)
    read(html)


def test_empty(nlp):
    assert read(nlp("")._repr_html_()) and "0 mentions" in nlp("").ents._repr_html_()
