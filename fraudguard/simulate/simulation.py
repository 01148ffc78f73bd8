"""From a seed to a dataset folder."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

import numpy as np

from fraudguard.errors import DefinitionError
from fraudguard.progress import Progress, silent
from fraudguard.simulate.business import business_life
from fraudguard.simulate.findings import find
from fraudguard.simulate.frames import account_frame, transfer_frame, truth_frame
from fraudguard.simulate.hard_negatives import hard_negatives
from fraudguard.simulate.ledger import Ledger, settle
from fraudguard.simulate.life import daily_life
from fraudguard.simulate.orders import join
from fraudguard.simulate.presets import PRESETS
from fraudguard.simulate.scams import Fraud, commit_fraud, draw_campaigns
from fraudguard.simulate.streams import IntArray
from fraudguard.simulate.world import World, build_world
from fraudguard.tables import Dataset, DatasetMeta, read_dataset, write_dataset
from fraudguard.tables.dataset import DATASET_FILE
from fraudguard.tables.folder import claim

__all__ = ["simulate_dataset"]

_STEPS: Final = 8
_LEAST_DAYS: Final = 14
_LEAST_ACCOUNTS: Final = 500
_START: Final = date(2026, 1, 1)
_MATURITY_DAYS: Final = 7
_LIFE_PAID: Final = 0.92  # measured: share of ordinary orders that the ledger lets pass
_VICTIMS_PAID: Final = 0.92  # measured likewise; both only aim the base rate
_FALSE_BLOCKS: Final = 0.001


@dataclass(slots=True)
class _Teller:
    """Counts steps for whoever listens."""

    progress: Progress
    done: int = 0

    def step(self) -> None:
        """Say that one more step is done."""
        self.done += 1
        self.progress(self.done, _STEPS)


def simulate_dataset(  # noqa: PLR0913  # each is a knob of its own, all by keyword
    out: str | Path,
    *,
    days: int = 60,
    accounts: int = 20_000,
    preset: str = "default",
    seed: int = 7,
    start: date = _START,
    progress: Progress = silent,
    overwrite: bool = False,
) -> Dataset:
    """Invent a bank's transfers, with fraud in them, and write them as a dataset folder.

    Besides the tables of every dataset the folder holds ``truth.parquet``,
    which says what each transfer really was. Nothing trains on it.

    Parameters
    ----------
    out : str or Path
        The folder to be made.
    days : int
        Length of the period, at least 14 days.
    accounts : int
        Number of accounts, at least 500. About ten transfers an account and month come out.
    preset : {"stress", "realistic", "default", "dense"}
        How rare victim transfers are; see `PRESETS`.
    seed : int
        Same arguments and seed give the same bytes, under the same versions of the packages.
    start : date
        First local day.
    progress : Progress
        Called with the steps done and their number.
    overwrite : bool
        Whether an existing dataset folder may be replaced.

    Returns
    -------
    Dataset
        As read back from the folder.

    Raises
    ------
    DefinitionError
        If an argument is out of its range or the preset is unknown.
    ConflictError
        If `out` exists and may not be replaced.
    """
    _check(days=days, accounts=accounts, preset=preset, seed=seed)
    claim(Path(out), overwrite=overwrite, marker=DATASET_FILE)
    teller = _Teller(progress)
    world = build_world(seed, accounts=accounts, days=days, start=start)
    teller.step()
    ledger, fraud, blocked_ms = _play(world, PRESETS[preset], teller)
    _write(Path(out), world, (ledger, fraud, blocked_ms), teller=teller, overwrite=overwrite)
    dataset = read_dataset(out)
    teller.step()
    return dataset


def _check(*, days: int, accounts: int, preset: str, seed: int) -> None:
    if preset not in PRESETS:
        raise DefinitionError(
            f"preset {preset!r} is unknown; take one of {', '.join(PRESETS)}",
            f"没有名为 {preset!r} 的预设；请从 {'、'.join(PRESETS)} 中选一个",
        )
    for name, value, least in (("days", days, _LEAST_DAYS), ("accounts", accounts, _LEAST_ACCOUNTS), ("seed", seed, 0)):
        if value < least:
            raise DefinitionError(f"{name} is {value}; give at least {least}", f"{name} 为 {value}；至少要 {least}")


def _play(world: World, rate: float, teller: _Teller) -> tuple[Ledger, Fraud, IntArray]:
    parts = [daily_life(world)]
    teller.step()
    parts.append(business_life(world))
    teller.step()
    honest = sum(len(part) for part in parts) * _LIFE_PAID
    kinds, steps = draw_campaigns(world.stream("campaigns"), transfers=honest * rate / _VICTIMS_PAID)
    fraud = commit_fraud(world, kinds, steps)
    parts += [hard_negatives(world, cases=len(kinds)), fraud.orders]
    teller.step()
    blocked_ms = np.minimum(fraud.blocked_ms, _false_blocks(world))
    ledger = settle(world, join(parts), blocked_ms=blocked_ms)
    teller.step()
    return ledger, fraud, blocked_ms


def _false_blocks(world: World) -> IntArray:
    """Stop a few honest accounts by mistake, so that a stopped account proves nothing."""
    rng, size = world.stream("false blocks"), world.population.size
    moment = rng.integers(world.period.start_ms, world.period.until_ms, size)
    chosen = (rng.random(size) < _FALSE_BLOCKS) & world.population.is_person & (world.population.opened_day < 0)
    return np.where(chosen, moment, np.iinfo(np.int64).max)


def _write(
    out: Path, world: World, played: tuple[Ledger, Fraud, IntArray], *, teller: _Teller, overwrite: bool
) -> None:
    ledger, fraud, blocked_ms = played
    transfers = transfer_frame(world, ledger, fraud=fraud)
    teller.step()
    ids = transfers["transfer_id"]
    write_dataset(
        out,
        transfers=transfers,
        accounts=account_frame(world, fraud=fraud, blocked_ms=blocked_ms),
        findings=find(world, ledger.orders, ids.tolist(), fraud=fraud),
        truth=truth_frame(ledger, ids, fraud=fraud, accounts=world.population.size),
        meta=DatasetMeta(
            name="simulated", source=f"fraudguard simulate, seed {world.seed}", unreported="genuine",
            maturity_days=_MATURITY_DAYS,
        ),
        overwrite=overwrite,
    )  # fmt: skip
    teller.step()
