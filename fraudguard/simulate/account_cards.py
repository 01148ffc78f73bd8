"""What the bank knows of each account, at its opening and when it is stopped."""

from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from fraudguard.account import AccountStatus, HolderType, KnownInvolved
from fraudguard.simulate.frames import known, moments, words
from fraudguard.simulate.gangs import Gang
from fraudguard.simulate.outbox import Outbox
from fraudguard.simulate.population import AGE_BANDS, BANKS, CLASSES, PROVINCES, Segment
from fraudguard.simulate.rhythm import DAY_MS
from fraudguard.simulate.streams import BoolArray, IntArray, scattered
from fraudguard.simulate.world import World

__all__ = ["CARD", "account_frame", "first_cards", "layers_of", "stopped_by_mistake", "stopped_cards"]

CARD: Final = np.dtype([("received_ms", "i8"), ("rank", "i8"), ("account", "i4"), ("stopped", "?")])

_HOLDER_TYPES: Final = (HolderType.PERSON, HolderType.SOLE_TRADER, HolderType.ORGANISATION)
_LAYERS: Final = (KnownInvolved.NONE, KnownInvolved.LAYER_1, KnownInvolved.LAYER_2, KnownInvolved.LAYER_3)
_STATUSES: Final = (AccountStatus.NORMAL, AccountStatus.DORMANT, AccountStatus.STOP_PAYMENT)
_MCC: Final = ("5411", "5812", "4900", "5311", "5999")
_INCOME_TOLD: Final = 0.7
_DORMANT_TOLD: Final = 0.4
_DORMANT_BY_MISTAKE: Final = 0.02
_STOPPED_BY_MISTAKE: Final = 0.001
_SALTS: Final = {"income": 21, "mcc": 22, "dormant": 23}


def first_cards(world: World) -> Outbox:
    """Return the first row of every account, received at the start or when it is opened.

    Parameters
    ----------
    world : World
        The stage.

    Returns
    -------
    Outbox
        In order of `received_at`, then id.
    """
    population, outbox = world.population, Outbox(CARD)
    opened_ms = world.period.start_ms + (population.opened_day + 1) * DAY_MS
    received_ms = np.where(population.opened_day >= 0, opened_ms, world.period.start_ms)
    outbox.add(_cards(world, np.arange(population.size), received_ms, stopped=False))
    return outbox


def stopped_cards(world: World, accounts: IntArray, received_ms: IntArray) -> npt.NDArray[np.void]:
    """Return rows that say of accounts that they were stopped."""
    return _cards(world, accounts, received_ms, stopped=True)


def _cards(world: World, accounts: IntArray, received_ms: IntArray, *, stopped: bool) -> npt.NDArray[np.void]:
    rows = np.zeros(len(accounts), CARD)
    rows["received_ms"], rows["account"], rows["stopped"] = received_ms, accounts, stopped
    rows["rank"] = world.population.id_rank[accounts]
    return rows


def stopped_by_mistake(world: World) -> tuple[IntArray, IntArray]:
    """Choose a few honest accounts that are stopped, and when: so that a stopped account proves nothing."""
    rng, population = world.stream("false stops"), world.population
    chosen = rng.random(population.size) < min(0.01, _STOPPED_BY_MISTAKE * world.period.days / 60)
    accounts = np.flatnonzero(chosen & population.is_person & (population.opened_day < 0))
    return accounts, rng.integers(world.period.start_ms, world.period.until_ms, len(accounts))


def layers_of(gangs: tuple[Gang, ...], *, accounts: int) -> IntArray:
    """Return the layer of each account of a world, 0 for none."""
    layer = np.zeros(accounts, np.int64)
    for gang in gangs:
        for number, batches in enumerate((gang.layer_1, gang.layer_2, gang.layer_3), start=1):
            layer[np.concatenate(batches)] = number
    return layer


def account_frame(world: World, cards: npt.NDArray[np.void], *, layers: IntArray) -> pd.DataFrame:
    """Return rows of the accounts table.

    Parameters
    ----------
    world : World
        The stage.
    cards : structured ndarray
        Which accounts, since when, whether stopped.
    layers : ndarray of int64
        From `layers_of`; told of stopped accounts only.

    Returns
    -------
    DataFrame
        In the order of the cards.
    """
    population, which, stopped = world.population, cards["account"].astype(np.int64), cards["stopped"]
    person, segment = population.is_person[which], population.segment[which]
    opened = np.datetime64(world.period.start, "D") + population.opened_day[which]
    columns = {
        "account_id": pd.Series(population.ids.take(which)),
        "received_at": moments(cards["received_ms"]),
        "bank_code": words(BANKS, population.bank[which]),
        "branch_region": words(PROVINCES, population.region[which]),
        "account_class": words(CLASSES, population.account_class[which]),
        "opened_at": pd.Series(opened.astype("datetime64[s]")),
        "holder_token": pd.Series(population.holder_tokens(which), dtype="str"),
        "holder_type": words(_HOLDER_TYPES, np.select([segment == Segment.SELF_EMPLOYED, ~person], [1, 2], 0)),
        "holder_age_band": words(AGE_BANDS, np.where(person, population.age_band[which], -1)),
        "declared_monthly_income_fen": _income(world, which, person=person),
        "account_status": words(_STATUSES, np.where(stopped, 2, _looks_dormant(world, which))),
        "known_involved": words(_LAYERS, np.where(stopped, layers[which], 0)),
        "merchant_mcc": words(
            _MCC, np.where(segment == Segment.MERCHANT, _draw(world, which, "mcc") * len(_MCC), -1).astype(np.int64)
        ),
    }
    return pd.DataFrame(columns)


def _draw(world: World, which: IntArray, what: str) -> npt.NDArray[np.float64]:
    return scattered(which + world.seed * 1_000_003, _SALTS[what])


def _income(world: World, which: IntArray, *, person: BoolArray) -> pd.Series:
    income = world.population.income_fen[which] // 100_000 * 100_000
    return known(income, person & (_draw(world, which, "income") < _INCOME_TOLD))


def _looks_dormant(world: World, which: IntArray) -> BoolArray:
    chance = np.where(world.population.dormant[which], _DORMANT_TOLD, _DORMANT_BY_MISTAKE)
    looks: BoolArray = _draw(world, which, "dormant") < chance
    return looks
