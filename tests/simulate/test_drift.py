"""The world changes while it runs."""

import numpy as np

from fraudguard.simulate.drift import build_drift
from fraudguard.simulate.scam_types import SCAM_PATTERNS
from tests.simulate.conftest import empty_world


def test_mix_starts_as_stated_and_walks() -> None:
    """The first month has the stated shares; later months differ, and each sums to one."""
    drift = build_drift(empty_world(days=180))

    assert np.allclose(drift.shares.sum(axis=1), 1)
    assert np.allclose(drift.shares[0][: len(SCAM_PATTERNS)], [pattern.share for pattern in SCAM_PATTERNS])
    assert not np.allclose(drift.shares[0], drift.shares[3])


def test_new_types_appear_every_sixty_days() -> None:
    """A type nobody has seen begins on day 60 and another on day 120, not before."""
    drift = build_drift(empty_world(days=180))
    new = drift.shares[:, len(SCAM_PATTERNS) :] > 0

    assert new.tolist() == [[month >= 2, month >= 4] for month in range(6)]


def test_gangs_and_victims_change_their_ways() -> None:
    """Second phones from the fourth month, slower money from the fifth for slow gangs, coaching from the third."""
    drift = build_drift(empty_world(days=180))

    assert (drift.second_phone_share(20), drift.second_phone_share(100)) == (0.0, 0.5)
    assert (drift.dwell_times(100, slow=True), drift.dwell_times(130, slow=True)) == (1.0, 3.0)
    assert drift.dwell_times(130, slow=False) == 1.0
    assert (drift.coached_share(20), drift.coached_share(70)) == (0.0, 0.15)
    assert drift.tracing_times(0) == 1.0
    assert drift.tracing_times(90) < 0.75
    assert drift.month(-5) == 0
    assert drift.month(10_000) == 5
