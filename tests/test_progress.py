"""Progress without a listener."""

import pytest

from fraudguard.progress import Progress, silent


def test_silence_prints_nothing(capfd: pytest.CaptureFixture[str]) -> None:
    """Whoever does not care about progress passes `silent` and hears nothing."""
    listener: Progress = silent
    listener(1, 2)

    assert capfd.readouterr() == ("", "")
