"""Deliveries, on both databases, by a sender that goes nowhere."""

import itertools
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import msgspec
import pytest

from fraudguard.column import to_ms
from fraudguard.errors import ConflictError
from fraudguard.serve.store import Store
from fraudguard.serve.store.holds import ActRow
from fraudguard.serve.telemetry import Telemetry
from fraudguard.serve.webhook_address import AddressBook
from fraudguard.serve.webhook_courier import BACK_OFF_S, Courier, wait_before
from fraudguard.serve.webhook_sender import Outcome
from fraudguard.serve.webhooks import SUBSCRIBED, Seal, WebhookService
from fraudguard.webhook import EventType, verify_webhook
from tests.fakes import START, FakeClock
from tests.serve.store.test_store import record

URL = "https://bank.example/hooks"
KEY = b"a secret of the server, long enough."


@dataclass
class FakeSender:
    """Keeps what it is given, and answers what it was told to, the last again and again."""

    answers: list[Outcome] = field(default_factory=lambda: [Outcome(status=204)])
    sent: list[tuple[str, bytes, dict[str, str]]] = field(default_factory=list)

    def send(self, url: str, body: bytes, headers: Mapping[str, str]) -> Outcome:
        """Return the next answer."""
        self.sent.append((url, body, dict(headers)))
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]

    @property
    def ids(self) -> list[str]:
        """The ids of what was sent, in order."""
        return [headers["webhook-id"] for _, _, headers in self.sent]


@dataclass
class StoppingSender(FakeSender):
    """Stops the courier in the middle of the first delivery."""

    stop: Callable[[], None] = lambda: None

    def send(self, url: str, body: bytes, headers: Mapping[str, str]) -> Outcome:
        """Return the next answer, and let nothing follow."""
        self.stop()
        return super().send(url, body, headers)


@dataclass
class Bench:
    """A store with one endpoint, and what delivers to it."""

    store: Store
    service: WebhookService
    courier: Courier
    sender: FakeSender
    clock: FakeClock
    secret: str

    def deliver(self) -> None:
        """Deliver what is due now."""
        for endpoint_id in self.courier.due():
            self.courier.deliver_to(endpoint_id)

    @property
    def states(self) -> list[str]:
        """How the deliveries stand, the oldest first."""
        return [one.state for one in self.store.outbox.page("W1", before=None, limit=99)][::-1]


def courier_of(store: Store, sender: FakeSender, clock: FakeClock, *, key: bytes = KEY) -> Courier:
    """Return a courier that draws the middle each time."""
    telemetry = Telemetry()
    return Courier(
        store=store, seal=Seal(key), sender=sender, clock=clock, telemetry=telemetry, longest_hold_s=172_800, chance=lambda: 0.5
    )  # fmt: skip


@pytest.fixture
def bench(store: Store) -> Bench:
    """Give an endpoint that asks for everything."""
    clock, sender = FakeClock(), FakeSender()
    book = AddressBook(look_up=lambda _host, _port: ["8.8.8.8"])
    service = WebhookService(store=store, seal=Seal(KEY), book=book, clock=clock)
    _, secret = service.add(url=URL, events=SUBSCRIBED, author="test", endpoint_id="W1")
    return Bench(store, service, courier_of(store, sender, clock), sender, clock, str(secret))


def test_a_delivery_is_what_its_receiver_can_check(bench: Bench) -> None:
    """Signed, with the id of the event, once."""
    bench.store.write([record(1, "T1", decided_at_ms=to_ms(START))])
    bench.deliver()
    bench.deliver()
    (sent,) = bench.sender.sent
    notice = verify_webhook(sent[1], sent[2], bench.secret, now=START)

    assert sent[0] == URL
    assert (notice.type, notice.data) == ("assessment.created", {"assessment_id": "asm_T1", "transfer_id": "T1"})
    assert bench.states == ["delivered"]
    assert bench.store.outbox.waiting().count == 0


def test_what_does_not_arrive_is_tried_ever_more_seldom_and_then_given_up(bench: Bench) -> None:
    """Eleven times over three days, under the same id, and not before its time."""
    bench.sender.answers = [Outcome(status=500)]
    bench.service.test("W1")
    bench.deliver()
    for wait_s in BACK_OFF_S:
        bench.clock.advance(seconds=wait_s - 1)
        bench.deliver()
        tried = len(bench.sender.sent)
        bench.clock.advance(seconds=1)
        bench.deliver()
        assert len(bench.sender.sent) == tried + 1
    (last,) = bench.store.outbox.page("W1", before=None, limit=9)

    assert len(set(bench.sender.ids)) == 1
    assert (last.state, last.tries, last.last_status, last.last_error) == ("failed", 11, 500, "status 500")
    assert 3 * 86_400 < sum(BACK_OFF_S) < 3.5 * 86_400


@pytest.mark.parametrize("tries", range(1, 11))
def test_deliveries_that_failed_together_are_not_tried_together(tries: int) -> None:
    """The wait lies within a tenth of what is written down."""
    waits = [wait_before(tries, chance=chance) for chance in (0.0, 0.5, 1.0)]

    assert waits == pytest.approx([0.9 * BACK_OFF_S[tries - 1], BACK_OFF_S[tries - 1], 1.1 * BACK_OFF_S[tries - 1]])


def test_while_it_fails_an_endpoint_is_asked_once_at_a_time(bench: Bench) -> None:
    """Ten wait, one is tried; when that arrives all follow, in their order."""
    bench.sender.answers = [Outcome(error="cannot be reached"), Outcome(error="cannot be reached"), Outcome(status=200)]
    bench.service.test("W1")
    bench.deliver()
    for number in range(10):
        bench.store.write([record(number + 1, f"T{number}", decided_at_ms=to_ms(START) + number)])
    bench.clock.advance(seconds=1)
    bench.deliver()
    after_one = len(bench.sender.sent)
    bench.clock.advance(seconds=600)
    bench.deliver()

    assert after_one == 2
    assert bench.states == ["delivered"] * 11
    assert bench.store.webhooks.get("W1").failing_since_ms is None


def test_a_receiver_that_is_gone_is_told_no_more(bench: Bench) -> None:
    """It answered 410: what waits for it fails, and the trail says who ended it."""
    bench.sender.answers = [Outcome(status=410)]
    bench.service.test("W1")
    bench.clock.advance(seconds=1)
    bench.service.test("W1")
    bench.deliver()
    endpoint = bench.store.webhooks.get("W1")
    line = bench.store.trail.newest(limit=1)[0]

    assert (endpoint.state, endpoint.state_reason) == ("disabled", "gone")
    assert bench.states == ["failed", "failed"]
    assert (line.officer, line.act, line.subject, line.detail) == ("service", "webhook_disabled", "W1", "gone")
    with pytest.raises(ConflictError, match="enable it first"):
        bench.service.test("W1")


def test_five_days_of_nothing_disable_an_endpoint_until_somebody_enables_it(bench: Bench) -> None:
    """What happens meanwhile is not written down for it; what failed can be sent again."""
    bench.sender.answers = [Outcome(error="no answer in time")]
    first = bench.service.test("W1")
    bench.deliver()
    bench.clock.advance(days=5, seconds=1)
    bench.deliver()
    disabled = bench.store.webhooks.get("W1")
    bench.store.write([record(1, "T1", decided_at_ms=to_ms(bench.clock.now()))])
    bench.service.enable("W1", by="test")
    bench.sender.answers = [Outcome(status=200)]
    bench.service.redeliver("W1", first.event_id)
    bench.deliver()

    assert (disabled.state, disabled.state_reason) == ("disabled", "failing")
    assert bench.states == ["delivered"]
    assert set(bench.sender.ids) == {first.event_id}


def test_while_a_secret_is_changed_both_sign(bench: Bench) -> None:
    """Until the time of the former is over; a second change takes none away."""
    _, second = bench.service.rotate("W1", keep_s=3_600, by="test")
    _, third = bench.service.rotate("W1", keep_s=3_600, by="test")
    bench.service.test("W1")
    bench.deliver()
    bench.clock.advance(hours=2)
    bench.service.test("W1")
    bench.deliver()
    during, after = (headers["webhook-signature"].split(" ") for _, _, headers in bench.sender.sent)
    _, body, headers = bench.sender.sent[0]

    assert (len(during), len(after)) == (3, 1)
    for secret in (bench.secret, second, third):
        assert verify_webhook(body, headers, secret, now=START).type == EventType.WEBHOOK_TEST


def test_another_secret_of_the_server_opens_none(bench: Bench) -> None:
    """Nothing is sent unsigned; a new secret mends it."""
    other = courier_of(bench.store, bench.sender, bench.clock, key=b"another secret of the server, as long")
    bench.service.test("W1")
    other.deliver_to("W1")
    (waiting,) = bench.store.outbox.page("W1", before=None, limit=9)

    assert bench.sender.sent == []
    assert (waiting.state, waiting.last_error) == ("pending", "secret cannot be opened")


def test_two_processes_deliver_each_event_once(bench: Bench) -> None:
    """Both work the same outbox at once."""
    for number in range(20):
        bench.store.write([record(number + 1, f"T{number}", decided_at_ms=to_ms(START))])
    sender = FakeSender()
    couriers = [courier_of(bench.store, sender, bench.clock) for _ in range(2)]
    threads = [threading.Thread(target=one.deliver_to, args=("W1",)) for one in couriers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(sender.ids) == len(set(sender.ids)) == 20
    assert set(bench.states) == {"delivered"}


def test_what_a_process_took_with_it_is_delivered_by_another(bench: Bench) -> None:
    """Its claim ends by itself."""
    bench.service.test("W1")
    now_ms = to_ms(START)
    bench.store.outbox.claim("W1", now_ms=now_ms, until_ms=now_ms + 60_000, limit=4)
    bench.deliver()
    meanwhile = list(bench.sender.ids)
    bench.clock.advance(seconds=60)
    bench.deliver()

    assert (meanwhile, len(bench.sender.ids)) == ([], 1)


def test_holds_that_run_out_are_told_once(bench: Bench) -> None:
    """Not one that was released, nor one that was extended and still runs, nor one that ended before somebody asked."""
    held = {"decided_at_ms": to_ms(START), "hold_s": 60}
    bench.store.write([record(number + 1, f"T{number}", **held) for number in range(3)])
    bench.store.write([record(4, "T-before", decided_at_ms=to_ms(START) - 120_000, hold_s=60)])
    for number, (act, hold_s) in enumerate((("release", None), ("extend", 3_600))):
        row = ActRow(
            act_id=f"A{number}",
            act=act,
            hold_s=hold_s,
            reason_code="by_order",
            note=None,
            author="t",
            at_ms=to_ms(START),
        )
        bench.store.holds.act(f"asm_T{number}", row, lambda _hold: None)
    told = []
    for seconds in (0, 61, 100, 3_600):
        bench.clock.advance(seconds=seconds)
        bench.courier.look_around()
        expired = [
            one for one in bench.store.outbox.page("W1", before=None, limit=99)
            if one.event_type == EventType.ASSESSMENT_ACTION_EXPIRED
        ]  # fmt: skip
        told.append(sorted(one.data for one in expired))

    assert [len(one) for one in told] == [0, 1, 1, 2]
    assert "asm_T2" in told[1][0]
    assert "asm_T1" in told[3][0]


def test_what_was_settled_is_kept_for_thirty_days(bench: Bench) -> None:
    """What still waits is kept as long as it waits."""
    bench.service.test("W1")
    bench.deliver()
    counts = []
    for days in (29, 2):
        bench.clock.advance(days=days)
        bench.courier.look_around()
        counts.append(len(bench.states))

    assert counts == [1, 0]


def test_ids_of_events_differ_as_events_do(bench: Bench) -> None:
    """And the same event has the same one, so that it cannot be written down twice."""
    tests = [bench.service.test("W1").event_id for _ in range(5)]

    assert len(set(tests)) == 5
    assert all(one != other for one, other in itertools.pairwise(tests))


def test_what_another_settled_meanwhile_stays_settled(bench: Bench) -> None:
    """A process that took too long changes nothing any more."""
    bench.service.test("W1")
    (late,) = bench.store.outbox.claim("W1", now_ms=to_ms(START), until_ms=to_ms(START) + 1, limit=1)
    bench.clock.advance(seconds=1)
    bench.deliver()
    bench.store.outbox.settle(
        late.place, state="failed", at_ms=to_ms(bench.clock.now()), status=500, error="status 500"
    )
    (row,) = bench.store.outbox.page("W1", before=None, limit=9)

    assert (row.state, row.tries, row.last_status) == ("delivered", 1, 204)


def test_a_courier_that_is_stopped_begins_no_more(bench: Bench) -> None:
    """However much waits: the process would end only after all of it. What it had claimed is delivered later."""
    for number in range(9):
        bench.store.write([record(number + 1, f"T{number}", decided_at_ms=to_ms(START))])
    sender = StoppingSender()
    stopped = courier_of(bench.store, sender, bench.clock)
    sender.stop = stopped.stop
    stopped.deliver_to("W1")
    bench.clock.advance(seconds=60)
    bench.deliver()

    assert len(sender.sent) == 1
    assert len(set(sender.ids + bench.sender.ids)) == len(sender.ids + bench.sender.ids) == 9
    assert set(bench.states) == {"delivered"}


def test_what_waits_for_an_endpoint_that_is_disabled_alarms_nobody(bench: Bench) -> None:
    """Nor is it looked at again and again; enabled, it is delivered."""
    bench.service.test("W1")
    before = bench.store.outbox.waiting().count
    bench.service.disable("W1", by="test")
    waiting, due = bench.store.outbox.waiting(), bench.courier.due()
    bench.service.enable("W1", by="test")
    bench.deliver()

    assert (before, waiting.count, waiting.since_ms, due) == (1, 0, None, [])
    assert bench.states == ["delivered"]


def test_of_two_who_change_a_secret_at_once_one_is_told_to_try_again(bench: Bench) -> None:
    """Neither is shown a secret that never signs, and the trail has one line."""
    row = bench.store.webhooks.get("W1")
    _, secret = bench.service.rotate("W1", keep_s=0, by="first")
    late = msgspec.structs.replace(row, sealed=Seal(KEY).close("whsec_bGF0ZQ==", "W1"))
    with pytest.raises(ConflictError, match="at the same moment"):
        bench.store.webhooks.put_secret(late, instead_of=row.sealed, at_ms=1, by="second")
    lines = [line.officer for line in bench.store.trail.newest(limit=9, act="webhook_rotated")]
    known = Seal(KEY).secrets_of(bench.store.webhooks.get("W1"), now_ms=to_ms(START))

    assert (lines, known) == (["first"], (secret,))
