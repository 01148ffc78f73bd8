"""Shared parts of unusual but honest episodes: who, when, how many steps."""

from dataclasses import dataclass

import numpy as np

from fraudguard.simulate.codes import LOAN_DISBURSEMENT, TERM_DEPOSIT_BREAK
from fraudguard.simulate.orders import CHOOSE, Orders, Profile, join, orders
from fraudguard.simulate.population import Segment
from fraudguard.simulate.rhythm import DAY_MS, HOUR_MS, Hours
from fraudguard.simulate.streams import FloatArray, IntArray
from fraudguard.simulate.world import Scene

__all__ = ["Episodes", "begin", "first_trial", "later_days", "new_payees", "provide", "repeat"]


@dataclass(frozen=True, slots=True)
class Episodes:
    """A number of episodes of one scenario: main account, moment of the main payment."""

    who: IntArray
    moment_ms: IntArray

    @property
    def size(self) -> int:
        """Number of episodes."""
        return len(self.who)


def begin(
    scene: Scene,
    rng: np.random.Generator,
    size: int,
    *,
    hours: Hours,
    among: IntArray | None = None,
    weights: FloatArray | None = None,
) -> Episodes:
    """Draw main accounts and moments in the block; well-to-do and active accounts are likelier."""
    population = scene.population
    pool = scene.places.people if among is None else among
    chances: FloatArray = np.sqrt(population.balance_fen[pool] + 1.0) * np.minimum(population.activity[pool], 1.0)
    summed = np.cumsum(chances)
    who = pool[np.searchsorted(summed, rng.random(size) * summed[-1], side="right")]
    return Episodes(who, scene.moments(rng, size, hours=hours, weights=weights))


def new_payees(
    scene: Scene, rng: np.random.Generator, size: int, *, segments: tuple[Segment, ...] | None = None
) -> IntArray:
    """Draw payees nobody knows yet: any person's account, or a holder of some segments."""
    population = scene.population
    pool = population.members(*segments) if segments else np.flatnonzero(population.is_person & ~population.dormant)
    return rng.choice(pool, size)


def repeat(rng: np.random.Generator, size: int, *, least: int, most: int) -> tuple[IntArray, IntArray, IntArray]:
    """Draw steps per episode: episode number and step number of each step, steps of each episode."""
    counts = rng.integers(least, most + 1, size)
    episode = np.repeat(np.arange(size), counts)
    step = np.arange(len(episode)) - np.repeat(np.cumsum(counts) - counts, counts)
    return episode, step, counts


def provide(
    scene: Scene, rng: np.random.Generator, episodes: Episodes, *, need_fen: IntArray, event_type: int
) -> Orders:
    """Bring in money before the main payment: a loan, a redemption, a broken deposit."""
    places = scene.places
    lead_ms = np.exp(rng.normal(np.log(40 * 60_000), 1.3, episodes.size)).astype(np.int64)
    amount = np.maximum((need_fen * rng.uniform(0.8, 1.3, episodes.size)).astype(np.int64) // 10_000, 1) * 10_000
    desks = {LOAN_DISBURSEMENT: places.loan_desk, TERM_DEPOSIT_BREAK: places.deposit_desk}
    desk = desks.get(event_type, places.fund_desk)
    return orders(
        episodes.moment_ms - lead_ms, np.full(episodes.size, desk), episodes.who,
        amount_fen=amount, event_type=event_type, episode=np.arange(episodes.size),
    )  # fmt: skip


def first_trial(rng: np.random.Generator, payments: Orders, *, share: float) -> Orders:
    """Precede a share of episodes by a tiny payment to see that the account number is right."""
    tried = payments[rng.random(len(payments)) < share].copy()
    tried["time_ms"] -= rng.integers(60_000, 20 * HOUR_MS, len(tried))
    tried["amount_fen"] = rng.choice([1, 10, 50, 100, 500, 1000], len(tried))
    tried["share"], tried["channel"], tried["profile"] = 0, CHOOSE, Profile.ROUTINE
    return join([tried, payments])


def later_days(rng: np.random.Generator, step: IntArray, *, days: float) -> IntArray:
    """Spread steps over days, in their order."""
    return (step * days * DAY_MS).astype(np.int64) + rng.integers(0, 6 * HOUR_MS, len(step))
