"""Random numbers: one independent stream for each named part of the world.

A part draws from its own stream, so changing one part leaves the others as
they were, and the order in which parts are made does not matter.
"""

import zlib
from typing import Final

import numpy as np
import numpy.typing as npt

__all__ = ["BoolArray", "FloatArray", "IntArray", "lognormal_fen", "nice_fen", "scattered", "stream"]

BoolArray = npt.NDArray[np.bool_]
FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

_NICE_SHARE: Final = 0.45
_WHOLE_YUAN_SHARE: Final = 0.30


def stream(seed: int, part: str, *numbers: int) -> np.random.Generator:
    """Return the generator of a named part.

    Parameters
    ----------
    seed : int
        The seed of the whole world, not negative.
    part : str
        Name of the part.
    *numbers : int
        Which piece of the part: a block of days, a case.

    Returns
    -------
    numpy.random.Generator
        The same for the same seed, part and numbers, on every machine and in every process.
    """
    key = (zlib.crc32(part.encode()), *numbers)
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence(entropy=seed, spawn_key=key)))


def scattered(first: npt.ArrayLike, second: npt.ArrayLike) -> FloatArray:
    """Return for each pair of numbers one fixed number in [0, 1), as if drawn: what need not be stored.

    Parameters
    ----------
    first, second : array_like of int
        Of shapes that broadcast.

    Returns
    -------
    ndarray of float64
        By the finaliser of SplitMix64 (Steele, Lea and Flood, 2014).
    """
    with np.errstate(over="ignore"):
        word = np.asarray(first, np.uint64) * np.uint64(0x9E3779B97F4A7C15) + np.asarray(second, np.uint64)
        word = (word + np.uint64(0x9E3779B97F4A7C15)) * np.uint64(0xBF58476D1CE4E5B9)
        word = (word ^ (word >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        word = word ^ (word >> np.uint64(31))
    return (word >> np.uint64(11)).astype(np.float64) * 2.0**-53


def lognormal_fen(rng: np.random.Generator, median_yuan: float | FloatArray, sigma: float, *, size: int) -> IntArray:
    """Draw amounts in fen, lognormal around a median in yuan, at least 1 fen."""
    yuan = np.asarray(median_yuan) * np.exp(sigma * rng.standard_normal(size))
    return np.maximum(np.round(yuan * 100), 1).astype(np.int64)


def nice_fen(rng: np.random.Generator, amount_fen: IntArray, *, share: float = _NICE_SHARE) -> IntArray:
    """Round a share of amounts the way people do: 850, 5 500, 20 000; some of the rest to whole yuan.

    Everybody in the world, coached or not, rounds by this one function, so
    that roundness alone tells nothing.
    """
    draw = rng.random(len(amount_fen))
    magnitude = 10 ** np.floor(np.log10(np.maximum(amount_fen, 1))).astype(np.int64)
    step = np.where(rng.random(len(amount_fen)) < 0.5, magnitude // 2, magnitude // 10)
    step = np.where(draw < share, step, np.where(draw < share + _WHOLE_YUAN_SHARE, 100, 1))
    step = np.maximum(step, 1)
    nice: IntArray = np.maximum((amount_fen + step // 2) // step * step, 1)
    return nice
