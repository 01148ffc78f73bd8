"""Lists, holds and appeals, as the blocking client asks for them."""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from typing import Any, TypeVar

from fraudguard.client import hold_calls
from fraudguard.client.calls import Call
from fraudguard.client.hold_answers import Appeal, HoldDetail, ListEntry

__all__ = ["BlockingHolds"]

Result = TypeVar("Result")
Wire = Mapping[str, Any]
_PAGE = 200


class BlockingHolds(ABC):
    """The part of the client that people's acts go through."""

    @abstractmethod
    def _send(self, call: Call[Result]) -> Result:
        """Send a request until it is answered, or give up."""

    def add_list_entry(self, list_kind: str, entry: Wire) -> ListEntry:
        """Put a payee's account on a list; it counts from the next assessment on.

        Parameters
        ----------
        list_kind : {"watch", "exempt"}
            Which list.
        entry : mapping
            `account_id`, `reason_code`, `expires_at` and what else is known; gets an id when it has none.

        Returns
        -------
        ListEntry
            As it stands there.
        """
        return self._send(hold_calls.add_list_entry(list_kind, entry))

    def read_list_entry(self, list_kind: str, entry_id: str) -> ListEntry:
        """Return an entry of a list.

        Parameters
        ----------
        list_kind : {"watch", "exempt"}
            Which list.
        entry_id : str
            Its id.

        Returns
        -------
        ListEntry
            With its revocation, if any.
        """
        return self._send(hold_calls.read_list_entry(list_kind, entry_id))

    def revoke_list_entry(self, list_kind: str, entry_id: str, note: str) -> ListEntry:
        """Let an entry count no longer.

        Parameters
        ----------
        list_kind : {"watch", "exempt"}
            Which list.
        entry_id : str
            Its id.
        note : str
            Why.

        Returns
        -------
        ListEntry
            It stays on record.
        """
        return self._send(hold_calls.revoke_list_entry(list_kind, entry_id, note))

    def read_hold(self, assessment_id: str) -> HoldDetail:
        """Return a hold, with the notice that the customer is owed.

        Parameters
        ----------
        assessment_id : str
            ``asm_…``.

        Returns
        -------
        HoldDetail
            What was done with it, and how it stands.
        """
        return self._send(hold_calls.read_hold(assessment_id))

    def release(self, assessment_id: str, reason_code: str, *, note: str | None = None) -> HoldDetail:
        """Let the money go; sent again as needed, it is done once.

        Parameters
        ----------
        assessment_id : str
            ``asm_…``.
        reason_code : str
            Why, such as ``verified_with_payer``.
        note : str or None
            In words.

        Returns
        -------
        HoldDetail
            Released.
        """
        return self._send(hold_calls.release(assessment_id, reason_code, note=note))

    def extend(self, assessment_id: str, hold_s: int, reason_code: str, *, note: str | None = None) -> HoldDetail:
        """Keep the money for longer; sent again as needed, it is done once.

        Parameters
        ----------
        assessment_id : str
            ``asm_…``.
        hold_s : int
            How many seconds more.
        reason_code : str
            Why, such as ``payer_unreachable``.
        note : str or None
            In words.

        Returns
        -------
        HoldDetail
            With its new end.
        """
        return self._send(hold_calls.extend(assessment_id, hold_s, reason_code, note=note))

    def lodge_appeal(self, assessment_id: str, appellant: str, grounds: str) -> Appeal:
        """Object to a hold; sent again as needed, it is lodged once.

        Parameters
        ----------
        assessment_id : str
            ``asm_…``.
        appellant : {"payer", "payee"}
            Who objects.
        grounds : str
            Why.

        Returns
        -------
        Appeal
            To be answered by `due_at`.
        """
        return self._send(hold_calls.lodge_appeal(assessment_id, appellant, grounds))

    def read_appeal(self, appeal_id: str) -> Appeal:
        """Return an appeal.

        Parameters
        ----------
        appeal_id : str
            Its id.

        Returns
        -------
        Appeal
            And how it ended, if it has.
        """
        return self._send(hold_calls.read_appeal(appeal_id))

    def decide_appeal(self, appeal_id: str, outcome: str, note: str) -> Appeal:
        """End an appeal; one that is upheld releases the hold.

        Parameters
        ----------
        appeal_id : str
            Its id.
        outcome : {"upheld", "rejected"}
            What came of it.
        note : str
            The answer's reasons.

        Returns
        -------
        Appeal
            Ended.
        """
        return self._send(hold_calls.decide_appeal(appeal_id, outcome, note))

    def list_entries(self, list_kind: str, *, account_id: str | None = None) -> Iterator[ListEntry]:
        """Yield the entries of a list, the newest first, page by page.

        Parameters
        ----------
        list_kind : {"watch", "exempt"}
            Which list.
        account_id : str or None
            Only of this payee's account.

        Yields
        ------
        ListEntry
            Also those revoked or expired.
        """
        after: str | None = None
        while True:
            page = self._send(hold_calls.list_entries(list_kind, after=after, limit=_PAGE, account_id=account_id))
            yield from page.data
            if not page.has_more:
                return
            after = page.next_cursor

    def list_holds(self, *, state: str | None = None) -> Iterator[HoldDetail]:
        """Yield holds, the newest first, page by page.

        Parameters
        ----------
        state : {"held", "released", "expired"} or None
            Only those that stand so.

        Yields
        ------
        HoldDetail
            With what was done with each.
        """
        after: str | None = None
        while True:
            page = self._send(hold_calls.list_holds(after=after, limit=_PAGE, state=state))
            yield from page.data
            if not page.has_more:
                return
            after = page.next_cursor

    def list_appeals(self, *, assessment_id: str | None = None) -> Iterator[Appeal]:
        """Yield appeals, the newest first, page by page.

        Parameters
        ----------
        assessment_id : str or None
            Only those about this assessment.

        Yields
        ------
        Appeal
            Open and decided.
        """
        after: str | None = None
        while True:
            page = self._send(hold_calls.list_appeals(after=after, limit=_PAGE, assessment_id=assessment_id))
            yield from page.data
            if not page.has_more:
                return
            after = page.next_cursor
