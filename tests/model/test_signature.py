"""Who vouches for a model."""

import json
import shutil
import stat
from pathlib import Path

import pytest

from fraudguard.errors import ArtifactError, ConflictError, DefinitionError, NotFoundError
from fraudguard.model.artifact import MANIFEST, Artifact, load_artifact
from fraudguard.model.signature import SIGNATURE, Signature, TrustedKeys, new_keys, sign_artifact
from tests.model.small import small_artifact

AT = "2026-01-05T02:00:00+00:00"


@pytest.fixture
def key(tmp_path: Path) -> Path:
    """Give a private key, with its public one beside it."""
    new_keys(tmp_path / "wang")
    return tmp_path / "wang"


@pytest.fixture
def signed(tmp_path: Path, key: Path) -> Artifact:
    """Give a model that Wang signed."""
    artifact = small_artifact(tmp_path / "model", "model")
    sign_artifact(artifact, key, by="wang", signed_at=AT)
    return artifact


def test_signed_model_is_accepted(signed: Artifact, key: Path) -> None:
    """The public key shows who signed which model and when; the model itself still loads."""
    signature = TrustedKeys.read(key.with_name("wang.pub")).require_signed(signed)

    assert (signature.by, signature.version, signature.signed_at) == ("wang", signed.version, AT)
    assert load_artifact(signed.folder) == signed


def test_a_folder_of_keys_is_read(signed: Artifact, tmp_path: Path) -> None:
    """Every *.pub of a folder is trusted."""
    new_keys(tmp_path / "li")

    assert TrustedKeys.read(tmp_path).require_signed(signed).by == "wang"


def test_private_key_is_for_its_owner_only(key: Path) -> None:
    """Nobody else may read it, and neither file is ever replaced."""
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    with pytest.raises(ConflictError, match="exists"):
        new_keys(key)


def test_unsigned_model_is_refused(tmp_path: Path, key: Path) -> None:
    """A model without a signature does not pass."""
    with pytest.raises(ArtifactError, match="not signed"):
        TrustedKeys.read(key.with_name("wang.pub")).require_signed(small_artifact(tmp_path / "m", "m"))


def test_a_stranger_is_not_trusted(signed: Artifact, tmp_path: Path) -> None:
    """A signature by a key that is not among the trusted ones is refused by its name."""
    new_keys(tmp_path / "li")

    with pytest.raises(ArtifactError, match=r"k-[0-9a-f]{12}, which is not trusted"):
        TrustedKeys.read(tmp_path / "li.pub").require_signed(signed)


@pytest.mark.parametrize("field", ["by", "signed_at", "version", "proof"])
def test_changed_signature_is_refused(signed: Artifact, key: Path, field: str) -> None:
    """Every field of the signature is covered by it."""
    path = signed.folder / SIGNATURE
    said = json.loads(path.read_text("utf-8"))
    path.write_text(json.dumps({**said, field: "AAAA"}), encoding="utf-8")

    with pytest.raises(ArtifactError, match="does not fit"):
        TrustedKeys.read(key.with_name("wang.pub")).require_signed(signed)


def test_signature_of_another_model_is_refused(signed: Artifact, key: Path, tmp_path: Path) -> None:
    """A signature cannot be carried to another model; nor to the same one made at another moment."""
    other = small_artifact(tmp_path / "other", "other")
    shutil.copy(signed.folder / SIGNATURE, other.folder)
    manifest = json.loads((signed.folder / MANIFEST).read_text("utf-8"))
    (signed.folder / MANIFEST).write_text(json.dumps({**manifest, "created_at": "2027"}), encoding="utf-8")
    keys = TrustedKeys.read(key.with_name("wang.pub"))

    for artifact in (other, load_artifact(signed.folder)):
        with pytest.raises(ArtifactError, match="does not fit"):
            keys.require_signed(artifact)


@pytest.mark.parametrize("text", ["{", "[]", "{}", '{"by": "x"}'])
def test_unreadable_signature_is_named(signed: Artifact, text: str) -> None:
    """What is no signature is refused with its file."""
    (signed.folder / SIGNATURE).write_text(text, encoding="utf-8")

    with pytest.raises(ArtifactError, match=f"{SIGNATURE} cannot be read"):
        Signature.of(signed)


def test_wrong_key_files_are_named(signed: Artifact, key: Path, tmp_path: Path) -> None:
    """A missing key, or a file that is none, is named with the command that makes one."""
    (tmp_path / "empty").mkdir()
    (tmp_path / "letter").write_text("dear", encoding="utf-8")

    for path in (tmp_path / "none.pub", tmp_path / "empty"):
        with pytest.raises(NotFoundError, match="keygen"):
            TrustedKeys.read(path)
    with pytest.raises(DefinitionError, match="public key"):
        TrustedKeys.read(key)
    with pytest.raises(NotFoundError, match="no private key"):
        sign_artifact(signed, tmp_path / "none", by="wang", signed_at=AT)
    for path in (tmp_path / "letter", key.with_name("wang.pub")):
        with pytest.raises(DefinitionError, match="private key"):
            sign_artifact(signed, path, by="wang", signed_at=AT)
