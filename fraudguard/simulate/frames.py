"""From arrays to the tables of a dataset folder."""

from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from fraudguard.account import AccountStatus, HolderType, KnownInvolved
from fraudguard.simulate.campaigns import CAMPAIGNS
from fraudguard.simulate.codes import CHANNELS, EVENT_TYPES
from fraudguard.simulate.hard_negatives import HARD_NEGATIVES
from fraudguard.simulate.ledger import Ledger
from fraudguard.simulate.orders import Role
from fraudguard.simulate.population import AGE_BANDS, BANKS, CLASSES, PROVINCES, Population, Segment
from fraudguard.simulate.rhythm import DAY_MS
from fraudguard.simulate.scams import Fraud
from fraudguard.simulate.sessions import choose_channels, devices, session_columns
from fraudguard.simulate.streams import IntArray
from fraudguard.simulate.world import World
from fraudguard.transfer import PayeeType

__all__ = ["account_frame", "transfer_frame", "truth_frame"]

_PAYEE_TYPES: Final = (PayeeType.PERSON, PayeeType.ORGANISATION, PayeeType.MERCHANT, PayeeType.OWN_ACCOUNT)
_HOLDER_TYPES: Final = (HolderType.PERSON, HolderType.SOLE_TRADER, HolderType.ORGANISATION)
_LAYERS: Final = (KnownInvolved.NONE, KnownInvolved.LAYER_1, KnownInvolved.LAYER_2, KnownInvolved.LAYER_3)
_MCC: Final = ("5411", "5812", "4900", "5311", "5999")
_INCOME_TOLD: Final = 0.7
_DORMANT_TOLD: Final = 0.4
_DORMANT_BY_MISTAKE: Final = 0.02


def transfer_frame(world: World, ledger: Ledger, *, fraud: Fraud) -> pd.DataFrame:
    """Return the transfers table, in log order.

    Parameters
    ----------
    world : World
        The stage.
    ledger : Ledger
        What was paid; its channels are filled in here.
    fraud : Fraud
        For the devices of gangs.

    Returns
    -------
    DataFrame
        Ids follow the log order, with no trace of who made the order.
    """
    rows, population = ledger.orders, world.population
    ids = pd.array(population.ids, dtype="str")
    choose_channels(world, world.stream("channels"), rows)
    columns = {
        "transfer_id": pd.Series([f"T{number:010d}" for number in range(1, len(rows) + 1)], dtype="str"),
        "event_time": _moments(rows["time_ms"]),
        "payer_account_id": pd.Series(ids.take(rows["payer"])),
        "payee_account_id": pd.Series(ids.take(rows["payee"])),
        "amount_fen": pd.Series(rows["amount_fen"]),
        "currency": _words(("CNY",), np.zeros(len(rows), np.int64)),
        "event_type": _words(EVENT_TYPES, rows["event_type"]),
        "channel": _words(CHANNELS, rows["channel"]),
        "payer_bank_code": _words(BANKS, population.bank[rows["payer"]]),
        "payer_balance_before_fen": pd.Series(ledger.balance_before_fen).astype("Int64"),
        "payee_bank_code": _words(BANKS, population.bank[rows["payee"]]),
        "payee_type": _words(_PAYEE_TYPES, _payee_types(population, rows["payer"], rows["payee"])),
        "device_id": pd.Series(devices(world, world.stream("devices"), rows, fraud=fraud), dtype="str"),
    }
    return pd.DataFrame(columns | session_columns(world, world.stream("sessions"), rows))


def _words(words: tuple[str, ...], codes: npt.NDArray[np.integer]) -> pd.Series:
    """Return words for codes; a code below zero is an unknown."""
    plain = pd.array([str(word) for word in words], dtype="str")
    return pd.Series(plain.take(codes, allow_fill=True))


def _known(values: npt.NDArray[np.integer], known: npt.NDArray[np.bool_]) -> pd.Series:
    """Return whole numbers, unknown where they are not known."""
    return pd.Series(pd.arrays.IntegerArray(np.where(known, values, 0).astype(np.int64), ~known))


def _moments(moment_ms: IntArray) -> pd.Series:
    return pd.Series(moment_ms.astype("datetime64[ms]")).dt.tz_localize("UTC")


def _payee_types(population: Population, payer: IntArray, payee: IntArray) -> IntArray:
    segment = population.segment[payee]
    kind = np.select([segment == Segment.COMPANY, segment == Segment.MERCHANT], [1, 2], 0)
    return np.where(population.owner[payer] == population.owner[payee], 3, kind)


def account_frame(world: World, *, fraud: Fraud, blocked_ms: IntArray) -> pd.DataFrame:
    """Return the accounts table: one row an account, and one more when it was blocked.

    Parameters
    ----------
    world : World
        The stage.
    fraud : Fraud
        Whose accounts become known.
    blocked_ms : ndarray of int64
        When each account was stopped; some were stopped by mistake.

    Returns
    -------
    DataFrame
        In order of `received_at`, then id.
    """
    population = world.population
    opened_ms = world.period.start_ms + (population.opened_day + 1) * DAY_MS
    first = _account_rows(world, np.arange(population.size))
    first["received_at"] = _moments(np.where(population.opened_day >= 0, opened_ms, world.period.start_ms))
    blocked = np.flatnonzero(blocked_ms < np.iinfo(np.int64).max)
    later = _account_rows(world, blocked)
    later["received_at"] = _moments(blocked_ms[blocked])
    later["account_status"] = AccountStatus.STOP_PAYMENT.value
    layer = np.zeros(population.size, np.int64)
    for batch in fraud.batches:
        layer[batch.layer_1], layer[batch.layer_2], layer[batch.layer_3] = 1, 2, 3
    later["known_involved"] = _words(_LAYERS, layer[blocked])
    both = pd.concat([first, later], ignore_index=True)
    return both.sort_values(["received_at", "account_id"], kind="stable", ignore_index=True)


def _account_rows(world: World, which: IntArray) -> pd.DataFrame:
    population, rng = world.population, world.stream("account rows")
    told = rng.random(population.size) < _INCOME_TOLD
    mcc = rng.integers(0, len(_MCC), population.size)
    person = population.is_person
    flagged = rng.random(population.size) < np.where(population.dormant, _DORMANT_TOLD, _DORMANT_BY_MISTAKE)
    status = np.where(flagged, AccountStatus.DORMANT.value, AccountStatus.NORMAL.value)
    trader = population.segment == Segment.SELF_EMPLOYED
    opened = np.datetime64(world.period.start, "D") + population.opened_day
    income = population.income_fen // 100_000 * 100_000
    columns = {
        "account_id": pd.Series(pd.array(population.ids, dtype="str").take(which)),
        "bank_code": _words(BANKS, population.bank[which]),
        "branch_region": _words(PROVINCES, population.region[which]),
        "account_class": _words(CLASSES, population.account_class[which]),
        "opened_at": pd.Series(opened[which].astype("datetime64[s]")),
        "holder_token": pd.Series([f"h{population.ids[owner][1:]}" for owner in population.owner[which]], dtype="str"),
        "holder_type": _words(_HOLDER_TYPES, np.select([trader, ~person], [1, 2], 0)[which]),
        "holder_age_band": _words(AGE_BANDS, np.where(person, population.age_band, -1)[which]),
        "declared_monthly_income_fen": _known(income[which], (told & person)[which]),
        "account_status": pd.Series(status[which]).astype("str"),
        "known_involved": _words(_LAYERS, np.zeros(len(which), np.int64)),
        "merchant_mcc": _words(_MCC, np.where(population.segment == Segment.MERCHANT, mcc, -1)[which]),
    }
    return pd.DataFrame(columns)


def truth_frame(ledger: Ledger, transfer_ids: pd.Series, *, fraud: Fraud, accounts: int) -> pd.DataFrame:
    """Return what only the simulator knows of each transfer.

    Parameters
    ----------
    ledger : Ledger
        What was paid.
    transfer_ids : Series
        Ids in log order.
    fraud : Fraud
        The cases.
    accounts : int
        Number of accounts.

    Returns
    -------
    DataFrame
        In log order; `hop` is 0 for the victim's own payment.
    """
    rows = ledger.orders
    victim, mule = rows["role"] == Role.VICTIM, rows["role"] == Role.MULE
    gang_of = np.full(accounts, -1, np.int64)
    for batch in fraud.batches:
        gang_of[batch.accounts] = batch.gang
    gang = np.where(victim, gang_of[rows["payee"]], np.where(mule, gang_of[rows["payer"]], -1))
    kinds = np.array([case.campaign for case in fraud.cases], np.int64)
    names = tuple(f"C{number + 1:05d}" for number in range(len(fraud.cases)))
    gangs = tuple(f"G{number + 1:04d}" for number in range(int(gang_of.max()) + 1))
    moves_on = victim | (mule & (rows["hop"] > 0))
    return pd.DataFrame({
        "transfer_id": transfer_ids,
        "is_victim_transfer": victim,
        "is_mule_movement": mule,
        "case_id": _words(names, rows["case"]),
        "gang_id": _words(gangs, gang),
        "scam_type": _words(
            tuple(campaign.scam_type for campaign in CAMPAIGNS), np.where(rows["case"] >= 0, kinds[rows["case"]], -1)
        ),
        "hop": _known(rows["hop"], moves_on),
        "scenario": _words(tuple(scenario.name for scenario in HARD_NEGATIVES), rows["scenario"]),
        "episode": _known(rows["episode"], rows["episode"] >= 0),
    })
