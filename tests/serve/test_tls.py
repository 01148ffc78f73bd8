"""What certificate and key must be before anybody can connect."""

import ssl
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, PrivateFormat

from fraudguard.errors import DefinitionError
from fraudguard.serve.tls import tls_of
from tests.fakes import START
from tests.serve.certificates import ALWAYS, LONG_AGO, Authority
from tests.serve.fakes import make_settings

Pair = tuple[Path | None, Path | None]


def _locked(folder: Path) -> Path:
    key = ec.generate_private_key(ec.SECP256R1())
    path = folder / "locked.key"
    path.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(b"open sesame")))
    return path


def _written(path: Path, text: str) -> Path:
    path.write_text(text, "utf-8")
    return path


WRONG: dict[str, tuple[Callable[[Path, Authority], Pair], str]] = {
    "only a certificate": (lambda _, authority: (authority.issue("a")[0], None), "needs both"),
    "only a key": (lambda _, authority: (None, authority.issue("a")[1]), "needs both"),
    "no such certificate": (lambda folder, authority: (folder / "no.pem", authority.issue("a")[1]), "cannot be read"),
    "no such key": (lambda folder, authority: (authority.issue("a")[0], folder / "no.key"), "cannot be read"),
    "another's key": (lambda _, authority: (authority.issue("a")[0], authority.issue("b")[1]), "does not belong to"),
    "no certificate": (
        lambda folder, authority: (_written(folder / "x", "hello"), authority.issue("a")[1]),
        "holds no certificate",
    ),
    "no key": (
        lambda folder, authority: (authority.issue("a")[0], _written(folder / "x", "hello")),
        "is no private key",
    ),
    "a key under a password": (lambda folder, authority: (authority.issue("a")[0], _locked(folder)), "is no private"),
    "ended": (lambda _, authority: authority.issue("a", LONG_AGO), "from 2020-01-01 to 2020-01-02 and not now"),
    "not begun": (
        lambda _, authority: authority.issue("a", (START + timedelta(days=1), ALWAYS[1])),
        "from 2026-01-06 to",
    ),
}


@pytest.mark.parametrize("what", sorted(WRONG))
def test_what_cannot_be_used_is_refused(tmp_path: Path, what: str) -> None:
    """Each fault of the pair is told before the start, in words that name the file or the setting."""
    make, told = WRONG[what]
    certificate, key = make(tmp_path, Authority(tmp_path))
    settings = make_settings(tmp_path, tls_certificate=certificate, tls_key=key)

    with pytest.raises(DefinitionError, match=told) as caught:
        tls_of(settings, at=START)

    assert caught.value.text("zh") != caught.value.text("en")


def test_an_authority_that_is_none_is_refused(tmp_path: Path) -> None:
    """So is a file of clients' authorities without a certificate, and one alone."""
    certificate, key = Authority(tmp_path).issue("server")
    none = _written(tmp_path / "x", "hello")

    with pytest.raises(DefinitionError, match="FRAUDGUARD_TLS_CLIENT_CA"):
        tls_of(make_settings(tmp_path, tls_certificate=certificate, tls_key=key, tls_client_ca=none), at=START)
    with pytest.raises(DefinitionError, match="needs both"):
        tls_of(make_settings(tmp_path, tls_client_ca=certificate), at=START)


def test_a_sound_pair_is_used(tmp_path: Path) -> None:
    """The context takes nothing below TLS 1.2, and asks clients for a certificate only when told to."""
    authority = Authority(tmp_path)
    certificate, key = authority.issue("server")
    plain = tls_of(make_settings(tmp_path, tls_certificate=certificate, tls_key=key), at=START)
    both = tls_of(
        make_settings(tmp_path, tls_certificate=certificate, tls_key=key, tls_client_ca=authority.certificate), at=START
    )

    assert plain is not None
    assert both is not None
    assert plain.context.minimum_version is ssl.TLSVersion.TLSv1_2
    assert (plain.context.verify_mode, both.context.verify_mode) == (ssl.CERT_NONE, ssl.CERT_REQUIRED)
    assert plain.expires_at == ALWAYS[1]


def test_without_a_certificate_there_is_no_tls(tmp_path: Path) -> None:
    """A proxy ends it, or nobody does."""
    assert tls_of(make_settings(tmp_path), at=START) is None
