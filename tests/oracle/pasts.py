"""Readings: what an entity's remembered transfers say, each window filtered from the whole past."""

import math
from collections.abc import Callable, Sequence
from typing import Final

from fraudguard.column import to_ms
from fraudguard.features.aggregate import Flag, Reducer
from fraudguard.features.view import Entity, Reading, Side
from fraudguard.transfer import Transfer
from tests.oracle.story import DAY_MS, HOUR_MS, Remembered, Story

__all__ = ["Pasts"]

Clamped = tuple[int, Remembered]
"""A transfer, and the time it is remembered at: its own, or the watermark if it came late."""

_ZERO_WHEN_EMPTY: Final = {Reducer.COUNT, Reducer.SUM, Reducer.DISTINCT, Reducer.EVER}


class Pasts:
    """Reads the past of any entity; a past that was looked up is kept, since many readings look at the same."""

    def __init__(self, story: Story) -> None:
        self._story = story
        self._past: dict[tuple[int, Entity, Side | None], list[Clamped] | None] = {}

    def read(self, reading: Reading, place: int, present: Transfer) -> float:
        """Return a reading at a transfer that stands at a place of the log."""
        past = self._of(reading, place, present)
        if past is None:
            return math.nan
        now_ms = max([to_ms(present.event_time), *(time_ms for time_ms, _ in past[-1:])])
        floor_ms = -math.inf if reading.window is None else now_ms - reading.window.length_ms
        inside = [event for event in past if event[0] >= floor_ms]
        if not inside:
            return 0.0 if reading.aggregate.reducer in _ZERO_WHEN_EMPTY else math.nan
        return _reduce(reading, inside, now_ms)

    def _of(self, reading: Reading, place: int, present: Transfer) -> list[Clamped] | None:
        key = (place, reading.entity, reading.side)
        if key not in self._past:
            self._past[key] = self._look_up(reading, place, present)
        return self._past[key]

    def _look_up(self, reading: Reading, place: int, present: Transfer) -> list[Clamped] | None:
        """Return the transfers of an entity before a place; None when the transfer names no such entity."""
        wanted = self._wanted(reading.entity, place, present)
        if wanted is None:
            return None
        past: list[Clamped] = []
        for one in self._story.remembered:
            if one.place < place and _entity_of(reading, one) == wanted:
                past.append((max([one.time_ms, *(time_ms for time_ms, _ in past[-1:])]), one))
        return past

    def _wanted(self, entity: Entity, place: int, present: Transfer) -> object:
        match entity:
            case Entity.PAYER:
                return present.payer_account_id
            case Entity.PAYEE:
                return present.payee_account_id
            case Entity.PAIR:
                return present.payer_account_id, present.payee_account_id
            case Entity.DEVICE:
                return present.device_id
            case Entity.HOLDER:
                return self._story.holder(place, present.payer_account_id)


def _entity_of(reading: Reading, one: Remembered) -> object:
    """Return whose a remembered transfer is, among entities of the reading's kind and side."""
    is_out = reading.side is Side.OUT
    match reading.entity:
        case Entity.PAYER | Entity.PAYEE:
            return one.transfer.payer_account_id if is_out else one.transfer.payee_account_id
        case Entity.PAIR:
            return one.transfer.payer_account_id, one.transfer.payee_account_id
        case Entity.DEVICE:
            return one.transfer.device_id
        case Entity.HOLDER:
            return one.sender if is_out else one.receiver


def _reduce(reading: Reading, inside: Sequence[Clamped], now_ms: int) -> float:
    """Reduce at least one transfer."""
    reducer = reading.aggregate.reducer
    if reducer in _OF_AMOUNTS:
        return _OF_AMOUNTS[reducer]([one.transfer.amount_fen for _, one in inside])
    return _reduce_events(reading, inside, now_ms)


def _reduce_events(reading: Reading, inside: Sequence[Clamped], now_ms: int) -> float:
    match reading.aggregate.reducer:
        case Reducer.SINCE_LAST:
            return (now_ms - inside[-1][0]) / 1000
        case Reducer.SINCE_FIRST:
            return (now_ms - inside[0][0]) / 1000
        case Reducer.DISTINCT:
            return float(len({_counterparty(reading, one.transfer) for _, one in inside}))
        case _:
            assert reading.aggregate.flag is not None
            return float(sum(_has(one, reading.aggregate.flag) for _, one in inside)) / float(len(inside))


def _counterparty(reading: Reading, transfer: Transfer) -> str:
    return transfer.payee_account_id if reading.side is Side.OUT else transfer.payer_account_id


def _has(one: Remembered, flag: Flag) -> bool:
    match flag:
        case Flag.NIGHT:
            return (one.time_ms + 8 * HOUR_MS) % DAY_MS < 6 * HOUR_MS
        case Flag.ROUND:
            return one.transfer.amount_fen % 100_00 == 0
        case Flag.FIRST_TIME:
            return one.is_first
        case Flag.SMALL:
            return one.transfer.amount_fen <= 10_00


def _spread(amounts: Sequence[int]) -> float:
    logs = [int(math.log10(max(fen, 1)) * 2**20 + 0.5) for fen in amounts]
    n = len(logs)
    return math.sqrt(n * sum(x * x for x in logs) - sum(logs) ** 2) / n / 2**20


_OF_AMOUNTS: Final[dict[Reducer, Callable[[Sequence[int]], float]]] = {
    Reducer.COUNT: lambda amounts: float(len(amounts)),
    Reducer.EVER: lambda amounts: float(len(amounts)),
    Reducer.SUM: lambda amounts: float(sum(amounts)),
    Reducer.MEAN: lambda amounts: float(sum(amounts)) / float(len(amounts)),
    Reducer.MAX: lambda amounts: float(max(amounts)),
    Reducer.MIN: lambda amounts: float(min(amounts)),
    Reducer.STD: _spread,
    Reducer.PREVIOUS: lambda amounts: float(amounts[-1]),
}
