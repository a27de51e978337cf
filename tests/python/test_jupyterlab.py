"""A real JupyterLab in a real browser: the first notebook, run from top to bottom, shows what it should."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("altair")
pytest.importorskip("pandas")
if not os.environ.get("MARSAD_BROWSER"):
    pytest.importorskip("jupyterlab")

from browser import chromium, shoot

EXAMPLES = Path(__file__).parents[2] / "examples"


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server over a copy of the examples, with nothing of the user's settings."""
    home = tmp_path_factory.mktemp("lab")
    folder = home / "examples"
    shutil.copytree(EXAMPLES, folder)
    add_evil(folder / "1_one_article.ipynb")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {
        **os.environ,
        "HOME": str(home),
        "JUPYTER_CONFIG_DIR": str(home / "config"),
        "JUPYTER_DATA_DIR": str(home / "data"),
        "JUPYTER_RUNTIME_DIR": str(home / "runtime"),
        "IPYTHONDIR": str(home / "ipython"),
    }
    options = {
        "ServerApp.ip": "127.0.0.1",
        "ServerApp.port": port,
        "ServerApp.root_dir": folder,
        "ServerApp.open_browser": False,
        "ServerApp.allow_root": True,
        "IdentityProvider.token": "",
        "LabApp.expose_app_in_browser": True,
        "JupyterNotebookApp.expose_app_in_browser": True,
        "LabApp.news_url": "",
    }
    command = [sys.executable, "-m", "jupyterlab", *(f"--{name}={value}" for name, value in options.items())]
    log = (home / "log").open("w")
    server = subprocess.Popen(command, env=environment, stdout=log, stderr=subprocess.STDOUT, cwd=folder)
    url = f"http://127.0.0.1:{port}"
    try:
        for _ in range(120):
            assert server.poll() is None, (home / "log").read_text()
            try:
                urllib.request.urlopen(f"{url}/api/status", timeout=2)
                break
            except OSError:
                time.sleep(0.5)
        yield url
    finally:
        server.terminate()
        server.wait(20)
        log.close()


EVIL = """<script>window.hit=1</script><img src=x onerror="window.hit=1">"><svg onload='window.hit=1'></style>"""


def add_evil(path: Path) -> None:
    """Add cells whose texts and titles try to run scripts."""
    notebook = json.loads(path.read_text(encoding="utf-8"))
    sources = [
        f"evil = nlp({f'قال نادر السالم في مدينة طرابلس إن «{EVIL}».'!r})\nevil",
        "evil.ents",
        "evil.quotes",
        f"evil.frequency(title={EVIL!r})",
    ]
    for number, source in enumerate(sources):
        cell = {"cell_type": "code", "id": f"evil-{number}", "metadata": {}, "outputs": [], "execution_count": None}
        notebook["cells"].append({**cell, "source": source})
    path.write_text(json.dumps(notebook), encoding="utf-8")


def run_all(page: Any, url: str, notebook: str, app: str = "lab/tree") -> None:
    """Open a notebook and run it."""
    page.goto(f"{url}/{app}/{notebook}")
    page.wait_for_function("window.jupyterapp !== undefined", timeout=90_000)
    page.wait_for_selector(".jp-Notebook .jp-CodeCell", timeout=90_000)
    page.wait_for_function(
        "jupyterapp.shell.currentWidget?.sessionContext?.session?.kernel?.status === 'idle'", timeout=90_000
    )
    page.evaluate("void jupyterapp.commands.execute('notebook:run-all-cells')")


def test_first_notebook(lab: str) -> None:
    with chromium() as browser:
        context = browser.new_context(viewport={"width": 1280, "height": 1000})
        page = context.new_page()
        outside: list[str] = []
        page.on(
            "request",
            lambda request: None if request.url.startswith((lab, "data:", "blob:")) else outside.append(request.url),
        )
        run_all(page, lab, "1_one_article.ipynb")

        article = page.locator(".jp-OutputArea .marsad:not(.marsad-table)").first
        article.wait_for(state="attached", timeout=90_000)
        article.scroll_into_view_if_needed()
        assert article.locator(".marsad-m").count() > 50
        check_direction(article)
        shoot(page, "lab-1-article")

        # Cells are in the page only when they come into sight.
        seen = look_through(page)
        assert not seen["errors"], seen["errors"]
        assert seen["charts"] >= 4
        assert seen["tables"] >= 3
        assert page.evaluate("window.hit === undefined")

        page.evaluate("jupyterapp.commands.execute('apputils:change-theme', {theme: 'JupyterLab Dark'})")
        page.wait_for_selector('[data-jp-theme-light="false"]', state="attached")
        article.scroll_into_view_if_needed()
        light = article.locator(".marsad-m").first.evaluate("node => getComputedStyle(node).backgroundColor")
        assert sum(int(part) for part in light[4:-1].split(",")) < 330, "the marks are dark on a dark page"
        shoot(page, "lab-5-dark")
        outside = [url for url in outside if "jupyter" not in url]
        assert outside == []


def check_direction(article: Any) -> None:
    """Right to left, whatever the notebook wants of its paragraphs."""
    assert article.evaluate("node => getComputedStyle(node).direction") == "rtl"
    assert article.locator("p").first.evaluate("node => getComputedStyle(node).textAlign") in ("start", "right")


@pytest.mark.slow
def test_notebook_7(lab: str) -> None:
    """The same article in Notebook 7, which shares the server."""
    pytest.importorskip("notebook")
    with chromium() as browser:
        page = browser.new_page(viewport={"width": 1280, "height": 1000})
        run_all(page, lab, "1_one_article.ipynb", "notebooks")
        article = page.locator(".jp-OutputArea .marsad:not(.marsad-table)").first
        article.wait_for(state="attached", timeout=90_000)
        check_direction(article)
        seen = look_through(page)
        assert not seen["errors"], seen["errors"]
        assert seen["charts"] >= 4
        assert seen["tables"] >= 3


@pytest.mark.slow
@pytest.mark.parametrize("script", [True, False])
def test_exported_notebook(tmp_path: Path, script: bool) -> None:
    """What nbconvert makes of the notebook shows all of it, with scripts and without."""
    pytest.importorskip("nbconvert")
    folder = tmp_path / "examples"
    shutil.copytree(EXAMPLES, folder)
    command = ["nbconvert", "--to", "html", "--execute", "1_one_article.ipynb", "--output", "page.html"]
    subprocess.run([sys.executable, "-m", *command], cwd=folder, check=True)
    with chromium() as browser:
        page = browser.new_context(java_script_enabled=script).new_page()
        page.goto((folder / "page.html").as_uri())
        check_direction(page.locator(".marsad:not(.marsad-table)").first)
        assert page.locator(".marsad-table tbody tr").count() > 20
        charts = page.locator("[id^=marsad-] .vega-embed svg.marks" if script else "[id^=marsad-] > svg")
        charts.first.wait_for(timeout=60_000)
        assert charts.count() >= 4


def look_through(page: Any) -> dict[str, Any]:
    """Scroll from cell to cell, waiting for each to have run."""
    cells = page.evaluate("jupyterapp.shell.currentWidget.content.widgets.length")
    seen: dict[str, Any] = {"charts": 0, "tables": 0, "errors": []}
    for number in range(cells):
        page.evaluate(
            """number => { const notebook = jupyterapp.shell.currentWidget.content;
                notebook.activeCellIndex = number; void notebook.scrollToItem(number, "auto", 0); }""",
            number,
        )
        page.wait_for_function(
            """number => { const cell = jupyterapp.shell.currentWidget.content.widgets[number].model;
                return cell.type !== 'code' || cell.executionCount !== null && cell.executionState !== 'running'; }""",
            arg=number,
            timeout=90_000,
        )
        found = page.evaluate(
            """number => { const cell = jupyterapp.shell.currentWidget.content.widgets[number];
                const outputs = cell.model.outputs, all = outputs ? [...Array(outputs.length).keys()].map(i => outputs.get(i)) : [];
                return {errors: all.filter(o => o.type === 'error').map(o => JSON.stringify(o.toJSON())),
                        charts: all.filter(o => (o.data['text/html'] || '').includes('id="marsad-')).length,
                        tables: all.filter(o => (o.data['text/html'] || '').includes('<table')).length}; }""",
            number,
        )
        seen["errors"] += found["errors"]
        if found["charts"]:
            chart = page.locator(".jp-OutputArea .vega-embed canvas, .jp-OutputArea .vega-embed svg.marks")
            chart.first.wait_for(timeout=60_000)
            seen["charts"] += found["charts"]
            shoot(page, f"lab-2-chart-{seen['charts']}")
        if found["tables"]:
            page.locator(".jp-OutputArea table").first.wait_for(state="attached")
            seen["tables"] += found["tables"]
            shoot(page, f"lab-3-table-{seen['tables']}")
    return seen
