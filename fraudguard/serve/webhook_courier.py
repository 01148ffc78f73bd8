"""Delivers what waits in the outbox, beside the answers of the service and never in their way.

A delivery is claimed for a while, sent, and settled; a process that ends in between lets another claim it again, under the same id. What
does not arrive is tried again for three days, ever more seldom. While an endpoint fails it gets one delivery at a time: a receiver
that is down is asked whether it is up, not flooded.
"""

import asyncio
import secrets
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Final

import msgspec

from fraudguard.clock import Clock
from fraudguard.column import from_ms, to_ms
from fraudguard.errors import FraudguardError
from fraudguard.serve.journal import log
from fraudguard.serve.store import Store
from fraudguard.serve.store.outbox import DELIVERED, FAILED, Delivery
from fraudguard.serve.store.webhooks import ACTIVE, DISABLED, EndpointRow
from fraudguard.serve.telemetry import Telemetry
from fraudguard.serve.webhook_sender import Outcome, Sender
from fraudguard.serve.webhooks import Seal
from fraudguard.webhook import sign_webhook

__all__ = ["BACK_OFF_S", "Courier", "wait_before"]

BACK_OFF_S: Final = (5, 30, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400)
"""Seconds from one try to the next; a delivery that fails eleven times, after three days and a little, is given up."""

_JITTER: Final = 0.1
_AT_ONCE: Final = 4
_LEASE_MS: Final = 60_000
_LOOK_S: Final = 1.0
_RARELY_S: Final = 30.0
_DISABLED_AFTER_MS: Final = 5 * 86_400_000
_KEPT_MS: Final = 30 * 86_400_000
_DOWN_MS: Final = 3 * 86_400_000
"""What ran out while the service was down is told of, if that is no longer ago."""

_SERVICE: Final = "service"
_dice: Final = secrets.SystemRandom()


def wait_before(tries: int, *, chance: float) -> float | None:
    """Return how many seconds after a failure a delivery is tried again; None when it is given up.

    Parameters
    ----------
    tries : int
        How often it was tried, 1 or more.
    chance : float
        0 to 1; deliveries that failed together are not tried together.

    Returns
    -------
    float or None
        Within a tenth of `BACK_OFF_S`.

    Examples
    --------
    >>> wait_before(1, chance=0.5), wait_before(11, chance=0.5)
    (5.0, None)
    """
    if tries > len(BACK_OFF_S):
        return None
    return BACK_OFF_S[tries - 1] * (1 + _JITTER * (2 * chance - 1))


class Courier:
    """Delivers, in threads of its own.

    Parameters
    ----------
    store : Store
        Where the outbox is.
    seal : Seal
        Opens the secrets.
    sender : Sender
        Sends.
    clock : Clock
        The time.
    telemetry : Telemetry
        What to count.
    longest_hold_s : int
        No hold lasts longer.
    chance : callable
        Draws from 0 to 1.
    """

    def __init__(  # noqa: PLR0913  # its parts, each by name
        self,
        *,
        store: Store,
        seal: Seal,
        sender: Sender,
        clock: Clock,
        telemetry: Telemetry,
        longest_hold_s: int,
        chance: Callable[[], float] = _dice.random,
    ) -> None:
        self._store = store
        self._seal = seal
        self._sender = sender
        self._clock = clock
        self._telemetry = telemetry
        self._longest_ms = 1000 * longest_hold_s
        self._chance = chance
        self._expired_until_ms: int | None = None
        self._threads = ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="webhooks")
        self._busy: dict[str, asyncio.Task[None]] = {}
        self._is_stopped = threading.Event()

    async def run(self, *, look_s: float = _LOOK_S, rarely_s: float = _RARELY_S) -> None:
        """Deliver until cancelled."""
        loop = asyncio.get_running_loop()
        rare_at = 0.0
        try:
            while True:
                if loop.time() >= rare_at:
                    rare_at = loop.time() + rarely_s
                    await self._try(self.look_around)
                await self._try(partial(self._begin, loop))
                await asyncio.sleep(look_s)
        finally:
            # What is being sent is not waited for: its claim ends by itself, and it is sent again under the same id.
            self.stop()
            self._threads.shutdown(wait=False, cancel_futures=True)

    def stop(self) -> None:
        """Begin no more deliveries: the process ends only after its threads, and a long queue would keep it for as long."""
        self._is_stopped.set()

    async def _try(self, work: Callable[[], None]) -> None:
        try:
            await asyncio.get_running_loop().run_in_executor(self._threads, work)
        except Exception as error:  # noqa: BLE001  # the outbox waits for the store to answer again
            log.warning("the outbox cannot be worked", kind=type(error).__name__)

    def _begin(self, loop: asyncio.AbstractEventLoop) -> None:
        for endpoint_id in self.due():
            loop.call_soon_threadsafe(self._begin_one, endpoint_id)

    def _begin_one(self, endpoint_id: str) -> None:
        # Each endpoint by itself: one that lets everybody wait keeps nobody else waiting.
        if endpoint_id not in self._busy:
            work = asyncio.ensure_future(self._try(partial(self.deliver_to, endpoint_id)))
            self._busy[endpoint_id] = work
            work.add_done_callback(lambda _done: self._busy.pop(endpoint_id, None))

    def look_around(self) -> None:
        """Write down which holds ran out, remove what was settled long ago, and count what waits."""
        now_ms = to_ms(self._clock.now())
        since_ms = now_ms - _DOWN_MS if self._expired_until_ms is None else self._expired_until_ms
        self._store.outbox.tell_expired(since_ms=since_ms, now_ms=now_ms, longest_ms=self._longest_ms)
        self._expired_until_ms = now_ms - _LEASE_MS  # a hold that another process is about to extend or release
        self._store.outbox.remove_settled(before_ms=now_ms - _KEPT_MS)
        waiting = self._store.outbox.waiting()
        since = None if waiting.since_ms is None else from_ms(waiting.since_ms)
        self._telemetry.note_outbox(count=waiting.count, since=since)

    def due(self) -> Sequence[str]:
        """Return the endpoints that something is due for."""
        return self._store.outbox.due_endpoints(to_ms(self._clock.now()))

    def deliver_to(self, endpoint_id: str) -> None:
        """Deliver what is due for one endpoint, in its order, until something fails or nothing is due."""
        while self._deliver_some(self._store.webhooks.get(endpoint_id)):
            pass

    def _deliver_some(self, endpoint: EndpointRow) -> bool:
        if endpoint.state != ACTIVE or self._is_stopped.is_set():
            return False
        now_ms, is_failing = to_ms(self._clock.now()), endpoint.failing_since_ms is not None
        claimed = self._store.outbox.claim(
            endpoint.endpoint_id, now_ms=now_ms, until_ms=now_ms + _LEASE_MS, limit=1 if is_failing else _AT_ONCE
        )
        arrived = [self._deliver(endpoint, delivery) for delivery in claimed if not self._is_stopped.is_set()]
        return bool(arrived) and all(arrived)

    def _deliver(self, endpoint: EndpointRow, delivery: Delivery) -> bool:
        outcome = self._send(endpoint, delivery)
        self._settle(self._store.webhooks.get(endpoint.endpoint_id), delivery, outcome)
        return outcome.arrived

    def _send(self, endpoint: EndpointRow, delivery: Delivery) -> Outcome:
        now = self._clock.now()
        body = _body_of(delivery)
        try:
            known = self._seal.secrets_of(endpoint, now_ms=to_ms(now))
        except FraudguardError:
            return Outcome(error="secret cannot be opened")
        signed = [sign_webhook(body, webhook_id=delivery.event_id, sent_at=now, secret=one) for one in known]
        headers = {
            "Content-Type": "application/json",
            "User-Agent": "fraudguard",
            "webhook-id": delivery.event_id,
            "webhook-timestamp": str(int(now.timestamp())),
            "webhook-signature": " ".join(signed),
        }
        return self._sender.send(endpoint.url, body, headers)

    def _settle(self, endpoint: EndpointRow, delivery: Delivery, outcome: Outcome) -> None:
        now_ms = to_ms(self._clock.now())
        wait_s = wait_before(delivery.tries + 1, chance=self._chance())
        if outcome.arrived:
            self._store.outbox.settle(delivery.place, state=DELIVERED, at_ms=now_ms, status=outcome.status, error=None)
            self._telemetry.count_delivery("delivered")
        elif wait_s is None or outcome.is_gone:
            self._store.outbox.settle(
                delivery.place, state=FAILED, at_ms=now_ms, status=outcome.status, error=outcome.told
            )
            self._telemetry.count_delivery("failed")
        else:
            due_at_ms = now_ms + round(1000 * wait_s)
            self._store.outbox.postpone(delivery.place, due_at_ms=due_at_ms, status=outcome.status, error=outcome.told)
            self._telemetry.count_delivery("postponed")
        self._note_health(endpoint, outcome, now_ms)

    def _note_health(self, endpoint: EndpointRow, outcome: Outcome, now_ms: int) -> None:
        failing_since_ms = endpoint.failing_since_ms
        if outcome.arrived:
            if failing_since_ms is not None:
                self._store.webhooks.note_failing(endpoint.endpoint_id, None)
        elif outcome.is_gone:
            self._disable(endpoint, "gone", now_ms)
        elif failing_since_ms is None:
            self._store.webhooks.note_failing(endpoint.endpoint_id, now_ms)
        elif now_ms - failing_since_ms > _DISABLED_AFTER_MS:
            self._disable(endpoint, "failing", now_ms)

    def _disable(self, endpoint: EndpointRow, reason: str, now_ms: int) -> None:
        self._store.webhooks.set_state(endpoint.endpoint_id, DISABLED, reason=reason, at_ms=now_ms, by=_SERVICE)
        self._store.outbox.give_up(endpoint.endpoint_id, at_ms=now_ms, error=reason)
        log.error("a webhook endpoint is disabled", endpoint=endpoint.endpoint_id, reason=reason)


_encoder: Final = msgspec.json.Encoder()


def _body_of(delivery: Delivery) -> bytes:
    said = {
        "type": delivery.event_type,
        "timestamp": from_ms(delivery.at_ms),
        "data": msgspec.Raw(delivery.data.encode()),
    }
    return _encoder.encode(said)
