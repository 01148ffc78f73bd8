"""Holders and accounts."""

from datetime import date

import numpy as np
import pytest

from fraudguard.simulate.population import CLASSES, Segment, build_population
from fraudguard.simulate.world import World, build_world


@pytest.mark.parametrize("accounts", [500, 2_000])
def test_every_account_has_one_holder(accounts: int) -> None:
    """The owner of an account is a first account of the same segment, and ids are unique."""
    population = build_population(1, accounts=accounts, days=14)

    assert population.size == accounts == len(set(population.ids))
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
    assert (segment[world.places.weak] < Segment.COMPANY).all()
    assert len(set(world.places.deep.tolist())) == len(world.places.deep)


def test_ties_are_mostly_local() -> None:
    """Most close ties live in the same province."""
    world = build_world(2, accounts=2_000, days=14, start=date(2026, 1, 1))
    people = np.flatnonzero(world.population.is_person & world.population.is_first)
    region = world.population.region

    assert (region[world.places.strong[people]] == region[people][:, None]).mean() > 0.6
