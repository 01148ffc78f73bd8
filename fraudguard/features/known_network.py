"""The numbers of the neighbourhood: what each is, and what people read about it."""

from dataclasses import dataclass
from typing import Final

from fraudguard.wording import Bilingual

__all__ = ["NETWORK", "Neighbourhood"]


@dataclass(frozen=True, slots=True)
class Neighbourhood:
    """One number of the neighbourhood, and what people read about it.

    Parameters
    ----------
    unit : str
        As in `fraudguard.features.expression.Expression`.
    title, why : Bilingual
        What the number says; what behaviour it is meant to catch.
    """

    unit: str
    title: Bilingual
    why: Bilingual


_FOLLOWS: Final = Bilingual("涉案资金沿可疑账户逐层转移", "Money of a case moves on through suspected accounts.")
_GATHERS: Final = Bilingual("同一收款账户常骗多人", "The same receiving account is used on many victims.")
_THROUGH: Final = Bilingual("可疑账户收款后很快转出", "A suspected account passes money on at once.")
_LIQUIDATES: Final = Bilingual(
    "受骗人按对方要求先变现、借款，再转出", "A victim is told to cash in savings or borrow, then to send it."
)

_STANDING: Final = {
    "payee_is_known": Neighbourhood(
        "flag",
        Bilingual("收款账户已有确认结论或在名单中", "Payee is in a confirmed finding or on the watch list"),
        _FOLLOWS,
    ),
    "payee_hops_to_known": Neighbourhood(
        "count",
        Bilingual("收款账户到已知可疑账户的步数", "Steps from the payee to a known suspected account"),
        _FOLLOWS,
    ),
    "payer_is_known": Neighbourhood(
        "flag",
        Bilingual("付款账户已有确认结论或在名单中", "Payer is in a confirmed finding or on the watch list"),
        _FOLLOWS,
    ),
    "payer_hops_to_known": Neighbourhood(
        "count",
        Bilingual("付款账户到已知可疑账户的步数", "Steps from the payer to a known suspected account"),
        _FOLLOWS,
    ),
    "payee_victim_transfers": Neighbourhood(
        "count", Bilingual("该账户已确认的受害转账数", "Confirmed victim transfers to this payee"), _GATHERS
    ),
    "payee_victim_transfers_1d": Neighbourhood(
        "count",
        Bilingual(
            "近1天内得知的该账户受害转账数（最近32条结论内）",
            "Victim transfers to this payee learned of in the last day (of its last 32 findings)",
        ),
        _GATHERS,
    ),
    "payee_since_victim_s": Neighbourhood(
        "s",
        Bilingual("距最近一次得知该账户受害转账", "Time since a victim transfer to this payee was learned of"),
        _GATHERS,
    ),
    "payer_victim_transfers": Neighbourhood(
        "count",
        Bilingual("付款人已确认的受害转账数", "Confirmed victim transfers of this payer"),
        Bilingual("受骗过的人可能再次受骗", "Who was deceived once may be deceived again."),
    ),
    "payee_harmed_payers": Neighbourhood(
        "count",
        Bilingual(
            "近16笔付款人中已确认受害的笔数", "Of the payee's last 16 transfers in, those from confirmed victims"
        ),
        _GATHERS,
    ),
    "payee_known_payers": Neighbourhood(
        "count",
        Bilingual(
            "近16笔付款人中已知可疑账户的笔数",
            "Of the payee's last 16 transfers in, those from known suspected accounts",
        ),
        _FOLLOWS,
    ),
    "payee_young_payers_share": Neighbourhood(
        "share",
        Bilingual(
            "近16笔付款账户中开户不足90天的占比",
            "Share of accounts opened within 90 days among the payee's last 16 payers",
        ),
        Bilingual("可疑账户之间互转，多为新开账户", "Suspected accounts pay each other, and most are newly opened."),
    ),
    "between_accounts_1d": Neighbourhood(
        "count",
        Bilingual(
            "近1天由付款账户转入、又转给收款账户的账户数",
            "Accounts that the payer paid and that paid the payee, last day",
        ),
        Bilingual("拆分后再归集到同一账户", "Money is scattered and gathered again."),
    ),
    "returned_transfers_1d": Neighbourhood(
        "count",
        Bilingual("近1天收款账户转给付款账户的笔数", "Transfers from the payee back to the payer, last day"),
        Bilingual("小额返利引诱再大额付款", "A small refund lures into a large payment."),
    ),
    "returning_accounts_1d": Neighbourhood(
        "count",
        Bilingual(
            "近1天收款账户转入、又转给付款账户的账户数",
            "Accounts that the payee paid and that paid the payer, last day",
        ),
        Bilingual("资金绕行成环", "Money goes round in a circle."),
    ),
    "chain_length": Neighbourhood(
        "count",
        Bilingual("快进快出连续转手的层数（含本笔）", "Hops of money passed on within the hour, this one included"),
        _THROUGH,
    ),
    "chain_age_s": Neighbourhood("s", Bilingual("该资金链自首笔起的时间", "Time since that chain began"), _THROUGH),
    "payee_dwell_s": Neighbourhood(
        "s",
        Bilingual("收款账户近16笔转出前资金平均停留", "Mean time from money in to money out at the payee, last 16 out"),
        _THROUGH,
    ),
    "payer_taint_share": Neighbourhood(
        "share",
        Bilingual(
            "付款账户资金中源自可疑账户的占比", "Share of the payer's money that descends from known suspected accounts"
        ),
        _FOLLOWS,
    ),
    "payee_taint_share": Neighbourhood(
        "share",
        Bilingual(
            "收款账户资金中源自可疑账户的占比", "Share of the payee's money that descends from known suspected accounts"
        ),
        _FOLLOWS,
    ),
    "payer_term_break_fen": Neighbourhood(
        "fen",
        Bilingual("近1天提前支取定期存款转入", "Term deposits broken into the payer's account, last day"),
        _LIQUIDATES,
    ),
    "payer_redemption_fen": Neighbourhood(
        "fen", Bilingual("近1天基金赎回转入", "Funds redeemed into the payer's account, last day"), _LIQUIDATES
    ),
    "payer_loan_fen": Neighbourhood(
        "fen", Bilingual("近1天贷款转入", "Loans paid into the payer's account, last day"), _LIQUIDATES
    ),
    "payer_liquidated_fen": Neighbourhood(
        "fen", Bilingual("近1天变现与借入合计", "Cashed in or borrowed by the payer, last day"), _LIQUIDATES
    ),
    "payer_since_liquidated_s": Neighbourhood(
        "s", Bilingual("距最近一次变现或借入", "Time since the payer last cashed in or borrowed"), _LIQUIDATES
    ),
}

_ACQUAINTANCE: Final = {
    "common_counterparties": Neighbourhood(
        "count",
        Bilingual("付款与收款账户近期共同的往来账户数", "Accounts that both had transfers with lately"),
        Bilingual(
            "素无交集的两个账户之间突然付款更可疑", "A payment between two accounts with nobody in common is odd."
        ),
    ),
    "returned_transfers": Neighbourhood(
        "count",
        Bilingual(
            "付款账户近16笔转入中来自收款账户的笔数", "Of the payer's last 16 transfers in, those from the payee"
        ),
        Bilingual("有来有往是熟人，只出不进要留意", "Money that went both ways tells of an acquaintance."),
    ),
}

_SIDES: Final = {
    "payer_out": Bilingual("付款账户付出的转账", "transfers out of the payer's account"),
    "payer_in": Bilingual("付款账户收到的转账", "transfers into the payer's account"),
    "payee_out": Bilingual("收款账户付出的转账", "transfers out of the payee's account"),
    "payee_in": Bilingual("收款账户收到的转账", "transfers into the payee's account"),
}
_SPANS: Final = {
    "1d": Bilingual("近1天", "last day"),
    "7d": Bilingual("近7天", "last 7 days"),
    "30d": Bilingual("近30天", "last 30 days"),
}
_REPEATS: Final = Bilingual(
    "出过问题的账户常在短期内再出问题", "An account whose transfers were found to be fraud is soon used again."
)
_CLEARED: Final = Bilingual("多次核实无误的账户更可信", "An account found genuine many times is more to be trusted.")


def _findings_of(side: str, of: Bilingual) -> dict[str, Neighbourhood]:
    recent: dict[str, Neighbourhood] = {}
    for span, said in _SPANS.items():
        recent[f"{side}_findings_{span}"] = Neighbourhood(
            "count",
            Bilingual(
                f"{of.zh}：{said.zh}得知的结论数（最近32条内）",
                f"Findings on {of.en}, learned of in the {said.en} (of its last 32)",
            ),
            _CLEARED,
        )
        recent[f"{side}_adverse_findings_{span}"] = Neighbourhood(
            "count",
            Bilingual(
                f"{of.zh}：{said.zh}得知的涉诈结论数（最近32条内）",
                f"Adverse findings on {of.en}, learned of in the {said.en} (of its last 32)",
            ),
            _REPEATS,
        )
    return {
        **recent,
        f"{side}_findings": Neighbourhood("count", Bilingual(f"{of.zh}：结论总数", f"Findings on {of.en}"), _CLEARED),
        f"{side}_adverse_findings": Neighbourhood(
            "count", Bilingual(f"{of.zh}：涉诈结论总数", f"Adverse findings on {of.en}"), _REPEATS
        ),
        f"{side}_since_adverse_finding_s": Neighbourhood(
            "s",
            Bilingual(f"{of.zh}：距最近一次得知涉诈结论", f"Time since an adverse finding on {of.en} was learned of"),
            _REPEATS,
        ),
    }


_FINDINGS: Final = {name: number for side, of in _SIDES.items() for name, number in _findings_of(side, of).items()}

NETWORK: Final = {**_STANDING, **_ACQUAINTANCE, **_FINDINGS}
"""Numbers of the neighbourhood; the place of each is the kernel's.

An account's *now* is the transfer's time, or its latest transfer in or out if that is later; each account keeps its last
16 transfers in and its last 16 out. ``payee_hops_to_known`` is 0 for a known account, 1 or 2 for one that
paid it, or was paid by it, directly or over one account (as far as both are kept), else missing; the witness must still be known.
``payee_victim_transfers_1d`` counts by when findings were received. ``between_accounts_1d`` counts different accounts *m* with payer → m and m → payee, each within a
day; ``returning_accounts_1d`` with payee → m and m → payer. A chain goes on while a transfer follows
the last money in within an hour and is at least half of it. Dwell is the time since the last money in, of those of the last
16 transfers out that had one. Taint is a haircut: a transfer carries the payer's tainted share, pools are halved in
7 days. Money cashed in or borrowed adds up as long as no more than a day lies between; after a day it is 0.

Findings on transfers count on both sides, the payer's money out and the payee's money in: adverse ones (`victim_transfer`, `mule_movement`)
and `genuine`. Those of 1, 7 and 30 days are counted by when they were received, among the last 32 of that side. Common counterparties
are different accounts, neither of the two, among the last 16 in and 16 out of both.
"""
