"""What else is known: of the payee's account, and of ended cases that looked alike."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from fraudguard.account import Account
from fraudguard.column import columns_of, from_ms
from fraudguard.serve.console.case_log import act_line
from fraudguard.serve.console.show import CHINA, fact, label, local_time
from fraudguard.serve.console.translate import gettext, marked
from fraudguard.serve.store import Store
from fraudguard.serve.store.case_rows import CaseFilter, CaseRow
from fraudguard.serve.store.rows import decode_reasons
from fraudguard.serve.transitions import Move
from fraudguard.wording import word

__all__ = ["Evidence", "EvidenceRow", "SimilarRow", "evidence_on"]

_YOUNG_DAYS: Final = 30
_LOOKED_THROUGH: Final = 300
_SHOWN: Final = 5
_FACTS: Final = ("account_class", "account_status", "holder_type", "known_involved", "bank_code")
_BAD: Final = frozenset({"known_involved"})


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceRow:
    """One thing known of the payee's account; `kind` is "bad", "good" or "plain"."""

    text: str
    value: str
    as_of: str
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SimilarRow:
    """An ended case that had some of the same reasons."""

    case_id: str
    alike: str
    outcome: str
    worked: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What stands beside the facts of a case."""

    payee: Sequence[EvidenceRow]
    similar: Sequence[SimilarRow]


def evidence_on(store: Store, case: CaseRow, *, codes: frozenset[str], now_ms: int, lang: str) -> Evidence:
    """Return what else is known.

    Parameters
    ----------
    store : Store
        Where it is looked up.
    case : CaseRow
        The case.
    codes : frozenset of str
        Of its reasons.
    now_ms : int
        The moment of the page.
    lang : {"zh", "en"}
        The reader's.

    Returns
    -------
    Evidence
        Empty where nothing is known.
    """
    account = store.log.newest_of_account(case.payee_account_id)
    known = account.event if account is not None and isinstance(account.event, Account) else None
    return Evidence(
        payee=[*_facts(known, now_ms, lang), _others(store, case, now_ms=now_ms, lang=lang)],
        similar=_similar(store, codes, now_ms=now_ms, lang=lang),
    )


def _facts(account: Account | None, now_ms: int, lang: str) -> list[EvidenceRow]:
    if account is None:
        text = gettext(lang, marked("银行没有提供该账户的资料，即未知"))
        return [EvidenceRow(text=text, value="—", as_of="", kind="plain")]
    as_of = local_time(account.received_at)[:16]
    columns = [column for column in columns_of(Account) if column.name in _FACTS]
    rows = [
        EvidenceRow(text=label(column, lang), value=fact(column, value, lang), as_of=as_of, kind=_kind(column.name))
        for column in columns
        if (value := getattr(account, column.name)) is not None
    ]
    return rows if account.opened_at is None else [_age(account.opened_at, now_ms, as_of=as_of, lang=lang), *rows]


def _age(opened: date, now_ms: int, *, as_of: str, lang: str) -> EvidenceRow:
    today: datetime = from_ms(now_ms).astimezone(CHINA)
    days = (today.date() - opened).days
    text = gettext(lang, marked("开户"))
    value = gettext(lang, marked("{n} 天")).format(n=days)
    return EvidenceRow(text=text, value=value, as_of=as_of, kind="bad" if days < _YOUNG_DAYS else "good")


def _kind(name: str) -> str:
    return "bad" if name in _BAD else "plain"


def _others(store: Store, case: CaseRow, *, now_ms: int, lang: str) -> EvidenceRow:
    cases, payers = store.cases.on_payee(case.payee_account_id, but=case.case_id)
    value = gettext(lang, marked("{n} 起，{m} 名付款人")).format(n=cases, m=payers)
    text = gettext(lang, marked("该收款户的其他案件"))
    return EvidenceRow(text=text, value=value, as_of=local_time(now_ms)[:16], kind="bad" if cases else "good")


def _similar(store: Store, codes: frozenset[str], *, now_ms: int, lang: str) -> list[SimilarRow]:
    lines = store.cases.page(CaseFilter(state="closed"), now_ms=now_ms, limit=_LOOKED_THROUGH)
    alike = []
    for line in lines:
        theirs = {reason.code for reason in decode_reasons(line.reasons)}
        if theirs & codes:
            alike.append((len(theirs & codes) / len(theirs | codes), len(theirs & codes), line.case.case_id))
    best = sorted(alike, key=lambda one: (-one[0], one[2]))[:_SHOWN]
    return [_similar_row(store, case_id, f"{shared}/{len(codes)}", lang=lang) for _, shared, case_id in best]


def _similar_row(store: Store, case_id: str, alike: str, *, lang: str) -> SimilarRow:
    acts = store.cases.acts(case_id)
    found = next((act.detail.get("finding") for act in reversed(acts) if act.move == Move.FIND), None)
    spoken = next((act for act in reversed(acts) if act.move in {Move.ATTEMPT, Move.WAIT}), None)
    return SimilarRow(
        case_id=case_id,
        alike=alike,
        outcome=word("move", Move.LEARN, lang) if found is None else word("finding", found, lang),
        worked="—" if spoken is None else act_line(spoken, lang).told,
    )
