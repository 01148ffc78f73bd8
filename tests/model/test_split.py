"""Windows of time."""

from datetime import UTC, datetime, timedelta

import pandas as pd
import pytest

from fraudguard.errors import DefinitionError
from fraudguard.model.split import SplitOptions, TimeSplit, split_for


def day(month: int, number: int) -> datetime:
    """Return a day of 2018 in UTC."""
    return datetime(2018, month, number, tzinfo=UTC)


HANDBOOK = TimeSplit(
    as_of=day(8, 15), maturity=timedelta(days=7), valid_days=7, train_from=day(6, 1), test_until=day(9, 12)
)


def test_published_windows_can_be_said() -> None:
    """Validation ends a maturity before the test, training a gap before validation."""
    assert (HANDBOOK.train_until, HANDBOOK.valid_from, HANDBOOK.valid_end) == (day(7, 25), day(8, 1), day(8, 8))


def test_validation_may_be_placed() -> None:
    """A validation window that is fixed elsewhere is taken as it is."""
    split = TimeSplit(
        as_of=day(4, 18), maturity=timedelta(days=7), valid_days=12, valid_until=day(4, 12), gap=timedelta(days=7)
    )

    assert (split.train_until, split.valid_from) == (day(3, 24), day(3, 31))


def test_windows_begin_in_and_end_before() -> None:
    """A window holds its first moment and not its last."""
    edges = [day(5, 31), day(6, 1), day(7, 24), day(7, 25), day(8, 1), day(8, 7), day(8, 8), day(8, 15), day(9, 12)]
    times = pd.Series(pd.to_datetime(edges))

    rows = {"train": HANDBOOK.is_train(times), "valid": HANDBOOK.is_valid(times), "test": HANDBOOK.is_test(times)}

    assert {name: inside.nonzero()[0].tolist() for name, inside in rows.items()} == {
        "train": [1, 2],
        "valid": [4, 5],
        "test": [7],
    }


@pytest.mark.parametrize(
    "wrong",
    [
        {"as_of": datetime(2018, 8, 15)},  # noqa: DTZ001  # a moment without a zone is the case
        {"valid_days": 0},
        {"maturity": timedelta(days=-1)},
        {"gap": timedelta(days=-1)},
        {"train_from": day(7, 26)},
        {"valid_until": day(8, 16)},
        {"test_until": day(8, 14)},
    ],
)
def test_wrong_split_is_refused(wrong: dict[str, object]) -> None:
    """Windows that overlap or moments without a zone cannot be built."""
    right = {"as_of": day(8, 15), "maturity": timedelta(days=7), "valid_days": 7}

    with pytest.raises(DefinitionError):
        TimeSplit(**{**right, **wrong})  # type: ignore[arg-type]


@pytest.mark.parametrize("n_days", [16, 30, 60, 365])
@pytest.mark.parametrize("known_days", [0, 7, 90])
def test_default_windows_fit_any_period(n_days: int, known_days: int) -> None:
    """Left open, the windows follow each other and the test is mature."""
    period = (day(1, 1), day(1, 1) + timedelta(days=n_days))
    known = period[1] + timedelta(days=known_days)

    split = split_for(period, known, maturity_days=7, options=SplitOptions())

    assert split.test_until is not None
    assert period[0] < split.train_until <= split.valid_from < split.valid_end < split.as_of < split.test_until
    assert split.test_until <= min(known - timedelta(days=7), period[1]) + timedelta(milliseconds=1)


def test_choices_are_kept() -> None:
    """What was chosen stands; the rest is filled around it."""
    options = SplitOptions(as_of=day(8, 15), train_from=day(6, 1), valid_days=7, gap_days=7, test_until=day(9, 12))

    split = split_for((day(4, 1), day(9, 30)), day(10, 7), maturity_days=7, options=options)

    assert (split.train_until, split.valid_from) == (HANDBOOK.train_until, HANDBOOK.valid_from)


def test_too_short_a_period_names_the_mend() -> None:
    """When labels take longer than the data last, the error says what to do."""
    with pytest.raises(DefinitionError, match="--maturity-days"):
        split_for((day(1, 1), day(1, 20)), day(1, 20), maturity_days=30, options=SplitOptions())


def test_manifest_carries_the_windows() -> None:
    """The windows are told as text."""
    told = HANDBOOK.to_dict()

    assert told["test"] == ["2018-08-15T00:00:00+00:00", "2018-09-12T00:00:00+00:00"]


@pytest.mark.parametrize("days", [float("inf"), float("nan"), 1e30, -1.0])
@pytest.mark.parametrize("name", ["valid_days", "maturity_days", "gap_days"])
def test_impossible_length_is_refused(name: str, days: float) -> None:
    """A length no data have is named, and overflows nothing."""
    with pytest.raises(DefinitionError, match=name):
        split_for((day(1, 1), day(3, 1)), day(3, 1), maturity_days=7, options=SplitOptions(**{name: days}))  # type: ignore[arg-type]  # a length, never a moment


def test_no_validation_is_not_taken_for_a_default() -> None:
    """A validation of zero days is a choice, and refused."""
    with pytest.raises(DefinitionError, match="valid_days"):
        split_for((day(1, 1), day(3, 1)), day(3, 1), maturity_days=7, options=SplitOptions(valid_days=0))
