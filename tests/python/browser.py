"""Chromium for tests: the system's, without a network."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

#: Screenshots go here, to be looked at; they are no part of the repository.
SHOTS = Path(os.environ.get("MARSAD_SHOTS", "build/test/shots"))
_FLAGS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
)


@contextmanager
def chromium() -> Iterator[Any]:
    """A browser; the test is left out where there is none, unless MARSAD_BROWSER says that there must be one."""
    path = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    if path is None and not os.environ.get("MARSAD_BROWSER"):
        pytest.skip("no Chromium")
    assert path, "MARSAD_BROWSER is set, but there is no Chromium"
    sync_api = (
        pytest.importorskip("playwright.sync_api")
        if not os.environ.get("MARSAD_BROWSER")
        else __import__("playwright.sync_api", fromlist=["sync_playwright"])
    )
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=_FLAGS.split())
        try:
            yield browser
        finally:
            browser.close()


def shoot(page: Any, name: str) -> None:
    """Keep a screenshot."""
    SHOTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SHOTS / f"{name}.png")
