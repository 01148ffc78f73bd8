"""Honest money that gathers and moves on: schools, parcel stations, group buyers, class treasurers, foremen."""

from typing import Final

import numpy as np

from fraudguard.simulate.codes import channel_code
from fraudguard.simulate.episodes import begin, new_payees, repeat
from fraudguard.simulate.orders import Orders, join, orders
from fraudguard.simulate.population import Segment
from fraudguard.simulate.rhythm import DAY_MS, HOUR_MS, Hours, clock_times
from fraudguard.simulate.streams import IntArray, lognormal_fen, nice_fen
from fraudguard.simulate.world import Scene, World
from fraudguard.transfer import Channel

__all__ = ["class_collectors", "foremen", "group_buyers", "parcel_stations", "tuition"]

_ACCOUNTS_PER_SCHOOL: Final = 1_500


def _schools(world: World) -> IntArray:
    """Return the accounts of schools and training courses: a few companies and private teachers."""
    population = world.population
    among = population.members(Segment.COMPANY, Segment.SELF_EMPLOYED)
    among = among[~population.dormant[among] & ~population.is_limited[among]]
    size = max(2, population.size // _ACCOUNTS_PER_SCHOOL)
    return world.stream("schools").choice(among, min(size, len(among)), replace=False)


def tuition(scene: Scene, rng: np.random.Generator, size: int) -> Orders:
    """Pay a school before term: 5 000 to 20 000 yuan, many first-time payers to one payee."""
    parents = begin(
        scene, rng, size, hours=Hours.GENERAL, among=scene.places.people, weights=scene.period.tuition_weights
    )
    fee = nice_fen(rng, np.clip(lognormal_fen(rng, 8_500, 0.45, size=size), 500_000, 2_000_000), share=0.95)
    return orders(
        parents.moment_ms, parents.who, rng.choice(_schools(scene.world), size), amount_fen=fee, episode=np.arange(size)
    )


def parcel_stations(scene: Scene, rng: np.random.Generator, size: int) -> Orders:
    """Take parcel fees for a day or two: 100 to 600 payers a day of 2 to 60 yuan, swept once or twice a day."""
    population = scene.population
    among = population.members(Segment.SELF_EMPLOYED, Segment.MIGRANT)
    stations = begin(scene, rng, size, hours=Hours.DAYTIME, among=among[~population.is_limited[among]])
    day, _, _ = repeat(rng, size, least=1, most=2)
    counts = np.clip(rng.lognormal(np.log(170), 0.5, len(day)), 100, 600).astype(np.int64)
    payment = np.repeat(np.arange(len(day)), counts)
    opens_ms = scene.period.start_ms + scene.period.day_of(stations.moment_ms)[day] * DAY_MS
    second = np.concatenate([[False], day[1:] == day[:-1]])[: len(day)]
    opens_ms = opens_ms + second * DAY_MS
    paid_in = orders(
        opens_ms[payment] + clock_times(rng, Hours.SHOP, size=len(payment)), new_payees(scene, rng, len(payment)),
        stations.who[day[payment]], channel=channel_code(Channel.QR), episode=day[payment],
        amount_fen=np.clip(lognormal_fen(rng, 9, 0.8, size=len(payment)), 200, 6_000),
    )  # fmt: skip
    sweeps = np.repeat(np.arange(len(day)), rng.integers(1, 3, len(day)))
    moment = opens_ms[sweeps] + rng.integers(14 * HOUR_MS, DAY_MS, len(sweeps))
    swept = orders(
        moment, stations.who[day[sweeps]], scene.places.strong[stations.who[day[sweeps]], 0],
        share=rng.uniform(0.95, 1.0, len(sweeps)), unit_fen=100, episode=day[sweeps],
    )  # fmt: skip
    return join([paid_in, swept])


def group_buyers(scene: Scene, rng: np.random.Generator, size: int) -> Orders:
    """Collect from neighbours for a group order: 30 to 150 payers in two hours, one supplier within three."""
    leaders = begin(scene, rng, size, hours=Hours.GENERAL)
    counts = np.clip(rng.lognormal(np.log(45), 0.5, size), 30, 150).astype(np.int64)
    episode = np.repeat(np.arange(size), counts)
    price = nice_fen(rng, lognormal_fen(rng, 90, 0.7, size=size))
    paid_in = orders(
        leaders.moment_ms[episode] + rng.integers(0, 2 * HOUR_MS, len(episode)),
        new_payees(scene, rng, len(episode)), leaders.who[episode], amount_fen=price[episode], episode=episode,
    )  # fmt: skip
    supplier = new_payees(scene, rng, size, segments=(Segment.SELF_EMPLOYED, Segment.COMPANY))
    paid_out = orders(
        leaders.moment_ms + 2 * HOUR_MS + rng.integers(120_000, 3 * HOUR_MS, size), leaders.who, supplier,
        amount_fen=(price * counts * 0.93).astype(np.int64) // 100 * 100 + 100, share=0.98, episode=np.arange(size),
    )  # fmt: skip
    return join([paid_in, paid_out])


def class_collectors(scene: Scene, rng: np.random.Generator, size: int) -> Orders:
    """Collect a class fee, wedding or funeral gifts: 20 to 80 payers in a day, then the pay-out."""
    collectors = begin(scene, rng, size, hours=Hours.DAYTIME)
    counts = np.clip(rng.lognormal(np.log(30), 0.4, size), 20, 80).astype(np.int64)
    episode = np.repeat(np.arange(size), counts)
    opens_ms = scene.period.start_ms + scene.period.day_of(collectors.moment_ms) * DAY_MS
    gift = nice_fen(rng, lognormal_fen(rng, 350, 0.8, size=len(episode)), share=0.95)
    paid_in = orders(
        opens_ms[episode] + clock_times(rng, Hours.GENERAL, size=len(episode)),
        new_payees(scene, rng, len(episode)), collectors.who[episode], amount_fen=gift, episode=episode,
    )  # fmt: skip
    total = np.bincount(episode, gift, size).astype(np.int64)
    out, _, parts = repeat(rng, size, least=1, most=3)
    paid_out = orders(
        opens_ms[out] + DAY_MS + rng.integers(8 * HOUR_MS, DAY_MS - HOUR_MS, len(out)),
        collectors.who[out], new_payees(scene, rng, len(out)),
        amount_fen=(total * 0.9 / np.maximum(parts, 1)).astype(np.int64)[out] // 100 * 100 + 100, share=0.98, episode=out,
    )  # fmt: skip
    return join([paid_in, paid_out])


def foremen(scene: Scene, rng: np.random.Generator, size: int) -> Orders:
    """Pay a crew: one large sum in from a company, ten to forty wages out within the hour."""
    among = scene.population.members(Segment.MIGRANT, Segment.SELF_EMPLOYED)
    bosses = begin(scene, rng, size, hours=Hours.DAYTIME, among=among[~scene.population.is_limited[among]])
    episode, step, counts = repeat(rng, size, least=10, most=40)
    wage = nice_fen(rng, lognormal_fen(rng, 2_800, 0.4, size=size), share=0.8)
    paid_in = orders(
        bosses.moment_ms, rng.choice(scene.places.big_employers, size), bosses.who,
        amount_fen=wage * counts * 103 // 100, channel=channel_code(Channel.OPEN_API), episode=np.arange(size),
    )  # fmt: skip
    workers = new_payees(scene, rng, len(episode), segments=(Segment.MIGRANT, Segment.SELF_EMPLOYED, Segment.SALARIED))
    paid_out = orders(
        bosses.moment_ms[episode] + 180_000 + step * rng.integers(20_000, 90_000, size)[episode],
        bosses.who[episode], workers, amount_fen=wage[episode], episode=episode,
    )  # fmt: skip
    return join([paid_in, paid_out])
