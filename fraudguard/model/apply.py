"""An artifact put to work on a dataset: judged again, or its scores written down."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from fraudguard.decision import Intervention, Policy
from fraudguard.errors import DataError
from fraudguard.features import FeaturePlan
from fraudguard.labels import Label
from fraudguard.model.artifact import POLICY, Artifact
from fraudguard.model.batch import BatchScorer
from fraudguard.model.evaluate import evaluate
from fraudguard.model.evaluation import Evaluation
from fraudguard.model.labelling import known_until
from fraudguard.model.scorer import Scorer
from fraudguard.model.sights import SightRow, sight_rows, sight_sample
from fraudguard.model.study import grade
from fraudguard.policy import parse_policy
from fraudguard.progress import Progress, silent
from fraudguard.tables import Dataset

__all__ = [
    "Budgets",
    "Window",
    "evaluate_artifact",
    "explain_scores",
    "grade_window",
    "judge_sights",
    "policy_of",
    "score_window",
]


@dataclass(frozen=True, slots=True)
class Window:
    """A stretch of event time; None is open.

    Parameters
    ----------
    begin : datetime or None
        First moment.
    end : datetime or None
        First moment after it.
    """

    begin: datetime | None = None
    end: datetime | None = None

    def rows(self, dataset: Dataset) -> NDArray[np.bool_]:
        """Return which transfers are inside."""
        times = dataset.transfers["event_time"]
        inside = np.ones(len(times), dtype=bool)
        if self.begin is not None:
            inside &= (times >= pd.Timestamp(self.begin)).to_numpy()
        if self.end is not None:
            inside &= (times < pd.Timestamp(self.end)).to_numpy()
        return inside


@dataclass(frozen=True, slots=True, kw_only=True)
class Budgets:
    """How many alerts there may be.

    Parameters
    ----------
    per_10_000 : tuple of float
        Alerts per 10,000 transfers.
    per_day : tuple of float
        Alerts a day.
    """

    per_10_000: tuple[float, ...] = ()
    per_day: tuple[float, ...] = ()

    def of(self, graded: pd.DataFrame) -> tuple[float, ...]:
        """Return all of them as alerts per 10,000 of the labelled transfers of a window."""
        return (*self.per_10_000, *(_per_10_000(graded, alerts) for alerts in self.per_day))


def _per_10_000(graded: pd.DataFrame, per_day: float) -> float:
    """Return the share of the labelled transfers of a window that so many alerts a day are."""
    times = graded.loc[(graded["label"] != Label.UNKNOWN).to_numpy(), "event_time"]
    if times.empty:
        return 10.0  # the evaluation will say that nothing is labelled
    days = max(float((times.max() - times.min()).total_seconds()) / 86_400, 1.0)
    return min(10_000 * per_day * days / len(times), 10_000.0)


def policy_of(artifact: Artifact) -> Policy:
    """Return the policy that was saved with a model.

    Parameters
    ----------
    artifact : Artifact
        Checked.

    Returns
    -------
    Policy
        Checked.
    """
    return parse_policy(artifact.text(POLICY), source=str(artifact.folder / POLICY))


def evaluate_artifact(
    artifact: Artifact,
    dataset: Dataset,
    matrix: pd.DataFrame,
    *,
    plan: FeaturePlan,
    window: Window,
    budgets: Budgets | None = None,
) -> Evaluation:
    """Return how good a saved model is on a window of a dataset.

    Parameters
    ----------
    artifact : Artifact
        The model.
    dataset : Dataset
        Transfers and findings; labels are those known at its end.
    matrix : DataFrame
        Features of every transfer of `dataset`.
    plan : FeaturePlan
        The plan of `matrix`.
    window : Window
        What to grade. Open at the beginning, it begins where the model's labels ended; open at the
        end, it ends where labels are mature.
    budgets : Budgets or None
        How many alerts; the model's own budget when None or empty.

    Returns
    -------
    Evaluation
        Beside the trivial rules.

    Raises
    ------
    ArtifactError
        If the model was trained on another plan.
    DataError
        If no transfer is in the window or none has a known label.
    """
    graded = grade_window(artifact, dataset, matrix, plan=plan, window=window)
    chosen = () if budgets is None else budgets.of(graded)
    chosen = chosen or (float(artifact.manifest["alerts_per_10_000"]),)
    return evaluate(graded, policy=policy_of(artifact), budgets=chosen, seed=artifact.manifest["spec"]["seed"])


def grade_window(
    artifact: Artifact, dataset: Dataset, matrix: pd.DataFrame, *, plan: FeaturePlan, window: Window
) -> pd.DataFrame:
    """Return the transfers of a window with the scores of a saved model and their labels.

    Parameters
    ----------
    artifact : Artifact
        The model.
    dataset : Dataset
        Transfers and findings; labels are those known at its end.
    matrix : DataFrame
        Features of every transfer of `dataset`.
    plan : FeaturePlan
        The plan of `matrix`.
    window : Window
        What to grade; open ends are filled as `evaluate_artifact` does.

    Returns
    -------
    DataFrame
        From `fraudguard.model.study.grade`.

    Raises
    ------
    ArtifactError
        If the model was trained on another plan.
    DataError
        If no transfer is in the window.
    """
    spec = artifact.manifest["spec"]
    maturity = timedelta(seconds=spec["split"]["maturity_s"])
    rows = _honest(window, artifact, dataset, maturity=maturity).rows(dataset)
    score = BatchScorer.of(artifact, plan).score(matrix[rows])
    as_of = datetime.fromisoformat(spec["split"]["as_of"])
    return grade(dataset, score, rows, target=spec["target"], maturity=maturity, as_of=as_of)


def judge_sights(
    artifact: Artifact, dataset: Dataset, matrix: pd.DataFrame, *, plan: FeaturePlan, window: Window
) -> tuple[SightRow, ...]:
    """Return what a saved model is worth to banks that see less, on a window of a dataset.

    Parameters
    ----------
    artifact : Artifact
        The model.
    dataset : Dataset
        Transfers and findings; labels are those known at its end.
    matrix : DataFrame
        Features of every transfer of `dataset`.
    plan : FeaturePlan
        The plan of `matrix`.
    window : Window
        As `evaluate_artifact` takes it.

    Returns
    -------
    tuple of SightRow
        At the model's own budget, the fullest sight first.

    Raises
    ------
    ArtifactError
        If the model was trained on another plan.
    DataError
        If no transfer is in the window.
    """
    spec = artifact.manifest["spec"]
    maturity, as_of = timedelta(seconds=spec["split"]["maturity_s"]), datetime.fromisoformat(spec["split"]["as_of"])
    rows = _honest(window, artifact, dataset, maturity=maturity).rows(dataset)
    weight = sight_sample(dataset, rows, target=tuple(spec["target"]), maturity=maturity, seed=spec["seed"])
    chosen = (weight > 0).to_numpy()
    unscored = pd.Series(np.nan, index=matrix.index[chosen], name="score")
    graded = grade(dataset, unscored, chosen, target=spec["target"], maturity=maturity, as_of=as_of)
    return sight_rows(
        BatchScorer.of(artifact, plan),
        matrix[chosen],
        graded.assign(weight=weight[chosen]),
        per_10_000=float(artifact.manifest["alerts_per_10_000"]),
        seed=spec["seed"],
    )


def _honest(window: Window, artifact: Artifact, dataset: Dataset, *, maturity: timedelta) -> Window:
    """Fill the open ends so that nothing trained on and nothing immature is graded.

    Raises
    ------
    DataError
        If the data end before the model's labels did, and no beginning is given.
    """
    as_of = datetime.fromisoformat(artifact.manifest["spec"]["split"]["as_of"])
    last = dataset.transfers["event_time"].max()
    if window.begin is None and last < pd.Timestamp(as_of):
        raise DataError(
            f"the data end at {last}, before {as_of}, until when this model learned; say with --from what to grade "
            f"if it was not trained on these transfers",
            f"数据止于 {last}，早于模型的学习截止 {as_of}；若模型未用这些转账训练，请用 --from 指定评估时段",
        )
    end = window.end
    if end is None and dataset.meta.unreported == "genuine":
        end = known_until(dataset) - maturity + timedelta(milliseconds=1)
    return Window(window.begin or as_of, end)


def score_window(
    artifact: Artifact, dataset: Dataset, matrix: pd.DataFrame, *, plan: FeaturePlan, window: Window
) -> pd.DataFrame:
    """Return what a saved model and its policy say of the transfers of a window.

    Parameters
    ----------
    artifact : Artifact
        The model.
    dataset : Dataset
        Transfers in log order; earlier ones are their history.
    matrix : DataFrame
        Features of every transfer of `dataset`.
    plan : FeaturePlan
        The plan of `matrix`.
    window : Window
        Which transfers to score.

    Returns
    -------
    DataFrame
        Columns score, intervention and tier, indexed by ``transfer_id``, in log order.

    Raises
    ------
    ArtifactError
        If the model was trained on another plan.
    """
    rows = window.rows(dataset)
    score = BatchScorer.of(artifact, plan).score(matrix[rows])
    policy = policy_of(artifact)
    steps = [policy.step_at(value) for value in score.to_numpy().tolist()]
    return pd.DataFrame(
        {
            "score": score,
            "intervention": [str(step.intervention) for step in steps],
            "tier": [str(step.tier) if step.tier else None for step in steps],
        },
        index=score.index,
    )


def explain_scores(
    scored: pd.DataFrame, matrix: pd.DataFrame, scorer: Scorer, *, lang: str, progress: Progress = silent
) -> pd.DataFrame:
    """Return scores with their reasons in words.

    Parameters
    ----------
    scored : DataFrame
        From `score_window`.
    matrix : DataFrame
        Features, at least of these transfers.
    scorer : Scorer
        The same model, as the service loads it.
    lang : {"zh", "en"}
        Language of the reasons.
    progress : Progress
        Told how many transfers are done.

    Returns
    -------
    DataFrame
        With a column ``reasons``, sentences joined by semicolons; empty for ALLOW.
    """
    vectors = matrix.loc[scored.index].to_numpy(dtype=np.float64)
    texts: list[str] = []
    for place, intervention in enumerate(scored["intervention"]):
        texts.append("" if intervention == Intervention.ALLOW else _sentences(scorer, vectors[place], lang))
        progress(place + 1, len(scored))
    return scored.assign(reasons=texts)


def _sentences(scorer: Scorer, vector: NDArray[np.float64], lang: str) -> str:
    reasons = scorer.reasons(vector)
    return "；".join(r.text_zh for r in reasons) if lang == "zh" else "; ".join(r.text_en for r in reasons)
