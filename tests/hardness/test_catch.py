"""Alerts on a sample that stands for more."""

import numpy as np
import pytest

from fraudguard.hardness.catch import Catcher
from fraudguard.hardness.sample import Sample


def test_a_perfect_score_catches_all_it_may(sample: Sample) -> None:
    """With alerts for everybody, the truth as a score has recall one; with a tenth of them, about a tenth."""
    truth = sample.victim[sample.test].astype(np.float64)
    catcher = Catcher(sample, seed=1)
    share = sample.victim[sample.test].sum() / sample.weight[sample.test].sum() * 10_000

    assert catcher.at(truth, "truth", share).recall == pytest.approx(1)
    assert catcher.at(truth, "truth", share).precision == pytest.approx(1)
    assert catcher.at(truth, "truth", share / 10).recall == pytest.approx(0.1)


def test_equal_scores_share_the_alerts(sample: Sample) -> None:
    """A score that says nothing alerts everybody a little, so recall is the share of alerts."""
    nothing = np.zeros(int(sample.test.sum()))
    row = Catcher(sample, seed=1).at(nothing, "nothing", 500)

    assert row.recall == pytest.approx(0.05)
    assert row.low == pytest.approx(0.05)


def test_rates_are_of_all_transfers(sample: Sample) -> None:
    """A rule that alerts everybody has 10 000 alerts in 10 000."""
    assert Catcher(sample, seed=1).rate(np.ones(int(sample.test.sum()), bool)) == pytest.approx(10_000)


def test_parts_make_the_whole(sample: Sample) -> None:
    """Types, and gangs new and known, add up to all victims' payments of the test."""
    score = np.random.default_rng(3).random(int(sample.test.sum()))
    catcher, total = Catcher(sample, seed=1), int(sample.victim[sample.test].sum())

    assert sum(row.n for row in catcher.by_type(score, 10)) == total
    assert sum(row.n for row in catcher.new_gangs(score, 10)) == total
    assert "ordinary" in catcher.alerts_of_scenarios(score)
