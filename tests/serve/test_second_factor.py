"""The second factor on both databases: enrolment, codes that open once, recovery, a lost phone."""

import hmac

import pytest

from fraudguard.errors import DataError
from fraudguard.serve.second_factor import SecondFactor
from fraudguard.serve.store import Store
from fraudguard.serve.store.officers import OfficerRow
from fraudguard.serve.totp import STEP_S, code_at
from tests.fakes import FakeClock

KEY = hmac.digest(b"only", b"for tests", "sha256")


@pytest.fixture
def factor(store: Store, clock: FakeClock) -> SecondFactor:
    """Give a second factor of a desk with one officer."""
    no_hash = "opens nothing"
    row = OfficerRow(
        name="o1", password_hash=no_hash, must_change_password=False, role="lead", disabled=False, created_at_ms=1
    )
    store.officers.add(row)
    return SecondFactor(store=store, signing_key=KEY, clock=clock)


def code_now(secret: bytes, clock: FakeClock) -> str:
    """Return what the app shows."""
    return code_at(secret, int(clock.now().timestamp()) // STEP_S)


def enrolled(factor: SecondFactor, clock: FakeClock) -> tuple[bytes, tuple[str, ...]]:
    """Return the secret and the recovery codes of an enrolled officer, a minute later."""
    secret = factor.begin("o1")
    codes = factor.confirm("o1", code_now(secret, clock))
    clock.advance(minutes=1)
    return secret, codes


def test_it_is_off_until_a_code_was_given(factor: SecondFactor, clock: FakeClock) -> None:
    """A page loaded twice shows one secret; only a right code turns it on, and then it is not shown again."""
    secret = factor.begin("o1")
    again = factor.begin("o1")
    with pytest.raises(DataError, match="does not fit"):
        factor.confirm("o1", "000000" if code_now(secret, clock) != "000000" else "000001")
    before = factor.is_on("o1")
    factor.confirm("o1", code_now(secret, clock))

    assert (secret, before, factor.is_on("o1")) == (again, False, True)
    with pytest.raises(DataError, match="already"):
        factor.begin("o1")


def test_a_code_opens_once(factor: SecondFactor, clock: FakeClock) -> None:
    """The same code is refused the second time; the next one opens; the one that confirmed does not."""
    secret = factor.begin("o1")
    confirming = code_now(secret, clock)
    factor.confirm("o1", confirming)
    used_up = factor.fits("o1", confirming)
    clock.advance(seconds=STEP_S)
    code = code_now(secret, clock)

    assert (used_up, factor.fits("o1", f" {code[:3]} {code[3:]}"), factor.fits("o1", code)) == (False, True, False)


def test_a_recovery_code_opens_once(factor: SecondFactor, clock: FakeClock) -> None:
    """Each of the codes opens once, written with or without its dash."""
    _, codes = enrolled(factor, clock)

    assert len(set(codes)) == 8
    assert [factor.fits("o1", code) for code in (codes[0], codes[0], codes[1].replace("-", "").upper())] == [
        True,
        False,
        True,
    ]


def test_after_a_reset_one_enrols_again(factor: SecondFactor, clock: FakeClock) -> None:
    """A lost phone and its recovery codes open nothing any more."""
    secret, codes = enrolled(factor, clock)
    factor.reset("o1")

    assert not factor.is_on("o1")
    assert not factor.fits("o1", codes[0])
    assert not factor.fits("o1", code_now(secret, clock))
    assert factor.begin("o1") != secret


def test_the_secret_is_sealed_by_the_servers_key(factor: SecondFactor, store: Store, clock: FakeClock) -> None:
    """The database alone does not hold the secret; with another server key no code opens."""
    secret, _ = enrolled(factor, clock)
    row = store.second_factors.find("o1")
    other = SecondFactor(store=store, signing_key=bytes(32), clock=clock)

    assert row is not None
    assert secret not in row.sealed
    assert not other.fits("o1", code_now(secret, clock))
