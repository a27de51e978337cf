"""The stream: order, laziness, bounds, errors, Ctrl-C, fork, threads."""

import gc
import itertools
import os
import signal
import subprocess
import sys
import textwrap
import threading
import time

import pytest


@pytest.fixture(scope="module")
def texts(article):
    lines = [line for line in article.split("\n") if line.strip()]
    return [" ".join(lines[i % len(lines) :][: 1 + i % 4]) for i in range(400)]


def test_order_and_threads(nlp, texts):
    one = list(nlp.pipe(texts, threads=1))
    assert [doc.text for doc in one] == texts
    assert list(nlp.pipe(iter(texts), threads=8)) == one
    assert [nlp(text) for text in texts[:20]] == one[:20]


def test_empty(nlp):
    assert list(nlp.pipe([])) == [] and list(nlp.pipe([], threads=1)) == []


def test_a_million_empty_texts(nlp):
    assert sum(1 for _ in nlp.pipe(itertools.repeat("", 1_000_000))) == 1_000_000


@pytest.mark.parametrize("threads", [1, 2, 8])
def test_the_producer_is_a_window_ahead_at_most(nlp, article, threads):
    taken = itertools.count()
    last = 0

    def producer():
        nonlocal last
        for last in taken:
            yield article

    stream = nlp.pipe(producer(), threads=threads)
    for number in range(50):
        next(stream)
        assert last - number <= (2 * threads + 3) * (1 + (64 << 10) // len(article.encode()))
    stream.close()
    assert list(stream) == []


def test_the_consumer_may_stop(nlp, texts):
    before = time.monotonic()
    for _ in range(20):
        stream = nlp.pipe(itertools.cycle(texts))
        next(stream)
        del stream
    gc.collect()
    assert len(list(nlp.pipe(texts))) == len(texts)
    assert time.monotonic() - before < 30


@pytest.mark.parametrize("threads", [1, 4])
def test_what_the_producer_raises_comes_after_what_it_gave(nlp, texts, threads):
    def producer():
        yield from texts[:30]
        raise LookupError("no more")

    stream = nlp.pipe(producer(), threads=threads)
    assert [next(stream).text for _ in range(30)] == texts[:30]
    with pytest.raises(LookupError, match="no more"):
        next(stream)
    assert list(stream) == []


@pytest.mark.parametrize("threads", [1, 4])
def test_a_bad_text_does_not_lose_the_others(nlp, threads):
    bad = ["أ", None, "ب", 3.5, float("nan"), "ت"]
    stream = nlp.pipe(bad, threads=threads)
    assert next(stream).text == "أ"
    with pytest.raises(TypeError, match="text 1: expected a string, not NoneType"):
        next(stream)
    assert next(stream).text == "ب"
    got = list(nlp.pipe(bad, threads=threads, errors="return"))
    assert [type(item).__name__ for item in got] == ["Doc", "TypeError", "Doc", "TypeError", "TypeError", "Doc"]
    with pytest.raises(ValueError, match="raise.*return"):
        nlp.pipe([], errors="ignore")


def test_contexts_and_dates(nlp):
    pairs = [("وصل أمس.", {"id": 1}), ("وصل أمس.", {"id": 2})]
    got = list(nlp.pipe(pairs, as_tuples=True, published=["2016-12-08", "2017-01-01"]))
    assert [context["id"] for _, context in got] == [1, 2]
    assert [doc.ents[0].value["edtf"] for doc, _ in got] == ["2016-12-07", "2016-12-31"]
    assert [doc.published for doc in nlp.pipe(["أ", "ب"], published="2016-12-08")] == ["2016-12-08"] * 2
    few = list(nlp.pipe(["أ", "ب"], published=["2016-12-08"], errors="return"))
    assert isinstance(few[1], ValueError) and "fewer dates" in str(few[1])
    with pytest.raises(TypeError, match="pair"):
        next(nlp.pipe(["أ"], as_tuples=True))


@pytest.mark.parametrize("bad", [0, -1, 5000])
def test_bad_threads(nlp, bad):
    with pytest.raises(ValueError, match="threads"):
        nlp.pipe([], threads=bad)


def test_one_string_is_a_mistake(nlp):
    with pytest.raises(TypeError, match="not one string"):
        nlp.pipe("نص")
    with pytest.raises(TypeError, match="iterable"):
        nlp.pipe(3)


def test_tables_and_dicts_are_mistakes(nlp):
    with pytest.raises(TypeError, match="values"):
        nlp.pipe({"a": "نص"})
    for library in ("pandas", "polars"):
        frame = pytest.importorskip(library).DataFrame({"body": ["نص"]})
        for call in (nlp.pipe, nlp.corpus):
            with pytest.raises(TypeError, match="choose"):
                call(frame)


def test_progress(nlp, capfd):
    assert len(list(nlp.pipe(["نص"] * 40, progress=True))) == 40
    shown = capfd.readouterr().err
    assert "40/40" in shown and " MB, " in shown and "MB/s" in shown


def test_a_stream_that_reads_itself(nlp):
    def producer():
        yield "أ"
        next(stream)

    stream = nlp.pipe(producer(), threads=1)
    next(stream)
    with pytest.raises(ValueError, match="read already"):
        next(stream)


def test_many_threads_of_python(nlp, texts):
    expected = [nlp(text) for text in texts[:50]]
    wrong = []

    def work():
        if [nlp(text) for text in texts[:50]] != expected or list(nlp.pipe(texts[:50], threads=2)) != expected:
            wrong.append(threading.get_ident())

    workers = [threading.Thread(target=work) for _ in range(6)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert not wrong


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here")
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_fork(nlp, texts):
    stream = nlp.pipe(itertools.cycle(texts), threads=4)
    next(stream)
    child = os.fork()
    if child == 0:
        # Its own streams work; the parent's one says why it cannot.
        status = 1
        try:
            if len(list(nlp.pipe(texts, threads=4))) == len(texts):
                try:
                    for _ in range(2000):
                        next(stream)
                except RuntimeError as error:
                    status = 0 if "another process" in str(error) else 2
        finally:
            os._exit(status)
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            break
        time.sleep(0.05)
    else:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        pytest.fail("the forked process hangs")
    assert os.waitstatus_to_exitcode(status) == 0
    next(stream)


@pytest.mark.skipif(not hasattr(signal, "SIGINT") or sys.platform == "win32", reason="signals of POSIX")
@pytest.mark.parametrize(
    "loop",
    [
        "for doc in nlp.pipe(itertools.repeat(text)): pass",
        "for doc in nlp.pipe(itertools.repeat(text), threads=1): pass",
        "nlp.corpus(itertools.repeat(text, 10_000_000))",
        "nlp(text * 20_000)",
    ],
)
def test_ctrl_c(article, loop):
    code = f"""
        import itertools, sys, time
        import marsad
        nlp = marsad.load()
        text = sys.stdin.read()
        nlp(text)
        print("ready", flush=True)
        try:
            {loop}
        except KeyboardInterrupt:
            print("stopped", flush=True)
    """
    run = subprocess.Popen([sys.executable, "-c", textwrap.dedent(code)], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    run.stdin.write(article.encode())
    run.stdin.close()
    assert run.stdout.readline() == b"ready\n"
    time.sleep(1.0)
    begun = time.monotonic()
    run.send_signal(signal.SIGINT)
    assert run.stdout.readline() == b"stopped\n"
    assert time.monotonic() - begun < 0.5
    run.kill()
    run.wait()
