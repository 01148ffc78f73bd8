"""Gangs, how long they last, and their stock of accounts.

A gang burns its first-layer accounts in small batches, one batch after the
other, each for a few days; the layers behind serve several batches. Accounts
are taken from the population and had a life of their own before: most
dormant and bought, some of the young and recruited, a few companies, a few
hijacked.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from fraudguard.simulate.drift import Drift
from fraudguard.simulate.orders import Orders, Role, join, orders
from fraudguard.simulate.population import Segment
from fraudguard.simulate.rhythm import DAY_MS, HOUR_MS, MINUTE_MS
from fraudguard.simulate.streams import FloatArray, IntArray
from fraudguard.simulate.world import World

__all__ = ["Gang", "build_gangs", "first_movements"]

_GANGS_PER_100K_A_MONTH: Final = 5.5
_CASES_PER_GANG: Final = 15
"""Gangs arrive at the stated rate, but no gang of a small world takes more cases than this [A]."""

_LIFE_DAYS: Final = (20, 60)
_STOCK: Final = (10, 80)
_LEAST_STOCK: Final = 7
_USUAL_STOCK: Final = 25
_STOCK_SHARE: Final = 0.025
"""Mules stay a small part of any world."""

_SOURCES: Final = {"dormant": 0.46, "young": 0.25, "company": 0.10, "anyone": 0.05, "shop": 0.14}
"""Where accounts come from [A]: the design's mix, with rented codes of small shops taken from the dormant."""

_TRIED: Final = 0.5
_PROBING: Final = 0.03
_SLOW: Final = 0.3
_CAMOUFLAGED: Final = 0.2
_PROBES_YUAN: Final = (10, 100, 1_000, 5_000, 20_000, 50_000)


@dataclass(frozen=True, slots=True, kw_only=True)
class Gang:
    """One gang. Layers hold account numbers, one element a batch; the layers behind change less often.

    `cap_fen` is the most it lets a victim pay at once, because larger test
    payments were refused; 0 is no cap.
    """

    number: int
    first_day: int
    life_days: int
    kinds: frozenset[int]
    layer_1: tuple[IntArray, ...]
    layer_2: tuple[IntArray, ...]
    layer_3: tuple[IntArray, ...]
    slow: bool
    cap_fen: int

    @property
    def accounts(self) -> IntArray:
        """All accounts of the gang."""
        return np.concatenate([*self.layer_1, *self.layer_2, *self.layer_3])

    def in_use(self, layer: tuple[IntArray, ...], day: float) -> IntArray:
        """Return the batch of a layer in use on a day; the first before, the last after the gang's life."""
        return layer[self._place(layer, day)]

    def _place(self, layer: tuple[IntArray, ...], day: float) -> int:
        through = (day - self.first_day) / self.life_days
        return min(max(0, int(through * len(layer))), len(layer) - 1)

    def batch_day(self, day: float) -> float:
        """Return the day from which the first-layer batch in use on a day is used."""
        return self.opening_days[self._place(self.layer_1, day)]

    @property
    def opening_days(self) -> list[float]:
        """The day from which each first-layer batch is used."""
        return [self.first_day + self.life_days * batch / len(self.layer_1) for batch in range(len(self.layer_1))]


def build_gangs(world: World, drift: Drift, *, cases: int) -> tuple[Gang, ...]:
    """Draw the gangs of a world.

    Parameters
    ----------
    world : World
        The stage.
    drift : Drift
        Whose scam types they run.
    cases : int
        Cases to be served.

    Returns
    -------
    tuple of Gang
        No account is in two of them.
    """
    rng = world.stream("gangs")
    count = _count(world, rng, cases=cases)
    sizes = _sizes(world, rng, count)
    cuts = np.split(_stock(world, rng, int(sizes.sum())), np.cumsum(sizes)[:-1])
    return tuple(_gang(world, rng, drift, number=number, stock=stock) for number, stock in enumerate(cuts))


def _count(world: World, rng: np.random.Generator, *, cases: int) -> int:
    stated = rng.poisson(_GANGS_PER_100K_A_MONTH * world.population.size / 100_000 * world.period.days / 30)
    room = int(world.population.size * _STOCK_SHARE) // _USUAL_STOCK
    return int(min(max(1, room), max(stated, -(-cases // _CASES_PER_GANG), 2)))


def _sizes(world: World, rng: np.random.Generator, count: int) -> IntArray:
    sizes = rng.integers(_STOCK[0], _STOCK[1] + 1, count)
    fits = min(1.0, world.population.size * _STOCK_SHARE / sizes.sum())
    fitting: IntArray = np.maximum((sizes * fits).astype(np.int64), _LEAST_STOCK)
    return fitting


def _gang(world: World, rng: np.random.Generator, drift: Drift, *, number: int, stock: IntArray) -> Gang:
    life = int(rng.integers(_LIFE_DAYS[0], _LIFE_DAYS[1] + 1))
    first = max(3, int(len(stock) * 0.5))
    second = max(2, int(len(stock) * 0.2))
    kinds = rng.choice(len(drift.patterns), int(rng.integers(1, 4)), p=drift.shares.mean(axis=0), replace=False)
    return Gang(
        number=number,
        first_day=int(rng.integers(-life // 2, world.period.days)),
        life_days=life,
        kinds=frozenset(kinds.tolist()),
        layer_1=tuple(np.array_split(stock[:first], max(1, first // 3))),
        layer_2=tuple(np.array_split(stock[first : first + second], max(1, second // 3))),
        layer_3=tuple(np.array_split(stock[first + second :], max(1, (len(stock) - first - second) // 4))),
        slow=bool(rng.random() < _SLOW),
        cap_fen=int(rng.choice(_PROBES_YUAN[3:])) * 100 if rng.random() < _PROBING else 0,
    )


def _stock(world: World, rng: np.random.Generator, size: int) -> IntArray:
    population = world.population
    usable = (population.segment < Segment.MERCHANT) & (population.opened_day < 0)
    small_shops = np.zeros(population.size, bool)
    small_shops[world.places.shops[len(world.places.shops) // 3 :]] = True
    young = usable & population.is_first & (population.age_band >= 1) & (population.age_band <= 2)
    groups = {
        "dormant": usable & population.dormant,
        "young": young & ~population.dormant,
        "company": usable & (population.segment == Segment.COMPANY) & ~population.dormant,
        "anyone": usable & ~population.dormant,
        "shop": small_shops,
    }
    weights: FloatArray = np.zeros(population.size)
    for name, share in _SOURCES.items():
        weights[groups[name]] += share / max(1, int(groups[name].sum()))
    weights *= np.where(population.is_limited, 0.2, 1.0)
    weights[world.places.deep] = 0
    return rng.choice(population.size, min(size, int((weights > 0).sum())), replace=False, p=weights / weights.sum())


def first_movements(world: World, gang: Gang, *, block_days: range) -> Orders:
    """Draw what a gang does with batches first used on some days, before victims pay: tests, probes, groceries.

    Parameters
    ----------
    world : World
        The stage.
    gang : Gang
        Whose batches.
    block_days : range
        The days.

    Returns
    -------
    structured ndarray
        Tiny test payments into most accounts 1 to 24 hours before; rising ones by gangs that probe; camouflage.
    """
    parts: list[Orders] = []
    for batch, (accounts, opening) in enumerate(zip(gang.layer_1, gang.opening_days, strict=True)):
        tried_day = int(np.floor(opening)) - 1
        if tried_day in block_days:
            rng = world.stream("first movements", gang.number, batch)
            opens_ms = world.period.start_ms + (tried_day + 1) * DAY_MS + 9 * HOUR_MS
            parts += [
                _tests(rng, gang, accounts, opens_ms=opens_ms),
                _camouflage(world, rng, accounts, opens_ms=opens_ms),
            ]
            parts += [_probes(rng, gang, accounts, opens_ms=opens_ms)] if gang.cap_fen and not batch else []
    return join(parts)


def _tests(rng: np.random.Generator, gang: Gang, accounts: IntArray, *, opens_ms: int) -> Orders:
    tried = np.repeat(accounts, rng.integers(0, 4, len(accounts)) * (rng.random(len(accounts)) < _TRIED))
    return orders(
        opens_ms - rng.integers(HOUR_MS, 24 * HOUR_MS, len(tried)), rng.choice(gang.layer_2[0], len(tried)), tried,
        amount_fen=rng.choice([1, 10, 50, 100, 500, 1000], len(tried)), role=Role.MULE,
    )  # fmt: skip


def _probes(rng: np.random.Generator, gang: Gang, accounts: IntArray, *, opens_ms: int) -> Orders:
    """Send rising sums, to find the first that is refused; victims are kept below it."""
    sums = np.array([yuan for yuan in _PROBES_YUAN if yuan * 100 <= gang.cap_fen]) * 100
    moments = opens_ms - 30 * HOUR_MS + np.cumsum(rng.integers(5 * MINUTE_MS, HOUR_MS, len(sums)))
    payer = np.full(len(sums), gang.layer_3[0][0])
    return orders(moments, payer, np.resize(accounts, len(sums)), amount_fen=sums, share=0.98, role=Role.MULE)


def _camouflage(world: World, rng: np.random.Generator, accounts: IntArray, *, opens_ms: int) -> Orders:
    """Buy groceries and pay bills from some accounts, so that they look lived in."""
    payer = np.repeat(accounts, rng.integers(2, 6, len(accounts)) * (rng.random(len(accounts)) < _CAMOUFLAGED))
    biller = rng.random(len(payer)) < 0.3
    payee = np.where(biller, rng.choice(world.places.billers, len(payer)), world.places.any_shop(rng, len(payer)))
    amount = np.maximum(np.round(60 * np.exp(0.9 * rng.standard_normal(len(payer))) * 100), 100).astype(np.int64)
    return orders(opens_ms + rng.integers(-10 * HOUR_MS, 5 * DAY_MS, len(payer)), payer, payee, amount_fen=amount)
