"""How many requests are answered at a time: those above are refused at once, so that those within keep their pace."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

from fraudguard.errors import NotReadyError

__all__ = ["Fence", "OverloadedError"]

_LOOK_S: Final = 0.02
_SHARE: Final = 8
"""A loop that is late while less than an eighth of the places is taken had a hiccup, and is not overloaded."""


class OverloadedError(NotReadyError):
    """More is asked than can be answered in time."""


class Fence:
    """Lets a number of requests in, and fewer when the event loop falls behind.

    Parameters
    ----------
    in_flight_limit : int
        Most requests at a time.
    lag_limit_s : float
        With the loop this late nobody is let in beyond an eighth of the places; 0 to look at the number alone.
    """

    def __init__(self, *, in_flight_limit: int, lag_limit_s: float) -> None:
        self._limit = in_flight_limit
        self._lag_limit_s = lag_limit_s or float("inf")
        self.in_flight = 0
        self.admitted = 0
        self.lag_s = 0.0

    @contextmanager
    def entered(self) -> Iterator[None]:
        """Take a place, and give it back.

        Raises
        ------
        OverloadedError
            If there is none.
        """
        few = self.in_flight < self._limit // _SHARE
        if self.in_flight >= self._limit or (self.lag_s > self._lag_limit_s and not few):
            raise OverloadedError(
                "more is asked than can be answered in time; try the same request again after Retry-After",
                "请求超出处理能力；请在 Retry-After 之后重试同一请求",
            )
        self.in_flight += 1
        self.admitted += 1
        try:
            yield
        finally:
            self.in_flight -= 1

    async def watch(self, now_s: Callable[[], float], *, look_s: float = _LOOK_S) -> None:
        """Keep an eye on how late the loop is; ends only when cancelled.

        Parameters
        ----------
        now_s : callable
            The loop's clock.
        look_s : float
            How often.
        """
        while True:
            due_s = now_s() + look_s
            await asyncio.sleep(look_s)
            self.lag_s = max(now_s() - due_s, 0.0)
