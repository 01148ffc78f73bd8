"""A running service for the client to talk to, without a network."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx2

from tests.serve.fakes import Service, make_settings, running

__all__ = ["async_http", "names_of_examples"]


def async_http(service: Service) -> httpx2.AsyncClient:
    """Return what sends to a service from inside its event loop."""
    return httpx2.AsyncClient(transport=httpx2.ASGITransport(app=service.app))


@contextmanager
def names_of_examples(folder: Path, *, is_async: bool) -> Iterator[dict[str, Any]]:
    """Give what the examples of the client's docstrings find there: a key, what sends, and a way to run a coroutine."""
    with running(make_settings(folder)) as service:
        portal = service.client.portal
        run = None if portal is None else portal.call
        yield {"key": service.token, "http": async_http(service) if is_async else service.client, "run": run}
