"""Fraud cases: who is deceived, what they pay, to which accounts, and when they report it."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from fraudguard.simulate.campaigns import CAMPAIGNS, Campaign
from fraudguard.simulate.codes import LOAN_DISBURSEMENT, TERM_DEPOSIT_BREAK
from fraudguard.simulate.mules import Batch, build_batches, pass_on, trial_payments
from fraudguard.simulate.orders import Orders, Role, join, orders
from fraudguard.simulate.population import Segment
from fraudguard.simulate.rhythm import HOUR_MS, SECOND_MS, clock_times
from fraudguard.simulate.streams import FloatArray, IntArray, lognormal_fen, nice_fen
from fraudguard.simulate.world import World

__all__ = ["Case", "Fraud", "commit_fraud", "draw_campaigns"]

NEVER: Final = -1
_PER_PAYMENT_FEN: Final = (1_000_000, 2_000_000, 5_000_000, 10_000_000, 20_000_000)
_BLOCKED_CHANCE: Final = {1: 0.8, 2: 0.5, 3: 0.3}


@dataclass(frozen=True, slots=True)
class Case:
    """One deceived person. `report_ms` is -1 when it is never reported."""

    number: int
    gang: int
    campaign: int
    victim: int
    report_ms: int


@dataclass(frozen=True, slots=True)
class Fraud:
    """All fraud of the world: cases, batches, orders, and when accounts are blocked for it."""

    cases: list[Case]
    batches: list[Batch]
    orders: Orders
    blocked_ms: IntArray


def draw_campaigns(rng: np.random.Generator, *, transfers: float) -> tuple[IntArray, IntArray]:
    """Draw scam type and number of payments of each case, until the payments are nearest to a number.

    Parameters
    ----------
    rng : numpy.random.Generator
        Source of chance.
    transfers : float
        Victim transfers wanted.

    Returns
    -------
    tuple of ndarray
        Index into `CAMPAIGNS` and payments, one element a case; at least one case.
    """
    most = int(transfers / 2) + 2
    offset = (np.arange(most) * 0.618034 + rng.random()) % 1.0  # spread evenly, so that few cases still mix
    kinds = np.searchsorted(np.cumsum([campaign.share for campaign in CAMPAIGNS])[:-1], offset)
    least = np.array([campaign.steps[0] for campaign in CAMPAIGNS])[kinds]
    spread = np.array([campaign.steps[1] - campaign.steps[0] + 1 for campaign in CAMPAIGNS])[kinds]
    steps = least + np.floor(rng.random(most) * spread).astype(np.int64)
    cases = int(np.argmin(np.abs(np.cumsum(steps) - transfers))) + 1
    return kinds[:cases], steps[:cases]


def commit_fraud(world: World, kinds: IntArray, steps: IntArray) -> Fraud:
    """Draw all cases and what follows from them.

    Parameters
    ----------
    world : World
        The stage.
    kinds : ndarray of int
        Scam type of each case, from `draw_campaigns`.
    steps : ndarray of int
        Payments of each case.

    Returns
    -------
    Fraud
        With orders of victims, gangs and refunds.
    """
    rng = world.stream("fraud")
    batches = build_batches(world, rng, cases=len(kinds))
    victims = _victims(world, rng, kinds, taken=np.concatenate([batch.accounts for batch in batches]))
    parts = [trial_payments(world, rng, batch) for batch in batches]
    cases: list[Case] = []
    first_report: dict[int, int] = {}
    for number, (kind, victim) in enumerate(zip(kinds.tolist(), victims.tolist(), strict=True)):
        place = number % len(batches)
        paid = _payments(world, rng, (CAMPAIGNS[kind], batches[place], victim), steps=int(steps[number]))
        paid["case"] = number
        report = _report(rng, CAMPAIGNS[kind], int(paid["time_ms"].max()))
        cases.append(Case(number, batches[place].gang, kind, victim, report))
        if report != NEVER:
            first_report[place] = min(report, first_report.get(place, report))
        parts.append(_with_money_flow(world, rng, paid, case=(CAMPAIGNS[kind], batches[place])))
    return Fraud(cases, batches, join(parts), _blocks(world, rng, batches, first_report=first_report))


def _victims(world: World, rng: np.random.Generator, kinds: IntArray, *, taken: IntArray) -> IntArray:
    population = world.population
    weights: FloatArray = np.sqrt(population.balance_fen / 100.0) * np.minimum(population.activity, 1.0)
    weights *= population.is_first & (population.segment < Segment.COMPANY) & (population.opened_day < 0)
    weights *= np.where(population.is_class_ii, 0.2, 1.0) * (population.balance_fen > 100_000)
    weights[taken] = 0
    victims = np.zeros(len(kinds), np.int64)
    for kind in np.unique(kinds):
        mine = np.flatnonzero(kinds == kind)
        chance = weights * np.array(CAMPAIGNS[kind].ages)[population.age_band]
        rare = bool(4 * len(mine) > np.count_nonzero(chance))  # a tiny world over years: some are deceived twice
        victims[mine] = rng.choice(population.size, len(mine), replace=rare, p=chance / chance.sum())
        weights[victims[mine]] *= float(rare)
    return victims


def _payments(world: World, rng: np.random.Generator, case: tuple[Campaign, Batch, int], *, steps: int) -> Orders:
    campaign, batch, victim = case
    day = batch.first_day + rng.integers(0, batch.days, 1)
    start = world.period.moment_ms(day, clock_times(rng, campaign.hours, size=1))
    gaps = rng.lognormal(np.log(campaign.gap_s[0]), campaign.gap_s[1], steps) * SECOND_MS
    gaps[0] = 0
    payees = rng.permutation(batch.layer_1)[: rng.integers(campaign.payees[0], campaign.payees[1] + 1)]
    turn = np.sort(rng.integers(0, len(payees), steps))
    amount, share = _amounts(rng, campaign, steps)
    return orders(
        start + np.cumsum(gaps).astype(np.int64), np.full(steps, victim), payees[turn],
        amount_fen=amount, share=share, unit_fen=rng.choice([1, 100, 10_000], steps),
        profile=campaign.profile, role=Role.VICTIM,
    )  # fmt: skip


def _amounts(rng: np.random.Generator, campaign: Campaign, steps: int) -> tuple[IntArray, FloatArray]:
    loss = float(lognormal_fen(rng, campaign.loss_yuan[0], campaign.loss_yuan[1], size=1)[0])
    if campaign.drains:
        cap = np.minimum(rng.choice(_PER_PAYMENT_FEN, steps), np.int64(loss))
        return nice_fen(rng, cap), rng.uniform(0.35, 0.99, steps)
    ladder = rng.uniform(1.4, 2.6) ** np.arange(steps) * np.exp(0.25 * rng.standard_normal(steps))
    return nice_fen(rng, (loss * ladder / ladder.sum()).astype(np.int64) + 100), np.full(steps, 0.98)


def _report(rng: np.random.Generator, campaign: Campaign, last_ms: int) -> int:
    median_s, sigma = campaign.report_delay_s
    delay_ms = int(rng.lognormal(np.log(median_s), sigma) * SECOND_MS)
    return NEVER if rng.random() < campaign.never_reported else last_ms + delay_ms


def _with_money_flow(world: World, rng: np.random.Generator, paid: Orders, *, case: tuple[Campaign, Batch]) -> Orders:
    campaign, batch = case
    parts = [_liquidity(world, rng, paid, campaign=campaign), paid]
    bait = 0 if campaign.drains else int(rng.integers(1, 3))
    if bait:
        parts.append(_refunds(rng, paid[:bait]))
    parts.append(pass_on(world, rng, paid[bait:], batch=batch))
    return join(parts)


def _liquidity(world: World, rng: np.random.Generator, paid: Orders, *, campaign: Campaign) -> Orders:
    """Turn savings or a loan into balance shortly before the payments."""
    draw = rng.random()
    if draw >= campaign.loan_chance + campaign.break_chance:
        return paid[:0]
    by_loan = draw < campaign.loan_chance
    need = lognormal_fen(rng, campaign.loss_yuan[0] / 2, 0.8, size=1) // 10_000 * 10_000 + 10_000
    desk = world.places.loan_desk if by_loan else world.places.deposit_desk
    lead_ms = rng.integers(60_000, 3_000_000, 1)
    return orders(
        paid["time_ms"][:1] - lead_ms, [desk], paid["payer"][:1],
        amount_fen=need, event_type=LOAN_DISBURSEMENT if by_loan else TERM_DEPOSIT_BREAK,
    )  # fmt: skip


def _refunds(rng: np.random.Generator, paid: Orders) -> Orders:
    """Pay the first small orders back with a little more, so that the victim trusts."""
    more = rng.uniform(1.03, 1.10, len(paid))
    return orders(
        paid["time_ms"] + rng.integers(20_000, 240_000, len(paid)), paid["payee"], paid["payer"],
        amount_fen=(paid["amount_fen"] * more).astype(np.int64) // 100 * 100 + 100, share=1.0,
        role=Role.MULE, case=paid["case"],
    )  # fmt: skip


def _blocks(world: World, rng: np.random.Generator, batches: list[Batch], *, first_report: dict[int, int]) -> IntArray:
    blocked = np.full(world.population.size, np.iinfo(np.int64).max)
    for place, report_ms in sorted(first_report.items()):
        batch = batches[place]
        for layer, accounts in enumerate((batch.layer_1, batch.layer_2, batch.layer_3), start=1):
            traced = accounts[rng.random(len(accounts)) < _BLOCKED_CHANCE[layer]]
            delay_ms = rng.lognormal(np.log(5 * HOUR_MS), 1.0, len(traced)).astype(np.int64)
            blocked[traced] = report_ms + delay_ms
    return blocked
