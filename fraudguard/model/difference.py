"""How the features of a model and those of a catalog differ, for whoever must mend it."""

from collections.abc import Sequence
from typing import Final

from fraudguard.wording import Bilingual

__all__ = ["name_difference"]

_FEW: Final = 3


def name_difference(trained: Sequence[str], given: Sequence[str]) -> Bilingual:
    """Say which features one of the two has and the other has not, the first few of each.

    Parameters
    ----------
    trained : sequence of str
        Feature names of the model, in column order.
    given : sequence of str
        Feature names of the catalog, in column order; not of the same plan.

    Returns
    -------
    Bilingual
        To stand in a message.
    """
    missing, extra = _few(trained, set(given)), _few(given, set(trained))
    said = {
        Bilingual(f"模型另有 {missing}", f"the model also has {missing}"): missing,
        Bilingual(f"目录另有 {extra}", f"the catalog also has {extra}"): extra,
    }
    kept = [text for text, names in said.items() if names]
    if kept:
        return Bilingual("，".join(text.zh for text in kept), ", ".join(text.en for text in kept))
    if tuple(trained) != tuple(given):
        return Bilingual("名称相同，顺序不同", "the names are the same, their order is not")
    return Bilingual(
        "名称相同，定义或软件版本不同", "the names are the same, a definition or the version of fraudguard is not"
    )


def _few(names: Sequence[str], others: set[str]) -> str:
    odd = [name for name in names if name not in others]
    more = f" … ({len(odd)})" if len(odd) > _FEW else ""
    return ", ".join(odd[:_FEW]) + more
