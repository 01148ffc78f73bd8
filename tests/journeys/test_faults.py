"""What the machine does to a service under load: its disk fills, its database goes, it is told to stop. Nothing answered is lost."""

import http.client
import json
import resource
import socket
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import pytest
from sqlalchemy import make_url

from fraudguard.errors import ConflictError
from fraudguard.serve.settings import Settings
from fraudguard.serve.store import Store
from tests.databases import Cluster, make_empty
from tests.journeys.callers import Caller, answered_by, calling, wait_until
from tests.journeys.line import line_to
from tests.journeys.load import PATIENCE_S, metric, serving
from tests.journeys.proof import NOTHING_WRONG, wrong_in
from tests.serve.fakes import add_key, body_of, make_settings, open_store

SOME: Final = 60
SMALL_BYTES: Final = 65_536


def judged(callers: list[Caller], more: int = SOME) -> Callable[[], bool]:
    """Return whether so many more transfers have been answered from now on."""
    before = len(answered_by(callers))
    return lambda: len(answered_by(callers)) >= before + more


def everyone_refused(callers: list[Caller]) -> Callable[[], bool]:
    """Return whether each caller has been told from now on to come again."""
    before = [caller.refused for caller in callers]
    return lambda: all(caller.refused > count for caller, count in zip(callers, before, strict=True))


def readiness(port: int) -> tuple[int, dict[str, Any]]:
    """Return the status of readyz, and its parts."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request("GET", "/readyz")
    answer = connection.getresponse()
    parts: dict[str, Any] = json.loads(answer.read())["parts"]
    connection.close()
    return answer.status, parts


def stop(process: subprocess.Popen[bytes]) -> int:
    """Tell a service to stop, and return its exit code."""
    process.terminate()
    return process.wait(PATIENCE_S)


def prepared(settings: Settings) -> tuple[Store, str]:
    """Return a migrated store and a key to it."""
    store = open_store(settings)
    return store, add_key(store)


def test_a_full_disk_costs_answers_but_loses_none(tmp_path: Path) -> None:
    """While nothing can be written every caller is told to come again and readyz names the store; then all goes on by itself."""
    store, token = prepared(settings := make_settings(tmp_path))
    with serving(settings) as (process, port), calling(port, token) as callers:
        wait_until(judged(callers), "transfers are judged")
        # No file may grow beyond this: for the service it is as if the disk was full.
        free = resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (SMALL_BYTES, resource.RLIM_INFINITY))
        wait_until(everyone_refused(callers), "everyone is told to come again")
        wait_until(lambda: readiness(port)[1]["state"] == "broken", "the state is not ready")
        full = readiness(port)
        resource.prlimit(process.pid, resource.RLIMIT_FSIZE, free)
        wait_until(judged(callers), "transfers are judged again")
        roomy = readiness(port)
        code = stop(process)
    wrong = wrong_in(store, answered_by(callers))
    store.close()

    assert full == (503, {"state": "broken", "store": "full or read-only", "model": "ready"})
    assert roomy[0] == 200
    assert {status for caller in callers for status in caller.unexpected} == set()
    assert (code, wrong) == (0, NOTHING_WRONG)


def test_a_database_that_goes_and_comes_back_loses_nothing(tmp_path: Path, cluster: Cluster) -> None:
    """Under load it is down, and back: what was answered stands, the service goes on, and nobody else may write meanwhile or after."""
    make_empty(cluster.url)
    store, token = prepared(settings := make_settings(tmp_path, database=cluster.url))
    with serving(settings) as (process, port), calling(port, token) as callers:
        wait_until(judged(callers), "transfers are judged")
        cluster.stop()
        try:
            wait_until(everyone_refused(callers), "everyone is told to come again")
            down = readiness(port)
        finally:
            cluster.start()
        wait_until(judged(callers), "transfers are judged again")
        with pytest.raises(ConflictError), store.sole_writer():
            pass
        back, code = readiness(port), stop(process)
    wrong = wrong_in(store, answered_by(callers))
    with store.sole_writer():
        store.close()

    assert (down[0], down[1]["store"]) == (503, "unreachable or not migrated")
    assert back[0] == 200
    assert {status for caller in callers for status in caller.unexpected} == set()
    assert (code, wrong) == (0, NOTHING_WRONG)


def test_a_database_that_says_nothing_keeps_no_caller_waiting(tmp_path: Path, cluster: Cluster) -> None:
    """The network goes silent and nobody hangs up: whoever has a deadline is answered by it; then what waited is judged, once."""
    make_empty(cluster.url)
    port_of_database = make_url(cluster.url).port
    assert port_of_database is not None
    with line_to(port_of_database) as line:
        through = cluster.url.replace(str(port_of_database), str(line.port))
        store, token = prepared(make_settings(tmp_path, database=cluster.url))
        with serving(make_settings(tmp_path, database=through)) as (_, port), calling(port, token) as callers:
            wait_until(judged(callers), "transfers are judged")
            line.go_silent()
            told = [assessed_within(port, token, f"T-late-{number}") for number in range(5)]
            line.speak()
            wait_until(judged(callers), "transfers are judged again")
            again = [assessed_within(port, token, f"T-late-{number}", 5_000) for number in range(5)]
    wrong = wrong_in(store, answered_by(callers) | {str(body["transfer_id"]): raw for _, body, raw in again})
    store.close()

    assert [(status, body["degraded_reasons"]) for status, body, _ in told] == [(202, ["deadline"])] * 5
    assert [status for status, _, _ in again] == [200] * 5
    assert {status for caller in callers for status in caller.unexpected} == set()
    assert wrong == NOTHING_WRONG


def assessed_within(
    port: int, token: str, transfer_id: str, deadline_ms: int = 200
) -> tuple[int, dict[str, Any], bytes]:
    """Return status and answer of a request that waits no longer, read and as it came."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    body = body_of(transfer_id) | {"deadline_ms": deadline_ms}
    connection.request("POST", "/v1/assessments", json.dumps(body), headers)
    answer = connection.getresponse()
    raw = answer.read()
    connection.close()
    return answer.status, json.loads(raw), raw


def test_a_service_whose_database_is_gone_still_stops_cleanly(tmp_path: Path, cluster: Cluster) -> None:
    """SIGTERM ends it with exit code 0 while nothing can be written."""
    make_empty(cluster.url)
    store, token = prepared(settings := make_settings(tmp_path, database=cluster.url))
    store.close()
    with serving(settings) as (process, port), calling(port, token) as callers:
        wait_until(judged(callers), "transfers are judged")
        cluster.stop()
        try:
            wait_until(everyone_refused(callers), "everyone is told to come again")
            code = stop(process)
        finally:
            cluster.start()

    assert code == 0


def test_a_stop_under_load_answers_what_it_took(tmp_path: Path, database: str) -> None:
    """SIGTERM under load ends with exit code 0, and what is in the log is what was answered: no more, no less."""
    store, token = prepared(settings := make_settings(tmp_path, database=database))
    with serving(settings) as (process, port), calling(port, token) as callers:
        wait_until(judged(callers), "transfers are judged")
        code = stop(process)
    answered = answered_by(callers)
    taken = {row.event_id for row in store.log.read()}
    wrong = wrong_in(store, answered)
    store.close()

    assert (code, wrong) == (0, NOTHING_WRONG)
    assert taken == set(answered)


def test_a_request_half_sent_at_a_stop_is_answered(tmp_path: Path) -> None:
    """Its caller sends the rest after SIGTERM, when nobody new is let in, and gets the judgement; it is stored."""
    store, token = prepared(settings := make_settings(tmp_path))
    body = json.dumps(body_of("T-half")).encode()
    head = (
        f"POST /v1/assessments HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer {token}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    with serving(settings) as (process, port), socket.create_connection(("127.0.0.1", port), timeout=10) as half:
        half.sendall(head.encode() + body[:20])
        wait_until(lambda: metric(port, "fraudguard_in_flight") == 1, "the request is begun")
        process.terminate()
        wait_until(lambda: is_shut(port), "nobody new is let in")
        half.sendall(body[20:])
        answer = http.client.HTTPResponse(half)
        answer.begin()
        status, judgement = answer.status, answer.read()
        code = process.wait(PATIENCE_S)
    wrong = wrong_in(store, {"T-half": judgement})
    store.close()

    assert (status, code, wrong) == (200, 0, NOTHING_WRONG)


def is_shut(port: int) -> bool:
    """Return whether no new connection is taken."""
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return True
    return False
