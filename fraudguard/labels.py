"""From findings to the label of a training row, as it was known at a moment. Pure.

Findings are appended and never changed; a label is derived from those that
were received by ``as_of``. A transfer nobody reported is not genuine until it
is mature.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final, Literal

from fraudguard.errors import DefinitionError
from fraudguard.finding import Finding, FindingSource, FindingValue

__all__ = ["SOURCE_PRECEDENCE", "Label", "LabelRule", "label_at", "standing"]


class Label(StrEnum):
    """What a training row says of a transfer."""

    FRAUD = "fraud"
    GENUINE = "genuine"
    UNKNOWN = "unknown"


SOURCE_PRECEDENCE: Final[tuple[FindingSource | None, ...]] = (
    None,
    FindingSource.IMPORTED,
    FindingSource.VICTIM_REPORT,
    FindingSource.SAMPLED_REVIEW,
    FindingSource.STOP_FEEDBACK,
    FindingSource.DISSUASION_CONFIRMED,
    FindingSource.OFFICER,
    FindingSource.BANK_CONFIRMED,
    FindingSource.POLICE_CASE,
)
"""Of two findings received at the same moment, the source that stands later here wins."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelRule:
    """How findings, or their absence, become a label.

    Parameters
    ----------
    maturity : timedelta
        How long after a transfer the absence of a finding means genuine.
    unreported : {"genuine", "unknown"}
        What a mature transfer without a finding is.
    target : tuple of FindingValue
        The findings that make a transfer a fraud row.

    Raises
    ------
    DefinitionError
        If maturity is negative, or target is empty or holds ``genuine``.
    """

    maturity: timedelta
    unreported: Literal["genuine", "unknown"] = "genuine"
    target: tuple[FindingValue, ...] = (FindingValue.VICTIM_TRANSFER,)

    def __post_init__(self) -> None:
        if self.maturity < timedelta(0):
            raise DefinitionError(
                f"label maturity {self.maturity} is negative; give zero or more",
                f"标签成熟期 {self.maturity} 为负；请填零或正数",
            )
        if not self.target or FindingValue.GENUINE in self.target:
            raise DefinitionError(
                f"target {[*map(str, self.target)]} must name at least one finding, and not genuine",
                f"target {[*map(str, self.target)]} 至少写一种结论，且不能是 genuine",
            )

    def label_of(self, finding: FindingValue) -> Label:
        """Return what a standing finding makes of a transfer."""
        if finding in self.target:
            return Label.FRAUD
        return Label.GENUINE if finding is FindingValue.GENUINE else Label.UNKNOWN


def label_at(
    transfer_id: str, findings: Sequence[Finding], *, event_time: datetime, as_of: datetime, rule: LabelRule
) -> Label:
    """Return the label of a transfer as it was known at a moment.

    Parameters
    ----------
    transfer_id : str
        The transfer.
    findings : sequence of Finding
        Any findings, in any order; those on other transfers matter only for what they supersede.
    event_time : datetime
        When the transfer was ordered.
    as_of : datetime
        Findings received later are not looked at.
    rule : LabelRule
        Maturity, and what counts as fraud.

    Returns
    -------
    Label
        FRAUD, GENUINE or UNKNOWN.
    """
    found = standing(transfer_id, findings, as_of=as_of)
    if found is not None:
        return rule.label_of(found.finding)
    mature = event_time + rule.maturity <= as_of
    return Label.GENUINE if mature and rule.unreported == "genuine" else Label.UNKNOWN


def standing(transfer_id: str, findings: Sequence[Finding], *, as_of: datetime) -> Finding | None:
    """Return the finding that stands on a transfer at a moment.

    Superseded findings do not stand, even when the one that superseded them
    is superseded in turn. Of the rest the latest received stands; on a tie the source
    of higher precedence, then the greater id.

    Parameters
    ----------
    transfer_id : str
        The transfer.
    findings : sequence of Finding
        Any findings, in any order.
    as_of : datetime
        Findings received later are not looked at.

    Returns
    -------
    Finding or None
        None when nothing stands.
    """
    known = [finding for finding in findings if finding.received_at <= as_of]
    superseded = {finding.supersedes for finding in known}
    candidates = [f for f in known if f.transfer_id == transfer_id and f.finding_id not in superseded]
    return max(candidates, key=_rank, default=None)


def _rank(finding: Finding) -> tuple[datetime, int, str]:
    return finding.received_at, SOURCE_PRECEDENCE.index(finding.source), finding.finding_id
