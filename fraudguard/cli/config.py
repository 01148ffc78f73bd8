"""`config` and `doctor`: what is set, where it came from, and whether this machine can serve."""

import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Final

import typer

from fraudguard.cli.output import output
from fraudguard.errors import FraudguardError

if TYPE_CHECKING:
    from fraudguard.serve.settings import Settings

__all__ = ["config_app", "doctor"]

config_app = typer.Typer(no_args_is_help=True, help="设置 / settings")

JsonOption = Annotated[bool, typer.Option("--json", help="输出 JSON / print JSON")]

_UNHEALTHY: Final = 6
_FREE_BYTES: Final = 1 << 30
_PACKAGES: Final = ("fraudguard", "numpy", "fastapi", "uvicorn", "sqlalchemy", "lightgbm", "pandas")


@config_app.command("show")
def show(*, as_json: JsonOption = False) -> None:
    """显示每项设置的值与来源。 / Show each setting and where it came from."""
    from fraudguard.serve.settings import effective_settings

    found = effective_settings()
    if as_json:
        output.write_json({one.name: {"value": one.shown, "source": one.source} for one in found})
    else:
        output.table(("setting", "value", "source"), [(one.name, one.shown, one.source) for one in found])


@config_app.command("check")
def check() -> None:
    """检查设置能否用于服务。 / Tell whether the settings are fit to serve; exit code 2 when not."""
    from fraudguard.clock import SystemClock
    from fraudguard.serve.settings import load_settings
    from fraudguard.serve.tls import tls_of

    settings = load_settings()
    settings.signing_key()
    tls_of(settings, at=SystemClock().now())
    output.say("设置可用", "The settings are fit")


@config_app.command("path")
def path() -> None:
    """列出查找的设置文件，先者优先。 / List the settings files looked at, strongest first."""
    from fraudguard.serve.settings import toml_paths

    for one in toml_paths():
        output.write(f"{one}\t{'found' if one.is_file() else 'absent'}")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Finding:
    what: str
    good: bool
    detail: str


def doctor(*, as_json: JsonOption = False) -> None:
    """检查本机是否具备运行条件。 / Tell whether this machine can run fraudguard; exit code 6 when not."""
    from fraudguard.serve.settings import load_settings

    settings = load_settings()
    checks: Sequence[Callable[[Settings], _Finding]] = (
        _python, _packages, _kernel, _disk, _port, _database, _secret, _tls, _font,
    )  # fmt: skip
    found = [check_one(settings) for check_one in checks]
    if as_json:
        output.write_json({one.what: {"ok": one.good, "detail": one.detail} for one in found})
    else:
        output.table(("check", "ok", "detail"), [(one.what, "ok" if one.good else "BAD", one.detail) for one in found])
    if not all(one.good for one in found):
        output.say("有项目不合格，见上表", "Something is wrong, see above")
        raise typer.Exit(_UNHEALTHY)


def _python(_settings: "Settings") -> _Finding:
    import platform
    import sys

    return _Finding(what="python", good=sys.version_info >= (3, 11), detail=platform.python_version())


def _packages(_settings: "Settings") -> _Finding:
    from importlib.metadata import PackageNotFoundError, version

    found, missing = [], []
    for name in _PACKAGES:
        try:
            found.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            missing.append(name)
    return _Finding(
        what="packages", good=not missing, detail=", ".join([*found, *(f"{name} missing" for name in missing)])
    )


def _kernel(_settings: "Settings") -> _Finding:
    from fraudguard.features import kernel

    compiled = not str(kernel.__file__).endswith(".py")
    return _Finding(
        what="kernel", good=compiled, detail="compiled" if compiled else "not compiled: reinstall the package"
    )


def _disk(_settings: "Settings") -> _Finding:
    import shutil
    from pathlib import Path

    free = shutil.disk_usage(Path.cwd()).free
    return _Finding(what="disk", good=free >= _FREE_BYTES, detail=f"{free / 1e9:.1f} GB free here")


def _port(settings: "Settings") -> _Finding:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError as error:
            return _Finding(what="port", good=False, detail=f"{settings.host}:{settings.port} {error.strerror}")
    return _Finding(what="port", good=True, detail=f"{settings.host}:{settings.port} is free")


def _database(settings: "Settings") -> _Finding:
    from fraudguard.serve.store import Store

    try:
        store = Store.open(settings.database)
        store.require_current()
    except FraudguardError as error:
        return _Finding(what="database", good=False, detail=error.text(output.lang))
    return _Finding(what="database", good=True, detail=f"{store.log.count()} events")


def _secret(settings: "Settings") -> _Finding:
    try:
        settings.signing_key()
    except FraudguardError as error:
        return _Finding(what="secret", good=False, detail=error.text(output.lang))
    return _Finding(what="secret", good=True, detail="set")


def _tls(settings: "Settings") -> _Finding:
    from fraudguard.clock import SystemClock
    from fraudguard.serve.tls import tls_of

    try:
        tls = tls_of(settings, at=SystemClock().now())
    except FraudguardError as error:
        return _Finding(what="tls", good=False, detail=error.text(output.lang))
    return _Finding(what="tls", good=True, detail="off" if tls is None else f"until {tls.expires_at:%Y-%m-%d}")


def _font(_settings: "Settings") -> _Finding:
    from pathlib import Path

    words = ("cjk", "wqy", "sourcehan", "pingfang", "msyh")
    folders = (Path("/usr/share/fonts"), Path.home() / ".fonts", Path.home() / ".local/share/fonts")
    found = next(
        (
            file.name
            for folder in folders
            if folder.is_dir()
            for file in folder.rglob("*")
            if _is_chinese(file.name, words)
        ),
        "",
    )
    return _Finding(what="font", good=bool(found), detail=found or "no Chinese font: apt install fonts-noto-cjk")


def _is_chinese(name: str, words: tuple[str, ...]) -> bool:
    plain = name.lower().replace("-", "").replace("_", "")
    return plain.endswith(("ttf", "ttc", "otf")) and any(word in plain for word in words)
