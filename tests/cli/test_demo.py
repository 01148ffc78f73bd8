"""The demo works for every size that it allows."""

import pytest

from fraudguard.cli.demo import preset_for


@pytest.mark.parametrize(
    ("days", "accounts", "preset"),
    [(60, 20_000, "default"), (30, 40_000, "default"), (30, 10_000, "dense"), (59, 20_000, "dense")],
)
def test_small_world_has_denser_fraud(days: int, accounts: int, preset: str) -> None:
    """A world smaller than the default one has fraud enough to train on."""
    assert preset_for(days=days, accounts=accounts) == preset
