"""Holders and accounts."""

import numpy as np
import pytest

from fraudguard.simulate.population import CLASSES, Segment, build_population
from fraudguard.simulate.world import World
from tests.simulate.conftest import empty_world


@pytest.mark.parametrize("accounts", [500, 2_000])
def test_every_account_has_one_holder(accounts: int) -> None:
    """The owner of an account is a first account of the same segment, and ids are unique."""
    population = build_population(1, accounts=accounts, days=14, signal_coverage=0.35)

    assert population.size == accounts == len(set(population.ids.tolist()))
    assert population.is_first[population.owner].all()
    assert (population.segment[population.owner] == population.segment).all()
    assert (population.balance_fen >= 0).all()


def test_second_accounts_know_each_other(world: World) -> None:
    """The other account of one's other account is one's own."""
    other = world.population.second_of()
    paired = np.flatnonzero(other >= 0)

    assert len(paired) > 100
    assert (other[other[paired]] == paired).all()
    assert (world.population.owner[other[paired]] == world.population.owner[paired]).all()


def test_companies_are_corporate(world: World) -> None:
    """Corporate accounts belong to companies and merchants, and to them only."""
    corporate = world.population.account_class == CLASSES.index("corporate")

    assert (corporate == (world.population.segment >= Segment.COMPANY)).all()


def test_places_are_not_people(world: World) -> None:
    """Desks and big employers are merchants' accounts; ties are people's."""
    segment = world.population.segment

    assert (segment[world.places.deep] == Segment.MERCHANT).all()
    assert (segment[world.places.strong] < Segment.COMPANY).all()
    assert (segment[world.places.people] < Segment.COMPANY).all()
    assert len(set(world.places.deep.tolist())) == len(world.places.deep)


def test_ties_are_mostly_local() -> None:
    """Most close ties live in the same province."""
    world = empty_world(accounts=2_000, days=14, seed=2)
    people = np.flatnonzero(world.population.is_person & world.population.is_first)
    region = world.population.region

    assert (region[world.places.strong[people]] == region[people][:, None]).mean() > 0.6


def test_looser_ties_are_worked_out_alike_each_time(world: World) -> None:
    """A landlord stays the same person, weak ties are a small circle, and shops have customers of their own."""
    who = np.repeat(world.places.people[:1], 500)
    rng = np.random.default_rng(1)

    assert len(set(world.places.landlord(who).tolist())) == 1
    assert 20 < len(set(world.places.loose(rng, who).tolist())) <= 40
    assert len(set(world.places.favourite(rng, who).tolist())) <= 6
    assert set(world.places.any_shop(rng, 500).tolist()) <= set(world.places.shops.tolist())


def test_class_iii_begins_within_its_limit(world: World) -> None:
    """No class III account holds more than 2 000 yuan, and class II and III are people's."""
    third = world.population.account_class == CLASSES.index("III")

    assert third.any()
    assert world.population.balance_fen[third].max() <= 200_000
    assert world.population.is_person[world.population.is_limited].all()


def test_accounts_know_the_rank_of_their_ids(world: World) -> None:
    """Sorted by rank, the ids ascend."""
    ids = world.population.ids[np.argsort(world.population.id_rank)].tolist()

    assert ids == sorted(ids)
