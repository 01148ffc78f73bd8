"""Clients that begin and do not end: they are shown out, and others are served meanwhile."""

import socket
import time
from pathlib import Path
from typing import Final

import httpx2
import pytest

from tests.journeys.load import PATIENCE_S, serving
from tests.serve.fakes import add_key, make_settings, open_store

HEAD: Final = b"POST /v1/assessments HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 600\r\n"


def begun(token: str) -> list[bytes]:
    """Return nothing, half a header, and half a body of a caller who is known."""
    known = HEAD + f"Authorization: Bearer {token}\r\n\r\n".encode()
    return [b"", HEAD, known + b'{"transfer_id"']


def test_stalled_connections_are_closed_and_others_answered(tmp_path: Path) -> None:
    """Whatever they had sent by then; a kept connection that asks again is left alone, and the closed are counted."""
    settings = make_settings(tmp_path, receive_timeout_s=1)
    store = open_store(settings)
    token = add_key(store)
    store.close()
    with serving(settings) as (_, port), httpx2.Client(base_url=f"http://127.0.0.1:{port}") as client:
        client.get("/livez")
        stalled = [socket.create_connection(("127.0.0.1", port), timeout=10) for _ in range(3)]
        for one, sent in zip(stalled, begun(token), strict=True):
            one.sendall(sent)
        answered = [client.get("/livez").status_code for _ in range(3)]
        ends = [_read_to_end(one) for one in stalled]
        metrics = client.get("/metrics").text

    assert answered == [200, 200, 200]
    assert ends == [b"", b"", b""]
    assert "fraudguard_stalled_connections_total 3.0" in metrics


@pytest.mark.parametrize("leaves", [True, False], ids=["goes away", "does not fetch"])
def test_a_batch_that_nobody_fetches_gives_its_place_back(tmp_path: Path, leaves: bool) -> None:  # noqa: FBT001  # a parameter of a test
    """Whether the client goes away or stands still, its batch is broken off, and the next one is let in."""
    settings = make_settings(tmp_path, batches_at_once=1, send_timeout_s=1)
    store = open_store(settings)
    token = add_key(store)
    store.close()
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/x-ndjson"}
    with serving(settings) as (_, port), socket.create_connection(("127.0.0.1", port), timeout=10) as still:
        still.sendall(_batch(token, lines=40_000))
        if leaves:
            still.close()
        with httpx2.Client(base_url=f"http://127.0.0.1:{port}", headers=headers) as client:
            answers = _ask_until_let_in(client)

    assert answers[-1] == 200
    assert set(answers) <= {200, 503}


def _ask_until_let_in(client: httpx2.Client) -> list[int]:
    answers: list[int] = []
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline and answers[-1:] != [200]:
        answers.append(client.post("/v1/assessments:batch", content=b"{}", params={"record": "false"}).status_code)
        time.sleep(0.1)
    return answers


def _batch(token: str, *, lines: int) -> bytes:
    content = b"{}\n" * lines  # each is answered by a problem, which is longer
    head = (
        "POST /v1/assessments:batch?record=false HTTP/1.1\r\nHost: a\r\nContent-Type: application/x-ndjson\r\n"
        f"Authorization: Bearer {token}\r\nContent-Length: {len(content)}\r\n\r\n"
    )
    return head.encode() + content


def _read_to_end(connection: socket.socket) -> bytes:
    with connection:
        return connection.recv(1_000)
