"""The feature view: aggregates of one entity's transfers over a set of windows."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from fraudguard.errors import DefinitionError
from fraudguard.features.aggregate import Aggregate
from fraudguard.features.term import Term
from fraudguard.features.window import Window
from fraudguard.wording import Bilingual

__all__ = ["Entity", "FeatureView", "Reading", "Side"]


class Entity(StrEnum):
    """Whose past is looked at."""

    PAYER = "payer"
    PAYEE = "payee"
    PAIR = "pair"


class Side(StrEnum):
    """Which way the money went, seen from the account."""

    OUT = "out"
    IN = "in"


_ENTITIES: Final = {
    Entity.PAYER: Bilingual("付款账户", "Payer"),
    Entity.PAYEE: Bilingual("收款账户", "Payee"),
    Entity.PAIR: Bilingual("付款账户对该收款账户", "Payer to this payee"),
}
_SIDES: Final = {Side.OUT: Bilingual("转出", "money sent"), Side.IN: Bilingual("转入", "money received")}


@dataclass(frozen=True, slots=True)
class Reading(Term):
    """One number the kernel reads off an entity's past.

    Parameters
    ----------
    entity : Entity
        Whose past.
    side : Side or None
        Which way the money went; None for a pair.
    aggregate : Aggregate
        Reduced how.
    window : Window or None
        Over which span; None for all time.
    """

    entity: Entity
    side: Side | None
    aggregate: Aggregate
    window: Window | None

    @property
    def name(self) -> str:
        """``payer_out_amount_fen_sum_1d``: entity, side, aggregate, window."""
        parts = (self.entity, self.side, self.aggregate.name, self.window and self.window.suffix)
        return "_".join(part for part in parts if part)

    @property
    def title(self) -> Bilingual:
        """The reading in words."""
        entity = _ENTITIES[self.entity]
        side = _SIDES[self.side] if self.side else Bilingual("转账", "transfers")
        if self.window is None:
            last = "transfer" if self.side is None else side.en
            return Bilingual(f"{entity.zh}距上一笔{side.zh}", f"{entity.en}: time since the last {last}")
        window, aggregate = self.window.title, self.aggregate.title
        return Bilingual(
            f"{entity.zh}{window.zh}{side.zh}{aggregate.zh}", f"{entity.en}, {side.en} {window.en}: {aggregate.en}"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class FeatureView:
    """Aggregates of one entity's transfers over a set of windows.

    Parameters
    ----------
    entity : Entity
        Whose past is looked at.
    side : Side or None
        Money out or money in of that account; None for a pair.
    windows : tuple of Window
        Ascending, no repeats.
    aggregates : tuple of Aggregate
        At least one, no repeats.
    why : Bilingual
        The behaviour the view is meant to catch; shown beside a reason.

    Raises
    ------
    DefinitionError
        If an account view has no side or a pair view has one, windows do not
        ascend, or nothing would be computed.
    """

    entity: Entity
    side: Side | None = None
    windows: tuple[Window, ...]
    aggregates: tuple[Aggregate, ...]
    why: Bilingual

    def __post_init__(self) -> None:
        if (self.entity is Entity.PAIR) != (self.side is None):
            raise DefinitionError(
                f"view of {self.entity}: an account view needs a side (out or in), a pair view has none",
                f"{self.entity} 视图：账户视图要写 side（out 或 in），pair 视图不写",
            )
        if list(self.windows) != sorted(set(self.windows)):
            raise DefinitionError(
                f"view of {self.entity}: windows must ascend without repeats; write windows('10m 1h 1d')",
                f"{self.entity} 视图：窗口必须递增且不重复；可写 windows('10m 1h 1d')",
            )
        if not self.aggregates or len(set(self.aggregates)) < len(self.aggregates):
            raise DefinitionError(
                f"view of {self.entity}: give at least one aggregate, and none twice",
                f"{self.entity} 视图：至少一个聚合，且不重复",
            )

    def readings(self) -> Iterator[Reading]:
        """Give each number of the view, in catalog order."""
        for aggregate in self.aggregates:
            spans: tuple[Window | None, ...] = self.windows if aggregate.is_windowed else (None,)
            for window in spans:
                yield Reading(self.entity, self.side, aggregate, window)

    def __getitem__(self, name: str) -> Reading:
        """Return a reading by its short name, such as ``amount_fen_mean_30d``.

        Raises
        ------
        DefinitionError
            If the view has no such reading.
        """
        prefix = "_".join(part for part in (self.entity, self.side) if part)
        found = {reading.name.removeprefix(f"{prefix}_"): reading for reading in self.readings()}
        if name not in found:
            raise DefinitionError(
                f"view of {self.entity} has no {name!r}; it has {sorted(found)}",
                f"{self.entity} 视图没有 {name!r}；有 {sorted(found)}",
            )
        return found[name]
