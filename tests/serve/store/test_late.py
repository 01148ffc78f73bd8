"""What a bank was told at its deadline counts for cases and holds, on both databases: nothing is held that it never heard of."""

import pytest

from fraudguard.errors import NotFoundError
from fraudguard.serve.store import Store
from fraudguard.serve.store.late_answers import LateAnswer
from tests.serve.store.test_cases import MINUTE, NOW, alert

HOLD_S = 7_200


def late(told: str) -> LateAnswer:
    """Return an answer at a deadline."""
    return LateAnswer(told=told, deadline_ms=200, told_at_ms=NOW)


@pytest.mark.parametrize("is_noted_first", [True, False])
def test_a_case_knows_no_hold_that_the_bank_was_not_told_of(store: Store, *, is_noted_first: bool) -> None:
    """Whether the note comes before the case is made or after."""
    store.write([alert(1, hold_s=HOLD_S), alert(2, hold_s=HOLD_S)])
    if is_noted_first:
        store.late_answers.add("asm_T1", late("allow"))
    store.gathering.gather()
    if not is_noted_first:
        store.late_answers.add("asm_T1", late("allow"))
    first, second = (store.cases.of_transfer(name) for name in ("T1", "T2"))
    (shown,) = store.alerts.of_places([1])

    assert (first.drains_from_ms, second.drains_from_ms) == (NOW, NOW + 1000 * HOLD_S)
    assert (shown.intervention, shown.told) == ("delay_settlement", "allow")
    assert [hold.assessment_id for hold in store.holds.of_assessments(["asm_T1", "asm_T2"])] == ["asm_T2"]
    with pytest.raises(NotFoundError, match="no hold"):
        store.holds.get("asm_T1")


def test_a_bank_that_was_told_to_hold_holds(store: Store) -> None:
    """An answer at the deadline that delays the payment takes no hold away."""
    store.write([alert(1, hold_s=HOLD_S)])
    store.gathering.gather()
    store.late_answers.add("asm_T1", late("delay_settlement"))

    assert store.cases.of_transfer("T1").drains_from_ms == NOW + 1000 * HOLD_S
    assert store.holds.get("asm_T1").hold_s == HOLD_S


def test_another_alert_of_the_case_may_still_be_held(store: Store) -> None:
    """The clock of the case is that of the hold that lasts longest."""
    store.write([alert(1, pair="p", hold_s=60), alert(2, pair="p", hold_s=HOLD_S, decided_at_ms=NOW + MINUTE)])
    store.gathering.gather()
    store.late_answers.add("asm_T1", late("remind"))

    assert store.cases.of_transfer("T2").drains_from_ms == NOW + MINUTE + 1000 * HOLD_S
