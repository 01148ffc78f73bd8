"""The parts that routes call, put on the application by its composition root."""

from dataclasses import dataclass

from starlette.requests import Request

from fraudguard.clock import Clock
from fraudguard.features import FeaturePlan
from fraudguard.serve.appeals import AppealService
from fraudguard.serve.auth import KeyRing
from fraudguard.serve.batch import BatchService
from fraudguard.serve.deadline import Deadlines
from fraudguard.serve.fallback import Fallback
from fraudguard.serve.fence import Fence
from fraudguard.serve.holds import HoldService
from fraudguard.serve.intake import Intake
from fraudguard.serve.lists import ListService
from fraudguard.serve.live import LiveLog
from fraudguard.serve.quota import Quotas
from fraudguard.serve.review import ReviewService
from fraudguard.serve.scoring import ScoringService
from fraudguard.serve.store import Store
from fraudguard.serve.telemetry import Telemetry
from fraudguard.serve.webhooks import WebhookService

__all__ = ["Parts", "parts_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """What the API is made of."""

    live: LiveLog
    scoring: ScoringService
    deadlines: Deadlines
    fallback: Fallback
    fence: Fence
    lists: ListService
    holds: HoldService
    appeals: AppealService
    webhooks: WebhookService
    quotas: Quotas
    batches: BatchService
    intake: Intake
    review: ReviewService
    ring: KeyRing
    store: Store
    telemetry: Telemetry
    clock: Clock
    model_version: str
    plan: FeaturePlan
    policy_version: str
    shadow_version: str | None
    livemode: bool
    line_limit_bytes: int
    batch_limit_lines: int
    send_timeout_s: float


def parts_of(request: Request) -> Parts:
    """Return the parts of the application that answers a request."""
    parts: Parts = request.app.state.parts
    return parts
