"""The plots: what they compute, and that they draw it in both languages."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import numpy as np
import pandas as pd
import pytest
from matplotlib.axes import Axes

from fraudguard.features import FeaturePlan
from fraudguard.model.capacity import DeskCapacity
from fraudguard.model.drift_watch import Watched, watch_drift
from fraudguard.model.labelling import known_until
from fraudguard.model.maturity import estimate_maturity
from fraudguard.model.study import Study, grade
from fraudguard.report import (
    BeeswarmDisplay,
    BudgetCurveDisplay,
    CatchTimeDisplay,
    CoverageDisplay,
    DailyTopKDisplay,
    DriftDisplay,
    GainDisplay,
    GroupDisplay,
    MaturityDisplay,
    PlanDisplay,
    PrecisionRecallDisplay,
    ReliabilityDisplay,
    ScoreHistogramDisplay,
    SliceDisplay,
    ThresholdDisplay,
    WaterfallDisplay,
)
from fraudguard.report.style import MissingFontWarning, readable
from fraudguard.tables import Dataset, read_dataset
from tests.fakes import START
from tests.model.conftest import artifact, dataset, plan, study

__all__ = ["artifact", "dataset", "plan", "study"]  # fixtures of the small world

TIERS = {"medium": 0.2, "urgent": 0.6}


def window(labels: list[str], scores: list[float], **columns: Any) -> pd.DataFrame:  # noqa: ANN401  # any column
    """Return a window of transfers of as many payers, an hour apart, of 100, 200, 300 … fen."""
    n = len(labels)
    return pd.DataFrame(
        {
            "label": labels,
            "score": scores,
            "amount_fen": np.arange(1, n + 1) * 100,
            "payer_account_id": [f"a{i}" for i in range(n)],
            "event_time": pd.to_datetime(START) + pd.to_timedelta(np.arange(n), unit="h"),
            **columns,
        },
        index=pd.Index([f"t{i}" for i in range(n)], name="transfer_id"),
    )


SMALL = window(["fraud", "genuine", "fraud", "genuine", "unknown"], [0.9, 0.8, 0.7, 0.1, 0.99])
GENUINE = window(["genuine"] * 3, [0.1, 0.2, 0.3])


def texts(axes: Axes) -> str:
    """Return every text of a plot."""
    found = [text.get_text() for text in axes.figure.findobj(lambda one: hasattr(one, "get_text"))]  # type: ignore[attr-defined]
    return "\n".join(found)


@pytest.fixture(scope="module")
def graded(study: Study) -> pd.DataFrame:
    """Give the graded test window of the small world."""
    spec, data = study.trained.spec, study.dataset
    rows = spec.split.is_test(data.transfers["event_time"])
    score = study.trained.scorer.score(study.matrix[rows])
    return grade(data, score, rows, target=spec.target, maturity=spec.split.maturity, as_of=spec.split.as_of)


@pytest.fixture(scope="module")
def contributions(study: Study) -> pd.DataFrame:
    """Give the contributions of some transfers."""
    import lightgbm as lgb  # noqa: PLC0415  # only here

    rows = study.matrix.tail(200)
    parts = np.asarray(lgb.Booster(model_str=study.trained.scorer.text).predict(rows.to_numpy(), pred_contrib=True))
    return pd.DataFrame(parts, columns=[*study.trained.scorer.plan.names, "base"], index=rows.index)


@pytest.fixture(scope="module")
def displays(graded: pd.DataFrame, study: Study, contributions: pd.DataFrame, plan: FeaturePlan) -> dict[str, Any]:
    """Give every display of the small world."""
    rows = study.matrix.loc[contributions.index]
    weeks = pd.date_range("2026-01-05", periods=4, freq="7D", tz="UTC")
    psi = pd.DataFrame(np.linspace(0, 0.4, 12).reshape(3, 4), index=["a", "b", "c"], columns=weeks)
    maturity = estimate_maturity(study.dataset.transfers, study.dataset.findings, as_of=known_until(study.dataset))
    return {
        "budget": BudgetCurveDisplay.from_graded(graded, budget=10, capacity=25),
        "precision": PrecisionRecallDisplay.from_graded(graded, tiers=TIERS),
        "gain": GainDisplay.from_graded(graded),
        "days": DailyTopKDisplay.from_graded(graded, k=5, immature_from=START + timedelta(days=400)),
        "reliability": ReliabilityDisplay.from_graded(graded, tiers=TIERS),
        "threshold": ThresholdDisplay.from_graded(graded, chosen=0.3),
        "catch": CatchTimeDisplay.from_graded(graded, threshold=0.3),
        "slices": SliceDisplay.from_evaluation(study.evaluation),
        "drift": DriftDisplay.from_weekly(psi, built=weeks[1].to_pydatetime()),
        "report": DriftDisplay.from_report(watch_drift(Watched.of_study(study), study.dataset, [study.matrix])),
        "beeswarm": BeeswarmDisplay.from_contributions(contributions, rows, columns=plan.columns),
        "maturity": MaturityDisplay.from_maturity(maturity, cutoff_d=7),
        "groups": GroupDisplay(rows=groups(), per_10_000=10, hold_min=12),
        "plan": PlanDisplay.from_graded(graded, DeskCapacity(officers=1, shifts=2), up_to=3),
        "histogram": ScoreHistogramDisplay.from_graded(graded),
        "waterfall": WaterfallDisplay.from_contributions(
            contributions, str(contributions.index[0]), columns=plan.columns
        ),
        "coverage": CoverageDisplay.from_dataset(read_dataset("data/sample")),
    }


def groups() -> pd.DataFrame:
    """Return two groups, one of them uneven."""
    return pd.DataFrame({
        "kind": ["age_band", "age_band"],
        "group": ["18-24", "75+"],
        "n_genuine": [5_000, 4_000],
        "ratio": [1.1, 3.0],
        "low": [0.7, 2.0],
        "high": [1.6, 4.2],
        "is_fair": [None, False],
    })


MARKS = {
    "budget": ("present budget 10", "officers' capacity 25", "ceiling", "precision"),
    "precision": ("AP ", "base rate", "chance"),
    "gain": ("at 1‰", "perfect order", "random"),
    "days": ("reachable", "7-day median", "days missing", "top 5"),
    "reliability": ("ECE", "exact", "by tier"),
    "threshold": ("in use: 0.3", "queue rate", "net yuan"),
    "catch": ("all (n=", "median", "p90"),
    "slices": ("Payee: new", "dashed: all", "n="),
    "drift": ("built", "0.40!", "0.1", "0.25"),
    "beeswarm": ("[payee]", "mean absolute value", "grey: missing"),
    "maturity": ("cutoff in training, 7 d", "all (n="),
    "groups": ("0.8 to 1.25", "n=5,000", "median hold 12 min"),
    "plan": ("net, as run", "net, as expected", "Alerts waiting", "begun in time"),
    "histogram": ("genuine", "fraud"),
    "waterfall": ("base", "others"),
    "coverage": ("100%", "Bank"),
}


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("name", sorted(MARKS))
def test_every_plot_draws_its_marks(displays: dict[str, Any], name: str, lang: str) -> None:
    """Each plot draws in both languages, with the marks that must be there, and as a picture."""
    axes = displays[name].plot(lang=lang)
    axes.figure.draw_without_rendering()

    told = texts(axes)
    missing = [mark for mark in MARKS[name] if mark not in told]
    assert lang == "zh" or not missing
    assert (lang == "zh") == any("\u4e00" <= letter <= "\u9fff" for letter in told)


@pytest.mark.parametrize("name", sorted(MARKS))
def test_every_plot_has_tidy_data(displays: dict[str, Any], name: str) -> None:
    """What was drawn can be drawn again by somebody else."""
    table = displays[name].to_frame()

    assert len(table) > 0


def test_plot_goes_where_it_is_told(displays: dict[str, Any]) -> None:
    """Given axes are drawn on, and their figure keeps its size."""
    from matplotlib.figure import Figure  # noqa: PLC0415  # only here

    figure = Figure(figsize=(3, 2))
    axes = figure.add_subplot()

    assert displays["slices"].plot(axes, lang="en") is axes
    assert figure.get_size_inches().tolist() == [3, 2]


def test_notebook_shows_a_picture(displays: dict[str, Any]) -> None:
    """The last value of a cell is drawn without being asked."""
    assert displays["gain"]._repr_png_().startswith(b"\x89PNG")


@pytest.mark.parametrize(
    "compute",
    [
        BudgetCurveDisplay.from_graded,
        PrecisionRecallDisplay.from_graded,
        GainDisplay.from_graded,
        ThresholdDisplay.from_graded,
        lambda graded: CatchTimeDisplay.from_graded(graded, threshold=0.5),
    ],
)
@pytest.mark.parametrize(("lang", "said"), [("zh", "没有"), ("en", "no ")])
def test_nothing_to_catch_is_said(compute: Callable[[pd.DataFrame], Any], lang: Any, said: str) -> None:  # noqa: ANN401
    """Without a fraud the plot says so instead of drawing an empty frame."""
    told = texts(compute(GENUINE).plot(lang=lang))

    assert said in told


@pytest.mark.parametrize(
    "display",
    [
        SliceDisplay(rows=pd.DataFrame(), overall=float("nan"), per_10_000=10),
        GroupDisplay(rows=groups().assign(ratio=float("nan")), per_10_000=10),
        DriftDisplay(psi=pd.DataFrame()),
        ReliabilityDisplay.from_graded(GENUINE.iloc[:0]),
        ScoreHistogramDisplay.from_graded(GENUINE.iloc[:0]),
        DailyTopKDisplay.from_graded(GENUINE.iloc[:0]),
    ],
)
def test_nothing_to_show_is_said(display: Any) -> None:  # noqa: ANN401  # any display
    """Without rows the plot says so."""
    assert "no " in texts(display.plot(lang="en"))


def test_budget_curve_counts_money() -> None:
    """One alert in four transfers catches the first fraud, a quarter of the money; unknown labels are left out."""
    found = BudgetCurveDisplay.from_graded(
        window(["fraud", "genuine", "fraud", "genuine", "unknown"] * 25, [0.9, 0.8, 0.7, 0.1, 0.99] * 25)
    ).to_frame()

    assert found["per_10_000"].iloc[0] >= 100
    assert found["precision"].iloc[-1] == 1
    assert (found["value_recall"].diff().dropna() >= 0).all()
    assert ((found["low"] <= found["value_recall"]) & (found["value_recall"] <= found["high"])).all()


def test_gain_of_perfect_scores_is_the_perfect_line() -> None:
    """Scores that rank frauds first, largest first, reach what can be reached."""
    rows = window(["fraud"] * 3 + ["genuine"] * 997, [0.7, 0.8, 0.9] + [0.1] * 997)

    found = GainDisplay.from_graded(rows)

    np.testing.assert_allclose(found.caught, found.perfect)
    assert found.at_one_permille == pytest.approx(0.5)


def test_precision_is_that_of_the_alerts_so_far() -> None:
    """The line has a point for each fraud, with the precision when it is reached; tiers lie on it."""
    found = PrecisionRecallDisplay.from_graded(SMALL, tiers={"urgent": 0.7})

    assert found.to_frame().to_dict("list") == {"recall": [0.5, 1.0], "precision": [1.0, 2 / 3]}
    assert found.tiers["urgent"] == pytest.approx((1.0, 2 / 3))
    assert found.base_rate == 0.5


def test_each_day_has_its_top_and_what_was_reachable() -> None:
    """Of the two most suspicious of a day one is fraud, and one was there to be found."""
    found = DailyTopKDisplay.from_graded(window(["fraud", "genuine", "genuine"], [0.9, 0.8, 0.1]), k=2, time_zone="UTC")

    assert found.days["precision"].tolist() == [0.5]
    assert found.days["reachable"].tolist() == [0.5]


def test_threshold_display_is_what_lies_beyond() -> None:
    """At the lowest threshold all that scores so high is alerted; recall falls and precision is their share."""
    rows = window(["fraud", "genuine", "fraud", "genuine"] * 50, [0.9, 0.8, 0.7, 0.1] * 50)

    found = ThresholdDisplay.from_graded(rows, review_fen=0).to_frame()

    recall = found[found["measure"] == "recall"].sort_values("threshold")["median"]
    assert recall.is_monotonic_decreasing
    assert found.loc[found["measure"] == "precision", "median"].iloc[0] == pytest.approx(1.0, abs=0.01)


def test_catch_time_is_what_was_savable_by_then() -> None:
    """A case alerted after an hour with two thirds left: nothing at once, two thirds from the hour on."""
    rows = window(
        ["fraud", "fraud", "genuine"],
        [0.1, 0.9, 0.1],
        payer_account_id=["a", "a", "b"],
        scam_type=["romance", "romance", None],
    )

    found = CatchTimeDisplay.from_graded(rows, threshold=0.5)

    assert [found.share_by(59), found.share_by(60)] == pytest.approx([0.0, 2 / 3])
    assert found.share_by(60, "romance") == pytest.approx(2 / 3)
    assert np.isnan(found.share_by(60, "brushing"))


def test_waterfall_ends_at_the_score(contributions: pd.DataFrame, plan: FeaturePlan) -> None:
    """Base and steps add up to the whole row, however few steps are shown."""
    for top in (1, 10):
        found = WaterfallDisplay.from_contributions(
            contributions, str(contributions.index[3]), columns=plan.columns, top=top
        )

        assert found.base + found.contributions.sum() == pytest.approx(contributions.iloc[3].sum())
        assert len(found.titles) == top + 1


def test_beeswarm_shows_what_counts_most(contributions: pd.DataFrame, study: Study, plan: FeaturePlan) -> None:
    """Features come by the mean size of their contributions; the rank of a missing value is missing."""
    rows = study.matrix.loc[contributions.index]

    found = BeeswarmDisplay.from_contributions(contributions, rows, columns=plan.columns, top=5)

    size = contributions.drop(columns="base").abs().mean().sort_values(ascending=False)
    assert found.to_frame()["mean_absolute"].tolist() == pytest.approx(size.head(5).tolist())
    assert np.isnan(found.rank).sum() == rows[[c.name for c in found.columns]].isna().to_numpy().sum()


def test_coverage_counts_the_days_a_source_was_heard(dataset: Dataset) -> None:
    """A source that never sent anything covers no day."""
    found = CoverageDisplay.from_dataset(dataset).to_frame()

    assert (found["covered_share"] == 0).all()
    assert (found["n_signals"] == 0).all()


def test_without_a_font_the_labels_are_english_and_the_mend_is_said() -> None:
    """Only where Chinese is wanted and cannot be drawn."""
    with pytest.warns(MissingFontWarning, match="fonts-noto-cjk"):
        assert readable("zh", installed=["DejaVu Sans"]) == "en"
    assert readable("en", installed=[]) == "en"
    assert readable("zh", installed=["SimHei"]) == "zh"
