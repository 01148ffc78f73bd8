"""Ordinary life of companies, shops and stalls."""

from typing import Final

import numpy as np

from fraudguard.simulate.codes import channel_code
from fraudguard.simulate.orders import Orders, join, orders
from fraudguard.simulate.population import Segment
from fraudguard.simulate.rhythm import DAY_MS, HOUR_MS, Hours, clock_times
from fraudguard.simulate.streams import IntArray, lognormal_fen, nice_fen
from fraudguard.simulate.world import World
from fraudguard.transfer import Channel

__all__ = ["business_life", "stall_owners"]

_BUSY_STALLS: Final = 0.002
"""Share of accounts that are busy stalls [A]; most of the 5 % in real life take code payments elsewhere."""


def business_life(world: World) -> Orders:
    """Draw orders of companies: suppliers, customers, takings of shops, owners' drawings.

    Parameters
    ----------
    world : World
        The stage.

    Returns
    -------
    structured ndarray
        Orders, in no order.
    """
    return join([_suppliers(world), _customers(world), _takings(world), _stalls(world)])


def stall_owners(world: World) -> IntArray:
    """Return the accounts of busy stalls: many small payers by day, one sweep at night."""
    rng, population = world.stream("stall owners"), world.population
    owners = population.members(Segment.SELF_EMPLOYED)
    owners = owners[~population.dormant[owners] & ~population.is_class_ii[owners] & (population.opened_day[owners] < 0)]
    return rng.choice(owners, min(len(owners), max(2, int(population.size * _BUSY_STALLS))), replace=False)


def _companies(world: World, monthly: float) -> tuple[IntArray, np.random.Generator, IntArray]:
    rng, population = world.stream(f"companies {monthly}"), world.population
    rate = np.where(population.segment == Segment.COMPANY, monthly * population.activity, 0.0)
    who, moments = world.happenings(rng, rate, hours=Hours.OFFICE)
    return who, rng, moments


def _suppliers(world: World) -> Orders:
    who, rng, moments = _companies(world, 4.0)
    companies = world.population.members(Segment.COMPANY)
    regular = companies[(who * 7 + rng.integers(0, 4, len(who))) % len(companies)]
    other = rng.choice(np.flatnonzero(world.population.activity > 0.2), len(who))
    payee = np.where(rng.random(len(who)) < 0.7, regular, other)
    amount = nice_fen(rng, lognormal_fen(rng, 9_000, 1.4, size=len(who)))
    paid: Orders = orders(moments, who, payee, amount_fen=amount)[payee != who]
    return paid


def _customers(world: World) -> Orders:
    """Bring money in from the big companies, so that wages can be paid."""
    who, rng, moments = _companies(world, 3.0)
    payer = rng.choice(world.places.big_employers, len(who))
    amount = nice_fen(rng, lognormal_fen(rng, 30_000, 1.0, size=len(who)))
    return orders(moments, payer, who, amount_fen=amount, channel=channel_code(Channel.OPEN_API))


def _clientele(world: World, rng: np.random.Generator, payee: IntArray, *, size: int) -> IntArray:
    """Draw payers: four in five from the payee's own circle of customers, the others anybody."""
    people = np.flatnonzero(world.population.is_person)
    regular = people[(payee * 7_919 + rng.integers(0, size, len(payee)) * 104_729) % len(people)]
    payer: IntArray = np.where(rng.random(len(payee)) < 0.8, regular, rng.choice(people, len(payee)))
    return payer


def _takings(world: World) -> Orders:
    """Move takings of the self-employed in: small payers, many of them strangers."""
    rng, population = world.stream("takings"), world.population
    rate = np.where((population.segment == Segment.SELF_EMPLOYED) & population.is_first, 3.0 * population.activity, 0)
    payee, moments = world.happenings(rng, rate, hours=Hours.SHOP)
    payer = _clientele(world, rng, payee, size=60)
    amount = nice_fen(rng, lognormal_fen(rng, 220, 1.3, size=len(payee)))
    paid: Orders = orders(moments, payer, payee, amount_fen=amount)[payer != payee]
    return paid


def _stalls(world: World) -> Orders:
    rng, owners, days = world.stream("stalls"), stall_owners(world), world.period.days
    counts = rng.poisson(np.repeat(rng.uniform(8, 30, len(owners)), days))
    payee, day = np.repeat(np.repeat(owners, days), counts), np.repeat(np.tile(np.arange(days), len(owners)), counts)
    payer = _clientele(world, rng, payee, size=250)
    fan_in = orders(
        world.period.moment_ms(day, clock_times(rng, Hours.SHOP, size=len(payee))), payer, payee,
        amount_fen=nice_fen(rng, lognormal_fen(rng, 28, 0.9, size=len(payee)), share=0.3), channel=channel_code(Channel.QR),
    )  # fmt: skip
    return join([fan_in[payer != payee], _sweeps(world, rng, owners)])


def _sweeps(world: World, rng: np.random.Generator, owners: IntArray) -> Orders:
    """Empty the stall's account each night, to an own account or a supplier."""
    days = world.period.days
    own = world.population.second_of()[owners]
    target = np.where(own >= 0, own, world.places.strong[owners, 1])
    moments = world.period.start_ms + np.tile(np.arange(days), len(owners)) * DAY_MS
    moments = moments + rng.integers(int(20.5 * HOUR_MS), 24 * HOUR_MS, len(moments))
    share = np.where(rng.random(len(moments)) < 0.8, rng.uniform(0.9, 1.0, len(moments)), 0.0)
    sweeps = orders(moments, np.repeat(owners, days), np.repeat(target, days), share=share, unit_fen=100)
    return sweeps[share > 0]
