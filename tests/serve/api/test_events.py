"""Findings over the API."""

from typing import Any

import numpy as np
import pytest

from fraudguard.finding import Finding
from fraudguard.serve.auth import Scope
from fraudguard.serve.store.rows import Kind
from tests.serve.fakes import PLAN, Service, add_key, body_of


def finding_of(**fields: Any) -> dict[str, Any]:  # noqa: ANN401
    """Return a valid finding on T1."""
    plain = {"transfer_id": "T1", "finding": "genuine", "event_time": "2026-01-05T03:00:00Z", "source": "police_case"}
    return {**plain, **fields}


def test_a_finding_is_recorded_once(service: Service) -> None:
    """A finding under an id of the caller's own is recorded once, with the moment we learned of it."""
    service.assess(body_of())

    first = service.client.post("/v1/findings", json=finding_of(finding_id="F1"), headers=service.auth)
    service.clock.advance(hours=1)
    again = service.client.post("/v1/findings", json=finding_of(finding_id="F1"), headers=service.auth)
    other = service.client.post(
        "/v1/findings", json=finding_of(finding_id="F1", finding="victim_transfer"), headers=service.auth
    )
    row = service.store.log.find(Kind.FINDING, "F1")

    assert first.json() == again.json() == {"kind": "finding", "id": "F1", "place": 2}
    assert (first.headers["idempotent-replayed"], again.headers["idempotent-replayed"]) == ("false", "true")
    assert (other.status_code, other.json()["code"]) == (409, "id_reused")
    assert row is not None
    assert isinstance(row.event, Finding)
    assert (row.event.author, row.event.received_at.isoformat()) == ("test", "2026-01-05T02:00:00+00:00")


def test_a_finding_without_id_gets_one(service: Service) -> None:
    """A finding without an id is given one; one on an account needs no transfer."""
    body = finding_of(account_id="a1", finding="mule_movement")
    del body["transfer_id"]

    reply = service.client.post("/v1/findings", json=body, headers=service.auth)

    assert reply.json()["id"].startswith("fnd_")


def test_a_finding_replaces_only_one_about_the_same(service: Service) -> None:
    """A finding that names one about another transfer is a conflict, and that one stands."""
    for transfer_id in ("T1", "T2"):
        service.assess(body_of(transfer_id))
    first = service.client.post("/v1/findings", json=finding_of(finding_id="F1"), headers=service.auth)
    other = finding_of(finding_id="F2", transfer_id="T2", supersedes="F1")
    reply = service.client.post("/v1/findings", json=other, headers=service.auth)

    assert first.status_code == 200
    assert (reply.status_code, reply.json()["code"]) == (409, "conflict")
    assert service.store.log.count() == 3


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"transfer_id": "none"}, 404),
        ({"supersedes": "none"}, 404),
        ({"account_id": "a"}, 422),
        ({"finding": "criminal"}, 422),
        ({"received_at": "2026-01-05T03:00:00Z"}, 422),
        ({"loss_fen": -1}, 422),
    ],
)
def test_a_finding_that_does_not_fit_is_refused(service: Service, change: dict[str, Any], status: int) -> None:
    """A finding on an unknown transfer is 404, a wrong one 422, and neither enters the log."""
    known = service.assess(body_of())

    reply = service.client.post("/v1/findings", json=finding_of(**change), headers=service.auth)

    assert (known.status_code, reply.status_code) == (200, status)
    assert service.store.log.count() == 1


def test_a_signal_counts_from_its_receipt(service: Service) -> None:
    """A signal is stored once under its id with the moment we learned of it, and the features see it from then on."""
    body = {"signal_id": "S1", "signal_type": "sim_changed", "event_time": "2026-01-05T01:30:00Z", "source": "telecom"}
    body |= {"account_id": "payer-account-1"}
    service.assess(body_of("T1"))
    first = service.client.post("/v1/signals", json=body, headers=service.auth)
    again = service.client.post("/v1/signals", json=body, headers=service.auth)
    service.assess(body_of("T2"))
    place = PLAN.names.index("payer_signal_sim_changed")
    before, after = (vector[place] for vector in service.scorer.vectors)

    assert first.json() == again.json() == {"kind": "signal", "id": "S1", "place": 2}
    assert again.headers["idempotent-replayed"] == "true"
    assert np.isnan(before)
    assert after == 1


def test_an_account_is_known_from_its_receipt(service: Service) -> None:
    """What is known of an account shows in the next assessment."""
    service.client.post(
        "/v1/accounts", json={"account_id": "payee-account-1", "account_class": "II"}, headers=service.auth
    )
    service.assess(body_of("T1"))

    assert not np.isnan(service.scorer.vectors[0][PLAN.names.index("payee_account_class")])


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/v1/signals", {"signal_type": "sim_changed", "event_time": "2026-01-05T01:30:00Z"}),
        ("/v1/signals", {"signal_type": "telepathy", "event_time": "2026-01-05T01:30:00Z", "account_id": "a"}),
        ("/v1/accounts", {"opened_at": "2026-01-05"}),
        ("/v1/accounts", {"account_id": "a", "received_at": "2026-01-05T01:30:00Z"}),
    ],
)
def test_what_does_not_fit_is_refused(service: Service, path: str, body: dict[str, Any]) -> None:
    """A signal about nobody, an unknown word, an account without id, a moment that is ours to say."""
    reply = service.client.post(path, json=body, headers=service.auth)

    assert (reply.status_code, reply.json()["code"]) == (422, "invalid")
    assert service.store.log.count() == 0


@pytest.mark.parametrize("path", ["/v1/signals", "/v1/accounts"])
def test_signals_need_their_scope(service: Service, path: str) -> None:
    """A key that may only assess may not tell what is known."""
    token = add_key(service.store, Scope.ASSESS)
    service.clock.advance(seconds=1)  # keys are read again

    assert service.client.post(path, json={}, headers={"Authorization": f"Bearer {token}"}).status_code == 403
