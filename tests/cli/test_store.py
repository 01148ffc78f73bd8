"""Loading a log from the command line."""

from datetime import timedelta
from pathlib import Path

from fraudguard.account import Account
from fraudguard.cli.store import load_events
from fraudguard.progress import silent
from fraudguard.serve.store import Store
from tests.fakes import START


def test_what_is_said_twice_is_stored_once(tmp_path: Path) -> None:
    """The same account row, thousands of events later in the same load, is no second entry and no error."""
    rows = [Account(account_id=f"a{number}", received_at=START + timedelta(seconds=number)) for number in range(5_100)]
    store = Store.open(f"sqlite:///{tmp_path}/store.db")
    store.upgrade()

    added = load_events(store, iter([*rows, rows[0]]), total=5_101, progress=silent)

    assert (added, store.log.count()) == (5_100, 5_100)
    assert load_events(store, iter(rows), total=5_100, progress=silent) == 0
    store.close()
