"""What the bank sees of the payer's phone and device, by one mechanism for everybody.

Session fields exist for payments in the app, and there for customers whose
app can tell (half of them [A]). Whether a value is missing is decided by
channel and customer before anybody asks what the payment is for.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from fraudguard.signal import SignalSource, SignalType
from fraudguard.simulate.codes import CRYPTO_OTC, channel_code
from fraudguard.simulate.orders import CHOOSE, Orders, Profile, Role
from fraudguard.simulate.phones import generation
from fraudguard.simulate.rhythm import DAY_MS
from fraudguard.simulate.signals import Signals, signals
from fraudguard.simulate.streams import BoolArray, FloatArray, IntArray, scattered
from fraudguard.simulate.world import Scene, World
from fraudguard.transfer import Channel

__all__ = ["Sessions", "app_signals", "choose_channels", "devices", "draw_sessions"]

_WITH_APP: Final = ((Channel.MOBILE_APP, 0.84), (Channel.WEB, 0.06), (Channel.QR, 0.08), (Channel.COUNTER, 0.02))
_WITHOUT_APP: Final = ((Channel.COUNTER, 0.42), (Channel.ATM, 0.28), (Channel.WEB, 0.18), (Channel.PHONE, 0.12))
_SHARED_DEVICE: Final = 0.05
_GANG_DEVICE: Final = 0.6
_DEVICES_PER_HOLDER: Final = 8
_NEW_CODE_DAY: Final = 45
_FEWER_FIELDS_DAY: Final = 75
_FEWER_FIELDS_BANK: Final = 3


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
        call=0.04, known=0.75, call_s=170, screen=0.002, meeting=0.01, session_s=75, confirm_s=6, paste=0.16, switches=0.9
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
    Profile.CHATTING: _Habit(
        call=0.05, known=0.40, call_s=240, screen=0.03, meeting=0.03, session_s=95, confirm_s=7.5, paste=0.27, switches=1.7
    ),
    Profile.SCREEN_SHARE: _Habit(
        call=0.85, known=0.10, call_s=1300, screen=0.80, meeting=0.50, session_s=300, confirm_s=14, paste=0.30, switches=2.6
    ),
    Profile.POLICE: _Habit(
        call=0.80, known=0.10, call_s=2400, screen=0.30, meeting=0.35, session_s=220, confirm_s=12, paste=0.25, switches=1.8
    ),
    Profile.REFUND: _Habit(
        call=0.70, known=0.12, call_s=1100, screen=0.35, meeting=0.30, session_s=230, confirm_s=11, paste=0.30, switches=2.4
    ),
    Profile.CREDIT: _Habit(
        call=0.65, known=0.12, call_s=1400, screen=0.35, meeting=0.35, session_s=210, confirm_s=10, paste=0.32, switches=2.6
    ),
    Profile.INVESTING: _Habit(
        call=0.10, known=0.35, call_s=260, screen=0.03, meeting=0.04, session_s=95, confirm_s=7, paste=0.25, switches=1.4
    ),
    Profile.SECOND_PHONE: _Habit(
        call=0.15, known=0.40, call_s=300, screen=0.004, meeting=0.02, session_s=190, confirm_s=12, paste=0.22, switches=1.0
    ),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Sessions:
    """Session columns of some payments, and which of them the app could see."""

    columns: dict[str, pd.Series]
    calling: BoolArray
    sharing: BoolArray
    meeting: BoolArray


def choose_channels(scene: Scene, rng: np.random.Generator, rows: Orders) -> None:
    """Fill in the channels that were left to the customer, in place."""
    open_choice = rows["channel"] == CHOOSE
    with_app = scene.population.app_user[rows["payer"]]
    for table, mask in ((_WITH_APP, open_choice & with_app), (_WITHOUT_APP, open_choice & ~with_app)):
        codes = [channel_code(channel) for channel, _ in table]
        rows["channel"][mask] = rng.choice(codes, int(mask.sum()), p=[share for _, share in table])
    new_code = np.isin(rows["payee"], scene.places.platforms) & (rows["event_type"] != CRYPTO_OTC)
    new_code &= rows["time_ms"] >= scene.period.start_ms + _NEW_CODE_DAY * DAY_MS
    rows["channel"][new_code & open_choice & with_app] = channel_code(Channel.OPEN_API)


def devices(world: World, rows: Orders, *, gang_of: IntArray) -> list[str | None]:
    """Return the device token of each payment by app, web or code; ``None`` elsewhere."""
    seen = np.isin(rows["channel"], [channel_code(c) for c in (Channel.MOBILE_APP, Channel.WEB, Channel.QR)])
    payer = rows["payer"][seen].astype(np.int64)
    owner = world.population.owner[payer]
    shared = (scattered(owner, 5) < _SHARED_DEVICE) & world.population.is_person[payer]
    owner = np.where(shared, world.population.owner[world.places.strong[owner, 0]], owner)
    number = owner * _DEVICES_PER_HOLDER + generation(world, owner, rows["time_ms"][seen])
    gang = gang_of[payer]
    by_gang = (rows["role"][seen] == Role.MULE) & (gang >= 0) & (scattered(payer, 6) < _GANG_DEVICE)
    on_gang = world.population.size * _DEVICES_PER_HOLDER + 4 * gang + (scattered(payer, 7) * 3).astype(np.int64)
    number = np.where(by_gang, on_gang, number)
    words = (scattered(number, world.seed + 8) * 16**10).astype(np.int64)
    tokens: list[str | None] = [None] * len(rows)
    for place, word in zip(np.flatnonzero(seen).tolist(), words.tolist(), strict=True):
        tokens[place] = f"d{word:010x}"
    return tokens


def draw_sessions(scene: Scene, rng: np.random.Generator, rows: Orders) -> Sessions:
    """Draw the session fields of all payments, then blank those nobody could see.

    Parameters
    ----------
    scene : Scene
        The block of days.
    rng : numpy.random.Generator
        Source of chance.
    rows : structured ndarray
        Settled orders with channels.

    Returns
    -------
    Sessions
        Nullable columns, one element a payment.
    """
    population = scene.population
    app = rows["channel"] == channel_code(Channel.MOBILE_APP)
    visible: BoolArray = app & population.covered[rows["payer"]]
    late = rows["time_ms"] >= scene.period.start_ms + _FEWER_FIELDS_DAY * DAY_MS
    full: BoolArray = visible & ~(late & (population.bank[rows["payer"]] == _FEWER_FIELDS_BANK))
    calling = rng.random(len(rows)) < _per(rows, lambda habit: habit.call)
    sharing = rng.random(len(rows)) < _per(rows, lambda habit: habit.screen)
    meeting = rng.random(len(rows)) < _per(rows, lambda habit: habit.meeting)
    known = rng.random(len(rows)) < _per(rows, lambda habit: habit.known)
    lets_see_contacts = scattered(rows["payer"], 9) < 0.7
    call_s = np.where(calling, _lengths(rng, _per(rows, lambda habit: habit.call_s), 0.9), 0)
    paste = rng.random(len(rows)) < _per(rows, lambda habit: habit.paste)
    columns = {
        "active_call": _flags(calling, visible),
        "call_duration_s": _counts(call_s, visible),
        "call_number_known": _flags(known, visible & calling & lets_see_contacts),
        "screen_share_active": _flags(sharing, visible),
        "meeting_app_foreground": _flags(meeting, visible),
        "session_duration_s": _counts(_lengths(rng, _per(rows, lambda habit: habit.session_s), 0.8), visible),
        "time_on_confirm_s": _counts(_lengths(rng, _per(rows, lambda habit: habit.confirm_s), 0.7), full),
        "paste_used": _flags(paste, full),
        "app_switch_count": _counts(rng.poisson(_per(rows, lambda habit: habit.switches)), visible),
    }
    return Sessions(columns, calling & visible, sharing & visible, meeting & visible)


def app_signals(scene: Scene, rng: np.random.Generator, rows: Orders, *, sessions: Sessions) -> Signals:
    """Return what the app reports while a session runs, a little before the payment."""
    parts: list[Signals] = []
    for kind, shown in (
        (SignalType.ACTIVE_CALL_DURING_SESSION, sessions.calling),
        (SignalType.SCREEN_SHARE_STARTED, sessions.sharing),
        (SignalType.MEETING_APP_USED, sessions.meeting),
    ):
        told = rows[shown & (rng.random(len(rows)) < 0.5)]
        moment = np.maximum(told["time_ms"] - rng.integers(8_000, 90_000, len(told)), scene.start_ms)
        parts.append(signals(rng, kind, SignalSource.APP, time_ms=moment, account=told["payer"]))
    return np.concatenate(parts)


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
