"""The card as a page of Markdown."""

from collections.abc import Sequence

from fraudguard.hardness.card import Card, Check
from fraudguard.hardness.pictures import FIGURES
from fraudguard.wording import Bilingual

__all__ = ["card_page", "check_rows", "verdict_text"]

_VERDICTS = {
    "inside": Bilingual(zh="在区间内", en="inside"),
    "outside": Bilingual(zh="超出区间", en="OUTSIDE"),
    "too few": Bilingual(zh="案件太少，不下结论", en="too few cases"),
}


def verdict_text(check: Check, lang: str) -> str:
    """Return a verdict in a language."""
    return _VERDICTS[check.verdict].text(lang)


def check_rows(card: Card, lang: str) -> list[list[str]]:
    """Return the checks as rows of text: what, value, band, verdict, detail.

    Parameters
    ----------
    card : Card
        From `hardness`.
    lang : {"zh", "en"}
        Language of the words.

    Returns
    -------
    list of list of str
        One row a check.
    """
    return [
        [check.title.text(lang), _number(check.value), _band(check), verdict_text(check, lang), check.detail]
        for check in card.checks
    ]


def _number(value: float) -> str:
    return f"{value:.3f}" if value < 2 else f"{value:.1f}"  # shares and areas, or counts


def _band(check: Check) -> str:
    if check.low == check.high:
        return _number(check.low)
    return f"≥ {_number(check.low)}" if check.high == float("inf") else f"{_number(check.low)}–{_number(check.high)}"


def card_page(card: Card, *, source: str, figures: bool) -> str:
    """Return the card as Markdown, in both languages.

    Parameters
    ----------
    card : Card
        From `hardness`.
    source : str
        How the data was made.
    figures : bool
        Whether the figures stand beside the page.

    Returns
    -------
    str
        The same for the same card.
    """
    told = [
        "# 难度卡 · Hardness card", "",
        _about(card, source),
        "", "## 检查 · Checks", "",
        *_table(("检查 · Check", "值 · Value", "区间 · Band", "结论 · Verdict", "说明 · Detail"), _both(card)),
        "## 对手 · Rivals", "",
        *_table(("评分者 · Scorer", "对象 · Among", "n", "每万笔预警 · Alerts", "召回 · Recall", "95 %", "精确率 · Precision", "金额 · Money"), _recalls(card)),
        "## 最能说明问题的列 · The most telling columns", "",
        *_table(("列 · Column", "AUC"), [[one.name, f"{one.auc:.3f}"] for one in card.areas["features"][:15]]),
        "## 打扰了谁 · Who is disturbed", "",
        *_table(("情景 · Scenario", "被预警比例 · Share alerted"), [[name, f"{share:.2%}"] for name, share in card.alerts_of.items()]),
    ]  # fmt: skip
    if figures:
        told += [f"![{name}](hardness-{name}.svg)\n" for name in FIGURES]
    return "\n".join(told).rstrip() + "\n"


def _about(card: Card, source: str) -> str:
    facts = card.facts
    counts = f"{facts['victim_transfers']} / {facts['cases']}，{facts['test_victim_transfers']} / {facts['test_cases']}"
    return (
        f"数据 · Data: {source}，基准率 · base rate {facts['base_rate']:.2e}。"
        f"受骗转账与案件，全部与测试窗口 · victim transfers and cases, in all and in the test window: {counts}。"
    )


def _both(card: Card) -> list[list[str]]:
    zh, en = check_rows(card, "zh"), check_rows(card, "en")
    return [
        [f"{one[0]} · {two[0]}", one[1], one[2], f"{one[3]} · {two[3]}", one[4]]
        for one, two in zip(zh, en, strict=True)
    ]


def _recalls(card: Card) -> list[list[str]]:
    return [
        [
            row.scorer, row.among, str(row.n), f"{row.alerts_per_10_000:.0f}", f"{row.recall:.1%}",
            f"{row.low:.0%}–{row.high:.0%}", f"{row.precision:.1%}", f"{row.value_recall:.1%}",
        ]
        for row in card.recalls
    ]  # fmt: skip


def _table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    lines = [header, ["---"] * len(header), *rows]
    return [*("| " + " | ".join(cells) + " |" for cells in lines), ""]
