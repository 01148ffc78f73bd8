"""Forest plots: recall of each kind of fraud, friction of each group."""

from dataclasses import dataclass
from typing import Final, Self

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import FixedLocator, FuncFormatter, NullLocator

from fraudguard.model.evaluation import Evaluation
from fraudguard.model.evaluation_card import group_name, slice_name
from fraudguard.report.style import PALETTE, Display, Lang, corner, drawing, empty, headline, readable
from fraudguard.wording import Bilingual

__all__ = ["GroupDisplay", "SliceDisplay"]

_FAIR: Final = (0.8, 1.25)
_ROW_INCHES: Final = 0.26
_RATIOS: Final = (0.25, 0.5, 0.8, 1.0, 1.25, 2.0, 4.0)
_COLOR_OF: Final = {"scam_type": 0, "payee": 1, "payee_account": 2, "gang": 3, "order": 5}
_MARKS: Final = "osD^vP"


@dataclass(frozen=True, slots=True, eq=False, kw_only=True, repr=False)
class SliceDisplay(Display):
    """Recall at an alert budget by scam type, novelty and order, with 95 % intervals.

    Parameters
    ----------
    rows : DataFrame
        As `fraudguard.model.evaluation.Evaluation.slice_frame` gives it.
    overall : float
        Recall of all frauds.
    per_10_000 : float
        The budget.
    """

    rows: pd.DataFrame
    overall: float
    per_10_000: float

    @classmethod
    def from_evaluation(cls, evaluation: Evaluation) -> Self:
        """Take the slices of an evaluation, at its first budget."""
        first = evaluation.row()
        return cls(rows=evaluation.slice_frame(), overall=first.recall, per_10_000=first.per_10_000)

    def plot(self, ax: Axes | None = None, *, lang: Lang = "zh") -> Axes:
        """Draw a row a slice and return the axes."""
        lang = readable(lang)
        with drawing(ax) as axes:
            title = Bilingual("分类召回", "Recall by slice").text(lang)
            headline(axes, title)
            if self.rows.empty:
                empty(axes, Bilingual("这段时间没有涉诈转账", "no fraud in this period"), lang)
                return axes
            _grow(axes, len(self.rows), new=ax is None)
            places = np.arange(len(self.rows))[::-1]
            for place, row in zip(places.tolist(), self.rows.to_dict("records"), strict=True):
                number = _COLOR_OF.get(str(row["kind"]), 6)
                axes.plot([row["low"], row["high"]], [place, place], color=PALETTE[number], linewidth=1.6)
                axes.plot([row["recall"]], [place], _MARKS[number % len(_MARKS)], color=PALETTE[number], markersize=5)
                axes.annotate(
                    f"n={row['n_fraud']}", (1.02, place), xycoords=("axes fraction", "data"), fontsize=7.5, va="center"
                )
            axes.axvline(self.overall, color=PALETTE[7], linestyle="--", linewidth=1.0)
            corner(axes, Bilingual(f"虚线：全部 {self.overall:.0%}", f"dashed: all {self.overall:.0%}").text(lang))
            axes.set_yticks(
                places,
                [
                    slice_name(str(row.kind), str(row.name), lang)
                    for row in self.rows.itertuples(index=False, name="Row")
                ],
            )
            axes.set_xlim(-0.02, 1.02)
            axes.set_xlabel(
                Bilingual(
                    f"每万笔 {self.per_10_000:g} 个预警时的召回（95% 区间）",
                    f"Recall at {self.per_10_000:g} alerts per 10,000 (95 % range)",
                ).text(lang)
            )
        return axes

    def to_frame(self) -> pd.DataFrame:
        """Return one row a slice."""
        return self.rows


@dataclass(frozen=True, slots=True, eq=False, kw_only=True, repr=False)
class GroupDisplay(Display):
    """False alerts of each group against all genuine transfers, with 95 % intervals and the fair band.

    Parameters
    ----------
    rows : DataFrame
        As `fraudguard.model.evaluation.Evaluation.friction_frame` gives it.
    per_10_000 : float
        The budget.
    hold_min : float or None
        Median minutes that genuine customers were held; None where nothing was held.
    """

    rows: pd.DataFrame
    per_10_000: float
    hold_min: float | None = None

    @classmethod
    def from_evaluation(cls, evaluation: Evaluation, *, least: float = 3.0, hold_min: float | None = None) -> Self:
        """Take the groups of an evaluation in which at least so many alerts are to be expected."""
        rows = evaluation.friction_frame()
        return cls(
            rows=rows[rows["expected"] >= least].reset_index(drop=True),
            per_10_000=evaluation.row().per_10_000,
            hold_min=hold_min,
        )

    def plot(self, ax: Axes | None = None, *, lang: Lang = "zh") -> Axes:
        """Draw a row a group and return the axes."""
        lang = readable(lang)
        with drawing(ax) as axes:
            headline(axes, Bilingual("误拦均衡", "Fairness and friction").text(lang))
            rows = self.rows[np.isfinite(self.rows["ratio"].to_numpy(dtype=np.float64))]
            if rows.empty:
                empty(axes, Bilingual("没有可比的人群", "no group to compare"), lang)
                return axes
            _grow(axes, len(rows), new=ax is None)
            axes.axvspan(*_FAIR, color=PALETTE[2], alpha=0.15, linewidth=0)
            axes.axvline(1.0, color=PALETTE[7], linewidth=0.8)
            self._rows(axes, rows, lang)
            axes.set_xscale("log")
            axes.set_xlim(_RATIOS[0], _RATIOS[-1])
            axes.xaxis.set_major_locator(FixedLocator(list(_RATIOS)))
            axes.xaxis.set_minor_locator(NullLocator())
            axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
            axes.set_xlabel(
                Bilingual(
                    f"误报率与全体之比（每万笔 {self.per_10_000:g} 个预警，95% 区间）",
                    f"False alerts against all ({self.per_10_000:g} alerts per 10,000, 95 % range)",
                ).text(lang)
            )
            corner(axes, self._told(lang))
        return axes

    def _told(self, lang: Lang) -> str:
        band = Bilingual("绿带 0.8–1.25 为均衡；菱形为失衡", "green: 0.8 to 1.25 is even; diamonds are uneven").text(
            lang
        )
        if self.hold_min is None:
            return band
        held = Bilingual(f"；误拦中位 {self.hold_min:g} 分钟", f"; median hold {self.hold_min:g} min").text(lang)
        return band + held

    def _rows(self, axes: Axes, rows: pd.DataFrame, lang: Lang) -> None:
        places = np.arange(len(rows))[::-1]
        ends = np.clip(rows[["low", "ratio", "high"]].to_numpy(dtype=np.float64), _RATIOS[0], _RATIOS[-1])
        for place, (low, ratio, high), row in zip(places, ends, rows.itertuples(), strict=True):
            uneven = row.is_fair is False
            color = PALETTE[1] if uneven else PALETTE[0]
            axes.plot([low, high], [place, place], color=color, linewidth=1.6)
            axes.plot([ratio], [place], "D" if uneven else "o", color=color, markersize=5)
            axes.annotate(
                f"n={row.n_genuine:,}", (1.02, place), xycoords=("axes fraction", "data"), fontsize=7.5, va="center"
            )
        axes.set_yticks(places, [group_name(str(row.kind), str(row.group), lang) for row in rows.itertuples()])

    def to_frame(self) -> pd.DataFrame:
        """Return one row a group."""
        return self.rows


def _grow(axes: Axes, n_rows: int, *, new: bool) -> None:
    """Make a new figure tall enough for its rows."""
    if new:
        figure = axes.get_figure()
        if figure is not None:
            figure.set_size_inches(6.4, max(2.6, 1.1 + _ROW_INCHES * n_rows))  # type: ignore[union-attr]
