"""How long reports take: the delay of each scam type, from findings known so far.

What is known at a moment over-represents short delays, since the long ones have not come in. The
distribution is therefore estimated for right-truncated delays, and says what share of a type's final reports is known
after so many days.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from fraudguard.errors import DataError
from fraudguard.model.labelling import label_provenance

__all__ = ["POOLED", "DelayCurve", "Maturity", "delay_curve", "estimate_maturity"]

POOLED: Final = "all"
_LEAST: Final = 20
_DAY_NS: Final = 86_400_000_000_000


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class DelayCurve:
    """The distribution of reporting delays of one scam type.

    Parameters
    ----------
    n : int
        Reports it was estimated from.
    delay_d : ndarray of float64, shape (n_steps,)
        Distinct delays in days, ascending.
    known : ndarray of float64, shape (n_steps,)
        Share of the reports that have come in by then, of those that come within the longest time looked back; the last is 1.
    """

    n: int
    delay_d: NDArray[np.float64]
    known: NDArray[np.float64]

    def known_share(self, age_d: ArrayLike) -> NDArray[np.float64]:
        """Return the share of final reports known at an age in days, in [0, 1]."""
        place = np.searchsorted(self.delay_d, np.asarray(age_d, dtype=np.float64), side="right")
        return np.concatenate([[0.0], self.known])[place]

    def quantile_d(self, share: float) -> float:
        """Return the days after which a share of the reports has come in."""
        return float(self.delay_d[int(np.searchsorted(self.known, share - 1e-12, side="left"))])


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Maturity:
    """The delay curves of the scam types, as known at a moment.

    Parameters
    ----------
    as_of : datetime
        Reports received later were not looked at.
    curves : Mapping of str to DelayCurve
        By scam type; ``all`` is the curve of them together.
    """

    as_of: datetime
    curves: Mapping[str, DelayCurve]

    def __repr__(self) -> str:
        pooled = self.curves[POOLED]
        return f"Maturity({pooled.n} reports, half after {pooled.quantile_d(0.5):.1f} d, 95 % after {pooled.quantile_d(0.95):.1f} d)"

    def curve(self, scam_type: str = POOLED) -> DelayCurve:
        """Return the curve of a scam type; that of all where it has fewer than 20 reports."""
        own = self.curves.get(scam_type)
        return self.curves[POOLED] if own is None or own.n < _LEAST else own

    def to_frame(self) -> pd.DataFrame:
        """Return one row a scam type: reports, and days until half, 90 % and 95 % have come in."""
        rows = {
            name: {
                "n_reports": curve.n,
                "median_d": curve.quantile_d(0.5),
                "p90_d": curve.quantile_d(0.9),
                "maturity_d": curve.quantile_d(0.95),
            }
            for name, curve in self.curves.items()
        }
        return pd.DataFrame.from_dict(rows, orient="index").rename_axis("scam_type")


def estimate_maturity(
    transfers: pd.DataFrame, findings: pd.DataFrame, *, as_of: datetime, target: tuple[str, ...] = ("victim_transfer",)
) -> Maturity:
    """Return how long reports take, of each scam type, from what was known at a moment.

    Parameters
    ----------
    transfers : DataFrame
        With ``transfer_id`` and ``event_time``.
    findings : DataFrame
        Findings in any order.
    as_of : datetime
        Findings received later are not looked at.
    target : tuple of str
        The findings that count as a report.

    Returns
    -------
    Maturity
        A curve for each scam type named, and one for all.

    Raises
    ------
    DataError
        If no finding of the target is known.
    """
    known = label_provenance(transfers, findings, as_of=as_of)
    reports = known[known["finding"].isin(target)]
    if reports.empty:
        raise DataError(
            f"no {' or '.join(target)} finding on these transfers was known at {as_of}; there is no delay to estimate",
            f"截至 {as_of}，这些转账没有 {'、'.join(target)} 结论，无从估计报案延迟",
        )
    delay_d = _days(reports["first_received_at"] - reports["event_time"])
    limit_d = _days(pd.Timestamp(as_of) - reports["event_time"])
    named = reports["scam_type"] if "scam_type" in reports else pd.Series("unknown", index=reports.index)
    kinds = named.fillna("unknown").to_numpy()
    curves = {POOLED: delay_curve(delay_d, limit_d)}
    for kind in sorted(set(kinds)):
        chosen = kinds == kind
        curves[str(kind)] = delay_curve(delay_d[chosen], limit_d[chosen])
    return Maturity(as_of=as_of, curves=curves)


def delay_curve(delay_d: NDArray[np.float64], limit_d: NDArray[np.float64]) -> DelayCurve:
    """Return the distribution of delays of which only those below a limit could be seen.

    The product-limit estimator for right-truncated data: going down from the longest delay, the
    share of reports that came in no later than *x* falls at each observed delay by the part that this delay has among the reports
    which could have shown it.

    Parameters
    ----------
    delay_d : ndarray of float64, shape (n_reports,)
        Delays in days, each within its limit.
    limit_d : ndarray of float64, shape (n_reports,)
        For each report the longest delay that could have been seen.

    Returns
    -------
    DelayCurve
        Without truncation it is the plain empirical distribution.

    References
    ----------
    .. [1] Lagakos, Barraj, De Gruttola, *Nonparametric analysis of truncated survival data, with application to AIDS*,
       Biometrika 75 (1988).

    Examples
    --------
    >>> curve = delay_curve(np.array([1.0, 2.0, 4.0]), np.array([9.0, 9.0, 9.0]))
    >>> curve.known_share([0, 1, 3, 4]).round(3)
    array([0.   , 0.333, 0.667, 1.   ])
    """
    steps, happened = np.unique(delay_d, return_counts=True)
    # At risk of a step: reports that came in by then, and whose limit had let it be seen.
    came = np.searchsorted(np.sort(delay_d), steps, side="right")
    out_of_sight = np.searchsorted(np.sort(limit_d), steps, side="left")
    stays = 1.0 - happened / np.maximum(came - out_of_sight, happened)
    # F(step i) is the product over all later steps of the share that stays below them.
    known = np.append(np.cumprod(stays[:0:-1])[::-1], 1.0)
    return DelayCurve(n=len(delay_d), delay_d=steps, known=known)


def _days(lengths: "pd.Series[pd.Timedelta]") -> NDArray[np.float64]:
    nanoseconds = lengths.to_numpy().astype("timedelta64[ns]").astype(np.int64)
    return np.maximum(nanoseconds / _DAY_NS, 0.0)
