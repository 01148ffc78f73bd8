"""What moved since a model was made: a world that stands still, and one thing moved at a time."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import numpy as np
import pandas as pd
import pytest

from fraudguard.errors import DataError, DefinitionError
from fraudguard.features import FeaturePlan
from fraudguard.model.apply import Window
from fraudguard.model.artifact import Artifact
from fraudguard.model.drift import DriftReport
from fraudguard.model.drift_gate import DriftLimits, failures_text
from fraudguard.model.drift_watch import Watched, replayed, watch_drift
from fraudguard.model.study import Study, StudyOptions, spec_for
from fraudguard.model.train import train
from fraudguard.tables import Dataset
from tests.model.conftest import BEGIN, DAYS, make_dataset, make_findings

MOVED = "amount_log10"


@dataclass(frozen=True, kw_only=True)
class World:
    """A dataset, features that are drawn anew for every transfer, and a model that was made among them."""

    dataset: Dataset
    matrix: pd.DataFrame
    watched: Watched

    def report(self, **changed: Any) -> DriftReport:  # noqa: ANN401  # a dataset or a matrix
        """Return the report of this world with something changed."""
        return watch_drift(self.watched, changed.get("dataset", self.dataset), [changed.get("matrix", self.matrix)])


@pytest.fixture(scope="module")
def world(plan: FeaturePlan) -> World:
    """Give a world of 60 days in which nothing moves, with police signals every day, and a model that one feature serves."""
    dataset = make_dataset(n_transfers=12_000, seed=4)
    days = pd.Series(pd.to_datetime(BEGIN) + pd.to_timedelta(np.arange(DAYS), unit="D"))
    signals = pd.DataFrame({"signal_type": "warning_96110_issued", "source": "police", "received_at": days})
    dataset = replace(dataset, signals=signals)
    matrix = drawn_features(dataset, plan)
    spec = replace(spec_for(dataset, StudyOptions(shape="random")), rounds=30)
    watched = Watched.of_trained(train(matrix, dataset, spec, plan=plan), matrix, dataset)
    # The trees ask few of the features; here every one counts.
    features = tuple(replace(one, gain=1 / len(plan.names)) for one in watched.reference.features)
    reference = replace(watched.reference, features=features)
    return World(dataset=dataset, matrix=matrix, watched=replace(watched, reference=reference))


def drawn_features(dataset: Dataset, plan: FeaturePlan) -> pd.DataFrame:
    """Return features drawn anew for every transfer; one is larger for what is reported."""
    generator, n = np.random.default_rng(8), len(dataset.transfers)
    columns = {
        column.name: generator.integers(0, len(column.categories), n) if column.categories else generator.normal(size=n)
        for column in plan.columns
    }
    matrix = pd.DataFrame(columns, dtype=np.float64).set_axis(dataset.transfers["transfer_id"], axis=0)
    matrix["hour_of_day"] += 2.0 * dataset.transfers["transfer_id"].isin(dataset.findings["transfer_id"]).to_numpy()
    return matrix


def later(world: World, change: Callable[[pd.Series], Any], *, name: str = MOVED) -> pd.DataFrame:
    """Return the features with one changed since the model was built."""
    since = (world.dataset.transfers["event_time"] >= world.watched.built).to_numpy()
    matrix = world.matrix.copy()
    matrix.loc[since, name] = change(matrix.loc[since, name])
    return matrix


def named(report: DriftReport) -> set[tuple[str, str]]:
    """Return what fails the usual limits."""
    return {(failure.measure, failure.name) for failure in report.check()}


def test_nothing_moves_where_nothing_changed(world: World) -> None:
    """Hundreds of features and counts of a still world raise no alarm, and what is found is what chance gives."""
    report = world.report()

    assert report.check() == ()
    assert "nothing moved" in repr(report)
    found, chance = (np.array([getattr(one, name) for one in report.features]) for name in ("psi", "expected"))
    assert found.mean() == pytest.approx(chance.mean(), rel=0.15)


@pytest.mark.parametrize("shift", [1.0, 3.0])
def test_one_moved_feature_is_the_one_that_is_named(world: World, shift: float) -> None:
    """It stands first, and no other feature is blamed."""
    report = world.report(matrix=later(world, lambda values: values + shift))

    assert {name for measure, name in named(report) if measure == "psi"} == {MOVED}
    assert report.features[0].name == MOVED
    assert report.to_frame()["moved"].sum() == 1


@pytest.mark.parametrize(("change", "died"), [(lambda _: np.nan, "missing"), (lambda _: 0.5, "constant")])
def test_dead_feature_is_told(world: World, change: Callable[[pd.Series], float], died: str) -> None:
    """Always missing, or always the same, where it never was so before."""
    report = world.report(matrix=later(world, change))

    assert [one.died for one in report.features if one.died] == [died]
    assert ("dead", MOVED) in {(measure, name.split(" ")[0]) for measure, name in named(report)}


def test_feature_that_is_not_used_is_not_blamed(world: World) -> None:
    """What the trees do not gain by may move."""
    features = tuple(replace(one, gain=0.0) if one.name == MOVED else one for one in world.watched.reference.features)
    watched = replace(world.watched, reference=replace(world.watched.reference, features=features))

    report = watch_drift(watched, world.dataset, [later(world, lambda values: values + 3)])

    assert report.check() == ()
    assert report.to_frame().loc[MOVED, "moved"]


def test_feature_that_moved_as_much_before_is_no_alarm(world: World) -> None:
    """Its usual is the largest of the weeks that the model was made among."""
    features = tuple(replace(one, usual=50.0) if one.name == MOVED else one for one in world.watched.reference.features)
    watched = replace(world.watched, reference=replace(world.watched.reference, features=features))

    report = watch_drift(watched, world.dataset, [later(world, lambda values: values + 3)])

    assert report.check() == ()


def test_week_of_few_transfers_is_not_judged(world: World) -> None:
    """Fewer than a hundred are shown, and nothing is said of their features."""
    matrix = later(world, lambda values: values + 3)
    thin = world.dataset.transfers["event_time"] < world.watched.built
    thin |= np.arange(len(thin)) % 40 == 0
    dataset = replace(world.dataset, transfers=world.dataset.transfers[thin.to_numpy()].reset_index(drop=True))

    report = world.report(dataset=dataset, matrix=matrix[thin.to_numpy()])

    assert {measure for measure, _ in named(report)} == {"volume", "label_rate"}
    assert np.isnan(report.features[0].largest)


def test_moved_scores_are_told(world: World) -> None:
    """Where all scores are high, their spread moved, and many more reach each step."""
    score = world.watched.scorer.score(world.matrix)
    matrix = world.matrix.copy()
    since = (world.dataset.transfers["event_time"] >= world.watched.built).to_numpy()
    matrix[since] = world.matrix.to_numpy()[int(np.argmax(score))]

    measures = {measure for measure, _ in named(world.report(matrix=matrix))}

    assert {"score", "alerts"} <= measures


def test_flood_of_findings_of_one_source_is_named(world: World) -> None:
    """Somebody who writes genuine in bulk stands out, though that source never spoke before."""
    ids = world.dataset.transfers["transfer_id"].tail(80).tolist()
    when = pd.Series([pd.Timestamp(BEGIN + timedelta(days=DAYS - 2))] * len(ids))
    flood = make_findings(ids, "genuine", when).assign(source="officer", finding_id=[f"x{place}" for place in ids])
    findings = pd.concat([world.dataset.findings, flood], ignore_index=True)

    report = world.report(dataset=replace(world.dataset, findings=findings))

    assert named(report) == {("label_rate", "officers, cleared")}
    assert report.findings_frame().query("source == 'officer'")["count"].max() == 80


def test_reversals_are_counted_apart(world: World) -> None:
    """A finding that supersedes another counts as a reversal, whatever it says."""
    first = world.dataset.findings
    late = first[first["received_at"] >= world.watched.built].head(60)
    again = late.assign(finding_id="r" + late["finding_id"], supersedes=late["finding_id"], finding="genuine")
    findings = pd.concat([first, again], ignore_index=True)

    failed = {name for _, name in named(world.report(dataset=replace(world.dataset, findings=findings)))}

    assert "victims' reports, reversals" in failed


def test_silent_source_of_signals_is_named(world: World) -> None:
    """Its share of days falls once it has not been heard for seven days."""
    signals = world.dataset.signals[world.dataset.signals["received_at"] < world.watched.built]

    report = world.report(dataset=replace(world.dataset, signals=signals))

    assert named(report) == {("coverage", "Police")}
    assert report.signals_frame().query("source == 'police'")["before"].min() == 1


def test_day_without_a_transfer_is_told(world: World) -> None:
    """An outage of a day fails though the week's sum may pass."""
    day = pd.Timestamp(BEGIN + timedelta(days=DAYS - 4)).floor("D")
    out = world.dataset.transfers["event_time"].between(day - pd.Timedelta("8h"), day + pd.Timedelta("16h"))
    kept = ~out.to_numpy()
    dataset = replace(world.dataset, transfers=world.dataset.transfers[kept].reset_index(drop=True))

    failed = world.report(dataset=dataset, matrix=world.matrix[kept]).check()

    assert [(failure.measure, failure.what.zh) for failure in failed] == [("volume", "1 天没有转账")]


def test_stretches_give_the_same_report(world: World) -> None:
    """However the log is cut, the report is the same."""
    parts = [world.matrix.iloc[first : first + 700] for first in range(0, len(world.matrix), 700)]

    cut = watch_drift(world.watched, world.dataset, parts)

    assert cut.to_dict()["features"] == world.report().to_dict()["features"]


def test_window_and_weeks_may_be_chosen(world: World) -> None:
    """From a moment, until another, and only the last week of it."""
    begin, end = BEGIN + timedelta(days=10), BEGIN + timedelta(days=40)

    whole = watch_drift(world.watched, world.dataset, [world.matrix], window=Window(begin, end))
    last = watch_drift(world.watched, world.dataset, [world.matrix], window=Window(begin, end), weeks=1)

    assert (len(whole.begins), len(last.begins)) == (4, 1)
    assert last.weeks == whole.weeks[-2:]
    assert last.weekly_psi().shape == (len(world.matrix.columns), 1)


def test_data_of_before_the_model_are_refused(world: World) -> None:
    """Nothing later to look at is an error that names the mend."""
    early = world.dataset.transfers[world.dataset.transfers["event_time"] < world.watched.built]
    dataset = replace(world.dataset, transfers=early)

    with pytest.raises(DataError, match="--from"):
        world.report(dataset=dataset, matrix=world.matrix.iloc[: len(early)])
    with pytest.raises(DataError, match="whole day"):
        watch_drift(
            world.watched, world.dataset, [world.matrix], window=Window(world.watched.built, world.watched.built)
        )
    with pytest.raises(DataError, match="no transfers"):
        world.report(dataset=replace(world.dataset, transfers=early.head(0)))


def test_limits_may_be_changed_by_name(world: World) -> None:
    """A stricter limit fails more, and one that is left out is not asked about."""
    report = world.report(matrix=later(world, lambda values: values + 0.3))

    assert report.check() == ()
    assert {failure.name for failure in report.check(psi=0.02)} >= {MOVED}
    assert report.check(DriftLimits.only(volume=None)) == ()


@pytest.mark.parametrize("limits", [{"recall": 0.5}, {"psi": -1.0}, {"alerts": 0.5}, {"volume": float("nan")}])
def test_limit_that_means_nothing_is_refused(world: World, limits: dict[str, Any]) -> None:
    """An unknown measure, or a number out of its interval."""
    with pytest.raises(DefinitionError):
        world.report().check(**limits)


def test_report_is_read_in_both_languages(world: World) -> None:
    """Card, Markdown and the sentence of failures; no script, no link, and a mark beside the colour."""
    report = world.report(matrix=later(world, lambda values: values + 3))

    card, text, said = report._repr_html_(), report.markdown("en"), failures_text(report.check())
    assert "漂移报告" in card
    assert not any(odd in card for odd in ("<script", "http"))
    assert f"{MOVED} · " in text
    assert " ! |" in text
    assert MOVED in said.zh
    assert said.en.startswith("feature PSI (psi=0.25): ")


def test_frames_have_a_row_a_week(world: World) -> None:
    """Weeks, sources and steps."""
    report = world.report()

    weeks = report.weeks_frame()
    assert list(weeks.index) == list(report.begins)
    assert {"n", "volume", "score_psi", "mean_score", "verify_transaction"} <= set(weeks)
    assert weeks["volume"].between(0.8, 1.2).all()


def test_saved_model_gives_the_report_of_the_study(study: Study, artifact: Artifact) -> None:
    """The reference that was saved is the one that was made."""
    saved, made = Watched.of_artifact(artifact, study.trained.scorer.plan), Watched.of_study(study)

    reports = [watch_drift(one, study.dataset, replayed(study.dataset)) for one in (saved, made)]

    assert reports[0].model == artifact.version
    assert reports[0].to_dict() | {"model": ""} == reports[1].to_dict() | {
        "reference_begin": reports[0].to_dict()["reference_begin"],
        "reference_until": reports[0].to_dict()["reference_until"],
    }
