"""What is known of an account, from a moment on."""

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated

from fraudguard.column import Column, Event
from fraudguard.errors import DataError

__all__ = ["Account", "AccountClass", "AccountStatus", "AgeBand", "HolderType", "KnownInvolved"]


class AccountClass(StrEnum):
    """Class of the account; II and III carry legal limits."""

    I = "I"  # noqa: E741  # the name in the rule
    II = "II"
    III = "III"
    CORPORATE = "corporate"
    WALLET = "wallet"


class HolderType(StrEnum):
    """Who holds the account."""

    PERSON = "person"
    SOLE_TRADER = "sole_trader"
    ORGANISATION = "organisation"


class AgeBand(StrEnum):
    """Age band of the holder."""

    UNDER_18 = "<18"
    FROM_18 = "18-24"
    FROM_25 = "25-34"
    FROM_35 = "35-49"
    FROM_50 = "50-64"
    FROM_65 = "65-74"
    FROM_75 = "75+"


class AccountStatus(StrEnum):
    """Whether the account may pay and be paid."""

    NORMAL = "normal"
    DORMANT = "dormant"
    NON_COUNTER_SUSPENDED = "non_counter_suspended"
    STOP_PAYMENT = "stop_payment"
    FROZEN = "frozen"
    CLOSED = "closed"


class KnownInvolved(StrEnum):
    """What is known of an account's part in a case, at `received_at`."""

    NONE = "none"
    SUSPECT = "suspect"
    LAYER_1 = "L1"
    LAYER_2 = "L2"
    LAYER_3 = "L3"
    CONFIRMED = "confirmed"


class Account(Event, frozen=True, kw_only=True):
    """One row of what is known of an account; it counts from `received_at` on.

    Raises
    ------
    DataError
        If the account id is empty or `received_at` has no time zone.
    """

    account_id: Annotated[str, Column(pointer="/account_id", pii="C2", zh="账户代号", en="Account token")]
    received_at: Annotated[datetime, Column(pointer="/received_at", zh="得知时刻", en="When this row was learned")]
    bank_code: Annotated[str | None, Column(pointer="/bank_code", zh="行号", en="Bank code")] = None
    branch_code: Annotated[str | None, Column(pointer="/branch_code", zh="网点号", en="Branch code")] = None
    branch_region: Annotated[
        str | None, Column(pointer="/branch_region", zh="开户地（GB/T 2260）", en="Region of the branch, GB/T 2260")
    ] = None
    account_class: Annotated[
        AccountClass | None, Column(pointer="/account_class", zh="账户类别", en="Account class")
    ] = None
    opened_at: Annotated[date | None, Column(pointer="/opened_at", zh="开户日", en="Opening date")] = None
    closed_at: Annotated[date | None, Column(pointer="/closed_at", zh="销户日", en="Closing date")] = None
    opening_channel: Annotated[str | None, Column(pointer="/opening_channel", zh="开户渠道", en="Opening channel")] = (
        None
    )
    holder_token: Annotated[
        str | None, Column(pointer="/holder_token", pii="C2", zh="持有人代号", en="Holder token")
    ] = None
    holder_type: Annotated[
        HolderType | None, Column(pointer="/holder_type", pii="C2", zh="持有人类别", en="Holder type")
    ] = None
    holder_age_band: Annotated[
        AgeBand | None, Column(pointer="/holder_age_band", pii="C2", zh="年龄段", en="Age band")
    ] = None
    holder_region: Annotated[
        str | None, Column(pointer="/holder_region", pii="C2", zh="持有人地区", en="Region of the holder")
    ] = None
    occupation_code: Annotated[
        str | None, Column(pointer="/occupation_code", pii="C2", zh="职业代码", en="Occupation, GB/T 6565")
    ] = None
    industry_code: Annotated[str | None, Column(pointer="/industry_code", zh="行业代码", en="Industry, GB/T 4754")] = (
        None
    )
    phone_token: Annotated[str | None, Column(pointer="/phone_token", pii="C2", zh="手机号代号", en="Phone token")] = (
        None
    )
    phone_bound_at: Annotated[date | None, Column(pointer="/phone_bound_at", zh="绑定手机日", en="Phone bound on")] = (
        None
    )
    kyc_level: Annotated[str | None, Column(pointer="/kyc_level", zh="尽调等级", en="Due-diligence level")] = None
    kyc_refreshed_at: Annotated[
        date | None, Column(pointer="/kyc_refreshed_at", zh="尽调更新日", en="Due diligence refreshed on")
    ] = None
    daily_limit_fen: Annotated[
        int | None, Column(pointer="/daily_limit_fen", unit="fen", zh="日限额（分）", en="Daily limit")
    ] = None
    declared_monthly_income_fen: Annotated[
        int | None,
        Column(
            pointer="/declared_monthly_income_fen", pii="C2", unit="fen", zh="申报月收入（分）", en="Declared income"
        ),
    ] = None
    payroll_account: Annotated[
        bool | None, Column(pointer="/payroll_account", zh="代发工资户", en="Salary is paid in here")
    ] = None
    account_status: Annotated[
        AccountStatus | None, Column(pointer="/account_status", zh="账户状态", en="Account status")
    ] = None
    risk_level: Annotated[str | None, Column(pointer="/risk_level", zh="洗钱风险等级", en="AML grade")] = None
    sanction_until: Annotated[
        date | None, Column(pointer="/sanction_until", zh="惩戒截止日", en="Sanction ends on")
    ] = None
    known_involved: Annotated[
        KnownInvolved | None, Column(pointer="/known_involved", zh="涉案情况", en="Known involvement")
    ] = None
    merchant_mcc: Annotated[str | None, Column(pointer="/merchant_mcc", zh="商户类别码", en="Merchant category")] = None
    prior_warnings_90d: Annotated[
        int | None, Column(pointer="/prior_warnings_90d", zh="近90天预警次数", en="Warnings in 90 days")
    ] = None
    prior_victim: Annotated[
        bool | None, Column(pointer="/prior_victim", pii="C2", zh="曾受骗", en="Was a victim before")
    ] = None

    def __post_init__(self) -> None:
        if not self.account_id:
            raise DataError("account_id is empty; every account row needs one", "account_id 为空；每行都必须有")
        if self.received_at.tzinfo is None:
            raise DataError("account: received_at has no zone; write +08:00 or Z", "账户：received_at 没有时区")
