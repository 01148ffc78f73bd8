"""Answers that came too late: what the caller was told in their place."""

import msgspec
from sqlalchemy import ColumnElement, Engine, Update, exists, insert, select, update

from fraudguard.decision import Intervention
from fraudguard.serve.store.case_tables import case_, case_alert
from fraudguard.serve.store.tables import decision, late_answer

__all__ = ["LateAnswer", "LateAnswers", "is_told_less"]

_HOLD_NOTHING = [one.value for one in Intervention if not one.holds_money]


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
        """Note what was told in place of a decision that is stored by now; a second one is left out.

        If that holds no money, the case of the decision knows no hold of it any more.
        """
        columns = (decision.c.seq, decision.c.decided_at_ms, decision.c.hold_s)
        with self._engine.begin() as connection:
            seq, at_ms, hold_s = connection.execute(
                select(*columns).where(decision.c.assessment_id == assessment_id)
            ).one()
            known = connection.execute(select(late_answer.c.seq).where(late_answer.c.seq == seq)).first()
            if known is None:
                connection.execute(insert(late_answer), {"seq": seq, **msgspec.structs.asdict(answer)})
                if hold_s is not None and answer.told in _HOLD_NOTHING:
                    connection.execute(_without_hold(seq, at_ms, until_ms=at_ms + 1000 * hold_s))

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


def is_told_less() -> ColumnElement[bool]:
    """Return the condition that the bank was told, in place of a decision, something that holds no money."""
    its = (late_answer.c.seq == decision.c.seq, late_answer.c.told.in_(_HOLD_NOTHING))
    return exists(select(late_answer.c.seq).where(*its)).correlate(decision)


def _without_hold(seq: int, at_ms: int, *, until_ms: int) -> Update:
    # Only where the clock of the case is that of this hold: another alert of it may be held for longer.
    its = select(case_alert.c.case_id).where(case_alert.c.seq == seq)
    running = (case_.c.case_id.in_(its), case_.c.drains_from_ms == until_ms)
    return update(case_).where(*running).values(drains_from_ms=at_ms, version=case_.c.version + 1)
