"""From a seed to a dataset folder."""

from collections import deque
from collections.abc import Generator
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from contextlib import closing
from datetime import date
from multiprocessing import get_context
from pathlib import Path
from typing import Final

from fraudguard.errors import DefinitionError
from fraudguard.progress import Progress, silent
from fraudguard.simulate.presets import PRESETS
from fraudguard.simulate.rhythm import Block
from fraudguard.simulate.run import Run
from fraudguard.simulate.stage import Made, Spec, blocks_of, make_block, stage_of
from fraudguard.tables import DatasetMeta
from fraudguard.tables.dataset import DATASET_FILE
from fraudguard.tables.folder import claim
from fraudguard.tables.piecewise import dataset_in_pieces

__all__ = ["simulate_dataset"]

_LEAST_DAYS: Final = 14
_LEAST_ACCOUNTS: Final = 500
_START: Final = date(2026, 1, 1)
_MATURITY_DAYS: Final = 7


def simulate_dataset(  # noqa: PLR0913  # each is a knob of its own, all by keyword
    out: str | Path,
    *,
    days: int = 60,
    accounts: int = 40_000,
    preset: str = "default",
    signal_coverage: float = 0.35,
    seed: int = 7,
    start: date = _START,
    workers: int = 1,
    progress: Progress = silent,
    overwrite: bool = False,
) -> DatasetMeta:
    """Invent a bank's transfers, with fraud in them, and write them as a dataset folder.

    Besides the tables of every dataset the folder holds ``truth.parquet``,
    which says what each transfer really was. Nothing trains on it. The world
    is made, written and forgotten in blocks of days, so memory does not grow
    with `days`.

    Parameters
    ----------
    out : str or Path
        The folder to be made.
    days : int
        Length of the period, at least 14 days.
    accounts : int
        Number of accounts, at least 500. About thirteen transfers an account and month come out.
    preset : {"stress", "realistic", "default", "dense"}
        How rare victim transfers are; see `PRESETS`.
    signal_coverage : float
        Share of customers of whom telecom and police signals exist, 0 to 1.
    seed : int
        Same arguments and seed give the same bytes, under the same versions of the packages.
    start : date
        First local day.
    workers : int
        Processes; more than one draw blocks ahead of the one that writes. The bytes stay the same.
    progress : Progress
        Called with the days done and their number.
    overwrite : bool
        Whether an existing dataset folder may be replaced.

    Returns
    -------
    DatasetMeta
        As in dataset.json; `read_dataset` reads the tables.

    Raises
    ------
    DefinitionError
        If an argument is out of its range or the preset is unknown.
    ConflictError
        If `out` exists and may not be replaced.

    Examples
    --------
    >>> import tempfile
    >>> from fraudguard.tables import read_dataset
    >>> out = tempfile.mkdtemp() + "/world"
    >>> simulate_dataset(out, days=14, accounts=500, preset="dense").name
    'simulated'
    >>> read_dataset(out).transfers["currency"].unique().tolist()
    ['CNY']
    """
    for name, value, least in (
        ("days", days, _LEAST_DAYS), ("accounts", accounts, _LEAST_ACCOUNTS), ("seed", seed, 0), ("workers", workers, 1),
    ):  # fmt: skip
        _at_least(name, value, least)
    spec = Spec(
        seed=seed, accounts=accounts, days=days, start=start, rate=_rate(preset), signal_coverage=_share(signal_coverage)
    )  # fmt: skip
    claim(Path(out), overwrite=overwrite, marker=DATASET_FILE)
    meta = DatasetMeta(
        name="simulated", source=f"fraudguard simulate, preset {preset}, seed {seed}", unreported="genuine",
        maturity_days=_MATURITY_DAYS,
    )  # fmt: skip
    return _play(Path(out), spec, meta, workers=workers, progress=progress, overwrite=overwrite)


def _at_least(name: str, value: int, least: int) -> None:
    if value < least:
        raise DefinitionError(f"{name} is {value}; give at least {least}", f"{name} 为 {value}；至少要 {least}")


def _share(value: float) -> float:
    if not 0 <= value <= 1:
        raise DefinitionError(
            f"signal_coverage is {value}; give a share between 0 and 1",
            f"signal_coverage 为 {value}；请给 0 到 1 之间的比例",
        )
    return value


def _rate(preset: str) -> float:
    if preset not in PRESETS:
        raise DefinitionError(
            f"preset {preset!r} is unknown; take one of {', '.join(PRESETS)}",
            f"没有名为 {preset!r} 的预设；请从 {'、'.join(PRESETS)} 中选一个",
        )
    return PRESETS[preset]


def _play(
    out: Path, spec: Spec, meta: DatasetMeta, *, workers: int, progress: Progress, overwrite: bool
) -> DatasetMeta:
    stage = stage_of(spec)
    blocks = blocks_of(spec, stage)
    with (
        dataset_in_pieces(out, meta=meta, overwrite=overwrite) as writer,
        closing(_made(spec, blocks, workers)) as made,
    ):
        run = Run(stage, writer)
        for block, begins in zip(blocks, made, strict=True):
            run.play(block, begins)
            progress(block.until_day, spec.days)
        run.finish()
    return writer.told(meta)


def _made(spec: Spec, blocks: tuple[Block, ...], workers: int) -> Generator[Made]:
    """Draw the blocks in their order; with several workers a few are drawn ahead, never all."""
    if workers == 1:
        yield from (make_block(spec, block) for block in blocks)
        return
    with ProcessPoolExecutor(workers - 1, mp_context=get_context("spawn")) as pool:
        yield from _ahead(pool, spec, blocks, depth=workers)


def _ahead(pool: Executor, spec: Spec, blocks: tuple[Block, ...], *, depth: int) -> Generator[Made]:
    drawn: deque[Future[Made]] = deque()
    try:
        for block in blocks:
            drawn.append(pool.submit(make_block, spec, block))
            if len(drawn) > depth:
                yield drawn.popleft().result()
        while drawn:
            yield drawn.popleft().result()
    finally:
        for future in drawn:
            future.cancel()
