"""Laws of the features: batch, online and the definition agree to the bit."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from fraudguard.column import Event
from fraudguard.features import CATALOG, Catalog, compile_plan
from tests.features.catalogs import DENSE, catalogs
from tests.features.replays import batch, bits, dataset_of, log_of, online, streamed
from tests.oracle import naive_features
from tests.strategies import mixed_logs

PLAN = compile_plan(DENSE)
SHIPPED = compile_plan(CATALOG)
Log = list[Event]


@given(log=mixed_logs(), catalog=catalogs(), threads=st.sampled_from([1, 3]))
def test_batch_equals_definition(log: Log, catalog: Catalog, threads: int) -> None:
    """Replaying any dataset gives exactly what the definitions say, for any catalog."""
    dataset = dataset_of(log)

    got = batch(dataset, catalog, threads)

    np.testing.assert_array_equal(got, naive_features(log_of(dataset), catalog))


@given(log=mixed_logs(), catalog=catalogs())
def test_parts_equal_the_table(log: Log, catalog: Catalog) -> None:
    """Replayed in log order and part by part, a dataset has the bits of the replay by groups."""
    dataset = dataset_of(log)

    got = streamed(dataset, catalog)

    assert bits(got) == bits(batch(dataset, catalog))


@given(log=mixed_logs(), catalog=catalogs())
def test_online_equals_definition(log: Log, catalog: Catalog) -> None:
    """A service that takes events one at a time, in any order of their moments, computes what the definitions say."""
    got = online(log, compile_plan(catalog))

    np.testing.assert_array_equal(got, naive_features(log, catalog))


@given(log=mixed_logs(max_size=30))
def test_everything_at_once_equals_definition(log: Log) -> None:
    """With every aggregate of every entity side by side, none disturbs another."""
    got = online(log, PLAN)

    np.testing.assert_array_equal(got, naive_features(log, DENSE))


@given(log=mixed_logs(max_size=30))
def test_what_ships_equals_definition(log: Log) -> None:
    """The catalog that ships is computed as its terms say."""
    got = online(log, SHIPPED)

    np.testing.assert_array_equal(got, naive_features(log, CATALOG))


@given(log=mixed_logs(max_size=20))
def test_online_equals_batch(log: Log) -> None:
    """A service that scores one transfer at a time gets the bits that training got."""
    dataset = dataset_of(log)

    got = online(log_of(dataset), PLAN)

    assert bits(got) == bits(batch(dataset, DENSE, threads=3))
