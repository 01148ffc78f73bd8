"""A log over a table of transfers: sorted and indexed once, rows made into movements only when asked for."""

from collections.abc import Iterator
from enum import StrEnum
from typing import Any, Final, TypeVar

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from fraudguard.flow.movement import Movement, Position
from fraudguard.transfer import Channel, EventType, PayeeType, SettlementSpeed

__all__ = ["TableLog", "moments_ms"]

_BALANCES: Final = ("payer_balance_before_fen", "payee_balance_before_fen")

WordT = TypeVar("WordT", bound=StrEnum)


def moments_ms(frame: pd.DataFrame) -> NDArray[np.int64]:
    """Return the moments of a table of transfers.

    Parameters
    ----------
    frame : DataFrame
        With `event_time`, aware.

    Returns
    -------
    ndarray of int64
        Milliseconds since 1970, one a row.
    """
    return np.asarray(frame["event_time"].astype("datetime64[ms, UTC]").astype("int64"), np.int64)


class TableLog:
    """The rows of a table that may matter, found by account.

    Parameters
    ----------
    frame : DataFrame
        Transfers in log order.
    rows : ndarray of int64
        Which of its rows the log holds, ascending.
    """

    def __init__(self, frame: pd.DataFrame, rows: NDArray[np.int64]) -> None:
        part = frame.iloc[rows]
        moment_ms = moments_ms(part)
        order = np.argsort(moment_ms, kind="stable")
        self._frame, self._rows, self._moment_ms = part, rows, moment_ms
        both = pd.concat([part["payer_account_id"], part["payee_account_id"]], ignore_index=True)
        codes, names = pd.factorize(both)
        self._codes = pd.Index(names)
        payer, payee = codes[: len(part)][order], codes[len(part) :][order]
        whose, which = np.concatenate([payer, payee]), np.concatenate([order, order])
        ranks = np.concatenate([np.arange(len(part)), np.arange(len(part))])
        by_account = np.lexsort((ranks, whose))
        self._whose, self._which = whose[by_account], which[by_account]

    def at(self, row: int) -> Movement:
        """Return the movement of a row of the table."""
        return self._movement(int(np.searchsorted(self._rows, row)))

    def touching(self, account_id: str, after: Position) -> Iterator[Movement]:
        """Yield what an account pays and is paid after a position, in order of position."""
        code = self._codes.get_indexer([account_id])[0]
        if code < 0:
            return
        first, end = np.searchsorted(self._whose, [code, code + 1]).tolist()
        places = self._which[first:end]
        later = (self._moment_ms[places] > after.moment_ms) | (
            (self._moment_ms[places] == after.moment_ms) & (self._rows[places] > after.place)
        )
        yield from (self._movement(place) for place in places[later].tolist())

    def _movement(self, place: int) -> Movement:
        balances = {name: self._number(name, place) for name in _BALANCES}
        return Movement(
            transfer_id=str(self._cell("transfer_id", place)),
            position=Position(int(self._moment_ms[place]), int(self._rows[place])),
            payer_account_id=str(self._cell("payer_account_id", place)),
            payee_account_id=str(self._cell("payee_account_id", place)),
            amount_fen=int(self._cell("amount_fen", place)),
            event_type=self._word("event_type", EventType, place),
            channel=self._word("channel", Channel, place),
            payee_type=self._word("payee_type", PayeeType, place),
            settlement_speed=self._word("settlement_speed", SettlementSpeed, place),
            **balances,
        )

    def _cell(self, name: str, place: int) -> Any:  # noqa: ANN401  # a cell may hold anything
        return self._frame[name].array[place]

    def _number(self, name: str, place: int) -> int | None:
        value = self._cell(name, place) if name in self._frame else None
        return None if value is None or pd.isna(value) else int(value)

    def _word(self, name: str, words: type[WordT], place: int) -> WordT | None:
        value = self._cell(name, place) if name in self._frame else None
        return None if value is None or pd.isna(value) else words(value)
