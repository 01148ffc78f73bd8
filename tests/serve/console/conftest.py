"""A desk with work on it."""

from collections.abc import Iterator

import pytest

from fraudguard.serve.settings import Settings
from tests.serve.console.walking import add_officer, fill_desk, sign_in
from tests.serve.fakes import Service, running


@pytest.fixture
def at_desk(settings: Settings) -> Iterator[Service]:
    """Give a service with two alerts and an officer signed in."""
    with running(settings) as service:
        fill_desk(service)
        add_officer(service, "o1")
        sign_in(service)
        yield service
