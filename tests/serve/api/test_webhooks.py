"""Webhook endpoints over the API."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from fraudguard.serve.auth import Scope
from tests.serve.fakes import Service, add_key, make_settings, running

ROOT = "/v1/webhook_endpoints"
# Nobody listens there: what is queued stays queued.
ENDPOINT = {"endpoint_id": "W1", "url": "http://127.0.0.1:9/hooks", "events": ["hold.released", "case.closed"]}


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    """Give a service that may send to loopback."""
    with running(make_settings(tmp_path, webhook_networks="127.0.0.0/8")) as started:
        yield started


def posted(service: Service, path: str = "", body: dict[str, Any] | None = None) -> Any:  # noqa: ANN401  # the client's response
    """Post to a path below the endpoints."""
    return service.client.post(f"{ROOT}{path}", json=body, headers=service.auth)


def read(service: Service, path: str = "") -> Any:  # noqa: ANN401  # the client's response
    """Read a path below the endpoints."""
    return service.client.get(f"{ROOT}{path}", headers=service.auth)


def test_the_secret_is_shown_once(service: Service) -> None:
    """Where it is made, and neither when the same is sent again nor when it is read."""
    added = posted(service, body=ENDPOINT)
    again = posted(service, body=ENDPOINT)
    other = posted(service, body=ENDPOINT | {"events": ["case.closed"]})
    shown = read(service, "/W1").json()

    assert added.json()["secret"].startswith("whsec_")
    assert added.json()["events"] == ["case.closed", "hold.released"]
    assert (again.json()["secret"], again.headers["idempotent-replayed"]) == (None, "true")
    assert (other.status_code, other.json()["code"]) == (409, "id_reused")
    assert shown == again.json()
    assert (shown["state"], shown["author"], shown["failing_since"]) == ("active", "test", None)


def test_a_secret_is_changed_with_time_to_follow(service: Service) -> None:
    """Both sign until then."""
    first = posted(service, body=ENDPOINT).json()["secret"]
    changed = posted(service, "/W1/rotate", {"keep_s": 3_600}).json()

    assert changed["secret"] != first
    assert changed["former_secret_until"] == "2026-01-05T03:00:00Z"  # noqa: S105  # a moment


def test_an_endpoint_is_disabled_and_enabled_with_a_line_each(service: Service) -> None:
    """Disabled it takes no test; doing the same twice writes one line."""
    posted(service, body=ENDPOINT)
    disabled = [posted(service, "/W1/disable").json() for _ in range(2)]
    refused = posted(service, "/W1/test")
    enabled = posted(service, "/W1/enable").json()
    acts = [line.act for line in service.store.trail.newest(limit=3)]

    assert [one["state"] for one in (*disabled, enabled)] == ["disabled", "disabled", "active"]
    assert (refused.status_code, refused.json()["code"]) == (409, "conflict")
    assert acts == ["webhook_enabled", "webhook_disabled", "webhook_added"]


def test_deliveries_are_listed_and_sent_again(service: Service) -> None:
    """Page by page, by state, the newest first."""
    posted(service, body=ENDPOINT)
    queued = [posted(service, "/W1/test").json() for _ in range(3)]
    first = read(service, "/W1/deliveries?limit=2").json()
    rest = read(service, f"/W1/deliveries?limit=2&after={first['next_cursor']}").json()
    ids = [one["event_id"] for one in (*first["data"], *rest["data"])]
    again = posted(service, f"/W1/deliveries/{ids[-1]}/redeliver").json()

    assert ids == [one["event_id"] for one in queued][::-1]
    assert (first["has_more"], rest["has_more"]) == (True, False)
    assert (again["event_id"], again["tries"], again["type"]) == (ids[-1], 0, "webhook.test")
    assert read(service, "/W1/deliveries?delivery_state=delivered").json()["data"] == []
    assert read(service, "/W1/deliveries?delivery_state=lost").status_code == 422


def test_an_address_within_the_banks_own_walls_is_refused(service: Service) -> None:
    """Unless its network was named; the answer says how."""
    private = posted(service, body=ENDPOINT | {"url": "https://10.0.0.1/"})
    plain = posted(service, body=ENDPOINT | {"url": "http://8.8.8.8/"})
    nothing = posted(service, body=ENDPOINT | {"events": []})
    unknown = posted(service, body=ENDPOINT | {"events": ["assessment.deleted"]})

    assert [one.status_code for one in (private, plain, nothing, unknown)] == [422] * 4
    assert "FRAUDGUARD_WEBHOOK_NETWORKS" in private.json()["detail"]
    assert "https" in plain.json()["detail"]


def test_only_an_administrator_says_who_is_told(service: Service) -> None:
    """A key that judges may not."""
    headers = {"Authorization": f"Bearer {add_key(service.store, Scope.ASSESS, Scope.READ)}"}
    service.clock.advance(seconds=1)  # keys are read again

    assert service.client.post(ROOT, json=ENDPOINT, headers=headers).status_code == 403
    assert service.client.get(ROOT, headers=headers).status_code == 403
    assert read(service).json() == {"data": [], "has_more": False, "next_cursor": None}
    assert read(service, "/W9").status_code == 404
    assert read(service, "/W9/deliveries").status_code == 404


def test_a_correlator_is_the_id_of_a_request(service: Service) -> None:
    """In CAMARA's words; an id in ours goes first, and each is sent back as it came."""
    alone = service.client.get("/livez", headers={"x-correlator": "pay-1"})
    both = service.client.get("/livez", headers={"x-correlator": "pay:1", "x-request-id": "pay-2"})
    unsound = service.client.get("/livez", headers={"x-correlator": "pay 1"})

    assert (alone.headers["x-request-id"], alone.headers["x-correlator"]) == ("pay-1", "pay-1")
    assert (both.headers["x-request-id"], both.headers["x-correlator"]) == ("pay-2", "pay:1")
    assert "x-correlator" not in unsound.headers
