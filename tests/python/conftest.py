"""One loaded pipeline for all tests."""

from pathlib import Path

import pytest

import marsad

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def nlp():
    return marsad.load()


@pytest.fixture(scope="session")
def article():
    return (ROOT / "examples" / "article.txt").read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def doc(nlp, article):
    return nlp(article, published="2026-11-20")


def pytest_addoption(parser):
    parser.addoption("--slow", action="store_true", help="run the slow tests too")


def pytest_configure(config):
    config.addinivalue_line("markers", "slow: takes minutes or much memory; run with --slow")


def pytest_collection_modifyitems(config, items):
    if not config.getoption("--slow"):
        for item in items:
            if "slow" in item.keywords:
                item.add_marker(pytest.mark.skip(reason="needs --slow"))
