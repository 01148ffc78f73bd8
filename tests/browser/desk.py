"""A desk with invented work on it, on a loopback port."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import uvicorn

from fraudguard.column import to_ms
from fraudguard.serve.store.case_rows import ActRow
from tests.serve.fakes import Service, body_of, make_settings, running

__all__ = ["Desk", "make_desk"]


_LATER = (
    ("6228480055552000", "6217000099990001", 3_000_000),
    ("6228480055552000", "6217000099990002", 2_000_000),
    ("6228480055552001", "6217000099990001", 4_000_000),
    ("6217000099990001", "6217000099990003", 2_500_000),
)
"""Where some of the money went on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """A running desk.

    Parameters
    ----------
    service : Service
        With its store, its clock and its model.
    address : str
        Where a browser finds it.
    """

    service: Service
    address: str

    def claim(self, name: str, transfer_id: str) -> str:
        """Give somebody the case of a transfer; return its id."""
        store = self.service.store
        store.gathering.gather()
        case_id = store.cases.of_transfer(transfer_id).case_id
        at_ms = to_ms(self.service.clock.now())
        act = ActRow(case_id=case_id, at_ms=at_ms, officer=name, move="claim")
        store.cases.claim(case_id, name, act=act, token="held", until_ms=at_ms + 300_000)  # noqa: S106  # no secret
        return case_id


@contextmanager
def make_desk(folder: Path) -> Iterator[Desk]:
    """Give a desk with eight alerts of three tiers."""
    with running(make_settings(folder, demo=True)) as service:
        for number in range(8):
            service.scorer.fixed = (0.97, 0.6, 0.92, 0.55)[number % 4]
            service.assess(_order(number)).raise_for_status()
        for step, (payer, payee, fen) in enumerate(_LATER):
            onward = {"payer": {"account_id": payer}, "payee": {"account_id": payee}, "amount": {"value": fen}}
            service.scorer.fixed = 0.01
            moment = f"2026-01-05T02:{2 + step:02}:00Z"
            service.assess(body_of(f"ONWARD-{step}", event_time=moment, **onward)).raise_for_status()
        with _listening(service) as address:
            yield Desk(service=service, address=address)


def _order(number: int) -> dict[str, object]:
    return body_of(
        f"QZ-0105-{number:04}",
        payer={"account_id": f"62170000123410{number % 5:02}"},
        payee={"account_id": f"62284800555520{number % 3:02}", "name_match": "CMTC"},
        amount={"value": 4_980_000 + 1_234_500 * number},
        channel="mobile_app",
    )


@contextmanager
def _listening(service: Service) -> Iterator[str]:
    portal = service.client.portal
    if portal is None:
        raise RuntimeError("the service runs no more")
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        config = uvicorn.Config(service.app, lifespan="off", log_config=None, access_log=False)
        server = _Server(config)
        # In the loop that the service was started in: its log belongs to that one.
        done = portal.start_task_soon(server.serve, [door])
        server.is_up.wait(30)
        yield f"http://127.0.0.1:{door.getsockname()[1]}"
        server.should_exit = server.force_exit = True
        done.result(10)


class _Server(uvicorn.Server):
    """Tells when it listens."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.is_up = threading.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start to listen."""
        await super().startup(sockets)
        self.is_up.set()
