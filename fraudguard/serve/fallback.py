"""What a caller is told to do when there is no judgement in time: declared beforehand, by amount."""

from dataclasses import dataclass

from fraudguard.decision import Intervention

__all__ = ["DEADLINE", "Fallback"]

DEADLINE = "deadline"
"""The reason that an answer at the caller's deadline gives."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fallback:
    """Fail open below an amount, fail closed from it on.

    Parameters
    ----------
    from_fen : int
        The amount.
    below, above : Intervention
        What to do with less, and with as much or more.

    Examples
    --------
    >>> rule = Fallback(from_fen=500_000, below=Intervention.ALLOW, above=Intervention.VERIFY_TRANSACTION)
    >>> rule.intervention(499_999).value, rule.intervention(500_000).value
    ('allow', 'verify_transaction')
    """

    from_fen: int
    below: Intervention
    above: Intervention

    def intervention(self, amount_fen: int) -> Intervention:
        """Return what to do with a transfer of an amount."""
        return self.above if amount_fen >= self.from_fen else self.below
