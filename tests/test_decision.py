"""The rule of decision."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fraudguard.decision import Intervention, Policy, Reason, Score, Step, Tier, decide
from fraudguard.errors import DefinitionError
from tests.fakes import START, make_transfer

POLICY = Policy(
    version="p1",
    steps=(
        Step(score_from=0.1, intervention=Intervention.REMIND),
        Step(score_from=0.5, intervention=Intervention.VERIFY_TRANSACTION, tier=Tier.LOW),
        Step(score_from=0.9, intervention=Intervention.DELAY_SETTLEMENT, tier=Tier.HIGH, hold_s=7200),
    ),
)
SCORES = st.sampled_from([0.0, 0.0999999, 0.1, 0.3, 0.5, 0.9, 1.0])


def scored(value: float) -> Score:
    """Return a score of that value."""
    return Score(value=value, model_version="m1", features_fingerprint="f1")


@pytest.mark.parametrize(
    ("value", "intervention", "tier", "hold_s"),
    [
        (0.0, Intervention.ALLOW, None, None),
        (0.0999999, Intervention.ALLOW, None, None),
        (0.1, Intervention.REMIND, None, None),
        (0.5, Intervention.VERIFY_TRANSACTION, Tier.LOW, None),
        (0.9, Intervention.DELAY_SETTLEMENT, Tier.HIGH, 7200),
        (1.0, Intervention.DELAY_SETTLEMENT, Tier.HIGH, 7200),
    ],
)
def test_gravest_step_reached_decides(
    value: float, intervention: Intervention, tier: Tier | None, hold_s: int | None
) -> None:
    """A score on a threshold is on its step."""
    decision = decide(make_transfer(), scored(value), POLICY, at=START)

    assert (decision.intervention, decision.tier, decision.hold_s) == (intervention, tier, hold_s)


@given(one=SCORES, other=SCORES)
def test_severity_never_falls_as_the_score_rises(one: float, other: float) -> None:
    """A higher score never gets a milder intervention."""
    low, high = (
        decide(make_transfer(), scored(value), POLICY, at=START).intervention.severity for value in sorted((one, other))
    )

    assert low <= high


def test_same_question_same_answer() -> None:
    """Nothing but its arguments enters a decision."""
    first, second = (decide(make_transfer(), scored(0.7), POLICY, at=START) for _ in range(2))

    assert first == second


def test_decision_names_its_versions() -> None:
    """A decision carries what is needed to decide again."""
    versions = decide(make_transfer(), scored(0.7), POLICY, at=START).versions

    assert (versions.model, versions.features, versions.policy) == ("m1", "f1", "p1")


@pytest.mark.parametrize(("value", "is_alert"), [(0.2, False), (0.6, True)])
def test_alert_is_what_an_officer_looks_at(value: float, is_alert: bool) -> None:  # noqa: FBT001  # a table of cases
    """A reminder is no alert; a step with a tier is."""
    assert decide(make_transfer(), scored(value), POLICY, at=START).is_alert is is_alert


def test_reasons_are_added_to_a_copy() -> None:
    """Adding reasons changes no decision that was made."""
    plain = decide(make_transfer(), scored(0.7), POLICY, at=START)
    reason = Reason(
        code="amount_fen",
        contribution=1.0,
        value=1.0,
        baseline=None,
        baseline_of="own",
        text_zh="理由",
        text_en="reason",
    )

    told = plain.with_reasons([reason])

    assert (plain.reasons, told.reasons) == ((), (reason,))


@pytest.mark.parametrize("order", [list(Intervention), list(reversed(Intervention))])
def test_outcomes_combine_by_the_gravest(order: list[Intervention]) -> None:
    """Several outcomes give the gravest, in any order."""
    assert Intervention.gravest(order) is Intervention.SUSPEND_SERVICE


REMIND, VERIFY = POLICY.steps[0], POLICY.steps[1]


@pytest.mark.parametrize(
    "steps",
    [
        (VERIFY, replace(REMIND, score_from=0.7)),
        (REMIND, replace(VERIFY, score_from=0.1)),
        (replace(REMIND, score_from=0.0),),
        (replace(REMIND, score_from=1.01),),
        (replace(REMIND, score_from=float("nan")),),
        (replace(REMIND, intervention=Intervention.ALLOW),),
        (replace(VERIFY, hold_s=60),),
        (replace(POLICY.steps[2], hold_s=0),),
    ],
)
def test_policy_cannot_be_built_wrong(steps: tuple[Step, ...]) -> None:
    """Steps ascend in score and severity, and money is held only where it is held."""
    with pytest.raises(DefinitionError, match="policy p2"):
        Policy(version="p2", steps=steps)


def test_policy_needs_a_version() -> None:
    """A policy without a version could not be named in a decision."""
    with pytest.raises(DefinitionError, match="version"):
        Policy(version="", steps=())


def test_empty_policy_allows() -> None:
    """A policy without steps recommends nothing."""
    decision = decide(make_transfer(), scored(1.0), Policy(version="p0", steps=()), at=START)

    assert decision.intervention is Intervention.ALLOW
