"""What is counted and timed."""

import re
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st
from prometheus_client import CollectorRegistry
from prometheus_client import Histogram as SharedHistogram
from prometheus_client.exposition import generate_latest

from fraudguard.serve.histogram import Histogram
from fraudguard.serve.stopwatch import Stopwatch
from fraudguard.serve.telemetry import Telemetry
from tests.house.tree import ROOT
from tests.serve.fakes import Service

BOUNDS_S = (0.00025, 0.001, 0.5)


def test_what_the_log_is_like_is_asked_for_when_read() -> None:
    """Whoever watches the service sees length, late transfers, queue and status as they are at that moment."""
    telemetry, late, status = Telemetry(), [3], ["ready"]
    telemetry.watch_log(length=lambda: 10, late=lambda: late[0], waiting=lambda: 7)
    telemetry.watch_status(("ready", "broken"), lambda: status[0])
    before = telemetry.render().decode()
    late[0], status[0] = 4, "broken"
    after = telemetry.render().decode()

    assert {"fraudguard_late_transfers 3.0", 'fraudguard_state{status="broken"} 0.0'} <= set(before.splitlines())
    assert {"fraudguard_late_transfers 4.0", 'fraudguard_state{status="broken"} 1.0'} <= set(after.splitlines())
    assert {"fraudguard_log_length 10.0", "fraudguard_commit_queue 7.0"} <= set(after.splitlines())


def test_each_part_of_a_judgement_is_timed() -> None:
    """Features, model, reasons and the wait for the commit each have their own histogram; reasons only when there were some."""
    telemetry = Telemetry()
    telemetry.note_times(Stopwatch(started=1.0, queried=1.25, decided=1.5, explained=1.5), settled=2.0)
    telemetry.note_times(Stopwatch(started=1.0, queried=1.25, decided=1.5, explained=1.75), settled=2.0)

    page = set(telemetry.render().decode().splitlines())

    assert {"fraudguard_features_seconds_sum 0.5", "fraudguard_model_seconds_sum 0.5"} <= page
    assert {"fraudguard_reasons_seconds_sum 0.25", "fraudguard_reasons_seconds_count 1.0"} <= page
    assert {"fraudguard_commit_seconds_sum 0.75", "fraudguard_commit_seconds_count 2.0"} <= page


def test_every_metric_is_explained(service: Service) -> None:
    """The page for operators names each metric that the service has, in both languages, and no other."""
    page = (ROOT / "docs" / "how-to" / "watch-the-service.md").read_text("utf-8")
    told = set(re.findall(r"^\| `(\w+)` \| [^|]+ \| [^|]+ \|$", page, re.MULTILINE))
    served = re.findall(
        r"^# TYPE (\w+) (?:counter|gauge|histogram)$", service.client.get("/metrics").text, re.MULTILINE
    )

    assert told == {name for name in served if not name.endswith("_created")}


@pytest.mark.parametrize("code", ["invalid", "not_ready"])
def test_problems_are_counted_by_code(code: str) -> None:
    """Each code has a counter of its own, which begins at nought, so that the first problem is a rise, and goes on."""
    telemetry = Telemetry()
    telemetry.expect_problems(["invalid", "not_ready", "conflict"])
    telemetry.count_problem(code)
    telemetry.count_problem(code)
    page = telemetry.render().decode()

    assert f'fraudguard_problems_total{{code="{code}"}} 2.0' in page
    assert 'fraudguard_problems_total{code="conflict"} 0.0' in page


@given(st.lists(st.sampled_from([0.0, *BOUNDS_S, 0.0002, 0.3, 7.0])))
def test_the_histogram_says_what_the_library_says(times_s: Sequence[float]) -> None:
    """Ours, which is cheaper, gives the same page as prometheus_client's for the same times."""
    registries = CollectorRegistry(), CollectorRegistry()
    ours = Histogram("wait_seconds", "Wait", BOUNDS_S)
    theirs = SharedHistogram("wait_seconds", "Wait", buckets=BOUNDS_S, registry=registries[1])
    registries[0].register(ours)
    for time_s in times_s:
        ours.observe(time_s)
        theirs.observe(time_s)
    pages = [generate_latest(registry).decode().splitlines() for registry in registries]

    assert pages[0] == [line for line in pages[1] if "_created" not in line]
