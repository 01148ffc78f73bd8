"""Run the service in this process until it is told to stop."""

import asyncio
import gc
import signal
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Final

import uvicorn
from fastapi import FastAPI

from fraudguard.clock import Clock
from fraudguard.errors import DefinitionError
from fraudguard.features import FeaturePlan, compile_plan
from fraudguard.features.catalog_file import chosen_catalog
from fraudguard.model.artifact import POLICY
from fraudguard.model.registry import live_folder, shadow_folder
from fraudguard.model.scorer import Scorer
from fraudguard.model.signature import TrustedKeys
from fraudguard.policy import load_policy
from fraudguard.serve.app import create_app
from fraudguard.serve.journal import configure_log, tell_of_loop
from fraudguard.serve.judge import Judge
from fraudguard.serve.live import LiveLog
from fraudguard.serve.patience import WatchedProtocol, close_stalled
from fraudguard.serve.settings import Settings
from fraudguard.serve.store import Store
from fraudguard.serve.telemetry import Telemetry, Tracing
from fraudguard.serve.tls import tls_of

__all__ = ["build_app", "run_app", "serve_forever"]

_TICKS_A_SECOND: Final = 10
_ALLOCATIONS: Final = 50_000
"""Objects made and not let go before the collector looks at the young ones."""


def serve_forever(settings: Settings, *, clock: Clock, ready: Callable[[], None] | None = None) -> None:
    """Serve until SIGTERM or Ctrl-C; requests in flight are answered first.

    Parameters
    ----------
    settings : Settings
        Names the model, the policy, the catalog and the database.
    clock : Clock
        The time.
    ready : callable or None
        Called once the state is restored and requests are answered.

    Raises
    ------
    DefinitionError
        If no model is named, the secret is not set, or the catalog file, certificate or key cannot be used.
    NotFoundError
        If the policy or the catalog file is not there.
    ArtifactError
        If the model folder is damaged or made for other features.
    NotReadyError
        If the database is not migrated.
    ConflictError
        If another process writes to the same log.
    """
    store = Store.open(settings.database)
    store.require_current()
    run_app(build_app(settings, store=store, clock=clock), settings, store, ready=ready)
    store.close()


def run_app(app: FastAPI, settings: Settings, store: Store, *, ready: Callable[[], None] | None = None) -> None:
    """Serve an application until SIGTERM or Ctrl-C, as the only writer of its log.

    Parameters
    ----------
    app : FastAPI
        From `create_app`.
    settings : Settings
        Address, port and time to drain.
    store : Store
        The one the application writes to.
    ready : callable or None
        Called once the state is restored and requests are answered.

    Raises
    ------
    ConflictError
        If another process writes to the same log.
    DefinitionError
        If certificate and key cannot be used.
    """
    configure_log(settings.log_level)
    tls = tls_of(settings, at=app.state.parts.clock.now())
    if tls is not None:
        app.state.telemetry.note_certificate(expires_at=tls.expires_at)
    config = uvicorn.Config(
        app,
        host=settings.host,
        port=settings.port,
        loop="uvloop",
        http=WatchedProtocol,
        log_config=None,
        access_log=False,
        timeout_graceful_shutdown=settings.drain_s,
        server_header=False,
        ssl_context_factory=None if tls is None else lambda _config, _usual: tls.context,
        proxy_headers=False,  # nobody is believed about where a request comes from
    )
    with store.sole_writer():
        # uvicorn raises the signal again once it has stopped; a clean stop is exit code 0.
        signal.signal(signal.SIGTERM, lambda _number, _frame: None)
        _Server(config, app, ready, receive_timeout_s=settings.receive_timeout_s).run()


def build_app(settings: Settings, *, store: Store, clock: Clock) -> FastAPI:
    """Return the service with the model, the policy and the catalog that the settings name.

    Parameters
    ----------
    settings : Settings
        Names the model, the policy and the catalog; a catalog of one's own is run.
    store : Store
        Open and migrated.
    clock : Clock
        The time.

    Returns
    -------
    FastAPI
        Not yet started.

    Raises
    ------
    DefinitionError
        If no model is named, the secret is not set, or the catalog file cannot be used.
    NotFoundError
        If the policy, the catalog file or the keys are not there, or the registry has no live model.
    ArtifactError
        If a model folder is damaged, made for other features, or not signed as asked.
    """
    named = _named_model(settings)
    folder, plan = live_folder(named), compile_plan(chosen_catalog(settings.catalog))
    return create_app(
        settings,
        judge=Judge(scorer=_scorer(folder, plan, settings), policy=load_policy(settings.policy or folder / POLICY)),
        plan=plan,
        store=store,
        clock=clock,
        shadow=_shadow(named, plan, settings),
        tracing=_tracing(settings),
    )


class _Server(uvicorn.Server):
    """A server that says when it listens and its state is restored, and closes connections that stall."""

    def __init__(
        self, config: uvicorn.Config, app: FastAPI, ready: Callable[[], None] | None, *, receive_timeout_s: int
    ) -> None:
        super().__init__(config)
        self._live: LiveLog = app.state.live
        self._telemetry: Telemetry = app.state.telemetry
        self._ready = ready
        self._receive_timeout_s = receive_timeout_s
        self._telling: asyncio.Task[None] | None = None

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to listen, and to wait for the state."""
        await super().startup(sockets)
        asyncio.get_running_loop().set_exception_handler(tell_of_loop)
        self._telling = asyncio.create_task(self._tell())

    async def on_tick(self, counter: int) -> bool:
        """Look for connections that stall, once a second."""
        if counter % _TICKS_A_SECOND == 0:
            stalled = close_stalled(self.server_state.connections, timeout_s=self._receive_timeout_s)
            self._telemetry.stalled.inc(stalled)
        return await super().on_tick(counter)

    async def _tell(self) -> None:
        await self._live.ready()
        _spare_what_stays()
        if self._ready is not None:
            self._ready()


def _spare_what_stays() -> None:
    # What is there at the start stays. To look through it for garbage again and again takes a tenth of a busy service, and stalls it.
    gc.collect()
    gc.freeze()
    gc.set_threshold(_ALLOCATIONS, *gc.get_threshold()[1:])


def _scorer(folder: Path, plan: FeaturePlan, settings: Settings) -> Scorer:
    keys = None if settings.model_keys is None else TrustedKeys.read(settings.model_keys)
    return Scorer.load(folder, plan, keys=keys)


def _shadow(named: Path, plan: FeaturePlan, settings: Settings) -> Judge | None:
    folder = shadow_folder(named)
    if folder is None:
        return None
    return Judge(scorer=_scorer(folder, plan, settings), policy=load_policy(folder / POLICY))


def _tracing(settings: Settings) -> Tracing | None:
    if settings.tracing_endpoint is None:
        return None
    try:
        from fraudguard.serve.tracing import exporting_to  # noqa: PLC0415  # an extra, and slow to load
    except ImportError as error:
        raise DefinitionError(
            "spans need OpenTelemetry; run: pip install 'fraudguard[otel]', or unset FRAUDGUARD_TRACING_ENDPOINT",
            "发送 span 需安装 OpenTelemetry：pip install 'fraudguard[otel]'，或取消 FRAUDGUARD_TRACING_ENDPOINT",
        ) from error
    return exporting_to(settings.tracing_endpoint, share=settings.tracing_share)


def _named_model(settings: Settings) -> Path:
    if settings.model is None:
        raise DefinitionError(
            "no model is named; give --model FOLDER or set FRAUDGUARD_MODEL",
            "未指定模型；请用 --model 文件夹，或设置 FRAUDGUARD_MODEL",
        )
    return settings.model
