"""What becomes known, and when: reports by victims, traces by the police, reviews by the bank.

A finding comes hours or days after its transfer, some after the period has
ended, some never. An honest payment gets one only when it was looked at.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from fraudguard.finding import FindingSource, FindingValue
from fraudguard.simulate.campaigns import CAMPAIGNS
from fraudguard.simulate.orders import Orders, Role
from fraudguard.simulate.rhythm import DAY_MS, HOUR_MS
from fraudguard.simulate.scams import Fraud
from fraudguard.simulate.streams import FloatArray, IntArray
from fraudguard.simulate.world import World

__all__ = ["find"]

_TRACED: Final = {1: 0.75, 2: 0.55}
_REVIEWED_PER_TRANSFER: Final = 0.0006
_UNUSUAL: Final = 8.0
_DISPUTED: Final = 0.15
_COLUMNS: Final = ("row", "finding", "source", "scam_type", "loss_fen", "event_ms", "received_ms")


@dataclass(frozen=True, slots=True)
class _Ledgered:
    """Transfers with what the makers of findings ask of them."""

    rows: Orders
    report_ms: IntArray
    campaign: IntArray


def find(world: World, rows: Orders, transfer_ids: list[str], *, fraud: Fraud) -> pd.DataFrame:
    """Draw the findings.

    Parameters
    ----------
    world : World
        The stage.
    rows : structured ndarray
        Transfers, in log order.
    transfer_ids : list of str
        Their ids.
    fraud : Fraud
        The cases behind them.

    Returns
    -------
    DataFrame
        In order of `received_at`.
    """
    rng = world.stream("findings")
    seen = _Ledgered(
        rows,
        np.array([case.report_ms for case in fraud.cases], np.int64)[rows["case"]],
        np.array([case.campaign for case in fraud.cases], np.int64)[rows["case"]],
    )
    found = pd.concat([_reports(rng, seen), _traces(rng, seen), _reviews(world, rng, rows)], ignore_index=True)
    found = found.sort_values(["received_ms", "row"], kind="stable", ignore_index=True)
    found["event_ms"] = np.maximum(found["event_ms"], rows["time_ms"][found["row"]] + 1)
    found["received_ms"] = np.maximum(found["received_ms"], found["event_ms"])
    found = found.sort_values(["received_ms", "row"], kind="stable", ignore_index=True)
    return pd.DataFrame({
        "finding_id": pd.Series([f"F{number:08d}" for number in range(1, len(found) + 1)], dtype="str"),
        "transfer_id": pd.Series([transfer_ids[row] for row in found["row"]], dtype="str"),
        "finding": found["finding"].astype("str"),
        "scam_type": found["scam_type"].astype("str"),
        "source": found["source"].astype("str"),
        "event_time": pd.to_datetime(found["event_ms"], unit="ms", utc=True).astype("datetime64[ms, UTC]"),
        "received_at": pd.to_datetime(found["received_ms"], unit="ms", utc=True).astype("datetime64[ms, UTC]"),
        "loss_fen": found["loss_fen"].astype("Int64"),
    })


def _table(**columns: object) -> pd.DataFrame:
    return pd.DataFrame({name: columns[name] for name in _COLUMNS})


def _reports(rng: np.random.Generator, seen: _Ledgered) -> pd.DataFrame:
    """Victims report all payments of their case at once; the bank learns of it a little later."""
    rows = seen.rows
    place = np.flatnonzero((rows["role"] == Role.VICTIM) & (seen.report_ms >= 0))
    passing_on_ms = rng.lognormal(np.log(25 * 60_000), 0.8, int(rows["case"].max(initial=0)) + 1).astype(np.int64)
    reported = seen.report_ms[place]
    return _table(
        row=place, finding=FindingValue.VICTIM_TRANSFER.value, source=FindingSource.VICTIM_REPORT.value,
        scam_type=[CAMPAIGNS[kind].scam_type.value for kind in seen.campaign[place]],
        loss_fen=pd.array(rows["amount_fen"][place], dtype="Int64"), event_ms=reported,
        received_ms=reported + passing_on_ms[rows["case"][place]],
    )  # fmt: skip


def _traces(rng: np.random.Generator, seen: _Ledgered) -> pd.DataFrame:
    """Trace some of the money on, hours after the report."""
    rows = seen.rows
    reported = (rows["role"] == Role.MULE) & (rows["case"] >= 0) & (seen.report_ms >= 0)
    chance = np.array([0.4, _TRACED[1], _TRACED[2]])[rows["hop"]]
    place = np.flatnonzero(reported & (rng.random(len(rows)) < chance))
    traced = seen.report_ms[place] + rng.lognormal(np.log(9 * HOUR_MS), 0.9, len(place)).astype(np.int64)
    return _table(
        row=place, finding=FindingValue.MULE_MOVEMENT.value, source=FindingSource.POLICE_CASE.value,
        scam_type=[CAMPAIGNS[kind].scam_type.value for kind in seen.campaign[place]],
        loss_fen=pd.array([pd.NA] * len(place), dtype="Int64"), event_ms=traced,
        received_ms=traced + rng.integers(600_000, 6 * HOUR_MS, len(place)),
    )  # fmt: skip


def _reviews(world: World, rng: np.random.Generator, rows: Orders) -> pd.DataFrame:
    """Look at a sample of honest payments, unusual and large ones first; a few are civil disputes."""
    honest = np.flatnonzero(rows["role"] == Role.ORDINARY)
    weights: FloatArray = np.sqrt(rows["amount_fen"][honest]) * np.where(rows["scenario"][honest] >= 0, _UNUSUAL, 1.0)
    deep = np.isin(rows["payer"][honest], world.places.deep)
    weights = np.where(deep, 0, weights)
    size = max(3, int(len(rows) * _REVIEWED_PER_TRANSFER))
    place = rng.choice(honest, size, replace=False, p=weights / weights.sum())
    reviewed = rows["time_ms"][place] + rng.lognormal(np.log(1.5 * DAY_MS), 0.8, size).astype(np.int64)
    disputed = rng.random(size) < _DISPUTED
    return _table(
        row=place,
        finding=np.where(disputed, FindingValue.CIVIL_DISPUTE.value, FindingValue.GENUINE.value),
        source=np.where(disputed, FindingSource.BANK_CONFIRMED.value, FindingSource.SAMPLED_REVIEW.value),
        scam_type=pd.array([pd.NA] * size, dtype="str"), loss_fen=pd.array([pd.NA] * size, dtype="Int64"),
        event_ms=reviewed, received_ms=reviewed + rng.integers(60_000, 4 * HOUR_MS, size),
    )  # fmt: skip
