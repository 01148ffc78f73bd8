"""The words of a drift report."""

from typing import Final

from fraudguard.wording import Bilingual

__all__ = ["DIED", "KINDS", "MEASURES", "source_name"]

MEASURES: Final = {
    "psi": Bilingual("特征漂移 PSI", "feature PSI"),
    "score": Bilingual("分数漂移 PSI", "score PSI"),
    "alerts": Bilingual("预警笔数之比", "alerts against before"),
    "volume": Bilingual("笔数偏离", "volume off by"),
    "label_rate": Bilingual("结论数之比", "findings against before"),
    "coverage": Bilingual("信号覆盖下降", "signal coverage fell by"),
    "dead": Bilingual("失效的特征数", "dead features"),
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
