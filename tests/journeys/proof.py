"""What a store holds, against what was answered and against a replay of its own log: everything that went wrong, counted."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from fraudguard.features import OnlineFeatures
from fraudguard.serve.store import Store
from fraudguard.transfer import Transfer
from tests.serve.fakes import PLAN

__all__ = ["NOTHING_WRONG", "Wrong", "wrong_in"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wrong:
    """What went wrong, each 0 when nothing did.

    Parameters
    ----------
    lost_answers : int
        Answers that were given and are not stored.
    other_bytes : int
        Answers that are stored otherwise than they were given.
    duplicates : int
        Events that stand in the log again.
    gaps : int
        Places of the log that nothing stands at.
    mismatching_cells : int
        Numbers of stored vectors that a replay of the log does not give, bit for bit.
    """

    lost_answers: int = 0
    other_bytes: int = 0
    duplicates: int = 0
    gaps: int = 0
    mismatching_cells: int = 0


NOTHING_WRONG: Final = Wrong()


def wrong_in(store: Store, answered: Mapping[str, bytes]) -> Wrong:
    """Return what is wrong in a store, given every answer by transfer; its log holds judged transfers only."""
    rows = list(store.log.read())
    found = {name: store.decisions.find_by_transfer(name) for name in answered}
    return Wrong(
        lost_answers=sum(row is None for row in found.values()),
        other_bytes=sum(row is not None and row.reply != answered[name] for name, row in found.items()),
        duplicates=sum(times - 1 for times in Counter(row.event_id for row in rows).values()),
        gaps=(rows[-1].seq if rows else 0) - len(rows),
        mismatching_cells=_mismatching_cells(store),
    )


def _mismatching_cells(store: Store) -> int:
    stored, features = dict(store.decisions.read_features()), OnlineFeatures(PLAN)
    differing = 0
    for row in store.log.read():
        assert isinstance(row.event, Transfer)
        replayed = features.query(row.event)
        # As whole numbers: a missing value equals itself, and no rounding is forgiven.
        differing += int((np.frombuffer(stored[row.event_id], np.uint64) != replayed.view(np.uint64)).sum())
        features.push(row.event)
    return differing
