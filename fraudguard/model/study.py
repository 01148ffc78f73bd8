"""The whole way from a dataset to a judged model: replay, train, evaluate, save.

The command line, the demo and the notebooks call this and nothing of their own.
"""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from fraudguard.clock import Clock
from fraudguard.errors import DataError
from fraudguard.features import CATALOG, Catalog, compile_plan, replay, replay_stretches
from fraudguard.features.catalog_file import CatalogFile
from fraudguard.finding import FindingValue
from fraudguard.model.artifact import CARD, CARD_PAGE, MODEL, POLICY, REFERENCE, SCAM_TYPES, Artifact
from fraudguard.model.baselines import baseline_scores
from fraudguard.model.card import card_page, card_text
from fraudguard.model.context import with_context
from fraudguard.model.evaluate import evaluate
from fraudguard.model.evaluation import Evaluation
from fraudguard.model.evaluation_card import evaluation_card, sight_table
from fraudguard.model.labelling import derive_labels, known_until
from fraudguard.model.manifest import manifest_content
from fraudguard.model.reference import Reference, reference_text
from fraudguard.model.reference_making import make_reference, reference_rows
from fraudguard.model.save import save_artifact
from fraudguard.model.sights import SightRow, sight_rows, sight_sample
from fraudguard.model.spec import TrainSpec
from fraudguard.model.split import SplitOptions, split_for
from fraudguard.model.streamed import LARGE, stream
from fraudguard.model.train import TrainedModel, train
from fraudguard.policy import dump_policy
from fraudguard.progress import Progress, silent
from fraudguard.tables import Dataset
from fraudguard.wording.markup import Table, card

__all__ = ["Step", "Study", "StudyOptions", "grade", "run_study", "save_study", "spec_for"]

_VALID_ROWS: Final = 300_000
"""A larger validation window of a large study tells no more, and must be kept in memory."""

Step = Callable[[str, str], AbstractContextManager[Progress]]
"""Opens a long step by its name in Chinese and English, and gives the listener of its progress."""


def _quiet(_zh: str, _en: str) -> AbstractContextManager[Progress]:
    return nullcontext(silent)


@dataclass(frozen=True, slots=True, kw_only=True)
class StudyOptions:
    """What an analyst may choose; all of it has a sensible default.

    Parameters
    ----------
    windows : SplitOptions
        The windows of time.
    target : tuple of FindingValue or None
        The findings that make a fraud row; None for victim transfers, or mule movements where the
        dataset has those alone.
    alerts_per_10_000 : float or None
        Alert budget; None for 10, or the fraud rate where that is higher.
    seed : int
        Of sampling and trees.
    immature : {"drop", "weight", "unlabelled"}
        What to do with transfers too young to be labelled, as `fraudguard.model.spec.TrainSpec` takes it.
    shape : str
        Shape of the trees, as `fraudguard.model.estimator.FraudModel` takes it.
    parameters : Mapping
        LightGBM parameters that replace the defaults.
    """

    windows: SplitOptions = field(default_factory=SplitOptions)
    target: tuple[FindingValue, ...] | None = None
    alerts_per_10_000: float | None = None
    seed: int = 7
    immature: Literal["drop", "weight", "unlabelled"] = "weight"
    shape: str = "auto"
    parameters: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Study:
    """A dataset, the model trained on it, and how good it is on later transfers.

    Parameters
    ----------
    dataset : Dataset
        What it was trained and tested on.
    matrix : DataFrame
        Features of every transfer; of more than 2,000,000 only those learned from.
    trained : TrainedModel
        The model.
    evaluation : Evaluation
        On the test window.
    sights : tuple of SightRow
        What the model is worth to a bank that sees less.
    reference : Reference
        What the model was made among, for watching drift.
    """

    dataset: Dataset
    matrix: pd.DataFrame
    trained: TrainedModel
    evaluation: Evaluation
    sights: tuple[SightRow, ...]
    reference: Reference

    def __repr__(self) -> str:
        return f"Study({self.trained!r}, {self.evaluation!r})"

    def _repr_html_(self) -> str:
        notes = [f"{warning.zh} / {warning.en}" for warning in self.trained.warnings]
        windows = self.trained.spec.split.to_dict()
        rows = [(name, " – ".join(edge or "…" for edge in windows[name])) for name in ("train", "valid", "test")]
        about = card(
            "模型 · Model", subtitle=repr(self.trained), tables=[Table(columns=("", ""), rows=rows)], notes=notes
        )
        seen = card("视野 · Sights", tables=[sight_table(self.sights, lang="zh")])
        return about + evaluation_card(self.evaluation, lang="zh") + seen


def spec_for(dataset: Dataset, options: StudyOptions) -> TrainSpec:
    """Return the spec of a study: what was chosen, and sensible windows for the rest.

    Parameters
    ----------
    dataset : Dataset
        Its period and label maturity fill what the options leave open.
    options : StudyOptions
        What was chosen.

    Returns
    -------
    TrainSpec
        Its windows do not overlap.

    Raises
    ------
    DataError
        If there are no transfers.
    DefinitionError
        If the choices contradict each other, or the period is too short.
    """
    if dataset.transfers.empty:
        raise DataError("the dataset has no transfers; there is nothing to learn from", "数据集没有转账，无从训练")
    times = dataset.transfers["event_time"]
    period = (pd.Timestamp(times.min()).to_pydatetime(), pd.Timestamp(times.max()).to_pydatetime())
    windows = options.windows
    if dataset.meta.unreported == "unknown" and windows.test_until is None:
        # Only findings label such data, so its last transfers need no time to count as genuine.
        windows = replace(windows, test_until=period[1] + timedelta(milliseconds=1))
    split = split_for(period, known_until(dataset), maturity_days=dataset.meta.maturity_days, options=windows)
    most_days = _VALID_ROWS * max((period[1] - period[0]) / timedelta(days=1), 1.0) / len(times)
    if windows.valid_days is None and len(times) > LARGE and split.valid_days > most_days:
        windows = replace(windows, valid_days=most_days)
        split = split_for(period, known_until(dataset), maturity_days=dataset.meta.maturity_days, options=windows)
    return TrainSpec(
        split=split,
        seed=options.seed,
        target=options.target or _target(dataset),
        alerts_per_10_000=options.alerts_per_10_000,
        immature=options.immature,
        shape=options.shape,
        parameters=options.parameters,
    )


def _target(dataset: Dataset) -> tuple[FindingValue, ...]:
    found = set(dataset.findings["finding"].unique())
    alone = FindingValue.MULE_MOVEMENT in found and FindingValue.VICTIM_TRANSFER not in found
    return (FindingValue.MULE_MOVEMENT if alone else FindingValue.VICTIM_TRANSFER,)


def grade(
    dataset: Dataset,
    score: pd.Series,
    rows: NDArray[np.bool_],
    *,
    target: Sequence[str],
    maturity: timedelta,
    as_of: datetime,
) -> pd.DataFrame:
    """Return the table that `fraudguard.model.evaluate.evaluate` takes.

    Parameters
    ----------
    dataset : Dataset
        Transfers and findings; labels are those known at its end.
    score : Series of float64
        Calibrated probabilities, indexed by ``transfer_id``, of every row to be graded.
    rows : ndarray of bool, shape (n_transfers,)
        Which transfers to grade.
    target : sequence of str
        The findings that make a fraud row.
    maturity : timedelta
        How long after a transfer the absence of a finding means genuine.
    as_of : datetime
        When the model was built; what was known then is not new to it.

    Returns
    -------
    DataFrame
        One row a graded transfer: score, label, amount, accounts, time, the baselines, and what
        `fraudguard.model.context.with_context` adds.

    Raises
    ------
    DataError
        If no transfer is chosen.
    """
    if not rows.any():
        begin, end = dataset.transfers["event_time"].min(), dataset.transfers["event_time"].max()
        raise DataError(
            f"no transfer is in the window to be graded; the data run from {begin} to {end}",
            f"要评估的时段内没有转账；数据时段为 {begin} 至 {end}",
        )
    transfers = dataset.transfers
    labels = derive_labels(
        transfers,
        dataset.findings,
        as_of=known_until(dataset),
        maturity=maturity,
        unreported=dataset.meta.unreported,
        target=target,
    )
    columns = ["transfer_id", "amount_fen", "payer_account_id", "payee_account_id", "event_time"]
    table = transfers.loc[rows, columns].set_index("transfer_id")
    baselines = baseline_scores(transfers)[rows]
    table = table.assign(label=labels[rows], score=score.reindex(table.index)).join(baselines)
    return with_context(table, dataset, as_of=as_of, known_until=known_until(dataset))


def run_study(
    dataset: Dataset, options: StudyOptions | None = None, *, catalog: Catalog = CATALOG, step: Step = _quiet
) -> Study:
    """Return a model trained on a dataset and judged on its later transfers.

    Parameters
    ----------
    dataset : Dataset
        Transfers in log order, findings.
    options : StudyOptions or None
        What was chosen; None for nothing.
    catalog : Catalog
        The features.
    step : Step
        Opens each long step for whoever watches.

    Returns
    -------
    Study
        In memory; `save_study` writes its artifact.

    Raises
    ------
    DataError
        If a window has nothing to learn from or to test on.
    DefinitionError
        If the options contradict each other.
    """
    options = options or StudyOptions()
    spec, plan = spec_for(dataset, options), compile_plan(catalog)
    if len(dataset.transfers) > LARGE:
        return _run_streamed(dataset, spec, catalog=catalog, step=step)
    with step("计算特征", "Replaying features") as progress:
        matrix = replay(dataset, catalog=catalog, progress=progress)
    with step("训练模型", "Training") as progress:
        trained = train(matrix, dataset, spec, plan=plan, progress=progress)
    tested = spec.split.is_test(dataset.transfers["event_time"])
    sample = sight_sample(dataset, tested, target=spec.target, maturity=spec.split.maturity, seed=spec.seed)
    with step("评估", "Evaluating") as progress:
        score = trained.scorer.score(matrix[tested])
        evaluation, sights = _judge(
            dataset, score, trained, sample=(sample, matrix[(sample > 0).to_numpy()]), progress=progress
        )
        reference = make_reference(matrix[reference_rows(dataset, spec)], dataset, trained)
    return Study(
        dataset=dataset, matrix=matrix, trained=trained, evaluation=evaluation, sights=sights, reference=reference
    )


def _run_streamed(dataset: Dataset, spec: TrainSpec, *, catalog: Catalog, step: Step) -> Study:
    with step("计算特征并训练", "Replaying features and training") as progress:
        stretches = replay_stretches(dataset, catalog=catalog, progress=progress)
        found = stream(stretches, dataset, spec, plan=compile_plan(catalog))
    with step("评估", "Evaluating") as progress:
        evaluation, sights = _judge(
            dataset, found.score, found.trained, sample=(found.sample, found.sampled), progress=progress
        )
    return Study(
        dataset=dataset,
        matrix=found.matrix,
        trained=found.trained,
        evaluation=evaluation,
        sights=sights,
        reference=found.reference,
    )


def _judge(
    dataset: Dataset,
    score: pd.Series,
    trained: TrainedModel,
    *,
    sample: tuple["pd.Series[float]", pd.DataFrame],
    progress: Progress,
) -> tuple[Evaluation, tuple[SightRow, ...]]:
    spec, (weight, matrix) = trained.spec, sample
    rows = spec.split.is_test(dataset.transfers["event_time"])
    graded = grade(dataset, score, rows, target=spec.target, maturity=spec.split.maturity, as_of=spec.split.as_of)
    budget = trained.alerts_per_10_000
    evaluation = evaluate(graded, policy=trained.policy, budgets=(budget,), seed=spec.seed, progress=progress)
    sampled = graded.loc[matrix.index].assign(weight=weight.reindex(matrix.index))
    return evaluation, sight_rows(trained.scorer, matrix, sampled, per_10_000=budget, seed=spec.seed)


def save_study(
    study: Study, out: Path, *, clock: Clock, catalog_file: CatalogFile | None = None, overwrite: bool = False
) -> Artifact:
    """Write the artifact of a study.

    Parameters
    ----------
    study : Study
        What to write.
    out : Path
        Folder to make.
    clock : Clock
        Tells when; the moment stands outside the version.
    catalog_file : CatalogFile or None
        Where the study's catalog came from, to be named in the manifest; None for none.
    overwrite : bool
        Whether a model at `out` may be replaced.

    Returns
    -------
    Artifact
        What was written.

    Raises
    ------
    ConflictError
        If `out` exists and may not be replaced.
    """
    content = manifest_content(
        study.dataset, study.trained, study.evaluation, sights=study.sights, catalog_file=catalog_file
    )
    files = {
        MODEL: study.trained.scorer.text,
        POLICY: dump_policy(study.trained.policy),
        CARD: card_text(content),
        CARD_PAGE: card_page(content),
        REFERENCE: reference_text(study.reference),
    }
    if study.trained.scam_types is not None:
        files[SCAM_TYPES] = study.trained.scam_types.text
    return save_artifact(out, files, content, created_at=clock.now().isoformat(timespec="seconds"), overwrite=overwrite)
