"""What a number of alerts catches, when a sample stands for all transfers."""

from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from fraudguard.hardness.card import Recall
from fraudguard.hardness.sample import Sample

__all__ = ["Catcher"]

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

_DRAWS: Final = 400
_INTERVAL: Final = (2.5, 97.5)
_PER: Final = 10_000.0


class Catcher:
    """Alerts on the test rows of a sample.

    Parameters
    ----------
    sample : Sample
        Rows with weights.
    seed : int
        Of the bootstrap over cases.
    """

    def __init__(self, sample: Sample, *, seed: int) -> None:
        self._rows: pd.DataFrame = sample.rows[sample.test].reset_index(drop=True)
        self._victim = sample.victim[sample.test]
        self._weight = sample.weight[sample.test]
        self._amount = self._rows["amount_fen"].to_numpy(dtype=np.float64)
        self._known_gangs = set(sample.rows.loc[sample.train & sample.victim, "gang_id"])
        self._rng = np.random.default_rng(seed)

    def rate(self, alerts: Flags) -> float:
        """Return alerts in 10 000 transfers."""
        return float((self._weight * alerts).sum() / self._weight.sum() * _PER)

    def at(self, score: Floats, scorer: str, per_10_000: float) -> Recall:
        """Return what the highest scores catch of all victims' payments."""
        return self._recall(score, scorer, per_10_000, among="all", which=self._victim)

    def new_gangs(self, score: Floats, per_10_000: float) -> list[Recall]:
        """Return recall on gangs never seen in training, and on the others."""
        known = self._rows["gang_id"].isin(self._known_gangs).to_numpy()
        parts = (("new gangs", self._victim & ~known), ("known gangs", self._victim & known))
        return [
            self._recall(score, "bank_both_sides", per_10_000, among=among, which=which)
            for among, which in parts
            if which.any()
        ]

    def by_type(self, score: Floats, per_10_000: float) -> list[Recall]:
        """Return recall on each scam type, commonest first."""
        types = self._rows.loc[self._victim, "scam_type"].value_counts()
        return [
            self._recall(
                score, "bank_both_sides", per_10_000, among=str(word),
                which=self._victim & (self._rows["scam_type"] == word).to_numpy(),
            )
            for word in types.index
        ]  # fmt: skip

    def alerts_of_scenarios(self, score: Floats, per_10_000: float = 10.0) -> dict[str, float]:
        """Return which share of the payments of each honest scenario is alerted; ordinary life is ``ordinary``."""
        alerted = self._alerted(score, per_10_000)
        honest = self._rows[~self._victim]
        of_scenario = honest["scenario"].fillna("ordinary")
        shares = pd.Series(alerted[~self._victim]).groupby(of_scenario.to_numpy()).mean()
        return {str(name): float(share) for name, share in shares.sort_values(ascending=False).items()}

    def _alerted(self, score: Floats, per_10_000: float) -> Floats:
        """Return how much of each row is alerted; rows with the score at the edge share what is left."""
        budget = per_10_000 / _PER * self._weight.sum()
        levels, place = np.unique(-score, return_inverse=True)
        held = np.cumsum(np.bincount(place, self._weight, len(levels)))
        last = int(np.searchsorted(held, budget))
        before = held[last - 1] if last else 0.0
        part = (budget - before) / max(held[min(last, len(held) - 1)] - before, 1e-12)
        return np.where(place < last, 1.0, np.where(place == last, min(part, 1.0), 0.0))

    def _recall(self, score: Floats, scorer: str, per_10_000: float, *, among: str, which: Flags) -> Recall:
        alerted = self._alerted(score, per_10_000)
        caught = alerted[which]
        low, high = self._interval(caught, self._rows.loc[which, "case_id"])
        money = self._amount[which]
        return Recall(
            scorer=scorer, among=among, n=int(which.sum()), alerts_per_10_000=per_10_000, recall=float(caught.mean()),
            low=low, high=high, value_recall=float(caught @ money / money.sum()),
            precision=float(alerted[self._victim].sum() / max((alerted * self._weight).sum(), 1e-12)),
        )  # fmt: skip

    def _interval(self, caught: Floats, case_id: "pd.Series[str]") -> tuple[float, float]:
        """Draw cases with replacement: payments of one case stand or fall together."""
        case, names = pd.factorize(case_id)
        hits, sizes = np.bincount(case, caught, len(names)), np.bincount(case, minlength=len(names))
        drawn = self._rng.integers(0, len(names), (_DRAWS, len(names)))
        recalls = hits[drawn].sum(axis=1) / sizes[drawn].sum(axis=1)
        low, high = np.percentile(recalls, _INTERVAL)
        return float(low), float(high)
