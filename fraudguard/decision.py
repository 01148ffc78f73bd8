"""From a score to a recommendation. Pure: no clock, no store, no network.

The service and the analyst's evaluation call the same `decide`, so what is
simulated in a notebook is what is recommended in production.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import pairwise
from typing import Final, Self

from fraudguard.errors import DefinitionError
from fraudguard.intervention import Intervention, Tier
from fraudguard.listed import ListHit, ListKind, ListRule
from fraudguard.transfer import Transfer

__all__ = [
    "Decision",
    "Intervention",
    "ListHit",
    "ListKind",
    "ListRule",
    "Policy",
    "Reason",
    "Score",
    "Step",
    "Tier",
    "Versions",
    "decide",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Versions:
    """What a decision was made with: enough to decide again and get the same.

    Parameters
    ----------
    model : str
        Version of the model artifact.
    features : str
        Fingerprint of the feature plan.
    policy : str
        Version of the policy.
    """

    model: str
    features: str
    policy: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """What the model says of one transfer.

    Parameters
    ----------
    value : float
        Calibrated probability of a likely victim transfer, in [0, 1].
    model_version : str
        Version of the artifact that scored.
    features_fingerprint : str
        Fingerprint of the feature plan behind the vector.
    """

    value: float
    model_version: str
    features_fingerprint: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """One cause that raised a score, with its number and what is normal.

    Parameters
    ----------
    code : str
        Name of the feature; stable across versions.
    contribution : float
        Its part of the log-odds; positive raises the score.
    value : float or None
        The feature's value; None when it was unknown.
    baseline : float or None
        What is normal beside it; None when there is nothing to compare with.
    baseline_of : {"own", "population"}
        Whose normal the baseline is: this payer's own, or that of genuine
        transfers the model was trained on.
    text_zh, text_en : str
        The sentence an officer or customer reads.
    rarity : float or None
        Fewer than this share of genuine transfers have a value as far out; None where it is not rare.
    """

    code: str
    contribution: float
    value: float | None
    baseline: float | None
    baseline_of: str
    text_zh: str
    text_en: str
    rarity: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """From this score on, at least this intervention.

    Parameters
    ----------
    score_from : float
        Lowest score of the step, in (0, 1]; a score equal to it is on it.
    intervention : Intervention
        What to recommend.
    tier : Tier or None
        How soon an officer looks; None where no officer does.
    hold_s : int or None
        How long the money is held, seconds; only for DELAY_SETTLEMENT and above.
    """

    score_from: float
    intervention: Intervention
    tier: Tier | None = None
    hold_s: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """Steps on the score, from a reviewed file.

    Parameters
    ----------
    version : str
        Named in every decision made under it.
    steps : tuple of Step
        Ascending in score, within (0, 1], and in severity.
    lists : ListRule
        What entries of the lists do.

    Raises
    ------
    DefinitionError
        If the version is empty, the steps do not ascend, or a hold stands
        where no money is held.
    """

    version: str
    steps: tuple[Step, ...]
    lists: ListRule = field(default_factory=ListRule)

    def __post_init__(self) -> None:
        if not self.version:
            raise DefinitionError("the policy has no version; name one", "策略没有版本号；请写明")
        climb = [(0.0, Intervention.ALLOW.severity), *((s.score_from, s.intervention.severity) for s in self.steps)]
        for lower, upper in pairwise(climb):
            if not (lower[0] < upper[0] <= 1 and lower[1] < upper[1]):
                raise DefinitionError(
                    f"policy {self.version}: steps must ascend in score, within (0, 1], and in severity; "
                    f"step {upper} does not follow {lower}",
                    f"策略 {self.version}：各级的分数（0 到 1 之间）与强度必须递增；{upper} 不能跟在 {lower} 之后",
                )
        for step in self.steps:
            _require_sensible_hold(self.version, step)

    def step_at(self, score: float) -> Step:
        """Return the gravest step that a score reaches: the one rule from a score to an intervention.

        Parameters
        ----------
        score : float
            Calibrated probability, in [0, 1].

        Returns
        -------
        Step
            Below the first step of the policy, the one that allows and asks nobody to look.
        """
        reached = (step for step in reversed(self.steps) if score >= step.score_from)
        return next(reached, _ALLOW)


_ALLOW: Final = Step(score_from=0.0, intervention=Intervention.ALLOW)


def _require_sensible_hold(version: str, step: Step) -> None:
    if step.hold_s is not None and (not step.intervention.holds_money or step.hold_s <= 0):
        raise DefinitionError(
            f"policy {version}: hold_s {step.hold_s} at {step.intervention}; give positive seconds from "
            f"delay_settlement on, and none below",
            f"策略 {version}：{step.intervention} 的 hold_s 为 {step.hold_s}；自 delay_settlement 起填正秒数，其下不填",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """One immutable answer: what was recommended, when, why, by which versions.

    Parameters
    ----------
    transfer : Transfer
        What was asked.
    score : float
        Calibrated probability of a likely victim transfer, in [0, 1].
    intervention : Intervention
        What is recommended.
    tier : Tier or None
        How soon an officer looks; None when no officer does.
    hold_s : int or None
        How long the money is held, seconds.
    reasons : tuple of Reason
        What raised the score, largest first; empty for ALLOW.
    versions : Versions
        Model, features, policy.
    decided_at : datetime
        UTC.
    degraded_reasons : tuple of str
        Why it is less than, or other than, what model and policy say; empty when it is what they say.
    lists : tuple of ListHit
        Entries of lists that it was made under.
    """

    transfer: Transfer
    score: float
    intervention: Intervention
    tier: Tier | None
    hold_s: int | None
    reasons: tuple[Reason, ...]
    versions: Versions
    decided_at: datetime
    degraded_reasons: tuple[str, ...] = ()
    lists: tuple[ListHit, ...] = ()

    @property
    def is_alert(self) -> bool:
        """Whether an officer is to look at it."""
        return self.tier is not None

    def with_reasons(self, reasons: Sequence[Reason]) -> Self:
        """Return the same decision with its reasons.

        Parameters
        ----------
        reasons : sequence of Reason
            Largest first.

        Returns
        -------
        Decision
            A new value; this one is not changed.
        """
        return replace(self, reasons=tuple(reasons))

    def at_most(self, intervention: Intervention, *, because: str) -> Self:
        """Return the same decision, weakened; officers still look at it.

        Parameters
        ----------
        intervention : Intervention
            The gravest that is left; it holds no money.
        because : str
            Code of the reason.

        Returns
        -------
        Decision
            A new value; the same one if it is not graver.
        """
        if self.intervention.severity <= intervention.severity:
            return self
        reasons = (*self.degraded_reasons, because)
        return replace(self, intervention=intervention, hold_s=None, degraded_reasons=reasons)

    def under(self, hits: Sequence[ListHit], rule: ListRule) -> Self:
        """Return the same decision as lists change it; the watch list goes before any exemption.

        Parameters
        ----------
        hits : sequence of ListHit
            Entries in force that the transfer meets.
        rule : ListRule
            What they do.

        Returns
        -------
        Decision
            At least the rule's intervention for a watched payee; at most the other, without a hold and an officer, for an exempted
            transfer. The hits are told in any case.
        """
        if not hits:
            return self
        told = replace(self, lists=tuple(hits))
        if any(hit.kind is ListKind.WATCH for hit in hits):
            tier = rule.watch_tier if self.tier is None else min(self.tier, rule.watch_tier, key=list(Tier).index)
            return replace(told, intervention=Intervention.gravest([self.intervention, rule.watch]), tier=tier)
        if self.intervention.severity <= rule.exempt.severity:
            return replace(told, tier=None)
        return replace(told, intervention=rule.exempt, tier=None, hold_s=None)


def decide(transfer: Transfer, score: Score, policy: Policy, *, at: datetime) -> Decision:
    """Return the decision on a scored transfer.

    Parameters
    ----------
    transfer : Transfer
        The transfer.
    score : Score
        What the model says of it.
    policy : Policy
        The policy in force.
    at : datetime
        The moment of decision, UTC.

    Returns
    -------
    Decision
        Without reasons; a caller who needs them adds them with `Decision.with_reasons`.
    """
    step = policy.step_at(score.value)
    return Decision(
        transfer=transfer,
        score=score.value,
        intervention=step.intervention,
        tier=step.tier,
        hold_s=step.hold_s,
        reasons=(),
        versions=Versions(model=score.model_version, features=score.features_fingerprint, policy=policy.version),
        decided_at=at,
    )
