"""What a webhook is signed with, and how a receiver checks it."""

import base64
import hashlib
import hmac
import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fraudguard.errors import DataError
from fraudguard.webhook import ForgedWebhookError, new_webhook_secret, sign_webhook, verify_webhook

AT = datetime(2026, 1, 5, 2, tzinfo=UTC)
SECRET = "whsec_" + base64.b64encode(b"k" * 24).decode()
BODY = b'{"type":"hold.released","timestamp":"2026-01-05T01:59:58Z","data":{"assessment_id":"asm_1"}}'


def signed(body: bytes = BODY, *, secret: str = SECRET, at: datetime = AT, webhook_id: str = "evt_1") -> dict[str, str]:
    """Return the headers of a delivery."""
    return {
        "Webhook-Id": webhook_id,
        "Webhook-Timestamp": str(int(at.timestamp())),
        "Webhook-Signature": sign_webhook(body, webhook_id=webhook_id, sent_at=at, secret=secret),
    }


def test_a_signature_is_that_of_the_specification() -> None:
    """HMAC-SHA-256 under the decoded secret, over id, seconds and body with a full stop between."""
    said = b"evt_1." + str(int(AT.timestamp())).encode() + b"." + BODY
    right = base64.b64encode(hmac.new(b"k" * 24, said, hashlib.sha256).digest()).decode()

    assert sign_webhook(BODY, webhook_id="evt_1", sent_at=AT, secret=SECRET) == f"v1,{right}"


def test_a_delivery_tells_what_happened() -> None:
    """Whoever has the secret reads id, kind, moment and ids."""
    notice = verify_webhook(BODY, signed(), SECRET, now=AT)

    assert (notice.webhook_id, notice.type) == ("evt_1", "hold.released")
    assert notice.timestamp == AT - timedelta(seconds=2)
    assert notice.data == {"assessment_id": "asm_1"}


def test_while_a_secret_is_changed_either_opens() -> None:
    """A delivery with two signatures is taken under the new secret, the former, or both."""
    new = new_webhook_secret()
    headers = signed()
    headers["Webhook-Signature"] = f"{signed(secret=new)['Webhook-Signature']} {headers['Webhook-Signature']} v2,other"

    assert [verify_webhook(BODY, headers, known, now=AT).webhook_id for known in (new, SECRET, [SECRET, new])] == [
        "evt_1",
        "evt_1",
        "evt_1",
    ]


@given(st.data())
def test_one_changed_byte_is_a_forgery(data: st.DataObject) -> None:
    """Of the body, the id or the moment, whichever it is."""
    headers, body = signed(), BODY
    where = data.draw(st.sampled_from(["body", "Webhook-Id", "Webhook-Timestamp"]))
    if where == "body":
        place = data.draw(st.integers(0, len(body) - 1))
        other = data.draw(st.integers(0, 255).filter(lambda byte: byte != body[place]))
        body = body[:place] + bytes([other]) + body[place + 1 :]
    else:
        headers[where] = "evt_2" if where == "Webhook-Id" else str(int(AT.timestamp()) + data.draw(st.integers(1, 299)))

    with pytest.raises(ForgedWebhookError, match="no signature fits"):
        verify_webhook(body, headers, SECRET, now=AT)


@pytest.mark.parametrize("away_s", [-301, 301])
def test_a_delivery_out_of_time_is_refused(away_s: int) -> None:
    """One that was recorded and is sent again later proves nothing."""
    with pytest.raises(ForgedWebhookError, match="300 s"):
        verify_webhook(BODY, signed(), SECRET, now=AT + timedelta(seconds=away_s))


@pytest.mark.parametrize("away_s", [-300, 300])
def test_clocks_may_stand_five_minutes_apart(away_s: int) -> None:
    """And no more."""
    assert verify_webhook(BODY, signed(), SECRET, now=AT + timedelta(seconds=away_s)).type == "hold.released"


@pytest.mark.parametrize("name", ["Webhook-Id", "Webhook-Timestamp", "Webhook-Signature"])
def test_a_header_that_is_missing_is_named(name: str) -> None:
    """In the words of the specification."""
    headers = signed()
    del headers[name]

    with pytest.raises(ForgedWebhookError, match=name.lower()):
        verify_webhook(BODY, headers, SECRET, now=AT)


@pytest.mark.parametrize("moment", ["yesterday", "9" * 30, ""])
def test_a_moment_that_is_none_is_refused(moment: str) -> None:
    """Without an error of another kind."""
    with pytest.raises(ForgedWebhookError, match="webhook-timestamp"):
        verify_webhook(BODY, signed() | {"Webhook-Timestamp": moment}, SECRET, now=AT)


@pytest.mark.parametrize("secret", ["whsec_", "whsec_%%%", "secret!"])
def test_a_secret_that_is_none_is_told(secret: str) -> None:
    """Before anything is compared with it."""
    with pytest.raises(DataError, match="whsec_"):
        verify_webhook(BODY, signed(), secret, now=AT)


@pytest.mark.parametrize("body", [b"{}", b"[]", b"not json", json.dumps({"type": 1}).encode()])
def test_a_signed_body_that_cannot_be_read_is_told(body: bytes) -> None:
    """It is no forgery, and no notice either."""
    with pytest.raises(DataError, match="cannot be read"):
        verify_webhook(body, signed(body), SECRET, now=AT)


def test_secrets_are_long_and_never_the_same() -> None:
    """256 bits each."""
    made = {new_webhook_secret() for _ in range(100)}

    assert len(made) == 100
    assert {len(base64.b64decode(one.removeprefix("whsec_"))) for one in made} == {32}


def test_the_clock_of_the_machine_counts_when_none_is_given() -> None:
    """A delivery of years ago is refused."""
    with pytest.raises(ForgedWebhookError, match="clock"):
        verify_webhook(BODY, signed(at=datetime(2020, 1, 1, tzinfo=UTC)), SECRET)
