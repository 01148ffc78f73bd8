"""The model card: what a model is for, what it was made of, how good it is."""

from collections.abc import Mapping
from datetime import datetime
from importlib.resources import files
from string import Template
from typing import Any, Final
from zoneinfo import ZoneInfo

from fraudguard.model.baselines import BASELINES
from fraudguard.model.evaluation_card import sight_table
from fraudguard.model.sights import SightRow
from fraudguard.wording import Bilingual
from fraudguard.wording.markdown import as_html
from fraudguard.wording.markup import Table, page

__all__ = ["card_page", "card_text"]

_NO_WARNINGS: Final = {"zh": "- 无", "en": "- none"}
_SCORERS: Final = {"model": {"zh": "模型", "en": "model"}} | {
    baseline.code: {"zh": baseline.title.zh, "en": baseline.title.en} for baseline in BASELINES
}
_IMMATURE: Final = {
    "drop": Bilingual("也不参与训练。", "nor learned from."),
    "weight": Bilingual(
        "训练时按其年龄应已收到的举报份额加权。",
        "they are learned from with the weight of the share of reports that is known at their age.",
    ),
    "unlabelled": Bilingual("训练时按未标注处理。", "they are learned from as unlabelled."),
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


def card_page(content: Mapping[str, Any]) -> str:
    """Return the card of a model as a page of HTML, for a committee that opens files and not terminals.

    Parameters
    ----------
    content : Mapping
        From `fraudguard.model.manifest.manifest_content`.

    Returns
    -------
    str
        What `card_text` says, without a script or a link.
    """
    return page("模型卡 · Model card", as_html(card_text(content)), lang="zh")


def _page(content: Mapping[str, Any], lang: str) -> str:
    template = Template(files("fraudguard.model").joinpath(f"card.{lang}.md").read_text("utf-8"))
    data, metrics, windows = content["data"], content["metrics"], content["spec"]["split"]
    zone = data["time_zone"]
    return template.substitute(
        fingerprint=content["catalog"]["fingerprint"],
        n_features=len(content["catalog"]["names"]),
        name=data["name"],
        source=data["source"],
        digest=data["digest"],
        as_of=_moment(windows["as_of"], zone),
        zone=zone,
        train=_window(windows["train"], zone),
        train_rows=f"{content['counts']['train']:,}",
        valid=_window(windows["valid"], zone),
        valid_rows=f"{content['counts']['valid']:,}",
        test=_window(windows["test"], zone),
        target=", ".join(content["spec"]["target"]),
        train_fraud=content["counts"]["train_fraud"],
        valid_fraud=content["counts"]["valid_fraud"],
        trees=content["counts"]["trees"],
        n_test=f"{metrics['n_transfers']:,}",
        n_test_fraud=metrics["n_fraud"],
        ap=_number(metrics["average_precision"]),
        auc=_number(metrics["auc"]),
        ece=_number(metrics["calibration_error"]),
        budget=f"{content['alerts_per_10_000']:g}",
        rows="\n".join(_row(row, lang) for row in metrics["rows"]),
        sights=_sights(content["sights"], lang),
        immature=_IMMATURE[content["spec"]["immature"]].text(lang),
        warnings="\n".join(f"- {warning[lang]}" for warning in content["warnings"]) or _NO_WARNINGS[lang],
    )


def _sights(rows: list[dict[str, Any]], lang: str) -> str:
    table: Table = sight_table([SightRow(**row) for row in rows], lang=lang)
    lines = [table.columns, ["---"] * len(table.columns), *table.rows]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in lines)


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


def _window(edges: list[str | None], zone: str) -> str:
    return " – ".join("…" if edge is None else _moment(edge, zone) for edge in edges)


def _moment(text: str, zone: str) -> str:
    """Return a moment in the data's own zone, to the minute."""
    return f"{datetime.fromisoformat(text).astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M}"


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"
