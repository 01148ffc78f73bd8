"""A drift report as people read it: tables of text, for a notebook, a page and the terminal."""

import math
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from fraudguard.model.drift_gate import DriftLimits, brief_text
from fraudguard.model.drift_rows import PSI_TO_ACT, PSI_TO_WATCH, FeatureDrift
from fraudguard.model.drift_words import DIED, KINDS, MEASURES, limit_text, source_name
from fraudguard.wording import Bilingual, word
from fraudguard.wording.markup import Table, card, tinted

if TYPE_CHECKING:
    from fraudguard.model.drift import DriftReport

__all__ = ["drift_card", "drift_markdown", "drift_notes", "drift_tables", "drift_text", "marked"]

_MOST_FEATURES: Final = 15
_MOST_WEEKS: Final = 8
_NOTES: Final = (
    Bilingual(
        "PSI 减去“偶然”后超过 0.25、并超过“平时”才算漂移：“偶然”是没有变化时这么多笔也会有的 PSI，“平时”是建模期间后一半各周最大的 PSI。",
        "A feature has moved where its PSI, less what chance gives so many transfers, is above 0.25 and above its usual: the largest of a later "
        "week of those the model was made among.",
    ),
    Bilingual(
        "没有漂移不等于模型仍然好：骗术可以变，而转账的分布不变。请用 fraudguard evaluate 看召回。",
        "No drift does not mean that the model is still good: scams change while transfers look the same. Look at recall with fraudguard "
        "evaluate.",
    ),
)

_YOUNG: Final = Bilingual(
    "建模时日志还不如最长的时间窗长：凡随日志增长的特征（如历来笔数、近 90 天）会继续移动，未必是业务变了；请用 --train-from 从日志够长之后训练。",
    "The log was shorter than the longest window when the model was made: features that grow with a log (such as counts of ever, or of 90 "
    "days) keep moving though nothing has changed. Train from a moment when the log is long enough, with --train-from.",
)

Tint = Callable[[str, int], str]


def drift_card(report: "DriftReport", *, lang: str) -> str:
    """Return a report as an HTML card.

    Parameters
    ----------
    report : DriftReport
        What moved.
    lang : {"zh", "en"}
        Language of the words.

    Returns
    -------
    str
        Without a script or a link; at most a few tens of kB.
    """
    title = Bilingual("漂移报告", "Drift report").text(lang)
    notes = [note.text(lang) for note in drift_notes(report)]
    return card(title, subtitle=drift_text(report).text(lang), tables=drift_tables(report, lang, tinted), notes=notes)


def drift_markdown(report: "DriftReport", *, lang: str) -> str:
    """Return a report as Markdown.

    Parameters
    ----------
    report : DriftReport
        What moved.
    lang : {"zh", "en"}
        Language of the words.

    Returns
    -------
    str
        Ends with a newline.
    """
    blocks = [_block(table) for table in drift_tables(report, lang, marked) if table.rows]
    notes = "\n".join(f"- {note.text(lang)}" for note in drift_notes(report))
    return "\n\n".join([drift_text(report).text(lang), *blocks, notes]) + "\n"


def drift_notes(report: "DriftReport") -> tuple[Bilingual, ...]:
    """Return what a reader of a report must know.

    Parameters
    ----------
    report : DriftReport
        What moved.

    Returns
    -------
    tuple of Bilingual
        Whole sentences.
    """
    return (*_NOTES, _YOUNG) if report.is_young else _NOTES


def _block(table: Table) -> str:
    lines = [table.columns, ["---"] * len(table.columns), *table.rows]
    return f"## {table.title}\n\n" + "\n".join("| " + " | ".join(cells) + " |" for cells in lines)


def marked(text: str, level: int) -> str:
    """Return a cell's text with a mark where it is bad, for where there is no colour.

    Parameters
    ----------
    text : str
        Of the cell.
    level : {0, 1, 2}
        How bad.

    Returns
    -------
    str
        The text, with an exclamation mark at level 2.
    """
    return f"{text} !" if level == 2 else text


def drift_text(report: "DriftReport") -> Bilingual:
    """Return what was watched, in a sentence.

    Parameters
    ----------
    report : DriftReport
        What moved.

    Returns
    -------
    Bilingual
        Without a full stop.
    """
    n, weeks = sum(score.n for score in report.scores), len(report.begins)
    period = f"{report.weeks[0]:%Y-%m-%d} – {report.weeks[-1]:%Y-%m-%d}"
    before = f"{report.reference_begin:%Y-%m-%d} – {report.reference_until:%Y-%m-%d}"
    return Bilingual(
        f"{period}（{weeks} 周，{n:,} 笔）与建模所用的 {before} 相比；模型建于 {report.built:%Y-%m-%d}",
        f"{period} ({weeks} weeks, {n:,} transfers) against {before}, which the model was made from; built {report.built:%Y-%m-%d}",
    )


def drift_tables(report: "DriftReport", lang: str, tint: Tint) -> list[Table]:
    """Return the tables of a report: the gate, features, weeks, findings, signals.

    Parameters
    ----------
    report : DriftReport
        What moved.
    lang : {"zh", "en"}
        Language of the words.
    tint : callable
        Takes a cell's text and how bad it is: 0, 1 or 2.

    Returns
    -------
    list of Table
        Of the last eight weeks where there are more.
    """
    return [
        _gate_table(report, lang, tint),
        _feature_table(report, lang, tint),
        _week_table(report, lang, tint),
        _finding_table(report, lang, tint),
        _signal_table(report, lang, tint),
    ]


def _gate_table(report: "DriftReport", lang: str, tint: Tint) -> Table:
    failed = report.check()
    rows = []
    for name, limit in DriftLimits().to_dict().items():
        mine = [failure for failure in failed if failure.measure == name]
        told = brief_text(mine) if mine else Bilingual("通过", "passed")
        limited = limit_text(name, limit or 0.0).replace("+", "−" if name == "coverage" else "±")
        rows.append((MEASURES[name].text(lang), limited, tint(told.text(lang), 2 if mine else 0)))
    columns = ("", "限值", "") if lang == "zh" else ("", "limit", "")
    return Table(title=Bilingual("门槛（默认限值）", "Gate (usual limits)").text(lang), columns=columns, rows=rows)


def _shown(report: "DriftReport") -> range:
    return range(max(len(report.begins) - _MOST_WEEKS, 0), len(report.begins))


def _feature_table(report: "DriftReport", lang: str, tint: Tint) -> Table:
    weeks = [f"{report.begins[week]:%m-%d}" for week in _shown(report)]
    zh, en = (
        ("特征", "增益占比", *weeks, "偶然", "平时", "缺失"),
        ("feature", "gain", *weeks, "chance", "usual", "missing"),
    )
    rows = [_feature_row(one, report, lang=lang, tint=tint) for one in report.features[:_MOST_FEATURES]]
    title = Bilingual(
        f"特征 PSI（{len(report.features)} 个中的前 {len(rows)} 个）",
        f"PSI of features (first {len(rows)} of {len(report.features)})",
    )
    return Table(title=title.text(lang), columns=zh if lang == "zh" else en, rows=rows)


def _feature_row(one: FeatureDrift, report: "DriftReport", *, lang: str, tint: Tint) -> tuple[str, ...]:
    died = f" · {DIED[one.died].text(lang)}" if one.died else ""
    return (
        f"{one.name} · {one.title.text(lang)}",
        f"{100 * one.gain:.1f}%",
        *(tint(_number(one.psi[week]), _level(one, week)) for week in _shown(report)),
        _number(one.expected[one.worst]),
        _number(one.usual),
        f"{100 * one.missing_before:.0f}%\u00a0→\u00a0{100 * one.missing[-1]:.0f}%{died}",
    )


def _level(one: FeatureDrift, week: int) -> int:
    if not one.excess[week] > PSI_TO_WATCH or one.psi[week] <= one.usual:
        return 0
    return 2 if one.excess[week] > PSI_TO_ACT else 1


def _week_table(report: "DriftReport", lang: str, tint: Tint) -> Table:
    steps = [one.intervention for one in report.alerts if one.week == 0]
    named = [word("intervention", step, lang) for step in steps]
    zh = ("周", "笔数", "与平时之比", "分数 PSI", "偶然", "平均分", *(f"每万笔{name}" for name in named))
    en = (
        "week",
        "transfers",
        "against usual",
        "score PSI",
        "chance",
        "mean score",
        *(f"{name} / 10,000" for name in named),
    )
    rows = [_week_row(report, week, tint) for week in _shown(report)]
    if report.alerts:
        before = [f"{10_000 * one.expected / max(one.n, 1):.1f}" for one in report.alerts if one.week == 0]
        made = Bilingual("建模时", "when made").text(lang)
        rows.insert(0, (made, "", "", "", "", f"{report.scores[0].mean_before:.5f}", *before))
    return Table(
        title=Bilingual("分数与笔数", "Scores and volume").text(lang), columns=zh if lang == "zh" else en, rows=rows
    )


def _week_row(report: "DriftReport", week: int, tint: Tint) -> tuple[str, ...]:
    limits, score = DriftLimits(), report.scores[week]
    volume = report.volumes[week] if report.volumes else None
    ratio = "–" if volume is None else tint(_number(volume.ratio), 2 * volume.has_moved(limits.volume or 0))
    steps = [one for one in report.alerts if one.week == week]
    return (
        f"{report.begins[week]:%m-%d}",
        f"{score.n:,}",
        ratio,
        tint(_number(score.psi), 2 * score.has_moved(limits.score or 0)),
        _number(score.expected),
        f"{score.mean:.5f}",
        *(tint(f"{10_000 * one.count / max(one.n, 1):.1f}", 2 * one.differs_by(limits.alerts or 1)) for one in steps),
    )


def _finding_table(report: "DriftReport", lang: str, tint: Tint) -> Table:
    weeks = _shown(report)
    zh = ("来源", "平时每周", *(f"{report.begins[week]:%m-%d}" for week in weeks))
    pairs = dict.fromkeys((one.source, one.kind) for one in report.findings)
    rows = []
    for pair in pairs:
        mine = [one for one in report.findings if (one.source, one.kind) == pair]
        cells = [
            tint(f"{mine[week].count}", 2 * mine[week].differs_by(DriftLimits().label_rate or 1)) for week in weeks
        ]
        usual = sum(one.expected for one in mine) / len(mine)
        name = f"{source_name(pair[0]).text(lang)} · {KINDS[pair[1]].text(lang)}"
        rows.append((name, f"{usual:.1f}", *cells))
    title = Bilingual("各来源的结论（防投毒）", "Findings by source (against poisoning)").text(lang)
    return Table(title=title, columns=zh if lang == "zh" else ("source", "usual a week", *zh[2:]), rows=rows)


def _signal_table(report: "DriftReport", lang: str, tint: Tint) -> Table:
    weeks = _shown(report)
    zh = ("来源", "建模时", *(f"{report.begins[week]:%m-%d}" for week in weeks))
    rows = []
    for source in dict.fromkeys(one.source for one in report.signals):
        mine = [one for one in report.signals if one.source == source]
        limit = DriftLimits().coverage or 0
        cells = [tint(f"{100 * mine[week].covered:.0f}%", 2 * mine[week].has_fallen(limit)) for week in weeks]
        rows.append((word("signal_source", source, lang), f"{100 * mine[0].covered_before:.0f}%", *cells))
    title = Bilingual(
        "信号覆盖（近 7 天内收到过的天数占比）", "Signal coverage (days with a signal within 7 days)"
    ).text(lang)
    return Table(title=title, columns=zh if lang == "zh" else ("source", "when made", *zh[2:]), rows=rows)


def _number(value: float) -> str:
    return f"{value:.2f}" if math.isfinite(value) else "–"
