"""Train, validate and test on three windows of time, in that order.

Rows of training and validation carry labels known at ``as_of``, the moment
the model would have been built; the test window begins there. Validation ends
one label maturity before it, so that what nobody reported can count as genuine.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from fraudguard.errors import DefinitionError

__all__ = ["SplitOptions", "TimeSplit", "split_for"]

_TEST_SHARE: Final = 0.25
_VALID_SHARE: Final = 0.3
_INSTANT_DAYS: Final = 1e-9
_DAYS_MAX: Final = 36_525
_JUST_AFTER: Final = timedelta(milliseconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeSplit:
    """Three windows of time: each begins in itself and ends before its end.

    Training is ``[train_from, valid_from - gap)``, validation
    ``[valid_until - valid_days, valid_until)`` and test ``[as_of, test_until)``.

    Parameters
    ----------
    as_of : datetime
        When the model would have been built; labels known later are not used to build it.
    maturity : timedelta
        How long after a transfer the absence of a finding means genuine.
    valid_days : float
        Length of the validation window, days.
    gap : timedelta or None
        Between training and validation; as long as `maturity` when None.
    train_from : datetime or None
        First moment of training; the beginning of the data when None.
    valid_until : datetime or None
        End of validation; ``as_of - maturity`` when None.
    test_until : datetime or None
        End of the test; the end of the data when None.

    Raises
    ------
    DefinitionError
        If a moment has no zone, a length is negative, or the windows overlap.
    """

    as_of: datetime
    maturity: timedelta
    valid_days: float
    gap: timedelta | None = None
    train_from: datetime | None = None
    valid_until: datetime | None = None
    test_until: datetime | None = None

    def __post_init__(self) -> None:
        self._require_zones()
        if self.maturity < timedelta(0) or self.valid_days <= 0 or (self.gap or timedelta(0)) < timedelta(0):
            raise DefinitionError(
                f"maturity {self.maturity}, gap {self.gap} must not be negative and valid_days {self.valid_days} positive",
                f"成熟期 {self.maturity}、间隔 {self.gap} 不能为负，验证天数 {self.valid_days} 须为正",
            )
        moments = [self.train_from or self.train_until, self.train_until, self.valid_from, self.valid_end, self.as_of]
        if self.test_until is not None:
            moments.append(self.test_until)
        if moments != sorted(moments):
            raise DefinitionError(
                f"the windows overlap: train {self.train_from} to {self.train_until}, validate {self.valid_from} to "
                f"{self.valid_end}, test {self.as_of} to {self.test_until}; move as_of or shorten a window",
                f"时间窗重叠：训练 {self.train_from} 至 {self.train_until}，验证 {self.valid_from} 至 {self.valid_end}，"
                f"测试 {self.as_of} 至 {self.test_until}；请移动 as_of 或缩短时间窗",
            )

    @property
    def valid_end(self) -> datetime:
        """First moment after validation."""
        return self.valid_until or self.as_of - self.maturity

    @property
    def valid_from(self) -> datetime:
        """First moment of validation."""
        return self.valid_end - timedelta(days=self.valid_days)

    @property
    def train_until(self) -> datetime:
        """First moment after training."""
        return self.valid_from - (self.maturity if self.gap is None else self.gap)

    def is_train(self, event_time: "pd.Series[pd.Timestamp]") -> NDArray[np.bool_]:
        """Return which rows are in the training window."""
        return _within(event_time, self.train_from, self.train_until)

    def is_valid(self, event_time: "pd.Series[pd.Timestamp]") -> NDArray[np.bool_]:
        """Return which rows are in the validation window."""
        return _within(event_time, self.valid_from, self.valid_end)

    def is_test(self, event_time: "pd.Series[pd.Timestamp]") -> NDArray[np.bool_]:
        """Return which rows are in the test window."""
        return _within(event_time, self.as_of, self.test_until)

    def to_dict(self) -> dict[str, Any]:
        """Return the windows as plain values for a manifest."""
        return {
            "as_of": self.as_of.isoformat(),
            "maturity_s": self.maturity.total_seconds(),
            "train": [_text(self.train_from), _text(self.train_until)],
            "valid": [_text(self.valid_from), _text(self.valid_end)],
            "test": [_text(self.as_of), _text(self.test_until)],
        }

    def _require_zones(self) -> None:
        moments = (self.as_of, self.train_from, self.valid_until, self.test_until)
        if any(moment is not None and moment.tzinfo is None for moment in moments):
            raise DefinitionError(
                f"a time of the split has no zone: {moments}; write +08:00 or Z",
                f"划分中的时间没有时区：{moments}；请带 +08:00 或 Z",
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class SplitOptions:
    """What an analyst may choose of a split; None leaves it to the period of the data.

    Parameters
    ----------
    as_of : datetime or None
        When the model would have been built; the test begins there.
    train_from, valid_until, test_until : datetime or None
        Other edges of the windows.
    valid_days, maturity_days, gap_days : float or None
        Lengths, days.
    """

    as_of: datetime | None = None
    train_from: datetime | None = None
    valid_until: datetime | None = None
    test_until: datetime | None = None
    valid_days: float | None = None
    maturity_days: float | None = None
    gap_days: float | None = None


def split_for(
    period: tuple[datetime, datetime], known_until: datetime, *, maturity_days: float, options: SplitOptions
) -> TimeSplit:
    """Return the split that was chosen, with sensible windows for what was not.

    Of the time that is neither immature at the end nor waiting for labels before the test, half
    trains, a quarter validates and a quarter tests. The gap before validation is
    one maturity, or a quarter of the time before validation where that is shorter.

    Parameters
    ----------
    period : tuple of two datetime
        First and last transfer.
    known_until : datetime
        Until when findings can have come in; transfers younger than the maturity by then are not tested.
    maturity_days : float
        How long after a transfer the absence of a finding means genuine, unless `options` says otherwise.
    options : SplitOptions
        What was chosen.

    Returns
    -------
    TimeSplit
        Its windows follow each other.

    Raises
    ------
    DefinitionError
        If the period is too short for the maturity, or the choices contradict each other.
    """
    _require_lengths(options)
    maturity = timedelta(days=maturity_days if options.maturity_days is None else options.maturity_days)
    begin = options.train_from or period[0]
    test_until = options.test_until or min(known_until - maturity, period[1]) + _JUST_AFTER
    usable = test_until - begin - maturity
    if usable <= timedelta(0):
        raise DefinitionError(
            f"labels mature after {maturity}, the data hold {period[1] - begin}: nothing is left to test; "
            f"bring more data or give a shorter maturity (--maturity-days)",
            f"标签成熟期为 {maturity}，数据仅有 {period[1] - begin}，没有可测试的时段；请提供更长的数据或缩短成熟期（--maturity-days）",
        )
    as_of = options.as_of or test_until - usable * _TEST_SHARE
    valid_end = options.valid_until or as_of - maturity
    chosen = options.valid_days
    valid_days = (
        chosen if chosen is not None else max((valid_end - begin) * _VALID_SHARE / timedelta(days=1), _INSTANT_DAYS)
    )
    before = max(valid_end - timedelta(days=valid_days) - begin, timedelta(0))
    return TimeSplit(
        as_of=as_of,
        maturity=maturity,
        valid_days=valid_days,
        gap=min(maturity, before / 4) if options.gap_days is None else timedelta(days=options.gap_days),
        train_from=options.train_from,
        valid_until=options.valid_until,
        test_until=test_until if options.test_until or test_until > as_of else None,
    )


def _require_lengths(options: SplitOptions) -> None:
    # No period of data is as long, and a timedelta would overflow.
    for name in ("valid_days", "maturity_days", "gap_days"):
        days: float | None = getattr(options, name)
        if days is not None and not 0 <= days <= _DAYS_MAX:
            raise DefinitionError(
                f"{name} is {days:g}; give a number from 0 to {_DAYS_MAX:,}",
                f"{name} 为 {days:g}；请给 0 到 {_DAYS_MAX:,} 的数",
            )


def _within(event_time: "pd.Series[pd.Timestamp]", begin: datetime | None, end: datetime | None) -> NDArray[np.bool_]:
    inside = np.ones(len(event_time), dtype=bool)
    if begin is not None:
        inside &= (event_time >= pd.Timestamp(begin)).to_numpy()
    if end is not None:
        inside &= (event_time < pd.Timestamp(end)).to_numpy()
    return inside


def _text(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()
