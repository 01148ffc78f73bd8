"""Shipped features: what was learned of accounts, of their neighbourhood, and by signals."""

from typing import Final

from fraudguard.features.expression import Expression, feature, field
from fraudguard.features.known import NETWORK, SOURCE_OF, account, coverage, network, signal, since_signal
from fraudguard.signal import SignalSource, SignalType
from fraudguard.wording import Bilingual, word

__all__ = ["ACCOUNT_FEATURES", "NETWORK_FEATURES", "SIGNAL_FEATURES"]

_AMOUNT: Final = field("amount_fen")
_EVENT_TIME: Final = field("event_time")
_DAY_MS: Final = 86_400_000
_OF_PAYEE: Final = (
    SignalType.PAYEE_REPORTED_BY_OTHER_VICTIM,
    SignalType.PAYEE_STOP_REQUEST,
    SignalType.TWO_CARD_LEAD,
    SignalType.SANCTION_LIST_HIT,
)
_SINCE: Final = (SignalType.FLAGGED_CALL_RECEIVED, SignalType.WARNING_96110_ISSUED, SignalType.LOAN_APPLICATION)
_SIGNAL_WHY: Final = {
    SignalSource.TELECOM: Bilingual("通信侧出现涉诈联络的迹象", "The telecom side saw contact with fraud."),
    SignalSource.APP: Bilingual("手机上出现被人指挥的迹象", "The phone shows signs of somebody directing it."),
    SignalSource.POLICE: Bilingual("公安已掌握线索或已预警", "The police have a lead or have warned already."),
    SignalSource.BANK: Bilingual("银行侧出现变现、调额等准备动作", "The bank saw preparations such as cashing in."),
}

NETWORK_FEATURES: Final = tuple(
    feature(name, network(name), unit=number.unit, title=number.title, why=number.why)
    for name, number in NETWORK.items()
)


def _signal_feature(kind: SignalType) -> Expression:
    who, zh, en = ("payee", "收款账户", "Payee") if kind in _OF_PAYEE else ("payer", "付款人", "Payer")
    return feature(
        f"{who}_signal_{kind.removeprefix('payee_')}",
        signal(who, kind),
        unit="flag",
        title=Bilingual(f"{zh}：{word('signal_type', kind, 'zh')}", f"{en}: {word('signal_type', kind, 'en')}"),
        why=_SIGNAL_WHY[SOURCE_OF[kind]],
    )


def _since_feature(kind: SignalType) -> Expression:
    zh, en = word("signal_type", kind, "zh"), word("signal_type", kind, "en")
    return feature(
        f"payer_since_{kind}_s",
        since_signal("payer", kind),
        unit="s",
        title=Bilingual(f"距付款人最近一次{zh}", f"Payer, time since: {en}"),
        why=_SIGNAL_WHY[SOURCE_OF[kind]],
    )


def _coverage_feature(source: SignalSource) -> Expression:
    zh, en = word("signal_source", source, "zh"), word("signal_source", source, "en")
    return feature(
        f"{source}_signals_arrive",
        coverage(source),
        unit="flag",
        title=Bilingual(f"近7天有{zh}信号传来", f"{en}: signals arrived in the last 7 days"),
        why=Bilingual("没有信号传来时，“未见”不等于“没有”", "While nothing arrives, not seen does not mean no."),
    )


SIGNAL_FEATURES: Final = (
    *map(_signal_feature, SignalType),
    *map(_since_feature, _SINCE),
    *map(_coverage_feature, SignalSource),
)

ACCOUNT_FEATURES: Final = (
    feature(
        "payer_account_age_d",
        (_EVENT_TIME - account("payer", "opened_at")) / _DAY_MS,
        unit="",
        title=Bilingual("付款账户开户天数", "Payer's account: days since opening"),
        why=Bilingual(
            "新开户、新绑手机或有前情的账户风险更高",
            "Accounts that are new, on a new phone or with a history carry more risk.",
        ),
    ),
    feature(
        "payer_phone_age_d",
        (_EVENT_TIME - account("payer", "phone_bound_at")) / _DAY_MS,
        unit="",
        title=Bilingual("付款账户绑定手机天数", "Payer's account: days since the phone was bound"),
        why=Bilingual(
            "新开户、新绑手机或有前情的账户风险更高",
            "Accounts that are new, on a new phone or with a history carry more risk.",
        ),
    ),
    feature(
        "payer_account_class",
        account("payer", "account_class"),
        unit="",
        title=Bilingual("付款账户类别", "Payer's account: class"),
        why=Bilingual(
            "新开户、新绑手机或有前情的账户风险更高",
            "Accounts that are new, on a new phone or with a history carry more risk.",
        ),
    ),
    feature(
        "payer_holder_type",
        account("payer", "holder_type"),
        unit="",
        title=Bilingual("付款账户持有人类别", "Payer's account: holder type"),
        why=Bilingual(
            "新开户、新绑手机或有前情的账户风险更高",
            "Accounts that are new, on a new phone or with a history carry more risk.",
        ),
    ),
    feature(
        "payer_account_status",
        account("payer", "account_status"),
        unit="",
        title=Bilingual("付款账户状态", "Payer's account: status"),
        why=Bilingual(
            "新开户、新绑手机或有前情的账户风险更高",
            "Accounts that are new, on a new phone or with a history carry more risk.",
        ),
    ),
    feature(
        "payer_known_involved",
        account("payer", "known_involved"),
        unit="",
        title=Bilingual("付款账户涉案情况", "Payer's account: known involvement"),
        why=Bilingual(
            "新开户、新绑手机或有前情的账户风险更高",
            "Accounts that are new, on a new phone or with a history carry more risk.",
        ),
    ),
    feature(
        "payee_account_age_d",
        (_EVENT_TIME - account("payee", "opened_at")) / _DAY_MS,
        unit="",
        title=Bilingual("收款账户开户天数", "Payee's account: days since opening"),
        why=Bilingual(
            "新开户、新绑手机或有前情的账户风险更高",
            "Accounts that are new, on a new phone or with a history carry more risk.",
        ),
    ),
    feature(
        "payee_phone_age_d",
        (_EVENT_TIME - account("payee", "phone_bound_at")) / _DAY_MS,
        unit="",
        title=Bilingual("收款账户绑定手机天数", "Payee's account: days since the phone was bound"),
        why=Bilingual(
            "新开户、新绑手机或有前情的账户风险更高",
            "Accounts that are new, on a new phone or with a history carry more risk.",
        ),
    ),
    feature(
        "payee_account_class",
        account("payee", "account_class"),
        unit="",
        title=Bilingual("收款账户类别", "Payee's account: class"),
        why=Bilingual(
            "新开户、新绑手机或有前情的账户风险更高",
            "Accounts that are new, on a new phone or with a history carry more risk.",
        ),
    ),
    feature(
        "payee_holder_type",
        account("payee", "holder_type"),
        unit="",
        title=Bilingual("收款账户持有人类别", "Payee's account: holder type"),
        why=Bilingual(
            "新开户、新绑手机或有前情的账户风险更高",
            "Accounts that are new, on a new phone or with a history carry more risk.",
        ),
    ),
    feature(
        "payee_account_status",
        account("payee", "account_status"),
        unit="",
        title=Bilingual("收款账户状态", "Payee's account: status"),
        why=Bilingual(
            "新开户、新绑手机或有前情的账户风险更高",
            "Accounts that are new, on a new phone or with a history carry more risk.",
        ),
    ),
    feature(
        "payee_known_involved",
        account("payee", "known_involved"),
        unit="",
        title=Bilingual("收款账户涉案情况", "Payee's account: known involvement"),
        why=Bilingual(
            "新开户、新绑手机或有前情的账户风险更高",
            "Accounts that are new, on a new phone or with a history carry more risk.",
        ),
    ),
    feature(
        "payer_holder_age_band",
        account("payer", "holder_age_band"),
        unit="",
        title=Bilingual("付款人年龄段", "Payer's age band"),
        why=Bilingual(
            "新开户、新绑手机或有前情的账户风险更高",
            "Accounts that are new, on a new phone or with a history carry more risk.",
        ),
    ),
    feature(
        "payer_payroll_account",
        account("payer", "payroll_account"),
        unit="flag",
        title=Bilingual("付款账户为代发工资户", "Salary is paid into the payer's account"),
        why=Bilingual(
            "新开户、新绑手机或有前情的账户风险更高",
            "Accounts that are new, on a new phone or with a history carry more risk.",
        ),
    ),
    feature(
        "payer_prior_victim",
        account("payer", "prior_victim"),
        unit="flag",
        title=Bilingual("付款人曾受骗", "Payer was a victim before"),
        why=Bilingual(
            "新开户、新绑手机或有前情的账户风险更高",
            "Accounts that are new, on a new phone or with a history carry more risk.",
        ),
    ),
    feature(
        "payer_prior_warnings_90d",
        account("payer", "prior_warnings_90d"),
        unit="count",
        title=Bilingual("付款人近90天预警次数", "Warnings to the payer in 90 days"),
        why=Bilingual(
            "新开户、新绑手机或有前情的账户风险更高",
            "Accounts that are new, on a new phone or with a history carry more risk.",
        ),
    ),
    feature(
        "amount_to_payer_income",
        _AMOUNT / account("payer", "declared_monthly_income_fen"),
        unit="ratio",
        title=Bilingual("本笔金额与申报月收入之比", "Amount against the declared monthly income"),
        why=Bilingual(
            "新开户、新绑手机或有前情的账户风险更高",
            "Accounts that are new, on a new phone or with a history carry more risk.",
        ),
    ),
    feature(
        "amount_to_payer_daily_limit",
        _AMOUNT / account("payer", "daily_limit_fen"),
        unit="ratio",
        title=Bilingual("本笔金额与日限额之比", "Amount against the daily limit"),
        why=Bilingual(
            "新开户、新绑手机或有前情的账户风险更高",
            "Accounts that are new, on a new phone or with a history carry more risk.",
        ),
    ),
)
