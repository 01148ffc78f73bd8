"""One-time codes, by the examples of RFC 6238 and by what may not open twice."""

from datetime import UTC, datetime, timedelta

import pytest

from fraudguard.serve.totp import STEP_S, code_at, enrolment_address, matching_step, new_secret, spelled

SECRET = b"12345678901234567890"


@pytest.mark.parametrize(
    ("second", "code"),
    [
        (59, "94287082"),
        (1111111109, "07081804"),
        (1111111111, "14050471"),
        (1234567890, "89005924"),
        (2000000000, "69279037"),
        (20000000000, "65353130"),
    ],
)
def test_codes_are_those_of_the_standard(second: int, code: str) -> None:
    """The examples of RFC 6238, appendix B, in their last six digits."""
    assert code_at(SECRET, second // STEP_S) == code[-6:]


@pytest.mark.parametrize(("off_s", "opens"), [(-60, False), (-30, True), (0, True), (30, True), (60, False)])
def test_a_clock_may_be_half_a_minute_off(off_s: int, *, opens: bool) -> None:
    """A code of the step before or after opens, no other."""
    now = datetime(2026, 1, 5, 2, 0, tzinfo=UTC)
    code = code_at(SECRET, int((now + timedelta(seconds=off_s)).timestamp()) // STEP_S)

    assert (matching_step(SECRET, code, at=now) is not None) == opens


def test_a_used_step_does_not_match_again() -> None:
    """After a step was used, its code and earlier ones match nothing."""
    now = datetime(2026, 1, 5, 2, 0, tzinfo=UTC)
    step = int(now.timestamp()) // STEP_S

    assert matching_step(SECRET, code_at(SECRET, step), at=now, after=step) is None
    assert matching_step(SECRET, code_at(SECRET, step + 1), at=now, after=step) == step + 1


def test_the_address_carries_the_secret_as_typed() -> None:
    """The picture and the typed text give the app the same secret; no two secrets are the same."""
    address = enrolment_address(SECRET, name="o 1", issuer="fraudguard")

    assert spelled(SECRET).replace(" ", "") in address
    assert address.startswith("otpauth://totp/fraudguard:o%201?")
    assert new_secret() != new_secret()
