"""Officers: passwords, lock-out, sessions, roles; and API keys."""

from datetime import timedelta
from pathlib import Path

import pytest
from argon2 import PasswordHasher

from fraudguard.errors import ConflictError, DataError, PermissionDeniedError, UnauthenticatedError
from fraudguard.serve.auth import KeyRing, Scope, issue_key
from fraudguard.serve.officer import Desk, LockedError, new_password
from fraudguard.serve.rights import Act, Role
from fraudguard.serve.store import Store
from fraudguard.serve.totp import STEP_S, code_at
from tests.fakes import START, FakeClock
from tests.serve.fakes import SECRET, make_settings, open_store

PASSWORD = "correct horse battery"  # noqa: S105  # opens nothing


@pytest.fixture
def desk_store(tmp_path: Path) -> Store:
    """Give a migrated store."""
    return open_store(make_settings(tmp_path))


@pytest.fixture
def desk(tmp_path: Path, desk_store: Store, clock: FakeClock) -> Desk:
    """Give a desk with one officer and a quick hash."""
    made = Desk(
        store=desk_store,
        settings=make_settings(tmp_path),
        clock=clock,
        hasher=PasswordHasher(time_cost=1, memory_cost=8, parallelism=1),
    )
    made.add("o1", PASSWORD, Role.OFFICER, one_time=True)
    return made


def test_a_session_names_its_officer(desk: Desk) -> None:
    """Who signs in is known by the session until it is ended."""
    token = desk.sign_in("o1", PASSWORD)
    current = desk.current(token)
    desk.sign_out(token, "o1")

    assert (current.name, current.role, current.must_change_password) == ("o1", Role.OFFICER, True)
    with pytest.raises(UnauthenticatedError):
        desk.current(token)


def test_the_store_holds_no_token(desk: Desk, desk_store: Store) -> None:
    """The session cookie and the password are not in the database."""
    token = desk.sign_in("o1", PASSWORD)
    row = desk_store.officers.find("o1")

    assert desk_store.sessions.find(token) is None
    assert row is not None
    assert row.password_hash.startswith("$argon2id$")


@pytest.mark.parametrize(("advance", "ends"), [({"minutes": 14}, False), ({"minutes": 15}, True)])
def test_an_idle_session_ends(desk: Desk, clock: FakeClock, *, advance: dict[str, float], ends: bool) -> None:
    """A session without requests for fifteen minutes is over."""
    token = desk.sign_in("o1", PASSWORD)
    clock.advance(**advance)

    if ends:
        with pytest.raises(UnauthenticatedError):
            desk.current(token)
    else:
        assert desk.current(token).name == "o1"


def test_a_busy_session_ends_too(desk: Desk, clock: FakeClock) -> None:
    """A session ends after twelve hours, however busy."""
    token = desk.sign_in("o1", PASSWORD)
    for _ in range(71):
        clock.advance(minutes=10)
        desk.current(token)
    clock.advance(minutes=10)

    with pytest.raises(UnauthenticatedError):
        desk.current(token)


@pytest.mark.parametrize("name", ["o1", "nobody"])
def test_five_failures_lock_a_name(desk: Desk, clock: FakeClock, name: str) -> None:
    """The fifth failure locks a name, known or not, for fifteen minutes; then it is open again."""
    for _ in range(4):
        with pytest.raises(UnauthenticatedError, match="wrong name, password or code"):
            desk.sign_in(name, "wrong")
    with pytest.raises(LockedError) as locked:
        desk.sign_in(name, "wrong")
    with pytest.raises(LockedError):
        desk.sign_in(name, PASSWORD)
    clock.advance(minutes=15)

    assert locked.value.until == START + timedelta(minutes=15)
    if name == "o1":
        assert desk.sign_in(name, PASSWORD)
    else:
        with pytest.raises(UnauthenticatedError, match="wrong name"):
            desk.sign_in(name, PASSWORD)


def test_a_password_is_changed_once_known(desk: Desk) -> None:
    """The old password is asked for, the new one must differ and be long; sessions end."""
    token = desk.sign_in("o1", PASSWORD)
    with pytest.raises(UnauthenticatedError):
        desk.change_password("o1", "wrong", "another long one")
    with pytest.raises(DataError):
        desk.change_password("o1", PASSWORD, PASSWORD)
    with pytest.raises(DataError):
        desk.change_password("o1", PASSWORD, "short")
    desk.change_password("o1", PASSWORD, "another long one")
    with pytest.raises(UnauthenticatedError):
        desk.current(token)

    assert desk.current(desk.sign_in("o1", "another long one")).must_change_password is False


def test_a_disabled_officer_is_out(desk: Desk, desk_store: Store) -> None:
    """A disabled officer's session ends and the password opens nothing."""
    token = desk.sign_in("o1", PASSWORD)
    desk_store.officers.disable("o1")

    with pytest.raises(UnauthenticatedError):
        desk.current(token)
    with pytest.raises(UnauthenticatedError):
        desk.sign_in("o1", PASSWORD)


@pytest.mark.parametrize("name", ["", "x" * 65, "a\nb", " "])
def test_odd_names_are_refused(desk: Desk, name: str) -> None:
    """A name has 1 to 64 printable characters, and is used once."""
    with pytest.raises(DataError):
        desk.add(name, PASSWORD, Role.OFFICER, one_time=False)
    with pytest.raises(ConflictError):
        desk.add("o1", PASSWORD, Role.OFFICER, one_time=False)


def test_roles_open_what_they_name(desk: Desk) -> None:
    """An officer may do what the table gives an officer and nothing else."""
    current = desk.current(desk.sign_in("o1", PASSWORD))
    current.require(Act.CLAIM)

    assert (current.may(Act.CLAIM), current.may(Act.SIGN_STOP)) == (True, False)
    with pytest.raises(PermissionDeniedError, match="needs: Approver"):
        current.require(Act.SIGN_STOP)


def test_who_signs_must_enrol_and_then_needs_a_code(desk: Desk, clock: FakeClock) -> None:
    """An approver is led to the second factor; from then on a password alone does not open, and a wrong code counts."""
    desk.add("a1", PASSWORD, Role.APPROVER, one_time=False)
    before = desk.current(desk.sign_in("a1", PASSWORD))
    secret = desk.second_factor.begin("a1")
    desk.second_factor.confirm("a1", code_at(secret, int(clock.now().timestamp()) // STEP_S))
    clock.advance(minutes=1)
    with pytest.raises(UnauthenticatedError):
        desk.sign_in("a1", PASSWORD)
    after = desk.current(desk.sign_in("a1", PASSWORD, code_at(secret, int(clock.now().timestamp()) // STEP_S)))

    assert (before.must_enrol, after.must_enrol) == (True, False)


def test_the_trail_tells_of_log_ins(desk: Desk, desk_store: Store) -> None:
    """Who signed in, failed or left is written down; what was typed under no known name is not."""
    token = desk.sign_in("o1", PASSWORD)
    desk.sign_out(token, "o1")
    for name in ("o1", "my secret pass phrase"):
        with pytest.raises(UnauthenticatedError):
            desk.sign_in(name, "wrong")
    desk.reset_second_factor("o1")
    lines = [(row.act, row.officer) for row in reversed(desk_store.trail.newest(limit=10))]

    assert lines == [
        ("signed_in", "o1"),
        ("signed_out", "o1"),
        ("sign_in_failed", "o1"),
        ("sign_in_failed", ""),
        ("second_factor_reset", "o1"),
    ]


def test_one_time_passwords_differ() -> None:
    """A one-time password is long enough and never the same."""
    made = {new_password() for _ in range(50)}

    assert len(made) == 50
    assert min(map(len, made)) >= 12


def test_keys_open_until_they_expire_or_are_revoked(desk_store: Store, clock: FakeClock) -> None:
    """A key opens from its making to its expiry, and not once revoked."""
    secret = SECRET.encode()
    ring = KeyRing(desk_store, secret, clock)
    token, row = issue_key(secret, "bank", [Scope.ASSESS], at=START, expires_at=START + timedelta(days=1))
    lasting, lasting_row = issue_key(secret, "bank", [Scope.READ], at=START)
    desk_store.keys.add(row)
    desk_store.keys.add(lasting_row)
    ring.refresh()
    caller = ring.caller(token)
    clock.advance(days=1)
    with pytest.raises(UnauthenticatedError):
        ring.caller(token)
    desk_store.keys.revoke(lasting_row.prefix, 1)
    ring.refresh()

    assert (caller.name, caller.scopes) == ("bank", frozenset({Scope.ASSESS}))
    with pytest.raises(UnauthenticatedError):
        ring.caller(lasting)


@pytest.mark.parametrize(
    "change", [lambda t: t[:-1] + ("0" if t[-1] != "0" else "1"), lambda t: t + "0", lambda _: "", lambda t: t[3:]]
)
def test_a_wrong_key_opens_nothing(desk_store: Store, clock: FakeClock, change: object) -> None:
    """A key with one letter wrong is unknown."""
    ring = KeyRing(desk_store, SECRET.encode(), clock)
    token, row = issue_key(SECRET.encode(), "bank", [Scope.ASSESS], at=START)
    desk_store.keys.add(row)
    ring.refresh()

    with pytest.raises(UnauthenticatedError):
        ring.caller(change(token))  # type: ignore[operator]
