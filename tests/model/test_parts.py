"""A score taken apart, and whether what is said of it is true."""

import math
from dataclasses import replace

import numpy as np
import pytest

from fraudguard.features import FeaturePlan
from fraudguard.features.part import Part
from fraudguard.model.artifact import Artifact
from fraudguard.model.normal import median_of
from fraudguard.model.parts import MULE_PARTS, VICTIM_PARTS, score_parts
from fraudguard.model.scorer import Scorer
from fraudguard.model.study import Study
from tests.model.test_explain import column


@pytest.fixture(scope="module")
def scorer(artifact: Artifact, plan: FeaturePlan) -> Scorer:
    """Give the scorer of the small world."""
    return Scorer.load(artifact.folder, plan)


def highest(study: Study, n: int) -> np.ndarray:
    """Return the vectors of the transfers that score highest."""
    score = study.trained.scorer.score(study.matrix).to_numpy()
    return study.matrix.to_numpy()[np.argsort(-score, kind="stable")[:n]]


def test_parts_add_up_to_the_score(scorer: Scorer, study: Study) -> None:
    """Base and parts together are the log-odds of the probability that was answered."""
    for vector in study.matrix.to_numpy()[::400]:
        found = scorer.parts(vector)

        log_odds = found.base + sum(found.parts.values())
        assert 1 / (1 + math.exp(-log_odds)) == pytest.approx(scorer.score(vector).value)


def test_sub_scores_leave_the_other_side_ordinary() -> None:
    """Each is the probability from the parts of its side; that the two never met belongs to both."""
    told = [replace(column(part), part=part) for part in Part]
    contributions = np.array([1.0, 0.5, 2.0, 0.25, 3.0, 0.125])
    by_part = dict(zip(Part, contributions.tolist(), strict=True))

    found = score_parts(contributions, base=-5.0, columns=told)

    assert found.parts == by_part
    for side, share in ((VICTIM_PARTS, found.payer_as_victim), (MULE_PARTS, found.payee_as_mule)):
        assert share == pytest.approx(1 / (1 + math.exp(5.0 - sum(by_part[part] for part in side))))


def test_every_shipped_feature_has_its_part(plan: FeaturePlan) -> None:
    """All six parts are told by features that say so in their names where they can."""
    of = {column.name: column.part for column in plan.columns}

    assert set(of.values()) == set(Part)
    assert of["payer_out_amount_fen_sum_1d"] == Part.PAYER
    assert of["payee_in_payers_distinct_1d"] == Part.PAYEE
    assert of["pair_transfers_ever"] == of["is_first_to_payee"] == Part.PAIR
    assert of["active_call"] == of["device_transfers_count_1d"] == of["hour_of_day"] == Part.SESSION
    assert of["payer_drain_share"] == of["payer_loan_fen"] == of["payer_signal_loan_application"] == Part.LIQUIDITY
    assert of["payee_hops_to_known"] == of["payee_in_adverse_findings"] == Part.NETWORK


def test_removing_the_stated_cause_lowers_the_score(scorer: Scorer, study: Study, plan: FeaturePlan) -> None:
    """With the features of its first reason made normal, an alert scores lower, in nine of ten alerts."""
    normals = scorer.artifact.manifest["normals"]
    group_of = {column.name: column.group for column in plan.columns}
    lowered: list[bool] = []
    for vector in highest(study, 40):
        first = scorer.reasons(vector)[0]
        places = [i for i, column in enumerate(plan.columns) if column.group == group_of[first.code]]
        mended = vector.copy()
        mended[places] = [_or_nan(median_of(normals[plan.names[place]])) for place in places]
        lowered.append(scorer.score(mended).value < scorer.score(vector).value)

    assert np.mean(lowered) >= 0.9


def test_removing_all_stated_causes_lowers_it_more_than_others(scorer: Scorer, study: Study, plan: FeaturePlan) -> None:
    """Made normal, the stated causes take more from a score than as many features that were not stated."""
    normals = scorer.artifact.manifest["normals"]
    middle = np.array([_or_nan(median_of(normals[name])) for name in plan.names])
    generator = np.random.default_rng(3)
    taken: list[tuple[float, float]] = []
    for vector in highest(study, 20):
        stated = {column.group for column in plan.columns if column.name in {r.code for r in scorer.reasons(vector)}}
        told = np.array([column.group in stated for column in plan.columns])
        others = np.zeros(len(told), dtype=bool)
        others[generator.permutation(np.flatnonzero(~told))[: told.sum()]] = True
        margins = [scorer.ensemble.margin(np.where(chosen, middle, vector))[0] for chosen in (told, others)]
        taken.append((float(margins[0]), float(margins[1])))

    stated_left, others_left = np.array(taken).mean(axis=0)
    assert stated_left < others_left - 1.0


def _or_nan(value: float | None) -> float:
    return math.nan if value is None else value


def test_rare_values_are_said_to_be_rare(scorer: Scorer, study: Study) -> None:
    """Among the reasons of the highest scores some say how few genuine transfers go so far."""
    reasons = [reason for vector in highest(study, 20) for reason in scorer.reasons(vector)]
    rare = [reason for reason in reasons if reason.rarity is not None]

    assert rare
    assert all("不到" in reason.text_zh and "fewer than" in reason.text_en for reason in rare)
