"""The page: everything escaped, the text whole, nothing that breaks joined letters."""

import re
from html.parser import HTMLParser

import pytest
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


ALLOWED = {
    "div",
    "style",
    "span",
    "p",
    "h3",
    "details",
    "summary",
    "table",
    "thead",
    "tbody",
    "tr",
    "th",
    "td",
    "i",
    "br",
}
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
        if attributes.get("class") == "marsad-m" and "data-label" in attributes
    ]
    assert len(marks) == len(doc.ents)
    for label in {ent.label for ent in doc.ents}:
        count = len(doc.ents.filter(label))
        assert re.search(rf">{label}</span> {count}</span>", html)
    assert any("score" in mark["title"] for mark in marks)


def test_hovering_tells_what_a_mention_is(nlp):
    """Its type, canonical name, Latin name, value or link, and score, a line each."""
    doc = nlp("وصل الوفد إلى مدينة بنغازي الأحد الماضي.", published="2016-12-08")
    titles = [a["title"].split("\n") for _, a in read(doc._repr_html_()).tags if "data-label" in a]
    assert titles[0][:3] == ["GPE: country, city, town", "بنغازي", "Benghazi"] and titles[0][-1].startswith("score ")
    assert "2016-12-04" in titles[1]


def test_no_edge_inside_a_word(nlp):
    html = nlp("سافر إلى تونس وليبيا وبالعراق.")._repr_html_()
    style = html[html.index("<style>") : html.index("</style>")]
    rule = re.search(r"\.marsad \.marsad-m\{([^}]*)\}", style).group(1)
    assert not re.search(r"padding|margin|border|display|position|bdi", rule)
    assert re.search(r' و<span class="marsad-m"[^>]*>ليبيا</span> وب<span class="marsad-m"[^>]*>العراق</span>', html)
    assert "http" not in style and "@import" not in style and "url(" not in style


def test_breaks_of_the_page_are_marked_quietly(nlp):
    """A paragraph that the page cut is whole, with a mark where the line broke."""
    text = "وصل الوفد إلى\nمدينة بنغازي\nصباح أمس، ثم غادرها إلى تونس.\n\nوعاد الهدوء."
    html = nlp(text)._repr_html_()
    assert html.count('<i class="marsad-br"') == sum(block.text.count("\n") for block in nlp(text).blocks)
    assert len(nlp(text).blocks) == 2 and html.count('<i class="marsad-br"') == 2
    assert "بنغازي صباح" in " ".join("".join(read(html).text).split())


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
    assert read(nlp("")._repr_html_()) and "0 rows" in nlp("").ents._repr_html_()


def test_styles_and_classes_are_ours_alone(doc, nlp):
    """A page that holds a view keeps its looks: every rule is about what stands inside, every class has our name."""
    table = nlp.corpus([doc.text]).ents
    for html in (doc._repr_html_(), doc.ents._repr_html_(), doc.groups._repr_html_(), table._repr_html_()):
        style = re.search(r"<style>(.*?)</style>", html, re.DOTALL).group(1)
        selectors = re.sub(r"@media[^{]*\{|\{[^}]*\}", "\n", style)
        for selector in re.split(r"[,\n}]", selectors):
            assert not selector.strip() or ".marsad" in selector, selector
        for _, attributes in read(html).tags:
            for name in (attributes.get("class") or "").split():
                assert name == "marsad" or name.startswith("marsad-")
        assert "<script" not in html and "id=" not in html


def test_groups_quotes_and_relations_show_tables(doc):
    for rows, column in ((doc.groups, "name"), (doc.quotes, "speaker"), (doc.relations, "source")):
        assert isinstance(rows, list) and len(rows) > 2
        page = read(rows._repr_html_())
        assert sum(tag == "tr" for tag, _ in page.tags) == min(len(rows), 20) + 1
        assert any(tag == "td" and attributes.get("dir") == "rtl" for tag, attributes in page.tags)
        assert list(rows.to_dicts()[0]).index(column) >= 0
        for row, item in zip(rows.to_dicts(), rows, strict=True):
            if hasattr(item, "start"):
                assert doc.text[row["start"] : row["end"]] == row["text"]


def test_rows_as_frames(doc):
    pandas, polars, pyarrow = (pytest.importorskip(name) for name in ("pandas", "polars", "pyarrow"))
    assert isinstance(doc.groups.to_pandas(), pandas.DataFrame)
    assert isinstance(doc.quotes.to_polars(), polars.DataFrame)
    assert isinstance(doc.relations.to_arrow(), pyarrow.Table)
    assert list(doc.quotes.to_pandas()["text"]) == [quote.text for quote in doc.quotes]


def test_no_rows(nlp):
    doc = nlp("")
    for rows in (doc.groups, doc.quotes, doc.relations):
        assert rows == [] and "0 rows" in rows._repr_html_()
        read(rows._repr_html_())
