"""Settings of the service, and the only reader of the environment.

A value is taken from the first of: the flag of a command, the variable
``FRAUDGUARD_<NAME>``, the file named by ``FRAUDGUARD_<NAME>_FILE`` (secrets
only), ``./fraudguard.toml``, ``~/.config/fraudguard/config.toml``,
``/etc/fraudguard/config.toml``, the default.
"""

import difflib
import os
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal, NoReturn

from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, InitSettingsSource, PydanticBaseSettingsSource, SettingsConfigDict

from fraudguard.decision import Intervention
from fraudguard.errors import DefinitionError

__all__ = ["SECRETS", "Effective", "Settings", "effective_settings", "environment_of", "load_settings", "toml_paths"]

PREFIX: Final = "FRAUDGUARD_"
SECRETS: Final = frozenset({"secret", "database"})
"""Shown as ***, readable from a file, refused in TOML when they carry a secret."""

_SHORTEST_SECRET: Final = 32


class Settings(BaseSettings):
    """What an operator may set; built by `load_settings`."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, extra="forbid", frozen=True)

    secret: SecretStr | None = Field(
        None, description="Key of API keys and sessions, 32 characters or more; no default"
    )
    database: str = Field("sqlite:///fraudguard.db", description="SQLAlchemy URL of the store: SQLite or PostgreSQL")
    model: Path | None = Field(None, description="Folder of the model, or of a registry of models")
    model_keys: Path | None = Field(
        None, description="Public keys, a file or a folder of *.pub; when set, only a model signed with one is served"
    )
    policy: Path | None = Field(None, description="Policy file; the artifact's own when absent")
    catalog: Path | None = Field(
        None,
        description="Python file that defines the features as CATALOG, and is run; the shipped catalog when absent",
    )
    snapshots: Path | None = Field(
        None,
        description="Folder of snapshots of the state; when absent, the database file's name with .snapshots, or none for "
        "PostgreSQL",
    )
    snapshot_every: int = Field(
        50_000, ge=0, description="Events between two snapshots; 0 writes none and still starts from one"
    )
    host: str = Field("127.0.0.1", description="Address to listen on")
    port: int = Field(8000, ge=0, le=65535, description="Port to listen on; 0 takes a free one")
    tls_certificate: Path | None = Field(
        None, description="Certificate with its chain, PEM; when set, the service ends TLS itself"
    )
    tls_key: Path | None = Field(None, description="Private key of that certificate, PEM without a password")
    tls_client_ca: Path | None = Field(
        None, description="Authorities of clients, PEM; when set, only clients with a certificate of theirs may connect"
    )
    lang: Literal["zh", "en"] = Field("zh", description="Language of the command line and of pages without a cookie")
    log_level: Literal["debug", "info", "warning", "error"] = Field("info", description="Least grave line of the log")
    progress: bool = Field(True, description="Whether long commands show how far they are")
    console: bool = Field(True, description="Whether the review pages are served")
    demo: bool = Field(
        False, description="Whether this is a demonstration: pages say so, and test accounts force decisions"
    )
    body_limit_bytes: int = Field(65_536, ge=1024, description="Largest request body")
    batch_limit_bytes: int = Field(33_554_432, ge=1024, description="Largest body of a batch")
    batch_limit_lines: int = Field(50_000, ge=1, description="Most transfers in a batch")
    batches_at_once: int = Field(
        4, ge=1, description="Batches answered at the same time; another gets 503 and tries again"
    )
    in_flight_limit: int = Field(256, ge=1, description="Assessments answered at a time; those above get 503 at once")
    loop_lag_limit_ms: int = Field(
        50, ge=0, description="With the event loop this late an eighth of those places counts as all; 0 for never"
    )
    holds_per_minute: int = Field(
        60, ge=0, description="Circuit breaker: transfers held within a minute; those above are verified only; 0 is off"
    )
    delayed_fen_per_hour: int = Field(
        1_000_000_000,
        ge=0,
        description="Circuit breaker: fen held within an hour; once reached, transfers are verified only; 0 is off",
    )
    fallback_from_fen: int = Field(
        500_000, ge=0, description="Amount from which an answer without a judgement is the graver one"
    )
    fallback_below: Intervention = Field(
        Intervention.ALLOW, description="What is answered without a judgement to a smaller transfer"
    )
    fallback_above: Intervention = Field(
        Intervention.VERIFY_TRANSACTION, description="What is answered without a judgement from that amount on"
    )
    hold_extensions_max: int = Field(2, ge=0, description="How often one hold may be extended")
    hold_total_max_s: int = Field(172_800, ge=1, description="How long one hold may last in all, extensions included")
    webhook_networks: str = Field(
        "",
        description="Networks of one's own that webhooks may go to, also over http, such as 10.20.0.0/16, separated by commas; "
        "else only to public addresses over https",
    )
    receive_timeout_s: int = Field(
        10, ge=1, description="A connection whose request is not complete after so long is closed"
    )
    send_timeout_s: int = Field(
        10, ge=1, description="The answer to a batch is broken off when the client fetches nothing of it for so long"
    )
    session_idle_s: int = Field(900, ge=60, description="A session ends after so long without a request")
    session_max_s: int = Field(43_200, ge=60, description="A session ends after so long in any case")
    lockout_failures: int = Field(5, ge=1, description="Failed log-ins in a row that lock a name")
    lockout_s: int = Field(900, ge=1, description="How long a name stays locked")
    tracing_endpoint: str | None = Field(
        None, description="Where OpenTelemetry spans go, such as http://127.0.0.1:4318/v1/traces; none when absent"
    )
    tracing_share: float = Field(
        0.01, ge=0, le=1, description="Share of the requests that get spans; a sampled traceparent always does"
    )
    drain_s: int = Field(10, ge=0, description="How long a stopping service waits for requests in flight")

    def signing_key(self) -> bytes:
        """Return the server's secret.

        Raises
        ------
        DefinitionError
            If it is not set or shorter than 32 characters.
        """
        text = "" if self.secret is None else self.secret.get_secret_value()
        if len(text) < _SHORTEST_SECRET:
            raise DefinitionError(
                "FRAUDGUARD_SECRET is not set or shorter than 32 characters; set it to 32 random characters or more, "
                "or name a file in FRAUDGUARD_SECRET_FILE",
                "未设置 FRAUDGUARD_SECRET 或不足 32 个字符；请设为 32 个以上随机字符，或用 FRAUDGUARD_SECRET_FILE 指定文件",
            )
        return text.encode()

    @classmethod
    def settings_customise_sources(  # noqa: PLR0917  # the signature is pydantic's
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003  # we read no .env file
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003  # ours is by variable, below
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Return the sources, strongest first."""
        lower = (InitSettingsSource(settings_cls, values) for _, values in _lower_layers())
        return (init_settings, env_settings, *lower)


@dataclass(frozen=True, slots=True, kw_only=True)
class Effective:
    """One setting as it stands, and where it came from.

    Parameters
    ----------
    name : str
        The setting.
    shown : str
        Its value, ``***`` for a secret.
    source : str
        ``flag``, a variable, a file, or ``default``.
    """

    name: str
    shown: str
    source: str


def load_settings(**flags: object) -> Settings:
    """Return the settings of this process.

    Parameters
    ----------
    **flags : object
        Values given on the command line; None counts as not given.

    Returns
    -------
    Settings
        Checked.

    Raises
    ------
    DefinitionError
        If a variable or key is unknown, a value does not fit, or a secret stands in TOML.
    """
    _refuse_unknown("environment", "环境变量", _variables(), known=_known_variables())
    given: dict[str, Any] = {name: value for name, value in flags.items() if value is not None}
    try:
        return Settings(**given)
    except ValidationError as error:
        _refuse_values(error)


def effective_settings(**flags: object) -> tuple[Effective, ...]:
    """Return every setting with the source that won.

    Parameters
    ----------
    **flags : object
        As for `load_settings`.

    Returns
    -------
    tuple of Effective
        In the order of `Settings`.

    Raises
    ------
    DefinitionError
        As `load_settings`.
    """
    settings = load_settings(**flags)
    given = ("flag", {name: value for name, value in flags.items() if value is not None})
    layers = (given, *_environment_layers(), *_lower_layers())
    return tuple(
        Effective(name=name, shown=_shown(name, getattr(settings, name)), source=_source(name, layers))
        for name in Settings.model_fields
    )


def environment_of(settings: Settings, *names: str) -> dict[str, str]:
    """Return the environment for a process that is to be set as this one is.

    Parameters
    ----------
    settings : Settings
        Those of this process, flags included.
    *names : str
        The settings to hand on; one that is not set is left to the other's own reading.

    Returns
    -------
    dict of str to str
        The environment of this process, and the settings.
    """
    given = {PREFIX + name.upper(): getattr(settings, name) for name in names}
    return {**os.environ, **{variable: str(value) for variable, value in given.items() if value is not None}}


def toml_paths() -> tuple[Path, ...]:
    """Return the settings files looked at, strongest first.

    Returns
    -------
    tuple of Path
        Whether they exist or not.
    """
    home = Path.home() / ".config/fraudguard/config.toml"
    return (Path("fraudguard.toml"), home, Path("/etc/fraudguard/config.toml"))


def _environment_layers() -> Iterable[tuple[str, Mapping[str, object]]]:
    for name in Settings.model_fields:
        variable = PREFIX + name.upper()
        if variable in _variables():
            yield variable, {name: ""}


def _lower_layers() -> list[tuple[str, dict[str, Any]]]:
    files = [(f"{PREFIX}{name.upper()}_FILE", name) for name in sorted(SECRETS)]
    from_files = [(variable, {name: _read_secret(variable)}) for variable, name in files if variable in _variables()]
    return [*from_files, *((str(path), _read_toml(path)) for path in toml_paths() if path.is_file())]


def _read_secret(variable: str) -> str:
    path = Path(os.environ[variable])
    try:
        return path.read_text("utf-8").strip()
    except OSError as error:
        raise DefinitionError(
            f"{variable} names {path}, which cannot be read: {error.strerror}",
            f"{variable} 指定的 {path} 无法读取：{error.strerror}",
        ) from error


def _read_toml(path: Path) -> dict[str, Any]:
    try:
        values = tomllib.loads(path.read_text("utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise DefinitionError(f"{path} is not valid TOML: {error}", f"{path} 不是有效的 TOML：{error}") from error
    _refuse_unknown(str(path), str(path), values, known=frozenset(Settings.model_fields))
    if "secret" in values:
        raise DefinitionError(
            f"{path}: a secret does not belong in a file of settings; set FRAUDGUARD_SECRET or FRAUDGUARD_SECRET_FILE",
            f"{path}：密钥不得写入配置文件；请设置 FRAUDGUARD_SECRET 或 FRAUDGUARD_SECRET_FILE",
        )
    return values


def _variables() -> list[str]:
    return [name for name in os.environ if name.startswith(PREFIX)]


def _known_variables() -> frozenset[str]:
    plain = {PREFIX + name.upper() for name in Settings.model_fields}
    return frozenset(plain | {f"{PREFIX}{name.upper()}_FILE" for name in SECRETS})


def _refuse_unknown(where_en: str, where_zh: str, names: Iterable[str], *, known: frozenset[str]) -> None:
    for name in sorted(set(names) - known):
        near = difflib.get_close_matches(name, known, n=1)
        en, zh = (f"; did you mean {near[0]}?", f"；是否想写 {near[0]}？") if near else ("", "")
        raise DefinitionError(f"{where_en}: unknown setting {name}{en}", f"{where_zh}：未知的设置 {name}{zh}")


def _refuse_values(error: ValidationError) -> NoReturn:
    # The value is left out on purpose: it may be a secret.
    lines = [f"{PREFIX}{str(one['loc'][0]).upper()}: {one['msg']}" for one in error.errors(include_input=False)]
    raise DefinitionError(f"settings do not fit: {'; '.join(lines)}", f"设置有误：{'；'.join(lines)}") from error


def _source(name: str, layers: Iterable[tuple[str, Mapping[str, object]]]) -> str:
    return next((label for label, values in layers if name in values), "default")


def _shown(name: str, value: object) -> str:
    if value is None:
        return ""
    if name == "database":
        return _without_password(str(value))
    return "***" if name in SECRETS else str(value)


def _without_password(url: str) -> str:
    scheme, found, rest = url.partition("://")
    if not found or "@" not in rest:
        return url
    account, _, place = rest.rpartition("@")
    return f"{scheme}://{account.partition(':')[0]}:***@{place}"
