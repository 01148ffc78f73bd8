"""Test accounts that force a decision, like the card numbers of a payment provider: for whoever integrates, in a demonstration only.

Outside of one these are accounts like any other.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

import numpy as np
from numpy.typing import NDArray

from fraudguard.decision import Decision, Intervention, Policy, Step, Tier
from fraudguard.serve.judge import Judge
from fraudguard.transfer import Transfer

__all__ = ["PREFIX", "Sandbox"]

PREFIX: Final = "fg_test_"
"""Of a payee's account; the intervention that it forces follows."""

_HOLD_S: Final = 3_600
_DELAYS: Final = Intervention.DELAY_SETTLEMENT.severity
_NEEDS_OFFICER: Final = Intervention.VERIFY_TRANSACTION.severity


class Sandbox(Judge):
    """A judge that decides as the payee's account says, if that is one for tests; score and reasons stay the model's."""

    def decide(self, transfer: Transfer, vector: NDArray[np.float64], *, at: datetime) -> Decision:
        """Return the decision on a transfer with this vector, without reasons."""
        return _forced(Judge.decide(self, transfer, vector, at=at), self.policy)

    def decide_rows(
        self, transfers: Sequence[Transfer], rows: NDArray[np.float64], *, at: datetime
    ) -> tuple[Decision, ...]:
        """Return the decisions on many transfers."""
        decisions = Judge.decide_rows(self, transfers, rows, at=at)
        return tuple(_forced(decision, self.policy) for decision in decisions)


def _forced(decision: Decision, policy: Policy) -> Decision:
    prefix, found, word = decision.transfer.payee_account_id.partition(PREFIX)
    if prefix or not found or word not in set(Intervention):
        return decision
    step = _step(Intervention(word), policy)
    return replace(decision, intervention=step.intervention, tier=step.tier, hold_s=step.hold_s)


def _step(wanted: Intervention, policy: Policy) -> Step:
    own = next((step for step in policy.steps if step.intervention is wanted), None)
    return own or Step(
        score_from=1.0,
        intervention=wanted,
        tier=Tier.MEDIUM if wanted.severity >= _NEEDS_OFFICER else None,
        hold_s=_HOLD_S if wanted.severity >= _DELAYS else None,
    )
