"""How rare fraud is: victim transfers per transfer, chosen by name and never hidden."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

__all__ = ["PRESETS"]

PRESETS: Final[Mapping[str, float]] = MappingProxyType({
    "stress": 2e-5,
    "realistic": 1e-4,
    "default": 5e-4,
    "dense": 2e-3,
})
"""`realistic` is near the 1.0e-4 of UK payments in 2025; `default` is for training; `dense` for small tests only."""
