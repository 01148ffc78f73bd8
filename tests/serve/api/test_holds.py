"""Lists, holds and appeals over the API."""

from typing import Any

import pytest

from fraudguard.serve.store.case_rows import CaseFilter
from tests.serve.fakes import Service, body_of

ENTRY = {
    "entry_id": "L1",
    "account_id": "payee-account-1",
    "reason_code": "police_request",
    "expires_at": "2026-02-01T00:00:00Z",
}


def posted(service: Service, path: str, body: dict[str, Any]) -> Any:  # noqa: ANN401  # the client's response
    """Post a body with every scope."""
    return service.client.post(path, json=body, headers=service.auth)


def read(service: Service, path: str) -> Any:  # noqa: ANN401  # JSON
    """Return what a path says."""
    return service.client.get(path, headers=service.auth).json()


def test_a_watched_payee_is_verified_from_then_on(service: Service) -> None:
    """The answer names the entry and what it does; after the revocation all is as before."""
    before = service.assess(body_of("T1")).json()
    added = posted(service, "/v1/lists/watch/entries", ENTRY)
    watched = service.assess(body_of("T2")).json()
    revoked = posted(service, "/v1/lists/watch/entries/L1/revoke", {"note": "checked"}).json()
    after = service.assess(body_of("T3")).json()

    assert [one["intervention"] for one in (before, watched, after)] == ["allow", "verify_transaction", "allow"]
    assert watched["lists"] == [
        {"entry_id": "L1", "kind": "watch", "reason_code": "police_request", "effect": "at_least:verify_transaction"}
    ]
    assert watched["tier"] == "high"
    assert watched["reasons"]
    assert (added.status_code, added.json()["in_force"], revoked["in_force"]) == (200, True, False)
    assert revoked["revocation"]["note"] == "checked"


def test_an_exemption_is_told_and_holds_nothing(service: Service) -> None:
    """However high the score."""
    service.scorer.fixed = 0.95
    exempt = {**ENTRY, "reason_code": "own_account", "payer_account_id": "payer-account-1"}
    posted(service, "/v1/lists/exempt/entries", exempt)
    answer = service.assess(body_of()).json()

    assert (answer["intervention"], answer["tier"], answer["hold"]) == ("remind", None, None)
    assert answer["lists"][0]["effect"] == "at_most:remind"
    service.store.gathering.gather()
    assert service.store.cases.count(CaseFilter(), now_ms=0) == 0


def test_entries_are_listed_and_read(service: Service) -> None:
    """By list and account, the newest first; the same one again is the same."""
    first = posted(service, "/v1/lists/watch/entries", ENTRY)
    again = posted(service, "/v1/lists/watch/entries", ENTRY)
    posted(service, "/v1/lists/watch/entries", {**ENTRY, "entry_id": "L2", "account_id": "b"})
    page = read(service, "/v1/lists/watch/entries?limit=1")
    rest = read(service, f"/v1/lists/watch/entries?limit=1&after={page['next_cursor']}")

    assert [one.headers["idempotent-replayed"] for one in (first, again)] == ["false", "true"]
    assert [one["entry_id"] for one in (*page["data"], *rest["data"])] == ["L2", "L1"]
    assert (page["has_more"], rest["has_more"]) == (True, False)
    assert [one["entry_id"] for one in read(service, "/v1/lists/watch/entries?account_id=b")["data"]] == ["L2"]
    assert read(service, "/v1/lists/watch/entries/L1") == first.json()
    assert read(service, "/v1/lists/exempt/entries/L1")["code"] == "not_found"
    assert read(service, "/v1/lists/grey/entries")["code"] == "not_found"


def test_a_hold_is_extended_and_released(service: Service) -> None:
    """Each act with its reason; the notice to the customer comes with it, and a second release is a readable conflict."""
    service.scorer.fixed = 0.95
    asked = service.assess(body_of()).json()
    path = f"/v1/assessments/{asked['id']}"
    longer = posted(service, f"{path}/extend", {"reason_code": "payer_unreachable", "hold_s": 600}).json()
    released = posted(service, f"{path}/release", {"act_id": "R1", "reason_code": "verified_with_payer"})
    again = posted(service, f"{path}/release", {"act_id": "R1", "reason_code": "verified_with_payer"})
    second = posted(service, f"{path}/release", {"reason_code": "by_order"})

    assert longer["state"] == "held"
    assert [act["act"] for act in released.json()["acts"]] == ["extend", "release"]
    assert released.json()["notice"]["zh"].count("\n") == 2
    assert again.content == released.content
    assert (second.status_code, second.json()["code"]) == (409, "conflict")
    assert [one["assessment_id"] for one in read(service, "/v1/holds?state=released")["data"]] == [asked["id"]]
    assert read(service, "/v1/holds?state=held")["data"] == []
    assert read(service, f"/v1/holds/{asked['id']}") == again.json()


def test_an_appeal_goes_its_way(service: Service) -> None:
    """Lodged, listed, upheld; the hold is released by it."""
    service.scorer.fixed = 0.95
    asked = service.assess(body_of()).json()["id"]
    lodged = posted(
        service, "/v1/appeals", {"appeal_id": "A1", "assessment_id": asked, "appellant": "payer", "grounds": "rent"}
    )
    listed = read(service, f"/v1/appeals?assessment_id={asked}")
    ended = posted(service, "/v1/appeals/A1/decide", {"outcome": "upheld", "note": "lease seen"}).json()

    assert (lodged.json()["state"], lodged.json()["is_overdue"]) == ("open", False)
    assert listed["data"] == [lodged.json()]
    assert (ended["state"], ended["end"]["note"]) == ("upheld", "lease seen")
    assert read(service, "/v1/appeals/A1") == ended
    assert read(service, f"/v1/holds/{asked}")["state"] == "released"


@pytest.mark.parametrize(
    ("path", "body", "pointer"),
    [
        ("/v1/lists/watch/entries", {**ENTRY, "expires_at": "tomorrow"}, "#/expires_at"),
        ("/v1/lists/watch/entries", {**ENTRY, "expires_at": 5}, "#/expires_at"),
        ("/v1/lists/watch/entries", {**ENTRY, "more": 1}, "#/more"),
        ("/v1/assessments/x/extend", {"reason_code": "by_order", "hold_s": 59}, "#/hold_s"),
        ("/v1/assessments/x/release", {"reason_code": "because"}, "#/reason_code"),
        ("/v1/appeals", {"assessment_id": "x", "appellant": "bank", "grounds": "y"}, "#/appellant"),
        ("/v1/appeals/x/decide", {"outcome": "open", "note": "y"}, "#/outcome"),
    ],
)
def test_a_form_that_does_not_fit_names_the_field(
    service: Service, path: str, body: dict[str, Any], pointer: str
) -> None:
    """By its pointer."""
    answer = posted(service, path, body)

    assert answer.status_code == 422
    assert [one["pointer"] for one in answer.json()["errors"]] == [pointer]
