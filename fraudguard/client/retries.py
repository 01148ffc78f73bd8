"""When to ask again, and after how long."""

from dataclasses import dataclass

from fraudguard.client.failures import ApiError, UnavailableError
from fraudguard.errors import DefinitionError

__all__ = ["Retries"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Retries:
    """How often a request is sent, and how long to wait before it is sent again.

    Only what may succeed later is sent again: no answer, 429 and 5xx. The wait doubles from one attempt to the next and is drawn by chance below that, so that callers
    who failed together do not come back together; it is no shorter than the service asks.

    Parameters
    ----------
    attempts : int
        Most times that a request is sent, the first one counted.
    first_s : float
        Longest wait before the second attempt, seconds.
    most_s : float
        Longest wait of all, seconds; a service that asks for more is not asked again.

    Raises
    ------
    DefinitionError
        If a number makes no sense.

    Examples
    --------
    >>> from fraudguard.client import NoAnswerError
    >>> [Retries().wait_s(attempt, NoAnswerError("ReadTimeout"), chance=0.5) for attempt in (1, 2, 3, 4)]
    [0.1, 0.2, 0.4, None]
    """

    attempts: int = 4
    first_s: float = 0.2
    most_s: float = 5.0

    def __post_init__(self) -> None:
        if self.attempts < 1 or not 0 <= self.first_s <= self.most_s:
            raise DefinitionError(
                f"retries: attempts {self.attempts}, first_s {self.first_s}, most_s {self.most_s}; give at least one attempt, "
                "and waits of 0 or more that do not shrink",
                f"重试：attempts {self.attempts}、first_s {self.first_s}、most_s {self.most_s}；至少一次，等待不小于 0 且不递减",
            )

    def wait_s(self, attempt: int, failure: ApiError, *, chance: float) -> float | None:
        """Return how long to wait before the next attempt, None to give up.

        Parameters
        ----------
        attempt : int
            How many there were, from 1.
        failure : ApiError
            What came of the last one.
        chance : float
            Drawn evenly from [0, 1).

        Returns
        -------
        float or None
            Seconds.
        """
        asked_s = failure.retry_after_s or 0.0
        if attempt >= self.attempts or asked_s > self.most_s or not isinstance(failure, UnavailableError):
            return None
        longest_s = min(self.first_s * 2.0 ** (attempt - 1), self.most_s)
        return max(chance * longest_s, asked_s)
