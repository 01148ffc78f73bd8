"""What an officer or another source may state about a transfer, and how it enters the log."""

import asyncio
from collections.abc import Sequence

from fraudguard.column import Event
from fraudguard.errors import ConflictError, NotFoundError
from fraudguard.finding import Finding
from fraudguard.serve.intake import Intake, Placed
from fraudguard.serve.store import Store
from fraudguard.serve.store.rows import Kind

__all__ = ["ReviewService"]


class ReviewService:
    """Records findings; a finding is added, never changed.

    Parameters
    ----------
    intake : Intake
        The way into the log.
    store : Store
        What is known so far.
    """

    def __init__(self, *, intake: Intake, store: Store) -> None:
        self._intake = intake
        self._store = store

    async def record(self, finding: Finding) -> Placed:
        """Return a finding with its place in the log, once it is durable."""
        await asyncio.to_thread(self._require_known, finding)
        return await self._intake.add(finding)

    async def record_by_officer(self, finding: Finding) -> Placed:
        """Record a finding that takes the place of the one the officer saw, if any."""
        await asyncio.to_thread(self._require_newest, finding)
        return await self.record(finding)

    def findings_on(self, transfer_id: str) -> Sequence[Finding]:
        """Return the findings on a transfer, oldest first."""
        events = (row.event for row in self._store.log.findings_on(transfer_id))
        return [event for event in events if isinstance(event, Finding)]

    def _require_known(self, finding: Finding) -> None:
        if finding.transfer_id is not None and self._store.log.find(Kind.TRANSFER, finding.transfer_id) is None:
            raise NotFoundError("no transfer with this transfer_id", "没有该 transfer_id 的转账")
        if finding.supersedes is not None:
            self._require_same_subject(finding, finding.supersedes)

    def _require_same_subject(self, finding: Finding, supersedes: str) -> None:
        row = self._store.log.find(Kind.FINDING, supersedes)
        if row is None:
            raise NotFoundError("no finding to supersede with this id", "没有可取代的该编号结论")
        # Otherwise the other transfer would lose its finding, and with it its label.
        if _subject(row.event) != _subject(finding):
            raise ConflictError(
                "the finding to supersede is about another transfer or account; name one about the same",
                "要取代的结论属于另一笔转账或账户；请填写同一对象的结论",
            )

    def _require_newest(self, finding: Finding) -> None:
        known = self.findings_on(finding.transfer_id or "")
        newest = known[-1].finding_id if known else None
        if newest != finding.supersedes:
            raise ConflictError(
                "another finding was recorded meanwhile; check it and submit again",
                "期间已有新的结论；请核对后再提交",
            )


def _subject(event: Event) -> tuple[str | None, str | None]:
    return getattr(event, "transfer_id", None), getattr(event, "account_id", None)
