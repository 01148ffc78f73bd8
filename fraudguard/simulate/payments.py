"""What a deceived person pays: moments and amounts of one case, by the manner of its scam."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from fraudguard.simulate.rhythm import DAY_MS, HOUR_MS, SECOND_MS, Period, clock_times
from fraudguard.simulate.scam_types import Manner, ScamPattern
from fraudguard.simulate.streams import FloatArray, IntArray, nice_fen

__all__ = ["Intended", "intend", "moments"]

_OVERNIGHT_MS: Final = 8 * HOUR_MS
_LONG_PAUSE_MS: Final = HOUR_MS // 2
_MORNING_MS: Final = 7 * HOUR_MS
_ROMANTIC_FEN: Final = (52_000, 131_400)
_ROMANTIC: Final = 0.1


@dataclass(frozen=True, slots=True)
class Intended:
    """Payments of a case as they are meant: amount, most as a share of the balance, how many are bait."""

    amount_fen: IntArray
    share: FloatArray
    bait: int


def moments(
    rng: np.random.Generator, period: Period, pattern: ScamPattern, *, start_ms: int, size: int, slower: float = 1.0
) -> IntArray:
    """Draw the moments of a case's payments, ascending.

    Parameters
    ----------
    rng : numpy.random.Generator
        Source of chance.
    period : Period
        For the local clock.
    pattern : ScamPattern
        The scam.
    start_ms : int
        Moment of the first.
    size : int
        How many.
    slower : float
        By how much the pauses are longer.

    Returns
    -------
    ndarray of int64
        A pause that lasts overnight, or long and into the small hours, ends at an hour at which this scam works.
    """
    gaps_ms = slower * rng.lognormal(np.log(pattern.gap_s[0]), pattern.gap_s[1], size) * SECOND_MS
    overnight = rng.random(size) < pattern.overnight
    clocks = clock_times(rng, pattern.hours, size=size)
    moment = [start_ms]
    for gap_ms, sleeps, clock_ms in zip(gaps_ms[1:].tolist(), overnight[1:], clocks[1:].tolist(), strict=True):
        later = int(moment[-1] + gap_ms) + 1
        night = gap_ms > _LONG_PAUSE_MS and (later - period.start_ms) % DAY_MS < _MORNING_MS
        if sleeps or night:
            days = max(1, round(max(gap_ms, _OVERNIGHT_MS) / DAY_MS)) if sleeps else 0
            day = (later - period.start_ms) // DAY_MS if night else (moment[-1] - period.start_ms) // DAY_MS + days
            later = max(later, period.start_ms + day * DAY_MS + clock_ms)
        moment.append(later)
    return np.array(moment, np.int64)


def intend(rng: np.random.Generator, pattern: ScamPattern, *, loss_fen: int, size: int, coached: bool) -> Intended:
    """Draw the amounts of a case's payments.

    Parameters
    ----------
    rng : numpy.random.Generator
        Source of chance.
    pattern : ScamPattern
        The scam.
    loss_fen : int
        The whole loss intended.
    size : int
        Payments.
    coached : bool
        Whether the victim is told to pay small and even parts.

    Returns
    -------
    Intended
        Rounded the way everybody rounds.
    """
    bait = min(int(rng.integers(1, 3)), size - 2) if size > 2 and rng.random() < pattern.bait else 0
    weights = _weights(rng, pattern, size - bait)
    if coached:
        weights = np.full(size - bait, 1.0) * rng.uniform(0.8, 1.2, size - bait)
    amount = loss_fen * weights / weights.sum()
    small = np.exp(rng.uniform(np.log(pattern.first_yuan[0]), np.log(pattern.first_yuan[1]), bait)) * 100
    small = np.minimum(np.sort(small), max(loss_fen * 0.2, 5_000))
    fen = nice_fen(rng, np.maximum(np.concatenate([small, amount]), 100).astype(np.int64))
    return Intended(_sweetened(rng, pattern, fen), _shares(rng, pattern, size), bait)


def _weights(rng: np.random.Generator, pattern: ScamPattern, size: int) -> FloatArray:
    noise = np.exp(0.3 * rng.standard_normal(size))
    weights: FloatArray = np.ones(size, np.float64)
    if pattern.manner is Manner.PRICE:
        weights[1:] = rng.uniform(0.15, 1.0, max(size - 1, 0))
    elif pattern.manner in {Manner.DRAIN, Manner.LOANS}:
        weights *= noise**2
    elif pattern.manner is Manner.LADDER:
        weights *= rng.uniform(*pattern.growth) ** np.arange(size) * noise
    return weights


def _shares(rng: np.random.Generator, pattern: ScamPattern, size: int) -> FloatArray:
    if pattern.manner is Manner.DRAIN:
        return np.where(rng.random(size) < 0.5, rng.uniform(0.4, 0.98, size), 0.98)
    return np.full(size, 0.98)


def _sweetened(rng: np.random.Generator, pattern: ScamPattern, amount_fen: IntArray) -> IntArray:
    """Write a few payments of the lovelorn as 520 or 1314 yuan."""
    if pattern.manner is not Manner.LADDER or pattern.growth[1] > 1.5:
        return amount_fen
    sweet = (rng.random(len(amount_fen)) < _ROMANTIC) & (amount_fen < 300_000)
    return np.where(sweet, rng.choice(_ROMANTIC_FEN, len(amount_fen)), amount_fen)
