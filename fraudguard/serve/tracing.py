"""Spans of requests and their parts, for OpenTelemetry; loaded only when asked for (the extra `otel`).

A span says how long and with what status, and no id of a person, an account or a transfer.
"""

import time
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Final

from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import ReadableSpan, SpanProcessor, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.sdk.trace.sampling import ParentBased, TraceIdRatioBased
from opentelemetry.trace import Span, SpanKind, Status, StatusCode, set_span_in_context, use_span
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from fraudguard.serve.stopwatch import Stopwatch

__all__ = ["OtelTracing", "Traced", "exporting_to"]

_PROPAGATOR: Final = TraceContextTextMapPropagator()
_FAILED_FROM: Final = 500


@dataclass(frozen=True, slots=True)
class _Running:
    span: Span
    start_ns: int
    started: float


_running: Final[ContextVar[_Running | None]] = ContextVar("running", default=None)


class OtelTracing:
    """Makes a span of a share of the requests, and of the parts of each judgement within.

    Parameters
    ----------
    processor : SpanProcessor
        Where spans go when they end.
    share : float
        Share of the requests without a sampled parent that are traced, 0 to 1; a caller's decision in ``traceparent`` is kept.
    """

    def __init__(self, processor: SpanProcessor, *, share: float) -> None:
        sampler = ParentBased(TraceIdRatioBased(share))
        resource = Resource.create({"service.name": "fraudguard"})
        self._provider = TracerProvider(sampler=sampler, resource=resource, shutdown_on_exit=False)
        self._provider.add_span_processor(processor)
        self._tracer = self._provider.get_tracer("fraudguard")

    def begin(self, scope: Scope) -> Span:
        """Return the span of a request, the child of the one that its ``traceparent`` names.

        Parameters
        ----------
        scope : Scope
            Of an HTTP request.

        Returns
        -------
        Span
            Begun; it records nothing when it is not in the sample.
        """
        carrier = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        attributes = {"http.request.method": scope["method"], "fraudguard.request_id": str(scope.get("request_id", ""))}
        parent = _PROPAGATOR.extract(carrier)
        return self._tracer.start_span(scope["method"], parent, SpanKind.SERVER, attributes)

    def note_times(self, watch: Stopwatch, *, settled: float) -> None:
        """Make spans of the parts of a judgement that is over.

        Parameters
        ----------
        watch : Stopwatch
            When each part was done.
        settled : float
            When its record was durable, or had failed to be.
        """
        running = _running.get()
        if running is None:
            return
        self._add(running, "features", watch.started, watch.queried)
        self._add(running, "model", watch.queried, watch.decided)
        if watch.explained > watch.decided:
            self._add(running, "reasons", watch.decided, watch.explained)
        self._add(running, "commit", watch.explained, settled)

    def wrap(self, app: ASGIApp) -> ASGIApp:
        """Return an application that answers each request within a span of its own."""
        return Traced(app, self)

    def close(self) -> None:
        """Send what has ended, and end."""
        self._provider.shutdown()

    def _add(self, running: _Running, name: str, *between: float) -> None:
        start_ns, end_ns = (running.start_ns + round(1e9 * (instant - running.started)) for instant in between)
        parent = set_span_in_context(running.span)
        self._tracer.start_span(name, parent, start_time=start_ns).end(end_ns)


class Traced:
    """An application whose requests have spans.

    Parameters
    ----------
    app : ASGIApp
        What lies inside.
    tracing : OtelTracing
        Makes the spans.
    """

    def __init__(self, app: ASGIApp, tracing: OtelTracing) -> None:
        self._app = app
        self._tracing = tracing

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request within a span of its own."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        span = self._tracing.begin(scope)
        if isinstance(span, ReadableSpan) and span.start_time is not None:
            _running.set(_Running(span, span.start_time, time.perf_counter()))

        async def send_noting(message: Message) -> None:
            if message["type"] == "http.response.start":
                _note_answer(span, scope, message["status"])
            await send(message)

        # The message of an exception may carry what the caller sent.
        with use_span(span, end_on_exit=True, record_exception=False, set_status_on_exception=False):
            await self._app(scope, receive, send_noting)


def exporting_to(endpoint: str, *, share: float) -> OtelTracing:
    """Return tracing that sends its spans over HTTP, from a thread of its own.

    Parameters
    ----------
    endpoint : str
        Address of a collector's traces, such as ``http://127.0.0.1:4318/v1/traces``.
    share : float
        As for `OtelTracing`.

    Returns
    -------
    OtelTracing
        Sending; spans that nobody takes are dropped.
    """
    return OtelTracing(BatchSpanProcessor(OTLPSpanExporter(endpoint=endpoint)), share=share)


def _note_answer(span: Span, scope: Scope, status: int) -> None:
    route = getattr(scope.get("route"), "path", "")
    span.update_name(f"{scope['method']} {route}".strip())
    span.set_attributes({"http.route": route, "http.response.status_code": status})
    if status >= _FAILED_FROM:
        span.set_status(Status(StatusCode.ERROR))
