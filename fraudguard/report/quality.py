"""How well scores rank and how true they are: precision against recall, reliability, scores by label."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Self

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from numpy.typing import NDArray
from sklearn.metrics import average_precision_score, precision_recall_curve

from fraudguard.labels import Label
from fraudguard.model.metric import calibration_error, reliability
from fraudguard.report.ranked import labelled
from fraudguard.report.style import (
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

__all__ = ["PrecisionRecallDisplay", "ReliabilityDisplay", "ScoreHistogramDisplay"]

_NO_FRAUD: Final = Bilingual("这段时间没有涉诈转账", "no fraud in this period")
_FLOOR: Final = 1e-6
_Z: Final = 1.959964
_MOST_POINTS: Final = 2_000


@dataclass(frozen=True, slots=True, eq=False, kw_only=True, repr=False)
class PrecisionRecallDisplay(Display):
    """Precision against recall, with the tiers of a policy on the line.

    Parameters
    ----------
    recall, precision : ndarray of float64
        Points of the line, by rising recall.
    average_precision : float
        Area of its steps; NaN without a fraud.
    base_rate : float
        Share of fraud: the precision of chance.
    tiers : Mapping of str to (float, float)
        Recall and precision at the threshold of each tier.
    sample : Sample
        What it is made of.
    """

    recall: NDArray[np.float64]
    precision: NDArray[np.float64]
    average_precision: float
    base_rate: float
    tiers: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    sample: Sample

    @classmethod
    def from_graded(cls, graded: pd.DataFrame, *, tiers: Mapping[str, float] | None = None) -> Self:
        """Compute the line of graded transfers.

        Parameters
        ----------
        graded : DataFrame
            From `fraudguard.model.study.grade`.
        tiers : Mapping of str to float, or None
            The lowest score of each tier of a policy.

        Returns
        -------
        PrecisionRecallDisplay
            Of the labelled transfers.
        """
        known = labelled(graded)
        fraud, score = (known["label"] == Label.FRAUD).to_numpy(), known["score"].to_numpy(dtype=np.float64)
        if not fraud.any():
            nothing = np.zeros(0)
            return cls(
                recall=nothing,
                precision=nothing,
                average_precision=float("nan"),
                base_rate=0.0,
                sample=Sample.of(known),
            )
        precision, recall, _ = precision_recall_curve(fraud, score)
        # One point a recall, the best precision there; the last of scikit-learn's points is not one.
        best = pd.Series(precision[:-1]).groupby(recall[:-1]).max()
        thin = best.iloc[:: max(len(best) // _MOST_POINTS, 1)]
        return cls(
            recall=thin.index.to_numpy(dtype=np.float64),
            precision=thin.to_numpy(dtype=np.float64),
            average_precision=float(average_precision_score(fraud, score)),
            base_rate=float(fraud.mean()),
            tiers={name: _at(fraud, score, threshold) for name, threshold in (tiers or {}).items()},
            sample=Sample.of(known),
        )

    def plot(self, ax: Axes | None = None, *, lang: Lang = "zh", log: bool = False) -> Axes:
        """Draw the line and return its axes; `log` for a precision scale in powers of ten."""
        lang = readable(lang)
        with drawing(ax) as axes:
            rate = f"{self.base_rate:.2e}"
            title = Bilingual(f"精确率—召回（基准率 {rate}）", f"Precision and recall (base rate {rate})")
            headline(axes, title.text(lang))
            if not self.sample.n_fraud:
                empty(axes, _NO_FRAUD, lang)
                return axes
            axes.step(
                self.recall, self.precision, where="pre", color=PALETTE[0], label=f"AP {self.average_precision:.3f}"
            )
            chance = Bilingual("随机", "chance").text(lang)
            axes.axhline(self.base_rate, color=PALETTE[6], linestyle=":", linewidth=1.0, label=chance)
            for place, (name, (recall, precision)) in enumerate(self.tiers.items()):
                label = word("tier", name, lang)
                axes.plot(
                    [recall], [precision], marker="osD^"[place % 4], color=PALETTE[1], linestyle="none", label=label
                )
            if log:
                axes.set_yscale("log")
            axes.set_xlim(0, 1.02)
            axes.set_xlabel(Bilingual("召回", "Recall").text(lang))
            axes.set_ylabel(Bilingual("精确率", "Precision").text(lang))
            axes.legend(loc="upper right")
            corner(axes, period_text(self.sample, lang))
        return axes

    def to_frame(self) -> pd.DataFrame:
        """Return one row a point of the line."""
        return pd.DataFrame({"recall": self.recall, "precision": self.precision})


def _at(fraud: NDArray[np.bool_], score: NDArray[np.float64], threshold: float) -> tuple[float, float]:
    alerted = score >= threshold
    caught = float((fraud & alerted).sum())
    return caught / float(fraud.sum()), caught / float(alerted.sum()) if alerted.any() else float("nan")


@dataclass(frozen=True, slots=True, eq=False, kw_only=True, repr=False)
class ReliabilityDisplay(Display):
    """Predicted probability against the rate that came true, in bins of equally many transfers.

    Parameters
    ----------
    bins : DataFrame
        ``curve`` (all, or a tier), ``n``, ``n_fraud``, ``predicted``, ``observed``, ``low`` and ``high`` (Wilson's 95 %).
    calibration_error : float
        Expected calibration error over all transfers.
    sample : Sample
        What it is made of.
    """

    bins: pd.DataFrame
    calibration_error: float
    sample: Sample

    @classmethod
    def from_graded(cls, graded: pd.DataFrame, *, tiers: Mapping[str, float] | None = None) -> Self:
        """Compute the bins of graded transfers.

        Parameters
        ----------
        graded : DataFrame
            From `fraudguard.model.study.grade`.
        tiers : Mapping of str to float, or None
            The lowest score of each tier; a second curve has one bin a tier.

        Returns
        -------
        ReliabilityDisplay
            Of the labelled transfers.
        """
        known = labelled(graded)
        fraud, score = (known["label"] == Label.FRAUD).to_numpy(), known["score"].to_numpy(dtype=np.float64)
        rows = [
            {"curve": "all", "n": one.n, "n_fraud": one.n_fraud, "predicted": one.predicted, "observed": one.observed}
            for one in reliability(score, fraud)
        ]
        edges = sorted((tiers or {}).items(), key=lambda pair: pair[1])
        for place, (name, least) in enumerate(edges):
            below = edges[place + 1][1] if place + 1 < len(edges) else np.inf
            inside = (score >= least) & (score < below)
            if inside.any():
                rows.append({
                    "curve": name,
                    "n": int(inside.sum()),
                    "n_fraud": int(fraud[inside].sum()),
                    "predicted": float(score[inside].mean()),
                    "observed": float(fraud[inside].mean()),
                })
        bins = pd.DataFrame(rows, columns=["curve", "n", "n_fraud", "predicted", "observed"])
        low, high = _wilson(bins["n_fraud"].to_numpy(dtype=np.float64), bins["n"].to_numpy(dtype=np.float64))
        return cls(
            bins=bins.assign(low=low, high=high),
            calibration_error=calibration_error(score, fraud),
            sample=Sample.of(known),
        )

    def plot(self, ax: Axes | None = None, *, lang: Lang = "zh") -> Axes:
        """Draw the bins and return their axes; both scales are in log-odds, what never came true lies on the floor."""
        lang = readable(lang)
        with drawing(ax) as axes:
            title = Bilingual(
                f"校准（ECE {self.calibration_error:.2g}）", f"Calibration (ECE {self.calibration_error:.2g})"
            )
            headline(axes, title.text(lang))
            if self.bins.empty:
                empty(axes, Bilingual("没有已知标签的转账", "no labelled transfer"), lang)
                return axes
            told = Bilingual("全部（等量分箱）", "all (bins of equal count)").text(lang)
            self._curve(axes, self.bins[self.bins["curve"] == "all"], marker="o", color=PALETTE[0], label=told)
            tiers = self.bins[self.bins["curve"] != "all"]
            if len(tiers):
                told = Bilingual("按等级", "by tier").text(lang)
                self._curve(axes, tiers, marker="s", color=PALETTE[1], label=told)
            ends = np.clip([self.bins["predicted"].min(), self.bins["predicted"].max()], _FLOOR, 1 - _FLOOR)
            axes.plot(
                ends,
                ends,
                color=PALETTE[6],
                linestyle="--",
                linewidth=1.0,
                label=Bilingual("完全准确", "exact").text(lang),
            )
            axes.set_xscale("logit")
            axes.set_yscale("logit")
            axes.minorticks_off()
            axes.set_xlabel(Bilingual("预测概率（logit 刻度）", "Predicted probability (logit scale)").text(lang))
            axes.set_ylabel(Bilingual("实际比例（95% 区间）", "Observed rate (95 % range)").text(lang))
            axes.legend(loc="upper left")
            corner(axes, period_text(self.sample, lang))
        return axes

    def _curve(self, axes: Axes, bins: pd.DataFrame, *, marker: str, color: str, label: str) -> None:
        x, y, low, high = (
            np.clip(bins[name].to_numpy(dtype=np.float64), _FLOOR, 1 - _FLOOR)
            for name in ("predicted", "observed", "low", "high")
        )
        axes.errorbar(
            x,
            y,
            yerr=[np.maximum(y - low, 0), np.maximum(high - y, 0)],
            fmt=marker,
            color=color,
            markersize=4,
            elinewidth=1.0,
            label=label,
        )
        for at, n in zip(x, bins["n"], strict=True):
            axes.annotate(
                _short(int(n)),
                (at, 0.0),
                xycoords=("data", "axes fraction"),
                xytext=(0, 2),
                textcoords="offset points",
                rotation=90,
                fontsize=6,
                color=color,
                ha="center",
            )

    def to_frame(self) -> pd.DataFrame:
        """Return one row a bin."""
        return self.bins


def _short(n: int) -> str:
    return f"{n / 1_000:.0f}k" if n >= 10_000 else str(n)


def _wilson(hits: NDArray[np.float64], n: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return Wilson's 95 % interval of shares."""
    n = np.maximum(n, 1)
    share = hits / n
    middle = (share + _Z**2 / (2 * n)) / (1 + _Z**2 / n)
    half = _Z * np.sqrt(share * (1 - share) / n + _Z**2 / (4 * n**2)) / (1 + _Z**2 / n)
    return np.clip(middle - half, 0, 1), np.clip(middle + half, 0, 1)


@dataclass(frozen=True, slots=True, eq=False, kw_only=True, repr=False)
class ScoreHistogramDisplay(Display):
    """How many transfers of each label have which score.

    Parameters
    ----------
    edges : ndarray of float64, shape (n_bins + 1,)
        Probabilities, even in log-odds.
    genuine, fraud : ndarray of int64, shape (n_bins,)
        Transfers in each bin.
    sample : Sample
        What it is made of.
    """

    edges: NDArray[np.float64]
    genuine: NDArray[np.int64]
    fraud: NDArray[np.int64]
    sample: Sample

    @classmethod
    def from_graded(cls, graded: pd.DataFrame, *, n_bins: int = 40) -> Self:
        """Count the graded transfers (from `fraudguard.model.study.grade`) in bins."""
        known = labelled(graded)
        fraud = (known["label"] == Label.FRAUD).to_numpy()
        score = np.clip(known["score"].to_numpy(dtype=np.float64), _FLOOR, 1 - _FLOOR)
        odds = np.log(score / (1 - score))
        low, high = (odds.min(), odds.max()) if len(odds) else (-1.0, 1.0)
        cuts = np.linspace(low - 1e-9, high + 1e-9, n_bins + 1)
        return cls(
            edges=1 / (1 + np.exp(-cuts)),
            genuine=np.histogram(odds[~fraud], cuts)[0],
            fraud=np.histogram(odds[fraud], cuts)[0],
            sample=Sample.of(known),
        )

    def plot(self, ax: Axes | None = None, *, lang: Lang = "zh") -> Axes:
        """Draw the histogram and return its axes; counts on a log scale."""
        lang = readable(lang)
        with drawing(ax) as axes:
            headline(axes, Bilingual("分数分布", "Scores by label").text(lang))
            if not self.sample.n:
                empty(axes, Bilingual("没有已知标签的转账", "no labelled transfer"), lang)
                return axes
            axes.stairs(
                self.genuine,
                self.edges,
                color=PALETTE[0],
                fill=True,
                alpha=0.35,
                label=Bilingual("正常", "genuine").text(lang),
            )
            axes.stairs(
                self.fraud, self.edges, color=PALETTE[1], linewidth=1.5, label=Bilingual("涉诈", "fraud").text(lang)
            )
            axes.set_xscale("logit")
            axes.set_yscale("symlog", linthresh=1)
            axes.minorticks_off()
            axes.set_ylim(bottom=0)
            axes.set_xlabel(Bilingual("分数（logit 刻度）", "Score (logit scale)").text(lang))
            axes.set_ylabel(Bilingual("转账笔数（对数）", "Transfers (log)").text(lang))
            axes.legend(loc="upper right")
            corner(axes, period_text(self.sample, lang))
        return axes

    def to_frame(self) -> pd.DataFrame:
        """Return one row a bin."""
        return pd.DataFrame({
            "low": self.edges[:-1],
            "high": self.edges[1:],
            "genuine": self.genuine,
            "fraud": self.fraud,
        })
