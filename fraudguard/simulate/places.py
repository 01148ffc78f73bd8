"""Who deals with whom: ties between people, employers, billers, shops, the bank's own desks.

The close ties are stored. Looser ones are worked out from the two numbers
when they are asked for, so that a million accounts fit in memory.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from fraudguard.simulate.population import Population, Segment
from fraudguard.simulate.streams import FloatArray, IntArray, scattered, stream

__all__ = ["Places", "build_places"]

_STRONG: Final = 8
_WEAK: Final = 40
_FAR_SHARE: Final = 0.2
_FAVOURITES: Final = 6
_TAIL: Final = 0.9
_BIG_EMPLOYER_SHARE: Final = 0.65
_TREASURY_FEN: Final = 10**12
"""Ten billion yuan: the desks and big employers never run dry."""

_DESKS: Final = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """Account numbers of the others in each account's life.

    `strong` holds one row an account. The desks are single accounts that
    stand for a bank's own products and machines, a coin exchange and a
    payment company without a licence.
    """

    people: IntArray
    strong: IntArray
    employer: IntArray
    big_employers: IntArray
    billers: IntArray
    platforms: IntArray
    shops: IntArray
    shop_chances: FloatArray
    fund_desk: int
    deposit_desk: int
    loan_desk: int
    cash_desk: int
    coin_desk: int
    payment_desk: int
    gold_desk: int

    @property
    def desks(self) -> IntArray:
        """The accounts that stand for products and machines."""
        return np.array([
            self.fund_desk, self.deposit_desk, self.loan_desk, self.cash_desk, self.coin_desk, self.payment_desk,
            self.gold_desk,
        ])  # fmt: skip

    @property
    def deep(self) -> IntArray:
        """Accounts whose money comes from outside this world."""
        return np.concatenate([self.big_employers, self.billers, self.platforms, self.desks])

    def start_balances(self, population: Population) -> IntArray:
        """Return first balances, with the deep accounts filled up."""
        balances = population.balance_fen.copy()
        balances[self.deep] = _TREASURY_FEN
        return balances

    def close(self, rng: np.random.Generator, who: IntArray) -> IntArray:
        """Pick a strong tie of each; the first are much the likeliest."""
        weights = 1.0 / np.arange(1, _STRONG + 1)
        picked: IntArray = self.strong[who, rng.choice(_STRONG, len(who), p=weights / weights.sum())].astype(np.int64)
        return picked

    def loose(self, rng: np.random.Generator, who: IntArray) -> IntArray:
        """Pick a weak tie of each: colleagues, old friends, the people of one's town."""
        which = rng.integers(0, _WEAK, len(who))
        return self.people[(scattered(who, which) * len(self.people)).astype(np.int64)]

    def landlord(self, who: IntArray) -> IntArray:
        """Return whom each pays rent to."""
        return self.people[(scattered(who, _WEAK) * len(self.people)).astype(np.int64)]

    def favourite(self, rng: np.random.Generator, who: IntArray) -> IntArray:
        """Pick a shop each goes to often."""
        which = _WEAK + 1 + rng.integers(0, _FAVOURITES, len(who))
        return self._shop(scattered(who, which))

    def any_shop(self, rng: np.random.Generator, size: int) -> IntArray:
        """Pick shops by how many customers they have."""
        return self._shop(rng.random(size))

    def _shop(self, draw: FloatArray) -> IntArray:
        place = np.searchsorted(self.shop_chances, draw, side="right")
        return self.shops[np.minimum(place, len(self.shops) - 1)]


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
    desks, rest = merchants[:_DESKS], merchants[_DESKS:]
    tenth = max(3, len(rest) // 12)
    big, billers, platforms, shops = np.split(rest, [tenth, 2 * tenth, 2 * tenth + 3])
    people = population.members(*(segment for segment in Segment if segment < Segment.COMPANY))
    return Places(
        people=people,
        strong=_ties(rng, population, people),
        employer=_employers(rng, population, big),
        big_employers=big,
        billers=billers,
        platforms=platforms,
        shops=shops,
        shop_chances=_zipf(len(shops)),
        fund_desk=int(desks[0]),
        deposit_desk=int(desks[1]),
        loan_desk=int(desks[2]),
        cash_desk=int(desks[3]),
        coin_desk=int(desks[4]),
        payment_desk=int(desks[5]),
        gold_desk=int(desks[6]),
    )


def _zipf(count: int) -> FloatArray:
    weights: FloatArray = np.arange(1, count + 1, dtype=np.float64) ** -_TAIL
    return np.cumsum(weights / weights.sum())


def _ties(rng: np.random.Generator, population: Population, people: IntArray) -> IntArray:
    """Place people on a ring by region and tie neighbours, then send some ties far away."""
    ring = people[np.lexsort((rng.random(len(people)), population.region[people]))]
    place = np.zeros(population.size, np.int64)
    place[ring] = np.arange(len(ring))
    place = np.where(population.is_person, place[population.owner], rng.integers(0, len(ring), population.size))
    shifts = np.array([-1, 1, -2, 2, -3, 3, -4, 4])
    ties: IntArray = ring[(place[:, None] + shifts) % len(ring)].astype(np.int32)
    far = rng.random(ties.shape, dtype=np.float32) < _FAR_SHARE
    ties[far] = rng.choice(people, int(far.sum()))
    return ties


def _employers(rng: np.random.Generator, population: Population, big: IntArray) -> IntArray:
    companies = population.members(Segment.COMPANY)
    companies = companies[~population.dormant[companies]]
    small = rng.choice(companies, population.size)
    return np.where(rng.random(population.size) < _BIG_EMPLOYER_SHARE, rng.choice(big, population.size), small)
