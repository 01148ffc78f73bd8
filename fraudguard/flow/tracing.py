"""Tracing in a dataset: find the start, look at the stretch of time that matters, follow the money."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from fraudguard.column import to_ms
from fraudguard.errors import DefinitionError, NotFoundError
from fraudguard.flow.absent import no_account, no_start, no_transfer
from fraudguard.flow.following import follow
from fraudguard.flow.graph import CaseGraph
from fraudguard.flow.options import FollowOptions, Rule
from fraudguard.flow.table_log import TableLog, moments_ms
from fraudguard.tables import Dataset

__all__ = ["Side", "trace"]

Side = Literal["payee", "payer"]

_HOUR_MS: Final = 3_600_000
_ZONE: Final = "Asia/Shanghai"
_CURRENCY: Final = "CNY"


def trace(  # noqa: PLR0913  # one argument a choice
    dataset: Dataset | pd.DataFrame,
    *,
    transfers: str | Sequence[str] = (),
    account: str | None = None,
    since: datetime | None = None,
    side: Side = "payee",
    hops: int = 3,
    hours: float = 24,
    least_fen: int = 0,
    as_of: datetime | None = None,
    rule: Rule | str = Rule.FIFO,
) -> CaseGraph:
    """Follow the money of transfers, or of an account from a moment on, through a dataset.

    Parameters
    ----------
    dataset : Dataset or DataFrame
        A dataset, or its transfers in log order.
    transfers : str or sequence of str
        Ids of the transfers to start from.
    account : str, optional
        Token of an account to start from; either this or `transfers`.
    since : datetime, optional
        With `account`: start from its transfers of the `hours` from this moment on, aware. When left out, of the
        `hours` up to its last known one.
    side : {"payee", "payer"}
        With `account`: ``payee`` starts from what it is paid (a suspected account), ``payer`` from what it pays
        (a likely victim).
    hops : int
        Layers of accounts to follow.
    hours : float
        How long the money is followed after the last start transfer.
    least_fen : int
        A transfer with less of the money in it than this, in fen, is not followed.
    as_of : datetime, optional
        Only transfers up to this moment are known, aware.
    rule : {"fifo", "pro_rata"}
        What an account spends first.

    Returns
    -------
    CaseGraph
        The flow, as tables and as a picture.

    Raises
    ------
    DefinitionError
        If a choice makes no sense.
    NotFoundError
        If the dataset has no such transfer or account, or none of its transfers can be a start.

    Examples
    --------
    >>> import pandas as pd
    >>> paid = pd.DataFrame({
    ...     "transfer_id": ["T1", "T2"],
    ...     "event_time": pd.to_datetime(["2026-01-05 10:00Z", "2026-01-05 10:04Z"]),
    ...     "payer_account_id": ["victim", "first"],
    ...     "payee_account_id": ["first", "second"],
    ...     "amount_fen": [5_000_000, 3_000_000],
    ... })
    >>> trace(paid, transfers="T1").accounts_frame()[["layer", "inside_fen"]].to_dict("list")
    {'layer': [0, 1, 2], 'inside_fen': [0, 2000000, 3000000]}
    """
    named = (transfers,) if isinstance(transfers, str) else tuple(transfers)
    _require_one_start(named, account, since=since, side=side)
    whole = dataset.transfers if isinstance(dataset, Dataset) else dataset
    zone = dataset.meta.time_zone if isinstance(dataset, Dataset) else _ZONE
    moment_ms = moments_ms(whole)
    known_until_ms = _known_until_ms(moment_ms, as_of)
    options = FollowOptions(
        hops=hops,
        horizon_ms=_length_ms(hours),
        least_fen=least_fen,
        as_of_ms=known_until_ms,
        rule=_rule(rule),
    )
    search = _Search(whole, moment_ms, options, known_until_ms, zone)
    if account is None:
        rows = search.named(named)
    else:
        rows = search.of_account(account, since_ms=None if since is None else to_ms(_aware(since, "since")), side=side)
    log = search.log(rows)
    flow = follow(log, [log.at(row) for row in rows.tolist()], options)
    return CaseGraph(
        flow=flow, time_zone=zone, currency=dataset.meta.currency if isinstance(dataset, Dataset) else _CURRENCY
    )


@dataclass(frozen=True, slots=True)
class _Search:
    """The table, its moments, and how far to look."""

    frame: pd.DataFrame
    moment_ms: NDArray[np.int64]
    options: FollowOptions
    known_until_ms: int
    time_zone: str

    def named(self, transfer_ids: Sequence[str]) -> NDArray[np.int64]:
        """Return the rows of transfers.

        Raises
        ------
        no_transfer
            If one is not there.
        """
        rows = np.flatnonzero(self.frame["transfer_id"].isin(list(transfer_ids)))
        missing = [one for one in transfer_ids if one not in set(self.frame["transfer_id"].iloc[rows])]
        if missing:
            raise no_transfer(self.frame, missing[0])
        return rows

    def of_account(self, account_id: str, *, since_ms: int | None, side: Side) -> NDArray[np.int64]:
        """Return the rows of the transfers that an account is paid, or pays, from a moment on.

        Raises
        ------
        no_account
            If it is not there, or has none on this side.
        no_start
            If it has none in this stretch of time.
        """
        rows = np.flatnonzero((self.frame[f"{side}_account_id"] == account_id).to_numpy(bool, na_value=False))
        known = rows[self._moves(rows) & (self.moment_ms[rows] <= self.known_until_ms)]
        if not len(known):
            raise no_account(self.frame, account_id, side=side, known_before=len(rows) > 0)
        first_ms = int(self.moment_ms[known].max()) - self.options.horizon_ms if since_ms is None else since_ms
        moments = self.moment_ms[known]
        chosen = known[(moments >= first_ms) & (moments <= first_ms + self.options.horizon_ms)]
        if not len(chosen):
            raise no_start(
                moments, first_ms=first_ms, horizon_ms=self.options.horizon_ms, side=side, time_zone=self.time_zone
            )
        return chosen

    def log(self, starts: NDArray[np.int64]) -> TableLog:
        """Return the log of the stretch of time in which the money is followed."""
        first_ms, last_ms = int(self.moment_ms[starts].min()), int(self.moment_ms[starts].max())
        end_ms = min(last_ms + self.options.horizon_ms, max(self.known_until_ms, last_ms))
        return TableLog(self.frame, np.flatnonzero((self.moment_ms >= first_ms) & (self.moment_ms <= end_ms)))

    def _moves(self, rows: NDArray[np.int64]) -> NDArray[np.bool_]:
        part = self.frame.iloc[rows]
        other = (part["payer_account_id"] != part["payee_account_id"]).to_numpy(bool)
        if "event_type" not in part:
            return other
        return other & (part["event_type"] != "cash_withdrawal_booking").fillna(value=True).to_numpy(bool)


def _require_one_start(named: tuple[str, ...], account: str | None, *, since: datetime | None, side: str) -> None:
    if bool(named) == (account is not None):
        raise DefinitionError(
            "name where to start: one or more transfers, or an account, not both",
            "请指明起点：一笔或多笔转账，或者一个账户，不能两者都给",
        )
    if named and since is not None:
        raise DefinitionError(
            "a moment to start from goes with an account; leave it out, or name an account",
            "起始时刻只与账户同用；请去掉，或改为指明账户",
        )
    if side not in {"payee", "payer"}:
        raise DefinitionError(f"side {side!r}: write payee or payer", f"side {side!r}：请写 payee 或 payer")


def _length_ms(hours: float) -> int:
    if not 0 < hours <= 24 * 366:
        raise DefinitionError(
            f"hours is {hours:g}; write more than 0 and at most 8784, a year",
            f"小时数为 {hours:g}；请写大于 0、不超过 8784（一年）的数",
        )
    return max(round(hours * _HOUR_MS), 1)


def _known_until_ms(moment_ms: NDArray[np.int64], as_of: datetime | None) -> int:
    """Return the moment up to which transfers are known: nothing is said of what comes after the last of them.

    Raises
    ------
    NotFoundError
        If there are none.
    """
    if not len(moment_ms):
        raise NotFoundError("there are no transfers in it; check the file", "其中没有转账；请检查文件")
    last_ms = int(moment_ms.max())
    return last_ms if as_of is None else min(last_ms, to_ms(_aware(as_of, "as_of")))


def _aware(moment: datetime, name: str) -> datetime:
    if moment.tzinfo is None:
        raise DefinitionError(
            f"{name} {moment} has no time zone; write 2026-01-02T11:04:07+08:00",
            f"{name} {moment} 没有时区；请写成 2026-01-02T11:04:07+08:00",
        )
    return moment


def _rule(rule: Rule | str) -> Rule:
    try:
        return Rule(rule)
    except ValueError as error:
        raise DefinitionError(
            f"rule {rule!r}: write one of {', '.join(Rule)}", f"rule {rule!r}：请写 {'、'.join(Rule)} 之一"
        ) from error
