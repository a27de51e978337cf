"""Errors that name what is accepted, and the near miss."""

from __future__ import annotations

import copy
import pickle

import pytest

import marsad


@pytest.fixture(scope="module")
def corpus(nlp):
    return nlp.corpus(["زار مدينة درنة."])


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: marsad.normalize("س", "serch"), ValueError, "did you mean search.* light, standard, search"),
        (lambda: marsad.Normalizer(preset="ligt"), ValueError, "did you mean light"),
        (lambda: marsad.normalize("س", tashkel=True), TypeError, "did you mean tashkeel"),
        (lambda: marsad.normalize("س", hamza="carier"), ValueError, "hamza='carier': expected keep, carrier, bare"),
        (lambda: marsad.load()("س", publised="2016"), TypeError, "did you mean published"),
        (lambda: marsad.load().pipe([], thread=2), TypeError, "did you mean threads.* threads, progress, published"),
        (lambda: marsad.load().corpus([], id=[1]), TypeError, "did you mean ids"),
        (lambda: marsad.transliterate("س", "buckwalte"), ValueError, "did you mean buckwalter.* hsb"),
        (lambda: marsad.spell(3, gender="femine"), ValueError, "did you mean feminine.* masculine, feminine"),
        (lambda: marsad.spell(3, case="genetive"), ValueError, "did you mean genitive"),
        (lambda: marsad.nromalize, AttributeError, "Did you mean 'normalize'"),
    ],
)
def test_near_misses(call, error, message):
    with pytest.raises(error, match=message):
        call()


@pytest.mark.parametrize(
    ("attribute", "meant"),
    [("entities", "ents"), ("sent", "sents"), ("to_pandas", "ents.to_pandas"), ("network_", "network")],
)
def test_attributes_of_documents(doc, attribute, meant):
    with pytest.raises(AttributeError, match=f"marsad.Doc has no attribute '{attribute}'. Did you mean '{meant}'"):
        getattr(doc, attribute)
    assert not hasattr(doc, attribute)


def test_attributes_of_others(nlp, doc, corpus):
    for owner, attribute, meant in (
        (corpus, "to_pandas", "ents.to_pandas"),
        (corpus, "documents", "docs"),
        (corpus.ents, "to_panda", "to_pandas"),
        (doc.ents, "to_polar", "to_polars"),
        (doc.ents[0], "lable", "label"),
        (doc.groups[0], "variant", "variants"),
        (nlp, "pip", "pipe"),
    ):
        with pytest.raises(AttributeError, match=f"Did you mean '{meant}'"):
            getattr(owner, attribute)


def test_the_columns_of_tables(corpus):
    with pytest.raises(KeyError, match="did you mean doc_id"):
        corpus.ents.select("doc")
    with pytest.raises(TypeError, match="did you mean label"):
        corpus.ents.filter(lable="GPE")


def test_copies_are_not_disturbed(doc):
    assert copy.copy(doc.ents) is not None
    assert pickle.loads(pickle.dumps(doc)) == doc


def test_dates_are_counted(nlp):
    with pytest.raises(ValueError, match="published: 1 dates for 2 texts; give one date a text"):
        nlp.corpus(["زار درنة.", "عاد إلى سرت."], published=["2016-12-08"])


def test_a_corpus_that_fails_says_why(nlp):
    with pytest.warns(UserWarning, match='2 of 2 texts could not be analyzed; the first: .*"08/12/2016" is not a date'):
        corpus = nlp.corpus(["زار درنة.", "عاد إلى سرت."], published="08/12/2016 09/12/2016".split())
    assert "2 failed: see corpus.docs" in repr(corpus)
    assert "2 failed, see corpus.docs; the first: " in corpus._repr_html_()


def test_a_corpus_shows_what_it_names(nlp):
    html = nlp.corpus(["زار مدينة درنة.", "عاد إلى درنة."], published="2016-12-08")._repr_html_()
    assert "2 documents, 2 sentences" in html and "2016-12-08 to 2016-12-08" in html
    assert "failed" not in html and "درنة" in html


def test_what_is_no_text(nlp, tmp_path):
    path = tmp_path / "article.txt"
    path.write_text("زار مدينة درنة.", encoding="utf-8")
    with pytest.raises(TypeError, match=r"not PosixPath; read the file: path.read_text\(encoding=\"utf-8\"\)"):
        nlp(path)
    with pytest.raises(TypeError, match="not bytes; decode it"):
        nlp(path.read_bytes())
    with pytest.warns(UserWarning, match="the text is the name of a file"):
        nlp(str(path))


def test_types_are_no_index(doc):
    with pytest.raises(TypeError, match=r"those of a type are ents.filter\('GPE'\)"):
        doc.ents["GPE"]


def test_schemes_are_named():
    with pytest.raises(ValueError, match='there is no scheme "marsd"; did you mean marsad'):
        marsad.load(scheme="marsd")
