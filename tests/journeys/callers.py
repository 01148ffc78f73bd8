"""Callers who do not give up: while the service cannot answer they send the same request again, as a bank does."""

import http.client
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

import pytest

from tests.journeys.load import PATIENCE_S, Client, post

__all__ = ["Caller", "answered_by", "calling", "wait_until"]

CALLERS: Final = 12
PAUSE_S: Final = 0.02


class Caller(Client):
    """Posts transfers one after the other; one that is answered 503 is sent again until it is judged."""

    def __init__(self, number: int, port: int, token: str) -> None:
        super().__init__(number, port, token)
        self.refused = 0
        self.may_stop = threading.Event()
        self.unexpected: list[int] = []

    def _post(self, connection: http.client.HTTPConnection, transfer_id: str) -> None:
        while not self.may_stop.is_set():
            status, body = post(connection, self._token, transfer_id)
            if status == 200:
                self.answers[transfer_id] = body
                return
            if status != 503:
                self.unexpected.append(status)
            self.refused += 1
            time.sleep(PAUSE_S)
        raise ConnectionError("enough")


@contextmanager
def calling(port: int, token: str) -> Iterator[list[Caller]]:
    """Give callers that post until the end, or until the service hangs up."""
    callers = [Caller(number, port, token) for number in range(CALLERS)]
    threads = [threading.Thread(target=caller.run, daemon=True) for caller in callers]
    for thread in threads:
        thread.start()
    try:
        yield callers
    finally:
        for caller in callers:
            caller.may_stop.set()
        for thread in threads:
            thread.join(PATIENCE_S)


def answered_by(callers: list[Caller]) -> dict[str, bytes]:
    """Return every answer by transfer."""
    return {name: body for caller in callers for name, body in caller.answers.items()}


def wait_until(happens: Callable[[], bool], what: str) -> None:
    """Wait until something happens; a test fails where it does not."""
    deadline = time.monotonic() + PATIENCE_S
    while not happens():
        if time.monotonic() > deadline:
            pytest.fail(f"this does not happen: {what}")
        time.sleep(PAUSE_S)
