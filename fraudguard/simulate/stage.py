"""What a block of days needs to be made: the world, the plan of its fraud, and one function that draws the block."""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Final

import numpy as np

from fraudguard.simulate.business import business_life
from fraudguard.simulate.cases import FraudCase, commit
from fraudguard.simulate.gangs import first_movements
from fraudguard.simulate.hard_negatives import enough_of, hard_negatives
from fraudguard.simulate.life import daily_life
from fraudguard.simulate.orders import Orders, join
from fraudguard.simulate.plan import FraudPlan, plan_fraud
from fraudguard.simulate.rhythm import Block
from fraudguard.simulate.signals import Signals, episode_signals, everyday_signals
from fraudguard.simulate.streams import IntArray
from fraudguard.simulate.world import Scene, World, build_world

__all__ = ["Made", "Spec", "Stage", "blocks_of", "make_block", "stage_of"]

_TRANSFERS_PER_ACCOUNT_DAY: Final = 0.47  # measured; it only aims the base rate
_VICTIMS_PAID: Final = 0.85  # measured: share of the planned payments that are made
_ROWS_A_BLOCK: Final = 250_000
_LONGEST_BLOCK_DAYS: Final = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class Spec:
    """The arguments of a world."""

    seed: int
    accounts: int
    days: int
    start: date
    rate: float
    signal_coverage: float


@dataclass(frozen=True, slots=True)
class Stage:
    """World and plan, and by how much honest episodes are raised above their stated rates."""

    world: World
    plan: FraudPlan
    scale: float


@dataclass(frozen=True, slots=True)
class Made:
    """All that begins in a block: orders and signals, now or later, and the fraud cases behind some of them."""

    orders: Orders
    signals: Signals
    cases: IntArray
    report_ms: IntArray
    blocked: IntArray
    blocked_ms: IntArray


@lru_cache(maxsize=1)
def stage_of(spec: Spec) -> Stage:
    """Set the stage; a process that makes several blocks sets it once."""
    world = build_world(
        spec.seed, accounts=spec.accounts, days=spec.days, start=spec.start, signal_coverage=spec.signal_coverage
    )
    expected = spec.accounts * float(world.period.day_weights.sum()) * _TRANSFERS_PER_ACCOUNT_DAY
    plan = plan_fraud(world, victim_transfers=expected * spec.rate / _VICTIMS_PAID)
    return Stage(world, plan, enough_of(cases=plan.cases, accounts=spec.accounts, days=spec.days))


def blocks_of(spec: Spec, stage: Stage) -> tuple[Block, ...]:
    """Cut the period into blocks of about a quarter of a million transfers, a day at least and a week at most."""
    days = int(_ROWS_A_BLOCK / (spec.accounts * _TRANSFERS_PER_ACCOUNT_DAY))
    return stage.world.period.blocks(min(max(days, 1), _LONGEST_BLOCK_DAYS))


def make_block(spec: Spec, block: Block) -> Made:
    """Draw all that begins in a block; it depends on no other block.

    Parameters
    ----------
    spec : Spec
        The world.
    block : Block
        The days.

    Returns
    -------
    Made
        The same in whichever process it is drawn.
    """
    stage = stage_of(spec)
    world, plan, scene = stage.world, stage.plan, Scene(stage.world, block)
    days = range(block.first_day, block.until_day)
    cases = [commit(world, plan, int(number)) for number in plan.beginning(world, days)]
    honest = hard_negatives(scene, scale=stage.scale)
    gangs = [first_movements(world, gang, block_days=days) for gang in plan.gangs]
    rows = join([daily_life(scene), business_life(scene), honest, *gangs, *(case.orders for case in cases)])
    noticed = [everyday_signals(scene), episode_signals(scene, honest), *(case.signals for case in cases)]
    inside = (rows["time_ms"] >= scene.start_ms) & (rows["time_ms"] < world.period.until_ms)
    return _made(rows[inside], np.concatenate(noticed), cases)


def _made(rows: Orders, noticed: Signals, cases: list[FraudCase]) -> Made:
    nothing = [np.zeros(0, np.int64)]
    return Made(
        orders=rows,
        signals=noticed,
        cases=np.array([case.number for case in cases], np.int64),
        report_ms=np.array([case.report_ms for case in cases], np.int64),
        blocked=np.concatenate(nothing + [case.blocked for case in cases]),
        blocked_ms=np.concatenate(nothing + [case.blocked_ms for case in cases]),
    )
