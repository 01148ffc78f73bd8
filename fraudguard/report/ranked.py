"""Transfers by falling score, and what is summed over the first of them."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from fraudguard.labels import Label
from fraudguard.model.bootstrap import clusters_of

__all__ = ["Ranked", "labelled"]


def labelled(graded: pd.DataFrame) -> pd.DataFrame:
    """Return the transfers whose label is known."""
    return graded[(graded["label"] != Label.UNKNOWN).to_numpy()]


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Ranked:
    """Transfers by falling score, equal scores by id, with what is summed over them."""

    score: NDArray[np.float64]
    fraud: NDArray[np.bool_]
    amount_fen: NDArray[np.float64]
    cluster: NDArray[np.int64]
    n_clusters: int

    @classmethod
    def of(cls, known: pd.DataFrame) -> "Ranked":
        """Rank labelled transfers."""
        ordered = (
            known
            .rename_axis("transfer_id")
            .reset_index()
            .sort_values(["score", "transfer_id"], ascending=[False, True])
        )
        cluster = clusters_of(ordered)
        return cls(
            score=ordered["score"].to_numpy(dtype=np.float64),
            fraud=(ordered["label"] == Label.FRAUD).to_numpy(),
            amount_fen=ordered["amount_fen"].to_numpy(dtype=np.float64),
            cluster=cluster,
            n_clusters=int(cluster.max(initial=-1)) + 1,
        )

    def at(
        self, times: NDArray[np.float64], per_10_000: NDArray[np.float64]
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return value recall and precision at budgets, each cluster taken a number of times."""
        weight = times[self.cluster]
        reached = np.cumsum(weight)
        if not len(reached) or not reached[-1]:
            return np.full(len(per_10_000), np.nan), np.full(len(per_10_000), np.nan)
        place = np.clip(np.searchsorted(reached, per_10_000 / 10_000 * reached[-1], side="left"), 0, len(reached) - 1)
        frauds, money = np.cumsum(weight * self.fraud), np.cumsum(weight * self.fraud * self.amount_fen)
        value = money[place] / money[-1] if money[-1] else np.full(len(place), np.nan)
        return value, frauds[place] / np.maximum(reached[place], 1e-12)

    def beyond(self, times: NDArray[np.float64], reached: NDArray[np.intp], review_fen: int) -> list[float]:
        """Return recall, precision, queue rate and net yuan per 1,000 where so many of the first are alerted."""
        weight = times[self.cluster]
        sums = [
            np.concatenate([[0.0], np.cumsum(weight * part)])
            for part in (np.ones(len(weight)), self.fraud, self.fraud * self.amount_fen)
        ]
        alerts, frauds, money = (one[reached] for one in sums)
        n, n_fraud = max(sums[0][-1], 1e-12), sums[1][-1]
        recall = frauds / n_fraud if n_fraud else np.full(len(reached), np.nan)
        precision = np.divide(frauds, alerts, out=np.full(len(reached), np.nan), where=alerts > 0)
        net_yuan = (money - review_fen * alerts) / 100 / n * 1_000
        return [*recall.tolist(), *precision.tolist(), *(alerts / n).tolist(), *net_yuan.tolist()]
