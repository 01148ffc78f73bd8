"""Run the service in this process until it is told to stop."""

import signal
from pathlib import Path

import uvicorn
from fastapi import FastAPI

from fraudguard.clock import Clock
from fraudguard.errors import DefinitionError
from fraudguard.features import CATALOG, compile_plan
from fraudguard.model.scorer import Scorer
from fraudguard.policy import load_policy
from fraudguard.serve.app import create_app
from fraudguard.serve.settings import Settings
from fraudguard.serve.store import Store
from fraudguard.serve.telemetry import configure_log

__all__ = ["run_app", "serve_forever"]


def serve_forever(settings: Settings, *, clock: Clock) -> None:
    """Serve until SIGTERM or Ctrl-C; requests in flight are answered first.

    Parameters
    ----------
    settings : Settings
        Names the model, the policy and the database.
    clock : Clock
        The time.

    Raises
    ------
    DefinitionError
        If no model is named or the secret is not set.
    NotFoundError
        If the policy file is not there.
    ArtifactError
        If the model folder is damaged or made for other features.
    NotReadyError
        If the database is not migrated.
    ConflictError
        If another process writes to the same log.
    """
    folder = _model_folder(settings)
    plan = compile_plan(CATALOG)
    store = Store.open(settings.database)
    store.require_current()
    scorer = Scorer.load(folder, plan)
    policy = load_policy(settings.policy or folder / "policy.toml")
    run_app(create_app(settings, scorer=scorer, plan=plan, policy=policy, store=store, clock=clock), settings, store)
    store.close()


def run_app(app: FastAPI, settings: Settings, store: Store) -> None:
    """Serve an application until SIGTERM or Ctrl-C, as the only writer of its log.

    Parameters
    ----------
    app : FastAPI
        From `create_app`.
    settings : Settings
        Address, port and time to drain.
    store : Store
        The one the application writes to.

    Raises
    ------
    ConflictError
        If another process writes to the same log.
    """
    configure_log()
    config = uvicorn.Config(
        app,
        host=settings.host,
        port=settings.port,
        loop="uvloop",
        http="httptools",
        log_config=None,
        access_log=False,
        timeout_graceful_shutdown=settings.drain_s,
        server_header=False,
    )
    with store.sole_writer():
        # uvicorn raises the signal again once it has stopped; a clean stop is exit code 0.
        signal.signal(signal.SIGTERM, lambda _number, _frame: None)
        uvicorn.Server(config).run()


def _model_folder(settings: Settings) -> Path:
    if settings.model is None:
        raise DefinitionError(
            "no model is named; give --model FOLDER or set FRAUDGUARD_MODEL",
            "未指定模型；请用 --model 文件夹，或设置 FRAUDGUARD_MODEL",
        )
    return settings.model
