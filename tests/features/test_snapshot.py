"""A state in a file: restored as it was, refused when it is not whole, and small enough."""

import random
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

import numpy as np
import pytest
from numpy.typing import NDArray

from fraudguard.account import Account
from fraudguard.column import Event
from fraudguard.errors import ArtifactError, NotFoundError
from fraudguard.features import (
    Catalog,
    FeaturePlan,
    OnlineFeatures,
    compile_plan,
    count,
    distinct,
    feature,
    feature_view,
    network,
    share,
    signal,
    since_first,
    std,
    total,
)
from fraudguard.finding import Finding, FindingValue
from fraudguard.signal import Signal, SignalType
from fraudguard.transfer import Transfer

START: Final = datetime(2026, 1, 5, tzinfo=UTC)
CATALOG: Final = Catalog((
    feature_view("payer", "out", "1h 7d", count(), total(), distinct(), std(), since_first(), why="a try"),
    feature_view("payee", "in", "1d", distinct(), share("first_time"), why="a try"),
    feature_view("pair", None, "1d", count(), since_first(), why="a try"),
    feature_view("device", None, "1d", distinct(), why="a try"),
    feature_view("holder", "out", "1d", distinct(), why="a try"),
    feature("near", network("payee_hops_to_known"), why="a try"),
    feature("taint", network("payee_taint_share"), why="a try"),
    feature("call", signal("payer", "flagged_call_received"), why="a try"),
))


@pytest.fixture(scope="module")
def small() -> FeaturePlan:
    """Give a plan that looks at every kind of entity."""
    return compile_plan(CATALOG)


def transfers(n: int, seed: int = 7, n_accounts: int = 20) -> list[Transfer]:
    draw = random.Random(seed)  # noqa: S311  # a log, not a secret
    return [
        Transfer(
            transfer_id=f"T{i}",
            event_time=START + timedelta(minutes=30 * i),
            payer_account_id=f"a{draw.randrange(n_accounts)}",
            payee_account_id=f"a{draw.randrange(n_accounts)}",
            amount_fen=draw.randrange(10**6),
            device_id=draw.choice([None, "d1", "d2"]),
        )
        for i in range(n)
    ]


def mixed(n: int) -> list[Event]:
    """Return transfers with account rows, findings and signals among them."""
    log: list[Event] = list(transfers(n))
    log[10:10] = [Account(account_id=f"a{i}", received_at=START, holder_token=f"h{i // 2}") for i in range(8)]
    log[40:40] = [
        Finding(
            finding_id="f1",
            finding=FindingValue.VICTIM_TRANSFER,
            transfer_id="T3",
            event_time=START,
            received_at=START,
        )
    ]
    log[50:50] = [
        Signal(
            signal_id="s1",
            signal_type=SignalType.FLAGGED_CALL_RECEIVED,
            account_id="a1",
            event_time=START,
            received_at=START,
        )
    ]
    return log


def told(features: OnlineFeatures, log: Sequence[Event]) -> NDArray[np.float64]:
    """Push a log, and return what each transfer was told."""
    rows = []
    for event in log:
        if isinstance(event, Transfer):
            rows.append(features.query(event))
        features.push(event)
    return np.array(rows)


@pytest.mark.parametrize("cut", [0, 5, 60, 200])
def test_restored_state_goes_on_as_if_it_had_never_stopped(tmp_path: Path, small: FeaturePlan, cut: int) -> None:
    """Every later vector has the same bits, lifetime columns, neighbourhoods and signals included."""
    log = mixed(250)
    before = OnlineFeatures(small)
    told(before, log[:cut])
    before.save(tmp_path / "state", place=cut)
    expected = told(before, log[cut:])

    restored, place = OnlineFeatures.restore(tmp_path / "state", small)

    assert place == cut
    np.testing.assert_array_equal(told(restored, log[cut:]), expected)


def test_restored_state_knows_duplicates(tmp_path: Path, small: FeaturePlan) -> None:
    """A transfer that was remembered before the restart is not remembered a second time."""
    log = transfers(30)
    features = OnlineFeatures(small)
    told(features, log)
    features.save(tmp_path / "state", place=30)
    restored, _ = OnlineFeatures.restore(tmp_path / "state", small)

    restored.push(log[-1])

    assert restored.n_duplicates == 1


def test_saving_replaces_the_last_snapshot_whole(tmp_path: Path, small: FeaturePlan) -> None:
    """A second snapshot takes the place of the first, and nothing else stays in the folder."""
    features = OnlineFeatures(small)
    features.save(tmp_path / "state", place=0)
    told(features, transfers(40))
    features.save(tmp_path / "state", place=40)

    _, place = OnlineFeatures.restore(tmp_path / "state", small)

    assert (place, [path.name for path in tmp_path.iterdir()]) == (40, ["state"])


@pytest.mark.parametrize("part", [0, 30, 4_200, 0.3, 0.6, 0.999])
def test_changed_file_is_refused(tmp_path: Path, small: FeaturePlan, part: float) -> None:
    """One changed byte of the header or of any section is enough."""
    features = OnlineFeatures(small)
    told(features, mixed(100))
    features.save(tmp_path / "state", place=100)
    content = bytearray((tmp_path / "state").read_bytes())
    place = int(part * len(content)) if part < 1 else int(part)
    content[place] ^= 1
    (tmp_path / "state").write_bytes(content)

    with pytest.raises(ArtifactError, match="build the state from the log"):
        OnlineFeatures.restore(tmp_path / "state", small)


@pytest.mark.parametrize("left", [0, 10, 0.2, 0.9])
def test_torn_file_is_refused(tmp_path: Path, small: FeaturePlan, left: float) -> None:
    """A file that ends too early is refused, wherever it was cut."""
    features = OnlineFeatures(small)
    told(features, mixed(100))
    features.save(tmp_path / "state", place=100)
    content = (tmp_path / "state").read_bytes()
    kept = int(left * len(content)) if left < 1 else int(left)
    (tmp_path / "state").write_bytes(content[:kept])

    with pytest.raises(ArtifactError):
        OnlineFeatures.restore(tmp_path / "state", small)


def test_snapshot_of_other_features_is_refused(tmp_path: Path, small: FeaturePlan) -> None:
    """The state of one catalog is not read by another."""
    OnlineFeatures(small).save(tmp_path / "state", place=0)
    other = compile_plan(CATALOG.extended(feature("one_more", 1.0, why="a try")))

    with pytest.raises(ArtifactError, match="other features"):
        OnlineFeatures.restore(tmp_path / "state", other)


def test_missing_snapshot_is_named(tmp_path: Path, small: FeaturePlan) -> None:
    """Without a file there is nothing to restore, which is no damage."""
    with pytest.raises(NotFoundError, match="no such snapshot"):
        OnlineFeatures.restore(tmp_path / "state", small)


def test_what_left_the_longest_window_is_released(small: FeaturePlan) -> None:
    """A busy account takes no more memory after ten windows than after two."""
    features = OnlineFeatures(small)
    log = [
        Transfer(
            transfer_id=f"T{i}",
            event_time=START + timedelta(minutes=5 * i),
            payer_account_id="a",
            payee_account_id="b",
            amount_fen=1_000 + i % 7,
        )
        for i in range(20_000)
    ]
    events = features._engine.state.out.arenas()["events"]
    for transfer in log[:4_100]:
        features.push(transfer)
    after_two = events.n_bytes

    for transfer in log[4_100:]:
        features.push(transfer)

    assert 0 < after_two == events.n_bytes


def test_memory_of_an_account_and_of_an_event_is_as_documented(small: FeaturePlan) -> None:
    """An account takes its heads, an event its words: what `docs/explanation/features.md` says."""
    engine = OnlineFeatures(small)._engine
    arenas = engine.arenas()

    words = {name: arenas[name].width for name in ("out.heads", "out.events", "into.events", "network.heads")}

    assert words == {"out.heads": 9 + 2 + 2 * 2, "out.events": 2 + 2, "into.events": 2 + 2, "network.heads": 31}
