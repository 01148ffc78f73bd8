"""What the service answers, as typed values.

A word that a later service may add, such as a new intervention, arrives as it is: treat one you do not know as the more
severe. A field that is not known here is passed over.
"""

from datetime import datetime

import msgspec

__all__ = [
    "Assessment",
    "BatchLine",
    "Entry",
    "Estimate",
    "Fallback",
    "FieldFault",
    "Hold",
    "LateAssessment",
    "ListOut",
    "Page",
    "Problem",
    "Readiness",
    "Reason",
    "Text",
    "TimingMs",
    "Unjudged",
    "Vector",
    "Version",
    "Versions",
]


class Hold(msgspec.Struct, frozen=True, kw_only=True):
    """How long the money is recommended to be held: seconds, and until when."""

    hold_s: int
    expires_at: datetime


class Text(msgspec.Struct, frozen=True, kw_only=True):
    """A sentence in both languages."""

    zh: str
    en: str


class Reason(msgspec.Struct, frozen=True, kw_only=True):
    """One cause that raised the score, with its value and what is usual."""

    code: str
    direction: str = "raises"
    contribution: float
    value: float | None
    baseline: float | None
    baseline_of: str
    rarity: float | None
    text: Text


class ListOut(msgspec.Struct, frozen=True, kw_only=True):
    """An entry of a list that a decision was made under, and what it does."""

    entry_id: str
    kind: str
    reason_code: str
    effect: str


class Versions(msgspec.Struct, frozen=True, kw_only=True):
    """What a decision was made with."""

    model: str
    features: str
    policy: str


class TimingMs(msgspec.Struct, frozen=True, kw_only=True):
    """Milliseconds spent on each step."""

    features: float
    model: float
    reasons: float
    total: float


class Assessment(msgspec.Struct, frozen=True, kw_only=True):
    """One transfer judged once: what to do, why, and with which versions."""

    id: str
    transfer_id: str
    created_at: datetime
    mode: str = "live"
    intervention: str
    tier: str | None
    hold: Hold | None
    score: float
    reasons: tuple[Reason, ...]
    versions: Versions
    degraded: bool = False
    degraded_reasons: tuple[str, ...] = ()
    lists: tuple[ListOut, ...] = ()
    timing_ms: TimingMs


class LateAssessment(msgspec.Struct, frozen=True, kw_only=True):
    """What was declared for a transfer that was not judged by the deadline; the judgement is stored later."""

    transfer_id: str
    created_at: datetime
    mode: str
    intervention: str
    degraded: bool = True
    degraded_reasons: tuple[str, ...]
    deadline_ms: int


class Estimate(msgspec.Struct, frozen=True, kw_only=True):
    """What would be decided on a transfer, of which nothing was recorded."""

    transfer_id: str
    intervention: str
    tier: str | None
    hold_s: int | None
    score: float
    versions: Versions


class FieldFault(msgspec.Struct, frozen=True, kw_only=True):
    """What is wrong with one field: where, how to mend it, and a code."""

    pointer: str
    detail: str
    code: str


class Unjudged(msgspec.Struct, frozen=True, kw_only=True):
    """What was declared for a transfer that was read and cannot be judged."""

    intervention: str


class Problem(msgspec.Struct, frozen=True, kw_only=True):
    """An error as the service tells it (RFC 9457); a program relies on `code`."""

    type: str
    title: str
    status: int
    detail: str
    instance: str
    code: str
    request_id: str
    errors: tuple[FieldFault, ...]
    fallback: Unjudged | None = None


class BatchLine(msgspec.Struct, frozen=True, kw_only=True):
    """What came of one transfer of a batch: an assessment, an estimate, or a problem."""

    line: int
    status: int
    replayed: bool = False
    assessment: Assessment | None = None
    estimate: Estimate | None = None
    problem: Problem | None = None


class Page(msgspec.Struct, frozen=True, kw_only=True):
    """Some assessments, the newest first, and where the next ones begin."""

    data: tuple[Assessment, ...]
    has_more: bool
    next_cursor: str | None


class Vector(msgspec.Struct, frozen=True, kw_only=True):
    """The features that an assessment was made on; None is missing."""

    id: str
    features_fingerprint: str
    features: dict[str, float | None]


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """An event that is in the log: its kind, id and place."""

    kind: str
    id: str
    place: int


class Readiness(msgspec.Struct, frozen=True, kw_only=True):
    """Whether the service can answer, and the state of each part."""

    status: str
    parts: dict[str, str]

    @property
    def is_ready(self) -> bool:
        """Whether every part can do its work."""
        return self.status == "ready"


class Fallback(msgspec.Struct, frozen=True, kw_only=True):
    """What to do without a judgement: below an amount in fen, and from it on."""

    from_fen: int
    below: str
    above: str


class Version(msgspec.Struct, frozen=True, kw_only=True):
    """What runs there."""

    fraudguard: str
    model: str
    features: str
    policy: str
    shadow: str | None
    fallback: Fallback
    livemode: bool = True
