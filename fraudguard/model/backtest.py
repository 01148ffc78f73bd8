"""How a model would have done, had it been trained again and again as time went on."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from fraudguard.errors import DataError, DefinitionError
from fraudguard.features import FeaturePlan
from fraudguard.model.evaluate import evaluate
from fraudguard.model.evaluation import Evaluation
from fraudguard.model.spec import TrainSpec
from fraudguard.model.study import grade
from fraudguard.model.train import train
from fraudguard.progress import Progress, silent
from fraudguard.tables import Dataset

__all__ = ["Backtest", "Origin", "backtest", "origins"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """A model built at a moment, judged on what came next.

    Parameters
    ----------
    as_of : datetime
        When it was built; its test begins there.
    test_until : datetime
        First moment after its test.
    evaluation : Evaluation
        Of the test.
    """

    as_of: datetime
    test_until: datetime
    evaluation: Evaluation


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Backtest:
    """Models built one after the other.

    Parameters
    ----------
    origins : tuple of Origin
        Earliest first.
    graded : DataFrame
        Every tested transfer, scored by the model of its time; as `fraudguard.model.study.grade` gives it.
    """

    origins: tuple[Origin, ...]
    graded: pd.DataFrame

    def __repr__(self) -> str:
        aps = ", ".join(f"{origin.evaluation.average_precision:.3f}" for origin in self.origins)
        return f"Backtest({len(self.origins)} origins, AP {aps})"

    def to_frame(self) -> pd.DataFrame:
        """Return one row an origin: its window, what there was to find, and how much was found."""
        rows = [
            {
                "as_of": origin.as_of,
                "test_until": origin.test_until,
                "n_transfers": origin.evaluation.n_transfers,
                "n_fraud": origin.evaluation.n_fraud,
                "average_precision": origin.evaluation.average_precision,
                "auc": origin.evaluation.auc,
                **{name: value for name, value in asdict(origin.evaluation.row()).items() if name != "scorer"},
            }
            for origin in self.origins
        ]
        return pd.DataFrame(rows)


def origins(spec: TrainSpec, *, n_origins: int, step_days: float) -> list[TrainSpec]:
    """Return specs whose moments lie one step apart, the last being that of `spec`.

    Parameters
    ----------
    spec : TrainSpec
        The latest; the others have the same lengths of windows.
    n_origins : int
        How many.
    step_days : float
        Days from one to the next, and length of each test but the last, which is as `spec` has it.

    Returns
    -------
    list of TrainSpec
        Earliest first.

    Raises
    ------
    DefinitionError
        If a number is not positive, or the data do not reach back so far.
    """
    if n_origins < 1 or step_days <= 0:
        raise DefinitionError(
            f"n_origins {n_origins} and step_days {step_days}: give at least 1, and more than 0 days",
            f"n_origins {n_origins}、step_days {step_days}：至少 1 个起点，步长须大于 0 天",
        )
    back = [timedelta(days=step_days * number) for number in range(n_origins - 1, -1, -1)]
    return [_moved(spec, length, timedelta(days=step_days)) for length in back]


def _moved(spec: TrainSpec, back: timedelta, step: timedelta) -> TrainSpec:
    split = spec.split
    if not back:
        return spec
    as_of = split.as_of - back
    valid_until = None if split.valid_until is None else split.valid_until - back
    return replace(spec, split=replace(split, as_of=as_of, valid_until=valid_until, test_until=as_of + step))


def backtest(
    matrix: pd.DataFrame,
    dataset: Dataset,
    specs: Sequence[TrainSpec],
    *,
    plan: FeaturePlan,
    progress: Progress = silent,
) -> Backtest:
    """Return how models built at several moments did on the transfers that came next.

    Parameters
    ----------
    matrix : DataFrame of float64, shape (n_transfers, n_features)
        Features of every transfer of `dataset`; each uses its own past only, so one replay serves all.
    dataset : Dataset
        Transfers and findings.
    specs : sequence of TrainSpec
        From `origins`.
    plan : FeaturePlan
        The plan of `matrix`.
    progress : Progress
        Called after each origin.

    Returns
    -------
    Backtest
        Labels of training are those known at each moment; labels of the tests are those known at the end.

    Raises
    ------
    DataError
        If a window has nothing to learn from or to test on; the moment is named.
    """
    found: list[Origin] = []
    tables: list[pd.DataFrame] = []
    for done, spec in enumerate(specs, start=1):
        rows = _tested(dataset, spec)
        trained = train(matrix, dataset, spec, plan=plan)
        graded = grade(
            dataset,
            trained.scorer.score(matrix[rows]),
            rows,
            target=spec.target,
            maturity=spec.split.maturity,
            as_of=spec.split.as_of,
        )
        evaluation = evaluate(graded, policy=trained.policy, budgets=(trained.alerts_per_10_000,), seed=spec.seed)
        until = spec.split.test_until or pd.Timestamp(dataset.transfers["event_time"].max()).to_pydatetime()
        found.append(Origin(as_of=spec.split.as_of, test_until=until, evaluation=evaluation))
        tables.append(graded)
        progress(done, len(specs))
    return Backtest(origins=tuple(found), graded=pd.concat(tables))


def _tested(dataset: Dataset, spec: TrainSpec) -> NDArray[np.bool_]:
    rows = spec.split.is_test(dataset.transfers["event_time"])
    if not rows.any():
        raise DataError(
            f"no transfer is in the test that begins at {spec.split.as_of}; use fewer origins or shorter steps",
            f"自 {spec.split.as_of} 起的测试时段内没有转账；请减少起点或缩短步长",
        )
    return rows
