"""What to watch after training: drift of features week by week, and which signals arrive."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final, Self

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import BoundaryNorm, ListedColormap

from fraudguard.model.arrivals import heard_days, signal_sources
from fraudguard.model.drift import DriftReport
from fraudguard.model.drift_rows import PSI_TO_ACT
from fraudguard.report.style import PALETTE, Display, Lang, corner, drawing, empty, headline, readable
from fraudguard.tables import Dataset
from fraudguard.wording import Bilingual, word

__all__ = ["CoverageDisplay", "DriftDisplay"]

_STEPS: Final = (0.0, 0.10, 0.25)
_COLOURS: Final = ("#EEF3F6", "#F2C66D", "#C8553D")
_MOST_FEATURES: Final = 20
_BY_SIZE: Final = Bilingual(
    "右侧为最大值；0.10 起留意，0.25 起重训", "at the right: largest; watch from 0.10, retrain from 0.25"
)
_BY_RULE: Final = Bilingual(
    "右侧为最大值；“!”：超过 0.25，且超出偶然与平时",
    "at the right: largest; “!”: above 0.25, beyond chance and beyond the usual",
)
_DAY: Final = pd.Timedelta(days=1)


@dataclass(frozen=True, slots=True, eq=False, kw_only=True, repr=False)
class DriftDisplay(Display):
    """How far features moved from their training window, week by week.

    Parameters
    ----------
    psi : DataFrame, shape (n_features, n_weeks)
        Population stability index; columns are the weeks' first days.
    built : Timestamp or None
        When the model was built.
    moved : tuple of str or None
        The features that moved by the rule of a report, to be marked; the rows then stand in the order they have. None marks and sorts
        by the largest index alone.
    """

    psi: pd.DataFrame
    built: pd.Timestamp | None = None
    moved: tuple[str, ...] | None = None

    @classmethod
    def from_weekly(cls, psi: pd.DataFrame, *, built: datetime | None = None) -> Self:
        """Take a matrix of features by weeks, and when the model was built."""
        return cls(psi=psi, built=None if built is None else pd.Timestamp(built))

    @classmethod
    def from_report(cls, report: DriftReport) -> Self:
        """Take a drift report: first what moved and the trees use."""
        moved = tuple(one.name for one in report.features if one.is_used and one.has_moved(PSI_TO_ACT))
        # Where nothing moved, those that the trees use most say so.
        shown = list(moved) or [one.name for one in report.features[:_MOST_FEATURES]]
        return cls(psi=report.weekly_psi().loc[shown], built=pd.Timestamp(report.built), moved=moved)

    def plot(self, ax: Axes | None = None, *, lang: Lang = "zh") -> Axes:
        """Draw the features that moved most and return the axes; the largest PSI of each stands at the right."""
        lang = readable(lang)
        with drawing(ax) as axes:
            headline(axes, Bilingual("特征漂移（PSI）", "Drift of features (PSI)").text(lang))
            if self.psi.empty:
                empty(axes, Bilingual("没有可比的周", "no week to compare"), lang)
                return axes
            shown = self._shown()
            if ax is None:
                axes.get_figure().set_size_inches(8.0, 1.5 + 0.24 * len(shown))  # type: ignore[union-attr]
            axes.grid(visible=False)
            top = max(float(np.nanmax(shown.to_numpy(dtype=np.float64))), 0.5)
            norm = BoundaryNorm([*_STEPS, top + 1e-9], len(_COLOURS))
            image = axes.pcolormesh(
                shown.to_numpy(dtype=np.float64),
                cmap=ListedColormap(_COLOURS),
                norm=norm,
                edgecolors="white",
                linewidth=0.6,
            )
            axes.invert_yaxis()
            self._label(axes, shown, lang)
            bar = axes.figure.colorbar(image, ax=axes, pad=0.1, fraction=0.03)
            bar.set_ticks(list(_STEPS), labels=[f"{step:g}" for step in _STEPS])
            corner(axes, (_BY_SIZE if self.moved is None else _BY_RULE).text(lang))
        return axes

    def _shown(self) -> pd.DataFrame:
        if self.moved is not None:
            return self.psi.head(_MOST_FEATURES)
        return self.psi.loc[self.psi.max(axis=1).sort_values(ascending=False, kind="stable").index[:_MOST_FEATURES]]

    def _label(self, axes: Axes, shown: pd.DataFrame, lang: Lang) -> None:
        axes.set_yticks(np.arange(len(shown)) + 0.5, [str(name) for name in shown.index])
        weeks = [pd.Timestamp(week) for week in shown.columns]
        axes.set_xticks(
            np.arange(len(weeks)) + 0.5, [f"{week:%m-%d}" for week in weeks], rotation=0 if len(weeks) < 10 else 60
        )
        axes.set_xlabel(Bilingual("周（首日）", "Week (first day)").text(lang))
        for place, (name, largest) in enumerate(shown.max(axis=1).items()):
            has_moved = largest >= _STEPS[2] if self.moved is None else name in self.moved
            mark = "!" if has_moved else ""
            axes.annotate(
                f"{largest:.2f}{mark}",
                (1.01, place + 0.5),
                xycoords=("axes fraction", "data"),
                fontsize=7.5,
                va="center",
            )
        if self.built is not None:
            before = sum(week.tz_localize(None) < self.built.tz_localize(None) for week in weeks)
            label = Bilingual(f"建模 {self.built:%m-%d}", f"built {self.built:%m-%d}").text(lang)
            axes.axvline(before, color=PALETTE[7], linewidth=1.6, linestyle="-.", label=label)
            axes.legend(loc="upper left", bbox_to_anchor=(0.0, -0.12))

    def to_frame(self) -> pd.DataFrame:
        """Return one row a feature and week."""
        return self.psi.rename_axis("feature").reset_index().melt(id_vars="feature", var_name="week", value_name="psi")


@dataclass(frozen=True, slots=True, eq=False, kw_only=True, repr=False)
class CoverageDisplay(Display):
    """On which share of the days each source of signals was heard within the seven days before.

    Parameters
    ----------
    sources : DataFrame
        Indexed by source: ``n_signals`` and ``covered_share``.
    days : int
        Days of the period.
    """

    sources: pd.DataFrame
    days: int

    @classmethod
    def from_dataset(cls, dataset: Dataset) -> Self:
        """Count the signals of a dataset by source, over the period of its transfers."""
        times = dataset.transfers["event_time"]
        period = (
            pd.date_range(times.min().floor("D"), times.max().floor("D"), freq="D")
            if len(times)
            else pd.DatetimeIndex([])
        )
        signals = dataset.signals
        n_signals = signal_sources(signals).value_counts()
        rows = {
            source: {
                "n_signals": int(n_signals.get(source, 0)),
                "covered_share": float(heard.mean()) if len(period) else 0.0,
            }
            for source, heard in heard_days(signals, list(period + _DAY)).items()
        }
        return cls(sources=pd.DataFrame.from_dict(rows, orient="index").rename_axis("source"), days=len(period))

    def plot(self, ax: Axes | None = None, *, lang: Lang = "zh") -> Axes:
        """Draw a bar a source and return the axes."""
        lang = readable(lang)
        with drawing(ax) as axes:
            headline(axes, Bilingual("信号覆盖", "Signal coverage").text(lang))
            places = np.arange(len(self.sources))[::-1]
            shares = 100 * self.sources["covered_share"].to_numpy(dtype=np.float64)
            axes.barh(places, np.full(len(places), 100.0), color="#EEF3F6", height=0.6)
            axes.barh(places, shares, color=PALETTE[0], height=0.6)
            for place, share, n in zip(places, shares, self.sources["n_signals"], strict=True):
                axes.annotate(
                    f"{share:.0f}% (n={int(n):,})",
                    (1.01, place),
                    xycoords=("axes fraction", "data"),
                    fontsize=8,
                    va="center",
                )
            axes.set_yticks(places, [word("signal_source", str(name), lang) for name in self.sources.index])
            axes.set_xlim(0, 100)
            axes.set_xlabel(
                Bilingual("近 7 天内收到过信号的天数占比（%）", "Days with a signal within the 7 days before (%)").text(
                    lang
                )
            )
            corner(axes, Bilingual(f"{self.days} 天", f"{self.days} days").text(lang))
        return axes

    def to_frame(self) -> pd.DataFrame:
        """Return one row a source."""
        return self.sources.reset_index()
