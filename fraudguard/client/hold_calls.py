"""The requests about lists, holds and appeals. Nothing here sends anything."""

from typing import Any
from urllib.parse import quote
from uuid import uuid4

from fraudguard.client.calls import Call, Wire, get, post
from fraudguard.client.hold_answers import Appeal, AppealPage, HoldDetail, HoldPage, ListEntry, ListPage

__all__ = [
    "add_list_entry",
    "decide_appeal",
    "extend",
    "list_appeals",
    "list_entries",
    "list_holds",
    "lodge_appeal",
    "read_appeal",
    "read_hold",
    "read_list_entry",
    "release",
    "revoke_list_entry",
]


def add_list_entry(list_kind: str, entry: Wire) -> Call[ListEntry]:
    """Return the request to put an account on a list, with an id, so that it stands there once."""
    return post(_entries(list_kind), {"entry_id": f"lst_{uuid4().hex}", **entry}, ListEntry)


def read_list_entry(list_kind: str, entry_id: str) -> Call[ListEntry]:
    """Return the request to read an entry."""
    return get(_entries(list_kind, entry_id), ListEntry)


def revoke_list_entry(list_kind: str, entry_id: str, note: str) -> Call[ListEntry]:
    """Return the request to let an entry count no longer."""
    return post(f"{_entries(list_kind, entry_id)}/revoke", {"note": note}, ListEntry)


def list_entries(list_kind: str, *, after: str | None, limit: int, account_id: str | None) -> Call[ListPage]:
    """Return the request for a page of entries."""
    return get(_entries(list_kind), ListPage, params=_asked(after=after, limit=str(limit), account_id=account_id))


def read_hold(assessment_id: str) -> Call[HoldDetail]:
    """Return the request to read a hold."""
    return get(f"/v1/holds/{_part(assessment_id)}", HoldDetail)


def list_holds(*, after: str | None, limit: int, state: str | None) -> Call[HoldPage]:
    """Return the request for a page of holds."""
    return get("/v1/holds", HoldPage, params=_asked(after=after, limit=str(limit), state=state))


def release(assessment_id: str, reason_code: str, *, note: str | None) -> Call[HoldDetail]:
    """Return the request to let money go, with an id, so that it is done once however often it is sent."""
    return _act(assessment_id, "release", reason_code=reason_code, note=note)


def extend(assessment_id: str, hold_s: int, reason_code: str, *, note: str | None) -> Call[HoldDetail]:
    """Return the request to keep money for longer, with an id, so that it is done once however often it is sent."""
    return _act(assessment_id, "extend", reason_code=reason_code, note=note, hold_s=hold_s)


def lodge_appeal(assessment_id: str, appellant: str, grounds: str) -> Call[Appeal]:
    """Return the request to object to a hold, with an id, so that it is lodged once however often it is sent."""
    body = {
        "appeal_id": f"apl_{uuid4().hex}",
        "assessment_id": assessment_id,
        "appellant": appellant,
        "grounds": grounds,
    }
    return post("/v1/appeals", body, Appeal)


def read_appeal(appeal_id: str) -> Call[Appeal]:
    """Return the request to read an appeal."""
    return get(f"/v1/appeals/{_part(appeal_id)}", Appeal)


def decide_appeal(appeal_id: str, outcome: str, note: str) -> Call[Appeal]:
    """Return the request to end an appeal."""
    return post(f"/v1/appeals/{_part(appeal_id)}/decide", {"outcome": outcome, "note": note}, Appeal)


def list_appeals(*, after: str | None, limit: int, assessment_id: str | None) -> Call[AppealPage]:
    """Return the request for a page of appeals."""
    return get("/v1/appeals", AppealPage, params=_asked(after=after, limit=str(limit), assessment_id=assessment_id))


def _act(assessment_id: str, act: str, **said: Any) -> Call[HoldDetail]:  # noqa: ANN401  # JSON
    body = {"act_id": f"act_{uuid4().hex}", **{name: value for name, value in said.items() if value is not None}}
    return post(f"/v1/assessments/{_part(assessment_id)}/{act}", body, HoldDetail)


def _entries(list_kind: str, *parts: str) -> str:
    return "/".join([f"/v1/lists/{_part(list_kind)}/entries", *(_part(part) for part in parts)])


def _part(text: str) -> str:
    return quote(text, safe="")


def _asked(**wanted: str | None) -> dict[str, str]:
    return {name: value for name, value in wanted.items() if value is not None}
