"""TLS ended by the service itself: a context that is checked before anybody can connect."""

import ssl
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from cryptography import x509

from fraudguard.errors import DefinitionError
from fraudguard.serve.settings import Settings

__all__ = ["Tls", "tls_of"]

_CIPHERS: Final = "ECDHE+AESGCM:ECDHE+CHACHA20"
"""Of TLS 1.2; those of 1.3 are all sound."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tls:
    """How connections are kept from others.

    Parameters
    ----------
    context : SSLContext
        At least TLS 1.2; with an authority for clients, only those with its certificates.
    expires_at : datetime
        When the first of the certificates shown ends.
    """

    context: ssl.SSLContext
    expires_at: datetime


def tls_of(settings: Settings, *, at: datetime) -> Tls | None:
    """Return how connections are kept from others, as the settings say.

    Parameters
    ----------
    settings : Settings
        Names the certificate with its chain, the key, and the authority of clients.
    at : datetime
        Now.

    Returns
    -------
    Tls or None
        None when no certificate is named: a proxy ends TLS, or nobody does.

    Raises
    ------
    DefinitionError
        If a file is missing, is not what it should be, does not fit the other, or has ended.
    """
    if settings.tls_certificate is None and settings.tls_key is None and settings.tls_client_ca is None:
        return None
    if settings.tls_certificate is None or settings.tls_key is None:
        raise DefinitionError(
            "TLS needs both FRAUDGUARD_TLS_CERTIFICATE and FRAUDGUARD_TLS_KEY; set both, or none of the TLS settings",
            "TLS 需同时设置 FRAUDGUARD_TLS_CERTIFICATE 与 FRAUDGUARD_TLS_KEY；请都设置，或都不设置",
        )
    chain = _certificates(settings.tls_certificate, "FRAUDGUARD_TLS_CERTIFICATE")
    _require_valid(settings.tls_certificate, chain, at)
    context = _context(settings.tls_certificate, settings.tls_key)
    if settings.tls_client_ca is not None:
        _admit(context, settings.tls_client_ca)
    return Tls(context=context, expires_at=min(one.not_valid_after_utc for one in chain))


def _context(certificate: Path, key: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.set_ciphers(_CIPHERS)
    _read(key, "FRAUDGUARD_TLS_KEY")
    try:
        context.load_cert_chain(certificate, key, password="")  # one under a password would ask at the terminal
    except ssl.SSLError as error:
        raise _unfit(certificate, key, error) from error
    return context


def _admit(context: ssl.SSLContext, authority: Path) -> None:
    _certificates(authority, "FRAUDGUARD_TLS_CLIENT_CA")
    context.load_verify_locations(authority)
    context.verify_mode = ssl.CERT_REQUIRED


def _unfit(certificate: Path, key: Path, error: ssl.SSLError) -> DefinitionError:
    if error.reason == "KEY_VALUES_MISMATCH":
        return DefinitionError(
            f"the key {key} does not belong to the certificate {certificate}; name the two that were made together, "
            "the server's own certificate first in its file",
            f"私钥 {key} 与证书 {certificate} 不是一对；请指定同时生成的两个文件，证书文件中服务器自己的证书在最前",
        )
    return DefinitionError(
        f"{key} is no private key in PEM without a password ({error.reason}); name one, or remove its password",
        f"{key} 不是无口令的 PEM 私钥（{error.reason}）；请换一个，或去掉口令",
    )


def _certificates(path: Path, variable: str) -> Sequence[x509.Certificate]:
    try:
        return x509.load_pem_x509_certificates(_read(path, variable))
    except ValueError as error:
        raise DefinitionError(
            f"{variable}: {path} holds no certificate in PEM; name a file that begins with BEGIN CERTIFICATE",
            f"{variable}：{path} 中没有 PEM 证书；请指定以 BEGIN CERTIFICATE 开头的文件",
        ) from error


def _require_valid(path: Path, chain: Sequence[x509.Certificate], at: datetime) -> None:
    for one in chain:
        if not one.not_valid_before_utc <= at <= one.not_valid_after_utc:
            begins, ends = one.not_valid_before_utc.date(), one.not_valid_after_utc.date()
            raise DefinitionError(
                f"the certificate {path} is valid from {begins} to {ends} and not now; renew it, or set the clock right",
                f"证书 {path} 的有效期为 {begins} 至 {ends}，现在无效；请更新证书，或校正时钟",
            )


def _read(path: Path, variable: str) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise DefinitionError(
            f"{variable} names {path}, which cannot be read: {error.strerror}",
            f"{variable} 指定的 {path} 无法读取：{error.strerror}",
        ) from error
