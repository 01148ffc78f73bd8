"""Counters, the latency histogram and the structured log; never personal data."""

import logging
import sys
from collections.abc import Callable
from typing import Final

import structlog
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest

from fraudguard.decision import Intervention
from fraudguard.serve.breaker import TRIPPED
from fraudguard.serve.fallback import DEADLINE

__all__ = ["METRICS_MEDIA_TYPE", "Telemetry", "configure_log", "log"]

METRICS_MEDIA_TYPE: Final = CONTENT_TYPE_LATEST

log: Final[structlog.typing.FilteringBoundLogger] = structlog.get_logger("fraudguard")
"""The log of the service: one JSON object a line on stderr."""

# fmt: off
_BUCKETS_S: Final = (
    0.00025, 0.0005, 0.001, 0.0015, 0.002, 0.003, 0.005, 0.0075, 0.01, 0.015, 0.02, 0.03, 0.05, 0.1, 0.25, 1.0,
)
# fmt: on


_DEGRADED: Final = (TRIPPED, DEADLINE)


class Telemetry:
    """The numbers of one service, in a registry of its own."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.latency = Histogram(
            "fraudguard_assessment_seconds", "Request to answer", buckets=_BUCKETS_S, registry=self.registry
        )
        self.replays = Counter("fraudguard_replays", "Answers given a second time", registry=self.registry)
        self.shadow_failures = Counter(
            "fraudguard_shadow_failures", "Transfers that the model in shadow could not judge", registry=self.registry
        )
        self.rebuilds = Counter("fraudguard_rebuilds", "Times the state was built again", registry=self.registry)
        self.snapshot_failures = Counter(
            "fraudguard_snapshot_failures", "Snapshots that could not be written", registry=self.registry
        )
        self._snapshot = Gauge(
            "fraudguard_snapshot_place",
            "Last place in the log that the newest snapshot has seen",
            registry=self.registry,
        )
        self._restored_from = Gauge(
            "fraudguard_restored_from_place",
            "Place of the snapshot that the state was restored from; 0 when the whole log was read",
            registry=self.registry,
        )
        self._checked = Counter(
            "fraudguard_parity_checked", "Stored vectors computed again from the log", registry=self.registry
        )
        self._differing = Counter(
            "fraudguard_parity_mismatches", "Stored vectors that came out otherwise; 0 is right", registry=self.registry
        )
        self._length = Gauge("fraudguard_log_length", "Events in the log", registry=self.registry)
        self._late = Gauge(
            "fraudguard_late_transfers",
            "Transfers in the log dated before one that an account of theirs had seen; they count at that one's time",
            registry=self.registry,
        )
        self._problems = Counter("fraudguard_problems", "Errors answered", ["code"], registry=self.registry)
        degraded = Counter(
            "fraudguard_degraded",
            "Answers that were less than, or other than, what model and policy say",
            ["reason"],
            registry=self.registry,
        )
        self._degraded = {reason: degraded.labels(reason) for reason in _DEGRADED}
        self._breaker = Gauge("fraudguard_breaker_open", "1 while nothing more is held up", registry=self.registry)
        self._in_flight = Gauge("fraudguard_in_flight", "Assessments being answered", registry=self.registry)
        self.stalled = Counter(
            "fraudguard_stalled_connections",
            "Connections closed because their request did not come to its end",
            registry=self.registry,
        )
        self.late_failures = Counter(
            "fraudguard_late_answer_failures",
            "Answers at a deadline that could not be noted beside their decision",
            registry=self.registry,
        )
        decided = Counter("fraudguard_assessments", "Decisions", ["intervention"], registry=self.registry)
        self._decided = {intervention: decided.labels(intervention.value) for intervention in Intervention}

    def count_decision(self, intervention: Intervention) -> None:
        """Count one decision."""
        self._decided[intervention].inc()

    def count_degraded(self, reason: str) -> None:
        """Count one answer that was degraded."""
        self._degraded[reason].inc()

    def watch(self, *, breaker_is_open: Callable[[], bool], in_flight: Callable[[], int]) -> None:
        """Ask for these each time that the numbers are read."""
        self._breaker.set_function(breaker_is_open)
        self._in_flight.set_function(in_flight)

    def count_problem(self, code: str) -> None:
        """Count one error answered."""
        self._problems.labels(code).inc()

    def note_parity(self, *, checked: int, differing: int) -> None:
        """Count stored vectors that were computed again, and those of them that came out otherwise."""
        self._checked.inc(checked)
        self._differing.inc(differing)

    def note_restored(self, *, snapshot_place: int) -> None:
        """Note the place of the snapshot that the state was restored from, 0 for none."""
        self._restored_from.set(snapshot_place)
        self._snapshot.set(snapshot_place)

    def note_snapshot(self, *, place: int) -> None:
        """Note the place of a snapshot just written."""
        self._snapshot.set(place)

    def note_log(self, *, events: int, late: int) -> None:
        """Note how long the log is, and how many of its transfers came late."""
        self._length.set(events)
        self._late.set(late)

    def render(self) -> bytes:
        """Return the page that Prometheus reads."""
        return generate_latest(self.registry)


def configure_log(level: str = "info") -> None:
    """Make the log of this process, uvicorn's too, JSON lines on stderr, from a level of gravity on."""
    least = logging.getLevelNamesMapping()[level.upper()]
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(least),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
    plain = structlog.stdlib.ProcessorFormatter(
        processor=structlog.processors.JSONRenderer(ensure_ascii=False),
        foreign_pre_chain=[
            structlog.stdlib.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
        ],
    )
    stream = logging.StreamHandler()
    stream.setFormatter(plain)
    logging.basicConfig(handlers=[stream], level=least, force=True)
    logging.getLogger("alembic").setLevel(logging.WARNING)  # it speaks at each look at the migrations
