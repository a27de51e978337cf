"""Tables of a corpus: the same as documents one by one, whatever the input, read by every library."""

import pytest

import marsad

TEXTS = [
    "زار وفد من وزارة الصحة مدينة درنة في 13 نوفمبر 2014.\n\nثم عاد إلى طرابلس، وأنفق 250 دينارا.",
    "",
    "وصل إلى تونس أمس. وقال إن الجيش الليبي انسحب.",
    "لم يحدث شيء.",
]
IDS = ["أ", "ب", "ت", "ث"]


@pytest.fixture(scope="module")
def corpus(nlp):
    return nlp.corpus(TEXTS, ids=IDS, published="2016-12-08")


def expected(nlp, texts, ids):
    rows = []
    for name, text in zip(ids, texts, strict=True):
        doc = nlp(text, published="2016-12-08")
        rows += [(name, i, e.start, e.end, e.label, e.text, e.norm, e.latin, e.group) for i, e in enumerate(doc.ents)]
    return rows


COLUMNS = ("doc_id", "ent", "start", "end", "label", "text", "norm", "latin", "group")


def rows(table, columns=COLUMNS):
    return [tuple(row[c] for c in columns) for row in table.to_dicts()]


def test_the_same_as_one_by_one(nlp, corpus):
    assert rows(corpus.ents) == expected(nlp, TEXTS, IDS)
    docs = [nlp(text) for text in TEXTS]
    assert corpus.docs["ents"] == [len(doc.ents) for doc in docs]
    assert corpus.docs["tokens"] == [len(doc) for doc in docs] and corpus.docs["chars"] == [len(text) for text in TEXTS]
    assert corpus.sents["text"] == [sent.text for doc in docs for sent in doc.sents]
    assert corpus.doc_groups["name"] == [group.name for doc in docs for group in doc.groups]
    assert len(corpus) == 4 and "4 documents" in repr(corpus)


PEOPLE = ["سالم الزنبقي", "خالد الزنبقي", "الزنبقي", "نوال القرنفلي", "القرنفلي"]
STORIES = [
    "وصل سالم الزنبقي إلى مدينة درنة. وقال الزنبقي إنه رأى سفينة النورس.",
    "غادرت النورس درنة، وكانت نوال القرنفلي على متنها.",
    None,
    "عاد خالد الزنبقي من لبنان إلى بيروت.",
    "شوهد الزنبقي مع القرنفلي في لبنان.",
    "تقع بنغازي ودرنة في ليبيا.",
]


@pytest.fixture(scope="module")
def stories(nlp):
    own = nlp.with_lexicon(
        {"PERS": PEOPLE, "PRODUCT": [{"name": "سفينة النورس", "aliases": "النورس", "latin": "Gull"}]}
    )
    return own.corpus(STORIES, ids=list("abcdef"), threads=2)


def of_name(table, name):
    return [row for row in table.to_dicts() if row["name"] == name]


def test_groups_across_documents(stories):
    derna = of_name(stories.groups, "درنة")[0]
    assert (derna["latin"], derna["country"], derna["count"], derna["docs"]) == ("Derna", "LY", 3, 3)
    assert (derna["first_doc"], derna["last_doc"], derna["variants"]) == ("a", "f", "مدينة درنة | درنة")
    ship = of_name(stories.groups, "سفينة النورس")[0]
    assert (ship["latin"], ship["count"], ship["docs"], ship["variants"]) == ("Gull", 2, 2, "سفينة النورس | النورس")
    person = of_name(stories.groups, "نوال القرنفلي")[0]
    assert (person["count"], person["docs"], person["variants"]) == (2, 2, "نوال القرنفلي | القرنفلي")


def test_two_of_one_name_stay_two(stories):
    people = {row["name"]: row["count"] for row in stories.groups.filter(label="PERS").to_dicts()}
    assert people == {"سالم الزنبقي": 2, "خالد الزنبقي": 1, "الزنبقي": 1, "نوال القرنفلي": 2}


def test_mentions_lead_to_the_groups_of_the_corpus(stories):
    groups = stories.groups.to_dicts()
    assert [row["group"] for row in groups] == list(range(len(groups)))
    counts, docs = [0] * len(groups), [set() for _ in groups]
    for ent in stories.ents.to_dicts():
        assert (ent["group"] is None) == (ent["corpus_group"] is None)
        if ent["group"] is not None:
            counts[ent["corpus_group"]] += 1
            docs[ent["corpus_group"]].add(ent["doc_id"])
    assert counts == [row["count"] for row in groups] and [len(ids) for ids in docs] == [row["docs"] for row in groups]
    ents = {(ent["doc_id"], ent["ent"]): ent for ent in stories.ents.to_dicts()}
    for row in groups:
        for end in ("first", "last"):
            assert ents[row[f"{end}_doc"], row[f"{end}_ent"]]["corpus_group"] == row["group"]
    for row in stories.doc_groups.to_dicts():
        assert row["label"] == groups[row["corpus_group"]]["label"] and row["latin"]


def test_values_and_places(nlp, corpus):
    row = corpus.ents.filter(text="13 نوفمبر 2014").to_dicts()[0]
    assert (row["kind"], row["value"], row["first_day"], row["last_day"]) == (
        "date",
        "2014-11-13",
        "2014-11-13",
        "2014-11-13",
    )
    assert corpus.ents.filter(text="أمس")["value"] == ["2016-12-07"]
    money = corpus.ents.filter(label="MONEY").to_dicts()
    assert money and money[0]["value"] == "250"
    place = corpus.ents.filter(text="طرابلس").to_dicts()[0]
    link = next(e for e in nlp(TEXTS[0]).ents if e.text == "طرابلس").link
    assert (place["geonames"], place["country"], place["lat"]) == (link["geonames"], link["country"], link["lat"])
    inner = [row for row in corpus.ents.to_dicts() if row["parent"] is not None]
    assert all(row["parent"] < row["ent"] for row in inner)


def test_threads_and_sizes_do_not_matter(nlp, article):
    lines = [line for line in article.split("\n") if line] * 40
    one = nlp.corpus(lines, threads=1)
    for threads in (2, 8):
        many = nlp.corpus(iter(lines), threads=threads)
        for table in ("ents", "groups", "doc_groups", "sents", "docs"):
            assert getattr(many, table).to_dicts() == getattr(one, table).to_dicts()
    assert rows(one.ents, ("start", "label")) == [(e.start, e.label) for line in lines for e in nlp(line).ents]


def test_inputs(nlp, corpus):
    pandas, polars, pyarrow = (pytest.importorskip(name) for name in ("pandas", "polars", "pyarrow"))
    inputs = {
        "tuple": tuple(TEXTS),
        "generator": (text for text in TEXTS),
        "polars": polars.Series(TEXTS),
        "pandas": pandas.Series(TEXTS),
        "pandas objects": pandas.Series(TEXTS, dtype=object),
        "pandas arrow": pandas.Series(TEXTS, dtype="string[pyarrow]"),
        "pandas category": pandas.Series(TEXTS, dtype="category"),
        "array": pyarrow.array(TEXTS),
        "large": pyarrow.array(TEXTS, type=pyarrow.large_string()),
        "view": pyarrow.array(TEXTS, type=pyarrow.string_view()),
        "chunks": pyarrow.chunked_array([TEXTS[:1], [], TEXTS[1:]], type=pyarrow.string()),
        "sliced": pyarrow.array(["x", *TEXTS])[1:],
    }
    for name, texts in inputs.items():
        got = nlp.corpus(texts, ids=IDS, published="2016-12-08")
        assert got.ents.to_dicts() == corpus.ents.to_dicts(), name
        assert got.docs.to_dicts() == corpus.docs.to_dicts(), name


def test_bad_columns(nlp):
    polars = pytest.importorskip("polars")
    with pytest.raises(TypeError, match="column of texts, not of Int64"):
        nlp.corpus(polars.Series([1, 2]))
    with pytest.raises(TypeError, match="choose one"):
        nlp.corpus(polars.DataFrame({"a": ["x"]}))
    with pytest.raises(TypeError, match="not one string"):
        nlp.corpus("نص")


def test_missing_texts(nlp):
    polars = pytest.importorskip("polars")
    for texts in (["أ", None, "ب"], polars.Series(["أ", None, "ب"])):
        corpus = nlp.corpus(texts)
        assert [error is None for error in corpus.docs["error"]] == [True, False, True]
        assert corpus.docs["doc_id"] == [0, 1, 2]


def test_ids(nlp):
    pandas = pytest.importorskip("pandas")
    assert nlp.corpus(["أ", "ب"]).docs["doc_id"] == [0, 1]
    assert nlp.corpus(["أ", "ب"], ids=[7, 10**12]).docs["doc_id"] == [7, 10**12]
    assert nlp.corpus(["أ", "ب"], ids=pandas.Series([3, 4])).docs["doc_id"] == [3, 4]
    assert nlp.corpus(["أ", "ب"], ids=[1, "x"]).docs["doc_id"] == ["1", "x"]
    for ids in ([1], [1, 2, 3]):
        with pytest.raises(ValueError, match=f"{len(ids)} ids for 2 texts"):
            nlp.corpus(["أ", "ب"], ids=ids)
        with pytest.raises(ValueError, match=f"{len(ids)} ids"):
            nlp.corpus(iter(["أ", "ب"]), ids=ids)


def test_dates(nlp):
    pandas = pytest.importorskip("pandas")
    days = pandas.Series(pandas.to_datetime(["2016-12-08", None]))
    for texts in (["وصل أمس.", "وصل أمس."], pandas.Series(["وصل أمس.", "وصل أمس."])):
        assert nlp.corpus(texts, published=days).docs["published"] == ["2016-12-08", None]
    bad = nlp.corpus(["أ", "ب"], published=["2016-12-08", "yesterday"])
    assert bad.docs["error"][0] is None and "YYYY-MM-DD" in bad.docs["error"][1]


def test_libraries(corpus):
    pandas, polars, pyarrow = (pytest.importorskip(name) for name in ("pandas", "polars", "pyarrow"))
    for table in (
        corpus.ents,
        corpus.groups,
        corpus.sents,
        corpus.docs,
        corpus.ents.filter(label="GPE"),
        corpus.ents[2:4],
    ):
        plain = table.to_dicts()
        arrow = table.to_arrow()
        assert arrow.to_pylist() == plain and arrow.validate(full=True) is None
        assert {str(field.type) for field in arrow.schema} <= {"int32", "int64", "double", "string"}
        assert table.to_polars().to_dicts() == plain
        assert polars.DataFrame(table).to_dicts() == plain
        frame = table.to_pandas()
        assert all(isinstance(kind, pandas.ArrowDtype) for kind in frame.dtypes)
        assert [{k: None if v is pandas.NA else v for k, v in row.items()} for row in frame.to_dict("records")] == plain
        assert pandas.DataFrame.from_arrow(table).shape == (len(table), len(table.columns))
        assert pyarrow.RecordBatchReader.from_stream(table).read_all().num_rows == len(table)


def test_duckdb(corpus):
    duckdb = pytest.importorskip("duckdb")
    ents = corpus.ents  # noqa: F841 (the query names it)
    got = duckdb.sql("select label, count(*) from ents group by label order by label").fetchall()
    counts = {}
    for label in corpus.ents["label"]:
        counts[label] = counts.get(label, 0) + 1
    assert got == sorted(counts.items())


def test_a_table_can_be_read_twice_and_outlives_its_corpus(nlp):
    polars = pytest.importorskip("polars")
    frame = polars.DataFrame(nlp.corpus(TEXTS).ents)
    table = nlp.corpus(TEXTS).ents
    assert polars.DataFrame(table).equals(polars.DataFrame(table)) and frame.equals(polars.DataFrame(table))


def test_select_filter_slice(corpus):
    ents = corpus.ents
    assert ents.select("text", "label").columns == ["text", "label"]
    assert ents.head(2).to_dicts() == ents[:2].to_dicts() == ents.to_dicts()[:2]
    assert ents[-2:].to_dicts() == ents.to_dicts()[-2:] and len(ents[100:]) == 0
    both = ents.filter(label=["GPE", "ORG"], parent=None)
    assert both.to_dicts() == [r for r in ents.to_dicts() if r["label"] in ("GPE", "ORG") and r["parent"] is None]
    assert ents.filter(doc_id="ت", start=8)["label"] == [
        r["label"] for r in ents.to_dicts() if (r["doc_id"], r["start"]) == ("ت", 8)
    ]
    assert len(ents.filter()) == len(ents)
    with pytest.raises(KeyError, match="did you mean text"):
        ents["txt"]
    with pytest.raises(TypeError, match="no column"):
        ents.filter(labell="GPE")
    with pytest.raises(ValueError, match="did you mean GPE"):
        ents.filter(label="GPA")
    with pytest.raises(TypeError, match="expected a number"):
        ents.filter(start="a")


def test_ents_of_a_document(nlp):
    pyarrow = pytest.importorskip("pyarrow")
    doc = nlp(TEXTS[0])
    assert doc.ents.to_polars()["text"].to_list() == [ent.text for ent in doc.ents]
    places = doc.ents.filter("GPE")
    assert pyarrow.table(places)["text"].to_pylist() == [ent.text for ent in places]
    assert doc.ents.to_pandas().shape[0] == doc.ents.to_arrow().num_rows == len(doc.ents)
    assert nlp("").ents.to_polars().shape[0] == 0


def test_html(corpus):
    html = corpus.ents._repr_html_()
    assert 'dir="rtl"' in html and f"{len(corpus.ents)} rows" in html and "<script" not in html


def test_empty(nlp):
    empty = nlp.corpus([])
    assert len(empty) == 0 and empty.ents.to_dicts() == [] and "start" in empty.ents.columns
    assert empty.ents.to_arrow().num_rows == 0 if pytest.importorskip("pyarrow") else True


def test_documents_again(nlp, corpus):
    docs = list(corpus)
    for plain, name, text in zip(docs, IDS, TEXTS, strict=True):
        doc = nlp(text, published="2016-12-08")
        assert plain["id"] == name and len(plain["text"]) == len(text)
        assert plain["text"].split() == text.split()
        assert [plain["text"][e["start"] : e["end"]] for e in plain["entities"]] == [e.text for e in doc.ents]
        assert plain["sents"] == doc.to_dict()["sents"]


def test_a_failing_producer(nlp):
    def producer():
        yield "أ"
        raise LookupError("no more")

    with pytest.raises(LookupError, match="no more"):
        nlp.corpus(producer())


def test_progress(nlp, capfd):
    nlp.corpus(TEXTS * 10, progress=True)
    assert "40/40" in capfd.readouterr().err


def test_no_pickle(corpus):
    import pickle

    with pytest.raises(TypeError, match="to_arrow"):
        pickle.dumps(corpus.ents)
    assert marsad.Table is type(corpus.ents)
