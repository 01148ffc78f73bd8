"""How every plot looks: colours that all eyes tell apart, words in two languages, fonts that have them."""

import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any, Final, Literal

import matplotlib as mpl
import pandas as pd
from matplotlib import font_manager
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from fraudguard.wording import Bilingual

__all__ = [
    "CJK_FONTS",
    "LINES",
    "PALETTE",
    "Display",
    "Lang",
    "MissingFontWarning",
    "Sample",
    "corner",
    "drawing",
    "empty",
    "headline",
    "period_text",
    "readable",
]

Lang = Literal["zh", "en"]

PALETTE: Final = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#5B5B5B", "#000000")
"""Okabe and Ito's colours, told apart with any colour vision; grey and black last."""

LINES: Final = ("-", "--", "-.", ":", (0, (5, 1)), (0, (3, 1, 1, 1)), (0, (1, 1)), (0, (8, 3)))
"""A style for each colour, so that a print without colours can be read."""

CJK_FONTS: Final = (
    "Noto Sans CJK SC",
    "Noto Sans CJK JP",
    "Noto Sans SC",
    "Microsoft YaHei",
    "PingFang SC",
    "Source Han Sans SC",
    "WenQuanYi Zen Hei",
    "SimHei",
)
"""Fonts that have Chinese, in the order they are looked for."""

_FONT_FILES: Final = ("notosanscjk-regular", "notosanssc", "msyh", "pingfang", "sourcehansans", "wqy-zenhei", "simhei")
_SIZE: Final = (6.4, 4.0)
_FIRST: Final = "DejaVu Sans"


class MissingFontWarning(UserWarning):
    """No font with Chinese is installed, so labels are in English."""


def readable(lang: Lang, installed: Sequence[str] | None = None) -> Lang:
    """Return the language that can be drawn.

    Parameters
    ----------
    lang : {"zh", "en"}
        What is wanted.
    installed : sequence of str or None
        Names of fonts; None for those that matplotlib finds.

    Returns
    -------
    str
        ``en`` where Chinese is wanted and no font has it; a `MissingFontWarning` then says how to install one.
    """
    if lang == "en" or _fonts(installed):
        return lang
    warnings.warn(
        "没有中文字体，图中改用英文 / no font with Chinese is installed, labels are in English; "
        "Debian: apt-get install fonts-noto-cjk",
        MissingFontWarning,
        stacklevel=3,
    )
    return "en"


def _fonts(installed: Sequence[str] | None) -> list[str]:
    names = _installed() if installed is None else set(installed)
    return [name for name in CJK_FONTS if name in names]


@cache
def _installed() -> frozenset[str]:
    """Return the fonts there are; matplotlib's own list may be older than the last one installed."""
    known = {font.name for font in font_manager.fontManager.ttflist}
    if not known.intersection(CJK_FONTS):
        for path in font_manager.findSystemFonts():
            if Path(path).stem.lower().startswith(_FONT_FILES):
                font_manager.fontManager.addfont(path)
        known = {font.name for font in font_manager.fontManager.ttflist}
    return frozenset(known)


@contextmanager
def drawing(ax: Axes | None) -> Iterator[Axes]:
    """Give axes to draw on, with our fonts; new ones of 6.4 by 4 inches where there are none.

    Yields
    ------
    Axes
        Those given, or those of a new figure.
    """
    settings: Any = {
        "font.family": [_FIRST, *_fonts(None)],
        "axes.unicode_minus": False,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.titlesize": 11,
        "axes.labelsize": 9.5,
        "xtick.labelsize": 8.5,
        "ytick.labelsize": 8.5,
        "legend.fontsize": 8.5,
        "legend.frameon": False,
        "svg.fonttype": "path",
    }
    with mpl.rc_context(settings):
        if ax is None:
            figure = Figure(figsize=_SIZE, layout="constrained", dpi=110)
            ax = figure.add_subplot()
        ax.grid(visible=True, color="#DDE3E8", linewidth=0.6)
        ax.set_axisbelow(True)
        yield ax
        _fix_fonts(ax)


def _fix_fonts(ax: Axes) -> None:
    """Pin the font of every text, since the settings hold only while it is made and matplotlib asks again when it draws."""
    family = [_FIRST, *_fonts(None)]
    for text in ax.figure.findobj(mpl.text.Text):
        text.set_fontfamily(family)


def headline(ax: Axes, title: str) -> None:
    """Write the name of a plot above it, with room for `corner` below the name."""
    ax.set_title(title, loc="left", pad=17)


def corner(ax: Axes, text: str) -> None:
    """Write what a plot is made of into its upper left corner, under its name."""
    ax.annotate(
        text,
        xy=(0.0, 1.0),
        xycoords="axes fraction",
        xytext=(0, 5),
        textcoords="offset points",
        ha="left",
        va="bottom",
        fontsize=7.5,
        color="#5B6770",
    )


def empty(ax: Axes, said: Bilingual, lang: Lang) -> None:
    """Say in the middle of a plot why there is nothing to draw."""
    ax.grid(visible=False)
    ax.set_xticks([])
    ax.set_yticks([])
    ax.text(0.5, 0.5, said.text(lang), transform=ax.transAxes, ha="center", va="center", fontsize=10, color="#5B6770")


class Display:
    """What every plot has in common: a notebook shows it without being asked to draw."""

    __slots__ = ()

    def plot(self, ax: Axes | None = None, *, lang: Lang = "zh") -> Axes:
        """Draw and return the axes."""
        raise NotImplementedError

    def __repr__(self) -> str:
        return f"{type(self).__name__}(…)"

    def _repr_png_(self) -> bytes:
        picture = BytesIO()
        figure = self.plot().get_figure(root=True)
        if figure is not None:
            figure.savefig(picture, format="png", dpi=80)
        return picture.getvalue()


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """What a plot is made of, for its corner.

    Parameters
    ----------
    n : int
        Labelled transfers.
    n_fraud : int
        Frauds among them.
    begin, end : str
        First and last day.
    """

    n: int
    n_fraud: int
    begin: str
    end: str

    @classmethod
    def of(cls, known: pd.DataFrame) -> "Sample":
        """Return that of labelled transfers."""
        times = known["event_time"]
        days = [f"{moment:%Y-%m-%d}" for moment in (times.min(), times.max())] if len(known) else ["–", "–"]
        return cls(n=len(known), n_fraud=int((known["label"] == "fraud").sum()), begin=days[0], end=days[1])


def period_text(sample: Sample, lang: Lang) -> str:
    """Return what a plot is made of, in a line."""
    if lang == "zh":
        return f"{sample.n:,} 笔，涉诈 {sample.n_fraud:,}；{sample.begin} 至 {sample.end}"
    return f"n = {sample.n:,}, {sample.n_fraud:,} fraud; {sample.begin} to {sample.end}"
