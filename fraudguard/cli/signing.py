"""`model keygen`, `model sign`, `model verify`: who vouches for a model."""

import getpass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from fraudguard.cli.output import output

if TYPE_CHECKING:
    from fraudguard.model.artifact import Artifact

__all__ = [
    "ByOption",
    "KeysOption",
    "ModelArgument",
    "acting_name",
    "make_keys",
    "require_signed",
    "sign_model",
    "verify_model",
]

ModelArgument = Annotated[Path, typer.Argument(help="模型文件夹 / model folder", metavar="MODEL")]
ByOption = Annotated[
    str | None, typer.Option("--by", help="操作人，默认本机用户 / who acts; by default the user of this machine")
]
KeysOption = Annotated[
    Path | None, typer.Option("--keys", help="受信任的公钥，文件或文件夹 / trusted public keys, a file or a folder")
]


def make_keys(
    out: Annotated[Path, typer.Argument(help="私钥文件；公钥为同名 .pub / private key; the public one is NAME.pub", metavar="NAME")],
) -> None:  # fmt: skip
    """生成一对签名密钥。 / Make a pair of keys: keep the first, give the .pub to those who check."""
    from fraudguard.model.signature import new_keys

    key_id = new_keys(out)
    output.say(f"私钥 {out}（请妥善保管），公钥 {out}.pub", f"private key {out} (keep it), public key {out}.pub")
    output.write(key_id)


def sign_model(
    model: ModelArgument,
    *,
    key: Annotated[Path, typer.Option("--key", help="私钥文件 / private key")],
    by: ByOption = None,
) -> None:
    """为模型签名。 / Sign a model: you vouch for it by name."""
    from fraudguard.clock import SystemClock
    from fraudguard.model.artifact import load_artifact
    from fraudguard.model.signature import sign_artifact

    artifact = load_artifact(model)
    signature = sign_artifact(artifact, key, by=acting_name(by), signed_at=SystemClock().now().isoformat())
    output.say(
        f"{signature.by} 已用 {signature.key_id} 为 {artifact.version} 签名",
        f"{signature.by} signed {artifact.version} with {signature.key_id}",
    )


def verify_model(model: ModelArgument, *, keys: KeysOption = None) -> None:
    """核对模型文件与签名。 / Check every file of a model, and its signature; exit code 4 when one does not fit."""
    from fraudguard.model.artifact import load_artifact

    artifact = load_artifact(model)
    output.say(f"{artifact.version} 的文件完整", f"the files of {artifact.version} are whole")
    if keys is not None:
        require_signed(artifact, keys)


def require_signed(artifact: "Artifact", keys: Path) -> None:
    """Go on only if a model is signed with a trusted key, and say by whom.

    Raises
    ------
    ArtifactError
        If it is not.
    """
    from fraudguard.model.signature import TrustedKeys

    signature = TrustedKeys.read(keys).require_signed(artifact)
    output.say(
        f"签名有效：{signature.by}，{signature.signed_at[:16]}，{signature.key_id}",
        f"signed by {signature.by}, {signature.signed_at[:16]}, {signature.key_id}",
    )


def acting_name(by: str | None) -> str:
    """Return who acts: the name given, or the user of this machine."""
    return getpass.getuser() if by is None else by
