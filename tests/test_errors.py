"""Every error speaks both languages."""

import pytest

from fraudguard import errors
from fraudguard.errors import FraudguardError

KINDS = [getattr(errors, name) for name in errors.__all__]


@pytest.mark.parametrize("kind", KINDS)
def test_error_speaks_both_languages(kind: type[FraudguardError]) -> None:
    """An error gives its text in the language asked for, and English as its plain string."""
    error = kind("no such file a.csv", "没有文件 a.csv")

    assert (error.text("en"), error.text("zh"), str(error)) == (
        "no such file a.csv",
        "没有文件 a.csv",
        "no such file a.csv",
    )


@pytest.mark.parametrize("kind", KINDS)
def test_error_is_caught_by_its_base(kind: type[FraudguardError]) -> None:
    """One except clause catches whatever fraudguard raises on purpose."""
    assert issubclass(kind, FraudguardError)


def test_reused_id_is_a_conflict() -> None:
    """A reused id may be handled as any other conflict."""
    assert issubclass(errors.ReusedIdError, errors.ConflictError)
