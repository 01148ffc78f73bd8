"""Which scam a likely victim transfer is part of: a ranking that picks what an officer asks first."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fraudguard.model.ensemble import Ensemble

__all__ = ["RankedScam", "ScamTypes"]


@dataclass(frozen=True, slots=True, kw_only=True)
class RankedScam:
    """A scam type and how likely it is, should the transfer be fraud.

    Parameters
    ----------
    scam_type : str
        A word of `fraudguard.finding.ScamType`.
    probability : float
        In [0, 1]; those of all types make 1.
    """

    scam_type: str
    probability: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ScamTypes:
    """Trees that tell scam types apart, ready for one transfer at a time.

    Parameters
    ----------
    ensemble : Ensemble
        The trees: one output a type.
    names : tuple of str
        The types, in the order of the outputs.
    """

    ensemble: Ensemble
    names: tuple[str, ...]

    @classmethod
    def of(cls, text: str, names: Sequence[str]) -> "ScamTypes":
        """Load trees from LightGBM's text."""
        return cls(ensemble=Ensemble(text, n_outputs=len(names)), names=tuple(names))

    def rank(self, vector: NDArray[np.float64]) -> tuple[RankedScam, ...]:
        """Return the types of a transfer, likeliest first.

        Parameters
        ----------
        vector : ndarray of float64, shape (n_features,)
            Features of the transfer.

        Returns
        -------
        tuple of RankedScam
            Every type the trees know; equals go by name.
        """
        raw = self.ensemble.margin(vector)
        odds = np.exp(raw - raw.max())
        shares = (odds / odds.sum()).tolist()
        ranked = sorted(zip(self.names, shares, strict=True), key=lambda pair: (-pair[1], pair[0]))
        return tuple(RankedScam(scam_type=name, probability=share) for name, share in ranked)
