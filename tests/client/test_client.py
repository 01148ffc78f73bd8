"""The client against a running service, and against a world that fails."""

import asyncio
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import httpx2
import pytest

from fraudguard.account import Account, AccountClass
from fraudguard.client import (
    ApiError,
    AsyncClient,
    Client,
    KeyRefusedError,
    MissingError,
    NoAnswerError,
    RefusedError,
    Retries,
    ReusedError,
    ScopeError,
    UnavailableError,
)
from fraudguard.errors import DataError, DefinitionError, NotReadyError
from fraudguard.finding import Finding, FindingValue
from fraudguard.serve.auth import Scope
from fraudguard.serve.store.rows import Kind
from fraudguard.signal import Signal, SignalSource, SignalType
from tests.client.service import async_http
from tests.fakes import make_transfer
from tests.serve.fakes import Service, add_key, body_of, make_settings, running

URL: Final = "http://127.0.0.1:8000"
MOMENT: Final = datetime(2026, 1, 5, 2, tzinfo=UTC)
NO_WAIT: Final = Retries(first_s=0.0, most_s=2.0)


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    """Give a running service."""
    with running(make_settings(tmp_path)) as started:
        yield started


@pytest.fixture
def client(service: Service) -> Client:
    """Give a client of it."""
    return Client(URL, service.token, http=service.client)


class World:
    """A network on which each request meets the next of the fates it was given, and then the last one again."""

    def __init__(self, *fates: int | httpx2.Response | Exception) -> None:
        self._fates = list(fates)
        self.requests: list[httpx2.Request] = []

    def __call__(self, request: httpx2.Request) -> httpx2.Response:
        """Answer a request."""
        self.requests.append(request)
        fate = self._fates.pop(0) if len(self._fates) > 1 else self._fates[0]
        if isinstance(fate, Exception):
            raise fate
        return httpx2.Response(fate) if isinstance(fate, int) else fate

    def client(self, retries: Retries = NO_WAIT) -> Client:
        """Return a client on this network."""
        return Client(URL, "fg_key", http=httpx2.Client(transport=httpx2.MockTransport(self)), retries=retries)


def entry() -> httpx2.Response:
    """Return a good answer."""
    return httpx2.Response(200, json={"kind": "transfer", "id": "T1", "place": 1})


def test_a_transfer_is_judged_and_read_again(service: Service, client: Client) -> None:
    """What the service answers arrives typed, and the same when it is read."""
    service.scorer.fixed = 0.95
    answer = client.assess(make_transfer("T1", channel="mobile_app"))
    event = service.store.log.find(Kind.TRANSFER, "T1")

    assert (answer.intervention, answer.tier, answer.transfer_id) == ("delay_settlement", "urgent", "T1")
    assert answer.hold is not None
    assert answer.hold.hold_s == 7200
    assert answer.reasons[0].text.zh == "金额高于本人平时"
    assert client.read_assessment(answer.id) == answer == client.assess(make_transfer("T1", channel="mobile_app"))
    assert event is not None
    assert event.event == make_transfer("T1", channel="mobile_app")
    assert len(client.read_features(answer.id).features) == len(service.scorer.vectors[0])


def test_every_event_arrives_as_it_was_said(client: Client) -> None:
    """Events as structs or as mappings are the same on the wire."""
    client.assess(body_of("T1"))
    finding = Finding(
        finding_id="F1", finding=FindingValue.GENUINE, event_time=MOMENT, received_at=MOMENT, transfer_id="T1"
    )
    signal = Signal(
        signal_id="S1",
        signal_type=SignalType.SIM_CHANGED,
        source=SignalSource.TELECOM,
        event_time=MOMENT,
        received_at=MOMENT,
        account_id="a",
    )
    account = Account(account_id="a", received_at=MOMENT, account_class=AccountClass.II)
    entries = [
        client.add_transfer(make_transfer("T2")),
        client.record_finding(finding),
        client.report_signal(signal),
        client.describe_account(account),
    ]
    drawn = client.record_finding({"transfer_id": "T2", "finding": "genuine", "event_time": "2026-01-05T03:00:00Z"})

    assert [one.kind for one in entries] == ["transfer", "finding", "signal", "account"]
    assert [one.place for one in (*entries, drawn)] == [2, 3, 4, 5, 6]
    assert drawn.id.startswith("fnd_")


def test_pages_follow_each_other(client: Client) -> None:
    """A list goes on over all pages, the newest first."""
    lines = list(client.assess_batch(body_of(f"T{place}") for place in range(450)))
    listed = [one.transfer_id for one in client.list_assessments()]

    assert [line.line for line in lines] == list(range(1, 451))
    assert listed == [f"T{place}" for place in reversed(range(450))]
    assert [one.transfer_id for one in client.list_assessments(transfer_id="T7")] == ["T7"]
    assert [one.transfer_id for one in client.list_assessments(intervention="suspend_service")] == []


def test_a_long_batch_is_sent_in_parts(service: Service, client: Client) -> None:
    """Lines count over all parts, a bad one has its problem, and an estimate leaves no trace."""
    bodies = [body_of(f"T{place}") for place in range(2_010)]
    bodies[2_005] = {"transfer_id": "bad"}
    lines = list(client.assess_batch(bodies, record=False))

    assert [line.line for line in lines] == list(range(1, 2_011))
    assert [line.line for line in lines if line.problem] == [2_006]
    assert lines[0].estimate is not None
    assert service.store.log.count() == 0


def test_the_service_says_what_it_is(client: Client) -> None:
    """Readiness and versions are values, too."""
    assert client.readiness().is_ready
    assert client.version().model == "fake-1"


@pytest.mark.parametrize(
    ("scopes", "call", "kind"),
    [
        ((), lambda client: client.assess({"transfer_id": "T1"}), RefusedError),
        ((), lambda client: client.read_assessment("asm_none"), MissingError),
        ((), lambda client: client.read_assessment("../findings?"), MissingError),
        ((Scope.READ,), lambda client: client.assess(body_of("T1")), ScopeError),
    ],
)
def test_a_refusal_is_an_error_of_its_kind(
    service: Service, scopes: tuple[Scope, ...], call: Callable[[Client], object], kind: type[ApiError]
) -> None:
    """Each problem is raised as the error that stands for it, with its code and the id of the request."""
    token = add_key(service.store, *scopes) if scopes else service.token
    service.clock.advance(seconds=1)

    with pytest.raises(kind) as caught:
        call(Client(URL, token, http=service.client, lang="en"))
    assert caught.value.problem.request_id in str(caught.value)
    assert caught.value.code in str(caught.value)


def test_faults_of_fields_are_told(client: Client) -> None:
    """A refused transfer says which fields do not fit."""
    with pytest.raises(DataError) as caught:
        client.assess(body_of("T1", amount={"value": -1}))

    assert isinstance(caught.value, RefusedError)
    assert [fault.pointer for fault in caught.value.errors] == ["#/amount/value"]


def test_another_content_under_one_id_is_an_error_of_its_own(client: Client) -> None:
    """Both an id and a key that are used again with another content are told apart from a fault of a field."""
    client.assess(body_of("T1"), idempotency_key="K")

    with pytest.raises(ReusedError, match="id_reused"):
        client.assess(body_of("T1", amount={"value": 7}))
    with pytest.raises(ReusedError, match="idempotency_key_reused"):
        client.assess(body_of("T2"), idempotency_key="K")


def test_a_wrong_key_is_refused(service: Service) -> None:
    """A key that opens nothing is told from one that lacks a scope."""
    with pytest.raises(KeyRefusedError):
        Client(URL, "fg_nothing_at_all", http=service.client).assess(body_of("T1"))


def test_every_attempt_carries_the_same_key_and_body() -> None:
    """A request is sent again as it was, so that it is judged once."""
    world = World(httpx2.ConnectError("gone"), 503, httpx2.ReadTimeout("slow"), entry())
    world.client().add_transfer(body_of("T1"))
    sent = {(request.content, request.headers.get("idempotency-key")) for request in world.requests}
    judged = World(503)
    with pytest.raises(UnavailableError):
        judged.client().assess(body_of("T1"))
    keys = {request.headers["idempotency-key"] for request in judged.requests}

    assert (len(world.requests), len(sent)) == (4, 1)
    assert (len(judged.requests), len(keys)) == (4, 1)


@pytest.mark.parametrize("status", [400, 401, 403, 404, 409, 413, 415, 422, 301])
def test_what_will_not_succeed_is_not_sent_again(status: int) -> None:
    """A refusal is told at once, also one by something in between that is no problem of ours."""
    world = World(httpx2.Response(status, text="<html>proxy</html>"))
    with pytest.raises(ApiError, match=f"http_{status}"):
        world.client().add_transfer(body_of("T1"))

    assert len(world.requests) == 1


def test_no_answer_is_told_in_the_end() -> None:
    """When nothing comes back, the error says that asking again is safe, in both languages, and names no address."""
    world = World(httpx2.ReadTimeout("slow"))
    with pytest.raises(NoAnswerError) as caught:
        world.client(Retries(attempts=2, first_s=0.0)).add_transfer(body_of("T1"))

    assert len(world.requests) == 2
    assert isinstance(caught.value, NotReadyError)
    assert "ReadTimeout" in caught.value.text("zh")
    assert "127.0.0.1" not in str(caught.value)


def test_the_wait_is_no_shorter_than_asked() -> None:
    """Retry-After counts when it is longer than the client's own wait; one that is too long ends it."""
    asked = UnavailableError(NoAnswerError("x").problem, 1.5)

    assert Retries(first_s=0.2).wait_s(1, asked, chance=0.9) == 1.5
    assert Retries(first_s=4.0).wait_s(1, asked, chance=0.9) == pytest.approx(3.6)
    assert Retries(most_s=1.0).wait_s(1, asked, chance=0.9) is None
    assert Retries(attempts=9, first_s=1.0, most_s=5.0).wait_s(8, NoAnswerError("x"), chance=1.0) == 5.0


@pytest.mark.parametrize(
    ("seconds", "expected"), [("1", 1.0), ("", None), ("soon", None), ("Wed, 21 Oct 2026 07:28:00 GMT", None)]
)
def test_a_date_in_retry_after_is_passed_over(seconds: str, expected: float | None) -> None:
    """Only seconds are understood: a date would trust two clocks."""
    with pytest.raises(UnavailableError) as caught:
        World(httpx2.Response(429, headers={"retry-after": seconds})).client(Retries(attempts=1)).version()

    assert caught.value.retry_after_s == expected


@pytest.mark.parametrize("values", [{"attempts": 0}, {"first_s": -1.0}, {"first_s": 3.0, "most_s": 1.0}])
def test_retries_that_make_no_sense_are_refused(values: dict[str, Any]) -> None:
    """Numbers are checked where they are given."""
    with pytest.raises(DefinitionError, match="retries"):
        Retries(**values)


def test_the_asynchronous_client_does_the_same(service: Service) -> None:
    """Judge, estimate, list and fail, on an event loop."""

    async def talk() -> tuple[object, ...]:
        async with AsyncClient(URL, service.token, http=async_http(service)) as client:
            judged = await client.assess(make_transfer("T1"))
            lines = [line async for line in client.assess_batch([body_of("T2"), {"nonsense": 1}])]
            listed = [one.transfer_id async for one in client.list_assessments()]
            with pytest.raises(RefusedError):
                await client.assess({"transfer_id": "T3"})
            return judged.transfer_id, [line.status for line in lines], listed

    assert service.client.portal is not None
    assert service.client.portal.call(talk) == ("T1", [200, 422], ["T2", "T1"])


def test_the_asynchronous_client_asks_again() -> None:
    """The same attempts, with the same key, on an event loop."""
    world = World(httpx2.ConnectError("gone"), 503, entry())

    async def talk() -> str:
        http = httpx2.AsyncClient(transport=httpx2.MockTransport(world))
        async with AsyncClient(URL, "fg_key", http=http, retries=NO_WAIT) as client:
            return (await client.add_transfer(body_of("T1"))).id

    assert asyncio.run(talk()) == "T1"
    assert len({request.content for request in world.requests}) == 1 < len(world.requests)


def test_without_its_library_the_client_says_what_to_install() -> None:
    """Words of answers are there without it; a client is not, and the error has the mend."""
    script = (
        "import sys; sys.modules['httpx2'] = None\n"
        "from fraudguard import client\n"
        "print(client.Assessment.__name__)\n"
        "try: client.Client\n"
        "except Exception as error: print(type(error).__name__, error)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)  # noqa: S603

    assert done.stdout.splitlines() == [
        "Assessment",
        "DefinitionError the client needs httpx2; run: pip install 'fraudguard[client]'",
    ]
