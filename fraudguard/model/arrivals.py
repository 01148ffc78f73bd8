"""What arrives beside the features: transfers a day, findings of each source, signals of each source."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from fraudguard.features.known import SOURCE_OF
from fraudguard.finding import FindingSource, FindingValue
from fraudguard.model.weeks import Weeks
from fraudguard.signal import SignalSource, SignalType

__all__ = ["FINDING_KINDS", "daily_counts", "finding_counts", "heard_days", "signal_sources"]

FINDING_KINDS: Final = ("adverse", "cleared", "reversal")
"""What the findings of a source are counted as: fraud; none; and, whatever it says, one that supersedes another."""

_ADVERSE: Final = (str(FindingValue.VICTIM_TRANSFER), str(FindingValue.MULE_MOVEMENT))
_CLEARED: Final = (str(FindingValue.GENUINE), str(FindingValue.CIVIL_DISPUTE))
_HEARD: Final = timedelta(days=7)


def daily_counts(times: "pd.Series[pd.Timestamp]", weeks: Weeks) -> NDArray[np.int64]:
    """Return how many moments are in each day of the weeks.

    Parameters
    ----------
    times : Series of Timestamp
        Aware.
    weeks : Weeks
        Whose days.

    Returns
    -------
    ndarray of int64, shape (n_days,)
        A day without any is 0.
    """
    ends = _ms([weeks.edges[0], *weeks.days_ends])
    return np.diff(np.searchsorted(np.sort(_values(times)), ends)).astype(np.int64)


def finding_counts(findings: pd.DataFrame, weeks: Weeks) -> dict[tuple[str, str], NDArray[np.int64]]:
    """Return how many findings of each source and kind were received in each week.

    Parameters
    ----------
    findings : DataFrame
        In any order; empty is fine.
    weeks : Weeks
        Whose weeks.

    Returns
    -------
    dict of (str, str) to ndarray of int64, shape (n_weeks,)
        By source and a word of `FINDING_KINDS`; a finding without a source counts as ``imported``. Only pairs that occur.
    """
    if findings.empty:
        return {}
    week = weeks.of(findings["received_at"])
    source = findings["source"].fillna(str(FindingSource.IMPORTED)).astype(str)
    said = findings["finding"].astype(str)
    kinds = {
        "adverse": said.isin(_ADVERSE).to_numpy(),
        "cleared": said.isin(_CLEARED).to_numpy(),
        "reversal": findings["supersedes"].notna().to_numpy(),
    }
    counted = {
        (name, kind): np.bincount(week[rows & (source == name).to_numpy() & (week >= 0)], minlength=len(weeks))
        for name in sorted(source.unique())
        for kind, rows in kinds.items()
    }
    return {pair: counts.astype(np.int64) for pair, counts in counted.items() if counts.any()}


def heard_days(signals: pd.DataFrame, day_ends: Sequence[datetime]) -> dict[str, NDArray[np.bool_]]:
    """Return whether each source of signals was heard within the seven days before the end of each day.

    Parameters
    ----------
    signals : DataFrame
        In any order; empty is fine.
    day_ends : sequence of datetime
        Ascending.

    Returns
    -------
    dict of str to ndarray of bool, shape (n_days,)
        One for every `SignalSource`.
    """
    ends, source = _ms(day_ends), signal_sources(signals)
    if signals.empty:
        return {str(name): np.zeros(len(ends), dtype=bool) for name in SignalSource}
    heard: dict[str, NDArray[np.bool_]] = {}
    for name in SignalSource:
        received = np.sort(_values(signals.loc[(source == str(name)).to_numpy(), "received_at"]))
        before = np.searchsorted(received, ends) - np.searchsorted(received, ends - np.timedelta64(_HEARD))
        heard[str(name)] = before > 0
    return heard


def signal_sources(signals: pd.DataFrame) -> "pd.Series[str]":
    """Return the source of each signal: the one it states, or that of its kind.

    Parameters
    ----------
    signals : DataFrame
        In any order; empty is fine.

    Returns
    -------
    Series of str
        In the order of `signals`.
    """
    if signals.empty:
        return pd.Series(dtype="str")
    usual = signals["signal_type"].map({str(kind): str(SOURCE_OF[kind]) for kind in SignalType})
    stated = signals["source"] if "source" in signals else pd.Series(None, index=signals.index, dtype="str")
    return stated.fillna(usual).astype("str")


def _values(times: "pd.Series[pd.Timestamp]") -> NDArray[np.datetime64]:
    return times.to_numpy(dtype="datetime64[ms]")


def _ms(moments: Sequence[datetime]) -> NDArray[np.datetime64]:
    stamps = pd.DatetimeIndex([pd.Timestamp(moment).tz_convert("UTC") for moment in moments])
    return stamps.tz_localize(None).to_numpy(dtype="datetime64[ms]") if len(stamps) else np.array([], "datetime64[ms]")
