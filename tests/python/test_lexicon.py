"""Names of the user's own, from whatever holds them."""

import json

import pytest

import marsad

TEXT = "التقى وفد رابطة هواة الفلك أعضاء نادي السديم في قرية البنفسج."
NAMES = {"ORG": ["رابطة هواة الفلك", ["نادي السديم", "السديم"]], "GPE": ["قرية البنفسج"]}
RECORDS = [
    {"label": "ORG", "name": "رابطة هواة الفلك", "latin": "Astronomy League"},
    {"label": "ORG", "name": "نادي السديم", "aliases": ["السديم"]},
    {"label": "GPE", "name": "قرية البنفسج"},
]


def found(nlp, names):
    ents = nlp.with_lexicon(names)(TEXT).ents
    return {(ent.label, ent.text) for ent in ents.filter(outer=True)}


EXPECTED = {("ORG", "رابطة هواة الفلك"), ("ORG", "نادي السديم"), ("GPE", "قرية البنفسج")}


def test_dict(nlp):
    assert found(nlp, NAMES) >= EXPECTED
    assert nlp.lexicon == [], "the pipeline itself must not change"


def test_clitics_and_aliases(nlp):
    doc = nlp.with_lexicon(NAMES)("وصل مندوب للسديم وبقرية البنفسج.")
    assert ("GPE", "قرية البنفسج") in {(ent.label, ent.text) for ent in doc.ents}


def test_names_add_up(nlp):
    both = nlp.with_lexicon({"ORG": ["أ ب ج"]}).with_lexicon({"GPE": ["د ه و"]})
    assert [(label, name) for label, name, *_ in both.lexicon] == [("ORG", "أ ب ج"), ("GPE", "د ه و")]


def test_records(nlp):
    assert found(nlp, RECORDS) >= EXPECTED


def test_what_you_tell_of_a_name_is_its_link(nlp):
    told = {
        "name": "قرية البنفسج",
        "aliases": ["البنفسج"],
        "latin": "Violet",
        "country": "LY",
        "lat": 32.5,
        "lon": 20.1,
    }
    own = nlp.with_lexicon({"GPE": [{**told, "admin": "Jabal", "code": "V-7"}], "ORG": ["نادي السديم"]})
    doc = own("اجتمع نادي السديم في قرية البنفسج، وتقع البنفسج في ليبيا.")
    village, again = (ent for ent in doc.ents if "البنفسج" in ent.text)
    assert village.group == again.group and again.norm == "قرية البنفسج" and again.latin == "Violet"
    link = village.link
    assert (link["name"], link["country"], link["admin"]) == ("Violet", "LY", "Jabal")
    assert (link["lat"], link["lon"], link["facts"]) == (32.5, 20.1, {"code": "V-7"})
    assert [ent.link for ent in doc.ents if ent.label == "ORG"] == [None], "nothing was told of the club"
    assert own.corpus([doc.text]).ents.filter(text="البنفسج")["country"] == ["LY"]
    with pytest.raises(marsad.DataError, match="no angle"):
        nlp.with_lexicon({"GPE": [{**told, "lat": "north"}]})


def test_a_bare_name_keeps_the_bundled_link(nlp):
    assert nlp.with_lexicon({"GPE": ["مدينة درنة"]})("زار مدينة درنة.").ents[0].link["country"] == "LY"


@pytest.mark.parametrize("library", ["pandas", "polars"])
def test_frames(nlp, library):
    frames = pytest.importorskip(library)
    rows = [
        {"label": r["label"], "name": r["name"], "aliases": "|".join(r.get("aliases", [])) or None} for r in RECORDS
    ]
    assert found(nlp, frames.DataFrame(rows)) >= EXPECTED
    rows[1]["label"] = "ORGX"
    with pytest.raises(marsad.DataError, match="row 1, column label: there is no label 'ORGX'; did you mean ORG"):
        nlp.with_lexicon(frames.DataFrame(rows))
    rows[1] = {"label": "ORG", "name": None, "aliases": None}
    with pytest.raises(marsad.DataError, match="row 1, column name: the name is missing"):
        nlp.with_lexicon(frames.DataFrame(rows))
    with pytest.raises(marsad.DataError, match="no column 'label'"):
        nlp.with_lexicon(frames.DataFrame({"name": ["x"]}))


@pytest.mark.parametrize("ending", ["tsv", "csv", "json", "jsonl"])
def test_files(nlp, tmp_path, ending):
    path = tmp_path / f"names.{ending}"
    if ending == "json":
        path.write_text(json.dumps(NAMES, ensure_ascii=False), encoding="utf-8")
    elif ending == "jsonl":
        path.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in RECORDS), encoding="utf-8")
    else:
        comma = "," if ending == "csv" else "\t"
        lines = [
            ["label", "name", "aliases"],
            *([r["label"], r["name"], "|".join(r.get("aliases", []))] for r in RECORDS),
        ]
        path.write_text("\ufeff" + "\n".join(comma.join(line) for line in lines), encoding="utf-8")
    assert found(nlp, path) >= EXPECTED
    assert found(nlp, str(path)) >= EXPECTED


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("a.tsv", "label\tname\nORG\tx\nGPA\ty\n", "line 3, column label.*did you mean GPE"),
        ("b.tsv", "label\tname\nORG\t\n", "line 2, column name: the name is missing"),
        ("c.csv", "name\nx\n", "line 1: no column 'label'"),
        ("d.json", "{", "line 1, column 2"),
        ("e.jsonl", '{"label": "ORG", "name": "x"}\n{"label": "ORG"}\n', "row 2, column name"),
        ("f.tsv", "", "the file is empty"),
        ("g.xlsx", "", "is a .tsv, .csv, .json or .jsonl"),
    ],
)
def test_bad_files(nlp, tmp_path, name, content, says):
    path = tmp_path / name
    path.write_text(content, encoding="utf-8")
    with pytest.raises(marsad.DataError, match=says):
        nlp.with_lexicon(path)


def test_bad_values(nlp, tmp_path):
    with pytest.raises(FileNotFoundError):
        nlp.with_lexicon(tmp_path / "none.tsv")
    with pytest.raises(marsad.DataError, match="not one string"):
        nlp.with_lexicon({"ORG": "اسم"})
    with pytest.raises(marsad.DataError, match="name 1: a name is a string, not int"):
        nlp.with_lexicon({"ORG": ["اسم", 3]})
    with pytest.raises(TypeError, match="not int"):
        nlp.with_lexicon(3)
