"""The instants of one judgement."""

from dataclasses import dataclass

__all__ = ["Stopwatch"]


@dataclass(slots=True)
class Stopwatch:
    """When each part of a judgement was done, seconds of `time.perf_counter`.

    Parameters
    ----------
    started : float
        Before the features.
    queried : float
        After them.
    decided : float
        After score and decision.
    explained : float
        After the reasons; equal to `decided` when none were asked for.
    """

    started: float
    queried: float = 0.0
    decided: float = 0.0
    explained: float = 0.0
