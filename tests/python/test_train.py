"""Training and evaluation, on small corpora made here."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from dataclasses import FrozenInstanceError
from pathlib import Path

import pytest

import marsad

SHARED = Path(__file__).parents[3] / "shared" / "gold"
PLACES = "ميران شولاب تاروك هلباد سيرمان دورغاش كيلوان بازرين نوهار زيلكان".split()
NAMES = "فرهوز شيركاد دلوفان مهروج هيمداد روزيار".split()
SHIPS = "المنارة النسيم الفيروزة الأمواج".split()
FRAMES = [
    "وصلت السفينة <SHIP>{ship}</SHIP> إلى مدينة <PORT>{place}</PORT> صباح أمس.",
    "قال القبطان <SKIPPER>{name}</SKIPPER> إن الرحلة من <PORT>{place}</PORT> كانت هادئة.",
    "غادر <SKIPPER>{name}</SKIPPER> ميناء <PORT>{place}</PORT> على متن <SHIP>{ship}</SHIP>.",
    "لا جديد في الميناء هذا اليوم، والبحر ساكن.",
]


def tagged(seed, lines=12):
    """A text with inline tags of made-up labels."""
    pick = random.Random(seed).choice
    return "\n".join(pick(FRAMES).format(ship=pick(SHIPS), name=pick(NAMES), place=pick(PLACES)) for _ in range(lines))


@pytest.fixture(scope="module")
def corpus(tmp_path_factory):
    folder = tmp_path_factory.mktemp("corpus")
    for part, seeds in (("train", range(12)), ("dev", range(100, 103))):
        (folder / part).mkdir()
        for seed in seeds:
            (folder / part / f"{seed}.xml").write_text(tagged(seed), encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def trained(corpus, tmp_path_factory):
    out = tmp_path_factory.mktemp("pack") / "ports.marsad"
    result = marsad.train(
        corpus / "train", dev=corpus / "dev", out=out, scheme="ports", epochs=6, progress=False, seed=7
    )
    return result


def run(*args, stdin=b"", cwd=None):
    command = [sys.executable, "-m", "marsad", *map(str, args)]
    done = subprocess.run(command, input=stdin, capture_output=True, check=False, cwd=cwd)
    return done.returncode, done.stdout.decode("utf-8"), done.stderr.decode("utf-8")


# --- training ---


def test_other_labels_from_training_to_mentions(trained):
    row = trained.schemes["ports"]
    assert row.labels == ("PORT", "SHIP", "SKIPPER") and row.documents == 12 and row.lost == 0
    assert trained.dev.f1 > 0.9 and trained.dev is row.dev
    assert "12 documents" in str(trained) and trained.out.is_file()
    assert not Path(f"{trained.out}.checkpoint").exists() and not list(trained.out.parent.glob("*.part"))
    nlp = marsad.load(trained.out, scheme="ports")
    doc = nlp("غادر دلوفان ميناء تاروك على متن النسيم.")
    found = {(e.label, e.text) for e in doc.ents}
    assert {("SKIPPER", "دلوفان"), ("PORT", "تاروك"), ("SHIP", "النسيم")} <= found
    assert [e.text for e in doc.ents.filter(label="SHIP")] == ["النسيم"]
    assert {e["label"] for e in doc.to_dict()["entities"]} == {label for label, _ in found}
    with pytest.raises(ValueError, match="SHIP"):
        doc.ents.filter(label="SHIPP")


def test_the_schemes_of_the_base_stay(trained, nlp):
    text = "زار وزير الخارجية مدينة بنغازي."
    both = marsad.load(trained.out)
    assert [(e.label, e.text) for e in both(text).ents] == [(e.label, e.text) for e in nlp(text).ents]
    with pytest.raises(ValueError, match="scheme"):
        marsad.load(trained.out, scheme="none")


def test_the_same_bytes_twice_whatever_the_threads(corpus, tmp_path):
    packs = []
    for threads in (1, 2):
        out = tmp_path / f"{threads}.marsad"
        marsad.train(corpus / "train", out=out, scheme="p", epochs=2, threads=threads, progress=False)
        packs.append(out.read_bytes())
    assert packs[0] == packs[1]
    other = tmp_path / "seed.marsad"
    marsad.train(corpus / "train", out=other, scheme="p", epochs=2, seed=2, progress=False)
    assert other.read_bytes() != packs[0]


def test_many_schemes_in_one_pack_one_helping_another(corpus, tmp_path):
    flat = tmp_path / "flat.conll"
    flat.write_text(("وصل O\nهلباد B-TOWN\nامس O\n\nزار O\nتاروك B-TOWN\nالقديمة I-TOWN\n\n") * 20, encoding="utf-8")
    out = tmp_path / "two.marsad"
    result = marsad.train(
        {"towns": flat, "ports": [corpus / "train"]},
        dev={"ports": corpus / "dev"},
        out=out,
        helpers=["towns"],
        epochs=3,
        progress=False,
    )
    assert list(result.schemes) == ["towns", "ports"] and result.schemes["towns"].dev is None
    assert result.schemes["ports"].dev.f1 > 0.8
    assert [e.label for e in marsad.load(out, scheme="towns")("وصل هلباد امس").ents] == ["TOWN"]


def test_early_stopping(corpus, tmp_path):
    heard = []
    out = tmp_path / "early.marsad"
    from marsad import _train

    class Listener(_train._Bar):
        def __call__(self, scheme, stage, done, total, loss, dev):
            heard.append((stage, done, dev))

    bar, _train._Bar = _train._Bar, Listener
    try:
        marsad.train(corpus / "train", dev=corpus / "dev", out=out, scheme="p", epochs=30, patience=1)
    finally:
        _train._Bar = bar
    first = [(done, dev) for stage, done, dev in heard if stage == "first pass"]
    assert len(first) < 30 and first[-1][1] <= max(dev for _, dev in first[:-1])
    best = max(first, key=lambda pair: (pair[1], -pair[0]))[0]
    assert max(done for stage, done, _ in heard if stage == "second pass") == best
    assert all(dev is None for stage, _, dev in heard if stage != "first pass")


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
def test_ctrl_c_leaves_a_checkpoint_and_resuming_ends_the_same(corpus, tmp_path):
    options = ["--scheme", "ports", "--epochs", "40", "--quiet", "--threads", "1"]
    whole, cut = tmp_path / "whole.marsad", tmp_path / "cut.marsad"
    assert run("train", corpus / "train", "--out", whole, *options)[0] == 0
    command = [sys.executable, "-m", "marsad", "train", corpus / "train", "--out", cut, *options]
    running = subprocess.Popen([*map(str, command)], stderr=subprocess.PIPE)
    checkpoint = Path(f"{cut}.checkpoint")
    while not list(checkpoint.glob("ports/1.stage")):
        assert running.poll() is None, running.stderr.read()
        time.sleep(0.01)
    running.send_signal(signal.SIGINT)
    said = running.communicate()[1].decode()
    assert running.returncode == 130 and "--resume" in said and said.endswith("marsad: interrupted\n")
    assert not cut.exists() and list(checkpoint.glob("ports/*"))
    status, _, err = run("train", corpus / "train", "--out", cut, *options, "--seed", "9", "--resume")
    assert status == 2 and "other data or options" in err
    assert run("train", corpus / "train", "--out", cut, *options, "--resume")[0] == 0
    assert cut.read_bytes() == whole.read_bytes() and not checkpoint.exists()


def test_an_exception_of_the_listener_stops_training(corpus, tmp_path, monkeypatch):
    from marsad import _train

    def fail(*_):
        raise RuntimeError("enough")

    monkeypatch.setattr(_train._Bar, "__call__", fail)
    with pytest.raises(RuntimeError, match="enough"):
        marsad.train(corpus / "train", out=tmp_path / "x.marsad", scheme="p", epochs=50)
    assert not (tmp_path / "x.marsad").exists()


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("a.xml", "في <GPE>سرت", "line 1: <GPE> is never closed"),
        ("a.xml", "لا شيء\nفي <GPE>سرت</ORG>", "line 2: </ORG> crosses <GPE>"),
        ("a.xml", "في سرت</GPE>", "line 1: </GPE> closes nothing"),
        ("a.xml", "في\n<gpe>سرت</gpe>", "line 2: write <GPE> in capitals"),
        ("a.xml", "لا شيء هنا", "no mention"),
        ("a.conll", "في O\nسرت\n", "line 2: a token without a tag"),
        ("a.conll", "في O\nسرت GPE\n", "line 2: no tag such as O or B-PERS"),
        ("a.jsonl", '{"text": "سرت", "entities": []}\n{"text": ', "line 2: no JSON"),
        ("a.jsonl", '{"text": "سرت", "entities": [[0, 9, "GPE"]]}\n{}', 'line 1: [0,9,"GPE"] lies outside'),
        ("a.jsonl", "\n\n{}\n{}", 'line 3: no "text"'),
    ],
)
def test_bad_data_is_one_clear_line(tmp_path, name, content, says):
    path = tmp_path / name
    path.write_text(content, encoding="utf-8")
    with pytest.raises(marsad.DataError) as error:
        marsad.train(path, out=tmp_path / "x.marsad", progress=False)
    assert says in str(error.value) and "\n" not in str(error.value)
    if "no mention" not in says:
        assert str(path) in str(error.value)
    assert sorted(p.name for p in tmp_path.glob("*.marsad")) == []


def test_bad_options(corpus, tmp_path):
    out = tmp_path / "x.marsad"
    with pytest.raises(FileNotFoundError, match="none.xml"):
        marsad.train(tmp_path / "none.xml", out=out, progress=False)
    with pytest.raises(FileNotFoundError, match="no folder"):
        marsad.train(corpus, out=tmp_path / "none" / "x.marsad", progress=False)
    with pytest.raises(ValueError, match="epochs=0"):
        marsad.train(corpus, out=out, epochs=0)
    with pytest.raises(TypeError, match="no option 'speed'"):
        marsad.train(corpus, out=out, speed=3)
    with pytest.raises(ValueError, match="scheme 'a b'"):
        marsad.train(corpus, out=out, scheme="a b")
    with pytest.raises(ValueError, match="no corpus for the scheme 'y'"):
        marsad.train({"x": corpus}, dev={"y": corpus}, out=out)
    for args, says in (
        (["none.xml"], "none.xml"),
        ([corpus / "train", "--epochs", "0"], "no number from 1"),
        ([corpus / "train", "--also", "x"], "SCHEME=PATH"),
        ([corpus / "train", "--base", "none.marsad"], "none.marsad"),
        ([corpus / "train", "--helper", "none"], "none"),
    ):
        status, got, err = run("train", *args, "--out", out, "--quiet")
        assert (status, got) == (2, "") and err.count("\n") == 1 and err.startswith("marsad: ") and says in err


def test_the_command_with_held_out_texts(corpus, tmp_path):
    out = tmp_path / "cli.marsad"
    status, got, err = run(
        "train", corpus / "train", "--dev", corpus / "dev", "--scheme", "ports", "--epochs", "3", "-o", out
    )
    assert status == 0 and got.splitlines()[0].split() == "type gold pred P R F1 overlap type set".split()
    assert "first pass" in err and "dev F1" in err and "written after" in err
    status, table, err = run("evaluate", corpus / "dev", "--pack", out, "--scheme", "ports")
    assert (status, err) == (0, "") and table == got


# --- evaluation ---


def entity(text, part, label, start=0):
    at = text.index(part, start)
    return {"start": at, "end": at + len(part), "label": label}


TEXT = "سافر كامل من صور إلى بيروت ثم عاد كامل إلى صور."
GOLD = {
    "text": TEXT,
    "entities": [
        entity(TEXT, "كامل", "PERS"),
        entity(TEXT, "صور", "GPE"),
        entity(TEXT, "بيروت", "GPE"),
        entity(TEXT, "كامل", "PERS", 20),
        entity(TEXT, "صور", "GPE", 20),
    ],
}
FOUND = {
    "text": TEXT,
    "entities": [
        entity(TEXT, "كامل", "PERS"),
        entity(TEXT, "من صور", "GPE"),
        entity(TEXT, "بيروت", "LOC"),
        entity(TEXT, "صور", "GPE", 20),
        entity(TEXT, "سافر", "ORG"),
    ],
}


def test_every_kind_of_match():
    result = marsad.evaluate(GOLD, FOUND)
    assert (result.precision, result.recall, result.f1) == (2 / 5, 2 / 5, 2 / 5)
    assert result["GPE"].exact.f1 == pytest.approx(2 * 1 / (3 + 2))
    assert result["GPE"].overlap.f1 == pytest.approx(2 * 2 / (3 + 2))
    assert result["GPE"].type_only.precision == 1 and result["GPE"].type_only.recall == pytest.approx(2 / 3)
    assert result["PERS"].set.recall == 1, "the name is found once in the document"
    assert result.spans.recall == pytest.approx(4 / 5)
    assert result.core.exact == result.all.exact
    kinds = {m.kind: m for m in result.mistakes}
    assert sorted(m.kind for m in result.mistakes) == ["bounds", "invented", "missed", "type"]
    assert kinds["type"].gold["label"] == "GPE" and kinds["type"].predicted["label"] == "LOC"
    assert "بيروت" in kinds["type"].context
    at = {name: i for i, name in enumerate(result.labels)}
    assert result.confusion[at["GPE"]][at["LOC"]] == 1 and result.confusion[at["PERS"]][-1] == 1
    assert result.interval == (2 / 5, 2 / 5), "there is one document"
    assert result["ALL"] is result.all
    with pytest.raises(KeyError):
        result["SHIP"]


def test_it_is_frozen_and_shows_itself():
    result = marsad.evaluate(GOLD, FOUND)
    with pytest.raises(FrozenInstanceError):
        result.rows = ()
    plain = result.to_dict()
    assert json.loads(json.dumps(plain)) == plain and plain["all"]["exact"]["hits"] == 2
    plain["documents"] = 99
    assert result.to_dict()["documents"] == 1
    page = result._repr_html_()
    assert page.count("<tr>") == 2 + len(result.rows) + 1 and "<script" not in page
    assert "LOC" in result.confusion_table() and "1000" not in str(result)
    hostile = {"text": "<b>x</b>", "entities": [{"start": 0, "end": 3, "label": "<i>"}]}
    assert "<b>" not in marsad.evaluate(hostile, {**hostile, "entities": []})._repr_html_()


def test_documents_files_and_pipelines_give_the_same(nlp, tmp_path):
    texts = ["زار وزير الخارجية مدينة بنغازي أمس.", "وصل الوفد إلى تونس."]
    docs = [nlp(text) for text in texts]
    perfect = marsad.evaluate(docs, nlp)
    assert perfect.f1 == 1.0 and not perfect.mistakes
    for i, doc in enumerate(docs):
        (tmp_path / f"{i}.json").write_text(doc.to_json(), encoding="utf-8")
    assert marsad.evaluate(tmp_path, docs).f1 == 1.0
    assert marsad.evaluate([tmp_path / "0.json", tmp_path / "1.json"], tmp_path).f1 == 1.0
    saved = tmp_path / "saved.jsonl"
    marsad.evaluate(docs, nlp, save=saved)
    assert marsad.evaluate(docs, saved).f1 == 1.0


def test_predictions_may_leave_the_text_out():
    assert marsad.evaluate(GOLD, {"entities": FOUND["entities"]}).all == marsad.evaluate(GOLD, FOUND).all


def test_texts_must_be_the_same(tmp_path):
    with pytest.raises(marsad.DataError, match="differ from character 5 on"):
        marsad.evaluate(GOLD, {**FOUND, "text": TEXT[:5] + "ا" + TEXT[6:]})
    with pytest.raises(marsad.DataError, match="2 gold documents, 1 predicted"):
        marsad.evaluate([GOLD, GOLD], [FOUND])
    with pytest.raises(TypeError, match="gold: expected files"):
        marsad.evaluate([1], [FOUND])
    with pytest.raises(FileNotFoundError, match="none.xml"):
        marsad.evaluate(tmp_path / "none.xml", [FOUND])


def noisy(seed, labels=("PERS", "GPE", "ORG", "DATE", "OCC")):
    """Random gold and predicted mentions of a text; no two cross."""
    r = random.Random(seed)
    words = [r.choice(["بيت", "كتاب", "نهر", "باب", "طريق"]) for _ in range(60)]
    text = " ".join(words)
    starts = [0]
    for word in words[:-1]:
        starts.append(starts[-1] + len(word) + 1)
    gold, found, at = set(), set(), 0
    while at < 55:
        to = at + r.randint(1, 4)
        span = (starts[at], starts[to - 1] + len(words[to - 1]))
        label = r.choice(labels)
        if r.random() < 0.7:
            gold.add((*span, label))
            if r.random() < 0.3 and to - at > 1:
                gold.add((starts[at + 1], span[1], r.choice(labels)))
        change = r.random()
        if change < 0.6:
            found.add((*span, label))
        elif change < 0.7:
            found.add((*span, r.choice(labels)))
        elif change < 0.8 and to - at > 1:
            found.add((starts[at + 1], span[1], label))
        at = to + r.randint(0, 3)
    return text, sorted(gold), sorted(found)


def inline(text, mentions):
    opens, closes = {}, {}
    for start, end, label in sorted(mentions, key=lambda m: (m[0], -m[1])):
        opens.setdefault(start, []).append(label)
        closes.setdefault(end, []).insert(0, (start, label))
    out = []
    for i in range(len(text) + 1):
        out += [f"</{label}>" for _, label in sorted(closes.get(i, []), key=lambda pair: -pair[0])]
        out += [f"<{label}>" for label in opens.get(i, [])]
        out.append(text[i : i + 1])
    return "".join(out)


@pytest.mark.skipif(not (SHARED / "score.py").is_file(), reason="the scoring script is not here")
def test_the_figures_are_those_of_the_scoring_script(tmp_path):
    args = []
    golds, founds = [], []
    for seed in range(6):
        text, gold, found = noisy(seed)
        # The tags of one span in one order on both sides.
        gold = list({(s, e): (s, e, label) for s, e, label in gold}.values())
        xml, predicted = tmp_path / f"{seed}.xml", tmp_path / f"{seed}.json"
        xml.write_text(inline(text, gold), encoding="utf-8")
        entities = [{"start": s, "end": e, "label": label} for s, e, label in found]
        predicted.write_text(json.dumps({"entities": entities}), encoding="utf-8")
        golds.append(xml)
        founds.append(predicted)
        args += [xml, predicted]
    done = subprocess.run(
        [sys.executable, SHARED / "score.py", *args],
        capture_output=True,
        check=True,
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
    )
    theirs = {}
    for line in done.stdout.decode().splitlines()[1:]:
        name, *figures = line.split()
        theirs[name] = tuple(float(figure) for figure in figures)
    result = marsad.evaluate(golds, founds)
    ours = {}
    for row in (*result.rows, result.core, result.all):
        e = row.exact
        figures = (e.gold, e.predicted, e.precision, e.recall, e.f1, row.overlap.f1)
        ours[row.label] = tuple(round(figure, 3) for figure in figures)
    assert ours == theirs


def columns(rng, sentences=40):
    labels = ["PER", "LOC", "MISC"]
    gold, found = [], []
    for _ in range(sentences):
        for side in (gold, found):
            side.append([])
        open_gold = open_found = None
        for _ in range(rng.randint(1, 12)):
            open_gold = rng.choice([None, None, *labels, open_gold])
            open_found = rng.choice([open_gold, open_gold, rng.choice([None, *labels])])
            for side, label in ((gold, open_gold), (found, open_found)):
                side[-1].append("O" if label is None else rng.choice("BII") + "-" + label)
    return gold, found


def test_the_figures_are_those_of_seqeval(tmp_path):
    seqeval = pytest.importorskip("seqeval.metrics")
    for seed in range(5):
        gold, found = columns(random.Random(seed))
        paths = []
        for name, side in (("gold", gold), ("found", found)):
            path = tmp_path / f"{name}.conll"
            path.write_text(
                "\n\n".join("\n".join(f"كلمة{i}\t{tag}" for i, tag in enumerate(sentence)) for sentence in side) + "\n",
                encoding="utf-8",
            )
            paths.append(path)
        result = marsad.evaluate(*paths)
        report = seqeval.classification_report(gold, found, output_dict=True, zero_division=0)
        micro = report["micro avg"]
        assert (result.precision, result.recall, result.f1) == pytest.approx(
            (micro["precision"], micro["recall"], micro["f1-score"])
        )
        assert result.macro_f1 == pytest.approx(report["macro avg"]["f1-score"])
        for row in result.rows:
            theirs = report[row.label]
            assert row.exact.f1 == pytest.approx(theirs["f1-score"]) and row.exact.gold == theirs["support"]


def test_probabilities_are_held_to_what_is_right():
    gold = {"text": "أب جد هو زح", "entities": [{"start": 3 * i, "end": 3 * i + 2, "label": "GPE"} for i in range(2)]}
    said = [0.95, 0.65, 0.62, 0.3]
    found = {
        "text": gold["text"],
        "entities": [
            {"start": 3 * i, "end": 3 * i + 2, "label": "GPE", "score": score} for i, score in enumerate(said)
        ],
    }
    result = marsad.evaluate(gold, found)
    assert [(round(s.low, 1), round(s.high, 1), s.mentions, s.right) for s in result.reliability] == [
        (0.3, 0.4, 1, 0.0),
        (0.6, 0.7, 2, 0.5),
        (0.9, 1.0, 1, 1.0),
    ]
    assert result.reliability[1].said == pytest.approx(0.635)
    assert result.calibration_error == pytest.approx((0.3 + 2 * 0.135 + 0.05) / 4)
    assert "0.6 to 0.7" in result.reliability_table() and "off by" in str(result)
    assert marsad.evaluate(gold, gold).calibration_error is None


def test_conll_with_many_columns(tmp_path):
    gold = tmp_path / "gold.conll"
    gold.write_text("جامعة\tB-ORG\tO\nصور\tI-ORG\tB-GPE\n\nثم\tO\tO\n", encoding="utf-8")
    found = tmp_path / "found.conll"
    found.write_text("جامعة\tB-ORG\nصور\tI-ORG\n\nثم\tO\n", encoding="utf-8")
    result = marsad.evaluate(gold, found)
    assert (result.precision, result.recall) == (1.0, 0.5)
    saved = tmp_path / "saved.conll"
    marsad.evaluate(gold, gold, save=saved)
    assert [line.split("\t") for line in saved.read_text(encoding="utf-8").split("\n") if line] == [
        ["جامعة", "B-ORG", "O"],
        ["صور", "I-ORG", "B-GPE"],
        ["ثم", "O"],
    ] or marsad.evaluate(gold, saved).f1 == 1.0


def test_bootstrap_is_the_same_each_time():
    golds, founds = [], []
    for seed in range(12):
        text, gold, found = noisy(seed)
        for side, mentions in ((golds, gold), (founds, found)):
            side.append(
                {"text": text, "entities": [dict(zip(("start", "end", "label"), m, strict=True)) for m in mentions]}
            )
    first, again = (marsad.evaluate(golds, founds, samples=300) for _ in range(2))
    assert first == again
    low, high = first.interval
    assert low < first.f1 < high
    assert marsad.evaluate(golds, founds, samples=300, seed=5).interval != first.interval


def test_evaluate_command(tmp_path):
    gold = tmp_path / "gold.xml"
    gold.write_text("زار <PERS>كامل</PERS> <GPE>صور</GPE>\n", encoding="utf-8")
    found = tmp_path / "found.xml"
    found.write_text("زار <PERS>كامل</PERS> <LOC>صور</LOC>\n", encoding="utf-8")
    status, out, err = run("evaluate", gold, found, "--confusion", "--errors")
    assert (status, err) == (0, "")
    assert [line.split()[:3] for line in out.splitlines()[1:6]] == [
        ["GPE", "1", "0"],
        ["PERS", "1", "1"],
        ["LOC", "0", "1"],
        ["CORE", "2", "2"],
        ["ALL", "2", "2"],
    ]
    assert "95 % interval of F1: ALL 0.500-0.500" in out and "type\tGPE صور\tLOC صور" in out
    plain = json.loads(run("evaluate", gold, found, "--json")[1])
    assert plain["all"]["exact"]["f1"] == 0.5 and plain["confusion"]["labels"] == ["GPE", "PERS", "LOC"]
    analysis = tmp_path / "text.json"
    text = tmp_path / "text.txt"
    own = tmp_path / "own.xml"
    own.write_text("زار وزير الخارجية <GPE>ليبيا</GPE> و<GPE>تونس</GPE>\n", encoding="utf-8")
    text.write_text("زار وزير الخارجية ليبيا وتونس\n", encoding="utf-8")
    analysis.write_text(run("analyze", text, "--json")[1], encoding="utf-8")
    status, by_file, _ = run("evaluate", own, analysis, "--reliability")
    assert status == 0 and by_file == run("evaluate", own, "--model", "--reliability")[1]
    assert "probabilities are off by" in by_file and "said  right" in by_file
    for args, says in (
        ([gold], "--model"),
        ([gold, found, "--model"], "not both"),
        ([gold, found, "--reliability"], "no probabilities"),
        ([gold, tmp_path / "none.xml"], "none.xml"),
        ([gold, text.with_suffix(".md")], "text.md"),
        ([gold, found, "--samples", "0"], "no number from 1"),
    ):
        status, out, err = run("evaluate", *args)
        assert (status, out) == (2, "") and err.count("\n") == 1 and says in err


# --- classes of words ---


def test_own_word_classes_are_read_beside_those_of_the_base(corpus, tmp_path):
    table = tmp_path / "classes.tsv"
    table.write_text("".join(f"{word}\t{i % 3 + 1}\n" for i, word in enumerate(PLACES + NAMES)), encoding="utf-8")
    packs = [tmp_path / "plain.marsad", tmp_path / "classed.marsad"]
    for pack, classes in zip(packs, ([], table), strict=True):
        outcome = marsad.train(
            corpus / "train", out=pack, scheme="ports", epochs=2, classes=classes, progress=False, document=False
        )
        assert outcome.schemes["ports"].mentions
        assert marsad.load(pack, scheme="ports")("غادر فرهوز ميناء شولاب.").ents is not None
    sizes = [pack.stat().st_size for pack in packs]
    assert sizes[1] > sizes[0]
    # The default scheme is as it was: its weights know nothing of the new columns.
    text = "زار الوزير محمد الطاهر سيالة مدينة سرت يوم 5 مايو 2017."
    assert [str(e) for e in marsad.load(packs[1])(text).ents] == [str(e) for e in marsad.load()(text).ents]
    table.write_text("شولاب\tثلاثة\n", encoding="utf-8")
    with pytest.raises(marsad.DataError, match=r"classes\.tsv, line 1"):
        marsad.train(corpus / "train", out=packs[0], scheme="ports", classes=table, progress=False)


def test_cluster(tmp_path):
    raw = tmp_path / "raw.txt"
    pick = random.Random(3).choice
    raw.write_text("".join(f"وصل {pick(NAMES)} إلى {pick(PLACES)} أمس\n" for _ in range(600)), encoding="utf-8")
    tables = []
    for threads in (1, 2):
        out = tmp_path / f"{threads}.tsv"
        status, got, err = run("cluster", raw, "--classes", 5, "--classes", 7, "--threads", threads, "--out", out)
        assert (status, got) == (0, "") and "written to" in err
        tables.append(out.read_bytes())
    assert tables[0] == tables[1]
    rows = [line.split("\t") for line in tables[0].decode().splitlines()]
    assert all(len(row) == 3 and 1 <= int(row[1]) <= 5 and 1 <= int(row[2]) <= 7 for row in rows)
    classes = {word: number for word, number, _ in rows}
    assert len({classes[marsad.normalize(word, "search")] for word in ("ميران", "هلباد", "سيرمان")}) == 1
    assert (
        run("cluster", "-", "--out", tmp_path / "in.tsv", "--classes", 5, "--classes", 7, stdin=raw.read_bytes())[0]
        == 0
    )
    assert (tmp_path / "in.tsv").read_bytes() == tables[0]
    for args, says in (
        ([tmp_path / "none.txt"], "none.txt"),
        ([raw, "--classes", "1"], "no number from 2"),
        ([raw, "--classes", "70000"], "no number from 2 to 65535"),
        ([raw, "--least", "5000"], "no word stands 5000 times"),
    ):
        status, got, err = run("cluster", *args, "--out", tmp_path / "bad.tsv", "--quiet")
        assert (status, got) == (2, "") and err.count("\n") == 1 and says in err
    assert not (tmp_path / "bad.tsv").exists()
