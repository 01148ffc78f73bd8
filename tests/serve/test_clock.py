"""A clock that is set back: what is judged, stored and answered does not depend on it."""

from pathlib import Path
from typing import Final

from tests.serve.fakes import Service, body_of, make_settings, running

N: Final = 12
BACK_S: Final = -6 * 3_600


def judge(service: Service, *, step_s: float) -> list[bytes]:
    """Judge some transfers, and set the clock in the middle; return the answers by transfer."""
    answers = []
    for number in range(N):
        if number == N // 2:
            service.clock.advance(seconds=step_s)
        answers.append(service.assess(body_of(f"T{number}", event_time=f"2026-01-05T02:{number:02}:00Z")))
    assert {answer.status_code for answer in answers} == {200}
    return [answer.content for answer in answers]


def test_features_and_scores_are_those_of_a_clock_left_alone(tmp_path: Path) -> None:
    """Windows run on the times of events, so no number of any vector depends on the machine's clock."""
    vectors = []
    for name, step_s in (("alone", 0.0), ("back", BACK_S)):
        (tmp_path / name).mkdir()
        with running(make_settings(tmp_path / name)) as service:
            judge(service, step_s=step_s)
            vectors.append(list(service.store.decisions.read_features()))

    assert vectors[0] == vectors[1]


def test_answers_and_their_order_stand(tmp_path: Path) -> None:
    """Asked again each gets its bytes, also after a restart; the list is in the order of the log, and the replay is equal."""
    settings = make_settings(tmp_path)
    with running(settings) as service:
        first = judge(service, step_s=BACK_S)
        again = [_again(service, number) for number in range(N)]
        page = service.client.get("/v1/assessments?limit=100", headers=service.auth).json()["data"]
    with running(settings) as service:
        restarted = [_again(service, number) for number in range(N)]
        metrics = service.client.get("/metrics").text

    assert first == again == restarted
    assert [one["transfer_id"] for one in page] == [f"T{number}" for number in reversed(range(N))]
    assert f"fraudguard_parity_checked_total {N}.0" in metrics
    assert "fraudguard_parity_mismatches_total 0.0" in metrics


def _again(service: Service, number: int) -> bytes:
    answer = service.assess(body_of(f"T{number}", event_time=f"2026-01-05T02:{number:02}:00Z"))
    assert answer.headers["idempotent-replayed"] == "true"
    content: bytes = answer.content
    return content
