"""Names that are used where vulture cannot see, by who uses them. Nothing here is ever called."""

from http.client import HTTPConnection

from starlette.responses import Response

from fraudguard.client import AsyncClient, Client, Problem, Readiness, Version
from fraudguard.client.hold_answers import Appeal, AppealEnd, HoldDetail, Revocation
from fraudguard.client.webhook_answers import WebhookDelivery, WebhookEndpoint
from fraudguard.decision import Decision, Intervention
from fraudguard.features import Catalog, OnlineFeatures
from fraudguard.features.term import Term
from fraudguard.flow import CaseGraph
from fraudguard.model.budget_plan import BudgetPlan
from fraudguard.model.desk_history import DayRow
from fraudguard.model.drift import DriftReport
from fraudguard.model.drift_watch import Watched
from fraudguard.model.estimator import FraudModel
from fraudguard.model.evaluation import BudgetRow, Evaluation, InterventionRow
from fraudguard.report import (
    BeeswarmDisplay,
    BudgetCurveDisplay,
    CoverageDisplay,
    DriftDisplay,
    MaturityDisplay,
    SliceDisplay,
)
from fraudguard.report.style import Display
from fraudguard.serve.console.case_log import ActLine
from fraudguard.serve.console.evidence import Evidence
from fraudguard.serve.console.flow_view import FlowView
from fraudguard.serve.console.hold_view import HoldView
from fraudguard.serve.console.queue_rows import Clock, QueueRow
from fraudguard.serve.console.views import AlertView, FindingRow, ReasonRow
from fraudguard.serve.officer import CurrentOfficer
from fraudguard.serve.reply import Assessment, ReasonOut
from fraudguard.serve.store.case_rows import CaseRow, DeskCounts
from fraudguard.serve.store.decisions import Decisions
from fraudguard.wording.dissuasion import CheckQuestion, DissuasionScript

__all__ = [
    "CALLED",
    "answered",
    "beside_a_case",
    "case_page",
    "day",
    "every_page",
    "queue_page",
    "quick_answer",
    "report",
    "spoken",
    "webhook_told",
    "wire",
]

CALLED = (
    AsyncClient.assess_batch,
    Client.assess_batch,
    Readiness.is_ready,
    BudgetPlan.rival_frame,
    CaseGraph._repr_html_,
    CaseGraph._repr_svg_,
    CaseGraph.curve_frame,
    CaseGraph.stop_frame,
    Catalog.extended,
    Decision.is_alert,
    Decisions.read_features,
    Intervention.gravest,
    OnlineFeatures.restore,
    OnlineFeatures.save,
    Term.or_else,
    Evaluation.markdown,
    FraudModel.feature_importances_,
    BudgetCurveDisplay.from_graded,
    BeeswarmDisplay.from_contributions,
    CoverageDisplay.from_dataset,
    Display._repr_png_,
    DriftDisplay.from_report,
    DriftDisplay.from_weekly,
    DriftReport.findings_frame,
    DriftReport.signals_frame,
    DriftReport.weeks_frame,
    MaturityDisplay.from_maturity,
    SliceDisplay.from_evaluation,
    Watched.of_study,
    Watched.of_trained,
)
"""By an analyst in a notebook, by an audit, or by a bank's program."""


def answered(problem: Problem, version: Version) -> tuple[object, ...]:
    """Name what a bank's program reads of an answer."""
    return problem.instance, version.fraudguard


def held(hold: HoldDetail, appeal: Appeal, end: AppealEnd, revocation: Revocation) -> tuple[object, ...]:
    """Name what a bank's program reads of holds and appeals."""
    return hold.held_from, appeal.due_at, appeal.is_overdue, end.ended_at, revocation.revoked_at


def report(row: BudgetRow, line: InterventionRow) -> tuple[object, ...]:
    """Name what a written evaluation holds."""
    of_row = (row.precision_low, row.precision_high, row.value_low, row.value_high, row.genuine_customers_per_fraud)
    return (*of_row, row.first_recall, line.frauds)


def day(row: DayRow) -> tuple[object, ...]:
    """Name what a written plan holds of a day."""
    return (row.reminded,)


def spoken(script: DissuasionScript, question: CheckQuestion) -> tuple[object, ...]:
    """Name what an officer reads off a script."""
    told = (script.open_question, script.together, script.denial, script.next_contact, script.never)
    return (*told, question.yes_means)


def wire(answer: Assessment, reason: ReasonOut) -> tuple[object, ...]:
    """Name what is encoded as JSON."""
    return answer.mode, answer.degraded, answer.timing_ms, reason.direction


def case_page(view: AlertView, finding: FindingRow, reason: ReasonRow, act: ActLine) -> tuple[object, ...]:
    """Name what the templates of a case read."""
    of_alert = (view.tier_text, view.expected_loss, view.facts, view.largest)
    return (*of_alert, finding.is_superseded, reason.whose, act.told, act.kind)


def beside_a_case(seen: Evidence, flow: FlowView, hold: HoldView) -> tuple[object, ...]:
    """Name what the templates beside the facts of a case read."""
    return (seen.similar, flow.is_cut, hold.release_reasons, hold.extend_reasons)


def queue_page(row: QueueRow, clock: Clock, case: CaseRow, counts: DeskCounts) -> tuple[object, ...]:
    """Name what the templates of the queue read."""
    counted = (case.opened_at_ms, counts.unclaimed, counts.overdue, counts.closed_today)
    return (
        *counted,
        row.due,
        row.savable,
        row.formula,
        row.is_mine,
        row.may_be_claimed,
        row.state_text,
        clock.until_ms,
    )


def every_page(officer: CurrentOfficer) -> tuple[object, ...]:
    """Name what every template reads."""
    return (officer.csrf,)


def quick_answer(response: Response) -> tuple[object, ...]:
    """Name what the framework reads of an answer that fills itself in."""
    return (response.background, response.raw_headers)


def webhook_told(
    endpoint: WebhookEndpoint, delivery: WebhookDelivery, connection: HTTPConnection
) -> tuple[object, ...]:
    """Name what callers of the client read of webhooks, and what the library reads of a connection that was made for it."""
    told = (endpoint.failing_since, endpoint.former_secret_until, delivery.happened_at, delivery.settled_at)
    return (*told, connection.sock)
