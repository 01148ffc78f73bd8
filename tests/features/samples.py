"""Logs made without chance: events in few words, a busy log, an account that is hot."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any, Final

from fraudguard.account import Account, KnownInvolved
from fraudguard.column import Event
from fraudguard.features import Catalog, OnlineFeatures, compile_plan
from fraudguard.features.expression import Expression
from fraudguard.features.view import FeatureView
from fraudguard.finding import Finding, FindingValue
from fraudguard.signal import Signal, SignalType
from fraudguard.transfer import EventType, Transfer

__all__ = ["NOON", "busy_log", "finding", "last", "paid", "row", "said"]

NOON: Final = datetime(2026, 3, 1, 4, tzinfo=UTC)
"""Noon in China."""


def paid(
    number: int,
    *,
    at_s: float = 0,
    payer: str = "a",
    payee: str = "b",
    fen: int = 100,
    **fields: Any,  # noqa: ANN401  # any field of a transfer
) -> Transfer:
    """Return a transfer some seconds after noon."""
    return Transfer(
        transfer_id=f"t{number}",
        event_time=NOON + timedelta(seconds=at_s),
        payer_account_id=payer,
        payee_account_id=payee,
        amount_fen=fen,
        **fields,
    )


def row(account_id: str, *, at_s: float = 0, **fields: Any) -> Account:  # noqa: ANN401
    """Return an account row learned some seconds after noon."""
    return Account(account_id=account_id, received_at=NOON + timedelta(seconds=at_s), **fields)


def said(kind: SignalType, *, at_s: float = 0, learned_s: float | None = None, **fields: Any) -> Signal:  # noqa: ANN401
    """Return a signal observed some seconds after noon, and learned at once or later."""
    return Signal(
        signal_id=f"{kind}-{at_s}",
        signal_type=kind,
        event_time=NOON + timedelta(seconds=at_s),
        received_at=NOON + timedelta(seconds=at_s if learned_s is None else learned_s),
        **fields,
    )


def finding(
    number: int,
    what: FindingValue = FindingValue.VICTIM_TRANSFER,
    *,
    at_s: float = 0,
    **fields: Any,  # noqa: ANN401
) -> Finding:
    """Return a finding made and learned some seconds after noon."""
    moment = NOON + timedelta(seconds=at_s)
    return Finding(finding_id=f"f{number}", finding=what, event_time=moment, received_at=moment, **fields)


def last(log: Iterable[Event], *items: FeatureView | Expression) -> dict[str, float]:
    """Return the features of the last event of a log, a transfer, by name."""
    *earlier, present = log
    assert isinstance(present, Transfer)
    features = OnlineFeatures(compile_plan(Catalog(items)))
    for event in earlier:
        features.push(event)
    return dict(zip(features.plan.names, features.query(present).tolist(), strict=True))


def busy_log(n: int, *, seed: int = 7) -> list[Event]:
    """Return `n` transfers among five accounts with rows, signals and findings between them; the same each time."""
    chance, events = Random(seed), list[Event]()  # noqa: S311  # no secret
    at_s = 0.0
    for number in range(n):
        at_s += chance.choice([0, 0, 1, 60, 599.999, 600, 3_600, 86_400, -30])
        one = paid(
            number,
            at_s=at_s,
            payer=chance.choice("aabcde"),
            payee=chance.choice("aabcde"),
            fen=chance.choice([0, 1, 1_000, 10_000, chance.randrange(10**9)]),
            device_id=chance.choice([None, "d1", "d2"]),
            event_type=chance.choice([None, *EventType]),
        )
        events.extend(_learned(chance, number, at_s))
        events.append(one)
    return events


def _learned(chance: Random, number: int, at_s: float) -> list[Event]:
    """Return nothing, or something that is learned before a transfer."""
    account = chance.choice("abcde")
    what = chance.choice(list(FindingValue))
    return chance.choice([
        [],
        [row(account, at_s=at_s, holder_token=chance.choice("hk"), opened_at=date(2026, 1, chance.randint(1, 31)))],
        [row(account, at_s=at_s, known_involved=chance.choice(list(KnownInvolved)))],
        [said(SignalType.SIM_CHANGED, at_s=at_s, account_id=account)],
        [finding(number, what, at_s=at_s, transfer_id=f"t{chance.randint(0, number)}")],
    ])
