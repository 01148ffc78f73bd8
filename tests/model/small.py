"""A model folder made of a few words, for tests that never score."""

from pathlib import Path
from typing import Any

from fraudguard.model.artifact import CARD, MODEL, POLICY, Artifact
from fraudguard.model.save import save_artifact

__all__ = ["small_artifact"]


def small_artifact(out: Path, name: str, **content: Any) -> Artifact:  # noqa: ANN401  # any part of a manifest
    """Write a model folder whose manifest has what a registry reads; the name makes its version its own."""
    row = {"scorer": "model", "per_10_000": 10.0, "recall": 0.5, "precision": 0.2, "value_recall": 0.6}
    plain: dict[str, Any] = {
        "catalog": {"fingerprint": "f-1", "names": ["amount_fen"]},
        "data": {"name": name},
        "spec": {"split": {"test": ["2026-01-01T00:00:00Z", None]}},
        "metrics": {"average_precision": 0.4, "n_transfers": 1_000, "n_fraud": 5, "rows": [row]},
    }
    files = {MODEL: f"trees of {name}", POLICY: 'version = "p"\n', CARD: f"# {name}\n"}
    return save_artifact(out, files, {**plain, **content}, created_at="2026-01-05T02:00:00+00:00")
