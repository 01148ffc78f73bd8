"""A plan of a desk: officers in, steps of a policy out, with what it would have caught, left waiting and cost."""

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from fraudguard.decision import Policy, Step
from fraudguard.model.capacity import DeskCapacity
from fraudguard.model.costs import PlanCosts
from fraudguard.model.desk_history import DeskHistory
from fraudguard.model.plan_card import plan_card, plan_markdown, plan_summary
from fraudguard.policy import dump_policy
from fraudguard.tables.folder import whole_file
from fraudguard.wording import Bilingual
from fraudguard.wording.markup import page

__all__ = ["BudgetPlan", "PlanRival", "PlanWindow", "PlannedStep"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanWindow:
    """A part of the graded transfers.

    Parameters
    ----------
    begin, end : str
        First and last local day, ISO dates.
    days : float
        How long, days.
    transfers, frauds : int
        How many, and how many of them are known to be fraud.
    """

    begin: str
    end: str
    days: float
    transfers: int
    frauds: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedStep:
    """A step of the ladder: where it begins and what is expected of it on the window it was chosen on.

    Parameters
    ----------
    step : Step or None
        As it stands in the policy; None where it is not used.
    intervention, tier : str
        Its words; the tier is empty where no officer looks.
    per_day : float
        Transfers a day.
    capacity_per_day : float or None
        Alerts of the tier a day that the officers could work, with the graver tiers as planned; None
        where no officer looks.
    frauds_per_day : float
        Sum of the scores a day: frauds that the model expects among them.
    saved_fen_per_day, cost_fen_per_day : float
        Expected money saved, and friction and review, a day.
    """

    step: Step | None
    intervention: str
    tier: str
    per_day: float
    capacity_per_day: float | None
    frauds_per_day: float
    saved_fen_per_day: float
    cost_fen_per_day: float


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanRival:
    """A policy with the same officers on the same later days.

    Parameters
    ----------
    code : str
        ``plan``, ``alert_budget`` (the fixed shares of `fraudguard.model.threshold.choose_policy`) or
        ``largest_amount`` (the same shares of the largest amounts, without a model).
    alerts_per_day : float
        Alerts.
    in_time_share : float
        Share of them begun in time; NaN without alerts.
    waiting : int
        Alerts that wait at the end.
    frauds, caught : int
        Frauds of the window, and those an officer began with in time.
    fraud_fen, saved_fen : float
        Their money, and what of it is expected to be saved.
    cost_fen, net_fen : float
        Review and friction; saved less cost.
    interrupted_per_day : float
        Genuine payers a day met by more than a reminder.
    """

    code: str
    alerts_per_day: float
    in_time_share: float
    waiting: int
    frauds: int
    caught: int
    fraud_fen: float
    saved_fen: float
    cost_fen: float
    net_fen: float
    interrupted_per_day: float

    @classmethod
    def of(cls, code: str, history: DeskHistory) -> "PlanRival":
        """Return the sums of a history."""
        cost_fen = history.total("review_fen") + history.total("friction_fen")
        return cls(
            code=code,
            alerts_per_day=history.per_day("alerts"),
            in_time_share=history.in_time_share,
            waiting=history.waiting,
            frauds=int(history.total("frauds")),
            caught=int(history.total("caught")),
            fraud_fen=history.total("fraud_fen"),
            saved_fen=history.total("saved_fen"),
            cost_fen=cost_fen,
            net_fen=history.total("saved_fen") - cost_fen,
            interrupted_per_day=history.per_day("interrupted"),
        )


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class BudgetPlan:
    """The policy for a desk, and what it would have done on later days than those it was chosen on.

    Parameters
    ----------
    policy : Policy
        To be reviewed and saved.
    capacity : DeskCapacity
        The officers it is for.
    costs : PlanCosts
        The assumptions it was chosen by.
    time_zone : str
        Of days and shifts.
    chosen_on, run_on : PlanWindow
        The earlier days, whose scores and amounts chose the steps; and the later ones it was run on.
    steps : tuple of PlannedStep
        The ladder, mildest first, as expected on `chosen_on`.
    worth_fen_per_day : float
        What is expected to be saved less cost, a day of `chosen_on`.
    history : DeskHistory
        The run over `run_on`.
    rivals : tuple of PlanRival
        The plan first, then two other ways to choose with the same officers.
    warnings : tuple of Bilingual
        What a reader must know.
    """

    policy: Policy
    capacity: DeskCapacity
    costs: PlanCosts
    time_zone: str
    chosen_on: PlanWindow
    run_on: PlanWindow
    steps: tuple[PlannedStep, ...]
    worth_fen_per_day: float
    history: DeskHistory
    rivals: tuple[PlanRival, ...]
    warnings: tuple[Bilingual, ...]

    def __repr__(self) -> str:
        first = self.rivals[0]
        return (
            f"BudgetPlan(officers {self.capacity.officers}, shifts {self.capacity.shifts}, policy {self.policy.version}, "
            f"{first.alerts_per_day:.1f} alerts a day, {first.caught} of {first.frauds} frauds in time)"
        )

    def _repr_html_(self) -> str:
        return plan_card(self, lang="zh")

    def summary(self) -> Bilingual:
        """Return what was planned for whom and what came of it, in sentences."""
        return plan_summary(self)

    def markdown(self, lang: str = "zh") -> str:
        """Return the tables as Markdown, in Chinese or English."""
        return plan_markdown(self, lang=lang)

    def write_html(self, path: Path, lang: str = "zh") -> None:
        """Write the tables as a page that stands alone, whole or not at all."""
        body = plan_card(self, lang=lang)
        with whole_file(path) as unfinished:
            unfinished.write_text(page("fraudguard", body, lang=lang), encoding="utf-8")

    def toml(self) -> str:
        """Return the policy as TOML, under comments that say what it was planned for."""
        shifts = f"officers in each shift: {self.capacity.officers}, shifts: {self.capacity.shifts} of {self.capacity.shift_hours:g} h"
        return (
            f"# {shifts}; {self.capacity.calls_per_shift:g} calls or {self.capacity.visits_per_shift:g} visits a shift\n"
            f"# chosen on {self.chosen_on.begin} to {self.chosen_on.end}, run on {self.run_on.begin} to {self.run_on.end}\n"
            + dump_policy(self.policy)
        )

    def write_policy(self, path: Path) -> None:
        """Write the policy file that `fraudguard.policy.load_policy` reads, whole or not at all."""
        with whole_file(path) as unfinished:
            unfinished.write_text(self.toml(), encoding="utf-8")

    def to_frame(self) -> pd.DataFrame:
        """Return the run as a table, one row a day."""
        return self.history.to_frame()

    def step_frame(self) -> pd.DataFrame:
        """Return the ladder as a table, one row a step."""
        rows = [
            asdict(one) | {"step": None, "score_from": np.nan if one.step is None else one.step.score_from}
            for one in self.steps
        ]
        return pd.DataFrame(rows).drop(columns="step")

    def rival_frame(self) -> pd.DataFrame:
        """Return the plan beside the other ways to choose, one row each."""
        return pd.DataFrame([asdict(one) for one in self.rivals])

    def to_dict(self) -> dict[str, Any]:
        """Return plain values for JSON; what is not defined is None."""
        return {
            "policy": {"version": self.policy.version, "steps": [_plain(asdict(step)) for step in self.policy.steps]},
            "capacity": _plain(asdict(self.capacity)),
            "costs": self.costs.to_dict(),
            "time_zone": self.time_zone,
            "chosen_on": asdict(self.chosen_on),
            "run_on": asdict(self.run_on),
            "steps": _plain(self.step_frame().to_dict("records")),
            "worth_fen_per_day": self.worth_fen_per_day,
            "tiers": [_plain(asdict(tier)) for tier in self.history.tiers],
            "days": _plain(self.to_frame().to_dict("records")),
            "compared": _plain([asdict(one) for one in self.rivals]),
            "warnings": [asdict(warning) for warning in self.warnings],
        }


def _plain(value: Any) -> Any:  # noqa: ANN401  # nested plain values
    if isinstance(value, dict):
        return {str(key): _plain(part) for key, part in value.items()}
    if isinstance(value, tuple | list):
        return [_plain(part) for part in value]
    return None if isinstance(value, float) and not np.isfinite(value) else value
