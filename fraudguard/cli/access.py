"""`user` and `key`: who may work at the console, what may call the API."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from fraudguard.cli.output import output
from fraudguard.column import from_ms, to_ms
from fraudguard.errors import DefinitionError

if TYPE_CHECKING:
    from fraudguard.serve.auth import Scope
    from fraudguard.serve.officer import Desk
    from fraudguard.serve.quota import Quota
    from fraudguard.serve.settings import Settings
    from fraudguard.serve.store import Store

__all__ = ["DatabaseOption", "JsonOption", "key_app", "open_store", "user_app"]

user_app = typer.Typer(no_args_is_help=True, help="处置页面用户 / people of the review pages")
key_app = typer.Typer(no_args_is_help=True, help="接口密钥 / API keys")

DatabaseOption = Annotated[str | None, typer.Option("--database", help="数据库地址 / database URL")]
JsonOption = Annotated[bool, typer.Option("--json", help="输出 JSON / print JSON")]
NameArgument = Annotated[str, typer.Argument(help="用户名 / name", metavar="NAME")]
PromptOption = Annotated[
    bool, typer.Option("--prompt", help="自己输入密码而非一次性密码 / type a password instead of a one-time one")
]


@user_app.command("add")
def add_user(
    name: NameArgument,
    *,
    role: Annotated[
        Literal["officer", "lead", "supervisor", "approver", "analyst", "admin", "bank"],
        typer.Option(help="角色 / role"),
    ] = "officer",
    prompt: PromptOption = False,
    database: DatabaseOption = None,
    as_json: JsonOption = False,
) -> None:
    """新增用户，一次性密码只显示一次。 / Add a user; the one-time password is shown once."""
    from fraudguard.serve.rights import Role

    password = _password(prompt=prompt)
    with _desk(database) as desk:
        desk.add(name, password, Role(role), one_time=not prompt)
    _show_password(name, None if prompt else password, as_json=as_json)


@user_app.command("list")
def list_users(*, database: DatabaseOption = None, as_json: JsonOption = False) -> None:
    """列出用户。 / List users."""
    with open_store(database) as (store, _):
        rows = store.officers.list()
    columns = ("name", "role", "disabled", "must_change_password", "created_at")
    cells = [(r.name, r.role, r.disabled, r.must_change_password, from_ms(r.created_at_ms).isoformat()) for r in rows]
    _print(columns, cells, as_json=as_json)


@user_app.command("disable")
def disable_user(name: NameArgument, *, database: DatabaseOption = None) -> None:
    """停用用户并结束其会话。 / Shut a user out and end their sessions."""
    with open_store(database) as (store, _):
        store.officers.disable(name)
    output.say(f"已停用 {name}", f"{name} is disabled")


@user_app.command("reset-password")
def reset_password(
    name: NameArgument, *, prompt: PromptOption = False, database: DatabaseOption = None, as_json: JsonOption = False
) -> None:
    """重设密码并解除锁定。 / Set a new password, lift a lock, end sessions."""
    password = _password(prompt=prompt)
    with _desk(database) as desk:
        desk.set_password(name, password, one_time=not prompt)
    _show_password(name, None if prompt else password, as_json=as_json)


@user_app.command("reset-second-factor")
def reset_second_factor(name: NameArgument, *, database: DatabaseOption = None) -> None:
    """手机丢失时重设动态口令，用户登录后重新启用。 / Forget a lost phone; the user enrols again."""
    with _desk(database) as desk:
        desk.reset_second_factor(name)
    output.say(f"已重设 {name} 的动态口令", f"the second factor of {name} is reset")


@key_app.command("create")
def create_key(
    name: Annotated[str, typer.Argument(help="给谁 / who gets it", metavar="NAME")],
    *,
    scope: Annotated[
        list[str] | None,
        typer.Option(
            "--scope",
            metavar="assess|finding|signal|list|hold|read|admin",
            help="权限，可重复 / scope, repeatable; assess and read when none",
        ),
    ] = None,
    expires_days: Annotated[int | None, typer.Option(help="有效天数 / days until it expires", min=1)] = None,
    rate_per_s: Annotated[
        int | None, typer.Option(help="每秒请求数上限，默认不限 / requests a second; no limit when absent", min=1)
    ] = None,
    burst: Annotated[
        int | None, typer.Option(help="瞬时请求数上限，默认同上 / requests at once; the same when absent", min=1)
    ] = None,
    database: DatabaseOption = None,
    as_json: JsonOption = False,
) -> None:
    """新建密钥，只显示一次。 / Make a key; it is shown once."""
    from fraudguard.serve.auth import Scope, issue_key

    scopes = [_scope(one) for one in scope or (Scope.ASSESS, Scope.READ)]
    quota = _quota(rate_per_s, burst)
    now = _now()
    expires_at = None if expires_days is None else now + timedelta(days=expires_days)
    with open_store(database) as (store, settings):
        token, row = issue_key(settings.signing_key(), name, scopes, at=now, expires_at=expires_at, quota=quota)
        store.keys.add(row)
    output.say("请立即保存，此后无法再次显示：", "Keep it now; it cannot be shown again:")
    if as_json:
        output.write_json({"name": name, "prefix": row.prefix, "scopes": row.scopes.split(), "key": token})
    else:
        output.write(token)


@key_app.command("list")
def list_keys(*, database: DatabaseOption = None, as_json: JsonOption = False) -> None:
    """列出密钥，不含密钥本身。 / List keys, not the keys themselves."""
    with open_store(database) as (store, _):
        rows = store.keys.list()
    columns = ("prefix", "name", "scopes", "rate_per_s", "created_at", "expires_at", "revoked_at")
    moments = ((row, _iso(row.created_at_ms), _iso(row.expires_at_ms), _iso(row.revoked_at_ms)) for row in rows)
    rates = ("" if row.rate_per_s is None else row.rate_per_s for row in rows)
    cells = [
        (row.prefix, row.name, row.scopes, rate, *texts) for (row, *texts), rate in zip(moments, rates, strict=True)
    ]
    _print(columns, cells, as_json=as_json)


@key_app.command("revoke")
def revoke_key(
    prefix: Annotated[str, typer.Argument(help="密钥前缀 / prefix of the key", metavar="PREFIX")],
    *,
    database: DatabaseOption = None,
) -> None:
    """撤销密钥，数秒内生效。 / Revoke a key; a running service knows within seconds."""
    with open_store(database) as (store, _):
        store.keys.revoke(prefix, to_ms(_now()))
    output.say(f"已撤销 {prefix}", f"{prefix} is revoked")


def _quota(rate_per_s: int | None, burst: int | None) -> "Quota | None":
    from fraudguard.serve.quota import Quota

    if rate_per_s is None and burst is not None:
        raise DefinitionError(
            "--burst says how many at once of how many a second: give --rate-per-s too",
            "--burst 须与 --rate-per-s 一起给出",
        )
    return None if rate_per_s is None else Quota(rate_per_s=rate_per_s, burst=burst or rate_per_s)


def _scope(word: str) -> "Scope":
    from fraudguard.serve.auth import Scope

    try:
        return Scope(word)
    except ValueError as error:
        listed = ", ".join(Scope)
        raise DefinitionError(
            f"no scope {word!r}; there are {listed}", f"没有权限 {word!r}；可用的有 {listed}"
        ) from error


def _password(*, prompt: bool) -> str:
    from fraudguard.serve.officer import new_password

    if not prompt:
        return new_password()
    password: str = typer.prompt("密码 / password", hide_input=True, confirmation_prompt=True, err=True)
    return password


def _show_password(name: str, password: str | None, *, as_json: bool) -> None:
    if as_json:
        output.write_json({"name": name, "one_time_password": password})
        return
    if password is None:
        output.say(f"用户 {name} 已保存", f"User {name} is saved")
        return
    output.say(
        "一次性密码，首次登录须修改，此后无法再次显示：",
        "One-time password, to be changed at first sign-in, shown once:",
    )
    output.write(password)


def _print(columns: tuple[str, ...], rows: Sequence[tuple[object, ...]], *, as_json: bool) -> None:
    if not as_json:
        output.table(columns, rows)
        return
    for row in rows:
        output.write_json(dict(zip(columns, row, strict=True)))


def _iso(moment_ms: int | None) -> str:
    return "" if moment_ms is None else from_ms(moment_ms).isoformat()


def _now() -> datetime:
    from fraudguard.clock import SystemClock

    return SystemClock().now()


@contextmanager
def open_store(database: str | None) -> Iterator[tuple["Store", "Settings"]]:
    """Open the database that is named or set, migrated, and the settings; close it at the end."""
    from fraudguard.serve.settings import load_settings
    from fraudguard.serve.store import Store

    settings = load_settings(database=database)
    store = Store.open(settings.database)
    try:
        store.require_current()
        yield store, settings
    finally:
        store.close()


@contextmanager
def _desk(database: str | None) -> Iterator["Desk"]:
    from fraudguard.clock import SystemClock
    from fraudguard.serve.officer import Desk

    with open_store(database) as (store, settings):
        yield Desk(store=store, settings=settings, clock=SystemClock())
