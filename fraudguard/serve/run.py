"""Run the service in this process until it is told to stop."""

import signal
from pathlib import Path

import uvicorn

from fraudguard.clock import Clock
from fraudguard.errors import DefinitionError
from fraudguard.features import CATALOG, compile_plan
from fraudguard.model.scorer import Scorer
from fraudguard.policy import load_policy
from fraudguard.serve.app import create_app
from fraudguard.serve.settings import Settings
from fraudguard.serve.store import Store
from fraudguard.serve.telemetry import configure_log

__all__ = ["serve_forever"]


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
    app = create_app(settings, scorer=scorer, plan=plan, policy=policy, store=store, clock=clock)
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
    store.close()


def _model_folder(settings: Settings) -> Path:
    if settings.model is None:
        raise DefinitionError(
            "no model is named; give --model FOLDER or set FRAUDGUARD_MODEL",
            "未指定模型；请用 --model 文件夹，或设置 FRAUDGUARD_MODEL",
        )
    return settings.model
