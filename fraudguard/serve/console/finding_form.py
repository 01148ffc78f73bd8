"""The form by which an officer says what they found; it becomes the label of the next training."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation, Overflow
from typing import Any, Final

from starlette.datastructures import FormData

from fraudguard.errors import DataError
from fraudguard.finding import FindingSource, FindingValue, ScamType
from fraudguard.serve.console.translate import marked
from fraudguard.transfer import AMOUNT_MAX_FEN

__all__ = ["DEFINITIONS", "Entered", "fen_of", "finding_fields", "read_entered"]

_NOTE_MAX: Final = 2_000

DEFINITIONS: Final[Mapping[FindingValue, str]] = {
    FindingValue.VICTIM_TRANSFER: marked("付款人受骗后发起的转账，无论钱款是否已追回"),
    FindingValue.MULE_MOVEMENT: marked("疑似涉案账户接收、转移或取出钱款"),
    FindingValue.GENUINE: marked("付款人本人真实意愿，已经核实，没有受骗迹象"),
    FindingValue.CIVIL_DISPUTE: marked("双方有真实往来而发生争议，不属于诈骗"),
    FindingValue.UNDETERMINED: marked("现有情况不足以判断；不用于训练"),
}
"""What each finding means, shown beside the choice."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entered:
    """What an officer typed, kept when it does not fit."""

    finding: str = ""
    scam_type: str = ""
    loss: str = ""
    note: str = ""


def read_entered(form: FormData) -> Entered:
    """Return what a form says."""
    return Entered(**{name: str(form.get(name, "")).strip() for name in ("finding", "scam_type", "loss", "note")})


def finding_fields(entered: Entered, *, author: str, at: datetime) -> dict[str, Any]:
    """Return the fields of a finding, without its id and what it is about.

    Raises
    ------
    DataError
        If something is missing or does not fit.
    """
    if entered.finding not in set(FindingValue):
        raise DataError("choose a finding", "请选择结论")
    found = FindingValue(entered.finding)
    if found is FindingValue.VICTIM_TRANSFER and entered.scam_type not in set(ScamType):
        raise DataError("choose the kind of scam", "请选择诈骗类型")
    if len(entered.note) > _NOTE_MAX or "\0" in entered.note:
        raise DataError("the note is longer than 2000 characters", "备注超过 2000 个字符")
    return {
        "finding": found,
        "event_time": at,
        "received_at": at,
        "scam_type": ScamType(entered.scam_type) if entered.scam_type in set(ScamType) else None,
        "source": FindingSource.OFFICER,
        "loss_fen": fen_of(entered.loss),
        "author": author,
        "note": entered.note or None,
    }


def fen_of(yuan: str) -> int | None:
    """Return an amount that was typed in yuan, in fen; None when nothing was typed.

    Raises
    ------
    DataError
        If it is not an amount.
    """
    if not yuan:
        return None
    try:
        fen = Decimal(yuan.replace(",", "").replace("，", "")) * 100
    except (InvalidOperation, Overflow):
        fen = Decimal(-1)
    if not (fen.is_finite() and 0 <= fen <= AMOUNT_MAX_FEN and fen == fen.to_integral_value()):
        raise DataError("write the loss in yuan, such as 49800.00", "损失请以元填写，例如 49800.00")
    return int(fen)
