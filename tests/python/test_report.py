"""The report: one page, its size and time, its sections, and the command."""

from __future__ import annotations

import importlib.util
import re
import time
from functools import cache
from pathlib import Path
from types import ModuleType

import pytest

pytest.importorskip("altair")

from marsad import cli, load, report
from plain import news, plain


@cache
def maker() -> ModuleType:
    """The generator of the examples."""
    path = Path(__file__).parents[2] / "examples" / "make_corpus.py"
    found = importlib.util.spec_from_file_location("make_corpus", path)
    assert found and found.loader
    module = importlib.util.module_from_spec(found)
    import sys

    sys.modules[found.name] = module
    found.loader.exec_module(module)
    return module


# What would make a browser fetch something.
OUTSIDE = re.compile(
    r"""(?:src|srcset|poster|data|action)\s*=|<link|@import|url\((?!["']?#)|<script|<iframe""", re.IGNORECASE
)


def test_sections_in_both_languages() -> None:
    for lang, words in (
        ("ar", ["نظرة عامة", "متى", "أين", "من مع من"]),
        ("en", ["Overview", "When", "Where", "Who with whom"]),
    ):
        page = report.build(news(), lang=lang, title="عنوان <1>")
        assert f'<html lang="{lang}" dir="{"rtl" if lang == "ar" else "ltr"}">' in page
        assert all(word in page for word in words)
        assert "عنوان &lt;1&gt;" in page
        assert "وصل <mark>نادر السالم</mark> إلى" in page
        assert page.count("<svg") == 7


def test_names_stand_in_both_forms() -> None:
    """First in the language of the page; quotations say whether they are the speaker's own words."""
    docs = news()
    docs["one"]["quotes"] = [
        {"text": "نريد الماء", "start": 0, "end": 9, "speaker": 0, "direct": True},
        {"text": "أنه سيعود", "start": 0, "end": 9, "speaker": 0, "direct": False},
        {"text": "أن الماء قليل", "start": 0, "end": 9, "speaker": None, "source": "مصادر محلية", "direct": False},
        {"text": "أن لا أحد هناك", "start": 0, "end": 9, "speaker": None, "direct": False},
    ]
    arabic, english = '<bdi dir="auto">نادر السالم</bdi>', "<bdi>Nader al-Salem</bdi>"
    for lang, name in (("ar", f"{arabic} <i>{english}</i>"), ("en", f"{english} <i>{arabic}</i>")):
        page = report.build(docs, lang=lang)
        assert f"{name} <b>3</b>" in page
        assert f'<blockquote dir="rtl">«نريد الماء»<div class="dim">{name}</div></blockquote>' in page
        assert '<blockquote dir="rtl" class="said">أنه سيعود<' in page
        assert 'أن الماء قليل<div class="dim"><bdi>مصادر محلية</bdi>' in page
        assert "<blockquote" not in page[page.index("أن الماء قليل<") :]


def test_long_sentences_are_cut_between_words() -> None:
    words = " ".join(["كلمة"] * 60)
    page = report.build({"one": plain(f"{words} <PERS>نادر السالم</PERS> {words}.")})
    assert re.search(r"<li>… (كلمة )+<mark>نادر السالم</mark>( كلمة)+ … <a", page)


def test_nothing_at_all() -> None:
    page = report.build({})
    assert "لا شيء للعرض" in page


def test_ids_are_unique() -> None:
    ids = re.findall(r'\sid="([^"]+)"', report.build(news()))
    assert len(ids) == len(set(ids))


def test_unknown_language() -> None:
    with pytest.raises(ValueError, match="lang='fr' is not one of"):
        report.build({}, lang="fr")


def test_five_hundred_articles() -> None:
    nlp = load()
    articles = maker().articles(500)
    start = time.monotonic()
    docs = nlp.pipe([article.text for article in articles], published=[article.published for article in articles])
    page = report.build({article.id: doc for article, doc in zip(articles, docs, strict=True)})
    assert time.monotonic() - start < 30
    assert len(page.encode()) < 15_000_000
    assert not OUTSIDE.search(page)


def test_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "news"
    folder.mkdir()
    for article in maker().articles(12, seed=3):
        (folder / f"{article.id}.txt").write_text(article.text, encoding="utf-8")
    (folder / "broken.txt").write_bytes(b"\xff\xfe\xff")
    out = tmp_path / "report.html"
    assert cli.main(["report", str(folder), "-o", str(out), "--title", "اختبار"]) == 2
    said = capsys.readouterr().err
    assert "broken.txt" in said
    assert "12 articles" in said
    page = out.read_text(encoding="utf-8")
    assert '<html lang="ar" dir="rtl">' in page
    assert "2025-01-06" in page
    assert out.stat().st_size < 2_000_000
    assert not OUTSIDE.search(page)


def test_command_without_files(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["report", str(tmp_path), "-o", str(tmp_path / "report.html")]) == 2
    assert "no text file" in capsys.readouterr().err


def test_same_seed_same_articles() -> None:
    assert maker().articles(20, seed=5) == maker().articles(20, seed=5)
    assert maker().articles(20, seed=5) != maker().articles(20, seed=6)
