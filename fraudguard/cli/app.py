"""The `fraudguard` command: its global flags, its commands, its exit codes.

Exit codes: 0 ok · 1 unexpected error · 2 usage · 3 input invalid · 4 not found
or not ready · 5 a gate failed · 6 environment problem · 7 permission · 130 interrupted.
"""

import errno
import sys
import traceback
from importlib.metadata import version
from typing import Annotated, Final, Literal

import typer

from fraudguard.cli import (
    access,
    assess,
    audit,
    catalog,
    check,
    config,
    data,
    demo,
    drift,
    explain,
    hardness,
    lists,
    model,
    parity,
    plan,
    registry,
    serve,
    snapshot,
    store,
    trace,
    webhooks,
)
from fraudguard.cli.output import output
from fraudguard.errors import (
    ArtifactError,
    ConflictError,
    DataError,
    DefinitionError,
    FraudguardError,
    GateError,
    NotFoundError,
    NotReadyError,
    PermissionDeniedError,
    UnauthenticatedError,
)

__all__ = ["EXIT_CODES", "app", "exit_code", "main"]

EXIT_CODES: Final[dict[type[FraudguardError], int]] = {
    DefinitionError: 2,
    DataError: 3,
    ConflictError: 3,
    ArtifactError: 4,
    NotFoundError: 4,
    NotReadyError: 4,
    GateError: 5,
    PermissionDeniedError: 7,
    UnauthenticatedError: 7,
}
_UNEXPECTED: Final = 1
_ENVIRONMENT: Final = 6
_REASONS_ZH: Final = {
    errno.ENOSPC: "磁盘已满",
    errno.EDQUOT: "超出磁盘配额",
    errno.EROFS: "文件系统只读",
    errno.ENOENT: "没有这个位置",
    errno.ENOTDIR: "路径中有一段不是文件夹",
    errno.ENAMETOOLONG: "名字太长",
    errno.EIO: "读写出错",
}

app = typer.Typer(
    name="fraudguard",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


@app.callback()
def start(
    *,
    lang: Annotated[
        Literal["zh", "en"],
        typer.Option(
            envvar="FRAUDGUARD_LANG", help="提示用的语言 zh 或 en / language of talk, zh or en", metavar="zh|en"
        ),
    ] = "zh",
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="只报错误 / errors only")] = False,
    verbose: Annotated[
        int, typer.Option("--verbose", "-v", count=True, help="更多细节，可重复 / more detail, repeatable")
    ] = 0,
    no_color: Annotated[bool, typer.Option("--no-color", envvar="NO_COLOR", help="不用颜色 / no colours")] = False,
    _version: Annotated[
        bool,
        typer.Option(
            "--version", callback=lambda asked: _print_version(asked=asked), is_eager=True, help="版本 / version"
        ),
    ] = False,
) -> None:
    """识别、劝阻、及时止付：在转账未完成时给出拦截建议。 / Score bank transfers for telecom fraud while they are still pending."""
    output.lang, output.color = lang, not no_color
    output.verbosity = -1 if quiet else verbose


def _print_version(*, asked: bool) -> None:
    if asked:
        output.write(f"fraudguard {version('fraudguard')}")
        raise typer.Exit


app.command("demo")(demo.demo)
app.command("simulate")(data.simulate_command)
app.command("hardness")(hardness.hardness_command)
app.command("import")(data.import_command)
app.command("check")(check.check_command)
app.command("tokenise")(check.tokenise_command)
app.command("features")(catalog.features_command)
app.command("replay")(data.replay_command)
app.command("train")(model.train_command)
app.command("evaluate")(model.evaluate_command)
app.command("drift")(drift.drift_command)
app.command("score")(model.score_command)
app.command("explain")(explain.explain_command)
app.command("plan")(plan.plan_command)
app.command("trace")(trace.trace_command)
app.command("serve")(serve.serve)
app.command("assess")(assess.assess_command)
app.command("parity")(parity.parity_command)
app.command("export")(store.export)
app.command("doctor")(config.doctor)
app.add_typer(store.db_app, name="db")
app.add_typer(snapshot.snapshot_app, name="snapshot")
app.add_typer(access.user_app, name="user")
app.add_typer(access.key_app, name="key")
app.add_typer(lists.lists_app, name="lists")
app.add_typer(webhooks.webhooks_app, name="webhooks")
app.add_typer(audit.audit_app, name="audit")
app.add_typer(registry.model_app, name="model")
app.add_typer(config.config_app, name="config")


def exit_code(error: FraudguardError) -> int:
    """Return the exit code of an error.

    Parameters
    ----------
    error : FraudguardError
        What ended the command.

    Returns
    -------
    int
        From `EXIT_CODES`, by the nearest class.
    """
    return next(EXIT_CODES[kind] for kind in type(error).__mro__ if kind in EXIT_CODES)


def main() -> None:
    """Run the command line and exit the process with its code."""
    try:
        app()
    except FraudguardError as error:
        output.fail(error.zh, error.en)
        sys.exit(exit_code(error))
    except OSError as error:
        _report_environment(error)
        sys.exit(_ENVIRONMENT)
    except Exception as error:  # noqa: BLE001  # the last place: an unexpected error becomes exit code 1, not a traceback
        _report_unexpected(error)
        sys.exit(_UNEXPECTED)


def _report_environment(error: OSError) -> None:
    """Say what the machine refused: the place, the reason, the mend."""
    place, reason = error.filename or "", error.strerror or str(error)
    zh = _REASONS_ZH.get(error.errno or 0, reason)
    output.fail(
        f"本机不能读写 {place}：{zh}；请腾出空间或换个位置，再重做",
        f"this machine cannot read or write {place}: {reason}; make room or choose another place, then try again",
    )
    if output.verbosity > 0:
        traceback.print_exception(error)


def _report_unexpected(error: Exception) -> None:
    name = type(error).__name__
    output.fail(f"意外错误 {name}：{error}；加 -v 可看详情", f"unexpected {name}: {error}; add -v for the details")
    if output.verbosity > 0:
        traceback.print_exception(error)
