"""Honest money that gathers and moves on: schools, group buyers, class treasurers, foremen."""

import numpy as np

from fraudguard.simulate.codes import channel_code
from fraudguard.simulate.episodes import begin, new_payees, repeat
from fraudguard.simulate.orders import Orders, join, orders
from fraudguard.simulate.population import Segment
from fraudguard.simulate.rhythm import DAY_MS, HOUR_MS, Hours, clock_times
from fraudguard.simulate.streams import lognormal_fen, nice_fen
from fraudguard.simulate.world import World
from fraudguard.transfer import Channel

__all__ = ["class_collectors", "foremen", "group_buyers", "tuition"]


def tuition(world: World, rng: np.random.Generator, size: int) -> Orders:
    """Pay a school or training course: many first-time payers in ten days, 2 000 to 20 000 yuan each."""
    among = world.population.members(Segment.COMPANY, Segment.SELF_EMPLOYED)
    schools = begin(world, rng, size, hours=Hours.DAYTIME, among=among)
    episode, _, _ = repeat(rng, size, least=15, most=60)
    day = schools.day[episode] + rng.integers(0, 10, len(episode))
    fee = nice_fen(rng, lognormal_fen(rng, 4_500, 0.6, size=size), share=0.9)
    return orders(
        world.period.moment_ms(day, clock_times(rng, Hours.GENERAL, size=len(episode))),
        new_payees(world, rng, len(episode)), schools.who[episode], amount_fen=fee[episode], episode=episode,
    )  # fmt: skip


def group_buyers(world: World, rng: np.random.Generator, size: int) -> Orders:
    """Collect from neighbours for a group order: many payers in two hours, one supplier soon after."""
    leaders = begin(world, rng, size, hours=Hours.GENERAL)
    episode, _, counts = repeat(rng, size, least=10, most=50)
    price = nice_fen(rng, lognormal_fen(rng, 90, 0.7, size=size))
    paid_in = orders(
        leaders.moment_ms[episode] + rng.integers(0, 2 * HOUR_MS, len(episode)),
        new_payees(world, rng, len(episode)), leaders.who[episode], amount_fen=price[episode], episode=episode,
    )  # fmt: skip
    supplier = new_payees(world, rng, size, segments=(Segment.SELF_EMPLOYED, Segment.COMPANY))
    paid_out = orders(
        leaders.moment_ms + 2 * HOUR_MS + rng.integers(120_000, 3 * HOUR_MS, size), leaders.who, supplier,
        amount_fen=(price * counts * 0.93).astype(np.int64) // 100 * 100, episode=np.arange(size),
    )  # fmt: skip
    return join([paid_in, paid_out])


def class_collectors(world: World, rng: np.random.Generator, size: int) -> Orders:
    """Collect a class fee, wedding or funeral gifts: a day of payers, then the pay-out."""
    collectors = begin(world, rng, size, hours=Hours.DAYTIME)
    episode, _, _ = repeat(rng, size, least=12, most=50)
    gift = nice_fen(rng, lognormal_fen(rng, 350, 0.8, size=len(episode)), share=0.95)
    paid_in = orders(
        world.period.moment_ms(collectors.day[episode], clock_times(rng, Hours.GENERAL, size=len(episode))),
        new_payees(world, rng, len(episode)), collectors.who[episode], amount_fen=gift, episode=episode,
    )  # fmt: skip
    total = np.bincount(episode, gift, size).astype(np.int64)
    out, _, parts = repeat(rng, size, least=1, most=3)
    paid_out = orders(
        world.period.moment_ms(collectors.day[out] + 1, rng.integers(8 * HOUR_MS, DAY_MS - HOUR_MS, len(out))),
        collectors.who[out], new_payees(world, rng, len(out)),
        amount_fen=(total * 0.9 / np.maximum(parts, 1)).astype(np.int64)[out] // 100 * 100 + 100, episode=out,
    )  # fmt: skip
    return join([paid_in, paid_out])


def foremen(world: World, rng: np.random.Generator, size: int) -> Orders:
    """Pay a crew: one large sum in from a company, ten to thirty wages out within the hour."""
    among = world.population.members(Segment.MIGRANT, Segment.SELF_EMPLOYED)
    bosses = begin(world, rng, size, hours=Hours.DAYTIME, among=among[~world.population.is_class_ii[among]])
    episode, step, counts = repeat(rng, size, least=10, most=30)
    wage = nice_fen(rng, lognormal_fen(rng, 2_800, 0.4, size=size), share=0.8)
    paid_in = orders(
        bosses.moment_ms, rng.choice(world.places.big_employers, size), bosses.who,
        amount_fen=wage * counts * 103 // 100, channel=channel_code(Channel.OPEN_API), episode=np.arange(size),
    )  # fmt: skip
    workers = new_payees(world, rng, len(episode), segments=(Segment.MIGRANT, Segment.SELF_EMPLOYED, Segment.SALARIED))
    paid_out = orders(
        bosses.moment_ms[episode] + 180_000 + step * rng.integers(20_000, 150_000, size)[episode],
        bosses.who[episode], workers, amount_fen=wage[episode], episode=episode,
    )  # fmt: skip
    return join([paid_in, paid_out])
