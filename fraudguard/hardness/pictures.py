"""Figures of the card."""

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from fraudguard.errors import DefinitionError
from fraudguard.hardness.card import Card

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["FIGURES", "draw_figures"]

FIGURES: Final = ("areas", "curves", "types", "shapes")
_VICTIM, _HONEST, _BAND = "#c0392b", "#34659b", "#8a8f98"
_VIEW_NAMES: Final = {
    "bank_both_sides": "LightGBM, bank on both sides", "bank_payer_view": "LightGBM, payer's bank",
    "message_only": "LightGBM, messages and their history", "message_fields": "Logistic regression, message fields",
    "expert_rules": "Twelve expert rules",
}  # fmt: skip


def draw_figures(card: Card, folder: Path) -> list[Path]:
    """Draw the card's figures as SVG.

    Parameters
    ----------
    card : Card
        From `hardness`.
    folder : Path
        An existing folder.

    Returns
    -------
    list of Path
        One file a name of `FIGURES`.

    Raises
    ------
    DefinitionError
        If matplotlib is not installed.
    """
    figure_of = {"areas": _areas, "curves": _curves, "types": _types, "shapes": _shapes}
    return [_draw(figure_of[name], card, folder / f"hardness-{name}.svg") for name in FIGURES]


def _draw(make: Any, card: Card, path: Path) -> Path:  # noqa: ANN401  # a function of axes
    try:
        import matplotlib as mpl  # noqa: PLC0415  # only a report needs it
        from matplotlib.figure import Figure  # noqa: PLC0415
    except ModuleNotFoundError as error:
        raise DefinitionError(
            "figures need matplotlib; install it with `pip install 'fraudguard[notebook]'`",
            "画图需要 matplotlib；请用 `pip install 'fraudguard[notebook]'` 安装",
        ) from error
    with mpl.rc_context({
        "svg.hashsalt": "fraudguard",
        "axes.spines.top": False,
        "axes.spines.right": False,
        "font.size": 9,
    }):
        figure = Figure(figsize=(8, 4.5), layout="constrained")
        make(figure.subplots(1, 2 if make is _shapes else 1), card)
        figure.savefig(path, metadata={"Date": None})
    return path


def _areas(axes: "Axes", card: Card) -> None:
    found = card.areas["features"][:20][::-1]
    axes.barh([one.name for one in found], [one.auc for one in found], color=_HONEST)
    axes.axvline(0.85, color=_VICTIM, linestyle="--", label="ceiling 0.85")
    axes.set(xlim=(0.5, 1), xlabel="AUC of the feature by itself", title="The twenty most telling features")
    axes.legend(loc="lower right", frameon=False)


def _curves(axes: "Axes", card: Card) -> None:
    for name, label in _VIEW_NAMES.items():
        wrong, right = card.curves[name]
        axes.plot(np.maximum(wrong, 1e-5), right, label=f"{label} (AUC {card.facts['auc'][name]:.3f})")
    axes.axvline(1e-3, color=_BAND, linestyle=":", linewidth=1)
    axes.annotate(
        "10 alerts in 10 000", (1e-3, 0.02), rotation=90, xytext=(3, 0), textcoords="offset points", color=_BAND
    )
    axes.set(xscale="log", xlim=(1e-5, 1), ylim=(0, 1), xlabel="share of honest transfers alerted", ylabel="recall")
    axes.set_title("What each view catches")
    axes.legend(loc="upper left", frameon=False)


def _types(axes: "Axes", card: Card) -> None:
    rows = [row for row in card.recalls if row.among != "all"][::-1]
    labels = [f"{row.among} (n={row.n})" for row in rows]
    middle = np.array([row.recall for row in rows])
    spread = np.abs(np.array([[row.low, row.high] for row in rows]).T - middle)
    axes.barh(labels, middle, color=_HONEST, xerr=spread, ecolor=_BAND, capsize=2)
    axes.set(
        xlim=(0, 1), xlabel="recall at 10 alerts in 10 000, 95 % interval by case", title="Which frauds are caught"
    )


def _shapes(axes: Any, card: Card) -> None:  # noqa: ANN401  # an array of axes
    hours, amounts = card.curves["hours"], card.curves["amounts"]
    for values, label, color in zip(hours, ("victims", "honest"), (_VICTIM, _HONEST), strict=True):
        axes[0].hist(values, bins=np.arange(25), density=True, histtype="step", label=label, color=color)
    for values, label, color in zip(amounts, ("victims", "honest"), (_VICTIM, _HONEST), strict=True):
        axes[1].hist(values, bins=40, density=True, histtype="step", label=label, color=color)
    axes[0].set(xlabel="hour of the day (China)", title="When")
    axes[1].set(xlabel="log10 of the amount in yuan", title="How much")
    axes[1].legend(frameon=False)
