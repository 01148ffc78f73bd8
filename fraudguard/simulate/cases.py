"""One fraud case in full: liquidity, payments, refunds, what the gang does with the money, signals, report.

A case is drawn from a stream of its own, so it is the same in whichever
block, order or process it is made.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from fraudguard.simulate.codes import (
    CASH_WITHDRAWAL,
    FUND_REDEMPTION,
    LOAN_DISBURSEMENT,
    TERM_DEPOSIT_BREAK,
    channel_code,
)
from fraudguard.simulate.gangs import Gang
from fraudguard.simulate.money_flow import pass_on
from fraudguard.simulate.orders import CHOOSE, NONE, Orders, Profile, Role, join, numbered, orders
from fraudguard.simulate.payments import intend, moments
from fraudguard.simulate.plan import FraudPlan
from fraudguard.simulate.rhythm import DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS
from fraudguard.simulate.scam_types import Manner, ScamPattern
from fraudguard.simulate.signals import Signals, case_signals
from fraudguard.simulate.streams import IntArray
from fraudguard.simulate.world import World
from fraudguard.transfer import Channel

__all__ = ["NEVER", "FraudCase", "commit"]

NEVER: Final = -1
SERIALS_A_CASE: Final = 1 << 16
_LARGE_FEN: Final = 500_000
_WARNED: Final = 0.5
"""The bank's app warns of half of the payments of 5 000 yuan and more [A]."""

_SELLS_EARLY: Final = 0.6
_COURIER_LEAST_FEN: Final = 1_000_000
_SEEN_THROUGH_LATE: Final = 0.85
_BLOCKED_CHANCE: Final = (0.95, 0.4, 0.25)
_BLOCK_DELAY_MS: Final = 3 * HOUR_MS


@dataclass(frozen=True, slots=True)
class FraudCase:
    """One case.

    Parameters
    ----------
    number, kind, gang, victim : int
        As in the plan.
    orders : structured ndarray
        Of the victim, the gang and the bank's desks.
    report_ms : int
        When it is reported; -1 for never.
    blocked : ndarray of int64
        Account numbers traced after the report.
    blocked_ms : ndarray of int64
        When each is stopped.
    signals : structured ndarray
        What operator, police and bank noticed.
    """

    number: int
    kind: int
    gang: int
    victim: int
    orders: Orders
    report_ms: int
    blocked: IntArray
    blocked_ms: IntArray
    signals: Signals


@dataclass(frozen=True, slots=True)
class _Actors:
    """Who takes part in a case, and on which day it begins."""

    pattern: ScamPattern
    gang: Gang
    victim: int
    day: float


def commit(world: World, plan: FraudPlan, number: int) -> FraudCase:
    """Draw a case.

    Parameters
    ----------
    world : World
        The stage.
    plan : FraudPlan
        All cases.
    number : int
        Which of them.

    Returns
    -------
    FraudCase
        Its orders may lie before or after the period.
    """
    rng = world.stream("case", number)
    start_ms = int(plan.start_ms[number])
    actors = _Actors(
        plan.drift.patterns[plan.kind[number]], plan.gangs[plan.gang[number]], int(plan.victim[number]),
        (start_ms - world.period.start_ms) / DAY_MS,
    )  # fmt: skip
    paid, bait = _payments(world, rng, plan, number=number, actors=actors)
    report_ms = _report(rng, actors.pattern, paid["time_ms"])
    if report_ms != NEVER:
        paid = paid[paid["time_ms"] < report_ms]
    numbered(paid, number * SERIALS_A_CASE)
    loss_fen = int(plan.loss_fen[number])
    parts = [
        _liquidity(world, rng, paid, actors=actors, loss_fen=loss_fen),
        _saved(world, rng, paid, actors=actors, loss_fen=loss_fen),
    ]
    parts += [paid, _refunds(rng, paid[:bait])]
    onward = pass_on(world, rng, paid[bait:], gang=actors.gang, drift=plan.drift)
    blocked, blocked_ms = _blocks(rng, paid, onward, report_ms=report_ms, times=plan.drift.tracing_times(actors.day))
    rows = join([*parts, onward])
    rows["case"] = np.where(rows["role"] == Role.ORDINARY, NONE, number)
    return FraudCase(
        number, int(plan.kind[number]), int(plan.gang[number]), actors.victim, rows, report_ms, blocked, blocked_ms,
        case_signals(world, rng, actors.pattern, paid=paid),
    )  # fmt: skip


def _payments(
    world: World, rng: np.random.Generator, plan: FraudPlan, *, number: int, actors: _Actors
) -> tuple[Orders, int]:
    """Draw the victim's payments until a warning ends them; return them and how many are bait."""
    pattern, drift = actors.pattern, plan.drift
    coached = bool(rng.random() < drift.coached_share(actors.day))
    size = int(plan.payments[number]) * (2 if coached else 1)
    moment = moments(
        rng, world.period, pattern, start_ms=int(plan.start_ms[number]), size=size, slower=4.0 if coached else 1.0
    )
    intended = intend(rng, pattern, loss_fen=int(plan.loss_fen[number]), size=size, coached=coached)
    amount = np.minimum(intended.amount_fen, actors.gang.cap_fen) if actors.gang.cap_fen else intended.amount_fen
    rows = orders(
        moment, np.full(size, actors.victim), _payees(world, rng, actors, moment_ms=moment),
        amount_fen=amount, share=intended.share, unit_fen=rng.choice([1, 100, 10_000], size),
        profile=_profile(rng, plan, actors), role=Role.VICTIM,
    )  # fmt: skip
    rows = _in_cash(world, rng, rows, actors=actors, chance=drift.courier_share(actors.day))
    return _until_warned(rng, rows, pattern, coached=coached), intended.bait


def _payees(world: World, rng: np.random.Generator, actors: _Actors, *, moment_ms: IntArray) -> IntArray:
    """Name accounts of the batch in use at each moment; the gang changes them now and then."""
    gang, pattern = actors.gang, actors.pattern
    days = ((moment_ms - world.period.start_ms) / DAY_MS).tolist()
    wanted = int(rng.integers(pattern.payees[0], pattern.payees[1] + 1))
    turn = np.sort(rng.integers(0, wanted, len(moment_ms)))
    draws = rng.permutation(64)[turn]
    batches = [gang.in_use(gang.layer_1, day) for day in days]
    return np.array([accounts[draw % len(accounts)] for accounts, draw in zip(batches, draws.tolist(), strict=True)])


def _profile(rng: np.random.Generator, plan: FraudPlan, actors: _Actors) -> Profile:
    shares = actors.pattern.profile in {Profile.SCREEN_SHARE, Profile.REFUND, Profile.CREDIT, Profile.POLICE}
    hidden = shares and rng.random() < plan.drift.second_phone_share(actors.day)
    return Profile.SECOND_PHONE if hidden else actors.pattern.profile


def _in_cash(world: World, rng: np.random.Generator, rows: Orders, *, actors: _Actors, chance: float) -> Orders:
    """Let some victims fetch cash for a courier instead of paying into an account."""
    large = rows["amount_fen"] >= _COURIER_LEAST_FEN
    if not (actors.pattern.courier and rng.random() < chance and large.any()):
        return rows
    rows["payee"] = np.where(large, world.places.cash_desk, rows["payee"])
    rows["event_type"] = np.where(large, CASH_WITHDRAWAL, rows["event_type"])
    rows["channel"] = np.where(large, channel_code(Channel.COUNTER), CHOOSE)
    rows["unit_fen"] = np.where(large, 100_000, rows["unit_fen"])
    return rows


def _until_warned(rng: np.random.Generator, rows: Orders, pattern: ScamPattern, *, coached: bool) -> Orders:
    """End the case at the first payment at which a warning is shown and heeded; the coached override it oftener."""
    heeds = pattern.stops * (0.7 if coached else 1.0)
    stopped = (rows["amount_fen"] >= _LARGE_FEN) & (rng.random(len(rows)) < _WARNED * heeds)
    return rows[: int(np.argmax(stopped))] if stopped.any() else rows


def _report(rng: np.random.Generator, pattern: ScamPattern, moment_ms: IntArray) -> int:
    """Draw when a case is reported; a slow scam is mostly seen through after its last payment, seldom during it."""
    if not len(moment_ms) or rng.random() < pattern.never_reported:
        return NEVER
    delay_ms = int(rng.lognormal(np.log(pattern.delay_s[0]), pattern.delay_s[1]) * SECOND_MS)
    first_ms, last_ms = int(moment_ms[0]), int(moment_ms[-1])
    seen_through_ms = last_ms + int(rng.exponential(DAY_MS)) if rng.random() < _SEEN_THROUGH_LATE else first_ms
    return 1 + (max(first_ms + delay_ms, seen_through_ms) if pattern.from_first else last_ms + delay_ms)


def _liquidity(world: World, rng: np.random.Generator, paid: Orders, *, actors: _Actors, loss_fen: int) -> Orders:
    """Turn savings or a loan into balance before the largest payment, or a loan before each."""
    pattern, victim = actors.pattern, np.full(1, actors.victim)
    by_loan = rng.random() < pattern.loan_in
    saves = world.population.savings_fen[actors.victim] > 0
    breaks = saves and rng.random() < pattern.term_break
    if not len(paid) or not (by_loan or breaks):
        return paid[:0]
    each = pattern.manner is Manner.LOANS
    before = paid if each else paid[[int(np.argmax(paid["amount_fen"]))]]
    need = before["amount_fen"] * rng.uniform(0.9, 1.3, len(before)) if by_loan else [loss_fen * rng.uniform(0.5, 1.2)]
    lead_ms = rng.lognormal(np.log(18 * MINUTE_MS), 0.9, len(before)).astype(np.int64) + MINUTE_MS
    redeems = rng.random() < 0.4
    kind = LOAN_DISBURSEMENT if by_loan else FUND_REDEMPTION if redeems else TERM_DEPOSIT_BREAK
    desk = world.places.loan_desk if by_loan else world.places.fund_desk if redeems else world.places.deposit_desk
    amount = np.maximum(np.asarray(need).astype(np.int64) // 10_000, 1) * 10_000
    return orders(
        np.maximum(before["time_ms"] - lead_ms, paid["time_ms"][0] - lead_ms), np.full(len(before), desk),
        np.repeat(victim, len(before)), amount_fen=amount, event_type=kind,
    )  # fmt: skip


def _saved(world: World, rng: np.random.Generator, paid: Orders, *, actors: _Actors, loss_fen: int) -> Orders:
    """Sell savings days before a payment, without haste: what long scams live on, and no bank finds remarkable."""
    saves = world.population.savings_fen[actors.victim]
    slow = actors.pattern.overnight >= 1
    if not (len(paid) and saves and slow and rng.random() < _SELLS_EARLY):
        return paid[:0]
    amount = np.array([min(saves, int(loss_fen * rng.uniform(0.5, 1.1)))]) // 10_000 * 10_000 + 10_000
    moment = paid["time_ms"][:1] - rng.integers(25 * HOUR_MS, 7 * DAY_MS, 1)
    return orders(moment, [world.places.fund_desk], [actors.victim], amount_fen=amount, event_type=FUND_REDEMPTION)


def _refunds(rng: np.random.Generator, paid: Orders) -> Orders:
    """Pay the first small orders back with a little more, so that the victim trusts."""
    return orders(
        paid["time_ms"] + rng.integers(20_000, 240_000, len(paid)), paid["payee"], paid["payer"],
        share=rng.uniform(1.03, 1.10, len(paid)), parent=paid["serial"], unit_fen=100, role=Role.MULE,
    )  # fmt: skip


def _blocks(
    rng: np.random.Generator, paid: Orders, onward: Orders, *, report_ms: int, times: float
) -> tuple[IntArray, IntArray]:
    """Stop some of the accounts the money went through, layer by layer, after the report."""
    if report_ms == NEVER:
        return np.zeros(0, np.int64), np.zeros(0, np.int64)
    through = [paid["payee"][paid["event_type"] == 0], *(onward["payer"][onward["hop"] == hop] for hop in (2, 3))]
    traced: list[IntArray] = []
    for accounts, chance in zip(through, _BLOCKED_CHANCE, strict=True):
        layer = np.unique(accounts).astype(np.int64)
        traced.append(layer[rng.random(len(layer)) < chance])
    blocked = np.concatenate(traced)
    delay_ms = times * rng.lognormal(np.log(_BLOCK_DELAY_MS), 1.0, len(blocked))
    return blocked, report_ms + delay_ms.astype(np.int64)
