"""What a plan weighs: money that can be saved, an officer's time, a genuine customer's trouble.

Every default is an assumption, named as such, and every one can be changed in a TOML file::

    review_yuan = 20            # one alert worked
    half_life_min = 30          # half the money has left an account after so long

    [friction_yuan]             # one genuine customer's transfer
    delay_settlement = 50

    [success]                   # share of the money that the step saves when it is done at once
    delay_settlement = 0.6
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from fraudguard.decision import Intervention
from fraudguard.errors import DefinitionError, NotFoundError

__all__ = ["FRICTION_FEN", "SUCCESS", "Costs", "load_costs", "parse_costs"]

SUCCESS: Final[Mapping[Intervention, float]] = MappingProxyType({
    Intervention.REMIND: 0.05,
    Intervention.VERIFY_TRANSACTION: 0.30,
    Intervention.REVERIFY_IDENTITY: 0.35,
    Intervention.DELAY_SETTLEMENT: 0.60,
    Intervention.SUSPEND_SERVICE: 0.80,
})
"""Share of the victims who keep their money when the step is done at once. Assumption: no figure by step is
published. That talk alone fails often is (a victim in Shenzhen Nanshan still paid after 11 visits and 13 calls; [1]_),
hence the low shares of the steps that only ask.

.. [1] Xinhua and the Ministry of Public Security on dissuasion, 2020 to 2025, as gathered in the design of this project.
"""

FRICTION_FEN: Final[Mapping[Intervention, int]] = MappingProxyType({
    Intervention.REMIND: 10,
    Intervention.VERIFY_TRANSACTION: 500,
    Intervention.REVERIFY_IDENTITY: 1_000,
    Intervention.DELAY_SETTLEMENT: 5_000,
    Intervention.SUSPEND_SERVICE: 20_000,
})
"""What it costs to trouble one genuine customer once, fen. Assumption: 0.1 yuan for a message read, 5 to 10 yuan for a
call, 50 for money held two hours, 200 for a service suspended for a day."""

_REVIEW_FEN: Final = 2_000
_HALF_LIFE_MIN: Final = 30.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Costs:
    """Prices, and how the chance to save money falls with waiting.

    Parameters
    ----------
    review_fen : int
        One alert worked, fen. Assumption: 2,000 (20 yuan), 15 minutes of an officer.
    friction_fen : Mapping of Intervention to int
        One genuine customer's transfer stopped by each intervention, fen; `FRICTION_FEN` for those left out.
    success : Mapping of Intervention to float
        Share of the victims who keep their money when the intervention is worked at once, in [0, 1];
        `SUCCESS` for those left out. That of REMIND is what any step saves by itself, unworked.
    half_life_min : float
        After so many minutes half of the money has left the payee's account. Assumption: 30. Money
        that is held leaves only when the hold ends.

    Raises
    ------
    DefinitionError
        If a number is out of its interval, or ALLOW is given a price.

    Examples
    --------
    >>> Costs(half_life_min=30).savable_share([0, 30, 60])
    array([1.  , 0.5 , 0.25])
    >>> Costs(half_life_min=30).savable_share([60, 150], hold_s=7200)
    array([1. , 0.5])
    """

    review_fen: int = _REVIEW_FEN
    friction_fen: Mapping[Intervention, int] = field(default_factory=dict)
    success: Mapping[Intervention, float] = field(default_factory=dict)
    half_life_min: float = _HALF_LIFE_MIN

    def __post_init__(self) -> None:
        friction = _whole("friction_fen", self.friction_fen, FRICTION_FEN)
        success = _whole("success", self.success, SUCCESS)
        object.__setattr__(self, "friction_fen", MappingProxyType(friction))
        object.__setattr__(self, "success", MappingProxyType(success))
        priced = [self.review_fen, *friction.values()]
        if any(fen < 0 or fen != int(fen) for fen in priced) or not 0 < self.half_life_min < float("inf"):
            raise DefinitionError(
                f"review {self.review_fen} and friction {priced[1:]} must be whole fen, not negative, and the half-life "
                f"{self.half_life_min} positive minutes",
                f"处置成本 {self.review_fen} 与打扰成本 {priced[1:]} 须为非负整数分，半衰期 {self.half_life_min} 须为正分钟数",
            )
        if not all(0 <= share <= 1 for share in success.values()):
            raise DefinitionError(
                f"success {[*success.values()]} must be shares within 0 and 1",
                f"成功率 {[*success.values()]} 须在 0 与 1 之间",
            )

    def savable_share(self, wait_min: ArrayLike, *, hold_s: int | None = None) -> NDArray[np.float64]:
        """Return the share of the money that is still there after waiting.

        Parameters
        ----------
        wait_min : array_like of float, shape (n,)
            Minutes since the transfer.
        hold_s : int or None
            How long the transfer was held, seconds.

        Returns
        -------
        ndarray of float64, shape (n,)
            ``2 ** -((wait - hold) / half_life)``, and 1 while it is held.
        """
        loose_min = np.maximum(np.asarray(wait_min, dtype=np.float64) - (hold_s or 0) / 60.0, 0.0)
        share: NDArray[np.float64] = np.exp2(-loose_min / self.half_life_min)
        return share

    def to_dict(self) -> dict[str, Any]:
        """Return plain values, money in fen."""
        return {
            "review_fen": self.review_fen,
            "friction_fen": {str(step): fen for step, fen in self.friction_fen.items()},
            "success": {str(step): share for step, share in self.success.items()},
            "half_life_min": self.half_life_min,
        }


def load_costs(path: Path) -> Costs:
    """Read a file of costs.

    Parameters
    ----------
    path : Path
        A TOML file; see the head of this module.

    Returns
    -------
    Costs
        Checked.

    Raises
    ------
    NotFoundError
        If there is no such file.
    DefinitionError
        If it is not TOML, has an unknown key, or a number out of its interval.
    """
    if not path.is_file():
        raise NotFoundError(f"no file of costs at {path}", f"没有成本文件 {path}")
    return parse_costs(path.read_text("utf-8"), source=str(path))


def parse_costs(text: str, *, source: str) -> Costs:
    """Read costs from TOML text.

    Parameters
    ----------
    text : str
        The TOML; money in yuan.
    source : str
        What to call it in an error.

    Returns
    -------
    Costs
        Defaults for what the text leaves out.

    Raises
    ------
    DefinitionError
        As `load_costs`.

    Examples
    --------
    >>> parse_costs("review_yuan = 12.5", source="mine").review_fen
    1250
    """
    try:
        document = tomllib.loads(text, parse_float=Decimal)
    except tomllib.TOMLDecodeError as error:
        raise DefinitionError(f"{source} is not valid TOML: {error}", f"{source} 不是有效的 TOML：{error}") from error
    known = {"review_yuan", "half_life_min", "friction_yuan", "success"}
    if unknown := sorted(set(document) - known):
        raise DefinitionError(
            f"{source}: unknown key {unknown}; there are {sorted(known)}",
            f"{source}：未知的键 {unknown}；可用的有 {sorted(known)}",
        )
    try:
        return _costs(document)
    except (TypeError, ValueError, ArithmeticError, AttributeError) as error:
        raise DefinitionError(
            f"{source}: {error}; write numbers, money in yuan of at most two decimals, friction_yuan and success as tables",
            f"{source}：{error}；请填数字，金额以元计、至多两位小数，friction_yuan 与 success 写成表",
        ) from error
    except DefinitionError as error:
        raise DefinitionError(f"{source}: {error.en}", f"{source}：{error.zh}") from error


def _costs(document: Mapping[str, Any]) -> Costs:
    friction = document.get("friction_yuan", {})
    success = document.get("success", {})
    return Costs(
        review_fen=_fen(document["review_yuan"]) if "review_yuan" in document else _REVIEW_FEN,
        friction_fen={name: _fen(yuan) for name, yuan in friction.items()},
        success={name: float(share) for name, share in success.items()},
        half_life_min=float(document.get("half_life_min", _HALF_LIFE_MIN)),
    )


def _fen(yuan: int | Decimal) -> int:
    if isinstance(yuan, bool) or not isinstance(yuan, int | Decimal):
        raise TypeError(f"{yuan!r} is no amount in yuan")
    fen = 100 * Decimal(yuan)
    if fen != fen.to_integral_value():
        raise ValueError(f"{yuan} yuan is not a whole number of fen")
    return int(fen)


def _whole(name: str, given: Mapping[Any, Any], usual: Mapping[Intervention, Any]) -> dict[Intervention, Any]:
    """Return the given values, and the usual ones for the interventions left out."""
    odd = sorted(str(word) for word in given if word not in set(usual))
    if odd:
        raise DefinitionError(
            f"{name} names {odd}; there are {[*map(str, usual)]}", f"{name} 写了 {odd}；可用的有 {[*map(str, usual)]}"
        )
    return {step: given.get(step, value) for step, value in usual.items()}
