"""The right to append: what becomes of it when PostgreSQL restarts, and whether there is room to use it."""

import contextlib
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

import pytest

from fraudguard.errors import ConflictError, FraudguardError, NotReadyError
from fraudguard.serve.store import Store
from fraudguard.serve.store.rows import Record, log_row
from tests.databases import Cluster, make_empty
from tests.fakes import START, make_transfer

READ_ONLY: Final = "default_transaction_read_only"


@pytest.fixture
def store(cluster: Cluster) -> Iterator[Store]:
    """Give an empty, migrated store on PostgreSQL."""
    make_empty(cluster.url)
    opened = Store.open(cluster.url)
    opened.upgrade()
    yield opened
    opened.close()


@pytest.fixture
def other(cluster: Cluster) -> Iterator[Store]:
    """Give the same store as another process sees it."""
    opened = Store.open(cluster.url)
    yield opened
    opened.close()


def record(place: int) -> Record:
    """Return a transfer at a place of the log."""
    return Record(log_row(place, make_transfer(f"T{place}"), START))


def restart(cluster: Cluster) -> None:
    """Break every connection and forget every lock."""
    cluster.stop()
    cluster.start()


def test_the_right_is_taken_again_before_anything_is_written(store: Store, other: Store, cluster: Cluster) -> None:
    """A restart that nobody noticed costs no write, and nobody else can append afterwards."""
    with store.sole_writer():
        store.write([record(1)])
        restart(cluster)
        store.write([record(2)])
        with pytest.raises(ConflictError), other.sole_writer():
            pass
    with other.sole_writer():
        other.write([record(3)])

    assert [row.seq for row in store.log.read()] == [1, 2, 3]


def test_the_right_that_another_has_taken_is_not_written_under(store: Store, other: Store, cluster: Cluster) -> None:
    """Who lost it writes nothing while another has it, and goes on once it is free."""
    with store.sole_writer():
        restart(cluster)
        with other.sole_writer():
            refused = [_refusal(store.resume), _refusal(lambda: store.write([record(1)]))]
        store.resume()
        store.write([record(1)])

    assert refused == [ConflictError, ConflictError]
    assert store.log.count() == 1


def test_the_right_is_free_after_its_database_was_gone(store: Store, other: Store, cluster: Cluster) -> None:
    """To let go of what is lost already is no error; while the database is down nothing is written."""
    with store.sole_writer():
        cluster.stop()
        try:
            with pytest.raises(NotReadyError):
                store.write([record(1)])
        finally:
            cluster.start()
    with other.sole_writer():
        assert other.log.count() == 0


def test_reads_go_on_at_once_after_a_restart(store: Store, cluster: Cluster) -> None:
    """A connection that broke while nobody used it is replaced, and no caller hears of it."""
    with contextlib.ExitStack() as several:
        for _ in range(3):
            several.enter_context(store.engine.connect())
    restart(cluster)

    assert [store.log.count() for _ in range(5)] == [0] * 5


def test_a_database_that_only_reads_is_not_ready(store: Store, cluster: Cluster) -> None:
    """As the copy is that a name leads to after a switch went wrong."""
    store.require_writable()
    _psql(cluster, f"alter database postgres set {READ_ONLY} = on")
    store.close()  # what is set counts for new connections
    try:
        with pytest.raises(NotReadyError, match="only reads"):
            store.resume()
    finally:
        _psql(cluster, f"set {READ_ONLY} = off", f"alter database postgres reset {READ_ONLY}")


def test_a_file_without_room_beside_it_is_not_ready(tmp_path: Path) -> None:
    """What cannot be written is told before a state is built on it."""
    (tmp_path / "here").mkdir()
    there, gone = (Store.open(f"sqlite:///{tmp_path}/{folder}/store.db") for folder in ("here", "gone"))

    there.resume()
    with pytest.raises(NotReadyError, match="ENOENT"):
        gone.resume()
    assert list((tmp_path / "here").iterdir()) == []


def _refusal(use: Callable[[], None]) -> type[Exception] | None:
    try:
        use()
    except FraudguardError as error:
        return type(error)
    return None


def _psql(cluster: Cluster, *statements: str) -> None:
    command = ["psql", cluster.url, "-q", *(f"--command={one}" for one in statements)]
    subprocess.run(command, check=True, capture_output=True, timeout=60)  # noqa: S603  # our own words
