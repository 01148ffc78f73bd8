"""Gangs, their stock of accounts, and how money is passed on.

A gang works in batches: three to five first-layer accounts, a few behind
them, used for one to five days and then burnt. The accounts are taken from
the population and had a life of their own before: most dormant and bought,
some of the young and recruited, a few companies, a few hijacked.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from fraudguard.simulate.codes import CASH_WITHDRAWAL, channel_code
from fraudguard.simulate.orders import CHOOSE, Orders, Role, join, orders
from fraudguard.simulate.population import Segment
from fraudguard.simulate.rhythm import DAY_MS, HOUR_MS, SECOND_MS
from fraudguard.simulate.streams import FloatArray, IntArray
from fraudguard.simulate.world import World
from fraudguard.transfer import Channel

__all__ = ["Batch", "build_batches", "pass_on", "trial_payments"]

_CASES_PER_BATCH: Final = 3.5
_BATCHES_PER_GANG: Final = 3
_ACCOUNTS_PER_BATCH: Final = 40  # so that mules stay a small part of any world
_SOURCES: Final = {"dormant": 0.55, "young": 0.27, "company": 0.10, "anyone": 0.08}
_TRIED: Final = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """Accounts a gang uses together, and for how long."""

    gang: int
    first_day: int
    days: int
    layer_1: IntArray
    layer_2: IntArray
    layer_3: IntArray

    @property
    def accounts(self) -> IntArray:
        """All accounts of the batch."""
        return np.concatenate([self.layer_1, self.layer_2, self.layer_3])


def build_batches(world: World, rng: np.random.Generator, *, cases: int) -> list[Batch]:
    """Draw gangs and the batches of accounts they burn.

    Parameters
    ----------
    world : World
        The stage.
    rng : numpy.random.Generator
        Source of chance.
    cases : int
        Fraud cases to be served.

    Returns
    -------
    list of Batch
        No account is in two of them.
    """
    most = max(1, world.population.size // _ACCOUNTS_PER_BATCH)
    count = min(most, max(1, round(cases / _CASES_PER_BATCH)))
    sizes = np.stack([rng.integers(3, 6, count), rng.integers(2, 4, count), rng.integers(1, 4, count)], axis=1)
    stock = _stock(world, rng, int(sizes.sum()))
    cuts = np.split(stock, np.cumsum(sizes.ravel())[:-1])
    gangs = rng.permutation(np.arange(count) // _BATCHES_PER_GANG)
    batches: list[Batch] = []
    for number in range(count):
        days = int(rng.integers(1, 6))
        first_day = int(rng.integers(0, max(1, world.period.days - 2)))
        layers = cuts[3 * number : 3 * number + 3]
        batches.append(
            Batch(
                gang=int(gangs[number]), first_day=first_day, days=days,
                layer_1=layers[0], layer_2=layers[1], layer_3=layers[2],
            )
        )  # fmt: skip
    return batches


def _stock(world: World, rng: np.random.Generator, size: int) -> IntArray:
    population = world.population
    usable = (population.segment < Segment.MERCHANT) & (population.opened_day < 0)
    young = usable & population.is_first & (population.age_band >= 1) & (population.age_band <= 2)
    groups = {
        "dormant": usable & population.dormant,
        "young": young & ~population.dormant,
        "company": usable & (population.segment == Segment.COMPANY) & ~population.dormant,
        "anyone": usable & ~population.dormant,
    }
    weights: FloatArray = np.zeros(population.size)
    for name, share in _SOURCES.items():
        weights[groups[name]] += share / max(1, int(groups[name].sum()))
    weights *= np.where(population.is_class_ii, 0.3, 1.0)
    weights[world.places.deep] = 0
    return rng.choice(population.size, min(size, int((weights > 0).sum())), replace=False, p=weights / weights.sum())


def trial_payments(world: World, rng: np.random.Generator, batch: Batch) -> Orders:
    """Send a few fen to some first-layer accounts beforehand, to see that they are alive."""
    tried = batch.layer_1[rng.random(len(batch.layer_1)) < _TRIED]
    opens_ms = world.period.start_ms + batch.first_day * DAY_MS + 9 * HOUR_MS
    return orders(
        opens_ms - rng.integers(HOUR_MS, 24 * HOUR_MS, len(tried)), rng.choice(batch.layer_2, len(tried)), tried,
        amount_fen=rng.choice([1, 10, 50, 100, 500, 1000], len(tried)), role=Role.MULE,
    )  # fmt: skip


def pass_on(world: World, rng: np.random.Generator, payments: Orders, *, batch: Batch) -> Orders:
    """Pass victims' money from the first layer to the second and out of it.

    Parameters
    ----------
    world : World
        The stage.
    rng : numpy.random.Generator
        Source of chance.
    payments : structured ndarray
        Payments into first-layer accounts.
    batch : Batch
        The accounts to pass it through.

    Returns
    -------
    structured ndarray
        Hops 1 and 2; dwell 1 to 10 and 2 to 20 minutes. One in ten payments stays where it is.
    """
    kept = payments[rng.random(len(payments)) < 0.9]
    first = _split(rng, kept, dwell_s=(210, 0.6), most=3)
    first["payee"] = rng.choice(batch.layer_2, len(first))
    first["hop"] = 1
    second = _split(rng, first[rng.random(len(first)) < 0.8], dwell_s=(420, 0.6), most=2)
    second["hop"] = 2
    return join([first, _cash_out(world, rng, second, batch=batch)])


def _split(rng: np.random.Generator, arrivals: Orders, *, dwell_s: tuple[float, float], most: int) -> Orders:
    """Send on what arrived, in one to `most` parts; the last part takes nearly all that is left."""
    counts = rng.integers(1, most + 1, len(arrivals))
    number = np.repeat(np.arange(len(arrivals)), counts)
    part = np.arange(len(number)) - np.repeat(np.cumsum(counts) - counts, counts)
    left = counts[number] - part
    dwell_ms = np.clip(rng.lognormal(np.log(dwell_s[0]), dwell_s[1], len(arrivals)), 60, 1_200) * SECOND_MS
    moment = (
        arrivals["time_ms"][number]
        + dwell_ms[number].astype(np.int64)
        + part * rng.integers(8_000, 90_000, len(number))
    )
    share = np.where(left == 1, rng.uniform(0.95, 1.0, len(number)), rng.uniform(0.6, 1.3, len(number)) / left)
    return orders(
        moment, arrivals["payee"][number], arrivals["payee"][number],
        share=np.minimum(share, 1.0), unit_fen=rng.choice([1, 100, 10_000], len(number), p=[0.4, 0.3, 0.3]),
        role=Role.MULE, case=arrivals["case"][number],
    )  # fmt: skip


def _cash_out(world: World, rng: np.random.Generator, out: Orders, *, batch: Batch) -> Orders:
    places = world.places
    way = rng.choice(4, len(out), p=[0.25, 0.22, 0.15, 0.38])
    ends = np.stack([
        np.full(len(out), places.cash_desk), np.full(len(out), places.coin_desk),
        rng.choice(places.shops, len(out)), rng.choice(batch.layer_3, len(out)),
    ])  # fmt: skip
    out["payee"] = ends[way, np.arange(len(out))]
    machine = way == 0
    out["event_type"][machine] = CASH_WITHDRAWAL
    out["channel"] = np.where(machine, channel_code(Channel.ATM), CHOOSE)
    out["amount_fen"] = np.where(machine, 2_000_000, 0)
    out["unit_fen"] = np.where(machine, 10_000, out["unit_fen"])
    return out
