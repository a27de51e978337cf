"""A progress bar: documents, and megabytes beside them."""

from __future__ import annotations

import time
import warnings
from typing import Any


class _Bar:
    def __init__(self, total: int | None) -> None:
        with warnings.catch_warnings():
            # Without ipywidgets a notebook gets the plain bar, which is fine.
            warnings.simplefilter("ignore")
            from tqdm.auto import tqdm

            self._bar: Any = tqdm(total=total, unit=" docs")
        self._bytes = 0
        self._begun = time.monotonic()

    def advance(self, docs: int, size: int) -> None:
        self._bytes += size
        passed = max(time.monotonic() - self._begun, 1e-3)
        self._bar.set_postfix_str(f"{self._bytes / 1e6:.1f} MB, {self._bytes / 1e6 / passed:.1f} MB/s", refresh=False)
        self._bar.update(docs)

    def close(self) -> None:
        self._bar.close()


def bar(total: int | None) -> _Bar:
    """A bar over `total` documents, or over any number."""
    return _Bar(total)
