"""What operator, police, app and bank notice: of victims, of unusual but honest people, and of everybody now and then.

Telecom and police signals exist only for customers who are heard (the
`signal_coverage` of the world), the bank's own for everybody, the app's where
the app can tell. Noise has the chances of genuine sessions [A].
"""

from typing import Final

import numpy as np
import numpy.typing as npt

from fraudguard.signal import SignalSource, SignalType
from fraudguard.simulate.codes import (
    FUND_REDEMPTION,
    LOAN_DISBURSEMENT,
    SIGNAL_SOURCES,
    SIGNAL_TYPES,
    TERM_DEPOSIT_BREAK,
)
from fraudguard.simulate.hard_negatives import SCENARIOS
from fraudguard.simulate.orders import Orders
from fraudguard.simulate.phones import changing
from fraudguard.simulate.rhythm import DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS, Hours
from fraudguard.simulate.scam_types import ScamPattern
from fraudguard.simulate.streams import IntArray
from fraudguard.simulate.world import Scene, World

__all__ = ["SIGNAL", "Signals", "bank_signals", "case_signals", "episode_signals", "everyday_signals", "signals"]

Signals = npt.NDArray[np.void]

SIGNAL: Final = np.dtype([
    ("received_ms", "i8"),
    ("time_ms", "i8"),
    ("account", "i4"),
    ("kind", "i1"),
    ("source", "i1"),
    ("duration_s", "i4"),
    ("amount_fen", "i8"),
    ("confidence", "f8"),
])

_UNKNOWN: Final = -1
_FLAGGED_72H: Final = 0.01
_PAGE_7D: Final = 0.003
_EVERYDAY_MONTHLY: Final = (
    (SignalType.FLAGGED_CALL_RECEIVED, SignalSource.TELECOM, _FLAGGED_72H * 10),
    (SignalType.FLAGGED_SMS_RECEIVED, SignalSource.TELECOM, 0.12),
    (SignalType.FRAUD_URL_VISITED, SignalSource.TELECOM, _PAGE_7D * 30 / 7),
    (SignalType.FRAUD_APP_INSTALLED, SignalSource.APP, _PAGE_7D * 30 / 7),
    (SignalType.SIM_CHANGED, SignalSource.TELECOM, 0.010),
    (SignalType.CALL_FORWARDING_ENABLED, SignalSource.TELECOM, 0.006),
    (SignalType.ESIM_REISSUED, SignalSource.TELECOM, 0.003),
    (SignalType.SMS_12381_SENT, SignalSource.POLICE, 0.010),
    (SignalType.WARNING_96110_ISSUED, SignalSource.POLICE, 0.0005),
    (SignalType.TWO_CARD_LEAD, SignalSource.POLICE, 0.0006),
    (SignalType.NEW_FACE_ENROL, SignalSource.BANK, 0.010),
    (SignalType.LIMIT_RAISED, SignalSource.BANK, 0.030),
    (SignalType.FAMILY_CONTACT_CONFIRMED, SignalSource.BANK, 0.002),
)
_BANK_ECHOES: Final = {
    LOAN_DISBURSEMENT: SignalType.LOAN_APPLICATION,
    TERM_DEPOSIT_BREAK: SignalType.TERM_DEPOSIT_BREAK,
    FUND_REDEMPTION: SignalType.FUND_REDEMPTION,
}
_VISITED: Final = 0.05
_ECHOED: Final = 0.9
_DEVICE_NOTICED: Final = 0.8
_DELAY_MS: Final = {
    SignalSource.TELECOM: 12 * MINUTE_MS, SignalSource.POLICE: 20 * MINUTE_MS, SignalSource.BANK: 4 * SECOND_MS,
    SignalSource.APP: 2 * SECOND_MS,
}  # fmt: skip


def signals(  # noqa: PLR0913  # one argument a column
    rng: np.random.Generator,
    kind: SignalType,
    source: SignalSource,
    *,
    time_ms: IntArray,
    account: IntArray,
    duration_s: npt.ArrayLike = _UNKNOWN,
    amount_fen: npt.ArrayLike = _UNKNOWN,
) -> Signals:
    """Build signals of one kind; each reaches the bank after its source's usual delay."""
    rows = np.zeros(len(time_ms), SIGNAL)
    delay_ms = rng.lognormal(np.log(_DELAY_MS[source]), 0.8, len(time_ms)).astype(np.int64)
    columns = {
        "time_ms": time_ms, "received_ms": time_ms + delay_ms, "account": account, "kind": SIGNAL_TYPES.index(kind),
        "source": SIGNAL_SOURCES.index(source), "duration_s": duration_s, "amount_fen": amount_fen,
        "confidence": np.round(rng.uniform(0.5, 0.99, len(time_ms)), 2),
    }  # fmt: skip
    for name, values in columns.items():
        rows[name] = values
    return rows


def everyday_signals(scene: Scene) -> Signals:
    """Draw what is noticed of everybody now and then, and whose phone is new.

    Parameters
    ----------
    scene : Scene
        The block of days.

    Returns
    -------
    structured ndarray
        In no order.
    """
    rng, population = scene.stream("everyday signals"), scene.population
    person = population.is_person & population.is_first
    listeners = {
        SignalSource.TELECOM: population.heard, SignalSource.POLICE: population.heard,
        SignalSource.APP: population.covered & population.app_user, SignalSource.BANK: population.app_user,
    }  # fmt: skip
    parts: list[Signals] = []
    for kind, source, monthly in _EVERYDAY_MONTHLY:
        told = listeners[source]
        who, moment = scene.happenings(rng, np.where(person & told, monthly, 0.0), hours=Hours.GENERAL)
        calls = kind is SignalType.FLAGGED_CALL_RECEIVED
        duration = rng.lognormal(np.log(45), 1.2, len(who)).astype(np.int64) if calls else _UNKNOWN
        parts.append(signals(rng, kind, source, time_ms=moment, account=who, duration_s=duration))
    who, moment = changing(scene)
    seen = rng.random(len(who)) < _DEVICE_NOTICED
    wait_ms = rng.integers(MINUTE_MS, HOUR_MS, int(seen.sum()))
    parts.append(
        signals(rng, SignalType.DEVICE_CHANGED, SignalSource.BANK, time_ms=moment[seen] + wait_ms, account=who[seen])
    )
    return np.concatenate(parts)


def episode_signals(scene: Scene, rows: Orders) -> Signals:
    """Draw what honest episodes cause: false alerts, limits raised for a new phone.

    Parameters
    ----------
    scene : Scene
        The block of days.
    rows : structured ndarray
        Orders of the episodes that begin in it.

    Returns
    -------
    structured ndarray
        Each before the first payment of its episode.
    """
    rng = scene.stream("episode signals")
    ordered = rows[np.lexsort((rows["time_ms"], rows["episode"]))]
    first = ordered[np.diff(ordered["episode"], prepend=-2) != 0]
    alerted = first[first["scenario"] == SCENARIOS.index("false_96110_alert")]
    raised = first[first["scenario"] == SCENARIOS.index("new_phone_week")]
    raised = raised[rng.random(len(raised)) < 0.7]
    before_ms = rng.integers(2 * MINUTE_MS, 90 * MINUTE_MS, len(alerted))
    alert = signals(
        rng, SignalType.WARNING_96110_ISSUED, SignalSource.POLICE,
        time_ms=alerted["time_ms"] - before_ms - 20 * MINUTE_MS, account=alerted["payer"],
    )  # fmt: skip
    confirmed = alerted[rng.random(len(alerted)) < 0.5]
    family = signals(
        rng, SignalType.FAMILY_CONTACT_CONFIRMED, SignalSource.BANK,
        time_ms=confirmed["time_ms"] - MINUTE_MS, account=confirmed["payer"],
    )  # fmt: skip
    limit = signals(
        rng, SignalType.LIMIT_RAISED, SignalSource.BANK,
        time_ms=raised["time_ms"] - rng.integers(MINUTE_MS, 2 * HOUR_MS, len(raised)), account=raised["payer"],
    )  # fmt: skip
    return np.concatenate([alert, family, limit])


def case_signals(world: World, rng: np.random.Generator, pattern: ScamPattern, *, paid: Orders) -> Signals:
    """Draw what is noticed of a victim.

    Parameters
    ----------
    world : World
        The stage.
    rng : numpy.random.Generator
        The case's.
    pattern : ScamPattern
        The scam.
    paid : structured ndarray
        The victim's payments, ascending.

    Returns
    -------
    structured ndarray
        Perhaps none; telecom and police only of those who are heard.
    """
    if not len(paid):
        return np.zeros(0, SIGNAL)
    first_ms, last_ms, victim = int(paid["time_ms"][0]), int(paid["time_ms"][-1]), paid["payer"][:1]
    call, page, alert, sms, visit = rng.random(5)
    by_app = page < pattern.fraud_page / 2
    lasts = last_ms - first_ms > DAY_MS
    parts = [np.zeros(0, SIGNAL)]
    if by_app and world.population.covered[victim[0]]:
        parts.append(_app_installed(rng, pattern, first_ms, victim=victim))
    if not world.population.heard[victim[0]]:
        return np.concatenate(parts)
    parts += [_call(rng, first_ms, victim=victim)] if call < pattern.flagged_call else []
    parts += [_site_visited(rng, first_ms, victim=victim)] if not by_app and page < pattern.fraud_page else []
    for happens, kind in (
        (alert < pattern.warned_96110, SignalType.WARNING_96110_ISSUED),
        (sms < pattern.warned_96110 / 2, SignalType.SMS_12381_SENT),
        (lasts and visit < _VISITED, SignalType.DISSUASION_VISIT),
    ):
        parts += [_police(rng, kind, last_ms, victim=victim)] if happens else []
    return np.concatenate(parts)


def _site_visited(rng: np.random.Generator, first_ms: int, *, victim: IntArray) -> Signals:
    moment = first_ms - rng.integers(HOUR_MS, 6 * DAY_MS, 1)
    return signals(rng, SignalType.FRAUD_URL_VISITED, SignalSource.TELECOM, time_ms=moment, account=victim)


def _app_installed(rng: np.random.Generator, pattern: ScamPattern, first_ms: int, *, victim: IntArray) -> Signals:
    earliest_ms = DAY_MS // 2 if pattern.overnight < 1 else 6 * DAY_MS
    moment = first_ms - rng.integers(MINUTE_MS, earliest_ms, 1)
    return signals(rng, SignalType.FRAUD_APP_INSTALLED, SignalSource.APP, time_ms=moment, account=victim)


def _call(rng: np.random.Generator, first_ms: int, *, victim: IntArray) -> Signals:
    moment = first_ms - np.exp(rng.uniform(np.log(10 * MINUTE_MS), np.log(60 * HOUR_MS), 1)).astype(np.int64)
    duration = rng.lognormal(np.log(400), 1.0, 1).astype(np.int64)
    return signals(
        rng, SignalType.FLAGGED_CALL_RECEIVED, SignalSource.TELECOM, time_ms=moment, account=victim, duration_s=duration
    )


def _police(rng: np.random.Generator, kind: SignalType, last_ms: int, *, victim: IntArray) -> Signals:
    moment = last_ms - rng.integers(5 * MINUTE_MS, 10 * HOUR_MS, 1)
    return signals(rng, kind, SignalSource.POLICE, time_ms=moment, account=victim)


def bank_signals(scene: Scene, rows: Orders) -> Signals:
    """Return what the bank's own systems say of loans, deposits broken and funds sold, honest or not.

    Parameters
    ----------
    scene : Scene
        The block of days.
    rows : structured ndarray
        Settled orders.

    Returns
    -------
    structured ndarray
        Of nine in ten such payments.
    """
    rng = scene.stream("bank signals")
    parts: list[Signals] = []
    for event_type, kind in _BANK_ECHOES.items():
        told = rows[(rows["event_type"] == event_type) & (rng.random(len(rows)) < _ECHOED)]
        parts.append(
            signals(
                rng, kind, SignalSource.BANK, time_ms=told["time_ms"], account=told["payee"], amount_fen=told["amount_fen"]
            )
        )  # fmt: skip
    return np.concatenate(parts)
