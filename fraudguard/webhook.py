"""Webhooks, by the Standard Webhooks specification: what is sent, how it is signed, and how a receiver checks it.

A receiver needs this module and nothing else of the package.
"""

import base64
import binascii
import hashlib
import hmac
import secrets
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, Final

import msgspec

from fraudguard.clock import SystemClock
from fraudguard.errors import DataError

__all__ = [
    "TOLERANCE_S",
    "EventType",
    "ForgedWebhookError",
    "Notice",
    "new_webhook_secret",
    "sign_webhook",
    "verify_webhook",
]

TOLERANCE_S: Final = 300
"""How far the clocks of sender and receiver may stand apart, and how late a delivery may be, seconds."""

_PREFIX: Final = "whsec_"
_SECRET_BYTES: Final = 32


class EventType(StrEnum):
    """What a receiver may be told of."""

    ASSESSMENT_CREATED = "assessment.created"
    ASSESSMENT_ACTION_EXPIRED = "assessment.action_expired"
    HOLD_RELEASED = "hold.released"
    CASE_CLOSED = "case.closed"
    FINDING_RECORDED = "finding.recorded"
    WEBHOOK_TEST = "webhook.test"


class ForgedWebhookError(DataError):
    """A delivery that does not prove where it comes from, or comes too late."""


class Notice(msgspec.Struct, frozen=True, kw_only=True):
    """What a delivery tells.

    Parameters
    ----------
    webhook_id : str
        The same each time that it is delivered: what was handled once is to be thrown away the next time.
    type : str
        One of `EventType`, or a word that is newer than this package.
    timestamp : datetime
        When it happened, UTC.
    data : dict
        Ids of what it is about; ask the service for the rest.
    """

    webhook_id: str
    type: str
    timestamp: datetime
    data: dict[str, Any]


class _Body(msgspec.Struct, frozen=True):
    type: str
    timestamp: datetime
    data: dict[str, Any]


_decoder: Final = msgspec.json.Decoder(_Body)


def new_webhook_secret() -> str:
    """Return a new secret: ``whsec_`` and 256 random bits in base 64."""
    return _PREFIX + base64.b64encode(secrets.token_bytes(_SECRET_BYTES)).decode()


def sign_webhook(body: bytes, *, webhook_id: str, sent_at: datetime, secret: str) -> str:
    """Return the signature of a delivery under one secret.

    Parameters
    ----------
    body : bytes
        As sent.
    webhook_id : str
        Header ``webhook-id``.
    sent_at : datetime
        Header ``webhook-timestamp``, which counts whole seconds.
    secret : str
        ``whsec_…``.

    Returns
    -------
    str
        ``v1,`` and HMAC-SHA-256 in base 64, over id, seconds and body with a full stop between.

    Examples
    --------
    >>> at = datetime.fromtimestamp(1614265330, UTC)
    >>> secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    >>> sign_webhook(b'{"test": 2432232314}', webhook_id="msg_p5jXN8AQM9LWM0D4loKWxJek", sent_at=at, secret=secret)
    'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE='
    """
    said = b"%s.%d." % (webhook_id.encode(), int(sent_at.timestamp())) + body
    return "v1," + base64.b64encode(hmac.digest(_key_of(secret), said, hashlib.sha256)).decode()


def verify_webhook(
    body: bytes, headers: Mapping[str, str], secret: str | Sequence[str], *, now: datetime | None = None
) -> Notice:
    """Return what a delivery tells, once it is sure where it comes from.

    Parameters
    ----------
    body : bytes
        As it came, not parsed and written again.
    headers : mapping of str to str
        Of the request, in any case of letters.
    secret : str or sequence of str
        ``whsec_…``; while a secret is being changed, the new one and the former.
    now : datetime or None
        The time; this machine's when not given.

    Returns
    -------
    Notice
        Answer the request with a status of 200 to 299 soon, within 10 s, and do the work afterwards.

    Raises
    ------
    ForgedWebhookError
        If a header is missing, the moment lies more than five minutes away, or no signature fits.
    DataError
        If a secret is none, or the body cannot be read though it is signed.
    """
    given = {name.lower(): value for name, value in headers.items()}
    webhook_id, sent_at = _named(given, "webhook-id"), _moment_of(_named(given, "webhook-timestamp"))
    if abs(((now or SystemClock().now()) - sent_at).total_seconds()) > TOLERANCE_S:
        raise ForgedWebhookError(
            f"the delivery was signed more than {TOLERANCE_S} s away from now; check this machine's clock",
            f"该通知的签名时刻与现在相差超过 {TOLERANCE_S} 秒；请核对本机时钟",
        )
    shown = _named(given, "webhook-signature").split(" ")
    known = [secret] if isinstance(secret, str) else secret
    right = [sign_webhook(body, webhook_id=webhook_id, sent_at=sent_at, secret=one) for one in known]
    if not _any_fits(shown, right):
        raise ForgedWebhookError(
            "no signature fits; check the secret, and that the body is taken as it came",
            "签名不符；请核对密钥，并确认使用的是原始请求体",
        )
    return _notice(webhook_id, body)


def _notice(webhook_id: str, body: bytes) -> Notice:
    try:
        told = _decoder.decode(body)
    except msgspec.MsgspecError as error:
        raise DataError(
            f"the delivery is signed but cannot be read: {error}", f"签名有效，但内容无法读取：{error}"
        ) from error
    return Notice(webhook_id=webhook_id, type=told.type, timestamp=told.timestamp, data=told.data)


def _any_fits(shown: Sequence[str], right: Sequence[str]) -> bool:
    # Each is compared, whatever came before: how long it takes says nothing.
    fits = [hmac.compare_digest(one.encode(), other.encode()) for one in shown for other in right]
    return any(fits)


def _named(headers: Mapping[str, str], name: str) -> str:
    value = headers.get(name)
    if not value:
        raise ForgedWebhookError(f"the header {name} is missing", f"缺少请求头 {name}")
    return value


def _moment_of(seconds: str) -> datetime:
    try:
        return datetime.fromtimestamp(int(seconds), UTC)
    except (ValueError, OverflowError, OSError) as error:
        raise ForgedWebhookError(
            "the header webhook-timestamp counts seconds since 1970", "请求头 webhook-timestamp 应为 1970 年以来的秒数"
        ) from error


def _key_of(secret: str) -> bytes:
    try:
        key = base64.b64decode(secret.removeprefix(_PREFIX), validate=True)
    except binascii.Error:
        key = b""
    if not key:
        raise DataError("a webhook secret is whsec_ and base 64", "webhook 密钥为 whsec_ 加 base64")
    return key
