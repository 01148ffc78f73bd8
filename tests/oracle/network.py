"""The numbers of `fraudguard.features.known.NETWORK`, each by its name."""

import math

from fraudguard.account import Account
from fraudguard.column import to_ms
from fraudguard.finding import Finding, FindingValue
from fraudguard.transfer import EventType, Transfer
from tests.oracle.neighbourhood import Found, Neighbourhood, Passed
from tests.oracle.story import DAY_MS, Story
from tests.oracle.taint import WHOLE

__all__ = ["network_numbers"]

Numbers = dict[str, float]

_LIQUIDS = {
    "payer_term_break_fen": EventType.TERM_DEPOSIT_BREAK,
    "payer_redemption_fen": EventType.FUND_REDEMPTION,
    "payer_loan_fen": EventType.LOAN_DISBURSEMENT,
}


def network_numbers(story: Story) -> dict[int, Numbers]:
    """Return the numbers at each transfer, by its place in the log."""
    around, found = Neighbourhood(), dict[int, Numbers]()
    new = {one.place for one in story.remembered}
    for place, event in enumerate(story.log):
        match event:
            case Transfer():
                found[place] = _numbers(around, event)
                if place in new:
                    around.push(event)
            case Account():
                around.learn_account(event)
            case Finding():
                around.learn_finding(event, story.parties.get(place))
            case _:
                pass  # a signal says nothing of who paid whom
    return found


def _numbers(around: Neighbourhood, present: Transfer) -> Numbers:
    payer, payee = present.payer_account_id, present.payee_account_id
    time_ms = to_ms(present.event_time)
    payer_ms, payee_ms = around.now_ms(payer, time_ms), around.now_ms(payee, time_ms)
    return {
        **_standing(around, payer, payee, payee_ms),
        **_payers(around, payee, payee_ms),
        **_acquaintance(around, payer, payee),
        **_findings(around, "payer", payer, payer_ms),
        **_findings(around, "payee", payee, payee_ms),
        **_motifs(around, (payer, payer_ms - DAY_MS), (payee, payee_ms - DAY_MS)),
        **_chain(around, present, payer_ms),
        **_liquidated(around, payer, payer_ms),
        "payer_taint_share": around.taint(payer, time_ms) / WHOLE,
        "payee_taint_share": around.taint(payee, time_ms) / WHOLE,
    }


def _standing(around: Neighbourhood, payer: str, payee: str, payee_ms: int) -> Numbers:
    victim = FindingValue.VICTIM_TRANSFER
    moments = [one.received_ms for one in around.last_findings_of(payee, "in") if one.says is victim]
    return {
        "payee_is_known": float(around.is_known(payee)),
        "payee_hops_to_known": _hops(around, payee),
        "payer_is_known": float(around.is_known(payer)),
        "payer_hops_to_known": _hops(around, payer),
        "payee_victim_transfers": float(sum(of == payee for _, of in around.victims.values())),
        "payee_victim_transfers_1d": float(sum(moment >= payee_ms - DAY_MS for moment in moments)),
        "payee_since_victim_s": max(payee_ms - max(moments), 0) / 1000 if moments else math.nan,
        "payer_victim_transfers": float(sum(of == payer for of, _ in around.victims.values())),
    }


def _findings(around: Neighbourhood, who: str, account: str, now_ms: int) -> Numbers:
    found: Numbers = {}
    for side in ("out", "in"):
        ever, last = around.findings_of(account, side), around.last_findings_of(account, side)
        for name, days in (("_1d", 1), ("_7d", 7), ("_30d", 30)):
            recent = [one for one in last if one.received_ms >= now_ms - days * DAY_MS]
            found[f"{who}_{side}_findings{name}"] = float(len(recent))
            found[f"{who}_{side}_adverse_findings{name}"] = float(len(_adverse(recent)))
        adverse = [one.received_ms for one in _adverse(last)]
        found[f"{who}_{side}_findings"] = float(len(ever))
        found[f"{who}_{side}_adverse_findings"] = float(len(_adverse(ever)))
        found[f"{who}_{side}_since_adverse_finding_s"] = max(now_ms - max(adverse), 0) / 1000 if adverse else math.nan
    return found


def _adverse(found: list[Found]) -> list[Found]:
    return [one for one in found if one.says is not FindingValue.GENUINE]


def _acquaintance(around: Neighbourhood, payer: str, payee: str) -> Numbers:
    both = _counterparties(around, payer) & _counterparties(around, payee)
    return {
        "common_counterparties": float(len(both - {payer, payee})),
        "returned_transfers": float(sum(one.payer == payee for one in around.edges_in(payer))),
    }


def _counterparties(around: Neighbourhood, account: str) -> set[str]:
    return {one.payer for one in around.edges_in(account)} | {one.payee for one in around.edges_out(account)}


def _hops(around: Neighbourhood, account: str) -> float:
    if around.is_known(account):
        return 0.0
    if around.is_known(around.near.get(account)):
        return 1.0
    return 2.0 if around.is_known(around.nearby.get(account)) else math.nan


def _payers(around: Neighbourhood, payee: str, payee_ms: int) -> Numbers:
    payers = [one.payer for one in around.edges_in(payee)]
    victims = {of for of, _ in around.victims.values()}
    opened = [around.opened_ms[payer] for payer in payers if payer in around.opened_ms]
    young = sum(payee_ms - moment < 90 * DAY_MS for moment in opened)
    return {
        "payee_harmed_payers": float(sum(payer in victims for payer in payers)),
        "payee_known_payers": float(sum(around.is_known(payer) for payer in payers)),
        "payee_young_payers_share": float(young) / float(len(opened)) if opened else math.nan,
    }


def _motifs(around: Neighbourhood, payer: tuple[str, int], payee: tuple[str, int]) -> Numbers:
    back = [one for one in _fresh_in(around, *payer) if one.payer == payee[0]]
    return {
        "between_accounts_1d": float(len(_paid_by(around, *payer) & {one.payer for one in _fresh_in(around, *payee)})),
        "returned_transfers_1d": float(len(back)),
        "returning_accounts_1d": float(
            len(_paid_by(around, *payee) & {one.payer for one in _fresh_in(around, *payer)})
        ),
    }


def _paid_by(around: Neighbourhood, account: str, floor_ms: int) -> set[str]:
    return {one.payee for one in around.edges_out(account) if one.out_ms >= floor_ms}


def _fresh_in(around: Neighbourhood, account: str, floor_ms: int) -> list[Passed]:
    return [one for one in around.edges_in(account) if one.in_ms >= floor_ms]


def _chain(around: Neighbourhood, present: Transfer, payer_ms: int) -> Numbers:
    came = around.chain(present.payer_account_id, payer_ms, present.amount_fen)
    dwells = [one.dwell_ms for one in around.edges_out(present.payee_account_id) if one.dwell_ms is not None]
    return {
        "chain_length": float(came.depth + 1 if came else 1),
        "chain_age_s": (payer_ms - came.start_ms) / 1000 if came else 0.0,
        "payee_dwell_s": float(sum(dwells)) / (1000.0 * float(len(dwells))) if dwells else math.nan,
    }


def _liquidated(around: Neighbourhood, payer: str, payer_ms: int) -> Numbers:
    into = {name: _run(around, payer, payer_ms, kind) for name, kind in _LIQUIDS.items()}
    amounts = {name: sum(one.fen for one in run) for name, run in into.items()}
    last = max((one.in_ms for run in into.values() for one in run), default=None)
    return {
        **{name: float(fen) for name, fen in amounts.items()},
        "payer_liquidated_fen": float(sum(amounts.values())),
        "payer_since_liquidated_s": (payer_ms - last) / 1000 if last is not None else math.nan,
    }


def _run(around: Neighbourhood, account: str, now_ms: int, kind: EventType) -> list[Passed]:
    """Return the money of a kind that adds up: no more than a day between one, the next and now."""
    run: list[Passed] = []
    for one in reversed([one for one in around.passed if one.payee == account and one.liquid is kind]):
        if now_ms - one.in_ms > DAY_MS:
            break
        run.append(one)
        now_ms = one.in_ms
    return run
