"""The feature view: aggregates of one entity's transfers over a set of windows."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, TypeVar

from fraudguard.errors import DefinitionError
from fraudguard.features.aggregate import Aggregate, Reducer
from fraudguard.features.term import Term
from fraudguard.features.window import Window, windows
from fraudguard.wording import Bilingual

__all__ = ["Entity", "FeatureView", "Reading", "Side", "feature_view"]


WordT = TypeVar("WordT", bound=StrEnum)


class Entity(StrEnum):
    """Whose past is looked at."""

    PAYER = "payer"
    PAYEE = "payee"
    PAIR = "pair"
    DEVICE = "device"
    HOLDER = "holder"


class Side(StrEnum):
    """Which way the money went, seen from the account."""

    OUT = "out"
    IN = "in"


_ENTITIES: Final = {
    Entity.PAYER: Bilingual("付款账户", "Payer"),
    Entity.PAYEE: Bilingual("收款账户", "Payee"),
    Entity.PAIR: Bilingual("付款账户对该收款账户", "Payer to this payee"),
    Entity.DEVICE: Bilingual("本次所用设备", "Device used"),
    Entity.HOLDER: Bilingual("付款人名下各账户", "All accounts of the payer's holder"),
}
_SIDELESS: Final = (Entity.PAIR, Entity.DEVICE)
_SIDES: Final = {Side.OUT: Bilingual("转出", "money sent"), Side.IN: Bilingual("转入", "money received")}


@dataclass(frozen=True, slots=True)
class Reading(Term):
    """One number the kernel reads off an entity's past.

    Parameters
    ----------
    entity : Entity
        Whose past.
    side : Side or None
        Which way the money went; None for a pair or a device.
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
        """``payer_out_amount_fen_sum_1d``: entity, side, what, aggregate, window."""
        parts = (self.entity, self.side, *self._aggregate, self.window and self.window.suffix)
        return "_".join(part for part in parts if part)

    @property
    def title(self) -> Bilingual:
        """The reading in words."""
        entity, aggregate = _ENTITIES[self.entity], self.aggregate.title
        side = _SIDES[self.side] if self.side else Bilingual("转账", "transfers")
        if self.window is None:
            return Bilingual(f"{entity.zh}{side.zh}{aggregate.zh}", f"{entity.en}, {side.en}: {aggregate.en}")
        window = self.window.title
        return Bilingual(
            f"{entity.zh}{window.zh}{side.zh}{aggregate.zh}", f"{entity.en}, {side.en} {window.en}: {aggregate.en}"
        )

    @property
    def _aggregate(self) -> tuple[str, ...]:
        what, reducer = self.aggregate.what, self.aggregate.reducer
        if reducer is Reducer.DISTINCT:
            what = "payees" if self.side is Side.OUT else "payers"
        if reducer in {Reducer.SINCE_LAST, Reducer.SINCE_FIRST}:
            return what, self.aggregate.unit
        return what, reducer


@dataclass(frozen=True, slots=True, kw_only=True)
class FeatureView:
    """Aggregates of one entity's transfers over a set of windows.

    Parameters
    ----------
    entity : Entity
        Whose past is looked at.
    side : Side or None
        Money out or money in; None for a pair or a device.
    windows : tuple of Window
        Ascending, no repeats.
    aggregates : tuple of Aggregate
        At least one, no repeats.
    why : Bilingual
        The behaviour the view is meant to catch; shown beside a reason.

    Raises
    ------
    DefinitionError
        If a side is missing or one too many, windows do not ascend or are none, or nothing would be computed.
    """

    entity: Entity
    side: Side | None = None
    windows: tuple[Window, ...]
    aggregates: tuple[Aggregate, ...]
    why: Bilingual

    def __post_init__(self) -> None:
        if (self.entity in _SIDELESS) != (self.side is None):
            raise DefinitionError(
                f"view of {self.entity}: payer, payee and holder need a side (out or in), pair and device have none",
                f"{self.entity} 视图：payer、payee、holder 要写 side（out 或 in），pair、device 不写",
            )
        if self.entity is Entity.PAIR and any(a.reducer is Reducer.DISTINCT for a in self.aggregates):
            raise DefinitionError(
                "view of pair: a pair has one counterparty, so distinct() says nothing; take it of payer or payee",
                "pair 视图：一对账户只有一个对方，distinct() 没有意义；请用于 payer 或 payee",
            )
        if any(a.is_windowed for a in self.aggregates) and not self.windows:
            raise DefinitionError(
                f"view of {self.entity}: give at least one window, such as windows('1h 1d')",
                f"{self.entity} 视图：至少要有一个窗口，如 windows('1h 1d')",
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


def feature_view(
    entity: str, side: str | None, spans: str, *aggregates: Aggregate, why: Bilingual | str
) -> FeatureView:
    """Return a feature view, said in words.

    Parameters
    ----------
    entity : str
        ``payer``, ``payee``, ``pair``, ``device`` or ``holder`` (all accounts of the payer's holder).
    side : str or None
        ``out`` or ``in``; None for a pair or a device.
    spans : str
        Windows such as ``"1h 7d"``.
    *aggregates : Aggregate
        What to compute over each.
    why : Bilingual or str
        The behaviour it is meant to catch; a text stands for both languages.

    Returns
    -------
    FeatureView
        To be put in a catalog; its readings are terms.

    Raises
    ------
    DefinitionError
        If there is no such entity, side or window, or the view makes no sense.

    Examples
    --------
    >>> from fraudguard.features import distinct
    >>> fan_in = feature_view("payee", "in", "1h 7d", distinct(), why="Many people pay a suspected account.")
    >>> [reading.name for reading in fan_in.readings()]
    ['payee_in_payers_distinct_1h', 'payee_in_payers_distinct_7d']
    """
    return FeatureView(
        entity=_word(Entity, entity),
        side=None if side is None else _word(Side, side),
        windows=windows(spans),
        aggregates=aggregates,
        why=Bilingual(why, why) if isinstance(why, str) else why,
    )


def _word(words: type[WordT], given: str) -> WordT:
    known = [str(word) for word in words]
    if given not in known:
        name = words.__name__.lower()
        raise DefinitionError(f"no {name} {given!r}; there are {known}", f"没有 {given!r}；可用的有 {known}")
    return words(given)
