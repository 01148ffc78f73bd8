"""`fraudguard webhooks`: who is told of events, from a shell."""

import json
from pathlib import Path

import pytest

from fraudguard.errors import DataError
from fraudguard.serve.store import Store
from tests.cli.runner import invoke
from tests.serve.fakes import SECRET

URL = "http://127.0.0.1:9/hooks"


@pytest.fixture
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Give the URL of an empty store, with the server's secret and loopback as a network of its own."""
    monkeypatch.setenv("FRAUDGUARD_SECRET", SECRET)
    monkeypatch.setenv("FRAUDGUARD_WEBHOOK_NETWORKS", "127.0.0.0/8")
    url = f"sqlite:///{tmp_path}/store.db"
    store = Store.open(url)
    store.upgrade()
    store.close()
    return url


def lines(*words: str) -> list[dict[str, object]]:
    """Return what a command prints as JSON."""
    return [json.loads(line) for line in invoke(*words, "--json").stdout.splitlines()]


def test_an_endpoint_from_its_first_day_to_its_last(database: str) -> None:
    """Added, tested, given another secret, disabled and enabled."""
    at = ("--database", database)
    by = ("--author", "wang", *at)
    (added,) = lines("webhooks", "add", URL, "--event", "hold.released", *by)
    name = str(added["endpoint_id"])
    tested = invoke("webhooks", "test", name, *at)
    (delivery,) = lines("webhooks", "deliveries", name, *at)
    again = invoke("webhooks", "redeliver", name, str(delivery["event_id"]), *at)
    (rotated,) = lines("webhooks", "rotate", name, *by)
    disabled = invoke("webhooks", "disable", name, *by)
    (shown,) = lines("webhooks", "list", *at)
    enabled = invoke("webhooks", "enable", name, *by)

    assert [done.exit_code for done in (tested, again, disabled, enabled)] == [0, 0, 0, 0]
    assert (delivery["type"], delivery["state"], delivery["tries"]) == ("webhook.test", "pending", 0)
    assert str(rotated["secret"]).startswith("whsec_")
    assert rotated["secret"] != added["secret"]
    assert (shown["url"], shown["events"], shown["state"]) == (URL, "hold.released", "disabled")


def test_a_secret_is_shown_to_people_once(database: str) -> None:
    """With a word that it is."""
    done = invoke("webhooks", "add", URL, "--author", "wang", "--database", database)
    listed = invoke("webhooks", "list", "--database", database)

    assert "whsec_" in done.stdout
    assert "whsec_" not in listed.stdout
    assert "finding.recorded" in json.dumps(lines("webhooks", "list", "--database", database))


def test_an_address_that_may_not_be_sent_to_is_refused(database: str) -> None:
    """As over the API."""
    done = invoke("webhooks", "add", "https://10.0.0.1/", "--author", "wang", "--database", database)

    assert isinstance(done.exception, DataError) or done.exit_code == 1
