"""Shipped features: shares of what was found of accounts, and how many strangers they deal with."""

from typing import Final

from fraudguard.features.expression import Expression, feature
from fraudguard.features.known import network
from fraudguard.features.shipped_views import (
    PAYEE_IN,
    PAYEE_OUT,
    PAYEE_OUT_FRESH,
    PAYEE_PATTERN,
    PAYER_IN,
    PAYER_IN_FRESH,
    PAYER_OUT,
    PAYER_OUT_FRESH,
)
from fraudguard.features.view import FeatureView
from fraudguard.wording import Bilingual

__all__ = ["FINDING_SHARES", "STRANGERS"]

_SIDES: Final = {
    "payer_out": Bilingual("付款账户付出的转账", "transfers out of the payer's account"),
    "payer_in": Bilingual("付款账户收到的转账", "transfers into the payer's account"),
    "payee_out": Bilingual("收款账户付出的转账", "transfers out of the payee's account"),
    "payee_in": Bilingual("收款账户收到的转账", "transfers into the payee's account"),
}
_SPANS: Final = {
    "_7d": Bilingual("近7天得知的", " learned of in the last 7 days"),
    "_30d": Bilingual("近30天得知的", " learned of in the last 30 days"),
    "": Bilingual("全部", ""),
}
_FRESH: Final = {
    "payer_out": (PAYER_OUT, PAYER_OUT_FRESH),
    "payer_in": (PAYER_IN, PAYER_IN_FRESH),
    "payee_out": (PAYEE_OUT, PAYEE_OUT_FRESH),
    "payee_in": (PAYEE_IN, PAYEE_PATTERN),
}
_DAYS: Final = {"1d": Bilingual("近1天", "last day"), "7d": Bilingual("近7天", "last 7 days")}


def _share(side: str, span: str) -> Expression:
    of, when = _SIDES[side], _SPANS[span]
    return feature(
        f"{side}_adverse_share{span}",
        network(f"{side}_adverse_findings{span}") / network(f"{side}_findings{span}"),
        unit="share",
        title=Bilingual(
            f"{of.zh}：{when.zh}结论中涉诈的占比", f"Share that is adverse among findings on {of.en}{when.en}"
        ),
        why=Bilingual("多次核实多次涉诈的账户风险最高", "Accounts found in fraud again and again carry the most risk."),
    )


def _strangers(side: str, views: tuple[FeatureView, FeatureView], span: str) -> Expression:
    of, when = _SIDES[side], _DAYS[span]
    activity, fresh = views
    return feature(
        f"{side}_first_time_count_{span}",
        fresh[f"first_time_share_{span}"] * activity[f"transfers_count_{span}"],
        unit="count",
        title=Bilingual(
            f"{of.zh}：{when.zh}与首次往来者的笔数", f"Of {of.en}, {when.en}, those with a first-time counterparty"
        ),
        why=Bilingual(
            "可疑账户一天内与许多从未往来的人收付款", "A suspected account deals with many strangers within a day."
        ),
    )


FINDING_SHARES: Final = tuple(_share(side, span) for side in _SIDES for span in _SPANS)
STRANGERS: Final = tuple(_strangers(side, views, span) for side, views in _FRESH.items() for span in _DAYS)
