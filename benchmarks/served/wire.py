"""The request and the answer of every server that is not ours; they need pydantic and nothing else."""

from typing import Any

from pydantic import BaseModel

__all__ = ["Answer", "TransferIn"]


class Amount(BaseModel):
    """Money."""

    value: int
    currency: str


class Party(BaseModel):
    """One side of a transfer."""

    account_id: str
    balance_before_fen: int | None = None
    bank_code: str | None = None
    type: str | None = None


class TransferIn(BaseModel):
    """The request."""

    transfer_id: str
    event_time: str
    payer: Party
    payee: Party
    amount: Amount
    channel: str | None = None
    event_type: str | None = None
    session: dict[str, Any] | None = None
    device: dict[str, Any] | None = None


class Answer(BaseModel):
    """The answer, as long as ours."""

    id: str
    transfer_id: str
    created_at: str
    mode: str
    intervention: str
    tier: str | None
    hold: dict[str, Any] | None
    score: float
    reasons: list[str]
    versions: dict[str, str]
    degraded: bool
    timing_ms: dict[str, float]
