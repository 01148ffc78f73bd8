"""An evaluation as people read it: tables of text, for a notebook, a page and the terminal."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from fraudguard.model.baselines import BASELINES
from fraudguard.sight import Sight, View
from fraudguard.wording import Bilingual, word
from fraudguard.wording.markup import Table, card

if TYPE_CHECKING:
    from fraudguard.model.evaluation import BudgetRow, Evaluation
    from fraudguard.model.sights import SightRow
    from fraudguard.model.slices import GroupRow, SliceRow

__all__ = [
    "budget_table",
    "case_table",
    "evaluation_card",
    "evaluation_markdown",
    "friction_table",
    "group_name",
    "sight_table",
    "slice_name",
    "slice_table",
    "summary_text",
]

_SCORERS: Final = {"model": Bilingual("模型", "Model")} | {one.code: one.title for one in BASELINES}
_KINDS: Final = {
    "scam_type": Bilingual("类型", "Type"),
    "payee": Bilingual("收款账户", "Payee"),
    "payee_account": Bilingual("收款账户开户", "Payee's account"),
    "gang": Bilingual("团伙", "Gang"),
    "order": Bilingual("案内次序", "In its case"),
}
_NAMES: Final = {
    "payee new": Bilingual("训练时未知", "new to the model"),
    "payee known": Bilingual("训练时已知", "known to the model"),
    "payee_account young": Bilingual("不足90天", "within 90 days"),
    "payee_account older": Bilingual("90天以上", "longer ago"),
    "gang new": Bilingual("新", "new"),
    "gang known": Bilingual("已知", "known"),
    "order first": Bilingual("首笔", "first"),
    "order later": Bilingual("其后", "later"),
    "scam_type unknown": Bilingual("未注明", "not stated"),
}
_GROUPS: Final = {
    "age_band": Bilingual("年龄段", "Age band"),
    "region": Bilingual("开户地区", "Region"),
    "occupation": Bilingual("职业", "Occupation"),
    "holder_type": Bilingual("持有人", "Holder"),
    "account_class": Bilingual("账户类别", "Account class"),
}
_FAIR: Final = {
    True: Bilingual("均衡", "even"),
    False: Bilingual("失衡", "UNEVEN"),
    None: Bilingual("样本不足", "too few"),
}
_WORDED: Final = {"age_band": "holder_age_band", "holder_type": "holder_type", "account_class": "account_class"}
_LEAST_GENUINE: Final = 1_000


def evaluation_card(evaluation: "Evaluation", *, lang: str, sign: str = "¥") -> str:
    """Return an evaluation as an HTML card.

    Parameters
    ----------
    evaluation : Evaluation
        Of a window.
    lang : {"zh", "en"}
        Language of the words.
    sign : str
        Before amounts.

    Returns
    -------
    str
        Without a script or a link; at most a few tens of kB.
    """
    title = Bilingual("评估", "Evaluation").text(lang)
    return card(title, subtitle=summary_text(evaluation).text(lang), tables=_tables(evaluation, lang, sign))


def summary_text(evaluation: "Evaluation") -> Bilingual:
    """Return what was tested, in a sentence."""
    n, n_fraud, n_unknown = evaluation.n_transfers, evaluation.n_fraud, evaluation.n_unknown
    figures = (
        f"AP {_figure(evaluation.average_precision)}, AUC {_figure(evaluation.auc)}, "
        f"ECE {evaluation.calibration_error:.4f}"
    )
    return Bilingual(
        f"测试 {n:,} 笔，涉诈 {n_fraud:,} 笔，标签未知 {n_unknown:,} 笔未计；{figures}",
        f"Tested on {n:,} transfers, {n_fraud:,} fraud, {n_unknown:,} of unknown label left out; {figures}",
    )


def budget_table(evaluation: "Evaluation", *, lang: str, sign: str) -> Table:
    """Return model and trivial rules at each budget."""
    zh = ("", "每万笔预警", "预警", "召回 [95%区间]", "精确率", "误报:命中", "拦住金额", "占涉诈金额")
    en = ("", "per 10,000", "alerts", "recall [95 % range]", "precision", "false : true", "caught", "of fraud money")
    rows = [_budget_row(row, lang, sign) for row in evaluation.rows]
    return Table(columns=zh if lang == "zh" else en, rows=rows)


def _budget_row(row: "BudgetRow", lang: str, sign: str) -> tuple[str, ...]:
    false_per_true = "–" if row.genuine_per_fraud is None else f"{row.genuine_per_fraud:.1f} : 1"
    return (
        _SCORERS[row.scorer].text(lang),
        f"{row.per_10_000:g}",
        f"{row.alerts:,}",
        f"{_share(row.recall)} {_interval(row.recall_low, row.recall_high)}",
        _share(row.precision),
        false_per_true,
        f"{sign}{row.caught_fen / 100:,.0f}",
        _share(row.value_recall),
    )


def case_table(evaluation: "Evaluation", *, lang: str, sign: str) -> Table:
    """Return how early cases are caught."""
    found = evaluation.cases
    minutes = (
        "–"
        if found.minutes_p50 is None or found.minutes_p90 is None
        else f"{found.minutes_p50:,.0f} / {found.minutes_p90:,.0f}"
    )
    rows = (
        (Bilingual("案件数", "Cases"), f"{found.n_cases:,}"),
        (Bilingual("有预警", "With any alert"), _share(found.alerted)),
        (Bilingual("损失未过 10% 前止住", "Stopped before 10 % of the loss"), _share(found.stopped_before_10)),
        (Bilingual("损失未过 25% 前止住", "Stopped before 25 % of the loss"), _share(found.stopped_before_25)),
        (Bilingual("损失未过 50% 前止住", "Stopped before 50 % of the loss"), _share(found.stopped_before_50)),
        (
            Bilingual("尚可挽回", "Still savable"),
            f"{sign}{found.savable_fen / 100:,.0f} ({_share(found.savable_share)})",
        ),
        (Bilingual("首笔到预警（分钟，中位/90%）", "First transfer to alert (minutes, median / 90 %)"), minutes),
    )
    title = Bilingual("按案件", "By case").text(lang)
    return Table(title=title, columns=("", ""), rows=[(name.text(lang), value) for name, value in rows])


def slice_table(evaluation: "Evaluation", *, lang: str) -> Table:
    """Return recall by scam type, novelty and order."""
    title = Bilingual("分类召回（首个预算）", "Recall by slice, first budget").text(lang)
    columns = (
        ("", "n", "召回 [95%区间]", "金额召回") if lang == "zh" else ("", "n", "recall [95 % range]", "of the money")
    )
    return Table(title=title, columns=columns, rows=[_slice_row(row, lang) for row in evaluation.slices])


def _slice_row(row: "SliceRow", lang: str) -> tuple[str, ...]:
    return (
        slice_name(row.kind, row.name, lang),
        str(row.n_fraud),
        f"{_share(row.recall)} {_interval(row.low, row.high)}",
        _share(row.value_recall),
    )


def sight_table(rows: "Sequence[SightRow]", *, lang: str) -> Table:
    """Return what the model is worth to a bank that sees less."""
    zh = ("可见", "召回 [95%区间]", "精确率", "AP", "AUC", "分数之和:涉诈")
    en = ("what is seen", "recall [95 % range]", "precision", "AP", "AUC", "scores : frauds")
    cells = [
        (
            Sight(View(row.view), row.signals).title.text(lang),
            f"{_share(row.recall)} {_interval(row.recall_low, row.recall_high)}",
            _share(row.precision),
            _figure(row.average_precision),
            _figure(row.auc),
            f"{row.expected_per_fraud:.2f}",
        )
        for row in rows
    ]
    title = Bilingual("看得少时（同一模型、同一预算）", "With less to see (same model, same budget)").text(lang)
    return Table(title=title, columns=zh if lang == "zh" else en, rows=cells)


def slice_name(kind: str, name: str, lang: str) -> str:
    """Return what a slice is called, such as “Type: romance scam”."""
    named = _NAMES.get(f"{kind} {name}")
    colon = "：" if lang == "zh" else ": "
    return f"{_KINDS[kind].text(lang)}{colon}{word('scam_type', name, lang) if named is None else named.text(lang)}"


def group_name(kind: str, group: str, lang: str) -> str:
    """Return what a group is called, such as “Age band: 65+”."""
    colon = "：" if lang == "zh" else ": "
    return f"{_GROUPS[kind].text(lang)}{colon}{word(_WORDED[kind], group, lang) if kind in _WORDED else group}"


def friction_table(evaluation: "Evaluation", *, lang: str) -> Table:
    """Return how often genuine transfers of each group are alerted; groups under 1,000 transfers are left out."""
    title = Bilingual("误拦均衡（与全体之比，0.8–1.25 为均衡）", "Friction (against all; 0.8 to 1.25 is even)").text(
        lang
    )
    zh, en = (
        ("", "正常笔数", "每万笔误报", "比值 [95%区间]", ""),
        ("", "genuine", "alerts per 10,000", "ratio [95 % range]", ""),
    )
    rows = [_group_row(row, lang) for row in evaluation.friction if row.n_genuine >= _LEAST_GENUINE]
    return Table(title=title, columns=zh if lang == "zh" else en, rows=rows)


def _group_row(row: "GroupRow", lang: str) -> tuple[str, ...]:
    return (
        group_name(row.kind, row.group, lang),
        f"{row.n_genuine:,}",
        f"{row.rate_per_10_000:.1f}",
        f"{_number(row.ratio)} [{_number(row.low)}–{_number(row.high)}]",
        _FAIR[row.is_fair].text(lang),
    )


def _share(value: float) -> str:
    return "–" if value != value else f"{100 * value:.1f}%"  # noqa: PLR0124  # NaN: nothing to take a share of


def _figure(value: float) -> str:
    return "–" if value != value else f"{value:.3f}"  # noqa: PLR0124  # NaN: no fraud to rank


def _number(value: float) -> str:
    return "–" if value != value else f"{value:.2f}"  # noqa: PLR0124  # NaN: nothing to compare


def _interval(low: float, high: float) -> str:
    return "" if low != low else f"[{100 * low:.0f}–{100 * high:.0f}]"  # noqa: PLR0124  # NaN: no fraud to catch


def evaluation_markdown(evaluation: "Evaluation", *, lang: str, sign: str = "¥") -> str:
    """Return an evaluation as Markdown.

    Parameters
    ----------
    evaluation : Evaluation
        Of a window.
    lang : {"zh", "en"}
        Language of the words.
    sign : str
        Before amounts.

    Returns
    -------
    str
        Ends with a newline.
    """
    blocks = [_block(table) for table in _tables(evaluation, lang, sign) if table.rows]
    return "\n\n".join([summary_text(evaluation).text(lang), *blocks]) + "\n"


def _tables(evaluation: "Evaluation", lang: str, sign: str) -> list[Table]:
    return [
        budget_table(evaluation, lang=lang, sign=sign),
        case_table(evaluation, lang=lang, sign=sign),
        slice_table(evaluation, lang=lang),
        friction_table(evaluation, lang=lang),
    ]


def _block(table: Table) -> str:
    lines = [table.columns, ["---"] * len(table.columns), *table.rows]
    title = f"## {table.title}\n\n" if table.title else ""
    return title + "\n".join("| " + " | ".join(cells) + " |" for cells in lines)
