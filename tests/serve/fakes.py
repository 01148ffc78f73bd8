"""A model that is cheap and known, settings, and a client of the whole service."""

import math
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import numpy as np
from fastapi import FastAPI
from numpy.typing import NDArray
from starlette.testclient import TestClient

from fraudguard.decision import Intervention, Policy, Reason, Score, Step, Tier
from fraudguard.features import CATALOG, FeaturePlan, compile_plan
from fraudguard.serve.app import create_app
from fraudguard.serve.auth import Scope, issue_key
from fraudguard.serve.judge import Judge
from fraudguard.serve.settings import Settings
from fraudguard.serve.store import Store
from fraudguard.serve.telemetry import Tracing
from tests.fakes import START, FakeClock

__all__ = [
    "PLAN",
    "POLICY",
    "SECRET",
    "FakeScorer",
    "Service",
    "add_key",
    "body_of",
    "make_settings",
    "open_store",
    "running",
]

SECRET: Final = "a secret only for tests, long enough"  # noqa: S105  # opens nothing
PLAN: Final = compile_plan(CATALOG)
SUMS: Final = [place for place, name in enumerate(PLAN.names) if "_amount_fen_sum_" in name]
POLICY: Final = Policy(
    version="test.1",
    steps=(
        Step(score_from=0.2, intervention=Intervention.REMIND),
        Step(score_from=0.5, intervention=Intervention.VERIFY_TRANSACTION, tier=Tier.MEDIUM),
        Step(score_from=0.9, intervention=Intervention.DELAY_SETTLEMENT, tier=Tier.URGENT, hold_s=7200),
    ),
)


@dataclass(slots=True)
class FakeScorer:
    """Scores by the money that moved before, so that every push shows; larger sums score higher."""

    version: str = "fake-1"
    vectors: list[NDArray[np.float64]] = field(default_factory=list)
    fixed: float | None = None
    failure: Exception | None = None

    def score(self, vector: NDArray[np.float64]) -> Score:
        """Return a score within [0, 1] that depends on every sum of amounts over a window, or fail as told to."""
        if self.failure is not None:
            raise self.failure
        self.vectors.append(vector.copy())
        value = float(np.nan_to_num(vector[SUMS]).sum()) / 1e7 if self.fixed is None else self.fixed
        return Score(value=min(max(value, 0.0), 1.0), model_version=self.version, features_fingerprint=PLAN.fingerprint)

    def score_rows(self, rows: NDArray[np.float64]) -> tuple[Score, ...]:
        """Return the score of each row."""
        return tuple(self.score(row) for row in rows)

    def reasons(self, vector: NDArray[np.float64]) -> tuple[Reason, ...]:
        """Return one reason: the first feature."""
        value = float(vector[0])
        return (
            Reason(
                code=PLAN.names[0],
                contribution=0.5,
                value=None if math.isnan(value) else value,
                baseline=1.0,
                baseline_of="own",
                text_zh="金额高于本人平时",
                text_en="The amount is above the payer's own normal",
            ),
        )


@dataclass(slots=True)
class Service:
    """A running service and what a test needs of it."""

    client: TestClient
    app: FastAPI
    store: Store
    scorer: FakeScorer
    clock: FakeClock
    token: str

    def ready(self) -> None:
        """Wait until the state is restored."""
        portal = self.client.portal
        if portal is not None:
            portal.call(self.app.state.live.ready)

    def assess(self, body: dict[str, Any], **headers: str) -> Any:  # noqa: ANN401  # httpx's response
        """Post an assessment."""
        return self.client.post("/v1/assessments", json=body, headers={**self.auth, **headers})

    @property
    def auth(self) -> dict[str, str]:
        """The header that opens everything."""
        return {"Authorization": f"Bearer {self.token}"}


def make_settings(folder: Path, **values: Any) -> Settings:  # noqa: ANN401  # any setting
    """Return settings over a database in a folder."""
    plain: dict[str, Any] = {"secret": SECRET, "database": f"sqlite:///{folder}/store.db"}
    return Settings(**{**plain, **values})


def open_store(settings: Settings) -> Store:
    """Return a migrated store."""
    store = Store.open(settings.database)
    store.upgrade()
    return store


def add_key(store: Store, *scopes: Scope) -> str:
    """Return a new API key."""
    token, row = issue_key(SECRET.encode(), "test", scopes or (Scope.ADMIN,), at=START)
    store.keys.add(row)
    return token


@contextmanager
def running(
    settings: Settings,
    *,
    plan: FeaturePlan = PLAN,
    store: Store | None = None,
    shadow: FakeScorer | None = None,
    tracing: Tracing | None = None,
) -> Iterator[Service]:
    """Give a running service."""
    opened = store or open_store(settings)
    scorer, clock = FakeScorer(), FakeClock()
    token = add_key(opened)
    app = create_app(
        settings,
        judge=Judge(scorer=scorer, policy=POLICY),
        plan=plan,
        store=opened,
        clock=clock,
        shadow=None if shadow is None else Judge(scorer=shadow, policy=POLICY),
        tracing=tracing,
    )
    with TestClient(app, raise_server_exceptions=False, follow_redirects=False) as client:
        service = Service(client=client, app=app, store=opened, scorer=scorer, clock=clock, token=token)
        service.ready()
        yield service
    opened.close()


def body_of(transfer_id: str = "T1", **fields: Any) -> dict[str, Any]:  # noqa: ANN401  # any wire field
    """Return a valid request."""
    plain: dict[str, Any] = {
        "transfer_id": transfer_id,
        "event_time": "2026-01-05T02:00:00Z",
        "payer": {"account_id": "payer-account-1"},
        "payee": {"account_id": "payee-account-1"},
        "amount": {"value": 10_000, "currency": "CNY"},
    }
    return {**plain, **fields}
