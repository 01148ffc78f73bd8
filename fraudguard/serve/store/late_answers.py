"""Answers that came too late: what the caller was told in their place."""

import msgspec
from sqlalchemy import Engine, insert, select

from fraudguard.serve.store.tables import decision, late_answer

__all__ = ["LateAnswer", "LateAnswers"]


class LateAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """What a caller was told at its deadline, before the decision was durable."""

    told: str
    deadline_ms: int
    told_at_ms: int


class LateAnswers:
    """At most one a decision: the first."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def add(self, assessment_id: str, answer: LateAnswer) -> None:
        """Note what was told in place of a decision that is stored by now; a second one is left out."""
        place = select(decision.c.seq).where(decision.c.assessment_id == assessment_id)
        with self._engine.begin() as connection:
            seq = connection.execute(place).scalar_one()
            known = connection.execute(select(late_answer.c.seq).where(late_answer.c.seq == seq)).first()
            if known is None:
                connection.execute(insert(late_answer), {"seq": seq, **msgspec.structs.asdict(answer)})

    def find(self, assessment_id: str) -> LateAnswer | None:
        """Return what was told in place of a decision, None when the decision itself was."""
        query = (
            select(late_answer.c.told, late_answer.c.deadline_ms, late_answer.c.told_at_ms)
            .join(decision, decision.c.seq == late_answer.c.seq)
            .where(decision.c.assessment_id == assessment_id)
        )
        with self._engine.connect() as connection:
            row = connection.execute(query).mappings().one_or_none()
        return None if row is None else LateAnswer(**row)
