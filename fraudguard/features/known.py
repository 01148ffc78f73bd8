"""Observations: what the log knows of the two accounts beside their amounts.

Three kinds of term, each a number known when a transfer is scored and used only from
the moment it was learned: the neighbourhood of an account (`network`), signals about an account or its
holder (`signal`, `since_signal`, `coverage`), and fields of its rows (`account`).
"""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Final

from fraudguard.account import Account
from fraudguard.column import columns_of
from fraudguard.errors import DefinitionError
from fraudguard.features.term import Term
from fraudguard.signal import SignalSource, SignalType
from fraudguard.wording import Bilingual

__all__ = [
    "NETWORK",
    "SOURCE_OF",
    "TTL_MS",
    "Observation",
    "Observed",
    "account",
    "account_fields",
    "coverage",
    "network",
    "signal",
    "since_signal",
]

_HOUR_MS: Final = 3_600_000
_DAY_MS: Final = 24 * _HOUR_MS


class Observed(StrEnum):
    """The kinds of observation that the kernel knows."""

    NETWORK = "network"
    SIGNAL = "signal"
    SINCE_SIGNAL = "since_signal"
    COVERAGE = "coverage"
    ACCOUNT = "account"


@dataclass(frozen=True, slots=True)
class Neighbourhood:
    """One number of the neighbourhood, and what people read about it."""

    unit: str
    title: Bilingual
    why: Bilingual


_FOLLOWS: Final = Bilingual("涉案资金沿可疑账户逐层转移", "Money of a case moves on through suspected accounts.")
_GATHERS: Final = Bilingual("同一收款账户常骗多人", "The same receiving account is used on many victims.")
_THROUGH: Final = Bilingual("可疑账户收款后很快转出", "A suspected account passes money on at once.")
_LIQUIDATES: Final = Bilingual(
    "受骗人按对方要求先变现、借款，再转出", "A victim is told to cash in savings or borrow, then to send it."
)

NETWORK: Final = {
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
            "近1天内得知的该账户受害转账数（至多8）",
            "Victim transfers to this payee learned of in the last day (at most 8)",
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
"""Numbers of the neighbourhood; the place of each is the kernel's.

An account's *now* is the transfer's time, or its latest transfer in or out if that is later; each account keeps its last
16 transfers in and its last 16 out. ``payee_hops_to_known`` is 0 for a known account, 1 or 2 for one that
paid it, or was paid by it, directly or over one account (as far as both are kept), else missing; the witness must still be known.
``payee_victim_transfers_1d`` counts by when findings were received. ``between_accounts_1d`` counts different accounts *m* with payer → m and m → payee, each within a
day; ``returning_accounts_1d`` with payee → m and m → payer. A chain goes on while a transfer follows
the last money in within an hour and is at least half of it. Dwell is the time since the last money in, of those of the last
16 transfers out that had one. Taint is a haircut: a transfer carries the payer's tainted share, pools are halved in
7 days. Money cashed in or borrowed adds up as long as no more than a day lies between; after a day it is 0.
"""

SOURCE_OF: Final = {
    **dict.fromkeys(
        (
            SignalType.FLAGGED_CALL_RECEIVED,
            SignalType.FLAGGED_SMS_RECEIVED,
            SignalType.FRAUD_URL_VISITED,
            SignalType.SIM_CHANGED,
            SignalType.CALL_FORWARDING_ENABLED,
            SignalType.ESIM_REISSUED,
        ),
        SignalSource.TELECOM,
    ),
    **dict.fromkeys(
        (
            SignalType.FRAUD_APP_INSTALLED,
            SignalType.ACTIVE_CALL_DURING_SESSION,
            SignalType.SCREEN_SHARE_STARTED,
            SignalType.REMOTE_CONTROL_DETECTED,
            SignalType.MEETING_APP_USED,
        ),
        SignalSource.APP,
    ),
    **dict.fromkeys(
        (
            SignalType.WARNING_96110_ISSUED,
            SignalType.SMS_12381_SENT,
            SignalType.DISSUASION_VISIT,
            SignalType.PAYEE_REPORTED_BY_OTHER_VICTIM,
            SignalType.PAYEE_STOP_REQUEST,
            SignalType.TWO_CARD_LEAD,
            SignalType.SANCTION_LIST_HIT,
        ),
        SignalSource.POLICE,
    ),
    **dict.fromkeys(
        (
            SignalType.DEVICE_CHANGED,
            SignalType.NEW_FACE_ENROL,
            SignalType.LIMIT_RAISED,
            SignalType.LOAN_APPLICATION,
            SignalType.TERM_DEPOSIT_BREAK,
            SignalType.FUND_REDEMPTION,
            SignalType.CASH_BOOKING,
            SignalType.FAMILY_CONTACT_CONFIRMED,
            SignalType.COUNTER_ALARM,
        ),
        SignalSource.BANK,
    ),
}
"""Whose word it is that a kind of signal was *not* observed."""

_FOREVER_MS: Final = 100 * 365 * _DAY_MS
_SHORT: Final = (
    SignalType.ACTIVE_CALL_DURING_SESSION,
    SignalType.SCREEN_SHARE_STARTED,
    SignalType.REMOTE_CONTROL_DETECTED,
    SignalType.MEETING_APP_USED,
    SignalType.COUNTER_ALARM,
)
_THREE_DAYS: Final = (
    SignalType.FLAGGED_CALL_RECEIVED,
    SignalType.SIM_CHANGED,
    SignalType.CALL_FORWARDING_ENABLED,
    SignalType.ESIM_REISSUED,
)
_WEEK: Final = (
    SignalType.FLAGGED_SMS_RECEIVED,
    SignalType.FRAUD_URL_VISITED,
    SignalType.FRAUD_APP_INSTALLED,
    SignalType.PAYEE_REPORTED_BY_OTHER_VICTIM,
    SignalType.PAYEE_STOP_REQUEST,
)
_MONTH: Final = (SignalType.WARNING_96110_ISSUED, SignalType.SMS_12381_SENT, SignalType.DISSUASION_VISIT)
_UNTIL_CLEARED: Final = (SignalType.TWO_CARD_LEAD, SignalType.SANCTION_LIST_HIT)

TTL_MS: Final = {
    **dict.fromkeys(SignalType, _DAY_MS),
    **dict.fromkeys(_SHORT, _HOUR_MS),
    **dict.fromkeys(_THREE_DAYS, 3 * _DAY_MS),
    **dict.fromkeys(_WEEK, 7 * _DAY_MS),
    **dict.fromkeys(_MONTH, 30 * _DAY_MS),
    **dict.fromkeys(_UNTIL_CLEARED, _FOREVER_MS),
}
"""How long a kind of signal holds when it does not say so itself."""


@dataclass(frozen=True, slots=True)
class Observation(Term):
    """One number that the log knows of an account.

    Parameters
    ----------
    observed : Observed
        Its kind.
    name : str
        Which one: a key of `NETWORK`, a signal type, a source, a field of `Account`.
    of_payee : bool
        Of the payee, or of the payer.
    """

    observed: Observed
    name: str
    of_payee: bool = False


def network(name: str) -> Observation:
    """Return a number of the neighbourhood, as a term.

    Parameters
    ----------
    name : str
        A key of `NETWORK`.

    Returns
    -------
    Observation
        To be used in an expression.

    Raises
    ------
    DefinitionError
        If there is no such number.

    Examples
    --------
    >>> network("payee_hops_to_known").name
    'payee_hops_to_known'
    """
    return Observation(Observed.NETWORK, _one_of(list(NETWORK), name, "network number"))


def signal(entity: str, signal_type: SignalType | str) -> Observation:
    """Return whether a signal about an account or its holder holds, as a term.

    Parameters
    ----------
    entity : {"payer", "payee"}
        Whose.
    signal_type : SignalType or str
        Which.

    Returns
    -------
    Observation
        1 while the latest signal of the kind holds; otherwise 0 if its source was heard in the last
        seven days, and missing if it was not.

    Raises
    ------
    DefinitionError
        If there is no such entity or signal.
    """
    return _of(entity, Observed.SIGNAL, _one_of([str(word) for word in SignalType], signal_type, "signal"))


def since_signal(entity: str, signal_type: SignalType | str) -> Observation:
    """Return the seconds since a signal was last observed, as a term.

    Parameters
    ----------
    entity : {"payer", "payee"}
        Whose.
    signal_type : SignalType or str
        Which.

    Returns
    -------
    Observation
        Missing if it never was.

    Raises
    ------
    DefinitionError
        If there is no such entity or signal.
    """
    return _of(entity, Observed.SINCE_SIGNAL, _one_of([str(word) for word in SignalType], signal_type, "signal"))


def coverage(source: SignalSource | str) -> Observation:
    """Return whether a source of signals was heard in the last seven days, as a term.

    Parameters
    ----------
    source : SignalSource or str
        Which.

    Returns
    -------
    Observation
        1 or 0.

    Raises
    ------
    DefinitionError
        If there is no such source.
    """
    return Observation(Observed.COVERAGE, _one_of([str(word) for word in SignalSource], source, "source"))


def account(entity: str, name: str) -> Observation:
    """Return a field of an account's rows, as a term.

    Parameters
    ----------
    entity : {"payer", "payee"}
        Whose.
    name : str
        A numeric, boolean, date or closed-list column of `Account`.

    Returns
    -------
    Observation
        As the latest row that names it has it; a date is ms since 1970 UTC, a word its place in its list.

    Raises
    ------
    DefinitionError
        If there is no such entity or field.

    Examples
    --------
    >>> (field_ := account("payee", "opened_at")).of_payee
    True
    """
    return _of(entity, Observed.ACCOUNT, _one_of(account_fields(), name, "account field"))


def account_fields() -> list[str]:
    """Return the columns of `Account` that are numbers, flags, days or words of a closed list.

    Returns
    -------
    list of str
        In the order of the schema.
    """
    columns = columns_of(Account)
    numeric = (c for c in columns if c.is_enum or (issubclass(c.type, int | date) and not issubclass(c.type, datetime)))
    return [column.name for column in numeric]


def _of(entity: str, observed: Observed, name: str) -> Observation:
    return Observation(observed, name, of_payee=_one_of(["payer", "payee"], entity, "entity") == "payee")


def _one_of(known: list[str], given: str, what: str) -> str:
    if given not in known:
        raise DefinitionError(f"no {what} {given!r}; there are {known}", f"没有 {given!r}；可用的有 {known}")
    return str(given)
