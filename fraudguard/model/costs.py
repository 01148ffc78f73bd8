"""What an intervention saves and what it costs: assumptions, each with a name, all of them to be replaced by one's own.

A file holds those that differ from the defaults::

    call_fen = 2000
    half_life_min = 15

    [friction_fen]
    delay_settlement = 5000
"""

import tomllib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any, Final, NoReturn

from fraudguard.decision import Intervention
from fraudguard.errors import DefinitionError, NotFoundError

__all__ = ["PlanCosts", "parse_costs", "read_costs"]

_FRICTION_FEN: Final = {
    Intervention.REMIND: 10.0,
    Intervention.VERIFY_TRANSACTION: 200.0,
    Intervention.REVERIFY_IDENTITY: 500.0,
    Intervention.DELAY_SETTLEMENT: 2_000.0,
    Intervention.SUSPEND_SERVICE: 10_000.0,
}
_STOPS_ALONE: Final = {
    Intervention.REMIND: 0.10,
    Intervention.VERIFY_TRANSACTION: 0.15,
    Intervention.REVERIFY_IDENTITY: 0.20,
    Intervention.DELAY_SETTLEMENT: 0.25,
    Intervention.SUSPEND_SERVICE: 0.30,
}
_PAUSE_MIN: Final = {
    Intervention.REMIND: 0.0,
    Intervention.VERIFY_TRANSACTION: 15.0,
    Intervention.REVERIFY_IDENTITY: 30.0,
    Intervention.DELAY_SETTLEMENT: 120.0,
    Intervention.SUSPEND_SERVICE: 1_440.0,
}
_SHARES: Final = ("call_persuades", "visit_persuades")
_HALF_LIVES: Final = ("half_life_min", "follow_half_life_min")


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanCosts:
    """Assumptions of a plan.

    Parameters
    ----------
    call_fen, visit_fen : float
        What a call and a visit cost the desk.
    friction_fen : Mapping of Intervention to float
        What an intervention costs a genuine customer, and the bank with them.
    stops_alone : Mapping of Intervention to float
        Share of likely victims whom the intervention stops before any officer speaks to them, in [0, 1].
    pause_min : Mapping of Intervention to float
        How long the money stays with the payer's bank after the decision; a step that names ``hold_s``
        holds it that long instead.
    call_persuades, visit_persuades : float
        Share of likely victims whom a call, or a call and a visit, persuades, in [0, 1].
    half_life_min : float
        After the pause, within so many minutes half of the money is gone for good.
    follows : float
        What a likely victim would still send after the alerted transfer, as a multiple of its amount.
    follow_half_life_min : float
        Within so many minutes of the alerted transfer half of that is sent.

    Raises
    ------
    DefinitionError
        If a number is negative, a share above 1, a half-life 0, or an intervention has no number.
    """

    call_fen: float = 1_500.0
    visit_fen: float = 12_000.0
    friction_fen: Mapping[Intervention, float] = field(default_factory=lambda: dict(_FRICTION_FEN))
    stops_alone: Mapping[Intervention, float] = field(default_factory=lambda: dict(_STOPS_ALONE))
    pause_min: Mapping[Intervention, float] = field(default_factory=lambda: dict(_PAUSE_MIN))
    call_persuades: float = 0.5
    visit_persuades: float = 0.8
    half_life_min: float = 20.0
    follows: float = 1.0
    follow_half_life_min: float = 360.0

    def __post_init__(self) -> None:
        for name, value in self._numbers():
            most = 1.0 if name in _SHARES or name.startswith("stops_alone") else 1e12
            # A NaN is no number of any range.
            if not 0 <= value <= most or (name in _HALF_LIVES and value == 0):
                raise DefinitionError(
                    f"{name} is {value:g}; give a number from 0 to {most:g}{', and not 0' * (name in _HALF_LIVES)}",
                    f"{name} 为 {value:g}；请给 0 到 {most:g} 的数{'，不能为 0' * (name in _HALF_LIVES)}",
                )

    def _numbers(self) -> list[tuple[str, float]]:
        numbers: list[tuple[str, float]] = []
        for one in fields(self):
            value = getattr(self, one.name)
            if isinstance(value, Mapping):
                numbers += [(f"{one.name}.{step}", value.get(step, float("nan"))) for step in _FRICTION_FEN]
            else:
                numbers.append((one.name, value))
        return numbers

    def to_dict(self) -> dict[str, Any]:
        """Return plain values for JSON."""
        plain = asdict(self)
        return {
            name: {str(step): number for step, number in value.items()} if isinstance(value, dict) else value
            for name, value in plain.items()
        }


def read_costs(path: Path) -> PlanCosts:
    """Read a file of assumptions; what it leaves out keeps its default.

    Parameters
    ----------
    path : Path
        A TOML file.

    Returns
    -------
    PlanCosts
        Checked.

    Raises
    ------
    NotFoundError
        If there is no such file.
    DefinitionError
        If it is not TOML, has an unknown key, or a number is out of its range.
    """
    if not path.is_file():
        raise NotFoundError(f"no file of costs at {path}", f"没有成本文件 {path}")
    return parse_costs(path.read_text("utf-8"), source=str(path))


def parse_costs(text: str, *, source: str) -> PlanCosts:
    """Read assumptions from TOML text.

    Parameters
    ----------
    text : str
        The TOML.
    source : str
        What to call it in an error.

    Returns
    -------
    PlanCosts
        Checked.

    Raises
    ------
    DefinitionError
        As `read_costs`.
    """
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise DefinitionError(f"{source} is not valid TOML: {error}", f"{source} 不是有效的 TOML：{error}") from error
    standing, chosen = PlanCosts(), dict[str, Any]()
    known = {one.name: getattr(standing, one.name) for one in fields(standing)}
    for name, value in document.items():
        if name not in known:
            _refuse(source, name, known)
        chosen[name] = _table(source, name, value, standing=known[name]) if isinstance(known[name], dict) else value
        _require_number(source, name, chosen[name])
    return PlanCosts(**chosen)


def _table(source: str, name: str, value: object, *, standing: dict[Intervention, float]) -> dict[Intervention, float]:
    if not isinstance(value, dict):
        _refuse_number(source, name, value, wanted_en="a table of interventions", wanted_zh="按干预列的表")
    unknown = sorted(set(value) - set(standing))
    if unknown:
        _refuse(source, f"{name}.{unknown[0]}", {str(step): 0 for step in standing})
    return {**standing, **{Intervention(step): number for step, number in value.items()}}


def _require_number(source: str, name: str, value: object) -> None:
    for number in value.values() if isinstance(value, dict) else (value,):
        if isinstance(number, bool) or not isinstance(number, int | float):
            _refuse_number(source, name, number, wanted_en="a number", wanted_zh="数字")


def _refuse(source: str, name: str, known: Mapping[str, object]) -> NoReturn:
    raise DefinitionError(
        f"{source}: unknown key {name!r}; there are {sorted(known)}",
        f"{source}：未知的键 {name!r}；可用的有 {sorted(known)}",
    )


def _refuse_number(source: str, name: str, value: object, *, wanted_en: str, wanted_zh: str) -> NoReturn:
    raise DefinitionError(
        f"{source}: {name} is {value!r}; give {wanted_en}", f"{source}：{name} 为 {value!r}；请给{wanted_zh}"
    )
