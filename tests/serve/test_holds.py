"""Holds and appeals: what can be done in which state, once, and within the limits."""

from collections.abc import Callable
from datetime import timedelta
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import update
from sqlalchemy.exc import DatabaseError

from fraudguard.errors import ConflictError, DataError, NotFoundError, ReusedIdError
from fraudguard.serve.appeals import OUTCOMES_IN, AppealService, AppealState, Appellant
from fraudguard.serve.holds import (
    ACTS_IN,
    REASONS,
    HoldAct,
    HoldLimits,
    HoldReason,
    HoldService,
    HoldState,
    expires_at,
    notice_of,
    state_of,
)
from fraudguard.serve.store import Store
from fraudguard.serve.store.holds import ActRow, HoldRow
from fraudguard.serve.store.tables import hold_act
from tests.fakes import START, FakeClock
from tests.serve.store.test_store import record

START_MS: Final = int(START.timestamp() * 1_000)
LIMITS: Final = HoldLimits(extensions_max=2, total_max_s=1_000)


def services(store: Store) -> tuple[HoldService, AppealService, FakeClock]:
    """Return both services over one held transfer of 100 seconds, decided now."""
    store.write([
        record(1, "T1", decided_at_ms=START_MS, hold_s=100),
        record(2, "T2", decided_at_ms=START_MS, hold_s=None),
        record(3, "T3", decided_at_ms=START_MS, hold_s=100, mode="shadow"),
    ])
    clock = FakeClock()
    holds = HoldService(store=store, clock=clock, limits=LIMITS)
    return holds, AppealService(store=store, holds=holds, clock=clock), clock


def extend(holds: HoldService, hold_s: int, act_id: str | None = None) -> tuple[HoldRow, bool]:
    """Keep the money for longer."""
    reason = HoldReason.PAYER_UNREACHABLE
    return holds.act("asm_T1", act=HoldAct.EXTEND, reason=reason, author="o", act_id=act_id, hold_s=hold_s)


def release(holds: HoldService, act_id: str | None = None) -> tuple[HoldRow, bool]:
    """Let it go."""
    reason = HoldReason.VERIFIED_WITH_PAYER
    return holds.act("asm_T1", act=HoldAct.RELEASE, reason=reason, author="o", act_id=act_id)


def test_a_hold_ends_by_release_or_by_time(store: Store) -> None:
    """It is held until its end, extensions included, and released from the act on."""
    holds, _, _ = services(store)
    row, _ = extend(holds, 50)

    assert expires_at(row) == START + timedelta(seconds=150)
    assert state_of(row, START + timedelta(seconds=149)) is HoldState.HELD
    assert state_of(row, START + timedelta(seconds=150)) is HoldState.EXPIRED
    released, _ = release(holds)
    assert state_of(released, START + timedelta(seconds=149)) is HoldState.RELEASED


@pytest.mark.parametrize(
    ("before", "said"),
    [
        (lambda holds, _clock: release(holds), "released"),
        (lambda _holds, clock: clock.advance(seconds=100), "expired"),
    ],
    ids=["released", "expired"],
)
def test_what_is_over_cannot_be_changed(
    store: Store, before: Callable[[HoldService, FakeClock], object], said: str
) -> None:
    """A second officer is told how it stands."""
    holds, _, clock = services(store)
    before(holds, clock)

    for act in (release, lambda holds: extend(holds, 60)):
        with pytest.raises(ConflictError, match=f"the hold is {said}"):
            act(holds)


def test_extensions_are_bounded_in_number_and_length(store: Store) -> None:
    """What is still possible is said."""
    holds, _, _ = services(store)

    with pytest.raises(ConflictError, match="may last 900 seconds more, 1000 in all"):
        extend(holds, 901)
    extend(holds, 100)
    extend(holds, 100)
    with pytest.raises(ConflictError, match="extended 2 times already"):
        extend(holds, 60)


def test_the_same_act_twice_is_one(store: Store) -> None:
    """A retry adds nothing, and another content under its id is refused."""
    holds, _, clock = services(store)
    first, again = extend(holds, 60, "A1"), None
    clock.advance(seconds=5)
    again = extend(holds, 60, "A1")

    assert (first[1], again[1]) == (False, True)
    assert len(again[0].acts) == 1
    with pytest.raises(ReusedIdError):
        extend(holds, 70, "A1")


def test_two_at_the_same_moment_are_a_conflict(store: Store) -> None:
    """Whoever comes second is told, and the act is there once."""
    holds, _, _ = services(store)
    mine, other = (holds.row(HoldAct.RELEASE, reason=HoldReason.BY_ORDER, author=name) for name in "op")

    def meanwhile(_hold: HoldRow) -> None:
        store.holds.act("asm_T1", other, lambda _: None)

    with pytest.raises(ConflictError, match="same moment"):
        store.holds.act("asm_T1", mine, meanwhile)
    assert [act.author for act in store.holds.get("asm_T1").acts] == ["p"]


def test_only_live_decisions_with_a_hold_have_one(store: Store) -> None:
    """Neither one without, nor a trial."""
    services(store)

    for name in ("asm_T2", "asm_T3", "asm_T9"):
        with pytest.raises(NotFoundError):
            store.holds.get(name)


def test_pages_go_by_state(store: Store) -> None:
    """As of a moment, in the database."""
    holds, _, _ = services(store)
    store.write([record(4, "T4", decided_at_ms=START_MS + 1, hold_s=10_000)])
    release(holds)

    def names(state: str | None, after_s: int) -> list[str]:
        rows = store.holds.page(before=None, limit=9, now_ms=START_MS + 1_000 * after_s, state=state)
        return [row.transfer_id for row in rows]

    assert names(None, 0) == ["T4", "T1"]
    assert (names("released", 0), names("held", 0), names("expired", 0)) == (["T1"], ["T4"], [])
    assert (names("held", 20_000), names("expired", 20_000)) == ([], ["T4"])


def test_acts_are_never_changed(store: Store) -> None:
    """By the database itself."""
    holds, _, _ = services(store)
    release(holds)

    with pytest.raises(DatabaseError, match="never changed"), store.engine.begin() as connection:
        connection.execute(update(hold_act).values(note="other"))


def test_an_act_takes_its_own_reasons(store: Store) -> None:
    """Money is not kept because somebody was verified."""
    holds, _, _ = services(store)

    with pytest.raises(DataError, match="to extend a hold takes the reasons by_order"):
        holds.act("asm_T1", act=HoldAct.EXTEND, reason=HoldReason.VERIFIED_PAYEE, author="o", hold_s=60)
    assert set(REASONS) == set(HoldAct)
    assert set().union(*REASONS.values()) == set(HoldReason)


def test_the_customer_is_told_reason_remedy_and_papers(store: Store) -> None:
    """In both languages."""
    services(store)
    notice = notice_of(store.holds.get("asm_T1"))

    for text, words in ((notice.zh, ("原因", "申诉", "证件")), (notice.en, ("Why:", "appeal", "identity document"))):
        assert all(word in text for word in words)


def test_an_appeal_upheld_releases_at_once(store: Store) -> None:
    """In the same transaction; it is due within fifteen days, and ends once."""
    _, appeals, _ = services(store)
    lodged, _ = appeals.lodge("asm_T1", appellant=Appellant.PAYER, grounds="a deposit", author="bank")
    ended = appeals.end(lodged.appeal.appeal_id, outcome=AppealState.UPHELD, note="genuine", author="lead")
    hold = store.holds.get("asm_T1")

    assert lodged.appeal.due_at_ms - lodged.appeal.received_at_ms == 15 * 86_400_000
    assert ended.end is not None
    assert [(act.act, act.reason_code, act.note) for act in hold.acts] == [
        ("release", "appeal_upheld", lodged.appeal.appeal_id)
    ]
    with pytest.raises(ConflictError, match="is upheld and cannot become rejected"):
        appeals.end(lodged.appeal.appeal_id, outcome=AppealState.REJECTED, note="no", author="lead")


def test_an_appeal_that_comes_late_or_is_rejected_releases_nothing(store: Store) -> None:
    """The hold is as it was; an appeal against one that is over still gets its answer."""
    _, appeals, clock = services(store)
    first, _ = appeals.lodge("asm_T1", appellant=Appellant.PAYEE, grounds="my shop", author="bank", appeal_id="A1")
    appeals.end("A1", outcome=AppealState.REJECTED, note="no proof", author="lead")
    clock.advance(seconds=200)
    appeals.lodge("asm_T1", appellant=Appellant.PAYEE, grounds="proof", author="bank", appeal_id="A2")
    appeals.end("A2", outcome=AppealState.UPHELD, note="genuine", author="lead")

    assert first.appeal.appeal_id == "A1"
    assert store.holds.get("asm_T1").acts == ()


def test_one_appeal_at_a_time(store: Store) -> None:
    """The same one again is the same; another waits until it is decided."""
    _, appeals, _ = services(store)
    plain = {"appellant": Appellant.PAYER, "author": "bank"}

    assert appeals.lodge("asm_T1", grounds="x", appeal_id="A1", **plain)[1] is False  # type: ignore[arg-type]
    assert appeals.lodge("asm_T1", grounds="x", appeal_id="A1", **plain)[1] is True  # type: ignore[arg-type]
    with pytest.raises(ReusedIdError):
        appeals.lodge("asm_T1", grounds="y", appeal_id="A1", **plain)  # type: ignore[arg-type]
    with pytest.raises(ConflictError, match="is open"):
        appeals.lodge("asm_T1", grounds="y", appeal_id="A2", **plain)  # type: ignore[arg-type]


@given(
    acts=st.lists(st.tuples(st.sampled_from(HoldAct), st.integers(0, 400), st.integers(60, 600)), max_size=8),
    hold_s=st.integers(60, 500),
)
def test_no_way_through_the_acts_leaves_the_table(acts: list[tuple[HoldAct, int, int]], hold_s: int) -> None:
    """Whatever is tried when, only what the table allows is done; a hold never outlasts its limit, and a release is the last act."""
    hold = HoldRow(
        seq=1, assessment_id="a", transfer_id="t", intervention="delay_settlement", hold_s=hold_s,
        decided_at_ms=START_MS, reasons="[]", acts=(),
    )  # fmt: skip
    check = HoldService(store=None, clock=FakeClock(), limits=LIMITS).checked  # type: ignore[arg-type]
    now_s = 0
    for act, wait_s, more_s in acts:
        now_s += wait_s
        row = ActRow(
            act_id=f"{len(hold.acts)}", act=act.value, hold_s=more_s if act is HoldAct.EXTEND else None,
            reason_code="by_order", note=None, author="o", at_ms=START_MS + 1_000 * now_s,
        )  # fmt: skip
        allowed = act in ACTS_IN[state_of(hold, START + timedelta(seconds=now_s))]
        try:
            check(row)(hold)
        except ConflictError:
            continue
        assert allowed
        hold = HoldRow(**{
            **{name: getattr(hold, name) for name in HoldRow.__struct_fields__},
            "acts": (*hold.acts, row),
        })
    assert expires_at(hold) - START <= timedelta(seconds=max(LIMITS.total_max_s, hold_s))
    assert [act.act for act in hold.acts[:-1]].count("release") == 0


def test_an_appeal_ends_once() -> None:
    """By the table."""
    assert OUTCOMES_IN[AppealState.OPEN] == {AppealState.UPHELD, AppealState.REJECTED}
    assert not OUTCOMES_IN[AppealState.UPHELD] | OUTCOMES_IN[AppealState.REJECTED]
