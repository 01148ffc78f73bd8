"""Batches: many transfers in one request, as JSON lines and as Arrow streams."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fraudguard.serve.auth import Scope
from fraudguard.serve.live import Status
from tests.serve.fakes import Service, add_key, body_of, make_settings, running

JSON_LINES: Final = "application/x-ndjson"
ARROW: Final = "application/vnd.apache.arrow.stream"
MOMENT: Final = datetime(2026, 1, 5, 2, 0, tzinfo=UTC)


def post(service: Service, content: bytes, media_type: str = JSON_LINES, **query: str) -> Any:  # noqa: ANN401
    """Post a batch."""
    headers = {**service.auth, "Content-Type": media_type}
    return service.client.post("/v1/assessments:batch", content=content, headers=headers, params=query)


def lines_of(reply: Any) -> list[dict[str, Any]]:  # noqa: ANN401
    """Return the lines of an answer."""
    return [json.loads(line) for line in reply.content.splitlines()]


def json_lines(*bodies: dict[str, Any]) -> bytes:
    """Return a batch of JSON lines."""
    return b"".join(json.dumps(body).encode() + b"\n" for body in bodies)


def stream_of(columns: dict[str, Any], **options: Any) -> bytes:  # noqa: ANN401
    """Return a batch as an Arrow stream."""
    table = pa.table(columns)
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema, **options) as writer:
        writer.write_table(table)
    return bytes(sink.getvalue())


def columns_of(count: int, **columns: Any) -> dict[str, Any]:  # noqa: ANN401
    """Return the columns of so many transfers."""
    plain = {
        "transfer_id": [f"T{place}" for place in range(count)],
        "event_time": pa.array(
            [MOMENT + timedelta(seconds=place) for place in range(count)], pa.timestamp("ms", "UTC")
        ),
        "payer_account_id": [f"payer-{place % 3}" for place in range(count)],
        "payee_account_id": [f"payee-{place % 2}" for place in range(count)],
        "amount_fen": [1_000 + place for place in range(count)],
    }
    return {**plain, **columns}


def rows_of(reply: Any) -> list[dict[str, Any]]:  # noqa: ANN401
    """Return the rows of an answer."""
    rows: list[dict[str, Any]] = pa.ipc.open_stream(reply.content).read_all().to_pylist()
    return rows


def test_lines_are_answered_in_order_and_recorded(service: Service) -> None:
    """Each line is answered as it would be by itself, in its order, and is in the log."""
    reply = post(service, json_lines(*(body_of(f"T{place}") for place in range(700))))
    lines = lines_of(reply)
    alone = service.assess(body_of("T3"))

    assert (reply.status_code, reply.headers["content-type"]) == (200, JSON_LINES)
    assert [line["line"] for line in lines] == list(range(1, 701))
    assert [line["assessment"]["transfer_id"] for line in lines] == [f"T{place}" for place in range(700)]
    assert (alone.headers["idempotent-replayed"], alone.json()) == ("true", lines[3]["assessment"])
    assert service.store.log.count() == 700


def test_windows_see_the_lines_before(service: Service) -> None:
    """A line is scored on a state that the lines before it have entered."""
    reply = post(service, json_lines(*(body_of(f"T{place}", amount={"value": 100}) for place in range(40))))
    scores = [line["assessment"]["score"] for line in lines_of(reply)]

    assert scores[0] == 0
    assert scores[-1] > scores[1] > 0


def test_a_bad_line_has_its_problem_and_the_others_go_on(service: Service) -> None:
    """What is wrong with a line is told at the line, blank lines count, and the rest is judged."""
    good, other = json_lines(body_of("T1")), json_lines(body_of("T2"))
    content = good + b"\n" + b"{nonsense\n" + json_lines(body_of("T1", amount={"value": -1})) + other.strip()
    lines = lines_of(post(service, content))
    told = [(line["line"], line["status"], line.get("problem", {}).get("code")) for line in lines]

    assert told == [(1, 200, None), (3, 400, "malformed"), (4, 422, "invalid"), (5, 200, None)]
    assert lines[2]["problem"]["errors"][0]["pointer"] == "#/amount/value"


def test_a_batch_sent_again_gets_the_same_answers(service: Service) -> None:
    """A batch is retried as a whole: what was answered is answered again, byte for byte, and nothing counts twice."""
    content = json_lines(*(body_of(f"T{place}") for place in range(20)))
    first, again = post(service, content), post(service, content)
    changed = lines_of(post(service, json_lines(body_of("T1", amount={"value": 5}))))

    assert again.content == first.content.replace(b'"replayed":false', b'"replayed":true')
    assert (changed[0]["status"], changed[0]["problem"]["code"]) == (409, "id_reused")
    assert service.store.log.count() == 20


def test_the_same_id_twice_in_a_batch_is_one_transfer(service: Service) -> None:
    """A line that repeats one before it gets that one's answer."""
    lines = lines_of(post(service, json_lines(body_of("T1"), body_of("T1"))))

    assert lines[0]["assessment"] == lines[1]["assessment"]
    assert [line["replayed"] for line in lines] == [False, True]
    assert service.store.log.count() == 1


def test_a_batch_may_be_a_trial(service: Service) -> None:
    """In shadow every line is judged and recorded as one that no officer sees."""
    service.scorer.fixed = 0.95
    (line,) = lines_of(post(service, json_lines(body_of("T1")), mode="shadow"))
    alone = service.assess(body_of("T1", mode="shadow"))
    listed = service.client.get("/v1/assessments?mode=shadow", headers=service.auth).json()["data"]

    assert (line["assessment"]["mode"], line["assessment"]["intervention"]) == ("shadow", "delay_settlement")
    assert alone.json() == line["assessment"] == listed[0]
    assert post(service, b"", mode="perhaps").json()["errors"][0]["pointer"] == "?mode"


def test_estimates_leave_no_trace(service: Service) -> None:
    """With record=false the score is that of the present state; nothing enters the log, and the same transfer can be judged later."""
    service.assess(body_of("T0", amount={"value": 9_000_000}))
    content = json_lines(body_of("T1"), body_of("T2"), {"transfer_id": "T3"})
    lines = lines_of(post(service, content, record="false"))
    judged = service.assess(body_of("T1")).json()

    assert [line["status"] for line in lines] == [200, 200, 422]
    assert lines[0]["estimate"]["score"] == lines[1]["estimate"]["score"] == judged["score"] > 0
    assert lines[0]["estimate"]["versions"] == judged["versions"]
    assert lines[0]["estimate"]["intervention"] == judged["intervention"] != "allow"
    assert service.store.log.count() == 2


@pytest.mark.parametrize("record", ["true", "false"])
def test_arrow_says_the_same_as_lines(tmp_path: Path, record: str) -> None:
    """The same transfers as an Arrow stream and as JSON lines get the same decisions."""
    count = 1_500
    bodies = [
        body_of(
            f"T{place}",
            event_time=(MOMENT + timedelta(seconds=place)).isoformat(),
            payer={"account_id": f"payer-{place % 3}"},
            payee={"account_id": f"payee-{place % 2}"},
            amount={"value": 1_000 + place},
        )
        for place in range(count)
    ]
    with running(make_settings(tmp_path / "a", database=f"sqlite:///{tmp_path}/a.db")) as service:
        lines = lines_of(post(service, json_lines(*bodies), record=record))
    with running(make_settings(tmp_path / "b", database=f"sqlite:///{tmp_path}/b.db")) as service:
        rows = rows_of(post(service, stream_of(columns_of(count)), ARROW, record=record))
    kind = "assessment" if record == "true" else "estimate"

    assert [row["line"] for row in rows] == [line["line"] for line in lines]
    assert [(row["status"], row["score"]) for row in rows] == [(200, line[kind]["score"]) for line in lines]
    assert ("assessment_id" in rows[0]) == (record == "true")
    assert len({row["score"] for row in rows}) > (100 if record == "true" else 0)


def test_a_recorded_row_carries_the_whole_answer(service: Service) -> None:
    """A recorded row has the answer as it is stored, and its parts as columns."""
    service.scorer.fixed = 0.95
    (row,) = rows_of(post(service, stream_of(columns_of(1)), ARROW))
    stored = service.client.get(f"/v1/assessments/{row['assessment_id']}", headers=service.auth)

    assert row["assessment"].encode() == stored.content
    assert (row["intervention"], row["tier"], row["hold_s"], row["replayed"]) == (
        "delay_settlement",
        "urgent",
        7200,
        False,
    )
    assert (row["model"], row["problem"]) == ("fake-1", None)


def test_a_bad_row_has_its_problem(service: Service) -> None:
    """A row that does not fit is told in the words of a single request, and the others are judged."""
    columns = columns_of(4, amount_fen=[1, None, -5, 7], channel=["web", "web", "web", "pigeon"])
    rows = rows_of(post(service, stream_of(columns), ARROW))
    problems = [json.loads(row["problem"]) if row["problem"] else None for row in rows]

    assert [row["status"] for row in rows] == [200, 422, 422, 422]
    assert [problem["errors"][0]["pointer"] for problem in problems if problem] == [
        "#/amount",
        "#/amount/value",
        "#/channel",
    ]


def test_unknown_words_and_other_kinds_of_columns_are_read(service: Service) -> None:
    """Dictionaries, large texts, other units of time and the word unknown are read as what they mean."""
    columns = columns_of(
        3,
        event_time=pa.array([MOMENT] * 3, pa.timestamp("ns", "Asia/Shanghai")),
        channel=pa.array(["web", "unknown", None]).dictionary_encode(),
        payer_account_id=pa.array(["a", "b", "c"], pa.large_string()),
        active_call=[True, None, False],
    )
    rows = rows_of(post(service, stream_of(columns), ARROW))
    events = [row.event for row in service.store.log.read()]

    assert [row["status"] for row in rows] == [200] * 3
    assert [getattr(event, "channel", None) for event in events] == ["web", None, None]
    assert {getattr(event, "event_time", None) for event in events} == {MOMENT}


@pytest.mark.parametrize(
    ("content", "status", "word"),
    [
        (b"", 400, "Arrow"),
        (b"not arrow", 400, "Arrow"),
        (stream_of(columns_of(2))[:200], 400, "Arrow"),
        (stream_of(columns_of(2, nonsense=[1, 2])), 422, "#/nonsense"),
        (stream_of({"transfer_id": ["T1"]}), 422, "#/amount_fen"),
        (stream_of(columns_of(1, event_time=pa.array([MOMENT], pa.timestamp("ms")))), 422, "no zone"),
        (stream_of(columns_of(1, terminal_id=[b"x"])), 422, "#/terminal_id"),
        (stream_of(columns_of(5_000), options=pa.ipc.IpcWriteOptions(compression="zstd")), 400, "compress"),
        (stream_of({"transfer_id": pa.nulls(10_000_000)}), 422, "missing"),
    ],
)
def test_a_stream_that_is_none_is_refused_as_a_whole(service: Service, content: bytes, status: int, word: str) -> None:
    """What is wrong with the whole stream is told before anything is judged."""
    reply = post(service, content, ARROW)

    assert reply.status_code == status
    assert word in reply.text
    assert service.store.log.count() == 0


def test_a_torn_stream_is_judged_up_to_the_tear(service: Service) -> None:
    """A claim of a million rows in a small message is refused; a text that every row repeats is not written out."""
    many = columns_of(1, terminal_id=pa.array(["x" * 100_000]).dictionary_encode())
    (row,) = rows_of(post(service, stream_of(many), ARROW))
    too_many = post(service, stream_of({**columns_of(0), "transfer_id": pa.array([], pa.string())}), ARROW)

    assert row["status"] == 400
    assert (too_many.status_code, rows_of(too_many)) == (200, [])


@pytest.mark.parametrize(
    ("media_type", "content"),
    [
        (JSON_LINES, json_lines(*(body_of(f"T{place}") for place in range(12)))),
        (ARROW, stream_of(columns_of(12))),
    ],
)
def test_a_batch_has_limits(tmp_path: Path, media_type: str, content: bytes) -> None:
    """More lines or bytes than are set are refused with the mend, and the limit of a single request stays its own."""
    with running(make_settings(tmp_path, batch_limit_lines=10)) as service:
        lines = post(service, content, media_type)
    with running(make_settings(tmp_path, batch_limit_bytes=1024)) as service:
        large = post(service, content * 20, media_type)
        single = service.client.post(
            "/v1/assessments", content=b" " * 2048, headers={**service.auth, "Content-Type": "application/json"}
        )

    assert (lines.status_code, large.status_code, single.status_code) == (413, 413, 400)
    assert "10 lines" in lines.json()["detail"]
    assert "1024 bytes" in large.json()["detail"]


def test_a_long_line_is_refused_alone(service: Service) -> None:
    """A line may be as long as a single request."""
    lines = lines_of(post(service, json_lines(body_of("T1", metadata={"a": "x" * 70_000}), body_of("T2"))))

    assert [line["status"] for line in lines] == [413, 200]


def test_only_few_batches_are_inside_at_once(tmp_path: Path) -> None:
    """A batch that finds no place is told to try again, and a place is given back whatever comes of a batch."""
    with running(make_settings(tmp_path, batches_at_once=1)) as service:
        batches = service.app.state.parts.batches
        batches.enter()
        full = post(service, json_lines(body_of("T1")))
        batches.leave()
        refused = [post(service, b"", "text/plain").status_code for _ in range(3)]
        good = post(service, json_lines(body_of("T1")))

    assert (full.status_code, full.json()["code"], full.headers["retry-after"]) == (503, "not_ready", "1")
    assert (refused, good.status_code) == ([415] * 3, 200)


def test_a_batch_needs_a_key_and_a_sound_question(service: Service) -> None:
    """The scope is that of a single assessment."""
    wrong = add_key(service.store, Scope.READ)
    service.clock.advance(seconds=1)
    headers = {"Authorization": f"Bearer {wrong}", "Content-Type": JSON_LINES}
    forbidden = service.client.post("/v1/assessments:batch", content=b"", headers=headers)

    assert forbidden.status_code == 403
    assert post(service, b"", record="perhaps").json()["errors"][0]["pointer"] == "?record"
    assert (post(service, b"").status_code, post(service, b"\n\n").content) == (200, b"")


def test_a_state_that_breaks_is_told_line_by_line(service: Service) -> None:
    """When the service cannot answer, each line says so, and none is recorded."""
    service.app.state.live.status = Status.BROKEN
    recorded = lines_of(post(service, json_lines(body_of("T1"), body_of("T2"))))
    estimated = lines_of(post(service, json_lines(body_of("T1"), {"nonsense": 1}), record="false"))

    assert [line["status"] for line in recorded] == [503, 503]
    assert [line["status"] for line in estimated] == [503, 422]


def test_no_damaged_stream_breaks_the_service(service: Service) -> None:
    """Whatever byte of a stream is another, the answer is no server error."""
    sound = stream_of(columns_of(3, channel=pa.array(["web"] * 3).dictionary_encode()))

    @settings(deadline=None)
    @given(place=st.integers(0, len(sound) - 1), byte=st.integers(0, 255))
    def check(place: int, byte: int) -> None:
        content = bytearray(sound)
        content[place] = byte
        reply = post(service, bytes(content), ARROW, record="false")
        assert reply.status_code in {200, 400, 413, 422}

    check()
