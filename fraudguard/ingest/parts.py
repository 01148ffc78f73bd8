"""The sections of a mapping file."""

from datetime import datetime
from typing import Final, Literal
from zoneinfo import ZoneInfo

import msgspec

from fraudguard.errors import DefinitionError
from fraudguard.tables.fault import near

__all__ = ["AmountPart", "DatasetPart", "EventTimePart", "ExtraPart", "LabelsPart", "require_known", "require_zone"]

_SECONDS_PER_DAY: Final = 86_400


class DatasetPart(msgspec.Struct, frozen=True, kw_only=True):
    """What is said of the dataset as a whole.

    Parameters
    ----------
    name : str
        Short name; the file's own name when empty.
    source : str
        Where the data come from, in a sentence; never a path.
    currency : str
        ISO 4217; ``XXX`` where the source names none.
    time_zone : str
        In which people read the times of the dataset.
    """

    name: str = ""
    source: str = ""
    currency: str = "CNY"
    time_zone: str = "Asia/Shanghai"

    def __post_init__(self) -> None:
        require_zone("[dataset] time_zone", self.time_zone)
        if len(self.currency) != 3 or not self.currency.isupper():
            raise DefinitionError(
                f"[dataset] currency is {self.currency}; write an ISO 4217 code such as CNY, or XXX for none",
                f"[dataset] currency 为 {self.currency}；请写 ISO 4217 代码，如 CNY；没有则写 XXX",
            )


class EventTimePart(msgspec.Struct, frozen=True, kw_only=True):
    """How the time of a transfer is written.

    Parameters
    ----------
    kind : {"clock", "order"}
        A time, or only a place in an order: then the time is made from `start` and `step_s`.
    format : str, optional
        As for `strptime`; ISO 8601 when absent.
    unit : {"s", "ms", "us"}, optional
        For numbers since 1970 UTC.
    time_zone : str, optional
        Of times without a zone; without it they are refused.
    start : datetime, optional
        Time of place 0; aware.
    step_s : int, optional
        Seconds from one place to the next.
    """

    kind: Literal["clock", "order"] = "clock"
    format: str | None = None
    unit: Literal["s", "ms", "us"] | None = None
    time_zone: str | None = None
    start: datetime | None = None
    step_s: int | None = None

    def __post_init__(self) -> None:
        if self.time_zone is not None:
            require_zone("[event_time] time_zone", self.time_zone)
        if self.format and self.unit:
            raise DefinitionError(
                "[event_time] has both format and unit; a time is text or a number, keep one",
                "[event_time] 同时写了 format 与 unit；时间要么是文字要么是数字，只留一个",
            )
        ordered = self.start is not None and self.start.tzinfo is not None and (self.step_s or 0) > 0
        if (self.kind == "order") is not ordered or (self.kind == "clock" and (self.start or self.step_s)):
            raise DefinitionError(
                '[event_time] kind = "order" needs start (with a zone) and step_s above 0; kind = "clock" takes neither',
                '[event_time] kind = "order" 须有带时区的 start 与大于 0 的 step_s；kind = "clock" 不用这两项',
            )


class AmountPart(msgspec.Struct, frozen=True, kw_only=True):
    """How money is written, in every column of money.

    Parameters
    ----------
    unit : {"fen", "yuan"}
        Whole fen, or yuan with up to two decimals.
    round : bool
        Whether more than two decimals are rounded, half up, and not refused.
    """

    unit: Literal["fen", "yuan"] = "fen"
    round: bool = False


class LabelsPart(msgspec.Struct, frozen=True, kw_only=True):
    """How labels of the source become findings.

    Parameters
    ----------
    column : str
        Column of the source.
    fraud, genuine, unknown : tuple of str or int
        Values of it; an empty cell is unknown.
    finding : {"victim_transfer", "mule_movement"}
        What a fraud row is.
    delay_s : int
        How long after the transfer its finding was received.
    unreported : {"genuine", "unknown"}
        What a transfer without a finding counts as.
    maturity_days : int, optional
        The delay in days, rounded up, when absent.
    """

    column: str
    fraud: tuple[str | int, ...]
    genuine: tuple[str | int, ...] = ()
    unknown: tuple[str | int, ...] = ()
    finding: Literal["victim_transfer", "mule_movement"] = "victim_transfer"
    delay_s: int = 0
    unreported: Literal["genuine", "unknown"] = "unknown"
    maturity_days: int | None = None

    def __post_init__(self) -> None:
        named = [str(value) for value in (*self.fraud, *self.genuine, *self.unknown)]
        if not self.fraud or len(set(named)) < len(named):
            raise DefinitionError(
                "[labels] fraud must name a value, and no value may stand twice in fraud, genuine, unknown",
                "[labels] fraud 至少写一个值，且 fraud、genuine、unknown 中的值不可重复",
            )
        if self.delay_s < 0 or (self.maturity_days or 0) < 0:
            raise DefinitionError(
                "[labels] delay_s and maturity_days must be 0 or more", "[labels] delay_s 与 maturity_days 不得为负"
            )

    @property
    def days_to_maturity(self) -> int:
        """Days after which a finding has come in if there is one."""
        if self.maturity_days is not None:
            return self.maturity_days
        return -(-self.delay_s // _SECONDS_PER_DAY)


class ExtraPart(msgspec.Struct, frozen=True, kw_only=True):
    """What happens to columns of the source that nothing names.

    Parameters
    ----------
    policy : {"error", "drop"}
        Stop, or leave them all out.
    drop : tuple of str
        Columns that are left out on purpose.
    """

    policy: Literal["error", "drop"] = "error"
    drop: tuple[str, ...] = ()


def require_zone(place: str, name: str) -> None:
    """Check that `name` is a time zone.

    Raises
    ------
    DefinitionError
        If there is no such zone.
    """
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        raise DefinitionError(
            f"{place}: no such time zone: {name}; write for example Asia/Shanghai",
            f"{place}：没有这个时区：{name}；请写如 Asia/Shanghai",
        ) from error


def require_known(place: str, name: str, known: tuple[str, ...]) -> None:
    """Check that `name` is among the known.

    Raises
    ------
    DefinitionError
        If it is not; asks "did you mean" when a known one is near.
    """
    if name in known:
        return
    guess = near(name, known)
    listed = ", ".join(guess or known)
    raise DefinitionError(
        f"{place}: {name} is not known. " + (f"Did you mean {listed}?" if guess else f"Known: {listed}."),
        f"{place}：不认识 {name}。" + (f"是不是 {listed}？" if guess else f"可用：{listed}。"),
    )
