"""Findings: what an officer or another source states about a transfer or an account."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated

from fraudguard.column import Column, Event
from fraudguard.errors import DataError

__all__ = ["Finding", "FindingSource", "FindingValue", "ScamType"]


class FindingValue(StrEnum):
    """What was found."""

    VICTIM_TRANSFER = "victim_transfer"
    MULE_MOVEMENT = "mule_movement"
    GENUINE = "genuine"
    CIVIL_DISPUTE = "civil_dispute"
    UNDETERMINED = "undetermined"


class FindingSource(StrEnum):
    """Who found it."""

    OFFICER = "officer"
    VICTIM_REPORT = "victim_report"
    POLICE_CASE = "police_case"
    BANK_CONFIRMED = "bank_confirmed"
    DISSUASION_CONFIRMED = "dissuasion_confirmed"
    STOP_FEEDBACK = "stop_feedback"
    SAMPLED_REVIEW = "sampled_review"
    IMPORTED = "imported"


class ScamType(StrEnum):
    """Kind of scam."""

    BRUSHING = "brushing"
    INVESTMENT = "investment"
    PURCHASE_SERVICE = "purchase_service"
    FAKE_CUSTOMER_SERVICE = "fake_customer_service"
    SCREEN_SHARE_CANCEL = "screen_share_cancel"
    POLICE_IMPERSONATION = "police_impersonation"
    FAKE_LOAN = "fake_loan"
    CREDIT_REPAIR = "credit_repair"
    IMPERSONATE_BOSS_FRIEND = "impersonate_boss_friend"
    ROMANCE = "romance"
    GAME_TRADE = "game_trade"
    CASH_COURIER = "cash_courier"
    OTHER = "other"


class Finding(Event, frozen=True, kw_only=True):
    """One statement, appended and never changed; a later one may supersede it.

    Raises
    ------
    DataError
        If the id is empty, neither or both of transfer and account are named,
        a moment has no time zone, or the loss is negative.
    """

    finding_id: Annotated[str, Column(pointer="/finding_id", zh="结论编号", en="Finding id")]
    finding: Annotated[FindingValue, Column(pointer="/finding", zh="结论", en="What was found")]
    event_time: Annotated[datetime, Column(pointer="/event_time", zh="作出时刻", en="When it was found")]
    received_at: Annotated[datetime, Column(pointer="/received_at", zh="得知时刻", en="When it was learned")]
    transfer_id: Annotated[str | None, Column(pointer="/transfer_id", zh="转账编号", en="Transfer id")] = None
    account_id: Annotated[str | None, Column(pointer="/account_id", pii="C2", zh="账户代号", en="Account token")] = None
    scam_type: Annotated[ScamType | None, Column(pointer="/scam_type", zh="诈骗类型", en="Scam type")] = None
    source: Annotated[FindingSource | None, Column(pointer="/source", zh="来源", en="Source")] = None
    loss_fen: Annotated[
        int | None, Column(pointer="/loss_fen", pii="C2", unit="fen", zh="损失（分）", en="Loss in fen")
    ] = None
    supersedes: Annotated[
        str | None, Column(pointer="/supersedes", zh="取代的结论编号", en="Id of the finding it replaces")
    ] = None
    author: Annotated[str | None, Column(pointer="/author", zh="作出人", en="Who found it")] = None
    note: Annotated[str | None, Column(pointer="/note", pii="C2", zh="备注", en="Note")] = None

    def __post_init__(self) -> None:
        if not self.finding_id:
            raise DataError("finding_id is empty; every finding needs one", "finding_id 为空；每条结论都必须有")
        if bool(self.transfer_id) == bool(self.account_id):
            raise DataError(
                f"finding {self.finding_id}: name either transfer_id or account_id",
                f"结论 {self.finding_id}：transfer_id 与 account_id 必须且只能填一个",
            )
        if self.event_time.tzinfo is None or self.received_at.tzinfo is None:
            raise DataError(
                f"finding {self.finding_id}: a time without a zone; write +08:00 or Z",
                f"结论 {self.finding_id}：时间没有时区；请带 +08:00 或 Z",
            )
        if self.loss_fen is not None and self.loss_fen < 0:
            raise DataError(
                f"finding {self.finding_id}: loss_fen is negative", f"结论 {self.finding_id}：loss_fen 为负"
            )
