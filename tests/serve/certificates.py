"""An authority that issues certificates for tests."""

import ipaddress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

__all__ = ["ALWAYS", "LONG_AGO", "Authority"]

ALWAYS: Final = (datetime(2020, 1, 1, tzinfo=UTC), datetime(2120, 1, 1, tzinfo=UTC))
LONG_AGO: Final = (datetime(2020, 1, 1, tzinfo=UTC), datetime(2020, 1, 1, tzinfo=UTC) + timedelta(days=1))


class Authority:
    """Issues certificates for 127.0.0.1, into a folder.

    Parameters
    ----------
    folder : Path
        Where its certificate, and those it issues, are written.
    name : str
        Its own.
    """

    def __init__(self, folder: Path, name: str = "authority") -> None:
        self._folder = folder
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = _name(name)
        self.certificate = folder / f"{name}.pem"
        own = _builder(self._name, self._name, self._key.public_key(), ALWAYS)
        signed = own.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True).sign(
            self._key, hashes.SHA256()
        )
        self.certificate.write_bytes(signed.public_bytes(Encoding.PEM))

    def issue(self, name: str, between: tuple[datetime, datetime] = ALWAYS) -> tuple[Path, Path]:
        """Return the files of a new certificate and its key."""
        key = ec.generate_private_key(ec.SECP256R1())
        addresses = [x509.IPAddress(ipaddress.ip_address("127.0.0.1")), x509.DNSName("localhost")]
        builder = _builder(_name(name), self._name, key.public_key(), between)
        signed = (
            builder
            .add_extension(x509.SubjectAlternativeName(addresses), critical=False)
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(self._key.public_key()), critical=False)
            .sign(self._key, hashes.SHA256())
        )
        files = self._folder / f"{name}.pem", self._folder / f"{name}.key"
        files[0].write_bytes(signed.public_bytes(Encoding.PEM))
        files[1].write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
        return files


def _name(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


def _builder(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey, between: tuple[datetime, datetime]
) -> x509.CertificateBuilder:
    plain = x509.CertificateBuilder(subject_name=subject, issuer_name=issuer, public_key=key)
    numbered = plain.serial_number(x509.random_serial_number())
    return numbered.not_valid_before(between[0]).not_valid_after(between[1])
