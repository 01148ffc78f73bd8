"""What the bank sees of the payer's phone and device, by one mechanism for everybody.

Session fields exist for payments in the app, and there for customers whose
app can tell (half of them [A]). Whether a value is missing is decided by
channel and customer before anybody asks what the payment is for.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from fraudguard.simulate.codes import channel_code
from fraudguard.simulate.orders import CHOOSE, Orders, Profile, Role
from fraudguard.simulate.scams import Fraud
from fraudguard.simulate.streams import FloatArray, IntArray
from fraudguard.simulate.world import World
from fraudguard.transfer import Channel

__all__ = ["choose_channels", "devices", "session_columns"]

BoolArray = npt.NDArray[np.bool_]

_WITH_APP: Final = ((Channel.MOBILE_APP, 0.84), (Channel.WEB, 0.06), (Channel.QR, 0.08), (Channel.COUNTER, 0.02))
_WITHOUT_APP: Final = ((Channel.COUNTER, 0.42), (Channel.ATM, 0.28), (Channel.WEB, 0.18), (Channel.PHONE, 0.12))
_SHARED_DEVICE: Final = 0.05
_GANG_DEVICE: Final = 0.6
_NEW_DEVICE: Final = 0.08


@dataclass(frozen=True, slots=True, kw_only=True)
class _Habit:
    """Chances and typical lengths of one profile."""

    call: float
    known: float
    call_s: float
    screen: float
    meeting: float
    session_s: float
    confirm_s: float
    paste: float
    switches: float


_HABITS: Final = {
    Profile.ROUTINE: _Habit(
        call=0.04, known=0.75, call_s=170, screen=0.002, meeting=0.01, session_s=70, confirm_s=6, paste=0.14, switches=0.7
    ),
    Profile.HELPED: _Habit(
        call=0.75, known=0.85, call_s=600, screen=0.55, meeting=0.25, session_s=260, confirm_s=15, paste=0.25, switches=2.2
    ),
    Profile.SUPPORT: _Habit(
        call=0.30, known=0.45, call_s=1500, screen=0.35, meeting=0.7, session_s=150, confirm_s=8, paste=0.30, switches=3.0
    ),
    Profile.URGENT: _Habit(
        call=0.40, known=0.70, call_s=400, screen=0.01, meeting=0.01, session_s=90, confirm_s=6, paste=0.30, switches=1.6
    ),
    Profile.BRUSHING: _Habit(
        call=0.05, known=0.40, call_s=240, screen=0.03, meeting=0.04, session_s=105, confirm_s=8, paste=0.40, switches=2.6
    ),
    Profile.SCREEN_SHARE: _Habit(
        call=0.85, known=0.10, call_s=1300, screen=0.80, meeting=0.50, session_s=300, confirm_s=14, paste=0.30, switches=2.6
    ),
    Profile.POLICE: _Habit(
        call=0.80, known=0.10, call_s=2400, screen=0.30, meeting=0.35, session_s=220, confirm_s=12, paste=0.25, switches=1.8
    ),
}  # fmt: skip


def choose_channels(world: World, rng: np.random.Generator, rows: Orders) -> None:
    """Fill in the channels that were left to the customer, in place."""
    open_choice = rows["channel"] == CHOOSE
    with_app = world.population.app_user[rows["payer"]]
    for table, mask in ((_WITH_APP, open_choice & with_app), (_WITHOUT_APP, open_choice & ~with_app)):
        codes = [channel_code(channel) for channel, _ in table]
        rows["channel"][mask] = rng.choice(codes, int(mask.sum()), p=[share for _, share in table])


def devices(world: World, rng: np.random.Generator, rows: Orders, *, fraud: Fraud) -> list[str | None]:
    """Return the device token of each payment by app, web or code; ``None`` elsewhere."""
    population = world.population
    own = population.owner.copy()
    shared = rng.random(population.size) < _SHARED_DEVICE
    own = np.where(shared & population.is_person, population.owner[world.places.strong[:, 0]], own)
    number = own[rows["payer"]]
    changed_ms = world.period.start_ms + rng.integers(0, world.period.until_ms - world.period.start_ms, population.size)
    changes = rng.random(population.size) < _NEW_DEVICE
    renewed = changes[number] & (rows["time_ms"] >= changed_ms[number])
    number = number + renewed * population.size
    number = np.where(rows["role"] == Role.MULE, _gang_devices(world, rng, fraud)[rows["payer"]], number)
    tokens = world.stream("device tokens").choice(16**9, 3 * population.size, replace=False).tolist()
    seen = np.isin(rows["channel"], [channel_code(c) for c in (Channel.MOBILE_APP, Channel.WEB, Channel.QR)])
    names = [f"d{token:09x}" for token in tokens]
    return [names[place] if known else None for place, known in zip(number.tolist(), seen.tolist(), strict=True)]


def _gang_devices(world: World, rng: np.random.Generator, fraud: Fraud) -> IntArray:
    """Give the accounts of a gang a few devices in common."""
    device = world.population.owner.copy()
    for batch in fraud.batches:
        on_gang = batch.accounts[rng.random(len(batch.accounts)) < _GANG_DEVICE]
        device[on_gang] = 2 * world.population.size + (2 * batch.gang + rng.integers(0, 2, len(on_gang)))
    return device


def session_columns(world: World, rng: np.random.Generator, rows: Orders) -> dict[str, pd.Series]:
    """Draw the session fields of all payments, then blank those nobody could see.

    Parameters
    ----------
    world : World
        The stage.
    rng : numpy.random.Generator
        Source of chance.
    rows : structured ndarray
        Settled orders with channels.

    Returns
    -------
    dict of str to Series
        Nullable columns, one element a payment.
    """
    app = rows["channel"] == channel_code(Channel.MOBILE_APP)
    visible: BoolArray = app & world.population.covered[rows["payer"]]
    calling = rng.random(len(rows)) < _per(rows, lambda habit: habit.call)
    call_s = np.where(calling, _lengths(rng, _per(rows, lambda habit: habit.call_s), 0.9), 0)
    contacts = rng.random(world.population.size)[rows["payer"]] < 0.7
    return {
        "active_call": _flags(calling, visible),
        "call_duration_s": _counts(call_s, visible),
        "call_number_known": _flags(
            rng.random(len(rows)) < _per(rows, lambda habit: habit.known), visible & calling & contacts
        ),
        "screen_share_active": _flags(rng.random(len(rows)) < _per(rows, lambda habit: habit.screen), visible),
        "meeting_app_foreground": _flags(rng.random(len(rows)) < _per(rows, lambda habit: habit.meeting), visible),
        "session_duration_s": _counts(_lengths(rng, _per(rows, lambda habit: habit.session_s), 0.8), visible),
        "time_on_confirm_s": _counts(_lengths(rng, _per(rows, lambda habit: habit.confirm_s), 0.7), visible),
        "paste_used": _flags(rng.random(len(rows)) < _per(rows, lambda habit: habit.paste), visible),
        "app_switch_count": _counts(rng.poisson(_per(rows, lambda habit: habit.switches)), visible),
    }


def _per(rows: Orders, number: Callable[[_Habit], float]) -> FloatArray:
    """Return one number of each payment's habit."""
    values: FloatArray = np.array([number(_HABITS[profile]) for profile in Profile], dtype=np.float64)[rows["profile"]]
    return values


def _lengths(rng: np.random.Generator, median: FloatArray, sigma: float) -> IntArray:
    return np.maximum(np.round(median * np.exp(sigma * rng.standard_normal(len(median)))), 1).astype(np.int64)


def _flags(values: BoolArray, visible: BoolArray) -> pd.Series:
    return pd.Series(pd.arrays.BooleanArray(np.ascontiguousarray(values), ~visible))


def _counts(values: IntArray, visible: BoolArray) -> pd.Series:
    return pd.Series(pd.arrays.IntegerArray(np.where(visible, values, 0).astype(np.int64), ~visible))
