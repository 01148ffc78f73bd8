"""The second factor: an authenticator app beside the password, and recovery codes for the day it is lost."""

import hmac
import secrets
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from fraudguard.clock import Clock
from fraudguard.column import to_ms
from fraudguard.errors import DataError
from fraudguard.serve.auth import keyed_digest
from fraudguard.serve.store import Store
from fraudguard.serve.store.second_factors import SecondFactorRow
from fraudguard.serve.totp import matching_step, new_secret

__all__ = ["SecondFactor"]

_NONCE_BYTES: Final = 12
_CODES: Final = 8
_LETTERS: Final = "abcdefghjkmnpqrstuvwxyz23456789"
_GROUP: Final = 5


class SecondFactor:
    """Codes of an app, each of which opens once.

    Parameters
    ----------
    store : Store
        Where the secrets are kept, sealed.
    signing_key : bytes
        The server's secret, from which the seal is made. With another one every person enrols again.
    clock : Clock
        The time.
    """

    def __init__(self, *, store: Store, signing_key: bytes, clock: Clock) -> None:
        self._rows = store.second_factors
        self._key = signing_key
        self._clock = clock
        self._seal = AESGCM(hmac.digest(signing_key, b"second factor", "sha256"))

    def is_on(self, name: str) -> bool:
        """Return whether a person signs in with a code."""
        row = self._rows.find(name)
        return row is not None and row.confirmed_at_ms is not None

    def begin(self, name: str) -> bytes:
        """Return the secret to put into the app; the same one until it is confirmed.

        Raises
        ------
        DataError
            If the person has a second factor already.
        """
        row = self._rows.find(name)
        if row is not None and row.confirmed_at_ms is not None:
            raise DataError("a second factor is set up already", "动态口令已经启用")
        secret = None if row is None else self._opened(row)
        return secret or self._begin_anew(name)

    def confirm(self, name: str, code: str) -> tuple[str, ...]:
        """Turn the second factor on, once the app gives a right code.

        Returns
        -------
        tuple of str
            Recovery codes, to be shown once; each opens once in place of a code.

        Raises
        ------
        DataError
            If the code does not fit.
        """
        secret = self.begin(name)
        step = matching_step(secret, _plain(code), at=self._clock.now())
        if step is None:
            raise DataError(
                "the code does not fit; check the clock of the phone and try the next code",
                "动态口令不正确；请核对手机时间，用下一个口令再试",
            )
        codes = tuple(_new_code() for _ in range(_CODES))
        digests = [self._digest(code) for code in codes]
        self._rows.confirm(name, at_ms=to_ms(self._clock.now()), step=step, code_digests=digests)
        return codes

    def fits(self, name: str, code: str) -> bool:
        """Return whether a code, or a recovery code, opens now; it does not open again."""
        row = self._rows.find(name)
        if row is None or row.confirmed_at_ms is None:
            return False
        secret, plain = self._opened(row), _plain(code)
        if secret is not None:
            step = matching_step(secret, plain, at=self._clock.now(), after=row.last_step)
            if step is not None:
                return self._rows.use_step(name, step)
        return self._rows.use_code(name, self._digest(plain))

    def reset(self, name: str) -> None:
        """Forget a person's second factor; they enrol again."""
        self._rows.remove(name)

    def _begin_anew(self, name: str) -> bytes:
        secret, nonce = new_secret(), secrets.token_bytes(_NONCE_BYTES)
        sealed = nonce + self._seal.encrypt(nonce, secret, name.encode())
        self._rows.put(SecondFactorRow(officer=name, sealed=sealed, confirmed_at_ms=None, last_step=-1))
        return secret

    def _opened(self, row: SecondFactorRow) -> bytes | None:
        nonce, sealed = row.sealed[:_NONCE_BYTES], row.sealed[_NONCE_BYTES:]
        try:
            return self._seal.decrypt(nonce, sealed, row.officer.encode())
        except InvalidTag:  # the server's secret is another one now
            return None

    def _digest(self, code: str) -> str:
        return keyed_digest(self._key, f"recovery {_plain(code)}")


def _plain(code: str) -> str:
    return "".join(letter for letter in code.lower() if letter.isalnum())[:64]


def _new_code() -> str:
    groups = ("".join(secrets.choice(_LETTERS) for _ in range(_GROUP)) for _ in range(2))
    return "-".join(groups)
