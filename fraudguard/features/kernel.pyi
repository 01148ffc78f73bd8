from typing import final

import numpy as np
from numpy.typing import NDArray

@final
class State:
    def __init__(self, longest_ms: int) -> None: ...
    def reserve(self, n_accounts: int, n_pairs: int) -> None: ...

@final
class Program:
    def __init__(
        self,
        *,
        windows_ms: NDArray[np.int64],
        readings: NDArray[np.int64],
        n_fields: int,
        constants: NDArray[np.float64],
        operations: NDArray[np.int64],
        outputs: NDArray[np.int64],
    ) -> None: ...

def query(
    state: State,
    program: Program,
    payer: int,
    payee: int,
    pair: int,
    event_time_ms: int,
    fields: NDArray[np.float64],
    out: NDArray[np.float64],
) -> None: ...
def push(state: State, payer: int, payee: int, pair: int, event_time_ms: int, amount_fen: int) -> None: ...
def replay_rows(
    state: State,
    program: Program,
    entities: memoryview,
    times_ms: memoryview,
    amounts_fen: memoryview,
    fields: NDArray[np.float64],
    out: NDArray[np.float64],
) -> None: ...
