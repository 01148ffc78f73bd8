"""Alerts: decisions that an officer looks at, with their transfer and what was found."""

from collections.abc import Sequence

import msgspec
from sqlalchemy import ColumnElement, Engine, RowMapping, and_, select

from fraudguard.decision import Reason, Tier
from fraudguard.serve.store.rows import Kind, decode_event, decode_reasons
from fraudguard.serve.store.tables import decision, log
from fraudguard.transfer import Transfer

__all__ = ["Alert", "Alerts", "is_alert"]


class Alert(msgspec.Struct, frozen=True, kw_only=True):
    """One alert as the page of its case needs it."""

    seq: int
    assessment_id: str
    transfer: Transfer
    intervention: str
    tier: Tier
    hold_s: int | None
    score: float
    expected_loss_fen: int
    reasons: tuple[Reason, ...]
    model_version: str
    features_fingerprint: str
    policy_version: str
    decided_at_ms: int


def is_alert() -> ColumnElement[bool]:
    """Return the condition that a decision needs an officer; what a bank only tries out does not."""
    return and_(decision.c.tier.is_not(None), decision.c.mode == "live")


class Alerts:
    """The alerts."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def of_places(self, places: Sequence[int]) -> Sequence[Alert]:
        """Return the alerts at these places of the log, in its order."""
        query = select(decision, log.c.body).join(log, log.c.seq == decision.c.seq)
        query = query.where(is_alert(), decision.c.seq.in_(places)).order_by(decision.c.seq)
        with self._engine.connect() as connection:
            return [_to_alert(row) for row in connection.execute(query).mappings()]


def _to_alert(row: RowMapping) -> Alert:
    transfer = decode_event(Kind.TRANSFER, bytes(row["body"]))
    if not isinstance(transfer, Transfer):
        raise TypeError("a decision stands on a transfer")
    same = (
        "seq",
        "assessment_id",
        "intervention",
        "hold_s",
        "score",
        "expected_loss_fen",
        "model_version",
        "features_fingerprint",
    )
    return Alert(
        transfer=transfer,
        tier=Tier(row["tier"]),
        reasons=decode_reasons(row["reasons"]),
        policy_version=row["policy_version"],
        decided_at_ms=row["decided_at_ms"],
        **{name: row[name] for name in same},
    )
