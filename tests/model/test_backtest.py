"""Models built one after the other."""

from dataclasses import replace
from datetime import timedelta

import pandas as pd
import pytest

from fraudguard.errors import DataError, DefinitionError
from fraudguard.features import FeaturePlan
from fraudguard.model.backtest import backtest, origins
from fraudguard.model.spec import TrainSpec
from fraudguard.model.split import SplitOptions
from fraudguard.model.study import Study, StudyOptions, spec_for
from fraudguard.tables import Dataset


@pytest.fixture(scope="module")
def spec(dataset: Dataset) -> TrainSpec:
    """Give a spec with few trees and short windows."""
    options = StudyOptions(windows=SplitOptions(valid_days=7, maturity_days=6, gap_days=1))
    return replace(spec_for(dataset, options), rounds=30)


def test_each_origin_knows_its_own_past(dataset: Dataset, plan: FeaturePlan, study: Study, spec: TrainSpec) -> None:
    """The first of two models is what would be built at its moment: later transfers and findings change nothing."""
    early, late = origins(spec, n_origins=2, step_days=5)
    seen: list[tuple[int, int]] = []

    found = backtest(
        study.matrix, dataset, [early, late], plan=plan, progress=lambda done, total: seen.append((done, total))
    )
    alone = backtest(study.matrix, dataset, [early], plan=plan)

    assert seen == [(1, 2), (2, 2)]
    assert found.origins[0] == alone.origins[0]
    assert found.origins[0].test_until == late.split.as_of == early.split.as_of + timedelta(days=5)


def test_every_test_is_scored_once(dataset: Dataset, plan: FeaturePlan, study: Study, spec: TrainSpec) -> None:
    """Tests follow each other without a gap, and each transfer is graded by the model of its time."""
    specs = origins(spec, n_origins=2, step_days=5)

    found = backtest(study.matrix, dataset, specs, plan=plan)

    times = dataset.transfers.set_index("transfer_id")["event_time"]
    tested = times[
        (times >= pd.Timestamp(specs[0].split.as_of)) & (times < pd.Timestamp(str(specs[1].split.test_until)))
    ]
    assert found.graded.index.tolist() == tested.index.tolist()
    assert found.to_frame()["n_transfers"].tolist() == [one.evaluation.n_transfers for one in found.origins]
    assert repr(found).startswith("Backtest(2 origins")


def test_one_origin_is_the_spec_itself(spec: TrainSpec) -> None:
    """With a single origin nothing is moved."""
    assert origins(spec, n_origins=1, step_days=3) == [spec]


@pytest.mark.parametrize(("n_origins", "step_days"), [(0, 5.0), (2, 0.0)])
def test_impossible_origins_are_refused(spec: TrainSpec, n_origins: int, step_days: float) -> None:
    """None, or no step between them."""
    with pytest.raises(DefinitionError, match="at least 1"):
        origins(spec, n_origins=n_origins, step_days=step_days)


def test_empty_test_names_its_moment(dataset: Dataset, plan: FeaturePlan, study: Study, spec: TrainSpec) -> None:
    """A test after the data is an error that says when it would have begun."""
    later = replace(spec, split=replace(spec.split, as_of=spec.split.as_of + timedelta(days=400), test_until=None))

    with pytest.raises(DataError, match="2027"):
        backtest(study.matrix, dataset, [later], plan=plan)
