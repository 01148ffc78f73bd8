"""The catalog: the features that ship, put together, and how an analyst adds to them."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from fraudguard.errors import DefinitionError
from fraudguard.features.expression import Expression
from fraudguard.features.shipped_accounts import ACCOUNT_FEATURES, NETWORK_FEATURES, SIGNAL_FEATURES
from fraudguard.features.shipped_findings import FINDING_SHARES, STRANGERS
from fraudguard.features.shipped_ratios import RATIOS
from fraudguard.features.shipped_transfer import TRANSFER_FEATURES
from fraudguard.features.shipped_views import PAIR, PAYEE_IN, PAYEE_OUT, PAYER_IN, PAYER_OUT, VIEWS
from fraudguard.features.view import FeatureView

__all__ = ["CATALOG", "PAIR", "PAYEE_IN", "PAYEE_OUT", "PAYER_IN", "PAYER_OUT", "Catalog"]


@dataclass(frozen=True, slots=True)
class Catalog:
    """All features of a model, in column order.

    Parameters
    ----------
    items : tuple of FeatureView or Expression
        At least one.

    Raises
    ------
    DefinitionError
        If there is nothing in it, or two features get the same name.
    """

    items: tuple[FeatureView | Expression, ...]

    def __post_init__(self) -> None:
        names = list(_names(self.items))
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice or not names:
            raise DefinitionError(
                f"a catalog needs at least one feature and each name once; twice: {twice}",
                f"目录至少要有一个特征且名称不重复；重复的有 {twice}",
            )

    def extended(self, *more: FeatureView | Expression) -> "Catalog":
        """Return this catalog with more features behind its own.

        Parameters
        ----------
        *more : FeatureView or Expression
            Their columns come last, in this order.

        Returns
        -------
        Catalog
            A new value; this one is not changed.
        """
        return Catalog((*self.items, *more))


def _names(items: Iterable[FeatureView | Expression]) -> Iterable[str]:
    for item in items:
        if isinstance(item, Expression):
            yield item.name
        else:
            yield from (reading.name for reading in item.readings())


CATALOG: Final = Catalog((
    *VIEWS,
    *RATIOS,
    *TRANSFER_FEATURES,
    *NETWORK_FEATURES,
    *FINDING_SHARES,
    *STRANGERS,
    *SIGNAL_FEATURES,
    *ACCOUNT_FEATURES,
))
"""The features that ship."""
