"""Assessments read back: page by page, by what they were about, with the features they were made on."""

import numpy as np
import pytest

from fraudguard.serve.auth import Scope
from tests.serve.fakes import PLAN, Service, add_key, body_of


def test_assessments_are_listed_page_by_page(service: Service) -> None:
    """The newest stand first, each as it was answered; the cursor leads on, and the last page says so."""
    replies = [service.assess(body_of(f"T{number}")) for number in range(5)]
    first = service.client.get("/v1/assessments?limit=2", headers=service.auth).json()
    second = service.client.get(f"/v1/assessments?limit=2&after={first['next_cursor']}", headers=service.auth).json()
    last = service.client.get(f"/v1/assessments?limit=2&after={second['next_cursor']}", headers=service.auth).json()

    assert [one["transfer_id"] for page in (first, second, last) for one in page["data"]] == [
        "T4",
        "T3",
        "T2",
        "T1",
        "T0",
    ]
    assert [page["has_more"] for page in (first, second, last)] == [True, True, False]
    assert last["next_cursor"] is None
    assert last["data"] == [replies[0].json()]


def test_assessments_are_found_by_transfer_and_intervention(service: Service) -> None:
    """A filter narrows the list; nothing found is an empty page."""
    service.scorer.fixed = 0.1
    service.assess(body_of("T1"))
    service.scorer.fixed = 0.95
    service.assess(body_of("T2"))

    def ids(query: str) -> list[str]:
        page = service.client.get(f"/v1/assessments?{query}", headers=service.auth).json()
        return [one["transfer_id"] for one in page["data"]]

    assert ids("transfer_id=T1") == ["T1"]
    assert ids("intervention=delay_settlement") == ["T2"]
    assert ids("transfer_id=T9") == []


@pytest.mark.parametrize("query", ["limit=0", "limit=201", "limit=x", "limit=", "after=%20", "after=cA", "after=cDE-", "intervention=stop"])  # fmt: skip
def test_a_wrong_question_is_refused_by_name(service: Service, query: str) -> None:
    """What cannot be asked is named, and what could be."""
    reply = service.client.get(f"/v1/assessments?{query}", headers=service.auth)

    assert reply.status_code == 422
    assert reply.json()["errors"][0]["pointer"] == f"?{query.partition('=')[0]}"


def test_features_of_an_assessment_are_shown_to_readers(service: Service) -> None:
    """The vector as it was used, by name, with null for what is missing; only with the scope for it."""
    path = service.assess(body_of()).headers["location"] + "/features"
    answer = service.client.get(path, headers=service.auth).json()
    used = dict(zip(PLAN.names, service.scorer.vectors[0].tolist(), strict=True))
    service.clock.advance(seconds=1)  # keys are read again
    refused = service.client.get(path, headers={"Authorization": f"Bearer {add_key(service.store, Scope.ASSESS)}"})

    assert answer["features_fingerprint"] == PLAN.fingerprint
    assert answer["features"] == {name: None if np.isnan(value) else value for name, value in used.items()}
    assert refused.status_code == 403
