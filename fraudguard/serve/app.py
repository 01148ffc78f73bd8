"""The composition root: parts are chosen here and nowhere else."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Final

import msgspec
from fastapi import FastAPI
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Match, Mount, Route

from fraudguard.clock import Clock
from fraudguard.column import to_ms
from fraudguard.errors import FraudguardError, NotFoundError
from fraudguard.features import FeaturePlan, OnlineFeatures
from fraudguard.serve.api import assessments, batch
from fraudguard.serve.api.edge import Edge
from fraudguard.serve.api.front import Front, Straight
from fraudguard.serve.api.openapi import document
from fraudguard.serve.api.parts import Parts
from fraudguard.serve.api.problems import PROBLEMS, MalformedError, MethodError, problem_response
from fraudguard.serve.api.routes import ROUTERS
from fraudguard.serve.appeals import AppealService
from fraudguard.serve.auth import KeyRing
from fraudguard.serve.batch import BatchService
from fraudguard.serve.breaker import MEMORY_MS, Breaker, Held
from fraudguard.serve.casework import Casework
from fraudguard.serve.console.site import ConsoleParts, build_console
from fraudguard.serve.deadline import Deadlines
from fraudguard.serve.fallback import Fallback
from fraudguard.serve.fence import Fence
from fraudguard.serve.holds import HoldLimits, HoldService
from fraudguard.serve.intake import Intake
from fraudguard.serve.journal import log
from fraudguard.serve.judge import Judge
from fraudguard.serve.list_book import ListBook
from fraudguard.serve.lists import ListService
from fraudguard.serve.live import LiveLog
from fraudguard.serve.officer import Desk
from fraudguard.serve.quota import Quotas
from fraudguard.serve.review import ReviewService
from fraudguard.serve.sandbox import Sandbox
from fraudguard.serve.scoring import ScoringService
from fraudguard.serve.settings import Settings, environment_of
from fraudguard.serve.snapshot_keeper import ChildWriter, SnapshotKeeper
from fraudguard.serve.snapshots import Snapshots, snapshot_folder
from fraudguard.serve.stop_service import StopService
from fraudguard.serve.store import Store
from fraudguard.serve.telemetry import Telemetry, Tracing
from fraudguard.serve.webhook_address import AddressBook, networks_of
from fraudguard.serve.webhook_courier import Courier
from fraudguard.serve.webhook_sender import WebSender
from fraudguard.serve.webhooks import Seal, WebhookService

__all__ = ["create_app"]

Lifespan = Callable[[FastAPI], AbstractAsyncContextManager[None]]

_REREAD_S: Final = 2.0


def create_app(  # noqa: PLR0913  # the parts that a caller chooses, each by name
    settings: Settings,
    *,
    judge: Judge,
    plan: FeaturePlan,
    store: Store,
    clock: Clock,
    shadow: Judge | None = None,
    tracing: Tracing | None = None,
) -> FastAPI:
    """Return the service.

    Parameters
    ----------
    settings : Settings
        What the operator set.
    judge : Judge
        The live model with its policy.
    plan : FeaturePlan
        The features it was trained on.
    store : Store
        An open, migrated database.
    clock : Clock
        The time.
    shadow : Judge or None
        A model in shadow, trained on the same features; it acts on nothing.
    tracing : Tracing or None
        Makes spans of requests; none without it.

    Returns
    -------
    FastAPI
        Restores its state from the newest snapshot and the log when it starts.

    Raises
    ------
    DefinitionError
        If the secret is not set.
    """
    if settings.demo:
        judge = Sandbox(scorer=judge.scorer, policy=judge.policy)
    telemetry = Telemetry(tracing)
    folder = snapshot_folder(settings, store)
    snapshots = None if folder is None else Snapshots(folder, plan, store.log)
    live = LiveLog(store, lambda: OnlineFeatures(plan), telemetry, snapshots=snapshots)
    breaker, fallback, fence, holds = _guards(settings, store, clock)
    book = ListBook(store, clock)
    scoring = ScoringService(
        live=live,
        store=store,
        judge=judge,
        clock=clock,
        telemetry=telemetry,
        breaker=breaker,
        lists=book,
        shadow=shadow,
    )
    telemetry.expect_problems(problem.code for problem in PROBLEMS.values())
    telemetry.watch(breaker_is_open=lambda: breaker.is_open_at(clock.now()), in_flight=lambda: fence.in_flight)
    intake = Intake(live=live, store=store, clock=clock)
    webhooks, courier = _webhooks(settings, store, clock, telemetry=telemetry)
    parts = Parts(
        live=live,
        scoring=scoring,
        deadlines=Deadlines(scoring=scoring, store=store, fallback=fallback, clock=clock, telemetry=telemetry),
        fallback=fallback,
        fence=fence,
        lists=ListService(store=store, book=book, clock=clock),
        holds=holds,
        appeals=AppealService(store=store, holds=holds, clock=clock),
        webhooks=webhooks,
        quotas=Quotas(time.monotonic),
        batches=BatchService(
            live=live, scoring=scoring, judge=judge, clock=clock, fence=fence, at_once=settings.batches_at_once
        ),
        intake=intake,
        review=ReviewService(intake=intake, store=store),
        ring=KeyRing(store, settings.signing_key(), clock),
        store=store,
        telemetry=telemetry,
        clock=clock,
        model_version=judge.scorer.version,
        plan=plan,
        policy_version=judge.policy.version,
        shadow_version=None if shadow is None else shadow.scorer.version,
        livemode=not settings.demo,
        line_limit_bytes=settings.body_limit_bytes,
        batch_limit_lines=settings.batch_limit_lines,
        send_timeout_s=settings.send_timeout_s,
    )
    app = Front(
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        lifespan=_lifespan(
            parts,
            breaker,
            book=book,
            courier=courier,
            keeper=None if snapshots is None else _keeper(settings, live, telemetry),
        ),
        redirect_slashes=False,
    )
    app.state.parts, app.state.telemetry, app.state.live = parts, parts.telemetry, parts.live
    _add_routes(app)
    if settings.console:
        _add_console(app, parts, settings=settings, plan=plan)
    _add_problems(app)
    if tracing is not None:
        app.add_middleware(tracing.wrap)
    app.add_middleware(Edge, body_limit_bytes=settings.body_limit_bytes)
    _shorten(app, settings, tracing)
    return app


def _guards(settings: Settings, store: Store, clock: Clock) -> tuple[Breaker, Fallback, Fence, HoldService]:
    """Return what bounds the model, the answers, the load and the holds, as it was set."""
    limits = HoldLimits(extensions_max=settings.hold_extensions_max, total_max_s=settings.hold_total_max_s)
    return (
        Breaker(holds_per_minute=settings.holds_per_minute, delayed_fen_per_hour=settings.delayed_fen_per_hour),
        Fallback(from_fen=settings.fallback_from_fen, below=settings.fallback_below, above=settings.fallback_above),
        Fence(in_flight_limit=settings.in_flight_limit, lag_limit_s=settings.loop_lag_limit_ms / 1_000),
        HoldService(store=store, clock=clock, limits=limits),
    )


def _webhooks(
    settings: Settings, store: Store, clock: Clock, *, telemetry: Telemetry
) -> tuple[WebhookService, Courier]:
    addresses, seal = AddressBook(networks_of(settings.webhook_networks)), Seal(settings.signing_key())
    courier = Courier(
        store=store,
        seal=seal,
        sender=WebSender(addresses),
        clock=clock,
        telemetry=telemetry,
        longest_hold_s=settings.hold_total_max_s,
    )
    return WebhookService(store=store, seal=seal, book=addresses, clock=clock), courier


def _lifespan(
    parts: Parts, breaker: Breaker, *, book: ListBook, courier: Courier, keeper: SnapshotKeeper | None
) -> Lifespan:
    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        breaker.recall(await asyncio.to_thread(_held, parts))
        await asyncio.to_thread(book.refresh)
        parts.live.start()
        watch = parts.fence.watch(asyncio.get_running_loop().time)
        reread = _reread(keys=parts.ring.refresh, lists=book.refresh)
        beside = [asyncio.create_task(work) for work in (reread, watch, courier.run())]
        if keeper is not None:
            beside.append(asyncio.create_task(keeper.run()))
        yield
        for task in beside:
            task.cancel()
        await asyncio.gather(*beside, return_exceptions=True)
        await parts.live.stop()
        await parts.deadlines.finish()
        if parts.telemetry.tracing is not None:
            await asyncio.to_thread(parts.telemetry.tracing.close)

    return lifespan


def _held(parts: Parts) -> list[Held]:
    since_ms = to_ms(parts.clock.now()) - MEMORY_MS
    return [Held(at_ms, amount_fen) for at_ms, amount_fen in parts.store.decisions.read_held(since_ms=since_ms)]


def _keeper(settings: Settings, live: LiveLog, telemetry: Telemetry) -> SnapshotKeeper | None:
    if settings.snapshot_every == 0:
        return None
    writer = ChildWriter(environment_of(settings, "database", "catalog", "snapshots"))
    return SnapshotKeeper(live, telemetry, every=settings.snapshot_every, write=writer.write)


async def _reread(**refreshes: Callable[[], None]) -> None:
    while True:
        for name, refresh in refreshes.items():
            try:
                await asyncio.to_thread(refresh)
            except Exception as error:  # noqa: BLE001  # what is in memory goes on to count until the store answers
                log.warning(f"{name} cannot be read", kind=type(error).__name__)
        await asyncio.sleep(_REREAD_S)


def _add_routes(app: FastAPI) -> None:
    for router in ROUTERS:
        app.include_router(router)

    described = msgspec.json.encode(document(ROUTERS))

    async def openapi(_request: Request) -> Response:
        return Response(described, media_type="application/json")

    app.router.routes.append(Route("/openapi.json", openapi))


def _shorten(app: Front, settings: Settings, tracing: Tracing | None) -> None:
    limits = ((assessments.router, settings.body_limit_bytes), (batch.router, settings.batch_limit_bytes))
    for router, limit in limits:
        for route in router.routes:
            if isinstance(route, Route) and "POST" in (route.methods or ()):
                straight = Straight(route) if tracing is None else tracing.wrap(Straight(route))
                app.shorten("POST", route.path, Edge(straight, limit))


def _add_console(app: FastAPI, parts: Parts, *, settings: Settings, plan: FeaturePlan) -> None:
    desk = Desk(store=parts.store, settings=settings, clock=parts.clock)
    work = Casework(store=parts.store, clock=parts.clock)
    console = ConsoleParts(
        desk=desk,
        review=parts.review,
        casework=work,
        stops=StopService(store=parts.store, work=work),
        holds=parts.holds,
        store=parts.store,
        clock=parts.clock,
        settings=settings,
        units={column.name: column.unit for column in plan.columns},
    )

    async def to_console(_request: Request) -> Response:
        return RedirectResponse("/console/queue", 303)

    app.router.routes.append(Route("/", to_console))
    app.router.routes.append(Route("/console", to_console))
    app.router.routes.append(Mount("/console", app=build_console(console)))


def _add_problems(app: FastAPI) -> None:
    async def not_routed(request: Request, error: Exception) -> Response:
        status, headers = (error.status_code, error.headers) if isinstance(error, HTTPException) else (500, None)
        response = await problem_response(request, _NOT_ROUTED.get(status, _CANNOT_READ))
        response.headers.update(headers or {})
        if status == 405:
            response.headers["Allow"] = ", ".join(_methods(request))
        return response

    app.add_exception_handler(FraudguardError, problem_response)
    app.add_exception_handler(HTTPException, not_routed)
    app.add_exception_handler(Exception, problem_response)


def _methods(request: Request) -> list[str]:
    # The framework names those of the first route of the path; there may be more.
    routes = (*request.app.routes, *(route for router in ROUTERS for route in router.routes))
    fitting = (
        route for route in routes if isinstance(route, Route) and route.matches(request.scope)[0] is not Match.NONE
    )
    return sorted({method for route in fitting for method in route.methods or ()})


_CANNOT_READ: Final[FraudguardError] = MalformedError("the request cannot be read", "无法读取该请求")
_NOT_ROUTED: Final[dict[int, FraudguardError]] = {
    404: NotFoundError("no such path; see /openapi.json", "没有该路径，见 /openapi.json"),
    405: MethodError("this path has no such method; see /openapi.json", "该路径不支持此方法，见 /openapi.json"),
}
