from collections.abc import Sequence
from typing import final

import numpy as np
from numpy.typing import NDArray

from fraudguard.features.facts import Facts
from fraudguard.features.neighbours import Neighbours
from fraudguard.features.past import Pasts

@final
class State:
    @property
    def out(self) -> Pasts: ...
    @property
    def into(self) -> Pasts: ...
    @property
    def pair(self) -> Pasts: ...
    @property
    def device(self) -> Pasts: ...
    @property
    def holder_out(self) -> Pasts: ...
    @property
    def holder_into(self) -> Pasts: ...
    @property
    def network(self) -> Neighbours: ...
    @property
    def facts(self) -> Facts: ...
    def __init__(
        self, stores: Sequence[tuple[Sequence[int], int]], n_fields: int, n_kinds: int, n_sources: int, longest: int
    ) -> None: ...
    def parts(self) -> dict[str, Pasts | Neighbours | Facts]: ...

@final
class Program:
    @property
    def n_observations(self) -> int: ...
    @property
    def n_operations(self) -> int: ...
    @property
    def n_slots(self) -> int: ...
    @property
    def n_outputs(self) -> int: ...
    @property
    def reads_network(self) -> bool: ...
    def __init__(
        self,
        *,
        readings: NDArray[np.int64],
        starts: NDArray[np.int64],
        lifelong: NDArray[np.int64],
        observations: NDArray[np.int64],
        network_slots: Sequence[int],
        operations: NDArray[np.int64],
        constants: NDArray[np.float64],
        n_slots: int,
        n_outputs: int,
    ) -> None: ...
