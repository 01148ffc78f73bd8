"""Endpoints that are told of events: added, given new secrets, stopped and started by people."""

import hmac
import secrets
from collections.abc import Sequence
from typing import Final

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from fraudguard.clock import Clock
from fraudguard.column import to_ms
from fraudguard.errors import ConflictError, DataError, ReusedIdError
from fraudguard.serve.naming import new_id
from fraudguard.serve.store import Store
from fraudguard.serve.store.outbox import Delivery, Event
from fraudguard.serve.store.webhooks import ACTIVE, DISABLED, EndpointRow, Former
from fraudguard.serve.webhook_address import AddressBook, place_of
from fraudguard.webhook import EventType, new_webhook_secret

__all__ = ["KEEP_S", "SUBSCRIBED", "Seal", "WebhookService"]

SUBSCRIBED: Final = tuple(event for event in EventType if event is not EventType.WEBHOOK_TEST)
"""What an endpoint may ask for; a test is sent to whom it is asked for."""

KEEP_S: Final = 86_400
"""How long a former secret still signs, unless told."""

_NONCE_BYTES: Final = 12
_MOST: Final = 50
_FORMERS: Final = 4
_BY_PERSON: Final = "by_person"


class Seal:
    """Hides secrets in the database, by a key made from the server's.

    Parameters
    ----------
    signing_key : bytes
        The server's secret. With another one the endpoints need new secrets.
    """

    def __init__(self, signing_key: bytes) -> None:
        self._seal = AESGCM(hmac.digest(signing_key, b"webhook secrets", "sha256"))

    def close(self, secret: str, endpoint_id: str) -> bytes:
        """Return a secret sealed, for one endpoint."""
        nonce = secrets.token_bytes(_NONCE_BYTES)
        return nonce + self._seal.encrypt(nonce, secret.encode(), endpoint_id.encode())

    def open(self, sealed: bytes, endpoint_id: str) -> str:
        """Return a secret.

        Raises
        ------
        ConflictError
            If it was sealed under another key of the server.
        """
        try:
            return self._seal.decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], endpoint_id.encode()).decode()
        except InvalidTag as error:
            raise ConflictError(
                "the secret of this endpoint was sealed under another FRAUDGUARD_SECRET; rotate it",
                "该地址的密钥由另一 FRAUDGUARD_SECRET 加密；请更换密钥",
            ) from error

    def secrets_of(self, row: EndpointRow, *, now_ms: int) -> tuple[str, ...]:
        """Return the secrets that sign now: the present one first, then those before while they still do."""
        sealed = [row.sealed, *(former.sealed for former in row.formers if now_ms < former.until_ms)]
        return tuple(self.open(one, row.endpoint_id) for one in sealed)


class WebhookService:
    """What people do with endpoints."""

    def __init__(self, *, store: Store, seal: Seal, book: AddressBook, clock: Clock) -> None:
        self._store = store
        self._seal = seal
        self._book = book
        self._clock = clock

    def add(
        self,
        *,
        url: str,
        events: Sequence[str],
        author: str,
        note: str | None = None,
        endpoint_id: str | None = None,
    ) -> tuple[EndpointRow, str | None]:
        """Return an endpoint with its secret, which is shown this once; without it when the same was added before.

        Raises
        ------
        DataError
            If its address cannot be used, or it asks for nothing.
        ReusedIdError
            If its id was used with another content.
        ConflictError
            If there are fifty already.
        """
        known = None if endpoint_id is None else self._store.webhooks.find(endpoint_id)
        asked = tuple(sorted({EventType(event).value for event in events}))
        if known is not None:
            return _same(known, (url, asked, note)), None
        if not asked:
            raise DataError("an endpoint asks for one event at least", "至少选择一种事件")
        self._book.find(place_of(url))
        if len(self._store.webhooks.page(before=None, limit=_MOST)) >= _MOST:
            raise ConflictError(f"there are {_MOST} endpoints already", f"已有 {_MOST} 个地址")
        now = self._clock.now()
        row = self._new(endpoint_id or new_id("hook", now), url, asked, note=note, author=author)
        secret = new_webhook_secret()
        self._store.webhooks.add(msgspec.structs.replace(row, sealed=self._seal.close(secret, row.endpoint_id)))
        return self._store.webhooks.get(row.endpoint_id), secret

    def rotate(self, endpoint_id: str, *, keep_s: int, by: str) -> tuple[EndpointRow, str]:
        """Return an endpoint with a new secret, which is shown this once; the former one signs beside it for a while.

        So does one before that, if its time is not over: whoever lost the answer, and asks again, loses no delivery.

        Raises
        ------
        ConflictError
            If somebody else changed it at the same moment.
        """
        row, now_ms = self._store.webhooks.get(endpoint_id), to_ms(self._clock.now())
        secret = new_webhook_secret()
        sealed = self._seal.close(secret, endpoint_id)
        before = Former(row.sealed, now_ms + 1000 * keep_s)
        formers = [former for former in (before, *row.formers) if former.until_ms > now_ms]
        changed = msgspec.structs.replace(row, sealed=sealed, formers=tuple(formers[:_FORMERS]))
        self._store.webhooks.put_secret(changed, instead_of=row.sealed, at_ms=now_ms, by=by)
        return self._store.webhooks.get(endpoint_id), secret

    def disable(self, endpoint_id: str, *, by: str) -> EndpointRow:
        """Let an endpoint be told no more; what waits for it stays, and nothing new is written down for it."""
        return self._set_state(endpoint_id, DISABLED, by=by)

    def enable(self, endpoint_id: str, *, by: str) -> EndpointRow:
        """Let an endpoint be told again."""
        return self._set_state(endpoint_id, ACTIVE, by=by)

    def test(self, endpoint_id: str) -> Delivery:
        """Send a test, also to an endpoint that asks for other things; return it as it waits."""
        row, now = self._require_active(endpoint_id), self._clock.now()
        data = {"endpoint_id": row.endpoint_id, "probe_id": new_id("tst", now)}
        event = Event(event_type=EventType.WEBHOOK_TEST, at_ms=to_ms(now), data=data)
        return self._store.outbox.put(endpoint_id, event)

    def redeliver(self, endpoint_id: str, event_id: str) -> Delivery:
        """Let an event be delivered once more, under the same id."""
        self._require_active(endpoint_id)
        return self._store.outbox.again(endpoint_id, event_id, now_ms=to_ms(self._clock.now()))

    def _require_active(self, endpoint_id: str) -> EndpointRow:
        row = self._store.webhooks.get(endpoint_id)
        if row.state != ACTIVE:
            raise ConflictError("the endpoint is disabled; enable it first", "该地址已停用；请先启用")
        return row

    def _set_state(self, endpoint_id: str, state: str, *, by: str) -> EndpointRow:
        row = self._store.webhooks.get(endpoint_id)
        if row.state != state:
            at_ms = to_ms(self._clock.now())
            self._store.webhooks.set_state(endpoint_id, state, reason=_BY_PERSON, at_ms=at_ms, by=by)
        return self._store.webhooks.get(endpoint_id)

    def _new(self, endpoint_id: str, url: str, asked: tuple[str, ...], *, note: str | None, author: str) -> EndpointRow:
        return EndpointRow(
            endpoint_id=endpoint_id,
            url=url,
            events=asked,
            note=note,
            author=author,
            created_at_ms=to_ms(self._clock.now()),
            state=ACTIVE,
            state_reason=_BY_PERSON,
            failing_since_ms=None,
            sealed=b"",
        )


def _same(known: EndpointRow, said: tuple[object, ...]) -> EndpointRow:
    if (known.url, known.events, known.note) != said:
        raise ReusedIdError(
            "this endpoint_id was sent with another content; use a new id",
            "该 endpoint_id 已带其他内容提交过；请用新编号",
        )
    return known
