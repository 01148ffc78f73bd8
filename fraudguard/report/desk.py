"""What more officers bring: net money a day, and the alerts that wait when a day ends."""

from dataclasses import dataclass
from typing import Final, Self

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from fraudguard.model.capacity import DeskCapacity
from fraudguard.model.costs import PlanCosts
from fraudguard.model.desk_plan import halves, plan_range
from fraudguard.model.desk_run import local_times
from fraudguard.report.style import (
    LINES,
    PALETTE,
    Display,
    Lang,
    Sample,
    corner,
    drawing,
    headline,
    period_text,
    readable,
)
from fraudguard.wording import Bilingual

__all__ = ["PlanDisplay"]

_ZONE: Final = "Asia/Shanghai"
_LABELS: Final = 10
"""More shares than this in a row cannot be read."""


@dataclass(frozen=True, slots=True, eq=False, kw_only=True, repr=False)
class PlanDisplay(Display):
    """Net money a day and waiting alerts against the number of officers in each shift.

    Parameters
    ----------
    rows : DataFrame
        As `fraudguard.model.desk_plan.plan_range` gives it.
    sample : Sample
        The later days, on which the plans were run.
    """

    rows: pd.DataFrame
    sample: Sample

    @classmethod
    def from_graded(
        cls,
        graded: pd.DataFrame,
        capacity: DeskCapacity,
        costs: PlanCosts | None = None,
        *,
        up_to: int = 8,
        time_zone: str = _ZONE,
    ) -> Self:
        """Plan for one officer a shift, two, and so on.

        Parameters
        ----------
        graded : DataFrame
            From `fraudguard.model.study.grade`, of two days or more.
        capacity : DeskCapacity
            Shifts and what an officer does in one; the number of officers is replaced.
        costs : PlanCosts or None
            The assumptions; None for the defaults.
        up_to : int
            The largest number of officers.
        time_zone : str
            Of days and shifts.

        Returns
        -------
        PlanDisplay
            Of the plans, each run on the later half of the days.
        """
        rows = plan_range(graded, capacity, costs, up_to=up_to, time_zone=time_zone)
        _, later = halves(graded, time_zone)
        local = later.assign(event_time=local_times(later["event_time"], time_zone))
        return cls(rows=rows, sample=Sample.of(local))

    def plot(self, ax: Axes | None = None, *, lang: Lang = "zh") -> Axes:
        """Draw the plans and return the axes; waiting alerts have their scale on the right."""
        lang = readable(lang)
        with drawing(ax) as axes:
            headline(axes, Bilingual("人数与净省", "Officers and net saving").text(lang))
            right = axes.twinx()
            right.spines["right"].set_visible(True)
            handles = [self._waiting(right, lang), *self._money(axes, lang)]
            # The lines of the left scale stand before the bars of the right one.
            axes.set_zorder(right.get_zorder() + 1)
            axes.patch.set_visible(False)
            self._shares(axes)
            axes.xaxis.set_major_locator(MaxNLocator(integer=True))
            axes.set_xlabel(
                Bilingual(
                    "每班人数（上方：按时开始的预警）", "Officers in each shift (above: alerts begun in time)"
                ).text(lang)
            )
            axes.set_ylabel(Bilingual("净省（元/天）", "Net saving (yuan a day)").text(lang))
            right.set_ylabel(Bilingual("日末积压（条）", "Alerts waiting at day's end").text(lang))
            axes.legend(handles=handles, loc="upper center", bbox_to_anchor=(0.5, -0.16), ncols=3)
            corner(axes, period_text(self.sample, lang))
        return axes

    def _money(self, axes: Axes, lang: Lang) -> list[object]:
        series = (
            ("net_fen_per_day", Bilingual("净省，推演", "net, as run")),
            ("worth_fen_per_day", Bilingual("净省，预计", "net, as expected")),
        )
        return [
            axes.plot(
                self.rows["officers"],
                self.rows[name] / 100,
                color=PALETTE[place],
                linestyle=LINES[place],
                marker="os"[place],
                markersize=4,
                label=said.text(lang),
            )[0]
            for place, (name, said) in enumerate(series)
        ]

    def _waiting(self, axes: Axes, lang: Lang) -> object:
        waiting = self.rows["waiting_p90"]
        label = Bilingual("日末积压，多的一天（90%，右轴）", "waiting, a busy day (90 %, right)").text(lang)
        axes.set_ylim(0, max(float(waiting.max()) * 2.5, 1.0))
        axes.yaxis.set_major_locator(MaxNLocator(integer=True))
        axes.grid(visible=False)
        return axes.bar(
            self.rows["officers"], waiting, width=0.5, color="#DDE3E8", hatch="//", edgecolor="#9AA5B1", label=label
        )

    def _shares(self, axes: Axes) -> None:
        low, high = axes.get_ylim()
        low = min(low, 0.0)
        axes.set_ylim(low, high + 0.12 * (high - low))
        shown = self.rows.iloc[:: int(np.ceil(len(self.rows) / _LABELS))]
        for officers, share in zip(shown["officers"].tolist(), shown["in_time_share"].tolist(), strict=True):
            said = "–" if np.isnan(share) else f"{share:.0%}"
            at = (float(officers), 0.98)
            axes.annotate(said, at, xycoords=("data", "axes fraction"), ha="center", va="top", fontsize=8)

    def to_frame(self) -> pd.DataFrame:
        """Return one row a number of officers."""
        return self.rows
