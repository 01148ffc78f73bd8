"""Observations of account rows and signals: what those before the transfer say."""

import math
from datetime import date
from enum import StrEnum
from typing import Final

from fraudguard.column import to_ms
from fraudguard.features.known import SOURCE_OF, TTL_MS, Observation, Observed
from fraudguard.signal import Signal, SignalSource, SignalType
from fraudguard.transfer import Transfer
from tests.oracle.story import DAY_MS, Story

__all__ = ["observe"]

_EPOCH_DAY: Final = date(1970, 1, 1).toordinal()


def observe(story: Story, term: Observation, place: int, present: Transfer) -> float:
    """Return a number that rows and signals before a place give, at the transfer's own time."""
    account_id = present.payee_account_id if term.of_payee else present.payer_account_id
    now_ms = to_ms(present.event_time)
    match term.observed:
        case Observed.ACCOUNT:
            return _number(story.named(place, account_id, term.name))
        case Observed.COVERAGE:
            return float(_is_heard(story, SignalSource(term.name), place, now_ms))
        case Observed.SINCE_SIGNAL:
            moments = [to_ms(s.event_time) for s in _latest(story, SignalType(term.name), place, account_id)]
            return max(now_ms - max(moments), 0) / 1000 if moments else math.nan
        case _:
            return _signal(story, SignalType(term.name), place, account_id, now_ms=now_ms)


def _number(value: object) -> float:
    match value:
        case None:
            return math.nan
        case StrEnum():
            return float(list(type(value)).index(value))
        case date():
            return float((value.toordinal() - _EPOCH_DAY) * DAY_MS)
        case _:
            return float(value)  # type: ignore[arg-type]


def _signal(story: Story, kind: SignalType, place: int, account_id: str, *, now_ms: int) -> float:
    if any(_until_ms(signal) >= now_ms for signal in _latest(story, kind, place, account_id)):
        return 1.0
    return 0.0 if _is_heard(story, SOURCE_OF[kind], place, now_ms) else math.nan


def _latest(story: Story, kind: SignalType, place: int, account_id: str) -> list[Signal]:
    """Return the latest of a kind about the account, and the latest about who holds it now."""
    before = [e for e in story.log[:place] if isinstance(e, Signal) and e.signal_type == kind]
    holder = story.holder(place, account_id)
    of_account = [s for s in before if s.account_id == account_id]
    of_holder = [s for s in before if s.account_id is None and s.holder_token == holder]
    return [*of_account[-1:], *of_holder[-1:]]


def _until_ms(signal: Signal) -> int:
    if signal.expires_at is not None:
        return to_ms(signal.expires_at)
    return to_ms(signal.event_time) + TTL_MS[signal.signal_type]


def _is_heard(story: Story, source: SignalSource, place: int, now_ms: int) -> bool:
    signals = [event for event in story.log[:place] if isinstance(event, Signal)]
    heard = [s for s in signals if (s.source or SOURCE_OF[s.signal_type]) == source]
    return any(now_ms - to_ms(signal.received_at) <= 7 * DAY_MS for signal in heard)
