"""Which phone a customer pays with: everybody changes it every three years, at a moment of their own [A]."""

from typing import Final

import numpy as np

from fraudguard.simulate.rhythm import DAY_MS
from fraudguard.simulate.streams import IntArray, scattered
from fraudguard.simulate.world import Scene, World

__all__ = ["changing", "generation"]

_EVERY_MS: Final = 1_095 * DAY_MS
_SALT: Final = 77_001


def generation(world: World, owner: IntArray, moment_ms: IntArray) -> IntArray:
    """Return which phone a holder has at a moment: 0 for the first, then 1 and so on."""
    since_ms = moment_ms - world.period.start_ms
    return np.floor(since_ms / _EVERY_MS + scattered(owner, _SALT)).astype(np.int64)


def changing(scene: Scene) -> tuple[IntArray, IntArray]:
    """Return who, among people with the app, changes the phone in the block, and when."""
    people = scene.places.people[scene.population.app_user[scene.places.people]]
    start, until = np.full(len(people), scene.start_ms), np.full(len(people), scene.until_ms)
    before, after = generation(scene.world, people, start), generation(scene.world, people, until)
    who, number = people[after > before], after[after > before]
    moment = scene.period.start_ms + np.round((number - scattered(who, _SALT)) * _EVERY_MS).astype(np.int64)
    return who, np.clip(moment, scene.start_ms, scene.until_ms - 1)
