"""What a dataset is worth before anybody trains on it: contract, privacy, coverage, labels, views."""

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd

from fraudguard.column import Event, columns_of
from fraudguard.errors import DataError, FraudguardError, NotFoundError
from fraudguard.ingest.privacy import PrivacyHit, scan_privacy
from fraudguard.sight import VIEW_FIELDS
from fraudguard.tables import Dataset, read_dataset
from fraudguard.tables.dataset import DATASET_FILE
from fraudguard.tables.schema import TABLES
from fraudguard.tables.source import open_table

__all__ = ["Coverage", "DatasetReport", "LabelReport", "ViewReport", "check_dataset", "refuse_secrets", "wilson"]

_FRAUD: Final = ("victim_transfer", "mule_movement")
_TRUTH: Final = "truth"  # of a simulator; nobody reads it, and nobody real is in it
_Z: Final = 1.959963984540054  # 97.5 % of a normal lie below


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """How often a field is known. A field that is not in the file has share 0."""

    table: str
    column: str
    known_share: float
    required: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelReport:
    """What the findings say: counts, base rate with its 95 % Wilson interval, days from transfer to finding.

    `base_rate` is of the finding `target`: victim transfers, or mule movements in a set that has only those.
    """

    findings: dict[str, int]
    target: str
    fraud_transfers: int
    base_rate: float
    base_rate_low: float
    base_rate_high: float
    delay_days_median: float | None
    delay_days_p90: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ViewReport:
    """How many of a view's fields are there, and which of them are never known."""

    view: str
    fields: int
    known: int
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DatasetReport:
    """All that `fraudguard check` found.

    Parameters
    ----------
    faults : tuple of FraudguardError
        The first breach of each table's contract; empty when all is well.
    privacy : tuple of PrivacyHit
        C3 first.
    rows : dict of str to int
        Of each table that is there.
    coverage : tuple of Coverage
        Every field of every table that is there.
    signals : dict of str to float
        Share of accounts named by each source.
    labels, views, period
        None or empty where the contract is broken.
    """

    faults: tuple[FraudguardError, ...]
    privacy: tuple[PrivacyHit, ...]
    rows: dict[str, int]
    coverage: tuple[Coverage, ...] = ()
    signals: dict[str, float]
    labels: LabelReport | None = None
    views: tuple[ViewReport, ...] = ()
    period: tuple[str, str] | None = None

    @property
    def secrets(self) -> tuple[PrivacyHit, ...]:
        """What must not be in any file: C3."""
        return tuple(hit for hit in self.privacy if hit.level == "C3")

    def to_dict(self) -> dict[str, Any]:
        """Return plain values; faults as their English text."""
        return {**asdict(self), "faults": [fault.en for fault in self.faults]}


def check_dataset(path: str | Path) -> DatasetReport:
    """Look a dataset folder, or a single file before its import, over.

    Parameters
    ----------
    path : str or Path
        A dataset folder; or a Parquet or CSV file, of which privacy alone is judged.

    Returns
    -------
    DatasetReport
        Faults are in it, not raised; no cell's value is.

    Raises
    ------
    NotFoundError
        If there is nothing at that path.
    DataError
        If a single file cannot be read at all.
    """
    where = Path(path)
    if where.is_file():
        raw = open_table(where)
        hits = scan_privacy(where.name, raw.table)
        return DatasetReport(faults=(), privacy=tuple(hits), rows={where.name: raw.table.num_rows}, signals={})
    if not where.is_dir():
        raise NotFoundError(
            f"{where}: no such file or folder. Check the path.", f"{where}：没有这个文件或文件夹。请检查路径。"
        )
    privacy, rows, faults = _raw_tables(where)
    try:
        dataset = read_dataset(where)
    except (DataError, NotFoundError) as fault:
        faults = (*faults, fault) if str(fault) not in {str(one) for one in faults} else faults
        return DatasetReport(faults=faults, privacy=privacy, rows=rows, signals={})
    return DatasetReport(
        faults=faults, privacy=privacy, rows=rows, coverage=tuple(_coverage(dataset)), signals=_signals(dataset),
        labels=_labels(dataset), views=tuple(_views(dataset)),
        period=(dataset.meta.period_from.isoformat(), dataset.meta.period_until.isoformat()),
    )  # fmt: skip


def refuse_secrets(report: DatasetReport) -> None:
    """Refuse a dataset that breaks its contract or holds authentication data.

    Parameters
    ----------
    report : DatasetReport
        From `check_dataset`.

    Raises
    ------
    DataError
        The first fault; or the C3 data, table and column named.
    """
    if report.secrets:
        en = "; ".join(f"{hit.table}.{hit.column} ({hit.kind.en})" for hit in report.secrets)
        zh = "；".join(f"{hit.table}.{hit.column}（{hit.kind.zh}）" for hit in report.secrets)
        raise DataError(
            f"C3 data of JR/T 0171-2020 are refused: {en}. Delete them at the source, and the copies made of them.",
            f"拒收 JR/T 0171-2020 的 C3 类信息：{zh}。请在源头删除，并删除已有的副本。",
        )
    if report.faults:
        raise report.faults[0]


def _raw_tables(folder: Path) -> tuple[tuple[PrivacyHit, ...], dict[str, int], tuple[FraudguardError, ...]]:
    """Look at every file of the folder as it stands, so that a broken contract hides no personal data."""
    hits: list[PrivacyHit] = []
    rows: dict[str, int] = {}
    faults: list[FraudguardError] = []
    for path in sorted(folder.glob("*.parquet")):
        if path.stem == _TRUTH:
            continue
        try:
            table = open_table(path).table
        except DataError as fault:
            faults.append(fault)
            continue
        rows[path.stem] = table.num_rows
        hits += scan_privacy(path.stem, table)
    if not (folder / DATASET_FILE).is_file() and not rows:
        faults.append(
            NotFoundError(
                f"{folder} is not a dataset folder: it has no {DATASET_FILE} and no tables. Make one with `fraudguard import`.",
                f"{folder} 不是数据集文件夹：没有 {DATASET_FILE}，也没有表。请用 `fraudguard import` 生成。",
            )
        )
    return tuple(hits), rows, tuple(faults)


def _coverage(dataset: Dataset) -> list[Coverage]:
    return [
        one
        for name, event_type in TABLES.items()
        if len(frame := getattr(dataset, name))
        for one in _of_table(name, frame, event_type)
    ]


def _of_table(name: str, frame: pd.DataFrame, event_type: type[Event]) -> list[Coverage]:
    return [
        Coverage(
            table=name, column=column.name, required=column.required,
            known_share=float(frame[column.name].notna().mean()) if column.name in frame else 0.0,
        )
        for column in columns_of(event_type)
    ]  # fmt: skip


def _signals(dataset: Dataset) -> dict[str, float]:
    if not len(dataset.signals):
        return {}
    accounts = pd.concat([dataset.transfers["payer_account_id"], dataset.transfers["payee_account_id"]]).nunique()
    named = dataset.signals.groupby("source", dropna=True)["account_id"].nunique()
    return {str(source): float(count / accounts) for source, count in named.items()}


def _labels(dataset: Dataset) -> LabelReport:
    findings = dataset.findings
    moments = dataset.transfers.set_index("transfer_id")["event_time"]
    fraud = findings[findings["finding"].isin(_FRAUD) & findings["transfer_id"].notna()]
    delay = (fraud["received_at"] - fraud["transfer_id"].map(moments)).dt.total_seconds().dropna() / 86_400
    named = findings.groupby("finding")["transfer_id"].nunique()
    target = next((word for word in _FRAUD if named.get(word, 0)), _FRAUD[0])
    frauds = int(named.get(target, 0))
    low, high = wilson(frauds, len(dataset.transfers))
    return LabelReport(
        findings={str(word): int(count) for word, count in findings["finding"].value_counts().items()},
        target=target,
        fraud_transfers=frauds,
        base_rate=frauds / len(dataset.transfers),
        base_rate_low=low,
        base_rate_high=high,
        delay_days_median=float(np.median(delay)) if len(delay) else None,
        delay_days_p90=float(np.quantile(delay, 0.9)) if len(delay) else None,
    )


def wilson(hits: int, trials: int) -> tuple[float, float]:
    """Return the 95 % interval of a share, by Wilson (JASA 22, 1927).

    Parameters
    ----------
    hits, trials : int
        At least one trial.

    Returns
    -------
    tuple of float
        Within 0 and 1, also when nothing was hit.

    Examples
    --------
    >>> low, high = wilson(0, 100)
    >>> low, round(high, 3)
    (0.0, 0.037)
    """
    share, square = hits / trials, _Z**2
    middle = (share + square / (2 * trials)) / (1 + square / trials)
    half = _Z / (1 + square / trials) * (share * (1 - share) / trials + square / (4 * trials**2)) ** 0.5
    return min(max(middle - half, 0.0), share), max(min(middle + half, 1.0), share)  # rounding aside


def _views(dataset: Dataset) -> list[ViewReport]:
    transfers = dataset.transfers
    known = {name for name in transfers.columns if transfers[name].notna().any()}
    return [
        ViewReport(
            view=view, fields=len(names), known=len(known & set(names)),
            missing=tuple(name for name in names if name not in known),
        )
        for view, names in VIEW_FIELDS.items()
    ]  # fmt: skip
