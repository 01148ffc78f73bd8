"""What the outside sees while the state is broken."""

from collections.abc import Sequence
from typing import NoReturn

from fraudguard.serve.live import Status
from fraudguard.serve.settings import Settings
from fraudguard.serve.store import Store
from fraudguard.serve.store.rows import Record
from tests.serve.fakes import body_of, running


def fail(error: Exception) -> NoReturn:
    """Raise an error."""
    raise error


class FailingStore(Store):
    """A store whose writes fail, and whose log cannot be read, while told to."""

    failing = False

    def write(self, records: Sequence[Record]) -> None:
        """Write, or fail."""
        if self.failing:
            fail(OSError("no space left on device"))
        super().write(records)


def test_a_failed_commit_is_503_and_the_same_request_works_later(settings: Settings) -> None:
    """The caller is told to try again; the same request is then answered, and the log holds it once."""
    store = FailingStore.open(settings.database)
    store.upgrade()
    with running(settings, store=store) as service:
        store.failing = True
        failed = service.assess(body_of())
        store.failing = False
        service.ready()
        later = service.assess(body_of())
        ready = service.client.get("/readyz")
        events = store.log.count()

    assert (failed.status_code, failed.json()["code"]) == (503, "not_ready")
    assert failed.headers["retry-after"] == "1"
    assert (later.status_code, later.headers["idempotent-replayed"], events) == (200, "false", 1)
    assert ready.json() == {"status": "ready", "parts": {"state": "ready", "store": "ready", "model": "ready"}}


def test_readyz_names_the_part_that_is_not(settings: Settings) -> None:
    """While the state is not to be trusted readyz is 503 and says so, livez stays 200."""
    with running(settings) as service:
        service.app.state.live.status = Status.RESTORING
        ready, lives = service.client.get("/readyz"), service.client.get("/livez")

    assert ready.status_code == 503
    assert ready.json()["parts"]["state"] != "ready"
    assert lives.status_code == 200
