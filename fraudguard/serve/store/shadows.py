"""Read what models in shadow would have recommended, beside what was."""

from collections.abc import Iterator
from typing import Final

import msgspec
from sqlalchemy import Engine, func, select

from fraudguard.serve.store.tables import decision, shadow

__all__ = ["Pair", "Shadows"]

_PAGE: Final = 5_000


class Pair(msgspec.Struct, frozen=True, kw_only=True):
    """One transfer, judged by the live model and by the one in shadow."""

    seq: int
    transfer_id: str
    decided_at_ms: int
    live_version: str
    live_tier: str | None
    live_score: float
    shadow_tier: str | None
    shadow_score: float


class Shadows:
    """The judgements of models in shadow."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def versions(self) -> dict[str, int]:
        """Return the models that ran in shadow, the latest first, with how many transfers each judged."""
        query = (
            select(shadow.c.model_version, func.count().label("judged"))
            .group_by(shadow.c.model_version)
            .order_by(func.max(shadow.c.seq).desc())
        )
        with self._engine.connect() as connection:
            return {row.model_version: row.judged for row in connection.execute(query)}

    def read(self, version: str) -> Iterator[Pair]:
        """Yield every transfer that a model judged in shadow, in log order, without holding them all."""
        after = 0
        while pairs := self._page(version, after):
            yield from pairs
            after = pairs[-1].seq

    def _page(self, version: str, after: int) -> list[Pair]:
        query = (
            select(
                shadow.c.seq,
                decision.c.transfer_id,
                decision.c.decided_at_ms,
                decision.c.model_version.label("live_version"),
                decision.c.tier.label("live_tier"),
                decision.c.score.label("live_score"),
                shadow.c.tier.label("shadow_tier"),
                shadow.c.score.label("shadow_score"),
            )
            .join(decision, decision.c.seq == shadow.c.seq)
            .where(shadow.c.model_version == version, shadow.c.seq > after)
            .order_by(shadow.c.seq)
            .limit(_PAGE)
        )
        with self._engine.connect() as connection:
            return [Pair(**row) for row in connection.execute(query).mappings()]
