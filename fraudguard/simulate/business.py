"""Ordinary life of companies, shops and stalls."""

from typing import Final

import numpy as np

from fraudguard.simulate.codes import channel_code
from fraudguard.simulate.orders import Orders, join, orders
from fraudguard.simulate.population import Segment
from fraudguard.simulate.rhythm import DAY_MS, HOUR_MS, Hours, clock_times
from fraudguard.simulate.streams import FloatArray, IntArray, lognormal_fen, nice_fen, scattered
from fraudguard.simulate.world import Scene, World
from fraudguard.transfer import Channel

__all__ = ["business_life", "stalls"]

_STALL_SHARE: Final = 0.05
"""Share of accounts that are stalls [A]: their takings gather by day and are swept at night."""

_STALL_DAILY: Final = (0.5, 1.3)
_STALL_MOST: Final = 60.0
"""Payments by bank transfer a day, median, sigma and most [A]; wallets pass the rest on in one sum."""


def business_life(scene: Scene) -> Orders:
    """Draw orders of companies: suppliers, customers, takings of shops, owners' drawings.

    Parameters
    ----------
    scene : Scene
        The block of days.

    Returns
    -------
    structured ndarray
        Orders, in no order.
    """
    return join([_suppliers(scene), _customers(scene), _takings(scene), _stalls(scene)])


def stalls(world: World) -> tuple[IntArray, FloatArray]:
    """Return the accounts of stalls, and how many pay each of them on an ordinary day."""
    rng, population = world.stream("stall owners"), world.population
    owners = population.members(Segment.SELF_EMPLOYED)
    owners = owners[~population.dormant[owners] & ~population.is_limited[owners] & (population.opened_day[owners] < 0)]
    owners = rng.choice(owners, min(len(owners), max(2, int(population.size * _STALL_SHARE))), replace=False)
    daily = np.minimum(rng.lognormal(np.log(_STALL_DAILY[0]), _STALL_DAILY[1], len(owners)), _STALL_MOST)
    return owners, daily


def _companies(scene: Scene, monthly: float) -> tuple[IntArray, np.random.Generator, IntArray]:
    rng, population = scene.stream(f"companies {monthly}"), scene.population
    rate = np.where(population.segment == Segment.COMPANY, monthly * population.activity, 0.0)
    who, moments = scene.happenings(rng, rate, hours=Hours.OFFICE)
    return who, rng, moments


def _suppliers(scene: Scene) -> Orders:
    who, rng, moments = _companies(scene, 4.0)
    companies = scene.population.members(Segment.COMPANY)
    regular = companies[(scattered(who, rng.integers(0, 4, len(who))) * len(companies)).astype(np.int64)]
    other = rng.choice(np.flatnonzero(scene.population.activity > 0.2), len(who))
    payee = np.where(rng.random(len(who)) < 0.7, regular, other)
    amount = nice_fen(rng, lognormal_fen(rng, 9_000, 1.4, size=len(who)))
    paid: Orders = orders(moments, who, payee, amount_fen=amount)[payee != who]
    return paid


def _customers(scene: Scene) -> Orders:
    """Bring money in from the big companies, so that wages can be paid."""
    who, rng, moments = _companies(scene, 3.0)
    payer = rng.choice(scene.places.big_employers, len(who))
    amount = nice_fen(rng, lognormal_fen(rng, 30_000, 1.0, size=len(who)))
    return orders(moments, payer, who, amount_fen=amount, channel=channel_code(Channel.OPEN_API))


def _clientele(scene: Scene, rng: np.random.Generator, payee: IntArray, *, size: int) -> IntArray:
    """Draw payers: four in five from the payee's own circle of customers, the others anybody."""
    people = scene.places.people
    regular = people[(scattered(payee, 1_000 + rng.integers(0, size, len(payee))) * len(people)).astype(np.int64)]
    payer: IntArray = np.where(rng.random(len(payee)) < 0.8, regular, rng.choice(people, len(payee)))
    return payer


def _takings(scene: Scene) -> Orders:
    """Move takings of the self-employed in: small payers, many of them strangers."""
    rng, population = scene.stream("takings"), scene.population
    rate = np.where((population.segment == Segment.SELF_EMPLOYED) & population.is_first, 2.0 * population.activity, 0)
    payee, moments = scene.happenings(rng, rate, hours=Hours.SHOP)
    payer = _clientele(scene, rng, payee, size=60)
    amount = nice_fen(rng, lognormal_fen(rng, 220, 1.3, size=len(payee)))
    paid: Orders = orders(moments, payer, payee, amount_fen=amount)[payer != payee]
    return paid


def _stalls(scene: Scene) -> Orders:
    owners, daily = stalls(scene.world)
    rng, days = scene.stream("stalls"), scene.block.days
    counts = rng.poisson(np.repeat(daily, days))
    payee = np.repeat(np.repeat(owners, days), counts)
    day = scene.block.first_day + np.repeat(np.tile(np.arange(days), len(owners)), counts)
    payer = _clientele(scene, rng, payee, size=250)
    paid_in = orders(
        scene.period.moment_ms(day, clock_times(rng, Hours.SHOP, size=len(payee))), payer, payee,
        amount_fen=nice_fen(rng, lognormal_fen(rng, 28, 0.9, size=len(payee)), share=0.3), channel=channel_code(Channel.QR),
    )  # fmt: skip
    return join([paid_in[payer != payee], _sweeps(scene, rng, owners[daily > 1])])


def _sweeps(scene: Scene, rng: np.random.Generator, owners: IntArray) -> Orders:
    """Empty the stall's account each night, to an own account or a supplier."""
    days = scene.block.days
    own = scene.population.second_of()[owners]
    target = np.where(own >= 0, own, scene.places.strong[owners, 1])
    moments = scene.start_ms + np.tile(np.arange(days), len(owners)) * DAY_MS
    moments = moments + rng.integers(int(20.5 * HOUR_MS), 24 * HOUR_MS, len(moments))
    share = rng.uniform(0.9, 1.0, len(moments))
    sweeps = orders(moments, np.repeat(owners, days), np.repeat(target, days), share=share, unit_fen=100)
    return sweeps[rng.random(len(moments)) < 0.6]
