"""Assessments read back: page by page, by what they were about, with the features they were made on."""

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fraudguard.serve.api.cursor import CURSOR, CURSOR_LENGTH, cursor_of, place_of
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


@given(place=st.integers(0, 10**18 - 1))
def test_a_cursor_looks_as_the_document_says(place: int) -> None:
    """Every cursor of ours is of the form that the document shows."""
    cursor = cursor_of(place)

    assert re.fullmatch(CURSOR, cursor)
    assert len(cursor) <= CURSOR_LENGTH


@given(cursor=st.from_regex(CURSOR, fullmatch=True).filter(lambda text: len(text) <= CURSOR_LENGTH))
def test_what_looks_like_a_cursor_is_one(cursor: str) -> None:
    """What the document allows is the cursor of some place, leading zeros aside."""
    place = place_of(cursor)

    assert place is not None
    assert cursor_of(place) == cursor or place < 10 ** (len(cursor) * 3 // 4 - 2)


@pytest.mark.parametrize("sent", ["", "x" * 257])
def test_an_id_that_cannot_be_one_is_refused(service: Service, sent: str) -> None:
    """A list is not about what no id can be."""
    reply = service.client.get("/v1/assessments", params={"transfer_id": sent}, headers=service.auth)

    assert (reply.status_code, reply.json()["errors"][0]["pointer"]) == (422, "?transfer_id")


def test_a_whole_number_may_be_written_with_a_point(service: Service) -> None:
    """JSON has one kind of number: 10000.0 is 10000, a half fen is none; a moment may have a small z."""
    whole = service.assess(body_of("T1", amount={"value": 10000.0}, event_time="2026-01-05t02:00:00z"))
    half = service.assess(body_of("T2", amount={"value": 0.5}))
    again = service.assess(body_of("T1", amount={"value": 10000}, event_time="2026-01-05T02:00:00Z"))

    assert (whole.status_code, half.status_code) == (200, 422)
    assert again.content == whole.content


def test_what_is_nested_too_deep_is_malformed(service: Service) -> None:
    """A body that nests beyond every use is refused, not an error of the server."""
    deep = b'{"metadata":{"a":' + b"[" * 20_000 + b"]" * 20_000 + b"}}"
    reply = service.client.post(
        "/v1/assessments", content=deep, headers={**service.auth, "Content-Type": "application/json"}
    )

    assert (reply.status_code, reply.json()["code"]) == (400, "malformed")
