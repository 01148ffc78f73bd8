"""The contract of the assessment API."""

import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import pytest

from fraudguard.features import OnlineFeatures
from fraudguard.serve.auth import Scope
from fraudguard.serve.settings import Settings
from fraudguard.serve.store import Store
from fraudguard.transfer import AMOUNT_MAX_FEN, Transfer
from tests.serve.fakes import PLAN, Service, add_key, body_of, make_settings, running


def test_an_answer_says_what_to_do_and_why(service: Service) -> None:
    """A grave score is answered with intervention, tier, hold with its end, reasons and versions."""
    service.scorer.fixed = 0.95

    reply = service.assess(body_of())
    answer = reply.json()

    assert reply.status_code == 200
    assert reply.headers["location"] == f"/v1/assessments/{answer['id']}"
    assert reply.headers["idempotent-replayed"] == "false"
    assert (answer["intervention"], answer["tier"]) == ("delay_settlement", "urgent")
    assert answer["hold"] == {"hold_s": 7200, "expires_at": "2026-01-05T04:00:00Z"}
    assert answer["reasons"][0]["direction"] == "raises"
    assert answer["reasons"][0]["text"] == {
        "zh": "金额高于本人平时",
        "en": "The amount is above the payer's own normal",
    }
    assert answer["versions"] == {"model": "fake-1", "features": PLAN.fingerprint, "policy": "test.1"}
    assert (answer["mode"], answer["degraded"], answer["score"]) == ("live", False, 0.95)
    assert set(answer["timing_ms"]) == {"features", "model", "reasons", "total"}


def test_an_allowed_transfer_has_no_reasons(service: Service) -> None:
    """Reasons are computed only when something is recommended."""
    answer = service.assess(body_of()).json()

    assert (answer["intervention"], answer["tier"], answer["hold"], answer["reasons"]) == ("allow", None, None, [])


def test_the_same_request_gets_the_same_bytes(service: Service) -> None:
    """A repeated request gets the first answer byte for byte and changes no window."""
    first = service.assess(body_of())
    again = service.assess(body_of(metadata={"attempt": 2}))
    read = service.client.get(first.headers["location"], headers=service.auth)

    assert again.content == first.content == read.content
    assert again.headers["idempotent-replayed"] == "true"
    assert len(service.scorer.vectors) == 1
    assert service.store.log.count() == 1


def test_another_body_under_the_same_id_is_a_conflict(service: Service) -> None:
    """The same transfer_id with another content is refused, and the first answer stands."""
    first = service.assess(body_of())

    other = service.assess(body_of(amount={"value": 1, "currency": "CNY"}))

    assert (other.status_code, other.json()["code"]) == (409, "id_reused")
    assert service.assess(body_of()).content == first.content


def test_an_idempotency_key_is_honoured(service: Service) -> None:
    """The same key answers the same request again and refuses another one."""
    first = service.assess(body_of("T1"), **{"Idempotency-Key": "k1"})
    again = service.assess(body_of("T1"), **{"Idempotency-Key": "k1"})
    new_key = service.assess(body_of("T1"), **{"Idempotency-Key": "k2"})
    other = service.assess(body_of("T2"), **{"Idempotency-Key": "k1"})

    assert first.content == again.content == new_key.content
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")


def test_requests_at_the_same_moment_are_judged_once(service: Service) -> None:
    """Twenty callers with one transfer get one answer, and the log holds it once."""
    with ThreadPoolExecutor(20) as pool:
        replies = list(pool.map(lambda _: service.assess(body_of()), range(20)))

    assert {reply.status_code for reply in replies} == {200}
    assert len({reply.content for reply in replies}) == 1
    assert sum(reply.headers["idempotent-replayed"] == "false" for reply in replies) == 1
    assert service.store.log.count() == 1


def test_what_came_before_is_in_the_features(service: Service) -> None:
    """A later transfer sees the earlier one; what is stored equals a replay of the log, bit for bit."""
    for number in range(5):
        service.assess(body_of(f"T{number}", amount={"value": 1_000 * number}))

    features = OnlineFeatures(PLAN)
    replayed = []
    for row in service.store.log.read():
        assert isinstance(row.event, Transfer)
        replayed.append((row.event_id, features.query(row.event).tobytes()))
        features.push(row.event)

    assert list(service.store.decisions.read_features()) == replayed
    assert len({vector for _, vector in replayed}) == 5


def test_a_restart_changes_nothing(settings: Settings) -> None:
    """After a restart the first answers stand and the next vector is what it would have been."""
    with running(settings) as before:
        first = before.assess(body_of("T1"))
        before.assess(body_of("T2"))
    with running(settings) as after:
        again = after.assess(body_of("T1"))
        after.assess(body_of("T3"))
        stored = [vector for _, vector in after.store.decisions.read_features()]
        events = [row.event for row in after.store.log.read()]
    features = OnlineFeatures(PLAN)
    for event in events[:2]:
        assert isinstance(event, Transfer)
        features.push(event)
    last = events[2]
    assert isinstance(last, Transfer)

    assert again.content == first.content
    assert np.frombuffer(stored[2]).tobytes() == features.query(last).tobytes()


def test_it_works_on_postgresql(postgresql: str, tmp_path: Any) -> None:  # noqa: ANN401
    """The whole path is the same on PostgreSQL."""
    store = Store.open(postgresql)
    store.upgrade()
    with running(make_settings(tmp_path, database=postgresql), store=store) as service:
        first = service.assess(body_of("PG1"))
        again = service.assess(body_of("PG1"))

    assert (first.status_code, again.status_code) == (200, 200)
    assert first.content == again.content


def test_unknown_is_the_same_as_absent(service: Service) -> None:
    """The word unknown in an optional field, null, and no field at all are one request."""
    first = service.assess(body_of(session={"active_call": "unknown", "call_duration_s": None}, channel="unknown"))
    again = service.assess(body_of())

    assert first.status_code == 200
    assert again.headers["idempotent-replayed"] == "true"


def test_every_field_is_kept(service: Service) -> None:
    """Fields in their groups arrive in the log under their column names, moments in UTC."""
    service.assess(
        body_of(
            channel="mobile_app",
            event_time="2026-01-05T10:00:00+08:00",
            payee={"account_id": "b", "added_at": "2026-01-05T09:59:00+08:00", "is_new": True},
            session={"active_call": False, "teller_observation": ["nervous"]},
        )
    )
    event = next(service.store.log.read()).event

    assert isinstance(event, Transfer)
    assert event.event_time.isoformat() == "2026-01-05T02:00:00+00:00"
    assert event.payee_added_at is not None
    assert (event.channel, event.is_new_payee, event.active_call) == ("mobile_app", True, False)
    assert event.teller_observation == ("nervous",)


@pytest.mark.parametrize(
    ("change", "pointer", "code"),
    [
        ({"nonsense": 1}, "#/nonsense", "extra_forbidden"),
        ({"payer": {"account_id": "a", "nonsense": 1}}, "#/payer/nonsense", "extra_forbidden"),
        ({"payer": {}}, "#/payer/account_id", "missing"),
        ({"payer": "a"}, "#/payer", "model_type"),
        ({"amount": {"value": -1}}, "#/amount/value", "greater_than_equal"),
        ({"amount": {"value": AMOUNT_MAX_FEN + 1}}, "#/amount/value", "less_than_equal"),
        ({"amount": {"value": 1.5}}, "#/amount/value", "int_type"),
        ({"amount": {"value": "1"}}, "#/amount/value", "int_type"),
        ({"amount": {"value": True}}, "#/amount/value", "int_type"),
        ({"amount": {"value": 1, "currency": "USD"}}, "#/amount/currency", "literal_error"),
        ({"event_time": "2026-01-05T02:00:00"}, "#/event_time", "time_zone"),
        ({"event_time": "yesterday"}, "#/event_time", "time_format"),
        ({"event_time": 1767578400}, "#/event_time", "time_type"),
        ({"event_time": "0001-01-01T00:00:00+05:00"}, "#/event_time", "time_range"),
        ({"event_time": None}, "#/event_time", "datetime_type"),
        ({"transfer_id": ""}, "#/transfer_id", "string_too_short"),
        ({"transfer_id": "x" * 257}, "#/transfer_id", "string_too_long"),
        ({"transfer_id": "a\u0000b"}, "#/transfer_id", "string_pattern_mismatch"),
        ({"channel": "pigeon"}, "#/channel", "enum"),
        ({"session": {"active_call": "yes"}}, "#/session/active_call", "bool_type"),
        ({"session": {"auth_attempts": 2**60}}, "#/session/auth_attempts", "less_than_equal"),
    ],
)
def test_what_does_not_fit_is_named(service: Service, change: dict[str, Any], pointer: str, code: str) -> None:
    """A field that does not fit is answered 422 with its pointer, and nothing enters the log."""
    reply = service.assess(body_of(**change))
    problem = reply.json()

    assert (reply.status_code, problem["code"]) == (422, "invalid")
    assert (problem["errors"][0]["pointer"], problem["errors"][0]["code"]) == (pointer, code)
    assert service.store.log.count() == 0


@pytest.mark.parametrize(
    ("content", "headers", "status", "code"),
    [
        (b"{", {}, 400, "malformed"),
        (b"\xff", {}, 400, "malformed"),
        (b'{"transfer_id": "\\ud800"}', {}, 400, "malformed"),
        (b"[]", {}, 422, "invalid"),
        (b"{}", {"Content-Type": "text/plain"}, 415, "unsupported_media_type"),
        (b'{"a": "' + b"x" * 70_000 + b'"}', {}, 413, "too_large"),
        (b"{}", {"Authorization": ""}, 401, "unauthenticated"),
        (b"{}", {"Authorization": "Bearer fg_00000000_0"}, 401, "unauthenticated"),
    ],
)
def test_errors_are_problems(service: Service, content: bytes, headers: dict[str, str], status: int, code: str) -> None:
    """Every error is application/problem+json with code, request id and the path."""
    sent = {**service.auth, "Content-Type": "application/json", "x-request-id": "abc-1", **headers}

    reply = service.client.post("/v1/assessments", content=content, headers=sent)
    problem = reply.json()

    assert reply.status_code == status
    assert reply.headers["content-type"] == "application/problem+json"
    assert (problem["code"], problem["status"], problem["instance"]) == (code, status, "/v1/assessments")
    assert problem["request_id"] == reply.headers["x-request-id"] == "abc-1"
    assert service.client.get(problem["type"]).json()["code"] == code


@pytest.mark.parametrize("key", ["", "k" * 256, "k\t"])
def test_a_key_that_does_not_fit_is_refused(service: Service, key: str) -> None:
    """An Idempotency-Key that is empty, too long or not printable is 400."""
    reply = service.assess(body_of(), **{"Idempotency-Key": key})

    assert (reply.status_code, reply.json()["code"]) == (400, "malformed")


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/v1/assessments/asm_none", 404, "not_found"),
        ("GET", "/v1/nothing", 404, "not_found"),
        ("DELETE", "/v1/assessments", 405, "method_not_allowed"),
        ("GET", "/problems/none", 404, "not_found"),
    ],
)
def test_paths_that_lead_nowhere(service: Service, method: str, path: str, status: int, code: str) -> None:
    """An absent thing is 404 and a wrong method 405, as problems."""
    reply = service.client.request(method, path, headers=service.auth)

    assert (reply.status_code, reply.json()["code"]) == (status, code)


def test_a_wrong_method_is_told_the_right_ones(service: Service) -> None:
    """A 405 names the methods that the path has."""
    reply = service.client.delete("/v1/assessments", headers=service.auth)

    assert reply.headers["allow"] == "GET, POST"


@pytest.mark.parametrize("blank", [" ", "\u3000", "\u00a0 "])
def test_a_blank_text_is_refused(service: Service, blank: str) -> None:
    """An id of blanks alone is 422: a dataset made of the log could not hold it."""
    reply = service.assess(body_of(blank))

    assert (reply.status_code, reply.json()["errors"][0]["pointer"]) == (422, "#/transfer_id")


def test_errors_carry_no_personal_data(service: Service) -> None:
    """The account sent does not come back in an error."""
    reply = service.assess(
        body_of(payer={"account_id": "6217000012341004", "bank_code": 5}, channel="6217000012341004")
    )

    assert reply.status_code == 422
    assert "6217000012341004" not in reply.text


def test_errors_speak_chinese_when_asked(service: Service) -> None:
    """Accept-Language: zh gives the detail in Chinese."""
    reply = service.client.get("/v1/nothing", headers={"Accept-Language": "zh-CN"})

    assert "没有该路径" in reply.json()["detail"]


def test_a_key_opens_only_its_scopes(service: Service) -> None:
    """A key to read may not assess; a challenge tells how to authenticate."""
    token = add_key(service.store, Scope.READ)
    service.clock.advance(seconds=2)

    refused = service.assess(body_of(), Authorization=f"Bearer {token}")
    unknown = service.client.post("/v1/assessments", json=body_of())
    by_header = service.client.get("/v1/assessments/asm_none", headers={"X-API-Key": token})

    assert (refused.status_code, refused.json()["code"]) == (403, "forbidden")
    assert unknown.headers["www-authenticate"].startswith("Bearer")
    assert by_header.status_code == 404


def test_a_transfer_seen_elsewhere_enters_unjudged(service: Service) -> None:
    """A transfer put into the log is seen by the windows, has no decision and cannot be judged later."""
    first = service.client.post("/v1/transfers", json=body_of("T1"), headers=service.auth)
    again = service.client.post("/v1/transfers", json=body_of("T1"), headers=service.auth)
    judged = service.assess(body_of("T1"))
    service.assess(body_of("T2"))

    assert first.json() == {"kind": "transfer", "id": "T1", "place": 1}
    assert again.headers["idempotent-replayed"] == "true"
    assert (judged.status_code, judged.json()["code"]) == (409, "conflict")
    assert service.store.log.count() == 2
    assert float(np.nanmax(service.scorer.vectors[0])) >= 10_000


def test_the_document_describes_the_wire(service: Service) -> None:
    """The OpenAPI document is 3.1, refuses unknown fields, and every reference in it resolves."""
    document = service.client.get("/openapi.json").json()
    text = json.dumps(document)
    schemas = document["components"]["schemas"]
    references = {part.split('"')[0] for part in text.split("#/components/schemas/")[1:]}

    assert document["openapi"].startswith("3.1")
    assert references <= set(schemas)
    assert schemas["TransferIn"]["additionalProperties"] is False
    assert {"transfer_id", "event_time", "payer", "payee", "amount"} == set(schemas["TransferIn"]["required"])
    assert "active_call" in schemas["TransferInSession"]["properties"]
    assert "intervention" in schemas["Assessment"]["properties"]


def test_the_document_says_what_needs_a_key(service: Service) -> None:
    """What answers without a key is described so, and all else needs one."""
    document = service.client.get("/openapi.json").json()
    is_open = {path for path, item in document["paths"].items() if item.get("get", {}).get("security") == []}

    assert document["security"] == [{"bearer": []}, {"header": []}]
    assert is_open == {"/livez", "/readyz", "/metrics", "/version", "/problems/{code}"}


def test_counters_count(service: Service) -> None:
    """The metrics page counts decisions, replays and problems, and names no account."""
    service.assess(body_of())
    service.assess(body_of())
    service.assess(body_of(nonsense=1))

    page = service.client.get("/metrics").text

    assert 'fraudguard_assessments_total{intervention="allow"} 1.0' in page
    assert "fraudguard_replays_total 1.0" in page
    assert 'fraudguard_problems_total{code="invalid"} 1.0' in page
    assert 'fraudguard_assessment_seconds_bucket{le="0.00025"}' in page
    assert "fraudguard_log_length 1.0" in page
    assert "payer-account-1" not in page


def test_versions_are_told(service: Service) -> None:
    """The versions that go into each decision can be asked for."""
    told = service.client.get("/version").json()

    assert (told["model"], told["policy"]) == ("fake-1", "test.1")
    assert service.client.get("/livez").json() == {"status": "ok"}
