"""What an artifact says of itself: plain values, the same for the same input."""

import hashlib
import math
from collections.abc import Sequence
from dataclasses import asdict
from importlib.metadata import version
from typing import Any, Final

import pandas as pd

from fraudguard.features.catalog_file import CatalogFile
from fraudguard.model.artifact import CATALOG_FILE
from fraudguard.model.evaluation import Evaluation
from fraudguard.model.scam_training import TrainedScamTypes
from fraudguard.model.sights import SightRow
from fraudguard.model.train import TrainedModel
from fraudguard.tables import Dataset

__all__ = ["data_digest", "manifest_content"]

_PACKAGES: Final = ("lightgbm", "numpy", "pandas", "scikit-learn")
_DIGESTED: Final = {
    "transfers": ("transfer_id", "event_time", "payer_account_id", "payee_account_id", "amount_fen"),
    "findings": ("finding_id", "transfer_id", "finding", "received_at", "supersedes"),
}


def manifest_content(
    dataset: Dataset,
    trained: TrainedModel,
    evaluation: Evaluation,
    *,
    sights: Sequence[SightRow] = (),
    catalog_file: CatalogFile | None = None,
) -> dict[str, Any]:
    """Return the manifest of a trained model, without files, version and moment.

    Parameters
    ----------
    dataset : Dataset
        What it was trained on.
    trained : TrainedModel
        The model.
    evaluation : Evaluation
        On its test window.
    sights : sequence of SightRow
        What it is worth to a bank that sees less.
    catalog_file : CatalogFile or None
        Where the catalog came from; None for the one that ships, or one made in a notebook.

    Returns
    -------
    dict
        Plain values for JSON.
    """
    plan, calibration = trained.scorer.plan, trained.scorer.calibration
    file = None if catalog_file is None else {"name": catalog_file.name, "sha256": catalog_file.sha256}
    return {
        "catalog": {"fingerprint": plan.fingerprint, "names": list(plan.names)},
        CATALOG_FILE: file,
        "calibration": {"slope": calibration.slope, "intercept": calibration.intercept},
        "alerts_per_10_000": trained.alerts_per_10_000,
        "policy_version": trained.policy.version,
        "spec": trained.spec.to_dict(),
        "shape": trained.shape,
        "data": _data(dataset),
        "counts": trained.counts,
        "metrics": evaluation.to_dict(),
        "sights": [_plain_sight(row) for row in sights],
        "normals": trained.normals,
        "scam_types": _scam_types(trained.scam_types),
        "warnings": [{"zh": warning.zh, "en": warning.en} for warning in trained.warnings],
        "code": {"fraudguard": version("fraudguard"), **{name: version(name) for name in _PACKAGES}},
    }


def _plain_sight(row: SightRow) -> dict[str, Any]:
    plain = asdict(row)
    return {
        name: None if isinstance(value, float) and not math.isfinite(value) else value for name, value in plain.items()
    }


def _scam_types(trained: TrainedScamTypes | None) -> dict[str, Any] | None:
    if trained is None:
        return None
    shares = {"top_1": trained.top_1, "top_3": trained.top_3, "most_frequent": trained.most_frequent}
    return {
        "names": list(trained.names),
        "n_train": trained.n_train,
        "n_test": trained.n_test,
        **{name: share if math.isfinite(share) else None for name, share in shares.items()},
    }


def data_digest(dataset: Dataset) -> str:
    """Return a hash of what training reads of a dataset, in log order.

    Parameters
    ----------
    dataset : Dataset
        Any.

    Returns
    -------
    str
        Sixteen hexadecimal digits.
    """
    digest = hashlib.sha256()
    for table, columns in _DIGESTED.items():
        frame: pd.DataFrame = getattr(dataset, table)[list(columns)]
        digest.update(f"{table} {len(frame)}".encode())
        digest.update(pd.util.hash_pandas_object(frame, index=False).to_numpy().tobytes())
    return digest.hexdigest()[:16]


def _data(dataset: Dataset) -> dict[str, Any]:
    meta = dataset.meta
    return {
        "name": meta.name,
        "source": meta.source,
        "currency": meta.currency,
        "time_zone": meta.time_zone,
        "period": [meta.period_from.isoformat(), meta.period_until.isoformat()],
        "counts": dict(meta.counts),
        "unreported": meta.unreported,
        "digest": data_digest(dataset),
    }
