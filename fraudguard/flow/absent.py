"""What is said when a start is not in the table, with the nearest mend. No message carries a whole account token."""

from typing import Any, Final
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from fraudguard.column import from_ms
from fraudguard.errors import NotFoundError
from fraudguard.tables.fault import masked, near

__all__ = ["no_account", "no_start", "no_transfer"]

_LOOKED_AT: Final = 2_000
"""Ids that are compared letter by letter; more would keep a person waiting."""

_ACCOUNTS: Final = ("payer_account_id", "payee_account_id")


def no_transfer(frame: pd.DataFrame, transfer_id: str) -> NotFoundError:
    """Return the error of a transfer that is not there.

    Parameters
    ----------
    frame : DataFrame
        The transfers.
    transfer_id : str
        What was asked for.

    Returns
    -------
    NotFoundError
        Says so when it is the token of an account; else names ids that are spelt like it.
    """
    if any((frame[name] == transfer_id).any() for name in _ACCOUNTS):
        return NotFoundError(
            f"{_short(transfer_id)} is an account, not a transfer; start from it with --account (account=)",
            f"{_short(transfer_id)} 是账户，不是转账；请用 --account（account=）",
        )
    guess = near(transfer_id, _alike(frame["transfer_id"], transfer_id))
    shown = masked(transfer_id)
    if guess:
        return NotFoundError(
            f"no transfer {shown}; did you mean {' or '.join(guess)}?",
            f"没有转账 {shown}；是不是 {' 或 '.join(guess)}？",
        )
    example = frame["transfer_id"].iloc[0]
    return NotFoundError(
        f"no transfer {shown}; ids here look like {example}. Check the id and the dataset.",
        f"没有转账 {shown}；此处的编号形如 {example}。请核对编号与数据集。",
    )


def no_account(frame: pd.DataFrame, account_id: str, *, side: str, known_before: bool) -> NotFoundError:
    """Return the error of an account that has no transfer to start from.

    Parameters
    ----------
    frame : DataFrame
        The transfers.
    account_id : str
        What was asked for.
    side : {"payee", "payer"}
        On which side it was looked for.
    known_before : bool
        Whether it stands on that side at all.

    Returns
    -------
    NotFoundError
        Says on which side it stands, or what it is instead.
    """
    shown, paid = _short(account_id), side == "payee"
    if known_before:
        return NotFoundError(
            f"account {shown} is in the transfers, but none that moves money was known by then; take a later as_of",
            f"账户 {shown} 有转账，但截至该时刻没有一笔移动了资金；请用更晚的 as_of",
        )
    other = "payer" if paid else "payee"
    if (frame[f"{other}_account_id"] == account_id).any():
        en, zh = (
            ("is never paid; it only pays", "没有收款，只有付款")
            if paid
            else ("never pays; it is only paid", "没有付款，只有收款")
        )
        return NotFoundError(
            f"account {shown} {en}. Take --side {other} (side=).", f"账户 {shown} {zh}。请用 --side {other}（side=）。"
        )
    if (frame["transfer_id"] == account_id).any():
        return NotFoundError(
            f"{masked(account_id)} is a transfer, not an account; start from it with --transfer (transfers=)",
            f"{masked(account_id)} 是转账，不是账户；请用 --transfer（transfers=）",
        )
    example = _short(str(frame["payee_account_id"].iloc[0]))
    return NotFoundError(
        f"no account {shown} in these transfers; tokens here look like {example}. Use the token, made with the key of this dataset.",
        f"这些转账中没有账户 {shown}；此处的代号形如 {example}。请用本数据集密钥生成的代号。",
    )


def no_start(
    moment_ms: NDArray[np.int64], *, first_ms: int, horizon_ms: int, side: str, time_zone: str
) -> NotFoundError:
    """Return the error of an account without a transfer in the stretch of time asked for.

    Parameters
    ----------
    moment_ms : ndarray of int64
        When its transfers were, at least one.
    first_ms, horizon_ms : int
        The stretch.
    side : {"payee", "payer"}
        Which transfers of it.
    time_zone : str
        In which moments are said.

    Returns
    -------
    NotFoundError
        Names its transfer nearest to the stretch.
    """
    nearest = _written(int(moment_ms[np.argmin(np.abs(moment_ms - first_ms))]), time_zone)
    hours, since = horizon_ms / 3_600_000, _written(first_ms, time_zone)
    en, zh = ("into", "转入") if side == "payee" else ("out of", "转出")
    return NotFoundError(
        f"no transfer {en} the account in the {hours:g} hours from {since}; the nearest is at {nearest}",
        f"该账户自 {since} 起 {hours:g} 小时内没有{zh}；最近的一笔在 {nearest}",
    )


def _written(moment_ms: int, time_zone: str) -> str:
    return from_ms(moment_ms).astimezone(ZoneInfo(time_zone)).isoformat(timespec="seconds")


def _short(account_id: str) -> str:
    return masked(account_id, personal=True)


def _alike(ids: "pd.Series[Any]", wanted: str) -> list[str]:
    """Return ids that begin or end like another one: few enough to compare."""
    for length in range(len(wanted), 1, -1):
        found = ids[ids.str.startswith(wanted[:length]) | ids.str.endswith(wanted[-length:])]
        if len(found):
            return [str(one) for one in found.iloc[:_LOOKED_AT]]
    return []
