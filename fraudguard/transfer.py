"""The transfer: the one event the whole package is about.

The fields are those of `docs/reference/schema.md`, which is made from this
file. Only the five fields without a default are required; every other one
may be absent, and absent is never the same as ``False`` or zero.
"""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Final

from fraudguard.column import Column, Event
from fraudguard.errors import DataError

__all__ = [
    "AMOUNT_MAX_FEN",
    "AuthMethod",
    "Channel",
    "EventType",
    "NameMatch",
    "PayeeType",
    "SettlementSpeed",
    "Transfer",
]

AMOUNT_MAX_FEN: Final = 2**42
"""Largest amount accepted: with it, sums over 2**21 events stay exact."""


class EventType(StrEnum):
    """What kind of movement it is."""

    TRANSFER = "transfer"
    CASH_WITHDRAWAL = "cash_withdrawal"
    CASH_WITHDRAWAL_BOOKING = "cash_withdrawal_booking"
    TERM_DEPOSIT_BREAK = "term_deposit_break"
    FUND_REDEMPTION = "fund_redemption"
    LOAN_DISBURSEMENT = "loan_disbursement"
    CARD_PAYMENT = "card_payment"
    WALLET_TOPUP = "wallet_topup"
    CRYPTO_OTC = "crypto_otc"


class Channel(StrEnum):
    """Where the payer gave the order."""

    MOBILE_APP = "mobile_app"
    WEB = "web"
    ATM = "atm"
    COUNTER = "counter"
    PHONE = "phone"
    QR = "qr"
    OPEN_API = "open_api"
    POS = "pos"


class NameMatch(StrEnum):
    """Answer of a payee name check (ISO 20022 acmt.024; EU VoP codes)."""

    MATCH = "MTCH"
    CLOSE_MATCH = "CMTC"
    NO_MATCH = "NMTC"
    NOT_POSSIBLE = "NOAP"


class PayeeType(StrEnum):
    """Who the payee is."""

    PERSON = "person"
    ORGANISATION = "organisation"
    MERCHANT = "merchant"
    OWN_ACCOUNT = "own_account"
    WALLET = "wallet"


class SettlementSpeed(StrEnum):
    """When the payer asked for the money to arrive."""

    REAL_TIME = "real_time"
    TWO_HOUR = "two_hour"
    NEXT_DAY = "next_day"


class AuthMethod(StrEnum):
    """How the payer proved who they are."""

    PASSWORD = "password"  # noqa: S105  # the name of a method, not a secret
    OTP = "otp"
    FACE = "face"
    FINGERPRINT = "fingerprint"
    UKEY = "ukey"
    NONE = "none"


class Transfer(Event, frozen=True, kw_only=True):
    """Money ordered from one account to another.

    Amounts are integers of fen (1/100 yuan), moments carry a time zone. A value
    that exists is right: nothing downstream checks again.

    Raises
    ------
    DataError
        If an id is empty, an amount is negative or above `AMOUNT_MAX_FEN`, or
        a moment has no time zone.

    Examples
    --------
    >>> from datetime import UTC
    >>> Transfer(
    ...     transfer_id="T1",
    ...     event_time=datetime(2026, 1, 2, 11, 4, tzinfo=UTC),
    ...     payer_account_id="a1",
    ...     payee_account_id="b1",
    ...     amount_fen=4_980_000,
    ... ).amount_fen
    4980000
    """

    transfer_id: Annotated[
        str, Column(pointer="/transfer_id", zh="转账编号，银行内唯一", en="Transfer id, unique in the bank")
    ]
    event_time: Annotated[
        datetime, Column(pointer="/event_time", zh="付款人发起的时刻", en="When the payer gave the order")
    ]
    payer_account_id: Annotated[
        str, Column(pointer="/payer/account_id", pii="C2", zh="付款账户代号", en="Payer account token")
    ]
    payee_account_id: Annotated[
        str, Column(pointer="/payee/account_id", pii="C2", zh="收款账户代号", en="Payee account token")
    ]
    amount_fen: Annotated[
        int, Column(pointer="/amount/value", pii="C2", unit="fen", zh="金额（分）", en="Amount in fen")
    ]
    currency: Annotated[str | None, Column(pointer="/amount/currency", zh="币种", en="Currency, ISO 4217")] = None
    event_type: Annotated[EventType | None, Column(pointer="/event_type", zh="交易种类", en="Kind of movement")] = None
    end_to_end_id: Annotated[str | None, Column(pointer="/end_to_end_id", zh="端到端标识号", en="End-to-end id")] = None
    channel: Annotated[Channel | None, Column(pointer="/channel", zh="渠道", en="Channel")] = None
    settlement_speed: Annotated[
        SettlementSpeed | None, Column(pointer="/settlement_speed", zh="到账方式", en="Settlement speed")
    ] = None
    category_purpose: Annotated[
        str | None, Column(pointer="/category_purpose", zh="业务类型编码", en="Category purpose code")
    ] = None
    purpose_code: Annotated[str | None, Column(pointer="/purpose_code", zh="业务种类编码", en="Purpose code")] = None
    remittance_info: Annotated[
        str | None, Column(pointer="/remittance_info", pii="C2", zh="附言，已脱敏", en="Remittance text, scrubbed")
    ] = None
    batch_id: Annotated[str | None, Column(pointer="/batch_id", zh="批次号", en="Batch id")] = None

    payer_name_hash: Annotated[
        str | None, Column(pointer="/payer/name_hash", pii="C2", zh="付款人名称散列", en="Keyed hash of payer name")
    ] = None
    payer_bank_code: Annotated[
        str | None, Column(pointer="/payer/bank_code", zh="付款行行号", en="Payer bank code")
    ] = None
    payer_balance_before_fen: Annotated[
        int | None,
        Column(pointer="/payer/balance_before_fen", pii="C2", unit="fen", zh="付款前余额（分）", en="Balance before"),
    ] = None
    payee_name_hash: Annotated[
        str | None, Column(pointer="/payee/name_hash", pii="C2", zh="收款人名称散列", en="Keyed hash of payee name")
    ] = None
    payee_name_match: Annotated[
        NameMatch | None, Column(pointer="/payee/name_match", zh="户名核对结果", en="Payee name check")
    ] = None
    payee_bank_code: Annotated[
        str | None, Column(pointer="/payee/bank_code", zh="收款行行号", en="Payee bank code")
    ] = None
    payee_type: Annotated[PayeeType | None, Column(pointer="/payee/type", zh="收款人类别", en="Payee type")] = None
    payee_balance_before_fen: Annotated[
        int | None,
        Column(
            pointer="/payee/balance_before_fen",
            pii="C2",
            unit="fen",
            zh="收款账户此前余额（分）",
            en="Payee balance before",
        ),
    ] = None
    is_new_payee: Annotated[
        bool | None, Column(pointer="/payee/is_new", zh="银行认定的新收款人", en="New payee in the bank's own list")
    ] = None
    payee_added_at: Annotated[
        datetime | None, Column(pointer="/payee/added_at", zh="收款人登记时刻", en="When the payee was added")
    ] = None

    auth_method: Annotated[
        AuthMethod | None, Column(pointer="/session/auth_method", zh="验证方式", en="Authentication method")
    ] = None
    auth_attempts: Annotated[
        int | None, Column(pointer="/session/auth_attempts", zh="验证次数", en="Authentication attempts")
    ] = None
    face_check_count: Annotated[
        int | None, Column(pointer="/session/face_check_count", zh="刷脸次数", en="Face checks")
    ] = None
    session_duration_s: Annotated[
        int | None, Column(pointer="/session/duration_s", unit="s", zh="会话时长（秒）", en="Session length")
    ] = None
    time_on_confirm_s: Annotated[
        int | None,
        Column(pointer="/session/time_on_confirm_s", unit="s", zh="确认页停留（秒）", en="Time on confirm page"),
    ] = None
    typing_pauses: Annotated[
        int | None, Column(pointer="/session/typing_pauses", zh="输入停顿次数", en="Typing pauses")
    ] = None
    paste_used: Annotated[
        bool | None, Column(pointer="/session/paste_used", zh="粘贴了账号", en="Account number was pasted")
    ] = None
    app_switch_count: Annotated[
        int | None, Column(pointer="/session/app_switch_count", zh="切换应用次数", en="App switches")
    ] = None
    active_call: Annotated[
        bool | None, Column(pointer="/session/active_call", pii="C2", zh="正在通话", en="On a call now")
    ] = None
    call_duration_s: Annotated[
        int | None,
        Column(pointer="/session/call_duration_s", pii="C2", unit="s", zh="通话时长（秒）", en="Length of the call"),
    ] = None
    call_number_known: Annotated[
        bool | None,
        Column(pointer="/session/call_number_known", pii="C2", zh="来电在通讯录中", en="Caller is in the contacts"),
    ] = None
    screen_share_active: Annotated[
        bool | None,
        Column(pointer="/session/screen_share_active", pii="C2", zh="正在共享屏幕", en="Sharing the screen"),
    ] = None
    remote_control_app: Annotated[
        bool | None,
        Column(pointer="/session/remote_control_app", pii="C2", zh="远程控制应用运行中", en="Remote control app runs"),
    ] = None
    accessibility_abuse: Annotated[
        bool | None,
        Column(
            pointer="/session/accessibility_abuse", pii="C2", zh="无障碍权限被滥用", en="Accessibility service abused"
        ),
    ] = None
    meeting_app_foreground: Annotated[
        bool | None,
        Column(
            pointer="/session/meeting_app_foreground", pii="C2", zh="会议应用在前台", en="Meeting app in foreground"
        ),
    ] = None
    call_forwarding_on: Annotated[
        bool | None,
        Column(pointer="/session/call_forwarding_on", pii="C2", zh="呼叫转移已开", en="Calls are forwarded"),
    ] = None
    warning_shown: Annotated[
        str | None, Column(pointer="/session/warning_shown", zh="已展示的提醒编号", en="Id of the warning shown")
    ] = None
    warning_answer: Annotated[
        str | None, Column(pointer="/session/warning_answer", zh="对提醒的回答", en="Answer to the warning")
    ] = None
    customer_override: Annotated[
        bool | None, Column(pointer="/session/customer_override", zh="客户坚持付款", en="Customer overrode the warning")
    ] = None
    teller_observation: Annotated[
        tuple[str, ...] | None, Column(pointer="/session/teller_observation", zh="柜员观察代码", en="Teller's codes")
    ] = None

    device_id: Annotated[
        str | None, Column(pointer="/device/device_id", pii="C2", zh="设备代号", en="Device token")
    ] = None
    device_first_seen_at: Annotated[
        datetime | None, Column(pointer="/device/first_seen_at", zh="设备首见时刻", en="When the device was first seen")
    ] = None
    device_os: Annotated[str | None, Column(pointer="/device/os", pii="C2", zh="操作系统", en="Operating system")] = (
        None
    )
    ip_hash: Annotated[str | None, Column(pointer="/device/ip_hash", pii="C2", zh="IP 散列", en="Hash of the IP")] = (
        None
    )
    ip_asn: Annotated[
        str | None, Column(pointer="/device/ip_asn", pii="C2", zh="IP 自治系统号", en="Autonomous system of the IP")
    ] = None
    ip_country: Annotated[
        str | None, Column(pointer="/device/ip_country", pii="C2", zh="IP 所在国家", en="Country of the IP")
    ] = None
    ip_is_proxy: Annotated[
        bool | None, Column(pointer="/device/ip_is_proxy", pii="C2", zh="IP 为代理", en="IP is a proxy")
    ] = None
    mac_hash: Annotated[
        str | None, Column(pointer="/device/mac_hash", pii="C2", zh="网卡地址散列", en="Hash of the network card")
    ] = None
    terminal_id: Annotated[
        str | None, Column(pointer="/device/terminal_id", pii="C2", zh="受理终端代号", en="Acceptance terminal token")
    ] = None
    geo_cell: Annotated[
        str | None, Column(pointer="/device/geo_cell", pii="C2", zh="位置网格（约 5 公里）", en="Geohash, about 5 km")
    ] = None

    def __post_init__(self) -> None:
        _require_ids(self)
        _require_amount(self)
        _require_zone(self)


def _require_ids(transfer: Transfer) -> None:
    for name in ("transfer_id", "payer_account_id", "payee_account_id"):
        if not getattr(transfer, name):
            raise DataError(f"{name} is empty; every transfer needs one", f"{name} 为空；每笔转账都必须有")


def _require_amount(transfer: Transfer) -> None:
    if not 0 <= transfer.amount_fen <= AMOUNT_MAX_FEN:
        raise DataError(
            f"transfer {transfer.transfer_id}: amount_fen is {transfer.amount_fen}; it must be within 0 and {AMOUNT_MAX_FEN}",
            f"转账 {transfer.transfer_id}：amount_fen 为 {transfer.amount_fen}，必须在 0 与 {AMOUNT_MAX_FEN} 之间",
        )


def _require_zone(transfer: Transfer) -> None:
    moments = (transfer.event_time, transfer.payee_added_at, transfer.device_first_seen_at)
    if any(moment is not None and moment.tzinfo is None for moment in moments):
        raise DataError(
            f"transfer {transfer.transfer_id}: a time without a zone; write 2026-01-02T11:04:07+08:00 or …Z",
            f"转账 {transfer.transfer_id}：时间没有时区；请写成 2026-01-02T11:04:07+08:00 或以 Z 结尾",
        )
