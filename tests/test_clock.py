"""The clock of the machine, and the one tests use in its place."""

from datetime import UTC, timedelta

from fraudguard.clock import Clock, SystemClock
from tests.fakes import START, FakeClock


def test_system_clock_is_aware_utc() -> None:
    """The present moment carries its zone."""
    moment = SystemClock().now()

    assert moment.tzinfo is UTC


def test_fake_clock_stands_still_until_moved(clock: FakeClock) -> None:
    """A test decides how time passes."""
    stands: Clock = clock
    before = stands.now()
    clock.advance(hours=2)

    assert (before, stands.now()) == (START, START + timedelta(hours=2))
