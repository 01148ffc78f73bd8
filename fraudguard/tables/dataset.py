"""A dataset: four tables and what is said of them in dataset.json."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, Literal
from zoneinfo import ZoneInfo

import msgspec
import pandas as pd

from fraudguard.errors import DataError, NotFoundError
from fraudguard.tables.fault import file_error, masked, near
from fraudguard.wording import Bilingual
from fraudguard.wording.markup import Table, card

__all__ = ["DATASET_FILE", "Dataset", "DatasetMeta", "meta_from_json", "meta_to_json"]

DATASET_FILE: Final = "dataset.json"
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class DatasetMeta:
    """What is said of a dataset as a whole.

    Parameters
    ----------
    name : str
        Short name.
    source : str
        Where the transfers come from, in a sentence; no path.
    currency : str
        ISO 4217; ``XXX`` where the source names none.
    time_zone : str
        In which people read its times.
    period_from, period_until : datetime
        First and last `event_time`; `write_dataset` sets them from the data.
    counts : mapping of str to int
        Rows of each table; `write_dataset` sets it from the data.
    unreported : {"genuine", "unknown"}
        What a transfer without a finding counts as after `maturity_days`.
    maturity_days : int
        Days after which nearly all findings have come in.
    dropped : tuple of str
        Columns of the source that the import left out.
    """

    name: str
    source: str
    currency: str = "CNY"
    time_zone: str = "Asia/Shanghai"
    period_from: datetime = _EPOCH
    period_until: datetime = _EPOCH
    counts: Mapping[str, int] = field(default_factory=dict)
    unreported: Literal["genuine", "unknown"] = "genuine"
    maturity_days: int = 30
    dropped: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Dataset:
    """The tables of a dataset folder, checked.

    Parameters
    ----------
    path : Path or None
        The folder; None when it was never written.
    meta : DatasetMeta
        What `dataset.json` says.
    transfers : DataFrame
        In log order, one row a transfer; optional columns may be missing.
    accounts, signals, findings : DataFrame
        All columns, perhaps no rows; in the order of their files.
    """

    path: Path | None
    meta: DatasetMeta
    transfers: pd.DataFrame
    accounts: pd.DataFrame
    signals: pd.DataFrame
    findings: pd.DataFrame

    def __repr__(self) -> str:
        counts = f"{len(self.transfers):,} transfers, {len(self.accounts):,} accounts, {len(self.findings):,} findings"
        return f"Dataset({self.meta.name}: {counts})"

    def _repr_html_(self) -> str:
        return card(f"{self.meta.name} · {self.meta.source}", tables=[self._table()])

    def _table(self) -> Table:
        """Return what a reader asks first: how much, from when to when, how much of it is known."""
        times, found = self.transfers["event_time"], self.findings["finding"].value_counts()
        period = f"{times.min():%Y-%m-%d} – {times.max():%Y-%m-%d}" if len(times) else "–"
        empty = [name for name in self.transfers if self.transfers[name].isna().all()] if len(times) else []
        adverse = int(found.reindex(["victim_transfer", "mule_movement"]).fillna(0).sum())
        rate = f"{10_000 * adverse / len(times):.1f}" if len(times) else "–"
        rows = [
            ("转账 · transfers", f"{len(times):,}"),
            ("时段 · period", period),
            ("账户资料、信号 · account rows, signals", f"{len(self.accounts):,}, {len(self.signals):,}"),
            ("结论 · findings", ", ".join(f"{name} {n:,}" for name, n in found.items()) or "–"),
            ("每万笔涉诈结论 · adverse findings per 10,000", rate),
            ("没有结论的 · without a finding", f"{self.meta.unreported}, {self.meta.maturity_days} d"),
            ("全空的列 · columns without a value", ", ".join(map(str, empty)) or "–"),
        ]
        return Table(columns=("", ""), rows=rows)


def meta_to_json(meta: DatasetMeta) -> str:
    """Return the text of dataset.json.

    Parameters
    ----------
    meta : DatasetMeta
        Moments aware.

    Returns
    -------
    str
        Same meta, same text.
    """
    values = asdict(meta) | {"counts": dict(meta.counts)}
    for name in ("period_from", "period_until"):
        values[name] = values[name].astimezone(UTC).isoformat(timespec="milliseconds")
    return json.dumps(values, ensure_ascii=False, indent=2) + "\n"


def meta_from_json(path: Path) -> DatasetMeta:
    """Return what a dataset.json says.

    Parameters
    ----------
    path : Path
        The file.

    Returns
    -------
    DatasetMeta
        Checked.

    Raises
    ------
    NotFoundError
        If there is no such file.
    DataError
        If it is not JSON, or a key is missing, unknown or of a wrong type.
    """
    if not path.is_file():
        raise NotFoundError(
            f"{path}: no such file, so this is not a dataset folder. Make one with `fraudguard import` or `simulate`.",
            f"{path}：没有这个文件，所以这不是数据集文件夹。请用 `fraudguard import` 或 `simulate` 生成。",
        )
    return _convert(path, _load(path))


def _convert(path: Path, values: dict[str, Any]) -> DatasetMeta:
    _refuse_keys(path, values)
    try:
        meta = msgspec.convert(values, DatasetMeta)
    except msgspec.ValidationError as error:
        raise _damaged(path, str(error)) from error
    if meta.period_from.tzinfo is None or meta.period_until.tzinfo is None:
        raise _damaged(path, "period_from, period_until: a time without a zone")
    if meta.maturity_days < 0 or not _is_zone(meta.time_zone):
        raise _damaged(path, f"maturity_days {meta.maturity_days}, time_zone {masked(meta.time_zone)}")
    return meta


def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return False
    return True


def _load(path: Path) -> dict[str, Any]:
    try:
        values = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:  # not JSON, or not UTF-8
        raise _damaged(path, "not JSON") from error
    if not isinstance(values, dict):
        raise _damaged(path, "not a JSON object")
    return values


def _refuse_keys(path: Path, values: dict[str, Any]) -> None:
    known = [entry.name for entry in fields(DatasetMeta)]
    strange = next((key for key in values if key not in known), None)
    if strange is not None:
        guess = near(strange, known)
        raise _damaged(path, f"unknown key {strange}" + (f", did you mean {guess[0]}?" if guess else ""))


def _damaged(path: Path, what: str) -> DataError:
    return file_error(
        path,
        Bilingual(f"内容不合规（{what}）", what),
        Bilingual("请重新导入或生成该数据集。", "Import or simulate the dataset again."),
    )
