import numpy as np
from numpy.typing import NDArray

from fraudguard.features.kernel import Program, State
from fraudguard.features.past import Pasts

def observe_rows(
    state: State,
    program: Program,
    ids: NDArray[np.int64],
    times_ms: NDArray[np.int64],
    amounts_fen: NDArray[np.int64],
    liquids: NDArray[np.int64],
    is_new: NDArray[np.uint8],
    begin: int,
    until: int,
    rows: NDArray[np.float64],
) -> None: ...
def operate_rows(program: Program, begin: int, until: int, rows: NDArray[np.float64]) -> None: ...
def read_unknown(
    state: State, program: Program, view: int, entities: NDArray[np.int64], rows: NDArray[np.float64]
) -> None: ...
def count_halves(entities: NDArray[np.int64], counts: NDArray[np.int64]) -> None: ...
def gather_halves(
    payers: NDArray[np.int64],
    payees: NDArray[np.int64],
    times_ms: NDArray[np.int64],
    amounts_fen: NDArray[np.int64],
    payer_words: NDArray[np.int64],
    payee_words: NDArray[np.int64],
    begin: int,
    until: int,
    places: NDArray[np.int64],
    halves: NDArray[np.int64],
) -> None: ...
def replay_groups(
    program: Program,
    first: Pasts,
    second: Pasts,
    n_links: int,
    views: NDArray[np.int64],
    starts: NDArray[np.int64],
    begin: int,
    until: int,
    halves: NDArray[np.int64],
    rows: NDArray[np.float64],
) -> None: ...
