"""Spans of requests, from OpenTelemetry's own exporter in memory."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import StatusCode

from fraudguard.serve.live import Status
from fraudguard.serve.tracing import OtelTracing, exporting_to
from tests.serve.fakes import Service, body_of, make_settings, running

TRACE_ID = "4bf92f3577b34da6a3ce929d0e0e4736"
SAMPLED, UNSAMPLED = (f"00-{TRACE_ID}-00f067aa0ba902b7-{flag}" for flag in ("01", "00"))


@dataclass(slots=True)
class Traced:
    """A service, and the spans it made."""

    service: Service
    exporter: InMemorySpanExporter

    @property
    def spans(self) -> dict[str, ReadableSpan]:
        """The spans that ended, by name."""
        return {span.name: span for span in self.exporter.get_finished_spans()}


@pytest.fixture(params=[0.0, 1.0])
def share(request: pytest.FixtureRequest) -> float:
    """Give a share of the requests to trace: none and all."""
    value: float = request.param
    return value


@pytest.fixture
def traced(tmp_path: Path, share: float) -> Iterator[Traced]:
    """Give a running service that makes spans."""
    exporter = InMemorySpanExporter()
    tracing = OtelTracing(SimpleSpanProcessor(exporter), share=share)
    with running(make_settings(tmp_path), tracing=tracing) as service:
        service.scorer.fixed = 0.6
        yield Traced(service, exporter)


def test_a_judgement_has_spans_of_its_parts(traced: Traced) -> None:
    """A request whose caller samples it has a span under the caller's, and one below it for each part, in their order and inside."""
    traced.service.assess(body_of(), traceparent=SAMPLED)
    spans = traced.spans
    request = spans.pop("POST /v1/assessments")
    parts = [spans.pop(name) for name in ("features", "model", "reasons", "commit")]
    ends = [instant for part in parts for instant in (part.start_time or 0, part.end_time or 0)]

    assert not spans
    assert request.context is not None
    assert f"{request.context.trace_id:032x}" == TRACE_ID
    assert [part.parent and part.parent.span_id for part in parts] == 4 * [request.context.span_id]
    assert ends == sorted(ends)
    assert (request.start_time or 0) <= ends[0]
    assert request.attributes is not None
    assert request.attributes["http.response.status_code"] == 200


def test_spans_follow_the_callers_decision_and_the_share(traced: Traced, share: float) -> None:
    """Without a trace context the share decides; one that is not sampled is kept unsampled."""
    traced.service.assess(body_of("T1"), traceparent=UNSAMPLED)
    unsampled = len(traced.spans)
    traced.service.assess(body_of("T2"))

    assert unsampled == 0
    assert bool(traced.spans) is (share == 1.0)


def test_spans_name_no_person(traced: Traced) -> None:
    """No attribute holds what the body says; the status and the route are there."""
    traced.service.assess(body_of(amount="13812345678"), traceparent=SAMPLED)
    traced.service.client.get("/v1/assessments/13812345678", headers={**traced.service.auth, "traceparent": SAMPLED})
    told = [span.to_json() for span in traced.spans.values()]

    assert sorted(traced.spans) == ["GET /v1/assessments/{assessment_id}", "POST /v1/assessments"]
    assert not any("13812345678" in one or "payer-account-1" in one for one in told)


@pytest.mark.parametrize("share", [1.0], indirect=True)
def test_a_failed_request_is_marked(traced: Traced) -> None:
    """An answer of 500 or above makes the span one of an error, without the error's words."""
    traced.service.app.state.live.status = Status.BROKEN
    traced.service.client.get("/readyz")

    assert traced.spans["GET /readyz"].status.status_code is StatusCode.ERROR
    assert traced.spans["GET /readyz"].events == ()


def test_spans_need_no_collector_to_be_there() -> None:
    """Tracing that sends to an address where nobody listens starts and ends."""
    exporting_to("http://127.0.0.1:9/v1/traces", share=1.0).close()
