"""What becomes known, and when: reports by victims, traces by the police, reviews by the bank.

A finding comes hours or days after its transfer, some after the period has
ended, some never. An honest payment gets one only when it was looked at.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from fraudguard.finding import FindingSource, FindingValue
from fraudguard.signal import SignalSource, SignalType
from fraudguard.simulate.orders import Orders, Role
from fraudguard.simulate.rhythm import DAY_MS, HOUR_MS, MINUTE_MS
from fraudguard.simulate.signals import Signals, signals
from fraudguard.simulate.streams import FloatArray, IntArray
from fraudguard.simulate.world import Scene

__all__ = ["FINDING", "FINDING_SOURCES", "FINDING_VALUES", "Findings", "Reports", "find", "payee_signals"]

Findings = npt.NDArray[np.void]

FINDING: Final = np.dtype([
    ("received_ms", "i8"),
    ("transfer", "i8"),
    ("time_ms", "i8"),
    ("finding", "i1"),
    ("source", "i1"),
    ("kind", "i4"),
    ("loss_fen", "i8"),
])
FINDING_VALUES: Final = tuple(FindingValue)
FINDING_SOURCES: Final = tuple(FindingSource)

_TRACED: Final = (0.0, 0.75, 0.55, 0.35, 0.2)
_REVIEWED_PER_TRANSFER: Final = 0.0006
_UNUSUAL: Final = 8.0
_DISPUTED: Final = 0.15
_NONE: Final = -1


@dataclass(frozen=True, slots=True)
class Reports:
    """Of each case: index of its scam type, moment of its report (-1 for never), how long the bank waits for it.

    `gang_of` is the gang of each account, -1 for most.
    """

    kind: IntArray
    report_ms: IntArray
    passing_on_ms: IntArray
    gang_of: IntArray


def find(scene: Scene, rows: Orders, first_transfer: int, *, reports: Reports) -> Findings:
    """Draw the findings on the transfers of a block.

    Parameters
    ----------
    scene : Scene
        The block of days.
    rows : structured ndarray
        Its transfers, in log order.
    first_transfer : int
        Number of the first of them.
    reports : Reports
        The cases behind them.

    Returns
    -------
    structured ndarray
        In no order; most are received in later blocks.
    """
    rng = scene.stream("findings")
    parts = [_reported(rows, reports), _traced(rng, rows, reports), _reviewed(scene, rng, rows)]
    found = np.concatenate(parts)
    found["time_ms"] = np.maximum(found["time_ms"], rows["time_ms"][found["transfer"]] + 1)
    found["received_ms"] = np.maximum(found["received_ms"], found["time_ms"])
    found["transfer"] += first_transfer
    return found


def _table(place: IntArray, value: FindingValue, source: FindingSource, **columns: npt.ArrayLike) -> Findings:
    rows = np.zeros(len(place), FINDING)
    codes = {"finding": FINDING_VALUES.index(value), "source": FINDING_SOURCES.index(source)}
    for name, values in ({"transfer": place, "kind": _NONE, "loss_fen": _NONE} | codes | columns).items():
        rows[name] = values
    return rows


def _reported(rows: Orders, reports: Reports) -> Findings:
    """Victims report all payments of their case at once; the bank learns of it a little later."""
    place = np.flatnonzero(rows["role"] == Role.VICTIM)
    place = place[reports.report_ms[rows["case"][place]] >= 0]
    case = rows["case"][place]
    return _table(
        place, FindingValue.VICTIM_TRANSFER, FindingSource.VICTIM_REPORT, kind=reports.kind[case],
        loss_fen=rows["amount_fen"][place], time_ms=reports.report_ms[case],
        received_ms=reports.report_ms[case] + reports.passing_on_ms[case],
    )  # fmt: skip


def _traced(rng: np.random.Generator, rows: Orders, reports: Reports) -> Findings:
    """Trace some of the money on, hours after the report: from account to account, not to a cash machine or a victim."""
    place = np.flatnonzero((rows["role"] == Role.MULE) & (rows["case"] >= 0) & (reports.gang_of[rows["payee"]] >= 0))
    place = place[reports.report_ms[rows["case"][place]] >= 0]
    place = place[rng.random(len(place)) < np.array(_TRACED)[rows["hop"][place]]]
    case = rows["case"][place]
    traced = reports.report_ms[case] + rng.lognormal(np.log(9 * HOUR_MS), 0.9, len(place)).astype(np.int64)
    return _table(
        place, FindingValue.MULE_MOVEMENT, FindingSource.POLICE_CASE, kind=reports.kind[case], time_ms=traced,
        received_ms=traced + rng.integers(10 * MINUTE_MS, 6 * HOUR_MS, len(place)),
    )  # fmt: skip


def _reviewed(scene: Scene, rng: np.random.Generator, rows: Orders) -> Findings:
    """Look at a sample of honest payments, unusual and large ones first; a few are civil disputes."""
    honest = np.flatnonzero((rows["role"] == Role.ORDINARY) & ~np.isin(rows["payer"], scene.places.deep))
    weights: FloatArray = np.sqrt(rows["amount_fen"][honest]) * np.where(rows["scenario"][honest] >= 0, _UNUSUAL, 1.0)
    size = min(len(honest), int(rng.poisson(len(rows) * _REVIEWED_PER_TRANSFER)))
    place = rng.choice(honest, size, replace=False, p=weights / weights.sum()) if size else honest[:0]
    reviewed = rows["time_ms"][place] + rng.lognormal(np.log(1.5 * DAY_MS), 0.8, size).astype(np.int64)
    disputed = rng.random(size) < _DISPUTED
    found = _table(
        place, FindingValue.GENUINE, FindingSource.SAMPLED_REVIEW, time_ms=reviewed,
        received_ms=reviewed + rng.integers(MINUTE_MS, 4 * HOUR_MS, size),
    )  # fmt: skip
    found["finding"] = np.where(disputed, FINDING_VALUES.index(FindingValue.CIVIL_DISPUTE), found["finding"])
    found["source"] = np.where(disputed, FINDING_SOURCES.index(FindingSource.BANK_CONFIRMED), found["source"])
    return found


def payee_signals(rng: np.random.Generator, blocked: IntArray, blocked_ms: IntArray) -> Signals:
    """Return what the police tell the bank of accounts traced after a report: half are named before they are stopped."""
    named = rng.random(len(blocked)) < 0.5
    before_ms = rng.integers(10 * MINUTE_MS, 2 * HOUR_MS, len(blocked))
    reported = signals(
        rng, SignalType.PAYEE_REPORTED_BY_OTHER_VICTIM, SignalSource.POLICE,
        time_ms=(blocked_ms - before_ms)[named], account=blocked[named],
    )  # fmt: skip
    stopped = signals(rng, SignalType.PAYEE_STOP_REQUEST, SignalSource.POLICE, time_ms=blocked_ms, account=blocked)
    return np.concatenate([reported, stopped])
