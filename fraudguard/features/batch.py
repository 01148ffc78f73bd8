"""Batch: replay a log of transfers into a table of features."""

import os
import shutil
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from fraudguard.column import columns_of
from fraudguard.errors import ConflictError, DefinitionError
from fraudguard.features.catalog import CATALOG, Catalog
from fraudguard.features.coded import CodedLog, CodedNames, code_log, numbers_of, parties_of
from fraudguard.features.compiler import compile_plan
from fraudguard.features.grouped import replay_by_groups
from fraudguard.features.groups import observe_rows, operate_rows
from fraudguard.features.index import Index
from fraudguard.features.kernel import State
from fraudguard.features.learn import Learner
from fraudguard.features.plan import FeaturePlan
from fraudguard.features.program import load_program, new_state
from fraudguard.features.stretch import replay_stretch
from fraudguard.progress import Progress, silent
from fraudguard.tables import Dataset
from fraudguard.tables.events import PlacedEvent, placed_events
from fraudguard.transfer import Transfer

__all__ = ["replay", "replay_stretches"]

_STRETCH: Final = 50_000
"""Rows per part of a partitioned Parquet folder, and between two reports of progress."""


def replay(
    log: Dataset | pd.DataFrame,
    *,
    catalog: Catalog | None = None,
    out: Path | None = None,
    threads: int | None = None,
    progress: Progress = silent,
) -> pd.DataFrame:
    """Return the features of every transfer of a log, each as of its own moment.

    Parameters
    ----------
    log : Dataset or DataFrame
        Transfers in log order, as `fraudguard.read_dataset` or
        `fraudguard.read_transfers` gives them; never sorted here. A dataset's account rows, signals and
        findings count from the moment they were received.
    catalog : Catalog or None
        What to compute; None for the one that ships.
    out : Path or None
        A folder that does not exist yet; when given, the features are written
        there as ``part-00000.parquet``, … and the table returned is empty. Memory then does not grow with the log's length,
        but for what is remembered.
    threads : int or None
        How many may work at once; None for one a core. The result does not depend on it.
    progress : Progress
        Told how many transfers are done.

    Returns
    -------
    DataFrame of float64, shape (n_transfers, n_features)
        Indexed by ``transfer_id``; row *i* uses what was known before transfer *i* only. A transfer whose id came
        before (within the longest window or 90 days) has its row and is not counted a second time.

    Raises
    ------
    ConflictError
        If `out` exists.
    DefinitionError
        If `threads` is below 1.

    Examples
    --------
    >>> import pandas as pd
    >>> transfers = pd.DataFrame({
    ...     "transfer_id": ["t0", "t1"],
    ...     "event_time": pd.to_datetime(["2026-01-01T00:00Z", "2026-01-01T00:05Z"]),
    ...     "payer_account_id": ["a", "a"],
    ...     "payee_account_id": ["b", "c"],
    ...     "amount_fen": [500, 700],
    ... })
    >>> replay(transfers)["payer_out_amount_fen_sum_10m"].tolist()
    [0.0, 500.0]
    """
    if threads is not None and threads < 1:
        raise DefinitionError(f"threads is {threads}; give 1 or more", f"threads 为 {threads}；至少为 1")
    plan = compile_plan(catalog or CATALOG)
    transfers = log.transfers if isinstance(log, Dataset) else log
    events = placed_events(log) if isinstance(log, Dataset) else []
    if out is not None:
        return _write_parts(_stretches(transfers, events, plan, progress=progress), transfers, plan=plan, out=out)
    matrix = _matrix(transfers, events, plan, threads=threads or _n_cores(), progress=progress)
    return _frame(transfers, matrix, plan)


def replay_stretches(
    log: Dataset, *, catalog: Catalog | None = None, progress: Progress = silent
) -> Iterator[pd.DataFrame]:
    """Give the features of a log a stretch at a time, for logs whose matrix does not fit into memory.

    Parameters
    ----------
    log : Dataset
        Transfers in log order, with account rows, signals and findings.
    catalog : Catalog or None
        What to compute; None for the one that ships.
    progress : Progress
        Told how many transfers are done.

    Yields
    ------
    DataFrame of float64, shape (at most 50,000, n_features)
        Rows in log order, the same as `replay` gives, bit for bit; one thread.
    """
    plan = compile_plan(catalog or CATALOG)
    for first, part in _stretches(log.transfers, placed_events(log), plan, progress=progress):
        yield _frame(log.transfers.iloc[first : first + len(part)], part, plan)


def _n_cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _frame(transfers: pd.DataFrame, matrix: NDArray[np.float64], plan: FeaturePlan) -> pd.DataFrame:
    index = pd.Index(transfers["transfer_id"], name="transfer_id")
    return pd.DataFrame(matrix[:, : len(plan.columns)], index=index, columns=list(plan.names), copy=False)


def _matrix(
    transfers: pd.DataFrame, events: Sequence[PlacedEvent], plan: FeaturePlan, *, threads: int, progress: Progress
) -> NDArray[np.float64]:
    """Replay view by view, then what is observed in log order, then row by row."""
    coded = code_log(transfers, events, plan)
    n = len(coded)
    matrix = _aligned(n, plan.n_slots)
    rows = matrix.reshape(-1)
    for done in replay_by_groups(coded, plan, rows, threads=threads):
        progress(n * done // _N_STEPS, n)
    _fill_fields(matrix, transfers, plan)
    _observe(coded, transfers, events, plan=plan, rows=rows)
    if len(plan.operations):
        operate_rows(load_program(plan), 0, n, rows)
    progress(n, n)
    return matrix


def _aligned(n_rows: int, n_slots: int) -> NDArray[np.float64]:
    """Return an empty matrix that begins with a line of the cache: what one half writes then lies in the fewest."""
    words = np.empty(n_rows * n_slots + _LINE)
    skipped = -words.ctypes.data % (8 * _LINE) // 8
    return words[skipped : skipped + n_rows * n_slots].reshape(n_rows, n_slots)


_LINE: Final = 8
_N_STEPS: Final = 6


def _fill_fields(matrix: NDArray[np.float64], transfers: pd.DataFrame, plan: FeaturePlan) -> None:
    columns = {column.name: column for column in columns_of(Transfer)}
    for name, slot in zip(plan.field_names, plan.field_slots.tolist(), strict=True):
        matrix[:, slot] = numbers_of(transfers[name], columns[name]) if name in transfers else np.nan


def _observe(
    coded: CodedLog,
    transfers: pd.DataFrame,
    events: Sequence[PlacedEvent],
    *,
    plan: FeaturePlan,
    rows: NDArray[np.float64],
) -> None:
    if not plan.reads_network and not len(plan.observations):
        return
    state, program = new_state(plan), load_program(plan)
    ids, is_new = np.column_stack([coded.payer, coded.payee]), coded.is_new
    for begin, until in _between_events(coded, transfers, events, plan=plan, state=state):
        observe_rows(state, program, ids, coded.times_ms, coded.amounts_fen, coded.liquids, is_new, begin, until, rows)


def _between_events(
    coded: CodedLog, transfers: pd.DataFrame, events: Sequence[PlacedEvent], *, plan: FeaturePlan, state: State
) -> Iterator[tuple[int, int]]:
    """Give the stretches of transfers between other events, and let each event count at its place."""
    names = CodedNames(coded, parties_of(transfers, coded, events))
    learner = Learner(state, names, Index(0, 4), account_fields=plan.account_fields)
    n_named = coded.n_accounts + sum(event.kind != "finding" or bool(event.event) for event in events)
    state.network.reserve(n_named)
    state.facts.reserve(n_named, len(events))
    for event in events:
        if event.place > names.place:
            yield names.place, event.place
            names.place = event.place
        learner.learn(event.event)
    if names.place < len(coded):
        yield names.place, len(coded)


def _stretches(
    transfers: pd.DataFrame, events: Sequence[PlacedEvent], plan: FeaturePlan, *, progress: Progress
) -> Iterator[tuple[int, NDArray[np.float64]]]:
    """Replay in log order, a stretch at a time; each comes with the row it starts at."""
    coded = code_log(transfers, events, plan)
    state, program = new_state(plan), load_program(plan)
    _reserve(state, coded)
    ids = _ids(coded)
    first, matrix = 0, np.empty((0, plan.n_slots))
    for begin, until in _cut(_between_events(coded, transfers, events, plan=plan, state=state)):
        if begin == first + len(matrix):
            first = begin
            stretch = transfers.iloc[first : first + _STRETCH]
            matrix = np.empty((len(stretch), plan.n_slots))
            _fill_fields(matrix, stretch, plan)
        replay_stretch(
            state,
            program,
            ids,
            coded.times_ms,
            coded.amounts_fen,
            coded.flags,
            coded.liquids,
            begin,
            until,
            matrix.reshape(-1),
            first,
        )
        if until == first + len(matrix):
            yield first, matrix
            progress(until, len(coded))


def _cut(stretches: Iterator[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Cut stretches where a part ends."""
    for begin, until in stretches:
        yield from pairwise([begin, *range((begin // _STRETCH + 1) * _STRETCH, until, _STRETCH), until])


def _reserve(state: State, coded: CodedLog) -> None:
    state.out.reserve(coded.n_accounts, coded.pair.n)
    state.into.reserve(coded.n_accounts, coded.pair.n)
    state.pair.reserve(coded.pair.n, 0)
    state.device.reserve(coded.device.n, coded.device_link.n)
    state.holder_out.reserve(coded.sender.n, coded.sender_link.n)
    state.holder_into.reserve(coded.sender.n, coded.receiver_link.n)


def _ids(coded: CodedLog) -> NDArray[np.int64]:
    entities = (coded.pair, coded.device, coded.sender, coded.receiver)
    links = (coded.device_link, coded.sender_link, coded.receiver_link)
    numbers = [coded.payer, coded.payee, *(one.numbers for one in entities), *(one.numbers for one in links)]
    return np.ascontiguousarray(np.column_stack(numbers)).reshape(-1)


def _write_parts(
    parts: Iterator[tuple[int, NDArray[np.float64]]], transfers: pd.DataFrame, *, plan: FeaturePlan, out: Path
) -> pd.DataFrame:
    if out.exists():
        raise ConflictError(f"{out} exists; name a folder that does not", f"{out} 已存在；请换一个尚不存在的文件夹")
    unfinished = out.with_name(f".{out.name}.unfinished")
    unfinished.mkdir(parents=True)
    try:
        for number, (start, part) in enumerate(parts):
            frame = _frame(transfers.iloc[start : start + len(part)], part, plan)
            frame.to_parquet(unfinished / f"part-{number:05}.parquet")
        unfinished.rename(out)
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)
    return _frame(transfers.iloc[:0], np.empty((0, plan.n_slots)), plan)
