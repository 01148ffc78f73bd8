"""Stop-payment requests to the police platform: drafted by one person, signed by another, never sent by this service.

What a bank compares are five facts: the payee's name, account and bank, the exact amount and the exact time. If one of
them is wrong the account must not be stopped, so a draft with a fact missing is refused. An account is stopped for 48
hours, at most twice.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from fraudguard.column import from_ms, to_ms
from fraudguard.errors import ConflictError, DataError
from fraudguard.serve.store.case_rows import ActRow
from fraudguard.serve.transitions import Move
from fraudguard.transfer import NameMatch, Transfer

__all__ = ["MOST_STOPS", "STOP_S", "Feedback", "Stop", "StopLimitError", "document_of", "facts_of", "stop_in"]

STOP_S: Final = 172_800
"""How long an account is stopped."""

MOST_STOPS: Final = 2
_BASIS_MAX: Final = 500


class Feedback(StrEnum):
    """What the payee's bank answered."""

    STOPPED = "stopped"
    NAME_MISMATCH = "name_mismatch"
    ACCOUNT_NOT_FOUND = "account_not_found"
    AMOUNT_MISMATCH = "amount_mismatch"
    ALREADY_STOPPED = "already_stopped"
    ALREADY_WITHDRAWN = "already_withdrawn"
    LIMIT_REACHED = "limit_reached"


class StopLimitError(ConflictError):
    """The account was stopped as often as the rules allow."""

    def __init__(self) -> None:
        super().__init__(
            "this account was stopped twice already, which is the limit; ask for a freeze instead",
            "该账户已止付 2 次（上限）；请改走冻结程序",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """The request of a case as its log has it.

    Parameters
    ----------
    facts : mapping
        As `facts_of` gave them when it was drafted.
    drafted_by : str
        Who may not sign it.
    signed_by : str or None
        None while it waits.
    signed_at_ms : int or None
        From then on 48 hours count.
    number : int
        Which stop of this account it is; 0 while it waits.
    """

    facts: Mapping[str, Any]
    drafted_by: str
    signed_by: str | None = None
    signed_at_ms: int | None = None
    number: int = 0

    @property
    def ends_at_ms(self) -> int | None:
        """Until when the account is stopped; None while it is not signed."""
        return None if self.signed_at_ms is None else self.signed_at_ms + 1000 * STOP_S


def facts_of(transfer: Transfer, *, bank_code: str, name_checked: bool, basis: str) -> dict[str, Any]:
    """Return the facts of a request, complete.

    Parameters
    ----------
    transfer : Transfer
        Whose money is to be stopped.
    bank_code : str
        Of the payee's bank, where the transfer does not say it.
    name_checked : bool
        Whether somebody compared the payee's name, where the bank's check does not say that it matches.
    basis : str
        Why, in up to 500 characters.

    Returns
    -------
    dict
        For the log of the case.

    Raises
    ------
    DataError
        If a fact is missing, or the bank found that the name does not match.
    """
    if transfer.payee_name_match is NameMatch.NO_MATCH:
        raise DataError(
            "the payee's name does not match: such an account must not be stopped", "户名不符：按规定不得止付"
        )
    bank = transfer.payee_bank_code or bank_code.strip()
    has_name = name_checked or transfer.payee_name_match is NameMatch.MATCH
    missing = [
        told
        for is_there, told in (
            (bool(bank) and len(bank) <= 32, ("the payee's bank", "收款行")),
            (has_name, ("that the name was checked", "户名已核对")),
            (0 < len(basis.strip()) <= _BASIS_MAX, ("why, in up to 500 characters", "依据（不超过 500 字）")),
        )
        if not is_there
    ]
    if missing:
        en, zh = (mark.join(told[place] for told in missing) for place, mark in ((0, ", "), (1, "、")))
        raise DataError(f"missing: {en}", f"缺少：{zh}")
    return {
        "transfer_id": transfer.transfer_id,
        "payee_account_id": transfer.payee_account_id,
        "payee_bank_code": bank,
        "amount_fen": transfer.amount_fen,
        "transfer_time_ms": to_ms(transfer.event_time),
        "basis": basis.strip(),
    }


def stop_in(acts: Sequence[ActRow]) -> Stop | None:
    """Return the request that a case waits on, or the last one signed; None when there is none.

    Parameters
    ----------
    acts : sequence of ActRow
        The log of the case.

    Returns
    -------
    Stop or None
        A draft that was withdrawn or refused is none.
    """
    stop: Stop | None = None
    for act in acts:
        if act.move == Move.DRAFT_STOP:
            stop = Stop(facts=act.detail, drafted_by=act.officer)
        elif act.move in {Move.WITHDRAW_STOP, Move.REFUSE_STOP}:
            stop = None
        elif act.move == Move.SIGN_STOP and stop is not None:
            stop = replace(stop, signed_by=act.officer, signed_at_ms=act.at_ms, number=int(act.detail["number"]))
    return stop


def document_of(stop: Stop, *, case_id: str, transfer: Transfer) -> dict[str, Any]:
    """Return a signed request as the police platform takes it in.

    Parameters
    ----------
    stop : Stop
        Signed.
    case_id : str
        The case.
    transfer : Transfer
        Whose money is to be stopped.

    Returns
    -------
    dict
        For JSON: accounts as tokens, moments with their zone, the amount in yuan as text.

    Raises
    ------
    ConflictError
        If it is not signed.
    """
    if stop.signed_at_ms is None or stop.ends_at_ms is None:
        raise ConflictError("the request is not signed yet", "该请求尚未签发")
    fen = int(stop.facts["amount_fen"])
    return {
        "request_id": f"{case_id}-{stop.number}",
        "request_type": "emergency_stop" if stop.number == 1 else "re_stop",
        "sequence_no": stop.number,
        "status": "signed",
        "case_no": case_id,
        "requested_at": _said(from_ms(stop.signed_at_ms)),
        "expires_at": _said(from_ms(stop.ends_at_ms)),
        "drafted_by": stop.drafted_by,
        "signed_by": stop.signed_by,
        "payer_account_token": transfer.payer_account_id,
        "payer_bank_code": transfer.payer_bank_code,
        "payee_account_token": stop.facts["payee_account_id"],
        "payee_bank_code": stop.facts["payee_bank_code"],
        "amount": f"{fen // 100}.{fen % 100:02}",
        "currency": transfer.currency or "CNY",
        "transfer_time": _said(from_ms(int(stop.facts["transfer_time_ms"]))),
        "transfer_ref": stop.facts["transfer_id"],
        "hop_level": 1,
        "basis": stop.facts["basis"],
    }


def _said(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds")
