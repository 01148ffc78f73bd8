"""How much each API key may ask: a bucket of requests that fills at a steady rate."""

import math
from collections.abc import Callable
from dataclasses import dataclass

from fraudguard.errors import FraudguardError

__all__ = ["Quota", "Quotas", "TooManyError"]


class TooManyError(FraudguardError):
    """A key asks more than it may.

    Parameters
    ----------
    quota : Quota
        What it may.
    wait_s : int
        Seconds until the next request is taken.
    """

    def __init__(self, quota: "Quota", wait_s: int) -> None:
        super().__init__(
            f"this key may ask {quota.rate_per_s} times a second, {quota.burst} at once; wait {wait_s} s",
            f"该密钥每秒限 {quota.rate_per_s} 次、瞬时 {quota.burst} 次；请等待 {wait_s} 秒",
        )
        self.quota = quota
        self.wait_s = wait_s


@dataclass(frozen=True, slots=True, kw_only=True)
class Quota:
    """What a key may ask.

    Parameters
    ----------
    rate_per_s : int
        Requests a second in the long run.
    burst : int
        Requests at once.
    """

    rate_per_s: int
    burst: int


class Quotas:
    """What is left to each key, in this process.

    Parameters
    ----------
    now_s : callable
        A clock that only goes on, in seconds.

    Examples
    --------
    >>> quotas = Quotas(lambda: 0.0)
    >>> quotas.take("a1b2", Quota(rate_per_s=1, burst=2))
    >>> quotas.take("a1b2", Quota(rate_per_s=1, burst=2))
    >>> quotas.take("a1b2", Quota(rate_per_s=1, burst=2))
    Traceback (most recent call last):
    ...
    fraudguard.serve.quota.TooManyError: this key may ask 1 times a second, 2 at once; wait 1 s
    """

    def __init__(self, now_s: Callable[[], float]) -> None:
        self._now_s = now_s
        self._left: dict[str, tuple[float, float]] = {}

    def take(self, prefix: str, quota: Quota) -> None:
        """Take one request from a key's bucket.

        Raises
        ------
        TooManyError
            If it is empty.
        """
        now_s = self._now_s()
        left, since_s = self._left.get(prefix, (float(quota.burst), now_s))
        left = min(left + (now_s - since_s) * quota.rate_per_s, quota.burst)
        if left < 1:
            self._left[prefix] = (left, now_s)
            raise TooManyError(quota, max(math.ceil((1 - left) / quota.rate_per_s), 1))
        self._left[prefix] = (left - 1, now_s)
