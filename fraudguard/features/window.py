"""The window, and the one rule of what falls inside it.

A window of length *W* at transfer *e* of an entity holds every transfer *f* of
that entity that stands **earlier in the log** than *e* and has
``t_e - W <= t_f``. So *e* never sees itself, equal times are told apart by log
order, and the lower edge is inside. ``t_e`` is the event time of *e*, or the
entity's watermark (its latest event time so far) if *e* is late; a late
transfer is remembered at the watermark, so what was computed before it came
never changes. A transfer to oneself is money out and money in of the same
account: all of its features are read before either is remembered. The kernel
does the arithmetic; nothing else in the package does.
"""

import re
from dataclasses import dataclass
from typing import Final

from fraudguard.errors import DefinitionError
from fraudguard.wording import Bilingual

__all__ = ["Window", "days", "hours", "minutes", "windows"]

_MINUTE_MS: Final = 60_000
_UNITS: Final = {"d": 1440 * _MINUTE_MS, "h": 60 * _MINUTE_MS, "m": _MINUTE_MS}
_WORDS: Final = {"d": ("天", "day"), "h": ("小时", "hour"), "m": ("分钟", "minute")}


@dataclass(frozen=True, slots=True, order=True)
class Window:
    """A span of event time that ends at the transfer being scored.

    Parameters
    ----------
    length_ms : int
        Length in milliseconds; a whole number of minutes, at least one.

    Raises
    ------
    DefinitionError
        If the length is not a positive whole number of minutes.
    """

    length_ms: int

    def __post_init__(self) -> None:
        if self.length_ms <= 0 or self.length_ms % _MINUTE_MS:
            raise DefinitionError(
                f"a window is a positive whole number of minutes, not {self.length_ms} ms",
                f"窗口必须是正的整分钟数，不能是 {self.length_ms} 毫秒",
            )

    @property
    def suffix(self) -> str:
        """The last part of a feature's name: ``10m``, ``1h``, ``7d``."""
        letter, unit_ms = self._unit()
        return f"{self.length_ms // unit_ms}{letter}"

    @property
    def title(self) -> Bilingual:
        """The window in words: 近7天, ``in the last 7 days``."""
        letter, unit_ms = self._unit()
        n = self.length_ms // unit_ms
        zh, en = _WORDS[letter]
        return Bilingual(f"近{n}{zh}", f"in the last {en}" if n == 1 else f"in the last {n} {en}s")

    def _unit(self) -> tuple[str, int]:
        return next((letter, unit_ms) for letter, unit_ms in _UNITS.items() if self.length_ms % unit_ms == 0)


def windows(text: str) -> tuple[Window, ...]:
    """Return the windows of a text, shortest first.

    Parameters
    ----------
    text : str
        Lengths with a unit (m, h or d), separated by spaces.

    Returns
    -------
    tuple of Window
        Ascending, without repeats.

    Raises
    ------
    DefinitionError
        If a part is not a positive number and a unit.

    Examples
    --------
    >>> [window.suffix for window in windows("1h 10m 24h")]
    ['10m', '1h', '1d']
    """
    return tuple(sorted({_parse(part) for part in text.split()}))


def _parse(part: str) -> Window:
    match = re.fullmatch(r"(\d+)([mhd])", part)
    if match is None:
        raise DefinitionError(
            f"no window {part!r}; write a number and m, h or d, such as 10m, 1h, 30d",
            f"没有窗口 {part!r}；请写数字加 m、h 或 d，如 10m、1h、30d",
        )
    return Window(int(match[1]) * _UNITS[match[2]])


def minutes(n: int) -> Window:
    """Return a window of `n` minutes.

    Parameters
    ----------
    n : int
        How many, at least one.

    Returns
    -------
    Window
        That long.
    """
    return Window(n * _UNITS["m"])


def hours(n: int) -> Window:
    """Return a window of `n` hours.

    Parameters
    ----------
    n : int
        How many, at least one.

    Returns
    -------
    Window
        That long.
    """
    return Window(n * _UNITS["h"])


def days(n: int) -> Window:
    """Return a window of `n` days of 24 hours.

    Parameters
    ----------
    n : int
        How many, at least one.

    Returns
    -------
    Window
        That long.
    """
    return Window(n * _UNITS["d"])
