"""Plots over time: precision day by day, how early cases are caught, how long reports take."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final, Self

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.dates import AutoDateLocator, ConciseDateFormatter, date2num
from numpy.typing import NDArray

from fraudguard.labels import Label
from fraudguard.model.cases import case_table
from fraudguard.model.maturity import POOLED, DelayCurve, Maturity
from fraudguard.report.ranked import labelled
from fraudguard.report.style import (
    LINES,
    PALETTE,
    Display,
    Lang,
    Sample,
    corner,
    drawing,
    empty,
    headline,
    period_text,
    readable,
)
from fraudguard.wording import Bilingual, word

__all__ = ["CatchTimeDisplay", "DailyTopKDisplay", "MaturityDisplay"]

_MINUTES: Final = (0, 1, 5, 10, 30, 60, 120, 1_440)
_WEEK_D: Final = 7.0
_MOST_TYPES: Final = 6


@dataclass(frozen=True, slots=True, eq=False, kw_only=True, repr=False)
class DailyTopKDisplay(Display):
    """Precision among the k most suspicious transfers of each day.

    Parameters
    ----------
    days : DataFrame
        Indexed by day: ``n``, ``n_fraud``, ``precision`` and ``reachable`` (what perfect scores would reach).
    k : int
        Alerts a day.
    immature_from : Timestamp or None
        From when labels may still change.
    sample : Sample
        What it is made of.
    """

    days: pd.DataFrame
    k: int
    immature_from: pd.Timestamp | None
    sample: Sample

    @classmethod
    def from_graded(
        cls,
        graded: pd.DataFrame,
        *,
        k: int = 50,
        time_zone: str = "Asia/Shanghai",
        immature_from: datetime | None = None,
    ) -> Self:
        """Compute the precision of each day.

        Parameters
        ----------
        graded : DataFrame
            From `fraudguard.model.study.grade`.
        k : int
            Alerts a day.
        time_zone : str
            In which days begin.
        immature_from : datetime or None
            From when labels may still change.

        Returns
        -------
        DailyTopKDisplay
            Of the labelled transfers; a day without transfers is missing.
        """
        known = labelled(graded)
        ordered = (
            known
            .rename_axis("transfer_id")
            .reset_index()
            .sort_values(["score", "transfer_id"], ascending=[False, True])
        )
        day = ordered["event_time"].dt.tz_convert(time_zone).dt.tz_localize(None).dt.floor("D").rename("day")
        fraud = (ordered["label"] == Label.FRAUD).astype(float)
        top = fraud.where(ordered.groupby(day).cumcount() < k)
        days = pd.DataFrame({
            "n": fraud.groupby(day).size(),
            "n_fraud": fraud.groupby(day).sum(),
            "precision": top.groupby(day).mean(),
        })
        reachable = days["n_fraud"].clip(upper=k) / days["n"].clip(upper=k)
        cut = None if immature_from is None else pd.Timestamp(immature_from).tz_convert(time_zone).tz_localize(None)
        return cls(days=days.assign(reachable=reachable), k=k, immature_from=cut, sample=Sample.of(known))

    def plot(self, ax: Axes | None = None, *, lang: Lang = "zh") -> Axes:
        """Draw the days and return their axes."""
        lang = readable(lang)
        with drawing(ax) as axes:
            title = Bilingual(f"每日前 {self.k} 笔的精确率", f"Precision in each day's top {self.k}")
            headline(axes, title.text(lang))
            if self.days.empty:
                empty(axes, Bilingual("没有已知标签的转账", "no labelled transfer"), lang)
                return axes
            at = np.array([pd.Timestamp(day).to_pydatetime() for day in self.days.index])
            axes.vlines(
                at,
                0,
                self.days["reachable"],
                color="#C9D1D8",
                linewidth=4,
                label=Bilingual("可达上限", "reachable").text(lang),
            )
            axes.plot(
                at,
                self.days["precision"],
                "o",
                color=PALETTE[0],
                markersize=4,
                label=Bilingual("当日", "of the day").text(lang),
            )
            smooth = self.days["precision"].rolling("7D").median()
            axes.plot(at, smooth, color=PALETTE[1], label=Bilingual("7日中位", "7-day median").text(lang))
            self._hatch(axes, at[-1], lang)
            locator = AutoDateLocator(minticks=3, maxticks=8)  # type: ignore[no-untyped-call]
            axes.xaxis.set_major_locator(locator)
            axes.xaxis.set_major_formatter(ConciseDateFormatter(locator))  # type: ignore[no-untyped-call]
            axes.set_ylim(bottom=0)
            axes.set_ylabel(Bilingual("精确率", "Precision").text(lang))
            axes.legend(loc="upper center", bbox_to_anchor=(0.5, -0.1), ncols=4)
            missing = self._missing()
            said = Bilingual(f"；缺 {missing} 天", f"; {missing} days missing").text(lang)
            corner(axes, period_text(self.sample, lang) + said)
        return axes

    def _hatch(self, axes: Axes, last: datetime, lang: Lang) -> None:
        """Hatch the days whose labels may still change."""
        if self.immature_from is not None:
            begin = float(date2num(self.immature_from))  # type: ignore[no-untyped-call]
            end = max(float(date2num(last)), begin) + 0.5  # type: ignore[no-untyped-call]
            label = Bilingual("标签未成熟", "labels immature").text(lang)
            axes.axvspan(
                begin,
                end,
                facecolor="none",
                edgecolor="#9AA5B1",
                hatch="///",
                linewidth=0,
                label=label,
            )

    def _missing(self) -> int:
        first, last = pd.Timestamp(self.days.index.min()), pd.Timestamp(self.days.index.max())
        return int((last - first).days) + 1 - len(self.days)

    def to_frame(self) -> pd.DataFrame:
        """Return one row a day."""
        return self.days.reset_index()


@dataclass(frozen=True, slots=True, eq=False, kw_only=True, repr=False)
class CatchTimeDisplay(Display):
    """How much of a case's loss could still be saved when its first alert came, by minutes since it began.

    Parameters
    ----------
    cases : DataFrame
        One row a case: ``scam_type``, ``minutes_to_alert`` (missing without an alert), ``savable_share``.
    sample : Sample
        What it is made of.
    """

    cases: pd.DataFrame
    sample: Sample

    @classmethod
    def from_graded(cls, graded: pd.DataFrame, *, threshold: float) -> Self:
        """Compute the cases of graded transfers.

        Parameters
        ----------
        graded : DataFrame
            From `fraudguard.model.study.grade`.
        threshold : float
            Scores from here on are alerts.

        Returns
        -------
        CatchTimeDisplay
            Of the labelled transfers.
        """
        known = labelled(graded)
        table = case_table(known, (known["score"] >= threshold).to_numpy())
        fraud = known[(known["label"] == Label.FRAUD).to_numpy()]
        case = fraud["payer_account_id"].astype("str")
        if "case_id" in fraud:
            case = fraud["case_id"].astype("str").where(fraud["case_id"].notna(), case)
        kinds = (
            fraud["scam_type"].fillna("unknown") if "scam_type" in fraud else pd.Series("unknown", index=fraud.index)
        )
        kind = kinds.groupby(case.to_numpy()).first()
        share = (table["savable_fen"] / table["loss_fen"].clip(lower=1)).rename("savable_share")
        cases = pd.DataFrame({
            "scam_type": kind.reindex(table.index).fillna("unknown"),
            "minutes_to_alert": table["minutes_to_alert"],
            "savable_share": share.where(table["minutes_to_alert"].notna(), 0.0),
        })
        return cls(cases=cases, sample=Sample.of(known))

    def share_by(self, minutes: float, scam_type: str | None = None) -> float:
        """Return the mean share of a case's loss that alerts within so many minutes could still save."""
        chosen = self.cases if scam_type is None else self.cases[self.cases["scam_type"] == scam_type]
        within = chosen["minutes_to_alert"] <= minutes
        return float(chosen["savable_share"].where(within, 0.0).mean()) if len(chosen) else float("nan")

    def plot(self, ax: Axes | None = None, *, lang: Lang = "zh") -> Axes:
        """Draw a step line a scam type and return the axes."""
        lang = readable(lang)
        with drawing(ax) as axes:
            headline(axes, Bilingual("多快预警，还能挽回多少", "How early, and how much is still savable").text(lang))
            if self.cases.empty:
                empty(axes, Bilingual("这段时间没有案件", "no case in this period"), lang)
                return axes
            kinds = [None, *self.cases["scam_type"].value_counts().index[:_MOST_TYPES]]
            for place, kind in enumerate(kinds):
                values = [100 * self.share_by(minutes, kind) for minutes in _MINUTES]
                n = len(self.cases) if kind is None else int((self.cases["scam_type"] == kind).sum())
                label = f"{_kind_name(kind, lang)} (n={n})"
                color = PALETTE[7] if kind is None else PALETTE[place - 1]
                axes.step(
                    range(len(_MINUTES)),
                    values,
                    where="post",
                    color=color,
                    linestyle=LINES[place],
                    label=label,
                    linewidth=2.0 if kind is None else 1.2,
                )
            axes.set_xticks(range(len(_MINUTES)), [f"{minutes:,}" for minutes in _MINUTES])
            axes.set_ylim(0, 104)
            axes.set_xlabel(Bilingual("首笔受骗转账后的分钟数", "Minutes after the first fraud transfer").text(lang))
            axes.set_ylabel(
                Bilingual("尚可挽回的损失占比（%，各案平均）", "Loss still savable (%, mean of cases)").text(lang)
            )
            axes.legend(loc="upper left", bbox_to_anchor=(1.0, 1.0))
            if ax is None:
                axes.get_figure().set_size_inches(8.2, 4.0)  # type: ignore[union-attr]
            corner(axes, self._told(lang))
        return axes

    def _told(self, lang: Lang) -> str:
        minutes = self.cases["minutes_to_alert"].dropna()
        caught = f"{len(minutes)}/{len(self.cases)}"
        if minutes.empty:
            return Bilingual(f"预警 {caught} 案", f"{caught} cases alerted").text(lang)
        middle, late = minutes.quantile(0.5), minutes.quantile(0.9)
        zh = f"预警 {caught} 案，中位 {middle:,.0f} 分钟，90% 在 {late:,.0f} 分钟内"
        en = f"{caught} cases alerted, median {middle:,.0f} min, p90 {late:,.0f} min"
        return zh if lang == "zh" else en

    def to_frame(self) -> pd.DataFrame:
        """Return one row a case."""
        return self.cases.reset_index()


def _kind_name(kind: str | None, lang: Lang) -> str:
    if kind is None:
        return Bilingual("全部", "all").text(lang)
    return Bilingual("未注明", "not stated").text(lang) if kind == "unknown" else word("scam_type", kind, lang)


@dataclass(frozen=True, slots=True, eq=False, kw_only=True, repr=False)
class MaturityDisplay(Display):
    """Share of the final reports known so many weeks after a transfer, by scam type.

    Parameters
    ----------
    maturity : Maturity
        Delay curves.
    cutoff_d : float or None
        After how many days training takes silence for genuine.
    """

    maturity: Maturity
    cutoff_d: float | None = None

    @classmethod
    def from_maturity(cls, maturity: Maturity, *, cutoff_d: float | None = None) -> Self:
        """Take delay curves from `fraudguard.model.maturity.estimate_maturity`, and the days after which silence is genuine."""
        return cls(maturity=maturity, cutoff_d=cutoff_d)

    def plot(self, ax: Axes | None = None, *, lang: Lang = "zh") -> Axes:
        """Draw a curve a scam type and return the axes; what is younger than the cutoff is hatched."""
        lang = readable(lang)
        with drawing(ax) as axes:
            headline(axes, Bilingual("标签成熟度", "Label maturity").text(lang))
            weeks = self._weeks()
            for place, (name, curve) in enumerate(self._largest()):
                label = f"{_kind_name(None if name == POOLED else name, lang)} (n={curve.n})"
                color = PALETTE[7] if name == POOLED else PALETTE[place - 1]
                axes.plot(
                    weeks,
                    curve.known_share(weeks * _WEEK_D),
                    color=color,
                    linestyle=LINES[place % len(LINES)],
                    label=label,
                )
            if self.cutoff_d is not None:
                label = Bilingual(
                    f"训练用的成熟期 {self.cutoff_d:g} 天", f"cutoff in training, {self.cutoff_d:g} d"
                ).text(lang)
                axes.axvspan(
                    0, self.cutoff_d / _WEEK_D, facecolor="none", edgecolor="#C9D1D8", hatch="///", linewidth=0
                )
                axes.axvline(self.cutoff_d / _WEEK_D, color=PALETTE[7], linewidth=1.0, linestyle="-.", label=label)
            axes.set_ylim(0, 1.04)
            axes.set_xlim(0, weeks[-1])
            axes.set_xlabel(Bilingual("转账后的周数", "Weeks since the transfer").text(lang))
            axes.set_ylabel(Bilingual("已报来的占比", "Share of final reports known").text(lang))
            axes.legend(loc="lower right")
            corner(
                axes,
                f"as of {self.maturity.as_of:%Y-%m-%d}" if lang == "en" else f"截至 {self.maturity.as_of:%Y-%m-%d}",
            )
        return axes

    def _largest(self) -> list[tuple[str, DelayCurve]]:
        curves = dict(self.maturity.curves)
        pooled = curves.pop(POOLED)
        named = sorted(curves.items(), key=lambda pair: (-pair[1].n, pair[0]))[:_MOST_TYPES]
        return [(POOLED, pooled), *named]

    def _weeks(self) -> NDArray[np.float64]:
        longest = max(self.maturity.curves[POOLED].quantile_d(0.99), (self.cutoff_d or 0.0) * 1.2, _WEEK_D)
        return np.linspace(0, longest / _WEEK_D, 200)

    def to_frame(self) -> pd.DataFrame:
        """Return one row a scam type and week."""
        weeks = np.arange(np.ceil(self._weeks()[-1]) + 1)
        tables = [
            pd.DataFrame({"scam_type": name, "week": weeks, "known_share": curve.known_share(weeks * _WEEK_D)})
            for name, curve in self.maturity.curves.items()
        ]
        return pd.concat(tables, ignore_index=True)
