"""The service behind its own certificate, over a real connection."""

import ssl
import warnings
from pathlib import Path
from typing import Any

import httpx2
import pytest

from tests.journeys.load import serving
from tests.serve.certificates import Authority
from tests.serve.fakes import add_key, body_of, make_settings, open_store


def trusting(authority: Authority, client: tuple[Path, Path] | None = None) -> ssl.SSLContext:
    """Return what a client connects with, and the certificate that it shows."""
    context = ssl.create_default_context(cafile=authority.certificate)
    if client is not None:
        context.load_cert_chain(*client)
    return context


def ready_settings(folder: Path, **values: Any) -> tuple[Any, str]:  # noqa: ANN401  # any setting
    """Return settings over a migrated database, and a key."""
    settings = make_settings(folder, **values)
    store = open_store(settings)
    token = add_key(store)
    store.close()
    return settings, token


def test_a_judgement_over_tls(tmp_path: Path) -> None:
    """The certificate is shown and trusted, plain HTTP gets nothing, TLS 1.1 is refused, and the end of the certificate is told."""
    authority = Authority(tmp_path)
    certificate, key = authority.issue("server")
    settings, token = ready_settings(tmp_path, tls_certificate=certificate, tls_key=key)
    tls = trusting(authority)
    with (
        serving(settings, tls=tls) as (_, port),
        httpx2.Client(base_url=f"https://127.0.0.1:{port}", verify=tls) as client,
    ):
        answer = client.post("/v1/assessments", json=body_of(), headers={"Authorization": f"Bearer {token}"})
        metrics = client.get("/metrics").text
        with pytest.raises(httpx2.HTTPError):
            httpx2.get(f"http://127.0.0.1:{port}/livez")
        with pytest.raises(httpx2.HTTPError, match=r"EOF|alert protocol version|reset by peer"):  # the server ends it
            httpx2.get(f"https://127.0.0.1:{port}/livez", verify=_at_most_tls_1_1(authority))

    assert answer.status_code == 200
    assert "fraudguard_certificate_expires_seconds 4.7335104e+09" in metrics


def _at_most_tls_1_1(authority: Authority) -> ssl.SSLContext:
    context = trusting(authority)
    context.set_ciphers("DEFAULT:@SECLEVEL=0")  # else the client itself would not offer it
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        context.minimum_version, context.maximum_version = ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1
    return context


def test_only_clients_with_a_certificate_may_connect(tmp_path: Path) -> None:
    """With an authority for clients, one of its certificates opens, and none or another's does not."""
    authority, others = Authority(tmp_path), Authority(tmp_path, "others")
    certificate, key = authority.issue("server")
    given = {"tls_certificate": certificate, "tls_key": key, "tls_client_ca": authority.certificate}
    settings, _ = ready_settings(tmp_path, **given)
    known = trusting(authority, authority.issue("bank"))
    with serving(settings, tls=known) as (_, port):
        address = f"https://127.0.0.1:{port}/livez"
        answer = httpx2.get(address, verify=known)
        for stranger in (trusting(authority), trusting(authority, others.issue("stranger"))):
            with pytest.raises(httpx2.HTTPError):
                httpx2.get(address, verify=stranger)

    assert answer.status_code == 200
