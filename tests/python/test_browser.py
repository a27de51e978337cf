"""What a browser makes of the views: joined letters stay joined, and text stays text."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("altair")

from browser import chromium, shoot
from marsad import _html, charts, load, report
from plain import plain

EVIL = """<script>window.hit=1</script><img src=x onerror="window.hit=1">"><svg onload='window.hit=1'>&lt;b&gt;</style></title>"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with chromium() as found:
        yield found


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
def test_marks_do_not_cut_words(browser: Any, scheme: str, width: int) -> None:
    """A highlighted name after a clitic is as wide as the same word without markup."""
    words = ["بسبها", "ولطرابلس", "كتونس", "فبروما", "لسبها"]
    marked = " و ".join(
        f"{word[: len(word) - len(name)]}<GPE>{name}</GPE>" for word, name in zip(words, NAMES, strict=True)
    )
    page = browser.new_page(viewport={"width": width, "height": 600}, color_scheme=scheme)
    page.set_content(_html.page(plain(marked), "t"))
    widths = page.evaluate(
        """() => [...document.querySelectorAll('.marsad p .marsad-m')].map(mark => {
            const before = mark.previousSibling, after = mark.nextSibling;
            const letters = before.data.match(/\\S*$/)[0];
            const range = document.createRange();
            range.setStart(before, before.data.length - letters.length);
            range.setEndAfter(mark);
            const rects = [...range.getClientRects()];
            const marked = Math.max(...rects.map(r => r.right)) - Math.min(...rects.map(r => r.left));
            const bare = document.createElement('span');
            bare.textContent = letters + mark.textContent;
            mark.closest('p').append(document.createElement('br'), bare);
            return [bare.textContent, marked, bare.getBoundingClientRect().width];
        })"""
    )
    shoot(page, f"view-{scheme}-{width}")
    page.close()
    assert [word for word, *_ in widths] == words
    for word, with_mark, without in widths:
        assert with_mark == pytest.approx(without, abs=0.6), word


NAMES = ["سبها", "طرابلس", "تونس", "روما", "سبها"]


@pytest.mark.parametrize(
    ("around", "dark"),
    [
        ('data-jp-theme-light="false"', True),
        ('data-jp-theme-light="true"', False),
        ('class="vscode-dark"', True),
        ('class="vscode-light"', False),
        ('class="vscode-high-contrast"', True),
    ],
)
def test_the_notebook_says_which_theme(browser: Any, around: str, dark: bool) -> None:
    """Marks are dark on a dark notebook and light on a light one, whatever the system prefers; printed they are light."""
    page = browser.new_page(color_scheme="light" if dark else "dark")
    page.set_content(f"<body {around}>{_html.article(plain('في <GPE>سبها</GPE>.'))}</body>")
    color = "getComputedStyle(document.querySelector('p .marsad-m')).backgroundColor.match(/\\d+/g).map(Number)"
    assert (sum(page.evaluate(color)) < 380) is dark
    page.emulate_media(media="print")
    assert sum(page.evaluate(color)) > 380
    assert page.evaluate("getComputedStyle(document.querySelector('p')).printColorAdjust") == "exact"
    page.close()


def evil_doc() -> dict[str, Any]:
    """A document whose text, names and places try to run scripts."""
    doc = plain(
        "وصل <PERS>نادر</PERS> إلى <GPE>سبها</GPE> في <DATE>مايو</DATE>. عاد <PERS>نادر</PERS> من <GPE>سبها</GPE>.",
        published="2021-01-01",
    )
    doc["text"] += EVIL
    doc["blocks"][-1]["end"] = doc["sents"][-1]["end"] = len(doc["text"])
    for entity in doc["entities"]:
        entity["latin"] = entity["norm"] = EVIL
        if entity["label"] == "DATE":
            entity["value"] = {"kind": "date", "edtf": EVIL, "start": "2021-05-01", "end": "2021-05-31"}
    for group in doc["groups"]:
        group["name"] = group["latin"] = EVIL
        if group["link"]:
            group["link"]["name"] = group["link"]["country"] = EVIL
    doc["quotes"] = [{"text": EVIL, "start": 0, "end": 4, "speaker": 0, "direct": True}]
    return doc


def check(page: Any) -> None:
    page.wait_for_timeout(150)
    assert page.evaluate("window.hit === undefined")
    assert page.evaluate("document.querySelectorAll('img, svg[onload], b b').length") == 0


def test_text_stays_text_in_the_document_view(browser: Any) -> None:
    page = browser.new_page()
    page.set_content(_html.page(evil_doc(), EVIL))
    check(page)
    assert "<script>" in page.inner_text(".marsad")
    assert "onerror" in page.title()
    page.close()


def test_text_stays_text_in_tables(browser: Any) -> None:
    page = browser.new_page()
    nlp = load()
    doc = nlp(f"زار نادر السالم مدينة سبها {EVIL} في مايو 2021.")
    evil = nlp.with_lexicon({"ORG": [EVIL]})
    corpus = evil.corpus(
        [f"قال نادر السالم إن «{EVIL}» في مدينة سبها، وقالت {EVIL} ذلك.", None], ids=[EVIL, EVIL + "2"]
    )
    views = [doc.ents, doc, doc.groups, doc.quotes, doc.relations, evil(f"قالت {EVIL} إن «{EVIL}».").groups]
    views += [corpus, corpus.ents, corpus.groups, corpus.doc_groups, corpus.sents, corpus.docs]
    assert any(EVIL in row["text"] for row in corpus.sents.to_dicts())
    page.set_content("".join(view._repr_html_() for view in views))
    check(page)
    assert "<script>" in page.inner_text("table >> nth=-1")
    page.close()


def test_text_stays_text_in_the_report(browser: Any) -> None:
    page = browser.new_page()
    made = report.build({EVIL: evil_doc()}, title=EVIL)
    requests: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    page.set_content(made)
    check(page)
    assert [url for url in requests if not url.startswith("about:")] == []
    page.close()


@pytest.mark.parametrize("name", charts.__all__)
def test_text_stays_text_in_charts(browser: Any, name: str, tmp_path: Path) -> None:
    more = {"kwic": (EVIL,), "dispersion": ([EVIL],), "keyness": ([plain("كلمات أخرى.")],)}.get(name, ())
    options = {"first": EVIL, "second": EVIL, "of": "name", "least": 1, "significance": 0} if name == "keyness" else {}
    chart = getattr(charts, name)({EVIL: evil_doc()}, *more, title=EVIL, **options)
    page = browser.new_page()
    path = tmp_path / "chart.html"
    chart.save(path, inline=True)
    page.goto(path.as_uri())
    page.wait_for_selector("#vis canvas, #vis svg.marks", timeout=15_000)
    # The tooltip too: move over everything.
    box = page.locator("#vis canvas, #vis svg.marks").first.bounding_box()
    for x in range(0, int(box["width"]), 45):
        for y in range(0, int(box["height"]), 30):
            page.mouse.move(box["x"] + x, box["y"] + y)
    assert page.evaluate("window.hit === undefined")
    assert page.evaluate("document.querySelectorAll('img, svg[onload]').length") == 0
    page.close()


@pytest.mark.parametrize("lang", ["ar", "en"])
def test_report_on_a_phone(browser: Any, lang: str) -> None:
    """No sideways scrolling at 320 pixels, right to left, and nothing is fetched."""
    nlp = load()
    docs = {
        f"2021-05-{day:02}": nlp(
            f"زار الرئيس التونسي مدينة طرابلس في {day} مايو 2021. وقال: «نشكر أهل ليبيا».",
            published=f"2021-05-{day:02}",
        )
        for day in range(1, 13)
    }
    requests: list[str] = []
    page = browser.new_page(viewport={"width": 320, "height": 640})
    page.on("request", lambda request: requests.append(request.url))
    page.set_content(report.build(docs, lang=lang))
    shoot(page, f"report-{lang}-320")
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    assert [url for url in requests if not url.startswith("about:")] == []
    assert page.evaluate("getComputedStyle(document.querySelector('.marsad[lang]')).direction") == "rtl"
    if lang == "ar":
        assert page.evaluate("getComputedStyle(document.body).direction") == "rtl"
    page.close()
