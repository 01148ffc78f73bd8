"""The words of a drift report."""

import math
from typing import Final

from fraudguard.wording import Bilingual

__all__ = ["DIED", "KINDS", "MEASURES", "limit_text", "source_name"]

MEASURES: Final = {
    "psi": Bilingual("特征漂移 PSI", "feature PSI"),
    "score": Bilingual("分数漂移 PSI", "score PSI"),
    "alerts": Bilingual("达到各级的笔数", "transfers that reach a step"),
    "volume": Bilingual("笔数", "volume"),
    "label_rate": Bilingual("各来源的结论数", "findings of a source"),
    "coverage": Bilingual("信号覆盖", "signal coverage"),
    "dead": Bilingual("失效的特征", "dead features"),
}
"""What each limit is about."""

KINDS: Final = {
    "adverse": Bilingual("涉诈", "adverse"),
    "cleared": Bilingual("非涉诈", "cleared"),
    "reversal": Bilingual("推翻前结论", "reversals"),
}
"""What findings are counted as."""

DIED: Final = {"missing": Bilingual("全部缺失", "all missing"), "constant": Bilingual("不再变化", "constant")}
"""How a feature dies."""

_TIMES: Final = ("alerts", "label_rate")
_SHARES: Final = ("volume", "coverage")

_SOURCES: Final = {
    "officer": Bilingual("处置员", "officers"),
    "victim_report": Bilingual("受害人报案", "victims' reports"),
    "police_case": Bilingual("公安案件", "police cases"),
    "bank_confirmed": Bilingual("银行确认", "the bank"),
    "dissuasion_confirmed": Bilingual("劝阻确认", "dissuasion"),
    "stop_feedback": Bilingual("止付反馈", "stop feedback"),
    "sampled_review": Bilingual("抽样复核", "sampled reviews"),
    "imported": Bilingual("导入", "imported"),
}


def source_name(source: str) -> Bilingual:
    """Return what a source of findings is called.

    Parameters
    ----------
    source : str
        A word of `fraudguard.finding.FindingSource`, or of an import.

    Returns
    -------
    Bilingual
        The code itself for one that has no name.
    """
    return _SOURCES.get(source, Bilingual(source, source))


def limit_text(measure: str, value: float) -> str:
    """Return how far a measure moved, or may move, as people read it.

    Parameters
    ----------
    measure : str
        A key of `MEASURES`.
    value : float
        Times, a share, or a number as it is.

    Returns
    -------
    str
        Short.

    Examples
    --------
    >>> limit_text("alerts", 3.14159), limit_text("volume", -0.42), limit_text("psi", 0.314)
    ('3.1×', '-42%', '0.31')
    """
    if measure in _TIMES:
        return f"{value:.2g}×" if math.isfinite(value) else "∞×"
    return f"{100 * value:+.0f}%" if measure in _SHARES else f"{value:.2f}".removesuffix(".00")
