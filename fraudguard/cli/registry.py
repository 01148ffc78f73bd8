"""`model`: which model is live, which runs in shadow, who vouches for it, and how to go back."""

import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from fraudguard.cli.output import output
from fraudguard.cli.shadow import shadow_report
from fraudguard.cli.signing import (
    ByOption,
    KeysOption,
    ModelArgument,
    acting_name,
    make_keys,
    require_signed,
    sign_model,
    verify_model,
)
from fraudguard.errors import DefinitionError, NotFoundError

if TYPE_CHECKING:
    from fraudguard.model.artifact import Artifact
    from fraudguard.model.promotion import Promoter
    from fraudguard.model.registry import Registry

__all__ = ["model_app"]

model_app = typer.Typer(no_args_is_help=True, help="模型库：登记、上线、影子、回滚、签名 / the registry of models")

model_app.command("keygen")(make_keys)
model_app.command("sign")(sign_model)
model_app.command("verify")(verify_model)
model_app.command("shadow-report")(shadow_report)

RegistryArgument = Annotated[Path, typer.Argument(help="模型库文件夹 / registry folder", metavar="REGISTRY")]
VersionArgument = Annotated[str, typer.Argument(help="版本号或其开头 / version, or how it begins", metavar="VERSION")]
ReasonOption = Annotated[str, typer.Option("--reason", help="原因，记入历史 / why; kept in the history")]
YesOption = Annotated[bool, typer.Option("--yes", help="不再询问 / do not ask")]
JsonOption = Annotated[bool, typer.Option("--json", help="输出 JSON / print JSON")]


@model_app.command("add")
def add_model(
    registry: RegistryArgument, model: ModelArgument, *, by: ByOption = None, reason: ReasonOption = ""
) -> None:
    """登记一个模型，作为候选。 / Copy a model folder into the registry, as a candidate."""
    artifact = _promoter(registry, by, reason).add(model)
    output.say(f"已登记 {artifact.version}（候选）", f"{artifact.version} is in the registry, a candidate")


@model_app.command("list")
def list_models(registry: RegistryArgument, *, as_json: JsonOption = False) -> None:
    """列出模型、用途与指标。 / List the models, what each is for, and how good it was."""
    rows = _rows(_existing(registry))
    if as_json:
        output.write_json(rows)
        return
    zh = ("版本", "用途", "自", "数据", "AP", "召回", "签名人")
    en = ("version", "stage", "since", "data", "AP", "recall", "signed by")
    cells = [
        (
            row["version"],
            _stage_text(row["stage"]),
            row["since"][:16].replace("T", " "),
            row["data"],
            _figure(row["average_precision"]),
            _figure(row["recall"]),
            row["signed_by"] or "–",
        )
        for row in rows
    ]
    output.table(zh if output.lang == "zh" else en, cells)


@model_app.command("show")
def show_model(
    registry: Annotated[Path, typer.Argument(help="模型库或模型文件夹 / registry or model folder", metavar="REGISTRY")],
    version: Annotated[
        str | None, typer.Argument(help="版本，默认运行中者 / version; the live one by default", metavar="VERSION")
    ] = None,
    *,
    as_json: JsonOption = False,
) -> None:
    """显示模型卡。 / Print the card of a model; its manifest with --json."""
    from fraudguard.model.artifact import CARD, load_artifact
    from fraudguard.model.registry import Registry, live_folder

    artifact = load_artifact(live_folder(registry)) if version is None else Registry(registry).model(version)
    if as_json:
        output.write_json(dict(artifact.manifest))
    else:
        output.write(f"{artifact.version}\n\n{artifact.text(CARD)}")


@model_app.command("history")
def show_history(registry: RegistryArgument, *, as_json: JsonOption = False) -> None:
    """列出全部操作。 / List every act: when, who, what, which model, why."""
    acts = _existing(registry).history()
    if as_json:
        output.write_json([asdict(act) for act in acts])
        return
    zh, en = ("时间", "操作人", "操作", "版本", "原因"), ("at", "by", "action", "version", "reason")
    output.table(
        zh if output.lang == "zh" else en,
        [(act.at[:19].replace("T", " "), act.by, act.action.value, act.version, act.reason) for act in acts],
    )


@model_app.command("promote")
def promote_model(
    registry: RegistryArgument,
    version: VersionArgument,
    *,
    shadow: Annotated[
        bool, typer.Option("--shadow", help="只作影子运行：同样评分，不采取动作 / score beside the live model only")
    ] = False,
    keys: KeysOption = None,
    by: ByOption = None,
    reason: ReasonOption = "",
    yes: YesOption = False,
) -> None:
    """上线一个模型，或让它影子运行；先印出新旧对照。 / Make a model live, or run it in shadow, after a comparison."""
    known = _existing(registry)
    artifact, live = known.model(version), known.standing().champion
    if keys is not None:
        require_signed(artifact, keys)
    if live is not None:
        _compare(known.model(live), artifact)
    if not shadow:
        _confirm(yes, f"上线 {artifact.version}，替换 {live or '无'}？", f"make {artifact.version} live, instead of {live or 'none'}?")  # fmt: skip
    promoter = _promoter(registry, by, reason)
    if shadow:
        promoter.shadow(artifact.version)
        output.say(f"{artifact.version} 影子运行", f"{artifact.version} runs in shadow")
    else:
        promoter.promote(artifact.version)
        output.say(
            f"{artifact.version} 已上线；重启服务后生效", f"{artifact.version} is live; restart the service to use it"
        )


@model_app.command("end-shadow")
def end_shadow(registry: RegistryArgument, *, by: ByOption = None, reason: ReasonOption = "") -> None:
    """结束影子运行。 / End the shadow run; the model stays as a candidate."""
    _existing(registry)
    version = _promoter(registry, by, reason).end_shadow()
    output.say(f"{version} 的影子运行已结束", f"the shadow run of {version} has ended")


@model_app.command("rollback")
def rollback_model(
    registry: RegistryArgument,
    *,
    reason: Annotated[str, typer.Option("--reason", help="原因，必填 / why; required")],
    by: ByOption = None,
    yes: YesOption = False,
) -> None:
    """回到上一个运行的模型。 / Make the model before the live one live again."""
    live = _existing(registry).standing().champion
    _confirm(yes, f"撤下 {live}？", f"withdraw {live}?")
    artifact = _promoter(registry, by, reason).rollback()
    output.say(
        f"已撤下 {live}，{artifact.version} 重新上线；重启服务后生效",
        f"{live} is withdrawn, {artifact.version} is live again; restart the service to use it",
    )


def _existing(folder: Path) -> "Registry":
    from fraudguard.model.registry import Registry, is_registry

    if not is_registry(folder):
        raise NotFoundError(
            f"no registry at {folder}; begin one with: fraudguard model add {folder} MODEL",
            f"{folder} 没有模型库；可用 fraudguard model add {folder} MODEL 建立",
        )
    return Registry(folder)


def _promoter(folder: Path, by: str | None, reason: str) -> "Promoter":
    from fraudguard.clock import SystemClock
    from fraudguard.model.promotion import Promoter
    from fraudguard.model.registry import Registry

    moment = SystemClock().now().isoformat(timespec="seconds")
    return Promoter(registry=Registry(folder), by=acting_name(by), at=moment, reason=reason)


def _confirm(yes: bool, zh: str, en: str) -> None:  # noqa: FBT001  # the answer itself
    if yes:
        return
    if not sys.stdin.isatty():
        raise DefinitionError("nobody is there to ask; add --yes", "没有终端可询问；请加 --yes")
    typer.confirm(zh if output.lang == "zh" else en, abort=True, err=True)


def _rows(registry: "Registry") -> list[dict[str, Any]]:
    from fraudguard.model.signature import Signature

    standing = registry.standing()
    rows = []
    for version, stage in standing.stages.items():
        artifact = registry.model(version)
        signature = Signature.of(artifact)
        rows.append({
            "version": version,
            "stage": stage.value,
            "since": standing.since[version],
            "data": artifact.manifest["data"]["name"],
            **_figures(artifact),
            "signed_by": None if signature is None else signature.by,
        })
    return rows


def _figures(artifact: "Artifact") -> dict[str, Any]:
    metrics = artifact.manifest["metrics"]
    row = next(row for row in metrics["rows"] if row["scorer"] == "model")
    return {
        "average_precision": metrics["average_precision"],
        "n_test": metrics["n_transfers"],
        "n_fraud": metrics["n_fraud"],
        "per_10_000": row["per_10_000"],
        "recall": row["recall"],
        "precision": row["precision"],
        "value_recall": row["value_recall"],
    }


def _compare(live: "Artifact", candidate: "Artifact") -> None:
    output.say(
        "各自在自己的测试时段上（时段不同则不能直接比较；可用 fraudguard evaluate 在同一数据上比）",
        "each on its own test window (not comparable when they differ; use fraudguard evaluate on the same data)",
    )
    columns = ("", live.version, candidate.version)
    told, asked = _figures(live), _figures(candidate)
    rows = [("test", *(_window(artifact) for artifact in (live, candidate)))]
    rows += [(name, _figure(told[name]), _figure(asked[name])) for name in told]
    output.table(columns, rows)
    if live.fingerprint != candidate.fingerprint:
        output.say(
            "两者所用特征不同：服务须改用新模型的目录（--catalog）",
            "they use different features: the service needs the catalog of the new model (--catalog)",
        )


def _window(artifact: "Artifact") -> str:
    return " – ".join((edge or "…")[:10] for edge in artifact.manifest["spec"]["split"]["test"])


def _figure(value: float | None) -> str:
    if value is None:
        return "–"
    return f"{value:,}" if isinstance(value, int) else f"{value:.3g}"


def _stage_text(stage: str) -> str:
    zh = {"candidate": "候选", "shadow": "影子", "champion": "运行中", "retired": "已停用", "withdrawn": "已撤下"}
    return zh[stage] if output.lang == "zh" else stage
