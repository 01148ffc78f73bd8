"""What an alert budget buys: money caught against alerts, against reviewed transfers, and the choice of a threshold."""

from dataclasses import dataclass
from typing import Final, Self

import numpy as np
import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from numpy.typing import NDArray

from fraudguard.labels import Label
from fraudguard.model.bootstrap import replicate
from fraudguard.report.ranked import Ranked, labelled
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
from fraudguard.wording import Bilingual

__all__ = ["BudgetCurveDisplay", "GainDisplay", "ThresholdDisplay"]

_NO_FRAUD: Final = Bilingual("这段时间没有涉诈转账", "no fraud in this period")
_BUDGETS: Final = np.geomspace(0.1, 100, 61)
_SHARES: Final = np.geomspace(1e-4, 1.0, 81)
_N_THRESHOLDS: Final = 60


@dataclass(frozen=True, slots=True, eq=False, kw_only=True, repr=False)
class BudgetCurveDisplay(Display):
    """Recall of fraud money and precision against alerts per 10,000 transfers.

    Parameters
    ----------
    per_10_000 : ndarray of float64, shape (n_budgets,)
        Alerts per 10,000.
    value_recall, low, high : ndarray of float64, shape (n_budgets,)
        Share of the fraud money on alerted transfers, with its 95 % interval clustered by case.
    precision : ndarray of float64, shape (n_budgets,)
        Share of alerts that are fraud.
    budget : float or None
        The present budget.
    capacity : float or None
        What officers can work.
    sample : Sample
        What it is made of.
    """

    per_10_000: NDArray[np.float64]
    value_recall: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]
    precision: NDArray[np.float64]
    budget: float | None
    capacity: float | None
    sample: Sample

    @classmethod
    def from_graded(
        cls, graded: pd.DataFrame, *, budget: float | None = None, capacity: float | None = None, seed: int = 0
    ) -> Self:
        """Compute the curve of graded transfers.

        Parameters
        ----------
        graded : DataFrame
            From `fraudguard.model.study.grade`.
        budget, capacity : float or None
            Alerts per 10,000: the present budget, and what officers can work.
        seed : int
            Of the bootstrap.

        Returns
        -------
        BudgetCurveDisplay
            Of the labelled transfers.
        """
        known = labelled(graded)
        rows = Ranked.of(known)
        # No budget buys less than one alert.
        least = 10_000 / max(len(known), 1)
        budgets = _BUDGETS[least <= _BUDGETS]
        value, precision = rows.at(np.ones(rows.n_clusters), budgets)
        drawn = (
            replicate(lambda times: rows.at(times, budgets)[0].tolist(), rows.n_clusters, seed=seed)
            if rows.fraud.any()
            else np.full((1, len(budgets)), np.nan)
        )
        low, high = np.full((2, len(budgets)), np.nan)
        if rows.fraud.any():
            low, high = np.nanquantile(drawn, (0.025, 0.975), axis=0)
        return cls(
            per_10_000=budgets,
            value_recall=value,
            low=low,
            high=high,
            precision=precision,
            budget=budget,
            capacity=capacity,
            sample=Sample.of(known),
        )

    def plot(self, ax: Axes | None = None, *, lang: Lang = "zh") -> Axes:
        """Draw the curve and return its axes."""
        lang = readable(lang)
        with drawing(ax) as axes:
            headline(axes, Bilingual("预警预算曲线", "Alert budget").text(lang))
            if not self.sample.n_fraud:
                empty(axes, _NO_FRAUD, lang)
                return axes
            self._lines(axes, lang)
            self._marks(axes, lang)
            axes.set_xscale("log")
            axes.set_ylim(0, 1.06)
            axes.set_xlabel(Bilingual("每万笔预警数", "Alerts per 10,000 transfers").text(lang))
            axes.set_ylabel(Bilingual("占比", "Share").text(lang))
            axes.legend(loc="upper center", bbox_to_anchor=(0.5, -0.16), ncols=3)
            corner(axes, period_text(self.sample, lang))
        return axes

    def _lines(self, axes: Axes, lang: Lang) -> None:
        caught = Bilingual("拦住的涉诈金额（95%区间）", "fraud money caught (95 % range)").text(lang)
        axes.fill_between(self.per_10_000, self.low, self.high, step="post", color=PALETTE[0], alpha=0.18, linewidth=0)
        axes.step(self.per_10_000, self.value_recall, where="post", color=PALETTE[0], label=caught)
        label = Bilingual("精确率", "precision").text(lang)
        axes.step(self.per_10_000, self.precision, where="post", color=PALETTE[1], linestyle="--", label=label)

    def _marks(self, axes: Axes, lang: Lang) -> None:
        ceiling = Bilingual("上限", "ceiling").text(lang)
        axes.axhline(1.0, color=PALETTE[6], linewidth=0.8, linestyle=":", label=ceiling)
        for at, name, style in (
            (self.budget, Bilingual("当前预算", "present budget"), "-."),
            (self.capacity, Bilingual("警力上限", "officers' capacity"), (0, (1, 1))),
        ):
            if at is not None:
                axes.axvline(at, color=PALETTE[7], linewidth=1.0, linestyle=style, label=f"{name.text(lang)} {at:g}")

    def to_frame(self) -> pd.DataFrame:
        """Return one row a budget."""
        return pd.DataFrame({
            "per_10_000": self.per_10_000,
            "value_recall": self.value_recall,
            "low": self.low,
            "high": self.high,
            "precision": self.precision,
        })


@dataclass(frozen=True, slots=True, eq=False, kw_only=True, repr=False)
class GainDisplay(Display):
    """Share of the fraud money caught against the share of transfers reviewed.

    Parameters
    ----------
    reviewed : ndarray of float64, shape (n_shares,)
        Share of transfers, most suspicious first.
    caught : ndarray of float64, shape (n_shares,)
        Share of the fraud money on them.
    perfect : ndarray of float64, shape (n_shares,)
        The same for scores that rank frauds first, largest amounts first.
    at_one_permille : float
        Share caught where one transfer in a thousand is reviewed.
    sample : Sample
        What it is made of.
    """

    reviewed: NDArray[np.float64]
    caught: NDArray[np.float64]
    perfect: NDArray[np.float64]
    at_one_permille: float
    sample: Sample

    @classmethod
    def from_graded(cls, graded: pd.DataFrame) -> Self:
        """Compute the gain of graded transfers (from `fraudguard.model.study.grade`)."""
        known = labelled(graded)
        fraud = (known["label"] == Label.FRAUD).to_numpy()
        best = known.assign(score=np.where(fraud, known["amount_fen"].to_numpy(dtype=np.float64), -1.0))
        rows, ideal = Ranked.of(known), Ranked.of(best)
        ones = np.ones(rows.n_clusters)
        permille = np.array([10.0])
        return cls(
            reviewed=_SHARES,
            caught=rows.at(ones, 10_000 * _SHARES)[0],
            perfect=ideal.at(np.ones(ideal.n_clusters), 10_000 * _SHARES)[0],
            at_one_permille=float(rows.at(ones, permille)[0][0]),
            sample=Sample.of(known),
        )

    def plot(self, ax: Axes | None = None, *, lang: Lang = "zh") -> Axes:
        """Draw the gain and return its axes."""
        lang = readable(lang)
        with drawing(ax) as axes:
            headline(axes, Bilingual("金额累计增益", "Value gain").text(lang))
            if not self.sample.n_fraud:
                empty(axes, _NO_FRAUD, lang)
                return axes
            series = (
                (self.perfect, Bilingual("完美排序", "perfect order")),
                (self.caught, Bilingual("模型", "model")),
                (self.reviewed, Bilingual("随机", "random")),
            )
            for place, (values, name) in enumerate(series):
                color = PALETTE[(2, 0, 6)[place]]
                axes.plot(100 * self.reviewed, 100 * values, color=color, linestyle=LINES[place], label=name.text(lang))
            said = Bilingual(f"1‰ 处 {self.at_one_permille:.0%}", f"{self.at_one_permille:.0%} at 1‰").text(lang)
            axes.plot([0.1], [100 * self.at_one_permille], "o", color=PALETTE[1])
            axes.annotate(said, (0.1, 100 * self.at_one_permille), xytext=(8, -12), textcoords="offset points")
            axes.set_xscale("log")
            axes.set_ylim(0, 104)
            axes.set_xlabel(Bilingual("复核的转账占比（%）", "Transfers reviewed (%)").text(lang))
            axes.set_ylabel(Bilingual("拦住的涉诈金额占比（%）", "Fraud money caught (%)").text(lang))
            axes.legend(loc="lower right")
            corner(axes, period_text(self.sample, lang))
        return axes

    def to_frame(self) -> pd.DataFrame:
        """Return one row a share reviewed."""
        return pd.DataFrame({"reviewed": self.reviewed, "caught": self.caught, "perfect": self.perfect})


@dataclass(frozen=True, slots=True, eq=False, kw_only=True, repr=False)
class ThresholdDisplay(Display):
    """What a threshold gives: recall, precision, the queue, and net money per 1,000 transfers.

    Parameters
    ----------
    threshold : ndarray of float64, shape (n_thresholds,)
        Probabilities.
    recall, precision, queue_rate, net_yuan : ndarray of float64, shape (n_thresholds, 3)
        10 %, 50 % and 90 % of the bootstrap draws; net yuan per 1,000 transfers.
    chosen : float or None
        The threshold in use.
    sample : Sample
        What it is made of.
    """

    threshold: NDArray[np.float64]
    recall: NDArray[np.float64]
    precision: NDArray[np.float64]
    queue_rate: NDArray[np.float64]
    net_yuan: NDArray[np.float64]
    chosen: float | None
    sample: Sample

    @classmethod
    def from_graded(
        cls, graded: pd.DataFrame, *, chosen: float | None = None, review_fen: int = 2_000, seed: int = 0
    ) -> Self:
        """Compute the trade-off of graded transfers.

        Parameters
        ----------
        graded : DataFrame
            From `fraudguard.model.study.grade`.
        chosen : float or None
            The threshold in use.
        review_fen : int
            What working one alert costs.
        seed : int
            Of the bootstrap.

        Returns
        -------
        ThresholdDisplay
            Of the labelled transfers; net money takes all fraud money on alerted transfers as saved.
        """
        known = labelled(graded)
        rows = Ranked.of(known)
        thresholds = _thresholds(known["score"].to_numpy(dtype=np.float64))
        if not rows.fraud.any():
            nothing = np.full((len(thresholds), 3), np.nan)
            return cls(
                threshold=thresholds,
                recall=nothing,
                precision=nothing,
                queue_rate=nothing,
                net_yuan=nothing,
                chosen=chosen,
                sample=Sample.of(known),
            )
        reached = np.searchsorted(-rows.score, -thresholds, side="right")
        drawn = replicate(lambda times: rows.beyond(times, reached, review_fen), rows.n_clusters, seed=seed)
        measures = np.nanquantile(drawn.reshape(len(drawn), 4, -1), (0.1, 0.5, 0.9), axis=0).transpose(1, 2, 0)
        return cls(
            threshold=thresholds,
            recall=measures[0],
            precision=measures[1],
            queue_rate=measures[2],
            net_yuan=measures[3],
            chosen=chosen,
            sample=Sample.of(known),
        )

    def plot(self, ax: Axes | None = None, *, lang: Lang = "zh") -> Axes:
        """Draw the trade-off and return its axes; net money has its scale on the right."""
        lang = readable(lang)
        with drawing(ax) as axes:
            headline(axes, Bilingual("阈值取舍", "Threshold trade-off").text(lang))
            if not self.sample.n_fraud:
                empty(axes, _NO_FRAUD, lang)
                return axes
            right = axes.twinx()
            right.spines["right"].set_visible(True)
            series = (
                (axes, self.recall, Bilingual("召回", "recall")),
                (axes, self.precision, Bilingual("精确率", "precision")),
                (axes, self.queue_rate, Bilingual("预警占比", "queue rate")),
                (right, self.net_yuan, Bilingual("每千笔净省（元，右轴）", "net yuan per 1,000 (right)")),
            )
            lines = [
                self._line(one, values, label=name.text(lang), place=place)
                for place, (one, values, name) in enumerate(series)
            ]
            if self.chosen is not None:
                label = Bilingual(f"现用阈值 {self.chosen:.3g}", f"in use: {self.chosen:.3g}").text(lang)
                lines.append(axes.axvline(self.chosen, color=PALETTE[7], linewidth=1.0, label=label))
            axes.set_xscale("logit")
            axes.set_ylim(-0.02, 1.04)
            axes.set_xlabel(Bilingual("阈值（概率，logit 刻度）", "Threshold (probability, logit scale)").text(lang))
            axes.set_ylabel(Bilingual("占比（中位与10–90%）", "Share (median, 10–90 %)").text(lang))
            axes.legend(handles=lines, loc="upper center", bbox_to_anchor=(0.5, -0.16), ncols=3)
            corner(axes, period_text(self.sample, lang))
        return axes

    def _line(self, axes: Axes, values: NDArray[np.float64], *, label: str, place: int) -> Artist:
        axes.fill_between(self.threshold, values[:, 0], values[:, 2], color=PALETTE[place], alpha=0.15, linewidth=0)
        (line,) = axes.plot(self.threshold, values[:, 1], color=PALETTE[place], linestyle=LINES[place], label=label)
        return line

    def to_frame(self) -> pd.DataFrame:
        """Return one row a threshold and measure: low, median and high."""
        names = ("recall", "precision", "queue_rate", "net_yuan")
        tables = [
            pd.DataFrame(getattr(self, name), columns=["low", "median", "high"]).assign(
                measure=name, threshold=self.threshold
            )
            for name in names
        ]
        return pd.concat(tables, ignore_index=True)


def _thresholds(score: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return thresholds from the lowest score that tenth of the transfers reach to the highest, even in log-odds."""
    if not len(score):
        return np.array([0.5])
    low, high = np.clip([np.quantile(score, 0.9), score.max()], 1e-7, 1 - 1e-7)
    odds = np.linspace(np.log(low / (1 - low)), np.log(high / (1 - high)), _N_THRESHOLDS)
    return np.asarray(1 / (1 + np.exp(-odds)))
