"""Who vouches for a model: an Ed25519 signature over its manifest, which holds the digest of every other file.

The private key stays with the person who signs. A service holds public keys
only, so whoever breaks into it cannot sign a model of their own.
"""

import base64
import binascii
import dataclasses
import hashlib
import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final, NoReturn, Self

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from fraudguard.errors import ArtifactError, ConflictError, DefinitionError, NotFoundError
from fraudguard.model.artifact import Artifact

__all__ = ["SIGNATURE", "Signature", "TrustedKeys", "key_id_of", "new_keys", "sign_artifact"]

SIGNATURE: Final = "signature.json"
_DOMAIN: Final = b"fraudguard model\n"
_MASK: Final = 0o600


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """Who signed a model, when, and the proof.

    Parameters
    ----------
    version : str
        Version of the model.
    by : str
        Name of the signer.
    signed_at : str
        Moment, ISO 8601.
    key_id : str
        The public key, by `key_id_of`.
    proof : str
        The signature in Base64.
    """

    version: str
    by: str
    signed_at: str
    key_id: str
    proof: str

    @classmethod
    def of(cls, artifact: Artifact) -> Self | None:
        """Return the signature of a model folder; None where it has none.

        Raises
        ------
        ArtifactError
            If there is one that cannot be read.
        """
        path = artifact.folder / SIGNATURE
        return cls(**_fields(path)) if path.is_file() else None

    def says(self, artifact: Artifact) -> bytes:
        """Return the bytes that are signed: who, when, which model, and the digest of its manifest."""
        lines = (self.version, self.by, self.signed_at, artifact.digest)
        return _DOMAIN + json.dumps(lines, ensure_ascii=False).encode()


@dataclass(frozen=True, slots=True)
class TrustedKeys:
    """Public keys of those who may vouch for a model.

    Parameters
    ----------
    keys : dict of str to Ed25519PublicKey
        By key id.
    """

    keys: dict[str, Ed25519PublicKey]

    @classmethod
    def read(cls, path: Path) -> Self:
        """Read one public key, or every ``*.pub`` of a folder.

        Parameters
        ----------
        path : Path
            A PEM file, or a folder of them.

        Returns
        -------
        TrustedKeys
            At least one.

        Raises
        ------
        NotFoundError
            If there is none.
        DefinitionError
            If a file is no Ed25519 public key.
        """
        files = sorted(path.glob("*.pub")) if path.is_dir() else [path]
        if not files or not files[0].is_file():
            raise NotFoundError(
                f"no public key at {path}; make a pair with: fraudguard model keygen NAME",
                f"{path} 没有公钥；可用 fraudguard model keygen NAME 生成一对",
            )
        keys = [_public_key(file) for file in files]
        return cls({key_id_of(key): key for key in keys})

    def require_signed(self, artifact: Artifact) -> Signature:
        """Return the signature of a model that one of these keys made.

        Raises
        ------
        ArtifactError
            If it is not signed, signed by another, or changed since.
        """
        signature = Signature.of(artifact)
        if signature is None:
            _refuse(artifact, "is missing: the model is not signed", "缺失：模型未签名")
        key = self.keys.get(signature.key_id)
        if key is None:
            name = signature.key_id
            _refuse(artifact, f"is by key {name}, which is not trusted", f"所用密钥 {name} 不受信任")
        if signature.version != artifact.version or not _proved(key, signature, artifact):
            _refuse(artifact, "does not fit this model", "与该模型不符")
        return signature


def new_keys(out: Path) -> str:
    """Write a new pair of keys: ``out`` for the signer alone, ``out.pub`` for those who check.

    Parameters
    ----------
    out : Path
        The private key's file; may be read by its owner only.

    Returns
    -------
    str
        Id of the public key.

    Raises
    ------
    ConflictError
        If either file exists.
    """
    public_path = out.with_name(f"{out.name}.pub")
    for path in (out, public_path):
        if path.exists():
            raise ConflictError(f"{path} exists; name another", f"{path} 已存在；请换个名字")
    key = Ed25519PrivateKey.generate()
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    with os.fdopen(os.open(out, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _MASK), "wb") as file:
        file.write(private)
    public_path.write_bytes(
        key.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    )
    return key_id_of(key.public_key())


def sign_artifact(artifact: Artifact, private_key: Path, *, by: str, signed_at: str) -> Signature:
    """Sign a model, and write the signature into its folder.

    Parameters
    ----------
    artifact : Artifact
        Checked; an earlier signature is replaced.
    private_key : Path
        From `new_keys`.
    by : str
        Who signs.
    signed_at : str
        Moment, ISO 8601.

    Returns
    -------
    Signature
        As written.

    Raises
    ------
    NotFoundError
        If there is no such key.
    DefinitionError
        If it is no Ed25519 private key.
    """
    key = _private_key(private_key)
    unsigned = Signature(
        version=artifact.version, by=by, signed_at=signed_at, key_id=key_id_of(key.public_key()), proof=""
    )
    proof = base64.b64encode(key.sign(unsigned.says(artifact))).decode()
    signature = Signature(**{**asdict(unsigned), "proof": proof})
    text = json.dumps(asdict(signature), ensure_ascii=False, indent=1) + "\n"
    temporary = artifact.folder / f".{SIGNATURE}.part"
    temporary.write_text(text, encoding="utf-8")
    temporary.replace(artifact.folder / SIGNATURE)
    return signature


def key_id_of(key: Ed25519PublicKey) -> str:
    """Return the short name of a public key: ``k-`` and twelve hexadecimal digits of its sha256."""
    raw = key.public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
    return f"k-{hashlib.sha256(raw).hexdigest()[:12]}"


def _fields(path: Path) -> dict[str, str]:
    try:
        fields = json.loads(path.read_text("utf-8"))
    except ValueError:
        fields = None
    if not isinstance(fields, dict) or set(fields) != {field.name for field in dataclasses.fields(Signature)}:
        raise _refused(path, "cannot be read", "无法读取")
    return {name: str(value) for name, value in fields.items()}


def _proved(key: Ed25519PublicKey, signature: Signature, artifact: Artifact) -> bool:
    try:
        proof = base64.b64decode(signature.proof, validate=True)
        key.verify(proof, signature.says(artifact))
    except (InvalidSignature, binascii.Error, ValueError):
        return False
    return True


def _public_key(path: Path) -> Ed25519PublicKey:
    try:
        key = serialization.load_pem_public_key(path.read_bytes())
    except (ValueError, UnsupportedAlgorithm) as error:
        raise _no_key(path, "public", "公钥") from error
    if not isinstance(key, Ed25519PublicKey):
        raise _no_key(path, "public", "公钥")
    return key


def _private_key(path: Path) -> Ed25519PrivateKey:
    if not path.is_file():
        raise NotFoundError(f"no private key at {path}", f"{path} 没有私钥")
    try:
        key = serialization.load_pem_private_key(path.read_bytes(), password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise _no_key(path, "private", "私钥") from error
    if not isinstance(key, Ed25519PrivateKey):
        raise _no_key(path, "private", "私钥")
    return key


def _no_key(path: Path, kind: str, kind_zh: str) -> DefinitionError:
    return DefinitionError(
        f"{path} is no Ed25519 {kind} key in PEM; make a pair with: fraudguard model keygen NAME",
        f"{path} 不是 PEM 格式的 Ed25519 {kind_zh}；可用 fraudguard model keygen NAME 生成一对",
    )


def _refuse(artifact: Artifact, en: str, zh: str) -> NoReturn:
    raise _refused(artifact.folder / SIGNATURE, en, zh)


def _refused(path: Path, en: str, zh: str) -> ArtifactError:
    return ArtifactError(
        f"{path} {en}; have the model signed by a trusted person: fraudguard model sign",
        f"{path} {zh}；请由受信任的人签名：fraudguard model sign",
    )
