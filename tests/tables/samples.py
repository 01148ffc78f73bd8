"""Small tables that are right, and ways to write them down."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd

from fraudguard.tables import DatasetMeta

__all__ = ["HEADER", "META", "files_under", "findings", "transfers", "write_lines"]

META: Final = DatasetMeta(name="small", source="invented for a test")
HEADER: Final = "transfer_id,event_time,payer_account_id,payee_account_id,amount_fen"


def transfers(n_transfers: int = 5, **columns: Any) -> pd.DataFrame:  # noqa: ANN401  # cells of any kind
    """Return transfers a minute apart; `columns` replace or add."""
    place = np.arange(n_transfers)
    frame = pd.DataFrame({
        "transfer_id": [f"t{i}" for i in place],
        "event_time": pd.to_datetime(1_767_323_047_000 + 60_000 * place, unit="ms", utc=True).as_unit("ms"),
        "payer_account_id": [f"payer-{i % 3}" for i in place],
        "payee_account_id": [f"payee-{i % 2}" for i in place],
        "amount_fen": (4_980_000 + place).astype(np.int64),
    })
    return frame.assign(**columns)


def findings(transfer_ids: Sequence[str]) -> pd.DataFrame:
    """Return one victim finding a transfer."""
    moment = pd.to_datetime(["2026-01-09T00:00:00Z"] * len(transfer_ids)).as_unit("ms")
    return pd.DataFrame({
        "finding_id": [f"f-{transfer_id}" for transfer_id in transfer_ids],
        "finding": "victim_transfer",
        "event_time": moment,
        "received_at": moment,
        "transfer_id": list(transfer_ids),
    })


def write_lines(path: Path, lines: Sequence[str], header: str = HEADER) -> Path:
    """Write a CSV of a header and lines."""
    path.write_text("\n".join([header, *lines]) + "\n", encoding="utf-8")
    return path


def files_under(folder: Path) -> list[str]:
    """Return every file and folder under a folder, hidden ones too."""
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*"))
