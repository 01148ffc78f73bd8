"""Officers: passwords, log-in with lock-out, sessions."""

import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from fraudguard.clock import Clock
from fraudguard.column import from_ms, to_ms
from fraudguard.errors import DataError, PermissionDeniedError, UnauthenticatedError
from fraudguard.serve.auth import keyed_digest
from fraudguard.serve.rights import Act, Role, allowed, require, signs
from fraudguard.serve.second_factor import SecondFactor
from fraudguard.serve.settings import Settings
from fraudguard.serve.store import Store
from fraudguard.serve.store.officers import OfficerRow
from fraudguard.serve.store.sessions import AttemptRow, SessionRow
from fraudguard.serve.store.trail import TrailRow

__all__ = ["CurrentOfficer", "Desk", "LockedError", "new_password"]

_MIN_PASSWORD: Final = 12
_MAX_PASSWORD: Final = 256
_NAME_MAX: Final = 64
_TOUCH_MS: Final = 30_000
_DAY_MS: Final = 86_400_000


class LockedError(UnauthenticatedError):
    """Too many failures under this name; wait until `until`."""

    def __init__(self, until: datetime) -> None:
        super().__init__("too many failures; this name is locked for now", "失败次数过多，该账号暂时锁定")
        self.until = until


@dataclass(frozen=True, slots=True, kw_only=True)
class CurrentOfficer:
    """Who is signed in.

    Parameters
    ----------
    name : str
        The officer.
    role : Role
        What kind of work they do.
    must_change_password : bool
        Whether nothing else is open until they do.
    must_enrol : bool
        Whether nothing else is open until they set up a second factor.
    csrf : str
        What each form of this session must carry.
    """

    name: str
    role: Role
    must_change_password: bool
    must_enrol: bool
    csrf: str

    def may(self, act: Act) -> bool:
        """Return whether they may do an act."""
        return allowed(self.role, act)

    def require(self, act: Act) -> None:
        """Go on only if they may do an act; raises PermissionDeniedError if not."""
        require(self.role, act)


class Desk:
    """The door of the console.

    Parameters
    ----------
    store : Store
        Where officers and sessions are kept.
    settings : Settings
        Time-outs, lock-out and the secret.
    clock : Clock
        The time.
    hasher : PasswordHasher
        Argon2id.
    """

    def __init__(self, *, store: Store, settings: Settings, clock: Clock, hasher: PasswordHasher | None = None) -> None:
        self._store = store
        self._settings = settings
        self._clock = clock
        self._hasher = hasher or PasswordHasher()
        self._key = settings.signing_key()
        self.second_factor = SecondFactor(store=store, signing_key=self._key, clock=clock)

    def add(self, name: str, password: str, role: Role, *, one_time: bool) -> None:
        """Add an officer.

        Raises
        ------
        DataError
            If name or password do not fit.
        ConflictError
            If the name is taken.
        """
        if not (0 < len(name) <= _NAME_MAX and name.isprintable() and not name.isspace()):
            raise DataError("a user name has 1 to 64 printable characters", "用户名须为 1 到 64 个可见字符")
        row = OfficerRow(
            name=name,
            password_hash=self._hash(password),
            must_change_password=one_time,
            role=role.value,
            disabled=False,
            created_at_ms=to_ms(self._clock.now()),
        )
        self._store.officers.add(row)

    def set_password(self, name: str, password: str, *, one_time: bool) -> None:
        """Set a password and end the officer's sessions; raises DataError if it is too short."""
        self._store.officers.set_password(name, self._hash(password), must_change=one_time)
        self._store.attempts.clear(name)

    def reset_second_factor(self, name: str) -> None:
        """Forget a lost phone; raises NotFoundError if there is no such officer."""
        self._store.officers.end_sessions(name)
        self.second_factor.reset(name)
        self.note(name, "second_factor_reset")

    def change_password(self, name: str, old: str, new: str) -> None:
        """Let an officer choose a new password.

        Raises
        ------
        UnauthenticatedError
            If the old one is wrong.
        DataError
            If the new one is the old one, or too short.
        """
        row = self._store.officers.find(name)
        if row is None or not self._fits(row.password_hash, old):
            raise UnauthenticatedError("the present password is wrong", "当前密码不正确")
        if hmac.compare_digest(old.encode(), new.encode()):
            raise DataError("the new password equals the old one", "新密码不能与原密码相同")
        self.set_password(name, new, one_time=False)
        self.note(name, "password_changed")

    def sign_in(self, name: str, password: str, code: str = "") -> str:
        """Return the token of a new session.

        Raises
        ------
        UnauthenticatedError
            If name, password or code are wrong; the text does not say which.
        LockedError
            After too many failures.
        """
        attempt = self._attempt(name)
        if attempt.locked_until_ms > to_ms(self._clock.now()):
            raise LockedError(from_ms(attempt.locked_until_ms))
        row = self._store.officers.find(name)
        # An unknown name costs the same time as a wrong password.
        fits = self._fits(self._nobody if row is None else row.password_hash, password)
        if row is None or not fits or row.disabled or not self._code_fits(name, code):
            self.note("" if row is None else name, "sign_in_failed")
            raise self._failed(attempt)
        self._store.attempts.clear(name)
        self.note(name, "signed_in")
        return self._start_session(name)

    def sign_out(self, token: str, name: str) -> None:
        """End a session."""
        self._store.sessions.end(keyed_digest(self._key, token))
        self.note(name, "signed_out")

    def note(self, name: str, act: str, *, subject: str = "", detail: str = "") -> None:
        """Write a line of the trail, for good."""
        now_ms = to_ms(self._clock.now())
        row = TrailRow(at_ms=now_ms, officer=name, act=act, subject=subject[:256], detail=detail[:256])
        self._store.trail.add(row)

    def current(self, token: str, *, is_watching: bool = False) -> CurrentOfficer:
        """Return who holds a session; a script that only watches does not keep it alive.

        Raises
        ------
        UnauthenticatedError
            If it has ended.
        """
        session = self._store.sessions.find(keyed_digest(self._key, token))
        officer = None if session is None else self._store.officers.find(session.officer)
        if session is None or officer is None or officer.disabled or self._has_ended(session):
            raise UnauthenticatedError("the session has ended; sign in again", "登录已过期，请重新登录")
        now_ms = to_ms(self._clock.now())
        if not is_watching and now_ms - session.seen_at_ms >= _TOUCH_MS:
            self._store.sessions.touch(session.digest, now_ms)
        role = Role(officer.role)
        return CurrentOfficer(
            name=officer.name,
            role=role,
            must_change_password=officer.must_change_password,
            must_enrol=signs(role) and not self.second_factor.is_on(officer.name),
            csrf=self.form_token(token),
        )

    def form_token(self, token: str) -> str:
        """Return what a form must carry to be from the holder of a cookie."""
        return keyed_digest(self._key, f"form {token}")

    def require_form_token(self, token: str, sent: str) -> None:
        """Go on only if a form carries what `form_token` gave.

        Raises
        ------
        PermissionDeniedError
            If it does not.
        """
        if not hmac.compare_digest(self.form_token(token).encode(), sent.encode()):
            raise PermissionDeniedError("the form is too old; load the page again", "表单已失效，请重新打开页面")

    @cached_property
    def _nobody(self) -> str:
        return self._hasher.hash("nobody has this password")

    def _start_session(self, name: str) -> str:
        token, now_ms = secrets.token_urlsafe(32), to_ms(self._clock.now())
        digest = keyed_digest(self._key, token)
        row = SessionRow(digest=digest, officer=name, created_at_ms=now_ms, seen_at_ms=now_ms)
        self._store.sessions.start(row)
        return token

    def _has_ended(self, session: SessionRow) -> bool:
        now_ms = to_ms(self._clock.now())
        idle = now_ms - session.seen_at_ms >= 1000 * self._settings.session_idle_s
        return idle or now_ms - session.created_at_ms >= 1000 * self._settings.session_max_s

    def _code_fits(self, name: str, code: str) -> bool:
        return not self.second_factor.is_on(name) or self.second_factor.fits(name, code)

    def _attempt(self, name: str) -> AttemptRow:
        name = name[:_NAME_MAX].replace("\0", "")
        found = self._store.attempts.find(name)
        return found or AttemptRow(name=name, failures=0, last_at_ms=0, locked_until_ms=0)

    def _failed(self, before: AttemptRow) -> UnauthenticatedError:
        now_ms = to_ms(self._clock.now())
        failures = before.failures + 1
        locked = failures >= self._settings.lockout_failures
        until_ms = now_ms + 1000 * self._settings.lockout_s if locked else 0
        row = AttemptRow(
            name=before.name, failures=0 if locked else failures, last_at_ms=now_ms, locked_until_ms=until_ms
        )
        self._store.attempts.put(row, forget_before_ms=now_ms - _DAY_MS)
        return (
            LockedError(from_ms(until_ms))
            if locked
            else UnauthenticatedError("wrong name, password or code", "用户名、密码或动态口令错误")
        )

    def _hash(self, password: str) -> str:
        if not _MIN_PASSWORD <= len(password) <= _MAX_PASSWORD:
            raise DataError("a password has 12 to 256 characters", "密码须为 12 到 256 个字符")
        return self._hasher.hash(password)

    def _fits(self, password_hash: str, password: str) -> bool:
        try:
            return self._hasher.verify(password_hash, password[:_MAX_PASSWORD])
        except (VerificationError, InvalidHashError):
            return False


def new_password() -> str:
    """Return a random one-time password of four groups of four.

    Returns
    -------
    str
        Without letters that look alike.
    """
    alphabet = "abcdefghjkmnpqrstuvwxyz23456789"
    return "-".join("".join(secrets.choice(alphabet) for _ in range(4)) for _ in range(4))
