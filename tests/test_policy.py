"""Policy files."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fraudguard.decision import Intervention, Policy, Step, Tier
from fraudguard.errors import DefinitionError, NotFoundError
from fraudguard.policy import dump_policy, load_policy, parse_policy

TEXT = """
version = "2026-11-23.1"

[[steps]]
score_from = 0.02
intervention = "remind"

[[steps]]
score_from = 0.2
intervention = "delay_settlement"
tier = "high"
hold_s = 7200
"""


def test_file_becomes_policy(tmp_path: Path) -> None:
    """A reviewed file says version and steps."""
    path = tmp_path / "policy.toml"
    path.write_text(TEXT, encoding="utf-8")

    policy = load_policy(path)

    assert policy.version == "2026-11-23.1"
    assert policy.steps[1] == Step(
        score_from=0.2, intervention=Intervention.DELAY_SETTLEMENT, tier=Tier.HIGH, hold_s=7200
    )


@given(scores=st.lists(st.floats(1e-300, 1.0), min_size=0, max_size=2, unique=True))
def test_dump_reads_back_equal(scores: list[float]) -> None:
    """Writing and reading keeps every threshold to the bit."""
    kinds = (Intervention.REMIND, Intervention.SUSPEND_SERVICE)
    steps = tuple(Step(score_from=score, intervention=kind) for score, kind in zip(sorted(scores), kinds, strict=False))
    policy = Policy(version="p1", steps=steps)

    assert parse_policy(dump_policy(policy), source="dumped") == policy


def test_tier_and_hold_survive_a_dump() -> None:
    """What a step says beside its score is written too."""
    policy = parse_policy(TEXT, source="text")

    assert parse_policy(dump_policy(policy), source="dumped") == policy


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ("version = ", "valid TOML"),
        (TEXT.replace("hold_s", "hold"), "hold"),
        (TEXT + "\n[budget]\nalerts = 1\n", "budget"),
        (TEXT.replace("remind", "block"), "block"),
        (TEXT.replace('"high"', '"soon"'), "soon"),
        (TEXT.replace("score_from = 0.02", ""), "score_from"),
        (TEXT.replace("0.02", '"much"'), "much"),
        (TEXT.replace("0.02", "0.3"), "ascend"),
        (TEXT.replace('version = "2026-11-23.1"', ""), "version"),
    ],
)
def test_wrong_file_is_refused_by_name(wrong: str, named: str) -> None:
    """An error names what is wrong in the file."""
    with pytest.raises(DefinitionError, match=named):
        parse_policy(wrong, source="policy.toml")


def test_missing_file_is_not_found(tmp_path: Path) -> None:
    """A policy that is not there is named."""
    with pytest.raises(NotFoundError, match=r"policy\.toml"):
        load_policy(tmp_path / "policy.toml")
