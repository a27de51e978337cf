"""The command, as a shell runs it."""

import json
import os
import signal
import subprocess
import sys
import time

import pytest

from marsad.cli import main


def run(*args, stdin=b"", env=None):
    command = [sys.executable, "-m", "marsad", *map(str, args)]
    done = subprocess.run(command, input=stdin, capture_output=True, env={**os.environ, **(env or {})}, check=False)
    return done.returncode, done.stdout.decode("utf-8"), done.stderr.decode("utf-8")


@pytest.fixture
def path(tmp_path, article):
    path = tmp_path / "article.txt"
    path.write_text(article, encoding="utf-8")
    return path


def test_json(path, article, nlp):
    status, out, err = run("analyze", path, "--json", "--published", "2026-11-20")
    assert (status, err) == (0, "")
    data = json.loads(out)
    assert data["text"] == article and data["published"] == "2026-11-20"
    assert all(article[e["start"] : e["end"]] == e["text"] for e in data["entities"])
    assert data == json.loads(json.dumps(nlp(article, published="2026-11-20").to_dict()))


def test_table(path, doc):
    status, out, _ = run("analyze", path)
    person = next(ent for ent in doc.ents.filter("PERS") if not (ent.link or {}).get("name"))
    assert f"{' '.join(person.text.split())}  = {person.latin}\n" in out
    assert status == 0 and out.startswith("type") and out.endswith(f"{len(doc.ents)} mentions in {len(doc)} tokens\n")


def test_conll(path, doc):
    status, out, _ = run("analyze", path, "--conll")
    rows = [line.split("\t") for line in out.splitlines() if line]
    assert status == 0 and all(len(row) == 5 for row in rows) and len(rows) == len(doc)
    assert [row[0] for row in rows] == [token.text for token in doc.tokens]
    outer = doc.ents.filter(outer=True)
    begins = sum(row[3].startswith("B-") for row in rows)
    assert begins == len(outer)
    assert out.count("\n\n") == len(doc.sents)


def test_html(path, tmp_path):
    target = tmp_path / "out.html"
    status, out, err = run("analyze", path, "--html", target)
    assert status == 0 and out == "" and "written to" in err
    page = target.read_text(encoding="utf-8")
    assert page.startswith("<!doctype html>") and 'dir="rtl"' in page and "<script" not in page
    assert not list(tmp_path.glob("*.part"))
    status, _, err = run("analyze", path, "--html", tmp_path / "none" / "out.html")
    assert status == 2 and err.count("\n") == 1 and "cannot write" in err


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_what_is_no_file_is_never_replaced(path, tmp_path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    command = [sys.executable, "-m", "marsad", "analyze", path, "--json", "-o", pipe]
    writer = subprocess.Popen(command)
    assert json.loads(pipe.read_text(encoding="utf-8"))["entities"]
    assert writer.wait() == 0 and pipe.is_fifo()
    status, _, err = run("analyze", path, "-o", tmp_path)
    assert status == 2 and "Is a directory" in err and err.count("\n") == 1


def test_standard_input(article):
    for args in (["analyze", "-", "--json"], ["analyze", "--json"]):
        status, out, _ = run(*args, stdin=article.encode())
        assert status == 0 and json.loads(out)["text"] == article


def test_many_files_and_folders(path, tmp_path):
    folder = tmp_path / "many"
    (folder / "deep").mkdir(parents=True)
    (folder / "b.txt").write_text("زار مدينة درنة.", encoding="utf-8")
    (folder / "deep" / "a.txt").write_text("زار مدينة سبها.", encoding="utf-8")
    (folder / "image.png").write_bytes(b"\x89PNG")
    status, out, err = run("analyze", folder, path, "--jsonl")
    lines = [json.loads(line) for line in out.splitlines()]
    assert (status, err) == (0, "")
    assert [line["id"] for line in lines] == [str(folder / "b.txt"), str(folder / "deep" / "a.txt"), str(path)]
    pages = tmp_path / "pages"
    pages.mkdir()
    assert run("analyze", folder, "--html", pages)[0] == 0
    assert sorted(p.name for p in pages.iterdir()) == ["a.html", "b.html"]
    status, _, err = run("analyze", folder, "--html", tmp_path / "one.html")
    assert status == 2 and "needs a folder" in err


def test_errors_are_one_line_each_and_the_others_are_done(path, tmp_path):
    (tmp_path / "latin.txt").write_bytes("قال الوزير\nكلمة".encode("windows-1256"))
    (tmp_path / "empty.txt").write_text(" \n", encoding="utf-8")
    (tmp_path / "secret.txt").mkdir()
    files = [tmp_path / name for name in ("none.txt", "latin.txt", "empty.txt")]
    status, out, err = run("analyze", files[0], path, *files[1:], "--jsonl")
    assert status == 2 and [json.loads(line)["id"] for line in out.splitlines()] == [str(path)]
    lines = err.splitlines()
    assert len(lines) == 3 and all(line.startswith("marsad: ") for line in lines)
    assert "none.txt: No such file" in lines[0]
    assert "not UTF-8 at byte 0 (line 1)" in lines[1] and "--encoding windows-1256" in lines[1]
    assert "the file is empty" in lines[2]


def test_encoding(tmp_path):
    path = tmp_path / "old.txt"
    path.write_bytes("زار مدينة بنغازي".encode("windows-1256"))
    status, out, _ = run("analyze", path, "--json", "--encoding", "windows-1256")
    assert status == 0 and json.loads(out)["text"] == "زار مدينة بنغازي"
    assert run("analyze", path, "--encoding", "ascii")[0] == 2


@pytest.mark.parametrize(
    ("args", "says"),
    [
        (["--published", "8/12/2016"], "is not a date; write it as 2016-12-08"),
        (["--encoding", "utf-99"], "is no encoding"),
        (["--threads", "0"], "no number of threads"),
        (["--json", "--conll"], "not allowed with"),
        (["--pack", "none.pack"], "none.pack"),
        (["--lexicon", "none.tsv"], "none.tsv: No such file"),
        (["--scheme", "none"], "scheme"),
        (["--no-such-option"], "unrecognized"),
    ],
)
def test_bad_options(path, args, says):
    status, out, err = run("analyze", path, *args)
    assert (status, out) == (2, "") and err.count("\n") == 1 and err.startswith("marsad: ") and says in err


def test_damaged_pack(path, tmp_path):
    pack = tmp_path / "bad.pack"
    pack.write_bytes(b"not a pack" * 100)
    status, out, err = run("analyze", path, "--pack", pack)
    assert (status, out) == (2, "") and err.count("\n") == 1 and "bad.pack" in err


def test_lexicon(tmp_path):
    names = tmp_path / "names.tsv"
    names.write_text("label\tname\nORG\tرابطة هواة الفلك\n", encoding="utf-8")
    status, out, _ = run("analyze", "--json", "--lexicon", names, stdin="اجتمعت رابطة هواة الفلك.".encode())
    assert status == 0 and ("ORG", "رابطة هواة الفلك") in {(e["label"], e["text"]) for e in json.loads(out)["entities"]}


def test_json_lines(tmp_path):
    path = tmp_path / "posts.jsonl"
    records = [
        {"id": "x1", "body": "وصل أمس.", "published": "2016-12-08"},
        {"body": "زار مدينة درنة.\nثم عاد."},
        {"id": 3, "other": 1},
        {"id": 4, "body": "انتهى أمس.", "published": "not a date"},
        {"id": 5, "body": "وصل أمس.", "published": "2017-01-01T10:00:00"},
    ]
    lines = [json.dumps(record, ensure_ascii=False) for record in records]
    path.write_text("\n".join([*lines[:2], "{broken", "", *lines[2:]]), encoding="utf-8")
    status, out, err = run("analyze", path, "--text-field", "body", "-o", tmp_path / "out.jsonl")
    got = [json.loads(line) for line in (tmp_path / "out.jsonl").read_text(encoding="utf-8").splitlines()]
    assert status == 2 and out == "" and [doc["id"] for doc in got] == ["x1", f"{path}:2", "5"]
    assert [doc["entities"][0].get("value") and doc["entities"][0]["value"]["edtf"] for doc in (got[0], got[2])] == [
        "2016-12-07",
        "2016-12-31",
    ]
    errors = err.splitlines()
    assert len(errors) == 3
    assert "line 3: no JSON" in errors[0] and "line 5: no text in the field 'body'; it has id, other" in errors[1]
    assert "line 6: published" in errors[2]


ODD = [
    {"id": 7, "text": 'وصل أمس إلى بنغازي.\n\0"', "published": "2016-12-08T10:00:00", "more": {"text": [1, {}]}},
    {"id": 'é"\\\n\x7f', "text": "زار مدينة درنة 😀", "published": ""},
    *({"id": id, "text": "سرت"} for id in (None, True, 1.5, -3, 2**70, [1], "")),
    *({"text": "وصل أمس.", "published": day} for day in ("20161208", "0000-01-01", "2016-02-30", 5, "٢٠١٦-12-08")),
    {"text": ""},
    {"text": "  "},
    {"text": 5},
    {},
    [],
    None,
]
ODD_LINES = [
    '\ufeff{"text": "سرت"}',
    '{"text": "\\ud800 سرت", "id": "\\udfff"}',
    '{"text": "x", "text": "مدينة سرت", "id": 1, "id": 2}',
    '{"text": "سرت", "x": NaN}',
    '{"text": "سرت"} x',
    "\u3000{broken",
    "",
    " \x0b ",
    "\x1c سرت \x1f\r",
    "[" * 5000,
    *(json.dumps(record, ensure_ascii=ascii) for record in ODD for ascii in (True, False)),
    '{"text": "سرت"}',
]


@pytest.mark.parametrize("args", [[], ["--input", "lines"], ["--published", "2020-02-29", "--id-field", "text"]])
def test_lines_are_read_alike_without_python_and_with_it(tmp_path, args):
    path = tmp_path / "odd.jsonl"
    path.write_bytes("\n".join(ODD_LINES).encode() + b"\n\xff\n" + "سرت".encode())
    # An encoding of another name is read by Python, text by text.
    fast, patient = (
        run("analyze", path, "--jsonl", *args, *more) for more in (["--threads", 8], ["--encoding", "utf-8-sig"])
    )
    assert fast[:2] == patient[:2] and fast[1].count("\n") > 15
    assert fast[2].replace("not UTF-8", "not utf-8-sig").split("; name the encoding")[0] in patient[2]
    assert fast[2].count("\n") == patient[2].count("\n")


def test_lines(tmp_path):
    path = tmp_path / "lines.txt"
    path.write_text("زار مدينة درنة.\n\nوصل الوفد.\n", encoding="utf-8")
    status, out, _ = run("analyze", path, "--input", "lines")
    assert status == 0 and [json.loads(line)["id"] for line in out.splitlines()] == [f"{path}:1", f"{path}:3"]


@pytest.mark.skipif(not os.path.exists("/proc/self/status"), reason="reads /proc")
def test_a_stream_holds_little(tmp_path, article):
    path = tmp_path / "big.jsonl"
    line = json.dumps({"text": article}, ensure_ascii=False) + "\n"
    with path.open("w", encoding="utf-8") as file:
        for _ in range(3000):
            file.write(line)
    # Not ru_maxrss, which a process inherits from its parent.
    code = (
        "import sys; from marsad.cli import main; main(sys.argv[1:]); "
        "print(*[line.split()[1] for line in open('/proc/self/status') if line.startswith('VmHWM')], file=sys.stderr)"
    )
    command = [sys.executable, "-c", code, "analyze", path, "-o", tmp_path / "out.jsonl"]
    done = subprocess.run(command, capture_output=True, check=True)
    assert int(done.stderr.split()[-1]) < 150_000, "kilobytes at the peak"
    assert sum(1 for _ in (tmp_path / "out.jsonl").open(encoding="utf-8")) == 3000


def test_progress(tmp_path):
    lines = tmp_path / "texts.jsonl"
    lines.write_text(json.dumps({"text": "وصل أمس."}) + "\n" + json.dumps({"text": "عاد اليوم."}) + "\n")
    status, _, err = run("analyze", lines, "--progress", "-o", tmp_path / "out.jsonl")
    assert status == 0 and "100%" in err and "2 docs" in err and "B/s" in err


def test_normalize(tmp_path):
    status, out, _ = run("normalize", stdin="مَدِينَةٌ\nالـسَّـلامُ".encode())
    assert (status, out) == (0, "مدينة\nالسلام")
    status, out, _ = run("normalize", "--preset", "light", "--set", "digits=arabic", stdin="سنة 2016".encode())
    assert (status, out) == (0, "سنة ٢٠١٦")
    assert json.loads(run("normalize", "--show")[1])["tashkeel"] is True
    for args in (["--preset", "strong"], ["--set", "digits=roman"], ["--set", "x=1"], ["--set", "digits"]):
        status, out, err = run("normalize", *args)
        assert (status, out) == (2, "") and err.count("\n") == 1
    status, out, err = run("normalize", tmp_path / "none.txt")
    assert status == 2 and "No such file" in err


def test_repair():
    page = "عاد القطار إلى المحطة في المساء.\n\nو\n\nقال\n\nالسائق إن الرحلة كانت هادئة ،وسريعة.\n"
    status, out, err = run("repair", "--changes", stdin=page.encode())
    assert status == 0 and "وقال السائق إن الرحلة كانت هادئة، وسريعة." in out and "standard input: " in err


def test_closed_pipe(path):
    reader, writer = os.pipe()
    os.close(reader)
    done = subprocess.run(
        [sys.executable, "-m", "marsad", "analyze", path], stdout=writer, stderr=subprocess.PIPE, check=False
    )
    os.close(writer)
    assert done.returncode == 0 and done.stderr == b""


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
def test_ctrl_c(article):
    run = subprocess.Popen(
        [sys.executable, "-m", "marsad", "analyze", "-", "--input", "jsonl"],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
    run.stdin.write((json.dumps({"text": article}) + "\n").encode() * 20)
    run.stdin.flush()
    time.sleep(1.5)
    begun = time.monotonic()
    run.send_signal(signal.SIGINT)
    assert run.wait(5) == 130 and time.monotonic() - begun < 0.5
    assert run.stderr.read() == b"marsad: interrupted\n"


def test_help_and_version():
    status, out, _ = run("--help")
    assert status == 0 and all(command in out for command in ("analyze", "normalize", "repair"))
    assert "examples:" in run("analyze", "--help")[1]
    assert run("--version")[1].startswith("marsad ")
    status, _, err = run()
    assert status == 2 and err.count("\n") == 1


def test_output_in_another_locale(path, doc):
    status, out, _ = run("analyze", path, env={"LC_ALL": "C", "PYTHONIOENCODING": "ascii"})
    assert status == 0 and f"{len(doc.ents)} mentions" in out


@pytest.mark.parametrize(
    ("argv", "meant"),
    [
        (["anlyze", "a.txt"], "analyze"),
        (["report", "news", "-o", "a.html", "--tilte", "x"], "--title"),
        (["report", "news", "-o", "a.html", "--lang", "arr"], "ar"),
    ],
)
def test_near_misses(argv, meant, capsys):
    with pytest.raises(SystemExit, match="2"):
        main(argv)
    said = capsys.readouterr().err
    assert f"Did you mean '{meant}'?" in said
    assert said.count("\n") == 1


def test_no_command_shows_the_commands(capsys):
    with pytest.raises(SystemExit, match="2"):
        main([])
    assert "a command is missing: analyze, normalize, repair, report" in capsys.readouterr().err
