"""What keeps the service and its customers safe: circuit breaker, trials, deadlines, limits."""

from pathlib import Path

import pytest

from fraudguard.errors import ArtifactError
from fraudguard.serve.auth import Scope, issue_key
from fraudguard.serve.quota import Quota
from fraudguard.serve.store.case_rows import CaseFilter
from tests.serve.fakes import SECRET, Service, body_of, make_settings, running


def test_the_circuit_breaker_weakens_and_says_so(tmp_path: Path) -> None:
    """The hold above the cap is verified, the alert stays, the answer is stored as it was told, and the metrics page."""
    with running(make_settings(tmp_path, holds_per_minute=1)) as service:
        service.scorer.fixed = 0.95
        first, second = (service.assess(body_of(transfer_id=name)) for name in ("T1", "T2"))
        stored = service.client.get(second.headers["location"], headers=service.auth)
        metrics = service.client.get("/metrics").text

    assert (first.json()["intervention"], first.json()["degraded_reasons"]) == ("delay_settlement", [])
    answer = second.json()
    assert (answer["intervention"], answer["hold"], answer["tier"]) == ("verify_transaction", None, "urgent")
    assert (answer["degraded"], answer["degraded_reasons"]) == (True, ["circuit_breaker"])
    assert stored.content == second.content
    assert "fraudguard_breaker_open 1.0" in metrics
    assert 'fraudguard_degraded_total{reason="circuit_breaker"} 1.0' in metrics


def test_the_circuit_breaker_remembers_through_a_restart(tmp_path: Path) -> None:
    """What was held within the hour before the start counts."""
    settings = make_settings(tmp_path, holds_per_minute=1)
    for name, expected in (("T1", "delay_settlement"), ("T2", "verify_transaction")):
        with running(settings) as service:
            service.scorer.fixed = 0.95
            assert service.assess(body_of(transfer_id=name)).json()["intervention"] == expected


def test_a_trial_is_judged_and_no_officer_sees_it(service: Service) -> None:
    """It takes its place in the log, is listed apart, and neither alerts nor trips anything."""
    service.scorer.fixed = 0.95
    trial = service.assess(body_of(transfer_id="T1", mode="shadow")).json()
    live = service.assess(body_of(transfer_id="T2")).json()
    listed = {
        mode: [
            one["id"] for one in service.client.get(f"/v1/assessments?mode={mode}", headers=service.auth).json()["data"]
        ]
        for mode in ("live", "shadow")
    }

    assert (trial["mode"], trial["intervention"], trial["tier"]) == ("shadow", "delay_settlement", "urgent")
    assert listed == {"live": [live["id"]], "shadow": [trial["id"]]}
    service.store.gathering.gather()
    assert service.store.cases.count(CaseFilter(), now_ms=0) == 1
    assert service.store.log.count() == 2


def test_a_trial_is_not_the_live_request(service: Service) -> None:
    """The same transfer asked in the other mode is another request under the same id."""
    service.assess(body_of(mode="shadow"))

    again, other = service.assess(body_of(mode="shadow")), service.assess(body_of())

    assert again.headers["idempotent-replayed"] == "true"
    assert (other.status_code, other.json()["code"]) == (409, "id_reused")


@pytest.mark.parametrize(
    ("field", "value"),
    [("mode", "test"), ("mode", None), ("deadline_ms", 0), ("deadline_ms", 60_001), ("deadline_ms", "5")],
)
def test_what_a_request_says_of_itself_is_checked(service: Service, field: str, value: object) -> None:
    """A word or a number that does not fit is named by its pointer."""
    answer = service.assess(body_of() | {field: value})

    assert answer.status_code == 422
    assert [one["pointer"] for one in answer.json()["errors"]] == [f"#/{field}"]


def test_at_the_deadline_the_declared_answer_comes(service: Service) -> None:
    """With 202; the judgement is stored, a retry gets it, and beside it stands what was told."""
    with service.store.engine.connect() as other:
        other.exec_driver_sql("begin immediate")  # nobody else can write
        late = service.assess(body_of(deadline_ms=20))
        other.rollback()
    final = service.assess(body_of(deadline_ms=10_000))

    assert (late.status_code, late.json()["degraded_reasons"]) == (202, ["deadline"])
    assert late.json()["intervention"] == "allow"
    assert final.status_code == 200
    listed = service.client.get(late.headers["location"], headers=service.auth).json()["data"]
    assert [one["id"] for one in listed] == [final.json()["id"]]
    portal = service.client.portal
    assert portal is not None
    portal.call(service.app.state.parts.deadlines.finish)
    noted = service.store.late_answers.find(final.json()["id"])
    assert noted is not None
    assert (noted.told, noted.deadline_ms) == ("allow", 20)


@pytest.mark.parametrize("header", ["wait=0.00", "wait=soon", "respond-async, wait=61"])
def test_a_wait_that_is_none_is_refused(service: Service, header: str) -> None:
    """A caller who asks for a deadline gets one, or is told that it does not."""
    answer = service.assess(body_of(), Prefer=header)

    assert (answer.status_code, answer.json()["code"]) == (400, "malformed")


@pytest.mark.parametrize("header", ["wait=5", 'respond-async; wait="5.5"', "handling=lenient"])
def test_a_wait_in_the_header_counts_as_a_deadline(service: Service, header: str) -> None:
    """In time is in time."""
    assert service.assess(body_of(), Prefer=header).status_code == 200


def test_a_transfer_that_cannot_be_judged_gets_what_was_declared(service: Service) -> None:
    """The problem itself says what to do with this amount."""
    service.scorer.failure = ArtifactError("the model cannot score", "模型无法评分")
    small, large = (
        service.assess(body_of(transfer_id="T1")),
        service.assess(body_of(transfer_id="T2", amount={"value": 500_000})),
    )

    assert [answer.json()["code"] for answer in (small, large)] == ["model_damaged"] * 2
    assert small.json()["fallback"] == {"intervention": "allow"}
    assert large.json()["fallback"] == {"intervention": "verify_transaction"}
    declared = service.client.get("/version").json()["fallback"]
    assert declared == {"from_fen": 500_000, "below": "allow", "above": "verify_transaction"}


def test_above_the_fence_the_answer_is_503_at_once(service: Service) -> None:
    """It names when to try again, and was not even read."""
    service.app.state.parts.fence.in_flight = 256
    refused = service.assess({"not": "even read"})
    service.app.state.parts.fence.in_flight = 0

    assert (refused.status_code, refused.json()["code"]) == (503, "overloaded")
    assert refused.headers["retry-after"] == "1"
    assert service.assess(body_of()).status_code == 200


def test_a_key_has_its_own_limit(service: Service) -> None:
    """429 says how long to wait; another key goes on."""
    token, row = issue_key(
        SECRET.encode(), "small bank", [Scope.ASSESS], at=service.clock.now(), quota=Quota(rate_per_s=1, burst=2)
    )
    service.store.keys.add(row)
    service.app.state.parts.ring.refresh()
    mine = {"Authorization": f"Bearer {token}"}
    answers = [
        service.client.post("/v1/assessments", json=body_of(transfer_id=f"T{place}"), headers=mine)
        for place in range(3)
    ]

    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert answers[2].json()["code"] == "too_many_requests"
    assert answers[2].headers["retry-after"] == "1"
    assert answers[2].headers["ratelimit"] == '"key";r=0;t=1'
    assert answers[2].headers["ratelimit-policy"] == '"key";q=2;w=2'
    assert service.assess(body_of(transfer_id="T9")).status_code == 200


def test_deep_nesting_is_an_error_and_no_crash(service: Service) -> None:
    """Brackets in brackets, as many as fit, are refused as what they are."""
    deep = '{"metadata":{"a":' + "[" * 20_000 + "]" * 20_000 + "}}"
    answer = service.client.post(
        "/v1/assessments", content=deep, headers={**service.auth, "Content-Type": "application/json"}
    )

    assert answer.status_code in {400, 422}
