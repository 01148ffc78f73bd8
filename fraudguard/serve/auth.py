"""Who calls: API keys of machines, names and sessions of officers.

An API key is random, so a keyed hash is enough to store it and costs a
microsecond. A password is chosen by a person, so it is hashed by Argon2id.
"""

import hmac
import secrets
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from fraudguard.clock import Clock
from fraudguard.column import to_ms
from fraudguard.errors import PermissionDeniedError, UnauthenticatedError
from fraudguard.serve.quota import Quota
from fraudguard.serve.store import Store
from fraudguard.serve.store.keys import KeyRow

__all__ = ["Caller", "KeyRing", "Scope", "issue_key", "keyed_digest"]

_PREFIX_BYTES: Final = 4
_KEY_BYTES: Final = 24
_REREAD_MS: Final = 50


class Scope(StrEnum):
    """What an API key opens."""

    ASSESS = "assess"
    FINDING = "finding"
    SIGNAL = "signal"
    LIST = "list"
    HOLD = "hold"
    READ = "read"
    ADMIN = "admin"


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """A machine that showed a valid key.

    Parameters
    ----------
    prefix : str
        Which key.
    name : str
        Whose.
    scopes : frozenset of Scope
        What it may do; ADMIN may do everything.
    quota : Quota or None
        How much it may ask; None for any number.
    """

    prefix: str
    name: str
    scopes: frozenset[Scope]
    quota: Quota | None = None

    def require(self, scope: Scope) -> None:
        """Go on only if the key has a scope.

        Raises
        ------
        PermissionDeniedError
            If it has not.
        """
        if not self.scopes & {scope, Scope.ADMIN}:
            raise PermissionDeniedError(
                f"this API key lacks the scope {scope.value}; ask for a key that has it",
                f"该 API 密钥没有 {scope.value} 权限；请申请具备该权限的密钥",
            )


class KeyRing:
    """The API keys, held in memory and read again from the store by `refresh`.

    Parameters
    ----------
    store : Store
        Where they are kept.
    signing_key : bytes
        The server's secret.
    clock : Clock
        Tells whether one has expired.
    """

    def __init__(self, store: Store, signing_key: bytes, clock: Clock) -> None:
        self._store = store
        self._signing_key = signing_key
        self._clock = clock
        self._keys: Mapping[str, tuple[KeyRow, Caller]] = {}
        self._shown: dict[str, tuple[KeyRow, Caller]] = {}
        self._read_at_ms = 0

    def refresh(self) -> None:
        """Read the keys again, so that one made or revoked elsewhere counts."""
        began_ms = to_ms(self._clock.now())
        self._keys = {row.prefix: (row, _caller_of(row)) for row in self._store.keys.list()}
        self._shown = {}
        self._read_at_ms = began_ms  # last: until then a caller with an unknown key reads for itself

    def is_stale_for(self, token: str) -> bool:
        """Return whether a token is unknown and the keys were not read just now."""
        unknown = _prefix(token) not in self._keys
        return unknown and to_ms(self._clock.now()) - self._read_at_ms >= _REREAD_MS

    def caller(self, token: str) -> Caller:
        """Return who shows a token.

        Raises
        ------
        UnauthenticatedError
            If it opens nothing.
        """
        # What was found to fit is known until the keys are read again: to hash it each time is a twentieth of a request.
        row, caller = self._shown.get(token) or self._found(token)
        if row is None or caller is None or not _is_valid(row, self._clock.now()):
            raise UnauthenticatedError(
                "the API key is missing, unknown, expired or revoked; send Authorization: Bearer fg_…",
                "API 密钥缺失、无效、过期或已撤销；请发送 Authorization: Bearer fg_…",
            )
        return caller

    def _found(self, token: str) -> tuple[KeyRow, Caller] | tuple[None, None]:
        shown = self._shown  # what `refresh` puts aside meanwhile is not to be filled any more
        found = self._keys.get(_prefix(token))
        known = "" if found is None else found[0].digest
        fits = hmac.compare_digest(keyed_digest(self._signing_key, token), known.ljust(64))
        if found is None or not fits:
            return None, None
        shown[token] = found
        return found


def _caller_of(row: KeyRow) -> Caller:
    scopes = frozenset(Scope(scope) for scope in row.scopes.split())
    rate_per_s = row.rate_per_s
    quota = None if rate_per_s is None else Quota(rate_per_s=rate_per_s, burst=row.burst or rate_per_s)
    return Caller(prefix=row.prefix, name=row.name, scopes=scopes, quota=quota)


def issue_key(
    signing_key: bytes,
    name: str,
    scopes: Collection[Scope],
    *,
    at: datetime,
    expires_at: datetime | None = None,
    quota: Quota | None = None,
) -> tuple[str, KeyRow]:
    """Return a new API key and the row to store; the key itself is stored nowhere.

    Parameters
    ----------
    signing_key : bytes
        The server's secret.
    name : str
        Who gets it.
    scopes : collection of Scope
        What it opens.
    at : datetime
        Now.
    expires_at : datetime or None
        Until when it opens anything.
    quota : Quota or None
        How much it may ask.

    Returns
    -------
    str
        The key: ``fg_``, a public prefix, ``_``, 192 random bits.
    KeyRow
        What is known of it.
    """
    prefix = secrets.token_hex(_PREFIX_BYTES)
    token = f"fg_{prefix}_{secrets.token_hex(_KEY_BYTES)}"
    row = KeyRow(
        prefix=prefix,
        name=name,
        digest=keyed_digest(signing_key, token),
        scopes=" ".join(sorted(scopes)),
        created_at_ms=to_ms(at),
        expires_at_ms=None if expires_at is None else to_ms(expires_at),
        rate_per_s=None if quota is None else quota.rate_per_s,
        burst=None if quota is None else quota.burst,
    )
    return token, row


def keyed_digest(signing_key: bytes, text: str) -> str:
    """Return HMAC-SHA-256 of a text, in hex.

    Parameters
    ----------
    signing_key : bytes
        The server's secret.
    text : str
        A token.

    Returns
    -------
    str
        64 characters.
    """
    return hmac.digest(signing_key, text.encode(), "sha256").hex()


def _prefix(token: str) -> str:
    scheme, _, rest = token.partition("_")
    return rest.partition("_")[0] if scheme == "fg" else ""


def _is_valid(row: KeyRow, now: datetime) -> bool:
    expired = row.expires_at_ms is not None and row.expires_at_ms <= to_ms(now)
    return row.revoked_at_ms is None and not expired
