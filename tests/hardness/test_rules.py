"""Rivals without a model."""

import numpy as np
import pandas as pd

from fraudguard.hardness.rules import EXPERT_RULES, expert_score, half_balance_alerts
from fraudguard.hardness.sample import Sample
from tests.hardness.conftest import with_rows


def test_there_are_twelve_rules_with_words() -> None:
    """Each rule has a name of its own and words in both languages."""
    assert len(EXPERT_RULES) == 12
    assert len({rule.code for rule in EXPERT_RULES}) == 12
    assert all(rule.title.zh and rule.title.en for rule in EXPERT_RULES)


def test_each_rule_fires_somewhere(sample: Sample) -> None:
    """No rule is dead, and the score counts those that fire."""
    for rule in EXPERT_RULES:
        assert rule.fires(sample.features).fillna(value=False).any(), rule.code
    score = expert_score(sample.features)
    assert score.min() == 0
    assert 3 <= score.max() <= 12


def test_unknown_never_fires(sample: Sample) -> None:
    """A transfer of which nothing is known breaks no rule."""
    nothing = pd.DataFrame(np.nan, index=[0], columns=sample.features.columns)

    assert expert_score(nothing).tolist() == [0.0]


def test_half_of_a_balance_is_the_edge(sample: Sample) -> None:
    """Half of a balance above the floor passes, a fen more is held, bills and small balances are exempt."""
    rows = sample.rows.iloc[:4].assign(
        amount_fen=[500_000, 500_001, 500_001, 90_001],
        payer_balance_before_fen=[1_000_000, 1_000_000, 1_000_000, 180_000],
        payee_type=["person", "person", "merchant", "person"],
    )
    features = sample.features.iloc[:4].assign(payer_out_amount_fen_sum_1d=0.0)
    four = Sample(rows, features, sample.weight[:4], sample.train[:4], sample.test[:4])

    assert half_balance_alerts(four).tolist() == [False, True, False, False]
    assert not half_balance_alerts(with_rows(sample, payer_balance_before_fen=pd.NA)).any()
