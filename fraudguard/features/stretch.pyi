import numpy as np
from numpy.typing import NDArray

from fraudguard.features.kernel import Program, State

def replay_stretch(
    state: State,
    program: Program,
    ids: NDArray[np.int64],
    times_ms: NDArray[np.int64],
    amounts_fen: NDArray[np.int64],
    flags: NDArray[np.int64],
    liquids: NDArray[np.int64],
    begin: int,
    until: int,
    rows: NDArray[np.float64],
    first: int,
) -> None: ...
def find_new(
    ids: NDArray[np.int64],
    times_ms: NDArray[np.int64],
    retention_ms: int,
    last: NDArray[np.int64],
    is_new: NDArray[np.uint8],
    oldest: NDArray[np.int64],
) -> None: ...
