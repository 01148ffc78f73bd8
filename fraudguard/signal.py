"""Signals from the bank's app, the telecom operator or the police."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated

from fraudguard.column import Column, Event
from fraudguard.errors import DataError

__all__ = ["Signal", "SignalSource", "SignalType"]


class SignalType(StrEnum):
    """What was observed."""

    FLAGGED_CALL_RECEIVED = "flagged_call_received"
    FLAGGED_SMS_RECEIVED = "flagged_sms_received"
    FRAUD_URL_VISITED = "fraud_url_visited"
    FRAUD_APP_INSTALLED = "fraud_app_installed"
    ACTIVE_CALL_DURING_SESSION = "active_call_during_session"
    SCREEN_SHARE_STARTED = "screen_share_started"
    REMOTE_CONTROL_DETECTED = "remote_control_detected"
    MEETING_APP_USED = "meeting_app_used"
    WARNING_96110_ISSUED = "warning_96110_issued"
    SMS_12381_SENT = "sms_12381_sent"
    DISSUASION_VISIT = "dissuasion_visit"
    SIM_CHANGED = "sim_changed"
    CALL_FORWARDING_ENABLED = "call_forwarding_enabled"
    ESIM_REISSUED = "esim_reissued"
    DEVICE_CHANGED = "device_changed"
    NEW_FACE_ENROL = "new_face_enrol"
    LIMIT_RAISED = "limit_raised"
    LOAN_APPLICATION = "loan_application"
    TERM_DEPOSIT_BREAK = "term_deposit_break"
    FUND_REDEMPTION = "fund_redemption"
    CASH_BOOKING = "cash_booking"
    PAYEE_REPORTED_BY_OTHER_VICTIM = "payee_reported_by_other_victim"
    PAYEE_STOP_REQUEST = "payee_stop_request"
    TWO_CARD_LEAD = "two_card_lead"
    SANCTION_LIST_HIT = "sanction_list_hit"
    FAMILY_CONTACT_CONFIRMED = "family_contact_confirmed"
    COUNTER_ALARM = "counter_alarm"


class SignalSource(StrEnum):
    """Who observed it."""

    BANK = "bank"
    TELECOM = "telecom"
    POLICE = "police"
    APP = "app"


class Signal(Event, frozen=True, kw_only=True):
    """One observation; usable only from `received_at` on.

    Raises
    ------
    DataError
        If the id is empty, a moment has no time zone, neither account nor
        holder is named, or the confidence is outside [0, 1].
    """

    signal_id: Annotated[str, Column(pointer="/signal_id", zh="信号编号", en="Signal id")]
    signal_type: Annotated[SignalType, Column(pointer="/signal_type", zh="信号种类", en="Signal type")]
    event_time: Annotated[datetime, Column(pointer="/event_time", zh="发生时刻", en="When it happened")]
    received_at: Annotated[datetime, Column(pointer="/received_at", zh="得知时刻", en="When it was learned")]
    account_id: Annotated[str | None, Column(pointer="/account_id", pii="C2", zh="账户代号", en="Account token")] = None
    holder_token: Annotated[
        str | None, Column(pointer="/holder_token", pii="C2", zh="持有人代号", en="Holder token")
    ] = None
    confidence: Annotated[float | None, Column(pointer="/confidence", zh="可信度 0–1", en="Confidence, 0 to 1")] = None
    source: Annotated[SignalSource | None, Column(pointer="/source", zh="来源", en="Source")] = None
    expires_at: Annotated[datetime | None, Column(pointer="/expires_at", zh="失效时刻", en="Expires at")] = None
    legal_basis: Annotated[str | None, Column(pointer="/legal_basis", zh="法律依据", en="Legal basis")] = None
    duration_s: Annotated[
        int | None, Column(pointer="/duration_s", pii="C2", unit="s", zh="时长（秒）", en="Duration")
    ] = None
    amount_fen: Annotated[
        int | None, Column(pointer="/amount_fen", pii="C2", unit="fen", zh="金额（分）", en="Amount in fen")
    ] = None

    def __post_init__(self) -> None:
        if not self.signal_id:
            raise DataError("signal_id is empty; every signal needs one", "signal_id 为空；每条信号都必须有")
        if not (self.account_id or self.holder_token):
            raise DataError(
                f"signal {self.signal_id}: name account_id or holder_token",
                f"信号 {self.signal_id}：account_id 与 holder_token 至少填一个",
            )
        if any(m is not None and m.tzinfo is None for m in (self.event_time, self.received_at, self.expires_at)):
            raise DataError(
                f"signal {self.signal_id}: a time without a zone; write +08:00 or Z",
                f"信号 {self.signal_id}：时间没有时区；请带 +08:00 或 Z",
            )
        if self.confidence is not None and not 0 <= self.confidence <= 1:
            raise DataError(
                f"signal {self.signal_id}: confidence must be within 0 and 1",
                f"信号 {self.signal_id}：confidence 必须在 0 与 1 之间",
            )
