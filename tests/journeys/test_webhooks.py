"""A receiver is told by a real service, also by one that was killed between the cause and the telling."""

import time
from pathlib import Path

import pytest

from fraudguard.clock import SystemClock
from fraudguard.serve.settings import Settings
from fraudguard.serve.store import Store
from fraudguard.serve.webhook_address import AddressBook, networks_of
from fraudguard.serve.webhooks import Seal, WebhookService
from fraudguard.webhook import verify_webhook
from tests.journeys.load import PATIENCE_S, serving
from tests.serve.fakes import SECRET, make_settings, open_store
from tests.serve.receiver import Receiver, receiving

NETWORKS = "127.0.0.0/8"


def subscribe(settings: Settings, store: Store, receiver: Receiver) -> tuple[WebhookService, str]:
    """Return a service over a store with the receiver as its endpoint, and the secret."""
    book = AddressBook(networks_of(settings.webhook_networks))
    service = WebhookService(store=store, seal=Seal(SECRET.encode()), book=book, clock=SystemClock())
    url = f"http://127.0.0.1:{receiver.port}/hooks"
    _, secret = service.add(url=url, events=["hold.released"], author="test", endpoint_id="W1")
    return service, str(secret)


def wait_for(receiver: Receiver, count: int) -> None:
    """Wait until so many deliveries came."""
    until = time.monotonic() + PATIENCE_S
    while len(receiver.came) < count:
        assert time.monotonic() < until, f"{len(receiver.came)} of {count} came"
        time.sleep(0.05)


def wait_for_tries(store: Store, count: int) -> None:
    """Wait until the only delivery was noted to have failed so often: before that its claim runs on for a minute."""
    until = time.monotonic() + PATIENCE_S
    while store.outbox.page("W1", before=None, limit=1)[0].tries < count:
        assert time.monotonic() < until, "the first try was not noted"
        time.sleep(0.05)


@pytest.mark.timeout(300)
def test_a_kill_between_cause_and_telling_loses_nothing(tmp_path: Path, database: str) -> None:
    """What the receiver did not take before the kill is told after the next start, under the same id."""
    settings = make_settings(tmp_path, database=database, webhook_networks=NETWORKS)
    store = open_store(settings)
    with receiving(Receiver(503)) as receiver:
        service, secret = subscribe(settings, store, receiver)
        with serving(settings) as (process, _):
            queued = service.test("W1")
            wait_for(receiver, 1)
            wait_for_tries(store, 1)
            process.kill()
            process.wait()
        receiver.status = 204
        with serving(settings):
            wait_for(receiver, 2)  # nobody asks for it: what is due is found in the outbox
    store.close()
    notices = [verify_webhook(body, headers, secret) for _, headers, body in receiver.came]

    assert {notice.webhook_id for notice in notices} == {queued.event_id}
    assert {notice.type for notice in notices} == {"webhook.test"}
