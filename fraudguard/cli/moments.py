"""Moments as people write them on the command line."""

from datetime import datetime

from fraudguard.errors import DefinitionError

__all__ = ["read_moment"]


def read_moment(text: str | None, time_zone: str) -> datetime | None:
    """Return a moment that was written as a date or a moment.

    Parameters
    ----------
    text : str or None
        As ISO 8601; None where nothing was written.
    time_zone : str
        Zone of a moment that names none.

    Returns
    -------
    datetime or None
        Aware.

    Raises
    ------
    DefinitionError
        If it is neither.
    """
    from zoneinfo import ZoneInfo

    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise DefinitionError(
            f"{text!r} is not a date or moment; write 2026-01-31 or 2026-01-31T08:00:00+08:00",
            f"{text!r} 不是日期或时刻；请写 2026-01-31 或 2026-01-31T08:00:00+08:00",
        ) from error
    return moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(time_zone))
