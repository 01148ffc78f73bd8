"""What a desk can work, what it assumes, and the queue of its shifts."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fraudguard.decision import Intervention, Tier
from fraudguard.errors import DefinitionError, NotFoundError
from fraudguard.model.capacity import DeskCapacity
from fraudguard.model.costs import PlanCosts, parse_costs, read_costs
from fraudguard.model.gains import LADDER, expected_gain, persuades, review_fen, saved_share
from fraudguard.model.shift_queue import ArrivedAlerts, work_alerts

DESK = DeskCapacity(officers=2, shifts=2, shift_hours=8, first_hour=8, calls_per_shift=30, visits_per_shift=5)


def test_work_is_told_in_minutes_of_an_officer() -> None:
    """A call takes a thirtieth of a shift, a visit a fifth; graver tiers take both."""
    assert (DESK.call_min, DESK.visit_min) == (16, 96)
    assert [DESK.minutes_of(tier) for tier in Tier] == [112, 112, 16, 16]
    assert (DESK.minutes_per_day, DESK.planned_per_day, DESK.hours_off_duty) == (1_920, 1_536, 8)
    assert DESK.alerts_per_day(Tier.LOW) == 96
    assert DESK.alerts_per_day(Tier.LOW, taken_min=2_000) == 0


def test_nobody_is_on_duty_between_the_shifts() -> None:
    """Two shifts from eight end at midnight; who comes at one waits until eight."""
    waits = DESK.off_duty_wait_min(np.array([0.0, 60.0, 479.0, 480.0, 1_439.0, 1_440.0 + 60.0]))

    assert waits.tolist() == [480, 420, 1, 0, 0, 420]


def test_a_night_shift_goes_on_after_midnight() -> None:
    """Of a shift that began the day before, what is left stands at the front; the last one ends with the days."""
    night = DeskCapacity(officers=1, shifts=1, shift_hours=8, first_hour=22)

    assert list(night.shifts_of(2)) == [(0, 360), (1_320, 1_800), (2_760, 2_880)]


@pytest.mark.parametrize(
    "wrong",
    [
        {"officers": 0},
        {"shifts": 4},
        {"shift_hours": 0},
        {"first_hour": 24},
        {"calls_per_shift": 0},
        {"visits_per_shift": -1},
        {"fill": 1.1},
        {"fill": float("nan")},
        {"targets_min": {Tier.LOW: 5}},
    ],
    ids=lambda wrong: next(iter(wrong)),
)
def test_impossible_desk_is_refused(wrong: dict[str, object]) -> None:
    """Officers, shifts and targets are numbers of a real day."""
    with pytest.raises(DefinitionError):
        DeskCapacity(**{"officers": 1, **wrong})  # type: ignore[arg-type]


def test_costs_of_a_file_replace_the_defaults(tmp_path: Path) -> None:
    """What the file leaves out keeps its default, also within a table."""
    path = tmp_path / "costs.toml"
    path.write_text("call_fen = 2000\n[friction_fen]\ndelay_settlement = 5000\n")

    costs = read_costs(path)

    assert (costs.call_fen, costs.visit_fen) == (2_000, PlanCosts().visit_fen)
    assert costs.friction_fen[Intervention.DELAY_SETTLEMENT] == 5_000
    assert costs.friction_fen[Intervention.REMIND] == PlanCosts().friction_fen[Intervention.REMIND]
    assert parse_costs("", source="nothing") == PlanCosts()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("call_fen = ", "TOML"),
        ("calls = 1", "unknown key 'calls'"),
        ("friction_fen = 3", "a table"),
        ("[friction_fen]\nfreeze = 3", "friction_fen.freeze"),
        ("[friction_fen]\nremind = 'much'", "'much'"),
        ("call_fen = true", "True"),
        ("call_fen = -1", "call_fen is -1"),
        ("call_persuades = 1.5", "from 0 to 1"),
        ("half_life_min = 0", "not 0"),
        ("[stops_alone]\nremind = 2", "stops_alone.remind"),
    ],
)
def test_wrong_costs_are_refused(text: str, said: str) -> None:
    """An error names the key and what stands there."""
    with pytest.raises(DefinitionError, match=said):
        parse_costs(text, source="costs.toml")


def test_missing_costs_are_told() -> None:
    """A file that is not there is no file of defaults."""
    with pytest.raises(NotFoundError, match="no file of costs"):
        read_costs(Path("nowhere.toml"))


def test_costs_are_plain_values() -> None:
    """For JSON, an intervention is its word."""
    assert PlanCosts().to_dict()["pause_min"]["remind"] == 0


def test_a_step_saves_less_the_longer_nobody_is_there() -> None:
    """What a step stops alone stays; what an officer would save is gone in the end."""
    waits = np.array([0.0, 60.0, 600.0, 60_000.0])

    shares = [saved_share(step, waits, capacity=DESK, costs=PlanCosts()) for step in LADDER]

    assert all((np.diff(share) <= 0).all() for share in shares)
    assert [share[-1] for share in shares] == pytest.approx([0.10, 0.15, 0.20, 0.25, 0.30])


def test_no_officer_persuades_nobody() -> None:
    """A reminder costs no work and persuades by itself alone."""
    assert [persuades(step, PlanCosts()) for step in LADDER] == [0, 0.5, 0.5, 0.8, 0.8]
    assert [review_fen(step, PlanCosts()) for step in LADDER] == [0, 1_500, 1_500, 13_500, 13_500]


def test_gain_is_saved_money_less_friction_and_review() -> None:
    """For a certain fraud of 1,000 yuan whose transfer is suspended, and for a certain genuine one."""
    costs = PlanCosts(follows=0, visit_persuades=0.5)
    amount = np.array([100_000.0, 100_000.0])

    gain = expected_gain(
        LADDER[4], score=np.array([1.0, 0.0]), amount_fen=amount, off_duty_min=np.zeros(2), capacity=DESK, costs=costs
    )

    assert gain.tolist() == pytest.approx([100_000 * (1 - 0.7 * 0.5) - 13_500, -10_000 - 13_500])


def alerts(*rows: tuple[float, int, float, float]) -> ArrivedAlerts:
    """Return alerts of (arrived, rank, savable, work)."""
    arrived, rank, savable, work = zip(*rows, strict=True)
    return ArrivedAlerts(
        arrived_min=np.array(arrived, dtype=np.float64),
        rank=np.array(rank, dtype=np.int64),
        savable=np.array(savable, dtype=np.float64),
        work_min=np.array(work, dtype=np.float64),
    )


def test_graver_tiers_go_first_then_larger_sums() -> None:
    """An officer busy until ten takes the urgent alert, then the larger of the low ones, then the smaller."""
    waiting = alerts((0, 3, 1, 10), (1, 3, 5, 10), (2, 3, 9, 10), (3, 0, 1, 10))

    begun = work_alerts(waiting, [(0, 100)], officers=1)

    assert begun.tolist() == [0, 30, 20, 10]


def test_an_officer_finishes_and_the_next_shift_begins_fresh() -> None:
    """Work over the end of a shift is finished in overtime; nobody begins after it, and arrivals wait for the next."""
    waiting = alerts((0, 0, 1, 500), (10, 0, 1, 5), (150, 0, 1, 5))

    begun = work_alerts(waiting, [(0, 100), (200, 300)], officers=1)

    assert begun[:1].tolist() == [0]
    assert begun[1:].tolist() == [200, 205]


def test_what_arrives_after_the_last_shift_waits() -> None:
    """There is no moment at which an officer began."""
    begun = work_alerts(alerts((50, 0, 1, 5), (101, 0, 1, 5)), [(0, 100)], officers=3)

    assert begun[0] == 50
    assert np.isnan(begun[1])


MINUTES = st.integers(0, 3_000)


@given(
    rows=st.lists(st.tuples(MINUTES, st.integers(0, 3), st.integers(0, 9), st.integers(1, 400)), min_size=1),
    officers=st.integers(1, 4),
)
def test_nobody_works_two_alerts_at_once(rows: list[tuple[float, int, float, float]], officers: int) -> None:
    """No alert is begun before it arrives or off duty, and no more are under way in a shift than it has officers."""
    waiting, shifts = alerts(*sorted(rows)), [(480.0, 960.0), (960.0, 1_440.0), (1_920.0, 2_400.0)]

    begun = work_alerts(waiting, shifts, officers=officers)
    done = np.isfinite(begun)

    assert (begun[done] >= waiting.arrived_min[done]).all()
    for begin, end in shifts:
        inside = done & (begun >= begin) & (begun < end)
        under_way = [
            int((inside & (begun <= moment) & (moment < begun + waiting.work_min)).sum()) for moment in begun[inside]
        ]
        assert max(under_way, default=0) <= officers
    assert all(any(begin <= moment < end for begin, end in shifts) for moment in begun[done])


@given(
    rows=st.lists(st.tuples(MINUTES, st.integers(0, 3), st.integers(0, 9), st.integers(1, 400)), min_size=1),
    officers=st.integers(1, 4),
)
def test_nobody_idles_while_an_alert_waits(rows: list[tuple[float, int, float, float]], officers: int) -> None:
    """Whatever waits when the last shift ends had no free officer in it since it arrived."""
    waiting = alerts(*sorted(rows))

    begun = work_alerts(waiting, [(0.0, 3_001.0)], officers=officers)
    left = np.isnan(begun)

    for arrived in waiting.arrived_min[left]:
        busy = ((begun <= arrived) & (begun + waiting.work_min > arrived)).sum()
        assert busy >= officers
