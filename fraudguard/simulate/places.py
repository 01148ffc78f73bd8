"""Who deals with whom: ties between people, employers, billers, shops, the bank's own desks."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from fraudguard.simulate.population import Population, Segment
from fraudguard.simulate.streams import FloatArray, IntArray, stream

__all__ = ["Places", "build_places"]

_STRONG: Final = 8
_WEAK: Final = 30
_FAR_SHARE: Final = 0.2
_FAVOURITES: Final = 6
_TAIL: Final = 0.9
_BIG_EMPLOYER_SHARE: Final = 0.65
_TREASURY_FEN: Final = 10**12
"""Ten billion yuan: the desks and big employers never run dry."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """Account numbers of the others in each account's life.

    `strong` and `weak` hold one row an account. The desks are single
    accounts that stand for a bank's own products and machines.
    """

    strong: IntArray
    weak: IntArray
    favourites: IntArray
    landlord: IntArray
    employer: IntArray
    big_employers: IntArray
    billers: IntArray
    platforms: IntArray
    shops: IntArray
    shop_weights: FloatArray
    fund_desk: int
    deposit_desk: int
    loan_desk: int
    cash_desk: int
    coin_desk: int

    @property
    def deep(self) -> IntArray:
        """Accounts whose money comes from outside this world."""
        desks = [self.fund_desk, self.deposit_desk, self.loan_desk, self.cash_desk, self.coin_desk]
        return np.concatenate([self.big_employers, self.billers, self.platforms, np.array(desks)])

    def start_balances(self, population: Population) -> IntArray:
        """Return first balances, with the deep accounts filled up."""
        balances = population.balance_fen.copy()
        balances[self.deep] = _TREASURY_FEN
        return balances


def build_places(seed: int, population: Population) -> Places:
    """Draw the contact graph and the institutions.

    Parameters
    ----------
    seed : int
        Seed of the world.
    population : Population
        Whose graph it is.

    Returns
    -------
    Places
        Ties are local for four fifths of partners; shops have a heavy tail.
    """
    rng = stream(seed, "places")
    merchants = rng.permutation(population.members(Segment.MERCHANT))
    desks, rest = merchants[:5], merchants[5:]
    third = max(3, len(rest) // 12)
    big, billers, platforms, shops = np.split(rest, [third, 2 * third, 2 * third + 3])
    people = population.members(
        Segment.SALARIED, Segment.SELF_EMPLOYED, Segment.STUDENT, Segment.RETIREE, Segment.MIGRANT
    )
    weights = _zipf(len(shops))
    return Places(
        strong=_ties(rng, population, people)[:, :_STRONG],
        weak=rng.choice(people, (population.size, _WEAK)),
        favourites=rng.choice(shops, (population.size, _FAVOURITES), p=weights),
        landlord=rng.choice(people, population.size),
        employer=_employers(rng, population, big),
        big_employers=big,
        billers=billers,
        platforms=platforms,
        shops=shops,
        shop_weights=weights,
        fund_desk=int(desks[0]),
        deposit_desk=int(desks[1]),
        loan_desk=int(desks[2]),
        cash_desk=int(desks[3]),
        coin_desk=int(desks[4]),
    )


def _zipf(count: int) -> FloatArray:
    weights: FloatArray = np.arange(1, count + 1, dtype=np.float64) ** -_TAIL
    weights /= weights.sum()
    return weights


def _ties(rng: np.random.Generator, population: Population, people: IntArray) -> IntArray:
    """Place people on a ring by region and tie neighbours, then send some ties far away."""
    ring = people[np.lexsort((rng.random(len(people)), population.region[people]))]
    place = np.zeros(population.size, np.int64)
    place[ring] = np.arange(len(ring))
    place = np.where(population.is_person, place[population.owner], rng.integers(0, len(ring), population.size))
    shifts = np.array([-1, 1, -2, 2, -3, 3, -4, 4])
    ties: IntArray = ring[(place[:, None] + shifts) % len(ring)]
    far = rng.random(ties.shape) < _FAR_SHARE
    return np.where(far, rng.choice(people, ties.shape), ties)


def _employers(rng: np.random.Generator, population: Population, big: IntArray) -> IntArray:
    companies = population.members(Segment.COMPANY)
    companies = companies[~population.dormant[companies]]
    small = rng.choice(companies, population.size)
    return np.where(rng.random(population.size) < _BIG_EMPLOYER_SHARE, rng.choice(big, population.size), small)
