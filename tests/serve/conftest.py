"""Fixtures of the service: settings, a running service, both databases."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from fraudguard.serve.settings import Settings
from fraudguard.serve.store import Store
from tests.databases import make_empty
from tests.serve.fakes import Service, make_settings, running


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Give settings over an empty folder."""
    return make_settings(tmp_path)


@pytest.fixture
def service(settings: Settings) -> Iterator[Service]:
    """Give a running service."""
    with running(settings) as started:
        yield started


@pytest.fixture(params=["sqlite", "postgresql"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """Give an empty, migrated store, on each database in turn."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path}/store.db"
    else:
        url = request.getfixturevalue("postgresql")
        make_empty(url)
    opened = Store.open(url)
    opened.upgrade()
    yield opened
    opened.close()
