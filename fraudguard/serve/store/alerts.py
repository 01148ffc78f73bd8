"""Alerts: decisions that an officer looks at, with their transfer and what was found."""

from collections.abc import Sequence
from typing import Final

import msgspec
from sqlalchemy import ColumnElement, Engine, RowMapping, Select, and_, case, exists, func, select

from fraudguard.decision import Reason, Tier
from fraudguard.errors import NotFoundError
from fraudguard.serve.store.rows import Kind, decode_event, decode_reasons
from fraudguard.serve.store.tables import decision, log
from fraudguard.transfer import Transfer

__all__ = ["Alert", "Alerts"]


class Alert(msgspec.Struct, frozen=True, kw_only=True):
    """One alert as the officer's list and page need it."""

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
    is_open: bool


_finding: Final = log.alias("finding")
# What a bank only tries out is no work for an officer.
_is_alert: Final = and_(decision.c.tier.is_not(None), decision.c.mode == "live")
_has_finding: Final = exists(
    select(_finding.c.seq).where(_finding.c.kind == Kind.FINDING, _finding.c.transfer_id == decision.c.transfer_id)
)
# A finding is only ever superseded by another one, so an alert with any finding has one that stands.
_is_open: Final = ~_has_finding
_urgency: Final = case({tier.value: place for place, tier in enumerate(Tier)}, value=decision.c.tier)


class Alerts:
    """The alerts, most urgent first."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def count(self, *, is_open: bool) -> dict[Tier, int]:
        """Return how many alerts of each tier are open, or closed."""
        query = (
            select(decision.c.tier, func.count()).where(_is_alert, _in_state(is_open=is_open)).group_by(decision.c.tier)
        )
        with self._engine.connect() as connection:
            found = {Tier(tier): count for tier, count in connection.execute(query)}
        return {tier: found.get(tier, 0) for tier in Tier}

    def list(self, *, is_open: bool, tier: Tier | None = None, offset: int = 0, limit: int = 50) -> Sequence[Alert]:
        """Return alerts by tier, then by expected loss."""
        query = _alerts().where(_in_state(is_open=is_open)).offset(offset).limit(limit)
        if tier is not None:
            query = query.where(decision.c.tier == tier.value)
        query = query.order_by(_urgency, decision.c.expected_loss_fen.desc(), decision.c.seq)
        with self._engine.connect() as connection:
            return [_to_alert(row) for row in connection.execute(query).mappings()]

    def get(self, transfer_id: str) -> Alert:
        """Return the alert on a transfer.

        Raises
        ------
        NotFoundError
            If there is none.
        """
        query = _alerts().where(decision.c.transfer_id == transfer_id)
        with self._engine.connect() as connection:
            row = connection.execute(query).mappings().one_or_none()
        if row is None:
            raise NotFoundError("no alert on this transfer", "没有该转账的预警")
        return _to_alert(row)


def _alerts() -> Select[tuple[object, ...]]:
    query: Select[tuple[object, ...]] = select(decision, log.c.body, _is_open.label("is_open"))
    return query.join(log, log.c.seq == decision.c.seq).where(_is_alert)


def _in_state(*, is_open: bool) -> ColumnElement[bool]:
    return _is_open if is_open else _has_finding


def _to_alert(row: RowMapping) -> Alert:
    transfer = decode_event(Kind.TRANSFER, bytes(row["body"]))
    if not isinstance(transfer, Transfer):
        raise TypeError("a decision stands on a transfer")
    same = ("intervention", "hold_s", "score", "expected_loss_fen", "model_version", "features_fingerprint")
    return Alert(
        transfer=transfer,
        tier=Tier(row["tier"]),
        reasons=decode_reasons(row["reasons"]),
        policy_version=row["policy_version"],
        decided_at_ms=row["decided_at_ms"],
        is_open=bool(row["is_open"]),
        **{name: row[name] for name in same},
    )
