"""What people say of an account beforehand: watch it, or leave transfers to it alone."""

from dataclasses import dataclass
from enum import StrEnum

from fraudguard.errors import DefinitionError
from fraudguard.intervention import Intervention, Tier

__all__ = ["ListHit", "ListKind", "ListRule"]


class ListKind(StrEnum):
    """What a list is for."""

    WATCH = "watch"
    EXEMPT = "exempt"


@dataclass(frozen=True, slots=True, kw_only=True)
class ListHit:
    """An entry of a list that a transfer meets.

    Parameters
    ----------
    entry_id : str
        Which.
    kind : ListKind
        Of which list.
    reason_code : str
        Why it stands there.
    """

    entry_id: str
    kind: ListKind
    reason_code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ListRule:
    """What an entry of a list does to a decision.

    Parameters
    ----------
    watch : Intervention
        A payee on the watch list gets at least this; it holds no money by itself.
    watch_tier : Tier
        How soon an officer looks at it, at the latest.
    exempt : Intervention
        An exempted transfer gets at most this; it holds no money.

    Raises
    ------
    DefinitionError
        If either holds money: that is for a score, or a person, to say.
    """

    watch: Intervention = Intervention.VERIFY_TRANSACTION
    watch_tier: Tier = Tier.HIGH
    exempt: Intervention = Intervention.REMIND

    def __post_init__(self) -> None:
        for name, intervention in (("watch", self.watch), ("exempt", self.exempt)):
            if intervention.holds_money:
                raise DefinitionError(
                    f"lists.{name}: {intervention} holds money; choose one up to {Intervention.REVERIFY_IDENTITY}",
                    f"lists.{name}：{intervention} 会暂缓资金；请选择 {Intervention.REVERIFY_IDENTITY} 及以下",
                )
