"""A log as numbers: what the kernel's replay takes, made from tables."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from fraudguard.account import Account
from fraudguard.column import Column
from fraudguard.features.plan import FeaturePlan, Needs
from fraudguard.features.program import LIQUIDS, retention_ms
from fraudguard.features.stretch import find_new
from fraudguard.finding import Finding
from fraudguard.tables.events import PlacedEvent

__all__ = ["CodedLog", "CodedNames", "Links", "code_log", "numbers_of", "parties_of"]

Integers = NDArray[np.int64]

_NOT_NEW: Final = 16
_DENSE: Final = 4
_ROUND_FEN: Final = 10_000
_SMALL_FEN: Final = 1_000
_HOUR_MS: Final = 3_600_000
_CHINA_MS: Final = 8 * _HOUR_MS
_OUT, _INTO, _PAIR, _DEVICE, _HOLDER_OUT, _HOLDER_INTO = range(6)


@dataclass(frozen=True, slots=True)
class Links:
    """Numbers from 1 for entities, or for pairs of an entity and its counterparty.

    Parameters
    ----------
    numbers : ndarray of int64, shape (n_transfers,)
        -1 where there is none.
    n : int
        The largest.
    """

    numbers: Integers
    n: int


class CodedNames:
    """How names become numbers in a replay; see `fraudguard.features.learn.Names`.

    Parameters
    ----------
    log : CodedLog
        The transfers.
    parties : mapping
        Rows of the transfers that findings name, ascending, by id.
    """

    def __init__(self, log: "CodedLog", parties: dict[Hashable, list[int]]) -> None:
        self._known = log.accounts
        self._accounts: dict[str, int] = {}
        self._holders: dict[str, int] = {}
        self._parties = parties
        self._log = log
        self.place = 0

    def account_number(self, text: str) -> int:
        """Return the number of an account, a new one if need be."""
        if text not in self._accounts:
            found = int(self._known.get_indexer(pd.Index([text]))[0])
            self._accounts[text] = found + 1 if found >= 0 else len(self._known) + 1 + len(self._accounts)
        return self._accounts[text]

    def holder_number(self, text: str) -> int:
        """Return the number of a holder, a new one if need be."""
        return self._holders.setdefault(text, len(self._holders) + 1)

    def parties(self, text: str) -> tuple[int, int]:
        """Return payer and payee of a transfer, 0 and 0 when it is not remembered at `place`."""
        oldest = self._log.oldest[self.place - 1] if self.place else 0
        rows = [row for row in self._parties.get(text, ()) if oldest <= row < self.place]
        return (int(self._log.payer[rows[-1]]), int(self._log.payee[rows[-1]])) if rows else (0, 0)


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class CodedLog:
    """A log as numbers; every array has one entry a transfer, in log order.

    Parameters
    ----------
    payer, payee : ndarray of int64
        Accounts, numbered from 1.
    n_accounts : int
        How many there are.
    pair, device, sender, receiver : Links
        Entities: payer with payee, device, holder of the payer, holder of the payee.
    device_link, sender_link, receiver_link : Links
        A device and its payer, a holder and who was paid, a holder and who paid.
    times_ms, amounts_fen : ndarray of int64
        As in the log.
    flags : ndarray of int64
        The kernel's flags, and 16 for a transfer whose id came before.
    liquids : ndarray of int64
        Kind of liquidation, -1 for none.
    oldest : ndarray of int64
        The oldest row whose id is still remembered behind each row.
    accounts : Index
        Names of the accounts, in the order of their numbers.
    """

    payer: Integers
    payee: Integers
    n_accounts: int
    pair: Links
    device: Links
    sender: Links
    receiver: Links
    device_link: Links
    sender_link: Links
    receiver_link: Links
    times_ms: Integers
    amounts_fen: Integers
    flags: Integers
    liquids: Integers
    oldest: Integers
    accounts: pd.Index

    def __len__(self) -> int:
        return len(self.payer)

    @property
    def is_new(self) -> NDArray[np.uint8]:
        """Whether each row is remembered."""
        return np.asarray((self.flags & _NOT_NEW) == 0, dtype=np.uint8)


def code_log(transfers: pd.DataFrame, events: Sequence[PlacedEvent], plan: FeaturePlan) -> CodedLog:
    """Return a log as numbers, as far as a plan needs them.

    Parameters
    ----------
    transfers : DataFrame
        In log order.
    events : sequence of PlacedEvent
        Account rows, signals and findings, in log order.
    plan : FeaturePlan
        What will be read.

    Returns
    -------
    CodedLog
        Which number an entity gets changes no feature.
    """
    payer, payee, accounts = _accounts(transfers)
    times_ms = _times_ms(transfers["event_time"])
    is_new, oldest = _new_rows(transfers["transfer_id"], times_ms, retention_ms(plan))
    pair = _pairs(payer, payee, len(accounts)) if _needs_pairs(plan) else _none(len(transfers))
    sender, receiver = _holders(events, (payer, payee), accounts) if _needs_holders(plan) else _no_holders(transfers)
    device = _devices(transfers) if plan.stores[_DEVICE].needs != Needs.UNREAD else _none(len(transfers))
    amounts_fen = np.array(transfers["amount_fen"], dtype=np.int64)  # a copy: pandas lends its own read-only
    return CodedLog(
        payer=payer,
        payee=payee,
        n_accounts=len(accounts),
        accounts=accounts,
        pair=pair,
        device=device,
        sender=sender,
        receiver=receiver,
        device_link=_links(device, payer, len(accounts), needs=plan.stores[_DEVICE].needs),
        sender_link=_links(sender, payee, len(accounts), needs=plan.stores[_HOLDER_OUT].needs),
        receiver_link=_links(receiver, payer, len(accounts), needs=plan.stores[_HOLDER_INTO].needs),
        times_ms=times_ms,
        amounts_fen=amounts_fen,
        flags=_flags(times_ms, amounts_fen, pair=pair.numbers, is_new=is_new)
        if _needs_flags(plan)
        else _duplicates(is_new),
        liquids=_liquids(transfers),
        oldest=oldest,
    )


def parties_of(transfers: pd.DataFrame, log: CodedLog, events: Sequence[PlacedEvent]) -> dict[Hashable, list[int]]:
    """Return the rows of the transfers that findings name, by id, as far as they are remembered.

    Parameters
    ----------
    transfers : DataFrame
        In log order.
    log : CodedLog
        The same, as numbers.
    events : sequence of PlacedEvent
        With the findings.

    Returns
    -------
    dict
        Rows ascending.
    """
    wanted = {e.event.transfer_id for e in events if isinstance(e.event, Finding) and e.event.transfer_id is not None}
    if not wanted:
        return {}
    rows = np.flatnonzero(transfers["transfer_id"].isin(wanted).to_numpy() & (log.is_new == 1))
    parties: dict[Hashable, list[int]] = {}
    for row, name in zip(rows.tolist(), transfers["transfer_id"].iloc[rows], strict=True):
        parties.setdefault(name, []).append(row)
    return parties


def numbers_of(values: pd.Series, column: Column) -> NDArray[np.float64]:
    """Return a field as numbers; `fraudguard.features.program` has the same for one value.

    Parameters
    ----------
    values : Series
        A column of transfers.
    column : Column
        What it is.

    Returns
    -------
    ndarray of float64
        NaN where it is absent.
    """
    if issubclass(column.type, StrEnum):
        places = {str(word): float(place) for place, word in enumerate(column.type)}
        return np.asarray(values.map(places), dtype=np.float64)
    if issubclass(column.type, datetime):
        return np.where(values.isna(), np.nan, _times_ms(values))
    return np.asarray(values.to_numpy(dtype=np.float64, na_value=np.nan))


def _accounts(transfers: pd.DataFrame) -> tuple[Integers, Integers, pd.Index]:
    dense = _dense(transfers["payer_account_id"], transfers["payee_account_id"])
    if dense is not None:
        return dense
    sides = pd.concat([transfers["payer_account_id"], transfers["payee_account_id"]], ignore_index=True)
    codes, accounts = pd.factorize(sides)
    numbers = codes.astype(np.int64) + 1
    return numbers[: len(transfers)], numbers[len(transfers) :], pd.Index(accounts)


def _dense(payers: pd.Series, payees: pd.Series) -> tuple[Integers, Integers, pd.Index] | None:
    """Return ids that are small numbers already as they are, which saves a dictionary of them."""
    sides = (payers.to_numpy(), payees.to_numpy())
    if not len(payers) or any(side.dtype.kind not in "iu" or side.dtype.itemsize > 8 for side in sides):
        return None
    least, most = min(int(side.min()) for side in sides), max(int(side.max()) for side in sides)
    if least < 0 or most > _DENSE * len(payers):
        return None
    payer, payee = (np.add(side, 1, dtype=np.int64, casting="unsafe") for side in sides)
    return payer, payee, pd.RangeIndex(most + 1)


def _are_rising(ids: pd.Series) -> bool:
    values = ids.to_numpy()
    return values.dtype.kind in "iu" and bool((values[1:] > values[:-1]).all())


def _new_rows(ids: pd.Series, times_ms: Integers, retention: int) -> tuple[NDArray[np.uint8], Integers]:
    n = len(ids)
    is_new, oldest = np.ones(n, dtype=np.uint8), np.zeros(n, dtype=np.int64)
    is_short = n == 0 or times_ms.max() - times_ms.min() <= retention
    if is_short and (_are_rising(ids) or ids.is_unique):
        return is_new, oldest
    codes, names = pd.factorize(ids)
    find_new(codes.astype(np.int64), times_ms, retention, np.full(len(names), -1), is_new, oldest)
    return is_new, oldest


def _duplicates(is_new: NDArray[np.uint8]) -> Integers:
    if is_new.all():
        return np.zeros(len(is_new), dtype=np.int64)
    return np.asarray(_NOT_NEW * (is_new == 0), dtype=np.int64)


def _needs_flags(plan: FeaturePlan) -> bool:
    return any(store.needs != Needs.UNREAD and store.needs & Needs.SHARES for store in plan.stores)


def _needs_pairs(plan: FeaturePlan) -> bool:
    first_time = any(s.needs != Needs.UNREAD and s.needs & (Needs.SHARES | Needs.DISTINCT) for s in plan.stores)
    return first_time or plan.stores[_PAIR].needs != Needs.UNREAD


def _needs_holders(plan: FeaturePlan) -> bool:
    return any(plan.stores[store].needs != Needs.UNREAD for store in (_HOLDER_OUT, _HOLDER_INTO))


def _none(n: int) -> Links:
    """Return what nobody reads: one number seen as many, which takes no memory."""
    return Links(np.broadcast_to(np.int64(-1), n), 0)


def _no_holders(transfers: pd.DataFrame) -> tuple[Links, Links]:
    return _none(len(transfers)), _none(len(transfers))


def _factorized(keys: NDArray[np.int64], known: NDArray[np.bool_] | None = None) -> Links:
    numbers = np.full(len(keys), -1, dtype=np.int64)
    rows = slice(None) if known is None else known
    codes, names = pd.factorize(keys[rows])
    numbers[rows] = codes.astype(np.int64) + 1
    return Links(numbers, len(names))


def _pairs(payer: Integers, payee: Integers, n_accounts: int) -> Links:
    return _factorized(payer * (n_accounts + 1) + payee)


def _devices(transfers: pd.DataFrame) -> Links:
    if "device_id" not in transfers:
        return Links(np.full(len(transfers), -1, dtype=np.int64), 0)
    codes, names = pd.factorize(transfers["device_id"])
    return Links(np.where(codes < 0, -1, codes.astype(np.int64) + 1), len(names))


def _links(entity: Links, counterparty: Integers, n_accounts: int, *, needs: int) -> Links:
    if needs == Needs.UNREAD or not needs & Needs.DISTINCT or entity.n == 0:
        return Links(np.zeros(len(counterparty), dtype=np.int64), 0)
    return _factorized(entity.numbers * (n_accounts + 1) + counterparty, entity.numbers > 0)


def _holders(
    events: Sequence[PlacedEvent], sides: tuple[Integers, Integers], accounts: pd.Index
) -> tuple[Links, Links]:
    """Return who held each side's account at the moment, as far as account rows had said."""
    rows = [(e.place, e.event.account_id, e.event.holder_token) for e in events if isinstance(e.event, Account)]
    said = pd.DataFrame([row for row in rows if row[2] is not None], columns=["place", "account", "token"])
    codes, names = pd.factorize(said["token"])
    # By number: pandas makes text of a column of objects here and not there, and would not join the two.
    said = said.assign(
        account=accounts.get_indexer(pd.Index(said["account"].tolist())) + 1, holder=codes.astype(np.int64) + 1
    )
    sender, receiver = (Links(_held_at(side, said), len(names)) for side in sides)
    return sender, receiver


def _held_at(accounts: Integers, said: pd.DataFrame) -> Integers:
    asked = pd.DataFrame({"place": np.arange(len(accounts)), "account": accounts})
    found = pd.merge_asof(asked, said[["place", "account", "holder"]].astype(np.int64), on="place", by="account")
    return np.array(found["holder"].fillna(-1), dtype=np.int64)


def _flags(times_ms: Integers, amounts_fen: Integers, *, pair: Integers, is_new: NDArray[np.uint8]) -> Integers:
    """Return what `fraudguard.features.kernel.flags_of` says of every row."""
    first = np.zeros(len(pair), dtype=bool)
    rows = np.flatnonzero(is_new)
    if len(rows) == len(pair):
        first[1:] = pair[1:] > np.maximum.accumulate(pair)[:-1]
        first[:1] = True
    else:
        first[rows] = ~pd.Series(pair[rows]).duplicated().to_numpy()
    flags = ((times_ms + _CHINA_MS) % (24 * _HOUR_MS) < 6 * _HOUR_MS).astype(np.int64)
    flags += 2 * (amounts_fen % _ROUND_FEN == 0) + 4 * first + 8 * (amounts_fen <= _SMALL_FEN)
    return np.asarray(flags + _NOT_NEW * (is_new == 0), dtype=np.int64)


def _liquids(transfers: pd.DataFrame) -> Integers:
    if "event_type" not in transfers:
        return np.full(len(transfers), -1, dtype=np.int64)
    kinds = {str(kind): number for kind, number in LIQUIDS.items()}
    return np.array(transfers["event_type"].map(kinds).fillna(-1), dtype=np.int64)


def _times_ms(moments: pd.Series) -> Integers:
    return np.array(moments.dt.tz_convert(None).to_numpy(dtype="datetime64[ms]").view(np.int64))
