"""The card of a dataset: every check of the acceptance list, in one run."""

from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import average_precision_score, roc_curve

from fraudguard.errors import DataError
from fraudguard.hardness.auc import area, standard_error
from fraudguard.hardness.card import Card, Check, Recall, judge
from fraudguard.hardness.catch import Catcher
from fraudguard.hardness.laws import Laws, check_laws
from fraudguard.hardness.rules import expert_score, half_balance_alerts
from fraudguard.hardness.sample import Sample, draw_sample, read_truth
from fraudguard.hardness.single import SingleAuc, calendar_areas, feature_areas, field_areas, silent_areas
from fraudguard.hardness.views import VIEWS, message_scores, view_scores
from fraudguard.progress import Progress, silent
from fraudguard.tables import read_dataset
from fraudguard.wording import Bilingual

__all__ = ["hardness"]

_CEILING: Final = 0.85
_CALENDAR_CEILING: Final = 0.70
_SILENT_CEILING: Final = 0.55
_ERRORS: Final = 4.0
_MESSAGE_BAND: Final = (0.75, 0.88)
_BOTH_SIDES_BAND: Final = (0.90, 0.97)
_HALF_BALANCE_BAND: Final = (0.15, 0.45)
_EPISODES: Final = 5.0
_BUDGET: Final = 10.0
_TARGET_RATE: Final = 1e-4
_STEPS: Final = 8


def hardness(data: str | Path, *, seed: int = 7, progress: Progress = silent) -> Card:
    """Measure how hard a simulated dataset is, and whether anything in it tells fraud by itself.

    Parameters
    ----------
    data : str or Path
        A dataset folder with ``truth.parquet``.
    seed : int
        Of the honest sample, the trees and the bootstrap.
    progress : Progress
        Told the steps done and their number.

    Returns
    -------
    Card
        Its `outside` is empty for an honest world.

    Raises
    ------
    NotFoundError
        If there is no dataset or no truth beside it.
    DataError
        If truth and transfers do not fit, or victims are missing in training or test.
    """
    dataset = read_dataset(data)
    truth = read_truth(dataset)
    laws = check_laws(dataset, truth)
    progress(1, _STEPS)
    sample = draw_sample(dataset, truth, seed=seed)
    _require_victims(sample)
    progress(2, _STEPS)
    areas = _areas(sample)
    progress(3, _STEPS)
    scores = {"message_fields": message_scores(sample).score}
    for step, view in enumerate(VIEWS, start=4):
        scores[view] = view_scores(sample, view, seed=seed).score
        progress(step, _STEPS)
    scores["expert_rules"] = expert_score(sample.features[sample.test])
    catcher = Catcher(sample, seed=seed)
    held = half_balance_alerts(sample)
    recalls, rate = _recalls(catcher, scores, held[sample.test])
    progress(7, _STEPS)
    card = Card(
        checks=[
            *_single_checks(sample, areas),
            *_score_checks(sample, scores, recalls),
            _half_balance_check(sample, held),
            *_law_checks(laws),
        ],
        recalls=recalls,
        areas={kind: found[:40] for kind, found in areas.items()},
        alerts_of=catcher.alerts_of_scenarios(scores["bank_both_sides"]),
        curves=_curves(sample, scores),
        facts=_facts(sample, scores, laws, rate=rate),
    )
    progress(_STEPS, _STEPS)
    return card


def _require_victims(sample: Sample) -> None:
    for zh, en, window in (("训练", "training", sample.train), ("测试", "test", sample.test)):
        if not (sample.victim & window).any():
            raise DataError(
                f"no victim transfer in the {en} window; take more accounts, more days or a denser preset",
                f"{zh}窗口里没有受骗转账；请增加账户数或天数，或换更密的预设",
            )


def _areas(sample: Sample) -> dict[str, list[SingleAuc]]:
    return {
        "features": feature_areas(sample), "fields": field_areas(sample), "calendar": calendar_areas(sample),
        "silent": silent_areas(sample),
    }  # fmt: skip


def _single_checks(sample: Sample, areas: dict[str, list[SingleAuc]]) -> list[Check]:
    error = standard_error(0.5, positives=sample.cases, negatives=len(sample.rows))
    silent_ceiling, calendar_ceiling = (
        max(ceiling, 0.5 + _ERRORS * error) for ceiling in (_SILENT_CEILING, _CALENDAR_CEILING)
    )
    titles = (
        ("features", Bilingual(zh="单个特征的 AUC 上限", en="Largest AUC of one feature"), _CEILING),
        ("fields", Bilingual(zh="单个字段的 AUC 上限", en="Largest AUC of one field"), _CEILING),
        ("calendar", Bilingual(zh="小时、星期、日期的 AUC 上限", en="Largest AUC of hour, weekday or date"), calendar_ceiling),
        ("silent", Bilingual(zh="编号、行序、毫秒、缺失的 AUC 上限", en="Largest AUC of ids, order, milliseconds, gaps"), silent_ceiling),
    )  # fmt: skip
    return [
        judge(f"single_{kind}", title, areas[kind][0].auc, low=0.5, high=ceiling, cases=sample.cases, detail=areas[kind][0].name)
        for kind, title, ceiling in titles
    ]  # fmt: skip


def _recalls(
    catcher: Catcher, scores: dict[str, NDArray[np.float64]], held: NDArray[np.bool_]
) -> tuple[list[Recall], float]:
    """Set rivals side by side at ten alerts in 10 000, and at as many as the half-balance rule gives."""
    rate = catcher.rate(held)
    both = scores["bank_both_sides"]
    rows = [
        catcher.at(scores[name], name, _BUDGET)
        for name in ("bank_both_sides", "bank_payer_view", "message_only", "expert_rules")
    ]
    rows += [catcher.at(held.astype(np.float64), "half_balance_rule", rate)]
    rows += [catcher.at(scores[name], name, rate) for name in ("bank_both_sides", "expert_rules")]
    return rows + catcher.new_gangs(both, _BUDGET) + catcher.by_type(both, _BUDGET), rate


def _score_checks(sample: Sample, scores: dict[str, NDArray[np.float64]], recalls: list[Recall]) -> list[Check]:
    victim, cases = sample.victim[sample.test], int(sample.rows.loc[sample.test, "case_id"].nunique())
    message, both = area(scores["message_fields"], victim), area(scores["bank_both_sides"], victim)
    errors = [standard_error(auc, positives=cases, negatives=int((~victim).sum())) for auc in (message, both)]
    rules = next(row for row in recalls if row.scorer == "expert_rules")
    model = next(row for row in recalls if row.scorer == "bank_both_sides")
    return [
        judge("message_fields_auc", Bilingual(zh="逻辑回归，仅报文字段：AUC", en="Logistic regression on message fields: AUC"),
              message, low=_MESSAGE_BAND[0], high=_MESSAGE_BAND[1], cases=cases,
              error=errors[0], detail=f"± {errors[0]:.3f}"),
        judge("both_sides_auc", Bilingual(zh="LightGBM，双方银行视角：AUC", en="LightGBM, bank on both sides: AUC"),
              both, low=_BOTH_SIDES_BAND[0], high=_BOTH_SIDES_BAND[1], cases=cases,
              error=errors[1], detail=f"± {errors[1]:.3f}"),
        judge("model_beats_rules", Bilingual(zh="同等预警数下，模型召回减专家规则召回", en="Recall of the model less that of the expert rules"),
              model.recall - rules.recall, low=0.0, high=1.0, cases=cases, detail=f"{_BUDGET:.0f} / 10000"),
    ]  # fmt: skip


def _half_balance_check(sample: Sample, held: NDArray[np.bool_]) -> Check:
    """Judge the rule on the whole period: it learns nothing, so nothing need be kept from it."""
    recall = float(held[sample.victim].mean())
    rate = float((sample.weight * held).sum() / sample.weight.sum() * 10_000)
    return judge(
        "half_balance_recall", Bilingual(zh="新加坡余额过半规则：召回", en="Singapore half-balance rule: recall"),
        recall, low=_HALF_BALANCE_BAND[0], high=_HALF_BALANCE_BAND[1], cases=sample.cases, detail=f"{rate:.0f} / 10000",
    )  # fmt: skip


def _law_checks(laws: Laws) -> list[Check]:
    return [
        judge("episodes_per_case", Bilingual(zh="每个案件对应的正常异动", en="Honest episodes for each fraud case"),
              laws.episodes_per_case, low=_EPISODES, high=float("inf")),
        judge("over_limit", Bilingual(zh="超出账户法定限额的日子", en="Days above an account's legal limit"),
              laws.over_limit, low=0, high=0),
        judge("below_zero", Bilingual(zh="余额不足仍付出的转账", en="Transfers above the balance"), laws.below_zero, low=0, high=0),
        judge("out_of_order", Bilingual(zh="时间倒退的行", en="Rows out of order"), laws.out_of_order, low=0, high=0),
    ]  # fmt: skip


def _facts(sample: Sample, scores: dict[str, NDArray[np.float64]], laws: Laws, *, rate: float) -> dict[str, Any]:
    victim = sample.victim[sample.test]
    honest = float((sample.weight[sample.test] * ~victim).sum())
    prior = np.where(victim, 1.0, sample.weight[sample.test] * victim.sum() / _TARGET_RATE / honest)
    return {
        "victim_transfers": int(sample.victim.sum()), "cases": sample.cases, "test_victim_transfers": int(victim.sum()),
        "test_cases": int(sample.rows.loc[sample.test, "case_id"].nunique()), "base_rate": laws.base_rate,
        "never_reported": laws.never_reported, "delay_days_median": laws.delay_days_median,
        "half_balance_alerts_per_10_000": rate, "prior_corrected_to": _TARGET_RATE,
        "auc": {name: area(score, victim) for name, score in scores.items()},
        "average_precision_corrected": {
            name: float(average_precision_score(victim, score, sample_weight=prior)) for name, score in scores.items()
        },
    }  # fmt: skip


def _curves(sample: Sample, scores: dict[str, NDArray[np.float64]]) -> dict[str, list[Any]]:
    """Return what pictures are drawn from."""
    victim, weight = sample.victim[sample.test], sample.weight[sample.test]
    curves: dict[str, list[Any]] = {}
    for name, score in scores.items():
        wrong, right, _ = roc_curve(victim, score, sample_weight=weight)
        curves[name] = [wrong, right]
    local = sample.rows["event_time"].dt.tz_convert("Asia/Shanghai")
    logs = np.log10(sample.rows["amount_fen"].to_numpy(dtype=np.float64) / 100)
    curves["hours"] = [local.dt.hour.to_numpy()[sample.victim], local.dt.hour.to_numpy()[~sample.victim]]
    curves["amounts"] = [logs[sample.victim], logs[~sample.victim]]
    return curves
