"""What raises scores: contributions of many transfers, and of one."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Self

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.colors import Normalize
from numpy.typing import NDArray

from fraudguard.features import FeatureColumn
from fraudguard.report.style import PALETTE, Display, Lang, corner, drawing, empty, headline, readable
from fraudguard.wording import Bilingual

__all__ = ["BeeswarmDisplay", "WaterfallDisplay"]

_TOP: Final = 15
_MOST_DOTS: Final = 600
_ROW_INCHES: Final = 0.3
_PARTS: Final = {
    "payer": Bilingual("付款方", "payer"),
    "payee": Bilingual("收款方", "payee"),
    "pair": Bilingual("两者", "pair"),
    "session": Bilingual("操作", "session"),
    "liquidity": Bilingual("变现", "liquidity"),
    "network": Bilingual("关联", "network"),
}
_MISSING: Final = "#B4BEC6"
_MOST_LETTERS: Final = {"zh": 30, "en": 58}


@dataclass(frozen=True, slots=True, eq=False, kw_only=True, repr=False)
class BeeswarmDisplay(Display):
    """Contributions of the features that count most, one dot a transfer.

    Parameters
    ----------
    columns : tuple of FeatureColumn
        The features, the one that counts most first.
    contributions : ndarray of float64, shape (n_transfers, n_features)
        Parts of the log-odds.
    rank : ndarray of float64, shape (n_transfers, n_features)
        Where a transfer's value stands among all, in [0, 1]; NaN is missing.
    mean_absolute : ndarray of float64, shape (n_features,)
        Mean size of the contributions.
    """

    columns: tuple[FeatureColumn, ...]
    contributions: NDArray[np.float64]
    rank: NDArray[np.float64]
    mean_absolute: NDArray[np.float64]

    @classmethod
    def from_contributions(
        cls, contributions: pd.DataFrame, matrix: pd.DataFrame, *, columns: Sequence[FeatureColumn], top: int = _TOP
    ) -> Self:
        """Choose the features that count most.

        Parameters
        ----------
        contributions : DataFrame, shape (n_transfers, n_features or more)
            From `fraudguard.model.estimator.FraudModel.contributions`; ``base`` is left out.
        matrix : DataFrame, shape (n_transfers, n_features)
            Features of the same transfers.
        columns : sequence of FeatureColumn
            Of the plan.
        top : int
            How many features.

        Returns
        -------
        BeeswarmDisplay
            Of all these transfers.
        """
        parts = contributions[[column.name for column in columns]].to_numpy(dtype=np.float64)
        size = np.abs(parts).mean(axis=0) if len(parts) else np.zeros(len(columns))
        chosen = np.argsort(-size, kind="stable")[:top]
        values = matrix[[columns[place].name for place in chosen]]
        return cls(
            columns=tuple(columns[place] for place in chosen),
            contributions=parts[:, chosen],
            rank=values.rank(pct=True).to_numpy(dtype=np.float64),
            mean_absolute=size[chosen],
        )

    def plot(self, ax: Axes | None = None, *, lang: Lang = "zh") -> Axes:
        """Draw a row a feature and return the axes; colour is the rank of the value, grey is missing."""
        lang = readable(lang)
        with drawing(ax) as axes:
            headline(axes, Bilingual("各特征的贡献", "Contributions").text(lang))
            if not len(self.contributions):
                empty(axes, Bilingual("没有转账", "no transfer"), lang)
                return axes
            n = len(self.columns)
            if ax is None:
                axes.get_figure().set_size_inches(8.2, 1.3 + _ROW_INCHES * n)  # type: ignore[union-attr]
            for place in range(n):
                self._dots(axes, place, n - 1 - place)
            axes.axvline(0, color=PALETTE[7], linewidth=0.8)
            axes.set_yticks(range(n - 1, -1, -1), [_titled(column, lang) for column in self.columns])
            axes.set_ylim(-0.6, n - 0.4)
            axes.set_xlabel(Bilingual("对数几率中的贡献", "Contribution to the log-odds").text(lang))
            bar = axes.figure.colorbar(ScalarMappable(Normalize(0, 1), "viridis"), ax=axes, pad=0.09, fraction=0.03)
            bar.set_ticks([0, 1], labels=[Bilingual("小", "low").text(lang), Bilingual("大", "high").text(lang)])
            bar.set_label(Bilingual("取值（灰为缺失）", "value (grey: missing)").text(lang), fontsize=8)
            corner(
                axes,
                Bilingual(
                    f"n = {len(self.contributions):,}；右侧为平均绝对值",
                    f"n = {len(self.contributions):,}; at the right: mean absolute value",
                ).text(lang),
            )
        return axes

    def _dots(self, axes: Axes, place: int, height: int) -> None:
        step = max(len(self.contributions) // _MOST_DOTS, 1)
        x, rank = self.contributions[::step, place], self.rank[::step, place]
        jitter = np.random.default_rng(place).uniform(-0.28, 0.28, len(x))
        missing = np.isnan(rank)
        axes.scatter(x[missing], height + jitter[missing], s=5, color=_MISSING, linewidth=0)
        axes.scatter(
            x[~missing], height + jitter[~missing], s=5, c=rank[~missing], cmap="viridis", vmin=0, vmax=1, linewidth=0
        )
        axes.annotate(
            f"{self.mean_absolute[place]:.3f}",
            (1.01, height),
            xycoords=("axes fraction", "data"),
            fontsize=7.5,
            va="center",
        )

    def to_frame(self) -> pd.DataFrame:
        """Return one row a feature."""
        return pd.DataFrame({
            "feature": [column.name for column in self.columns],
            "part": [str(column.part) for column in self.columns],
            "mean_absolute": self.mean_absolute,
        })


@dataclass(frozen=True, slots=True, eq=False, kw_only=True, repr=False)
class WaterfallDisplay(Display):
    """One transfer: from what every transfer starts from to its score, step by step.

    Parameters
    ----------
    titles : tuple of Bilingual
        The groups of features, the largest first, and last all others.
    contributions : ndarray of float64, shape (n_steps,)
        Parts of the log-odds.
    base : float
        Log-odds that every transfer starts from.
    transfer_id : str
        Which transfer.
    """

    titles: tuple[Bilingual, ...]
    contributions: NDArray[np.float64]
    base: float
    transfer_id: str

    @classmethod
    def from_contributions(
        cls, contributions: pd.DataFrame, transfer_id: str, *, columns: Sequence[FeatureColumn], top: int = 10
    ) -> Self:
        """Group the contributions of a transfer.

        Parameters
        ----------
        contributions : DataFrame
            From `fraudguard.model.estimator.FraudModel.contributions`, by ``transfer_id``.
        transfer_id : str
            Which row.
        columns : sequence of FeatureColumn
            Of the plan; windows of one idea are one step.
        top : int
            How many groups; the others are one step.

        Returns
        -------
        WaterfallDisplay
            Base and steps add up to the log-odds of the score.
        """
        values = {str(name): float(part) for name, part in contributions.loc[[transfer_id]].iloc[0].items()}
        groups: dict[str, float] = {}
        speaks: dict[str, FeatureColumn] = {}
        for column in columns:
            part = float(values[column.name])
            groups[column.group] = groups.get(column.group, 0.0) + part
            if column.group not in speaks or abs(part) > abs(values[speaks[column.group].name]):
                speaks[column.group] = column
        ordered = sorted(groups, key=lambda group: (-abs(groups[group]), group))
        steps = [groups[group] for group in ordered[:top]]
        rest = Bilingual(f"其余 {max(len(ordered) - top, 0)} 组", f"{max(len(ordered) - top, 0)} others")
        return cls(
            titles=(*(speaks[group].title for group in ordered[:top]), rest),
            contributions=np.array([*steps, sum(groups[group] for group in ordered[top:])]),
            base=values["base"],
            transfer_id=transfer_id,
        )

    def plot(self, ax: Axes | None = None, *, lang: Lang = "zh") -> Axes:
        """Draw a bar a step and return the axes."""
        lang = readable(lang)
        with drawing(ax) as axes:
            ends = self.base + np.cumsum(self.contributions)
            share = 1 / (1 + np.exp(-ends[-1]))
            headline(
                axes, Bilingual(f"{self.transfer_id}：概率 {share:.1%}", f"{self.transfer_id}: {share:.1%}").text(lang)
            )
            if ax is None:
                axes.get_figure().set_size_inches(7.6, 1.3 + _ROW_INCHES * len(ends))  # type: ignore[union-attr]
            begins = np.concatenate([[self.base], ends[:-1]])
            places = np.arange(len(ends))[::-1]
            for place, begin, part in zip(places, begins, self.contributions, strict=True):
                raises = part > 0
                axes.barh(
                    place,
                    part,
                    left=begin,
                    color=PALETTE[1] if raises else PALETTE[0],
                    hatch="" if raises else "///",
                    edgecolor="white",
                    height=0.7,
                )
                axes.annotate(
                    f"{part:+.2f}",
                    (begin + part, place),
                    xytext=(4 if raises else -4, 0),
                    textcoords="offset points",
                    va="center",
                    ha="left" if raises else "right",
                    fontsize=7.5,
                )
            axes.axvline(self.base, color=PALETTE[6], linewidth=0.9, linestyle=":")
            axes.set_yticks(places, [_shortened(title.text(lang), lang) for title in self.titles])
            axes.set_xlabel(Bilingual("对数几率", "Log-odds").text(lang))
            axes.use_sticky_edges = False
            axes.margins(x=0.12)
            corner(axes, Bilingual(f"起点 {self.base:.2f}（虚线）", f"base {self.base:.2f} (dotted)").text(lang))
        return axes

    def to_frame(self) -> pd.DataFrame:
        """Return one row a step."""
        return pd.DataFrame({
            "title_zh": [title.zh for title in self.titles],
            "title_en": [title.en for title in self.titles],
            "contribution": self.contributions,
        })


def _titled(column: FeatureColumn, lang: Lang) -> str:
    return f"{_shortened(column.title.text(lang), lang)} [{_PARTS[str(column.part)].text(lang)}]"


def _shortened(text: str, lang: Lang) -> str:
    most = _MOST_LETTERS[lang]
    return text if len(text) <= most else text[: most - 1] + "…"
