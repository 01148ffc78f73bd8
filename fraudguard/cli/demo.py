"""The `demo` command: the whole loop on simulated data, then the service."""

import json
import secrets
import shutil
import socket
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from fraudguard.cli.output import output
from fraudguard.column import Event
from fraudguard.errors import ConflictError

if TYPE_CHECKING:
    from fraudguard.model.study import Study
    from fraudguard.serve.settings import Settings
    from fraudguard.tables import Dataset
    from fraudguard.transfer import Transfer

__all__ = ["demo", "preset_for"]

_MARKER: Final = ".fraudguard-demo"
_OFFICER: Final = "demo-officer"
_ENOUGH_ACCOUNT_DAYS: Final = 60 * 20_000
_LIVE_DAYS: Final = 3
"""So many days at the end of the simulated period are judged one by one, as a bank would ask."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Access:
    """What a newcomer needs to get in."""

    password: str
    key: str
    request: dict[str, Any]


def demo(
    *,
    folder: Annotated[
        Path, typer.Option(help="工作文件夹，重跑时替换 / folder to work in, replaced when run again")
    ] = Path("demo"),
    days: Annotated[int, typer.Option(min=30, max=366, help="模拟天数 / days to simulate")] = 60,
    accounts: Annotated[int, typer.Option(min=10_000, help="模拟账户数 / accounts to simulate")] = 40_000,
    seed: Annotated[int, typer.Option(min=0, help="随机种子 / seed")] = 7,
    port: Annotated[int, typer.Option(min=1, max=65_535, help="端口，被占用时另选 / port, another if taken")] = 8000,
    no_serve: Annotated[bool, typer.Option("--no-serve", help="印出结果表后结束 / stop after the table")] = False,
) -> None:
    """一条命令走完全程：模拟、训练、评估、启动服务。 / The whole loop: simulate, train, evaluate, serve."""
    from fraudguard.simulate import simulate_dataset
    from fraudguard.tables import read_dataset

    _clear(folder)
    with output.step("模拟账户与转账", "Simulating accounts and transfers") as progress:
        simulate_dataset(
            folder / "data",
            days=days,
            accounts=accounts,
            preset=preset_for(days=days, accounts=accounts),
            seed=seed,
            progress=progress,
        )
    study = _study(read_dataset(folder / "data"), folder / "model")
    if no_serve:
        output.say(f"数据集与模型在 {folder}/", f"The dataset and the model are in {folder}/")
        return
    settings = _settings(folder, port)
    access = _prepare(settings, study.dataset)
    _serve(settings, access)


def preset_for(*, days: int, accounts: int) -> str:
    """Return how rare fraud is: campaigns come in bursts, and a short or small world could train on none.

    Parameters
    ----------
    days, accounts : int
        Size of the world.

    Returns
    -------
    str
        A name of `fraudguard.simulate.PRESETS`.
    """
    if days * accounts >= _ENOUGH_ACCOUNT_DAYS:
        return "default"
    output.say(
        "模拟规模小于默认，改用 dense 预设（受骗转账约占千分之二），以便有足够的案例可学。",
        "Smaller than the default world: fraud is made denser (about 2 in 1,000 transfers), to have enough to learn from.",
    )
    return "dense"


def _clear(folder: Path) -> None:
    if folder.exists() and not (folder / _MARKER).is_file():
        raise ConflictError(
            f"{folder} exists and is not from an earlier demo; name another with --folder",
            f"{folder} 已存在且不是先前演示留下的；请用 --folder 另指定",
        )
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    (folder / _MARKER).write_text("fraudguard demo\n", encoding="utf-8")


def _study(dataset: "Dataset", out: Path) -> "Study":
    from fraudguard.cli.evaluation import print_evaluation
    from fraudguard.clock import SystemClock
    from fraudguard.features.catalog_file import chosen_catalog
    from fraudguard.model.study import run_study, save_study
    from fraudguard.serve.settings import load_settings

    study = run_study(dataset, catalog=chosen_catalog(load_settings().catalog), step=output.step)
    save_study(study, out, clock=SystemClock())
    print_evaluation(study.evaluation, currency=dataset.meta.currency)
    output.say(
        "以上为模拟数据上的结果，不代表真实业务；基准率见数据集。",
        "These are results on simulated data; they promise nothing about a bank's own.",
    )
    return study


def _settings(folder: Path, port: int) -> "Settings":
    from fraudguard.serve.settings import load_settings

    return load_settings(
        secret=secrets.token_urlsafe(32),
        database=f"sqlite:///{(folder / 'fraudguard.db').absolute()}",
        model=folder / "model",
        port=_free_port(port),
        log_level="warning",
        demo=True,
    )


def _free_port(port: int) -> int:
    with socket.socket() as probe:
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            probe.bind(("127.0.0.1", 0))
            output.say(f"端口 {port} 被占用，改用其他端口", f"Port {port} is taken, using another")
        number: int = probe.getsockname()[1]
        return number


def _prepare(settings: "Settings", dataset: "Dataset") -> _Access:
    """Fill the store: history into the log, the last days judged live, one officer, one key."""
    from fraudguard.cli.rehearse import rehearse
    from fraudguard.cli.store import load_events
    from fraudguard.serve.journal import configure_log
    from fraudguard.serve.store import Store
    from fraudguard.tables.events import events_in_log_order

    configure_log(settings.log_level)
    history, live = _parted(dataset)
    store = Store.open(settings.database)
    store.upgrade()
    total = len(history.transfers) + len(history.accounts) + len(history.signals) + len(history.findings)
    with store.sole_writer():
        with output.step("历史写入日志", "Loading history into the log") as progress:
            load_events(store, events_in_log_order(history), total=total, progress=progress)
        with output.step(f"逐笔评估最近 {_LIVE_DAYS} 天", f"Judging the last {_LIVE_DAYS} days one by one") as progress:
            asked = rehearse(settings, store, live, progress=progress)
        password, key = _open_doors(settings, store)
    store.close()
    return _Access(password=password, key=key, request=_request(asked))


def _parted(dataset: "Dataset") -> tuple["Dataset", list[Event]]:
    """Return the dataset before the last days, and the events of those days; what was learned later is left out."""
    from dataclasses import replace

    from fraudguard.tables.events import events_in_log_order

    times = dataset.transfers["event_time"]
    last = times.iloc[-1]
    cut = last - timedelta(days=_LIVE_DAYS)
    history, late = {"transfers": dataset.transfers[times < cut]}, {"transfers": dataset.transfers[times >= cut]}
    for name in ("accounts", "findings", "signals"):
        table = getattr(dataset, name)
        history[name] = table[table["received_at"] < cut]
        late[name] = table[table["received_at"].between(cut, last)]
    return replace(dataset, **history), list(events_in_log_order(replace(dataset, **late)))


def _open_doors(settings: "Settings", store: Any) -> tuple[str, str]:  # noqa: ANN401  # a Store, imported late
    from fraudguard.clock import SystemClock
    from fraudguard.serve.auth import Scope, issue_key
    from fraudguard.serve.officer import Desk, new_password
    from fraudguard.serve.rights import Role

    clock, password = SystemClock(), new_password()
    Desk(store=store, settings=settings, clock=clock).add(_OFFICER, password, Role.OFFICER, one_time=True)
    scopes = [Scope.ASSESS, Scope.FINDING, Scope.READ]
    token, row = issue_key(settings.signing_key(), "demo", scopes, at=clock.now(), expires_at=None)
    store.keys.add(row)
    return password, token


def _request(transfer: "Transfer") -> dict[str, Any]:
    """Return the body that asks about a transfer, under an id of its own."""
    import msgspec

    from fraudguard.column import columns_of

    body: dict[str, Any] = {}
    for column in columns_of(type(transfer)):
        value = msgspec.to_builtins(getattr(transfer, column.name))
        *groups, leaf = column.pointer.removeprefix("/").split("/")
        if value is not None:
            (body.setdefault(groups[0], {}) if groups else body)[leaf] = value
    return body | {"transfer_id": f"demo-{secrets.token_hex(4)}"}


def _serve(settings: "Settings", access: _Access) -> None:
    from fraudguard.clock import SystemClock
    from fraudguard.serve.run import serve_forever

    output.say("正在从日志恢复状态…", "Restoring the state from the log …")
    serve_forever(settings, clock=SystemClock(), ready=lambda: _welcome(settings, access))


def _welcome(settings: "Settings", access: _Access) -> None:
    address = f"http://{settings.host}:{settings.port}"
    body = json.dumps(access.request, ensure_ascii=False)
    zh = output.lang == "zh"
    output.write("")
    output.record({
        "处置页面" if zh else "review page": f"{address}/console",
        "用户" if zh else "user": _OFFICER,
        "一次性密码" if zh else "one-time password": access.password,
        "API 密钥" if zh else "API key": access.key,
    })
    output.write("")
    output.write(f"curl -s {address}/v1/assessments -H 'Authorization: Bearer {access.key}' \\")
    output.write(f"  -H 'Content-Type: application/json' -d '{body}'")
    output.write("")
    output.say(
        "演示：模拟数据，本机 HTTP，单因素登录（未启用 TOTP）；请勿用于生产。按 Ctrl-C 停止。",
        "Demo: simulated data, plain HTTP on this machine, sign-in without TOTP; not for production. Ctrl-C stops.",
    )
