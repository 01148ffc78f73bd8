"""What features do not depend on: questions asked, restarts, names, threads, other features, the future."""

from collections.abc import Sequence
from datetime import timedelta
from random import Random

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from fraudguard.account import Account
from fraudguard.column import Event
from fraudguard.features import Catalog, OnlineFeatures, compile_plan
from fraudguard.finding import Finding
from fraudguard.signal import Signal
from fraudguard.transfer import Transfer
from tests.features.catalogs import DENSE, catalogs, parts_of_dense
from tests.features.replays import batch, bits, dataset_of, online
from tests.strategies import ACCOUNTS, DEVICES, HOLDERS, START, logs, mixed_logs

PLAN = compile_plan(DENSE)
Log = list[Event]


def pushed(log: Sequence[Event]) -> OnlineFeatures:
    """Return the state of a service that took a log and was asked nothing."""
    features = OnlineFeatures(PLAN)
    for event in log:
        features.push(event)
    return features


def n_transfers(log: Sequence[Event]) -> int:
    """Count the transfers of a log."""
    return sum(isinstance(event, Transfer) for event in log)


@given(log=mixed_logs(max_size=30), asked=logs(max_size=6))
def test_query_changes_nothing(log: Log, asked: list[Transfer]) -> None:
    """Asking what a transfer would score, even one far in the future or of unknown names, leaves no trace."""
    half = len(log) // 2
    features = pushed(log[:half])
    for transfer in asked:
        features.query(transfer)
        features.query(replace(transfer, payee_account_id="never seen", device_id="never seen"))

    got = online(log[half:], PLAN, features)

    assert bits(got) == bits(online(log[half:], PLAN, pushed(log[:half])))


@given(log=mixed_logs(max_size=30), cut=st.integers(0, 30))
def test_restart_changes_nothing(log: Log, cut: int) -> None:
    """A state rebuilt from the log scores the rest as if it had never stopped."""
    got = online(log[cut:], PLAN, pushed(log[:cut]))

    assert bits(got) == bits(online(log, PLAN)[n_transfers(log[:cut]) :])


@given(log=mixed_logs(max_size=30), chance=st.randoms(use_true_random=False))
def test_names_do_not_matter(log: Log, chance: Random) -> None:
    """Renaming accounts, devices, holders and ids changes no feature."""
    names = _other_names(chance)

    got = online([_renamed(event, names) for event in log], PLAN)

    assert bits(got) == bits(online(log, PLAN))


def _other_names(chance: Random) -> dict[str | None, str | None]:
    """Return new names for the same kind of thing, some long, some not ASCII."""
    called: dict[str | None, str | None] = {None: None}
    for kind in (ACCOUNTS, DEVICES, HOLDERS):
        for name, number in zip(kind, chance.sample(range(10, 99), len(kind)), strict=True):
            called[name] = f"一个较长的名字-{number}" if number % 2 else f"n{number}"
    return called


def _renamed(event: Event, names: dict[str | None, str | None]) -> Event:
    fields = ("payer_account_id", "payee_account_id", "device_id", "account_id", "holder_token")
    ids = ("transfer_id", "finding_id", "supersedes", "signal_id")
    called = {name: names[getattr(event, name)] for name in fields if hasattr(event, name)}
    numbered = {name: getattr(event, name) for name in ids if hasattr(event, name)}
    return replace(event, **called, **{name: None if i is None else f"编号 {i}" for name, i in numbered.items()})


@given(log=mixed_logs(max_size=30), catalog=catalogs(), threads=st.integers(2, 9))
def test_threads_do_not_matter(log: Log, catalog: Catalog, threads: int) -> None:
    """However many share the entities among them, the table is the same."""
    dataset = dataset_of(log)

    got = batch(dataset, catalog, threads)

    assert bits(got) == bits(batch(dataset, catalog))


@given(log=mixed_logs(max_size=30), part=parts_of_dense())
def test_a_smaller_catalog_gives_the_same_columns(log: Log, part: Catalog) -> None:
    """What else is computed, and so what must be remembered, changes no feature."""
    plan = compile_plan(part)
    places = [PLAN.names.index(name) for name in plan.names]

    got = online(log, plan)

    assert bits(got) == bits(online(log, PLAN)[:, places])


@given(past=mixed_logs(max_size=25), future=mixed_logs(max_size=15), catalog=catalogs())
def test_future_changes_nothing(past: Log, future: Log, catalog: Catalog) -> None:
    """Whatever comes after a transfer, of any kind, its features in a replay stay the same."""
    n = n_transfers(past)
    later = _after(past, future)

    got = batch(dataset_of([*past, *later]), catalog)[:n]

    assert bits(got) == bits(batch(dataset_of(past), catalog))


def _after(past: Sequence[Event], future: Sequence[Event]) -> Log:
    """Return events moved behind all that a past reached, so that none stands before its last transfer."""
    moments = [event.event_time for event in past if isinstance(event, Transfer)]
    by = max([START, *moments]) - START + timedelta(days=100)
    return [_moved(event, by) for event in future]


def _moved(event: Event, by: timedelta) -> Event:
    match event:
        case Transfer():
            return replace(event, event_time=event.event_time + by)
        case Account():
            return replace(event, received_at=event.received_at + by)
        case Signal() | Finding():
            return replace(event, event_time=event.event_time + by, received_at=event.received_at + by)
        case _:
            raise AssertionError(event)


@given(
    log=mixed_logs(max_size=25), cut=st.integers(0, 15), catalog=catalogs(), chance=st.randoms(use_true_random=False)
)
def test_order_of_the_future_changes_nothing(log: Log, cut: int, catalog: Catalog, chance: Random) -> None:
    """Shuffling the transfers behind one, and forgetting what is learned after it, leaves its features as they were."""
    transfers = [event for event in log if isinstance(event, Transfer)]
    past, future = transfers[:cut], transfers[cut:]
    reached = max((transfer.event_time for transfer in past), default=START)
    learned = [event for event in log if isinstance(event, Account | Signal | Finding) and event.received_at <= reached]
    chance.shuffle(future)

    got = batch(dataset_of([*learned, *past, *future]), catalog)[: len(past)]

    assert bits(got) == bits(batch(dataset_of(log), catalog)[: len(past)])
