"""What may be done with a transfer, and how soon people look at it."""

from collections.abc import Sequence
from enum import StrEnum

__all__ = ["Intervention", "Tier"]


class Intervention(StrEnum):
    """What to do with a transfer, mildest first; there is no default.

    The four from VERIFY_TRANSACTION on are those of Article 18 of the
    Anti-Telecom and Online Fraud Law (2022). Emergency stop and freeze are
    police powers (Article 20) and are not among these: this package sends no
    such request.
    """

    ALLOW = "allow"  # 放行
    REMIND = "remind"  # 提醒
    VERIFY_TRANSACTION = "verify_transaction"  # 核实交易情况
    REVERIFY_IDENTITY = "reverify_identity"  # 重新核验身份
    DELAY_SETTLEMENT = "delay_settlement"  # 延迟支付结算
    SUSPEND_SERVICE = "suspend_service"  # 限制或者中止有关业务

    @property
    def severity(self) -> int:
        """Place in the order above, from 0."""
        return _SEVERITY[self]

    @property
    def holds_money(self) -> bool:
        """Whether the money stays where it is for a while."""
        return self.severity >= _SEVERITY[Intervention.DELAY_SETTLEMENT]

    @classmethod
    def gravest(cls, interventions: Sequence["Intervention"]) -> "Intervention":
        """Return the most severe of several; outcomes combine this way and no other.

        Parameters
        ----------
        interventions : sequence of Intervention
            At least one.

        Returns
        -------
        Intervention
            The one with the greatest severity.
        """
        return max(interventions, key=lambda intervention: intervention.severity)


_SEVERITY = {intervention: place for place, intervention in enumerate(Intervention)}


class Tier(StrEnum):
    """How soon an officer must look, soonest first."""

    URGENT = "urgent"
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"
