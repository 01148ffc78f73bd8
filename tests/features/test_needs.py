"""What must be remembered follows from what is read: every combination gives the same numbers."""

from itertools import chain, combinations
from typing import Final

import numpy as np
import pytest

from fraudguard.column import Event
from fraudguard.features import Catalog, compile_plan, count, distinct, ever, maximum, minimum, share, std
from fraudguard.features.aggregate import Aggregate, Flag
from fraudguard.features.plan import Needs
from tests.features.catalogs import DENSE, views_of
from tests.features.replays import batch, dataset_of, log_of, online
from tests.features.samples import busy_log
from tests.oracle import naive_features

_NEEDY: Final = (std(), share(Flag.FIRST_TIME), maximum(), minimum(), distinct())
_COMBINATIONS: Final = [*chain.from_iterable(combinations(_NEEDY, n) for n in range(len(_NEEDY) + 1))]


@pytest.fixture(scope="module")
def log() -> list[Event]:
    """Give a short busy log, in the order of a dataset."""
    return log_of(dataset_of(busy_log(24)))


@pytest.mark.parametrize("needy", _COMBINATIONS, ids=lambda those: "-".join(one.reducer for one in those) or "none")
def test_every_combination_gives_the_same_numbers(log: list[Event], needy: tuple[Aggregate, ...]) -> None:
    """Whichever of spread, shares, largest, smallest and counterparties are kept, each number is the defined one."""
    catalog = Catalog(views_of((count(), *needy), "10m 7d"))

    got = online(log, compile_plan(catalog))

    np.testing.assert_array_equal(got, naive_features(log, catalog))
    np.testing.assert_array_equal(batch(dataset_of(log), catalog), got)


def test_without_windows_nothing_is_kept_for_long(log: list[Event]) -> None:
    """Numbers over all time need no window, and are the defined ones without any."""
    catalog = Catalog(views_of((ever(),), ""))

    got = online(log, compile_plan(catalog))

    np.testing.assert_array_equal(got, naive_features(log, catalog))
    np.testing.assert_array_equal(batch(dataset_of(log), catalog), got)


def test_a_plan_needs_what_its_aggregates_need() -> None:
    """A store that no view reads says so, and the dense one needs everything but a pair's counterparties."""
    everything = Needs.SPREAD | Needs.SHARES | Needs.MAX | Needs.MIN | Needs.DISTINCT
    plan = compile_plan(DENSE)
    bare = compile_plan(Catalog(views_of((ever(),), "")[:1]))

    assert [store.needs for store in plan.stores] == [
        everything if name != "pair" else everything & ~Needs.DISTINCT
        for name in ("out", "into", "pair", "device", "holder_out", "holder_into")
    ]
    assert [store.needs for store in bare.stores] == [0, *[Needs.UNREAD] * 5]
