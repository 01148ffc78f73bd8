"""What a model in shadow would have done, beside what the live one did."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Self

from fraudguard.column import Event, from_ms
from fraudguard.finding import Finding
from fraudguard.labels import Label, LabelRule, standing
from fraudguard.serve.store.shadows import Pair

__all__ = ["Comparison", "Outcome", "compare", "findings_by_transfer"]

_RULE: Final = LabelRule(maturity=timedelta(0), unreported="unknown")


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How many transfers of one label each model sent to an officer.

    Parameters
    ----------
    n_transfers : int
        Judged by both.
    both, live_only, shadow_only : int
        Alerts of both models, or of one alone.
    """

    n_transfers: int
    both: int
    live_only: int
    shadow_only: int

    @classmethod
    def of(cls, counts: Mapping[tuple[bool, bool], int]) -> Self:
        """Return the counts of (alert of the live model, alert of the one in shadow)."""
        return cls(
            n_transfers=sum(counts.values()),
            both=counts.get((True, True), 0),
            live_only=counts.get((True, False), 0),
            shadow_only=counts.get((False, True), 0),
        )

    @property
    def live(self) -> int:
        """Alerts of the live model."""
        return self.both + self.live_only

    @property
    def shadow(self) -> int:
        """Alerts of the model in shadow."""
        return self.both + self.shadow_only


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """A model in shadow beside the live one, on the same transfers.

    Parameters
    ----------
    version : str
        The model in shadow.
    live_versions : tuple of str
        What was live meanwhile.
    begin, end : datetime or None
        First and last decision; None when nothing was judged.
    outcomes : dict of Label to Outcome
        By what was found of the transfers: most are unknown until they are reported.
    score_difference : float
        Mean of the absolute difference of the two scores.
    """

    version: str
    live_versions: tuple[str, ...]
    begin: datetime | None
    end: datetime | None
    outcomes: Mapping[Label, Outcome]
    score_difference: float


def compare(version: str, pairs: Iterable[Pair], findings: Mapping[str, Sequence[Finding]]) -> Comparison:
    """Compare a model in shadow with the live one.

    Parameters
    ----------
    version : str
        The model in shadow.
    pairs : iterable of Pair
        What both said of each transfer, in log order.
    findings : mapping
        Findings by transfer; superseded ones do not count.

    Returns
    -------
    Comparison
        An alert is what an officer is to look at, under each model's own policy.
    """
    counts: dict[Label, Counter[tuple[bool, bool]]] = {label: Counter() for label in Label}
    lives: dict[str, None] = {}
    moments: list[int] = []
    n, apart = 0, 0.0
    for pair in pairs:
        label = _label(pair.transfer_id, findings)
        counts[label][pair.live_tier is not None, pair.shadow_tier is not None] += 1
        lives[pair.live_version] = None
        moments = [moments[0] if moments else pair.decided_at_ms, pair.decided_at_ms]
        n, apart = n + 1, apart + abs(pair.live_score - pair.shadow_score)
    begin, end = (from_ms(moment) for moment in moments) if moments else (None, None)
    return Comparison(
        version=version,
        live_versions=tuple(lives),
        begin=begin,
        end=end,
        outcomes={label: Outcome.of(counted) for label, counted in counts.items()},
        score_difference=apart / n if n else 0.0,
    )


def findings_by_transfer(events: Iterable[Event]) -> dict[str, list[Finding]]:
    """Return findings by the transfer they are on.

    Parameters
    ----------
    events : iterable of Event
        Events of the log; others than findings on a transfer are passed over.

    Returns
    -------
    dict of str to list of Finding
        In the order given.
    """
    found: dict[str, list[Finding]] = defaultdict(list)
    for event in events:
        if isinstance(event, Finding) and event.transfer_id is not None:
            found[event.transfer_id].append(event)
    return found


def _label(transfer_id: str, findings: Mapping[str, Sequence[Finding]]) -> Label:
    known = findings.get(transfer_id, ())
    if not known:
        return Label.UNKNOWN
    found = standing(transfer_id, known, as_of=max(finding.received_at for finding in known))
    return Label.UNKNOWN if found is None else _RULE.label_of(found.finding)
