"""The model card: what a model is for, what it was made of, how good it is."""

from collections.abc import Mapping
from importlib.resources import files
from string import Template
from typing import Any

from fraudguard.model.baselines import BASELINES

__all__ = ["card_text"]

_NO_WARNINGS = {"zh": "- 无", "en": "- none"}
_SCORERS = {"model": {"zh": "模型", "en": "model"}} | {
    baseline.code: {"zh": baseline.title.zh, "en": baseline.title.en} for baseline in BASELINES
}


def card_text(content: Mapping[str, Any]) -> str:
    """Return the card of a model in Markdown, Chinese first.

    Parameters
    ----------
    content : Mapping
        From `fraudguard.model.manifest.manifest_content`.

    Returns
    -------
    str
        The same for the same content.
    """
    pages = (_page(content, lang) for lang in ("zh", "en"))
    return "\n".join(pages)


def _page(content: Mapping[str, Any], lang: str) -> str:
    template = Template(files("fraudguard.model").joinpath(f"card.{lang}.md").read_text("utf-8"))
    data, metrics, windows = content["data"], content["metrics"], content["spec"]["split"]
    return template.substitute(
        fingerprint=content["catalog"]["fingerprint"],
        n_features=len(content["catalog"]["names"]),
        name=data["name"],
        source=data["source"],
        digest=data["digest"],
        as_of=windows["as_of"],
        train=_window(windows["train"]),
        train_rows=content["counts"]["train"],
        valid=_window(windows["valid"]),
        valid_rows=content["counts"]["valid"],
        test=_window(windows["test"]),
        target=", ".join(content["spec"]["target"]),
        train_fraud=content["counts"]["train_fraud"],
        valid_fraud=content["counts"]["valid_fraud"],
        trees=content["counts"]["trees"],
        n_test=metrics["n_transfers"],
        n_test_fraud=metrics["n_fraud"],
        ap=_number(metrics["average_precision"]),
        auc=_number(metrics["auc"]),
        ece=_number(metrics["calibration_error"]),
        budget=f"{content['alerts_per_10_000']:g}",
        rows="\n".join(_row(row, lang) for row in metrics["rows"]),
        warnings="\n".join(f"- {warning[lang]}" for warning in content["warnings"]) or _NO_WARNINGS[lang],
    )


def _row(row: Mapping[str, Any], lang: str) -> str:
    yuan = f"¥{row['caught_fen'] / 100:,.0f}"
    low, high = _number(row["recall_low"]), _number(row["recall_high"])
    cells = (
        _SCORERS[row["scorer"]][lang],
        str(row["alerts"]),
        f"{_number(row['recall'])} [{low}, {high}]",
        _number(row["precision"]),
        yuan,
        _number(row["value_recall"]),
    )
    return f"| {' | '.join(cells)} |"


def _window(edges: list[str | None]) -> str:
    return " – ".join(edge or "…" for edge in edges)


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"
