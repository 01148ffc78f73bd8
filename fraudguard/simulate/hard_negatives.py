"""The table of honest episodes that look like fraud, and how many of them begin in a block.

Rates are episodes per 10 000 accounts and year [A]; the whole is scaled up
when there would be fewer than six honest episodes for each fraud case.
Stalls, the seventeenth kind, are part of `business_life`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np

from fraudguard.simulate.collectors import class_collectors, foremen, group_buyers, parcel_stations, tuition
from fraudguard.simulate.orders import Orders, join, not_before
from fraudguard.simulate.rhythm import DAY_MS
from fraudguard.simulate.unusual import (
    car,
    emergency,
    false_alert,
    helped,
    house,
    new_city,
    new_phone,
    refinancing,
    revived,
    support,
    top_ups,
)
from fraudguard.simulate.world import Scene

__all__ = ["HARD_NEGATIVES", "SCENARIOS", "HardNegative", "enough_of", "hard_negatives", "yearly_episodes"]

_AT_LEAST_PER_CASE: Final = 6.0
_EPISODES_A_BLOCK: Final = 1 << 32

Maker = Callable[[Scene, np.random.Generator, int], Orders]


@dataclass(frozen=True, slots=True)
class HardNegative:
    """A scenario: name, yearly episodes per 10 000 accounts, maker of its orders, whether it has a season."""

    name: str
    yearly_per_10k: float
    make: Maker
    seasonal: bool = False


HARD_NEGATIVES: Final = (
    HardNegative("house_down_payment", 150, house),
    HardNegative("night_emergency", 100, emergency),
    HardNegative("tuition", 800, tuition, seasonal=True),
    HardNegative("car_or_renovation", 120, car),
    HardNegative("first_rent_in_new_city", 60, new_city),
    HardNegative("parcel_station", 15, parcel_stations),
    HardNegative("group_buy", 60, group_buyers),
    HardNegative("class_collector", 120, class_collectors),
    HardNegative("loan_refinancing", 80, refinancing),
    HardNegative("foreman", 100, foremen),
    HardNegative("top_ups", 40, top_ups),
    HardNegative("helped_on_a_call", 200, helped),
    HardNegative("remote_support", 800, support),
    HardNegative("dormant_revived", 200, revived),
    HardNegative("new_phone_week", 400, new_phone),
    HardNegative("false_96110_alert", 40, false_alert),
)
SCENARIOS: Final = tuple(scenario.name for scenario in HARD_NEGATIVES)


def yearly_episodes(accounts: int) -> float:
    """Return the stated episodes of a year, for so many accounts; those with a season are left out."""
    return sum(scenario.yearly_per_10k for scenario in HARD_NEGATIVES if not scenario.seasonal) * accounts / 10_000


def enough_of(*, cases: int, accounts: int, days: int) -> float:
    """Return by how much the stated rates are raised, so that honest episodes outnumber fraud cases."""
    return max(1.0, _AT_LEAST_PER_CASE * cases / (yearly_episodes(accounts) * days / 365))


def hard_negatives(scene: Scene, *, scale: float) -> Orders:
    """Draw the honest episodes that begin in a block; some of their orders come later.

    Parameters
    ----------
    scene : Scene
        The block of days.
    scale : float
        By how much the stated rates are raised, from `enough_of`.

    Returns
    -------
    structured ndarray
        Orders with `scenario` (index into `SCENARIOS`) and `episode` set.
    """
    parts: list[Orders] = []
    told = scene.block.number * _EPISODES_A_BLOCK
    for number, scenario in enumerate(HARD_NEGATIVES):
        rng = scene.stream(f"hard negative {scenario.name}")
        busy = scene.busy(scene.period.tuition_weights if scenario.seasonal else None).sum()
        size = int(rng.poisson(scenario.yearly_per_10k * scene.population.size / 10_000 * busy / 365 * scale))
        made = scenario.make(scene, rng, size)
        made = not_before(made, scene.start_ms, by=made["episode"], step_ms=DAY_MS)
        made["scenario"], made["episode"] = number, made["episode"] + told
        told += size
        parts.append(made[made["payer"] != made["payee"]])
    return join(parts)
