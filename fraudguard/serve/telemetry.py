"""What the service counts and times, for Prometheus; never personal data."""

from collections.abc import Callable, Iterable
from datetime import datetime
from functools import partial
from typing import Final, Protocol

from prometheus_client import CollectorRegistry, Counter, Gauge
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from starlette.types import ASGIApp

from fraudguard.decision import Intervention
from fraudguard.serve.breaker import TRIPPED
from fraudguard.serve.fallback import DEADLINE
from fraudguard.serve.histogram import Histogram
from fraudguard.serve.stopwatch import Stopwatch

__all__ = ["METRICS_MEDIA_TYPE", "Telemetry", "Tracing"]

METRICS_MEDIA_TYPE: Final = CONTENT_TYPE_LATEST

# fmt: off
_BUCKETS_S: Final = (
    0.00025, 0.0005, 0.001, 0.0015, 0.002, 0.003, 0.005, 0.0075, 0.01, 0.015, 0.02, 0.03, 0.05, 0.1, 0.25, 1.0,
)
_PART_BUCKETS_S: Final = (0.00005, 0.0001, *_BUCKETS_S)
# fmt: on


_DEGRADED: Final = (TRIPPED, DEADLINE)
_TRIED: Final = ("delivered", "postponed", "failed")


class Tracing(Protocol):
    """Makes spans: `fraudguard.serve.tracing.OtelTracing`."""

    def wrap(self, app: ASGIApp) -> ASGIApp:
        """Return an application that answers each request within a span of its own."""
        ...

    def note_times(self, watch: Stopwatch, *, settled: float) -> None:
        """Make spans of the parts of a judgement that is over."""
        ...

    def close(self) -> None:
        """Send what has ended, and end."""
        ...


class Telemetry:
    """The numbers of one service, in a registry of its own.

    What happens at each request is counted where it stands, by objects looked up once; what merely is, such as the length of the log,
    is asked for when the page is read.

    Parameters
    ----------
    tracing : Tracing or None
        What else is told of times; nothing without it.
    """

    def __init__(self, tracing: Tracing | None = None) -> None:
        self.tracing = tracing
        self.registry = CollectorRegistry()
        self.latency = self._histogram("fraudguard_assessment_seconds", "Request to answer", _BUCKETS_S)
        self.features = self._histogram("fraudguard_features_seconds", "Features of one transfer", _PART_BUCKETS_S)
        self.model = self._histogram("fraudguard_model_seconds", "Score and decision of one transfer", _PART_BUCKETS_S)
        self.reasons = self._histogram("fraudguard_reasons_seconds", "Reasons of one flagged transfer", _PART_BUCKETS_S)
        self.commit = self._histogram("fraudguard_commit_seconds", "Wait until the record was durable", _BUCKETS_S)
        self.replays = self._counter("fraudguard_replays", "Answers given a second time")
        self.shadow_failures = self._counter(
            "fraudguard_shadow_failures", "Transfers that the model in shadow could not judge"
        )
        self.rebuilds = self._counter("fraudguard_rebuilds", "Times the state was built again")
        self.snapshot_failures = self._counter("fraudguard_snapshot_failures", "Snapshots that could not be written")
        self._snapshot = self._gauge(
            "fraudguard_snapshot_place", "Last place in the log that the newest snapshot has seen"
        )
        self._certificate = self._gauge(
            "fraudguard_certificate_expires_seconds",
            "Moment at which the certificate shown ends, seconds since 1970; 0 when the service ends no TLS",
        )
        self._restored_from = self._gauge(
            "fraudguard_restored_from_place",
            "Place of the snapshot that the state was restored from; 0 when the whole log was read",
        )
        self._checked = self._counter("fraudguard_parity_checked", "Stored vectors computed again from the log")
        self._differing = self._counter(
            "fraudguard_parity_mismatches", "Stored vectors that came out otherwise; 0 is right"
        )
        self._problems = Counter("fraudguard_problems", "Errors answered", ["code"], registry=self.registry)
        self._by_code: dict[str, Counter] = {}
        degraded = Counter(
            "fraudguard_degraded",
            "Answers that were less than, or other than, what model and policy say",
            ["reason"],
            registry=self.registry,
        )
        self._degraded = {reason: degraded.labels(reason) for reason in _DEGRADED}
        self.stalled = self._counter(
            "fraudguard_stalled_connections", "Connections closed because their request did not come to its end"
        )
        self.late_failures = self._counter(
            "fraudguard_late_answer_failures",
            "Answers at a deadline that could not be noted beside their decision",
        )
        self._add_webhooks()
        decided = Counter("fraudguard_assessments", "Decisions", ["intervention"], registry=self.registry)
        self._decided = {intervention: decided.labels(intervention.value) for intervention in Intervention}

    def _add_webhooks(self) -> None:
        deliveries = Counter(
            "fraudguard_webhook_tries", "Tries to deliver a webhook", ["outcome"], registry=self.registry
        )
        self._deliveries = {outcome: deliveries.labels(outcome) for outcome in _TRIED}
        self._outbox = self._gauge("fraudguard_webhooks_waiting", "Webhooks that are still to be delivered")
        self._outbox_since = self._gauge(
            "fraudguard_webhooks_waiting_since_seconds",
            "When the oldest webhook that waits happened, seconds since 1970; 0 when none waits",
        )

    def count_decision(self, intervention: Intervention) -> None:
        """Count one decision."""
        self._decided[intervention].inc()

    def count_delivery(self, outcome: str) -> None:
        """Count one try to deliver a webhook: delivered, postponed or failed."""
        self._deliveries[outcome].inc()

    def note_outbox(self, *, count: int, since: datetime | None) -> None:
        """Note how many webhooks wait, and when the oldest of them happened."""
        self._outbox.set(count)
        self._outbox_since.set(0 if since is None else since.timestamp())

    def count_degraded(self, reason: str) -> None:
        """Count one answer that was degraded."""
        self._degraded[reason].inc()

    def watch(self, *, breaker_is_open: Callable[[], bool], in_flight: Callable[[], int]) -> None:
        """Ask for these each time that the numbers are read."""
        self._gauge("fraudguard_breaker_open", "1 while nothing more is held up").set_function(breaker_is_open)
        self._gauge("fraudguard_in_flight", "Assessments being answered").set_function(in_flight)

    def expect_problems(self, codes: Iterable[str]) -> None:
        """Have a counter for each code: one that begins with its first problem is 1 from the start, and seems not to have risen."""
        self._by_code.update({code: self._problems.labels(code) for code in codes})

    def count_problem(self, code: str) -> None:
        """Count one error answered, of a code that was expected."""
        self._by_code[code].inc()

    def note_times(self, watch: Stopwatch, *, settled: float) -> None:
        """Count how long each part of a judgement took, and the wait until its record was settled."""
        self.features.observe(watch.queried - watch.started)
        self.model.observe(watch.decided - watch.queried)
        if watch.explained > watch.decided:
            self.reasons.observe(watch.explained - watch.decided)
        self.commit.observe(settled - watch.explained)
        if self.tracing is not None:
            self.tracing.note_times(watch, settled=settled)

    def note_parity(self, *, checked: int, differing: int) -> None:
        """Count stored vectors that were computed again, and those of them that came out otherwise."""
        self._checked.inc(checked)
        self._differing.inc(differing)

    def note_restored(self, *, snapshot_place: int) -> None:
        """Note the place of the snapshot that the state was restored from, 0 for none."""
        self._restored_from.set(snapshot_place)
        self._snapshot.set(snapshot_place)

    def note_certificate(self, *, expires_at: datetime) -> None:
        """Note when the certificate that is shown ends."""
        self._certificate.set(expires_at.timestamp())

    def note_snapshot(self, *, place: int) -> None:
        """Note the place of a snapshot just written."""
        self._snapshot.set(place)

    def watch_log(self, *, length: Callable[[], int], late: Callable[[], int], waiting: Callable[[], int]) -> None:
        """Ask for these each time that the numbers are read: events, late transfers, records not yet in a commit."""
        self._gauge("fraudguard_log_length", "Events in the log").set_function(length)
        self._gauge(
            "fraudguard_late_transfers",
            "Transfers in the log dated before one that an account of theirs had seen; they count at that one's time",
        ).set_function(late)
        self._gauge("fraudguard_commit_queue", "Records that wait for the next commit").set_function(waiting)

    def watch_status(self, names: tuple[str, ...], status: Callable[[], str]) -> None:
        """Ask for the status of the state each time that the numbers are read; 1 for the one that it has."""
        gauge = Gauge("fraudguard_state", "1 for what the state is", ["status"], registry=self.registry)
        for name in names:
            gauge.labels(name).set_function(partial(_is, status, name))

    def render(self) -> bytes:
        """Return the page that Prometheus reads."""
        return generate_latest(self.registry)

    def _histogram(self, name: str, documentation: str, bounds_s: tuple[float, ...]) -> Histogram:
        histogram = Histogram(name, documentation, bounds_s)
        self.registry.register(histogram)
        return histogram

    def _counter(self, name: str, documentation: str) -> Counter:
        return Counter(name, documentation, registry=self.registry)

    def _gauge(self, name: str, documentation: str) -> Gauge:
        return Gauge(name, documentation, registry=self.registry)


def _is(status: Callable[[], str], name: str) -> bool:
    return status() == name
