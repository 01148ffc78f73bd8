"""Honest payments that look like fraud: large, urgent, coached, to somebody new.

Rates are episodes per 10 000 accounts and year [A]; the whole is scaled up
when there would be fewer than five honest episodes for each fraud case.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np

from fraudguard.simulate.codes import FUND_REDEMPTION, LOAN_DISBURSEMENT, TERM_DEPOSIT_BREAK
from fraudguard.simulate.collectors import class_collectors, foremen, group_buyers, tuition
from fraudguard.simulate.episodes import begin, first_trial, later_days, new_payees, provide, repeat
from fraudguard.simulate.orders import Orders, Profile, join, orders
from fraudguard.simulate.population import Segment
from fraudguard.simulate.rhythm import Hours
from fraudguard.simulate.streams import lognormal_fen, nice_fen
from fraudguard.simulate.world import World

__all__ = ["HARD_NEGATIVES", "HardNegative", "hard_negatives"]

_AT_LEAST_PER_CASE: Final = 7

Maker = Callable[[World, np.random.Generator, int], Orders]


@dataclass(frozen=True, slots=True)
class HardNegative:
    """A scenario: name, yearly episodes per 10 000 accounts, maker of its orders."""

    name: str
    yearly_per_10k: float
    make: Maker


def _emergency(world: World, rng: np.random.Generator, size: int) -> Orders:
    """Help a relative in hospital at night: one or two payments to somebody new, on the phone."""
    episodes = begin(world, rng, size, hours=Hours.NIGHT)
    episode, step, _ = repeat(rng, size, least=1, most=2)
    amount = nice_fen(rng, lognormal_fen(rng, 12_000, 0.8, size=len(episode)))
    return orders(
        episodes.moment_ms[episode] + step * rng.integers(120_000, 5_400_000, len(episode)),
        episodes.who[episode], new_payees(world, rng, size)[episode],
        amount_fen=amount, share=0.97, profile=Profile.URGENT, episode=episode,
    )  # fmt: skip


def _house(world: World, rng: np.random.Generator, size: int) -> Orders:
    """Make a down-payment: savings gathered, a deposit broken, most of the balance gone in one to three payments."""
    episodes = begin(world, rng, size, hours=Hours.DAYTIME)
    need = lognormal_fen(rng, 180_000, 0.7, size=size)
    gathered = provide(world, rng, episodes, need_fen=need, event_type=TERM_DEPOSIT_BREAK)
    episode, step, counts = repeat(rng, size, least=1, most=3)
    seller = np.where(
        rng.random(size) < 0.5,
        new_payees(world, rng, size, segments=(Segment.COMPANY,)), new_payees(world, rng, size),
    )  # fmt: skip
    paid = orders(
        episodes.moment_ms[episode] + step * rng.integers(60_000, 3_600_000, len(episode)),
        episodes.who[episode], seller[episode],
        amount_fen=nice_fen(rng, need[episode] // counts[episode]), share=rng.uniform(0.85, 0.99, len(episode)),
        unit_fen=rng.choice([100, 10_000, 100_000], len(episode)), episode=episode,
    )  # fmt: skip
    return join([gathered, first_trial(rng, paid, share=0.2)])


def _car(world: World, rng: np.random.Generator, size: int) -> Orders:
    """Buy a car or renovate: rising payments to one new payee over days."""
    episodes = begin(world, rng, size, hours=Hours.DAYTIME)
    episode, step, _ = repeat(rng, size, least=3, most=6)
    payee = new_payees(world, rng, size, segments=(Segment.SELF_EMPLOYED, Segment.COMPANY, Segment.MIGRANT))
    growth = rng.uniform(1.3, 2.4, size)[episode] ** step
    amount = lognormal_fen(rng, 900 * growth, 0.4, size=len(episode))
    paid = orders(
        episodes.moment_ms[episode] + later_days(rng, step, days=1.5), episodes.who[episode], payee[episode],
        amount_fen=nice_fen(rng, amount), share=0.95, episode=episode,
    )  # fmt: skip
    return first_trial(rng, paid, share=0.1)


def _new_city(world: World, rng: np.random.Generator, size: int) -> Orders:
    """Rent in a new city for the first time: deposit and three months, nearly all a young person has."""
    among = world.population.members(Segment.STUDENT, Segment.MIGRANT, Segment.SALARIED)
    episodes = begin(world, rng, size, hours=Hours.GENERAL, among=among)
    amount = nice_fen(rng, lognormal_fen(rng, 6_500, 0.5, size=size), share=0.8)
    paid = orders(
        episodes.moment_ms, episodes.who, new_payees(world, rng, size),
        amount_fen=amount, share=0.96, episode=np.arange(size),
    )  # fmt: skip
    return first_trial(rng, paid, share=0.25)


def _refinancing(world: World, rng: np.random.Generator, size: int) -> Orders:
    """Take a loan and send it on within the hour, to pay another one off."""
    episodes = begin(world, rng, size, hours=Hours.GENERAL)
    amount = nice_fen(rng, lognormal_fen(rng, 15_000, 0.8, size=size), share=0.9)
    loan = provide(world, rng, episodes, need_fen=amount, event_type=LOAN_DISBURSEMENT)
    paid = orders(
        episodes.moment_ms, episodes.who, new_payees(world, rng, size),
        amount_fen=amount, share=0.98, episode=np.arange(size),
    )  # fmt: skip
    return join([loan, paid])


def _helped(world: World, rng: np.random.Generator, size: int) -> Orders:
    """Help an older person pay: a child on a call, with the screen shared."""
    among = world.population.members(Segment.RETIREE, Segment.SELF_EMPLOYED, Segment.SALARIED)
    among = among[world.population.app_user[among] & (world.population.age_band[among] >= 3)]
    episodes = begin(world, rng, size, hours=Hours.DAYTIME, among=among)
    episode, step, _ = repeat(rng, size, least=1, most=3)
    amount = nice_fen(rng, lognormal_fen(rng, 2_500, 1.3, size=len(episode)))
    return orders(
        episodes.moment_ms[episode] + step * rng.integers(40_000, 600_000, len(episode)),
        episodes.who[episode], new_payees(world, rng, len(episode)),
        amount_fen=amount, share=0.97, profile=Profile.HELPED, episode=episode,
    )  # fmt: skip


def _support(world: World, rng: np.random.Generator, size: int) -> Orders:
    """Pay in between online meetings, which go on all day."""
    among = world.population.members(Segment.SALARIED, Segment.COMPANY)
    episodes = begin(world, rng, size, hours=Hours.OFFICE, among=among)
    episode, step, _ = repeat(rng, size, least=1, most=2)
    amount = nice_fen(rng, lognormal_fen(rng, 1_200, 1.4, size=len(episode)))
    return orders(
        episodes.moment_ms[episode] + step * rng.integers(60_000, 7_200_000, len(episode)),
        episodes.who[episode], new_payees(world, rng, len(episode)),
        amount_fen=amount, share=0.97, profile=Profile.SUPPORT, episode=episode,
    )  # fmt: skip


def _top_ups(world: World, rng: np.random.Generator, size: int) -> Orders:
    """Top up a game or a coin in growing amounts within the hour, to several private sellers."""
    among = world.population.members(Segment.SALARIED, Segment.STUDENT, Segment.MIGRANT)
    episodes = begin(world, rng, size, hours=Hours.EVENING, among=among)
    episode, step, _ = repeat(rng, size, least=2, most=7)
    growth = rng.uniform(1.1, 2.6, size)[episode] ** step
    amount = nice_fen(rng, lognormal_fen(rng, 160 * growth, 0.5, size=len(episode)))
    seller = np.where(rng.random(len(episode)) < 0.35, world.places.coin_desk, new_payees(world, rng, len(episode)))
    return orders(
        episodes.moment_ms[episode] + step * rng.integers(120_000, 1_800_000, len(episode)),
        episodes.who[episode], seller, amount_fen=amount, share=0.97, episode=episode,
    )  # fmt: skip


def _revived(world: World, rng: np.random.Generator, size: int) -> Orders:
    """Wake a dormant account up: an inheritance or housing fund comes in and is spread out again."""
    population = world.population
    among = np.flatnonzero(population.dormant & population.is_person)
    episodes = begin(world, rng, size, hours=Hours.DAYTIME, among=among)
    need = lognormal_fen(rng, 30_000, 1.0, size=size)
    inflow = provide(world, rng, episodes, need_fen=need, event_type=FUND_REDEMPTION)
    episode, step, _ = repeat(rng, size, least=1, most=4)
    out = orders(
        episodes.moment_ms[episode] + step * rng.integers(90_000, 7_200_000, len(episode)),
        episodes.who[episode], new_payees(world, rng, len(episode)),
        share=rng.uniform(0.2, 0.995, len(episode)), unit_fen=rng.choice([1, 100, 10_000], len(episode)), episode=episode,
    )  # fmt: skip
    return join([inflow, first_trial(rng, out, share=0.15)])


def _big_week(world: World, rng: np.random.Generator, size: int) -> Orders:
    """Run errands: two to four large payments to different new payees within hours."""
    episodes = begin(world, rng, size, hours=Hours.GENERAL)
    episode, step, _ = repeat(rng, size, least=2, most=4)
    amount = nice_fen(rng, lognormal_fen(rng, 6_000, 1.1, size=len(episode)))
    return orders(
        episodes.moment_ms[episode] + step * rng.integers(120_000, 9_000_000, len(episode)),
        episodes.who[episode], new_payees(world, rng, len(episode)),
        amount_fen=amount, share=0.9, unit_fen=rng.choice([1, 100, 10_000], len(episode)), episode=episode,
    )  # fmt: skip


HARD_NEGATIVES: Final = (
    HardNegative("night_emergency", 100, _emergency),
    HardNegative("house_down_payment", 150, _house),
    HardNegative("car_or_renovation", 120, _car),
    HardNegative("first_rent_in_new_city", 60, _new_city),
    HardNegative("loan_refinancing", 80, _refinancing),
    HardNegative("helped_on_a_call", 200, _helped),
    HardNegative("remote_support", 800, _support),
    HardNegative("top_ups", 40, _top_ups),
    HardNegative("dormant_revived", 200, _revived),
    HardNegative("big_week", 400, _big_week),
    HardNegative("tuition_collection", 12, tuition),
    HardNegative("group_buy", 60, group_buyers),
    HardNegative("class_collector", 60, class_collectors),
    HardNegative("foreman", 60, foremen),
)
_YEARLY: Final = sum(scenario.yearly_per_10k for scenario in HARD_NEGATIVES)


def hard_negatives(world: World, *, cases: int) -> Orders:
    """Draw the honest episodes.

    Parameters
    ----------
    world : World
        The stage.
    cases : int
        Number of fraud cases planned.

    Returns
    -------
    structured ndarray
        Orders with `scenario` (index into `HARD_NEGATIVES`) and `episode` set.
    """
    stated = _YEARLY * world.population.size / 10_000 * world.period.days / 365
    scale = max(1.0, _AT_LEAST_PER_CASE * cases / stated)
    parts: list[Orders] = []
    told = 0
    for number, scenario in enumerate(HARD_NEGATIVES):
        rng = world.stream(f"hard negative {scenario.name}")
        expected = scenario.yearly_per_10k / _YEARLY * stated * scale
        size = int(np.ceil(expected)) if cases else int(rng.poisson(expected))
        made = scenario.make(world, rng, size)
        made["scenario"], made["episode"] = number, made["episode"] + told
        told += size
        parts.append(made[made["payer"] != made["payee"]])
    return join(parts)
