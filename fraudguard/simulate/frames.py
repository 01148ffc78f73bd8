"""From arrays to the tables of a dataset folder, a block at a time."""

from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from fraudguard.simulate.codes import CHANNELS, EVENT_TYPES, SIGNAL_SOURCES, SIGNAL_TYPES
from fraudguard.simulate.findings import FINDING_SOURCES, FINDING_VALUES, Findings
from fraudguard.simulate.hard_negatives import SCENARIOS
from fraudguard.simulate.ledger import Settled
from fraudguard.simulate.orders import Role
from fraudguard.simulate.plan import FraudPlan
from fraudguard.simulate.population import BANKS, Population, Segment
from fraudguard.simulate.sessions import Sessions, devices
from fraudguard.simulate.signals import Signals
from fraudguard.simulate.streams import IntArray
from fraudguard.simulate.world import Scene, World
from fraudguard.transfer import PayeeType

__all__ = ["finding_frame", "known", "moments", "signal_frame", "transfer_frame", "truth_frame", "words"]

_PAYEE_TYPES: Final = (PayeeType.PERSON, PayeeType.ORGANISATION, PayeeType.MERCHANT, PayeeType.OWN_ACCOUNT)


def transfer_frame(
    scene: Scene, settled: Settled, sessions: Sessions, *, first: int, gang_of: IntArray
) -> pd.DataFrame:
    """Return the transfers of a block, in log order.

    Parameters
    ----------
    scene : Scene
        The block of days.
    settled : Settled
        What was paid, channels filled in.
    sessions : Sessions
        What the phones told.
    first : int
        Number of the first transfer.
    gang_of : ndarray of int64
        Gang of each account, for the devices of gangs.

    Returns
    -------
    DataFrame
        Ids follow the log order, with no trace of who made the order.
    """
    rows, population = settled.orders, scene.population
    columns = {
        "transfer_id": _numbered("T", 10, first + np.arange(len(rows))),
        "event_time": moments(rows["time_ms"]),
        "payer_account_id": pd.Series(population.ids.take(rows["payer"])),
        "payee_account_id": pd.Series(population.ids.take(rows["payee"])),
        "amount_fen": pd.Series(rows["amount_fen"].copy()),
        "currency": words(("CNY",), np.zeros(len(rows), np.int64)),
        "event_type": words(EVENT_TYPES, rows["event_type"]),
        "channel": words(CHANNELS, rows["channel"]),
        "payer_bank_code": words(BANKS, population.bank[rows["payer"]]),
        "payer_balance_before_fen": pd.Series(settled.payer_before_fen).astype("Int64"),
        "payee_bank_code": words(BANKS, population.bank[rows["payee"]]),
        "payee_type": words(_PAYEE_TYPES, _payee_types(population, rows["payer"], rows["payee"])),
        "device_id": pd.Series(devices(scene.world, rows, gang_of=gang_of), dtype="str"),
    }
    return pd.DataFrame(columns | sessions.columns)


def _numbered(letter: str, digits: int, numbers: IntArray) -> pd.Series:
    return pd.Series([f"{letter}{number:0{digits}d}" for number in numbers.tolist()], dtype="str")


def words(table: tuple[str, ...], codes: npt.NDArray[np.integer]) -> pd.Series:
    """Return words for codes; a code below zero is an unknown."""
    plain = pd.array([str(word) for word in table], dtype="str")
    return pd.Series(plain.take(codes, allow_fill=True))


def known(values: npt.NDArray[np.integer], is_known: npt.NDArray[np.bool_]) -> pd.Series:
    """Return whole numbers, unknown where they are not known."""
    return pd.Series(pd.arrays.IntegerArray(np.where(is_known, values, 0).astype(np.int64), ~is_known))


def moments(moment_ms: IntArray) -> pd.Series:
    """Return UTC milliseconds as moments."""
    return pd.Series(moment_ms.astype("datetime64[ms]")).dt.tz_localize("UTC")


def _payee_types(population: Population, payer: IntArray, payee: IntArray) -> IntArray:
    segment = population.segment[payee]
    kind = np.select([segment == Segment.COMPANY, segment == Segment.MERCHANT], [1, 2], 0)
    return np.where(population.owner[payer] == population.owner[payee], 3, kind)


def signal_frame(world: World, rows: Signals, *, first: int) -> pd.DataFrame:
    """Return signals in order of `received_at`.

    Parameters
    ----------
    world : World
        The stage.
    rows : structured ndarray
        In order.
    first : int
        Number of the first of them.

    Returns
    -------
    DataFrame
        Ids follow the order.
    """
    return pd.DataFrame({
        "signal_id": _numbered("S", 9, first + np.arange(len(rows))),
        "signal_type": words(SIGNAL_TYPES, rows["kind"]),
        "event_time": moments(rows["time_ms"]),
        "received_at": moments(rows["received_ms"]),
        "account_id": pd.Series(world.population.ids.take(rows["account"])),
        "confidence": pd.Series(rows["confidence"].copy()),
        "source": words(SIGNAL_SOURCES, rows["source"]),
        "duration_s": known(rows["duration_s"], rows["duration_s"] >= 0),
        "amount_fen": known(rows["amount_fen"], rows["amount_fen"] >= 0),
    })


def finding_frame(plan: FraudPlan, rows: Findings, *, first: int) -> pd.DataFrame:
    """Return findings in order of `received_at`.

    Parameters
    ----------
    plan : FraudPlan
        For the names of scam types.
    rows : structured ndarray
        In order.
    first : int
        Number of the first of them.

    Returns
    -------
    DataFrame
        Ids follow the order.
    """
    return pd.DataFrame({
        "finding_id": _numbered("F", 8, first + np.arange(len(rows))),
        "transfer_id": _numbered("T", 10, rows["transfer"]),
        "finding": words(FINDING_VALUES, rows["finding"]),
        "scam_type": words(tuple(pattern.scam_type for pattern in plan.drift.patterns), rows["kind"]),
        "source": words(FINDING_SOURCES, rows["source"]),
        "event_time": moments(rows["time_ms"]),
        "received_at": moments(rows["received_ms"]),
        "loss_fen": known(rows["loss_fen"], rows["loss_fen"] >= 0),
    })


def truth_frame(settled: Settled, *, first: int, plan: FraudPlan) -> pd.DataFrame:
    """Return what only the simulator knows of each transfer of a block.

    Parameters
    ----------
    settled : Settled
        What was paid.
    first : int
        Number of the first transfer.
    plan : FraudPlan
        The cases.

    Returns
    -------
    DataFrame
        In log order; `hop` is 0 for the victim's own payment.
    """
    rows = settled.orders
    victim, mule = rows["role"] == Role.VICTIM, rows["role"] == Role.MULE
    gang = np.where(rows["case"] >= 0, plan.gang[rows["case"]], np.where(mule, plan.gang_of[rows["payer"]], -1))
    moves_on = victim | (mule & (rows["hop"] > 0))
    scam_types = tuple(pattern.scam_type for pattern in plan.drift.patterns)
    return pd.DataFrame({
        "transfer_id": _numbered("T", 10, first + np.arange(len(rows))),
        "is_victim_transfer": victim,
        "is_mule_movement": mule,
        "case_id": words(tuple(f"C{number + 1:05d}" for number in range(plan.cases)), rows["case"]),
        "gang_id": words(tuple(f"G{number + 1:04d}" for number in range(len(plan.gangs))), gang),
        "scam_type": words(scam_types, np.where(rows["case"] >= 0, plan.kind[rows["case"]], -1)),
        "hop": known(rows["hop"], moves_on),
        "scenario": words(SCENARIOS, rows["scenario"]),
        "episode": known(rows["episode"], rows["episode"] >= 0),
    })
