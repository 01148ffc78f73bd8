"""What the outside sees while the state is broken."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final, NoReturn

from sqlalchemy import event

from fraudguard.errors import ArtifactError
from fraudguard.serve.live import Status
from fraudguard.serve.settings import Settings
from fraudguard.serve.store import Store
from fraudguard.serve.store.rows import Record
from tests.serve.fakes import body_of, open_store, running

MOST_PAGES: Final = 0xFFFFFFFE


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


def test_a_check_by_head_is_answered(settings: Settings) -> None:
    """A load balancer that asks with HEAD gets the status that GET has."""
    with running(settings) as service:
        codes = [service.client.head(path).status_code for path in ("/livez", "/readyz")]
        service.app.state.live.status = Status.RESTORING
        codes.append(service.client.head("/readyz").status_code)

    assert codes == [200, 200, 503]


def test_a_database_file_that_is_gone_shuts_the_service_until_it_is_back(settings: Settings, tmp_path: Path) -> None:
    """Nothing is answered into a file without a name; once it is back the first answers stand."""
    file, aside = tmp_path / "store.db", tmp_path / "aside.db"
    with running(settings) as service:
        before = service.assess(body_of("T1"))
        file.rename(aside)
        states = [service.client.get("/readyz").status_code, service.assess(body_of("T2")).status_code]
        states.append(service.client.get("/v1/assessments/asm_x", headers=service.auth).status_code)
        made_anew = file.exists()
        aside.rename(file)
        service.ready()
        later = [service.assess(body_of(transfer_id)) for transfer_id in ("T1", "T2")]

    assert (states, made_anew) == ([503, 503, 503], False)
    assert later[0].content == before.content
    assert later[1].headers["idempotent-replayed"] == "false"


def test_an_older_copy_put_in_place_is_read_again(settings: Settings, tmp_path: Path) -> None:
    """A write on a log that ends elsewhere is refused, and the state is built from the log that is there."""
    file, copy = tmp_path / "store.db", tmp_path / "copy.db"
    with running(settings) as service:
        service.assess(body_of("T1"))
        service.store.backup(copy)
        service.assess(body_of("T2"))
        for name in ("store.db-wal", "store.db-shm"):
            (tmp_path / name).unlink()
        copy.rename(file)
        refused = service.assess(body_of("T3"))
        service.ready()
        later = service.assess(body_of("T3"))
        places = [row.seq for row in service.store.log.read()]

    assert (refused.status_code, later.status_code, places) == (503, 200, [1, 2])


def test_a_database_that_may_not_grow_loses_nothing(settings: Settings) -> None:
    """SQLite itself says that it is full: until there is room requests are 503, what was answered stands, and nothing is there twice."""
    store, pages = open_store(settings), [MOST_PAGES]

    def limit(connection: Any, *_: object) -> None:  # noqa: ANN401  # the driver's own
        connection.execute(f"PRAGMA max_page_count = {pages[0]}").close()

    event.listen(store.engine, "checkout", limit)
    with running(settings, store=store) as service:
        first = service.assess(body_of("T0"))
        pages[0] = 1  # as many as there are
        asked = [first, *(service.assess(body_of(f"T{number}")) for number in range(1, 20))]
        pages[0] = MOST_PAGES
        service.ready()
        later = [service.assess(body_of(f"T{number}")) for number in range(20)]
        places = [(row.seq, row.event_id) for row in store.log.read()]

    assert {answer.status_code for answer in asked} == {200, 503}
    assert [answer.status_code for answer in later] == [200] * 20
    assert all(now.content == then.content for then, now in zip(asked, later, strict=True) if then.is_success)
    assert [place for place, _ in places] == list(range(1, 21))
    assert {name for _, name in places} == {f"T{number}" for number in range(20)}


def test_a_model_that_cannot_score_is_named(settings: Settings) -> None:
    """From the first transfer that it fails on, until one that it judges."""
    with running(settings) as service:
        service.scorer.failure = ArtifactError("the model cannot score", "模型无法评分")
        refused, shut = service.assess(body_of()), service.client.get("/readyz")
        service.scorer.failure = None
        answered, ready = service.assess(body_of()), service.client.get("/readyz")

    assert (refused.json()["code"], answered.status_code) == ("model_damaged", 200)
    assert (shut.status_code, shut.json()["parts"]["model"]) == (503, "cannot score")
    assert (ready.status_code, ready.json()["parts"]["model"]) == (200, "ready")
