"""Certificates for one afternoon: an authority that nobody keeps, a server's certificate and a client's.

The authority's key is never written: nobody can make a further certificate with it. Private keys are readable by this
user alone. All of them are valid for a day.
"""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID, ObjectIdentifier

from workshop.settings import LOOPBACK

_VALID = timedelta(days=1)
_CLOCKS_DIFFER = timedelta(minutes=5)

AUTHORITY, CLIENT, CLIENT_KEY = "ca.pem", "client.pem", "client.key"
"""What :func:`issue` writes for a client: who signed the server's certificate, and its own certificate with its key."""


def issue(folder: Path, server: Path) -> None:
    """Make an authority, and what it certifies; files that are there already are replaced.

    Args:
        folder: Where a client finds its three files.
        server: The file for the server's key and certificate, which holds for the loopback address.
    """
    folder.mkdir(parents=True, exist_ok=True)
    authority_key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "The lab's authority")])
    authority = (
        _certificate("The lab's authority", name, authority_key)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_AUTHORITY_USE, critical=True)
        .sign(authority_key, SHA256())
    )
    certified = {}
    for whose, use in (
        ("server", ExtendedKeyUsageOID.SERVER_AUTH),
        ("client", ExtendedKeyUsageOID.CLIENT_AUTH),
    ):
        key = ec.generate_private_key(ec.SECP256R1())
        made = _leaf(whose, use, name, key).sign(authority_key, SHA256())
        certified[whose] = made.public_bytes(Encoding.PEM), _pem(key)
    (certificate, key_pem) = certified["client"]
    (folder / AUTHORITY).write_bytes(authority.public_bytes(Encoding.PEM))
    (folder / CLIENT).write_bytes(certificate)
    _write_secret(folder / CLIENT_KEY, key_pem)
    (certificate, key_pem) = certified["server"]
    _write_secret(server, key_pem + certificate)


_AUTHORITY_USE = x509.KeyUsage(
    digital_signature=False,
    content_commitment=False,
    key_encipherment=False,
    data_encipherment=False,
    key_agreement=False,
    key_cert_sign=True,
    crl_sign=True,
    encipher_only=False,
    decipher_only=False,
)


def _certificate(subject: str, issuer: x509.Name, key: ec.EllipticCurvePrivateKey) -> x509.CertificateBuilder:
    now = datetime.now(UTC)
    return x509.CertificateBuilder(
        issuer_name=issuer,
        subject_name=x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, subject)]),
        public_key=key.public_key(),
        serial_number=x509.random_serial_number(),
        not_valid_before=now - _CLOCKS_DIFFER,
        not_valid_after=now + _VALID,
    )


def _leaf(
    whose: str, use: ObjectIdentifier, issuer: x509.Name, key: ec.EllipticCurvePrivateKey
) -> x509.CertificateBuilder:
    names = [x509.DNSName("localhost"), x509.IPAddress(ip_address(LOOPBACK))]
    return (
        _certificate(f"The lab's {whose}", issuer, key)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.ExtendedKeyUsage([use]), critical=False)
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
    )


def _pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def _write_secret(path: Path, content: bytes) -> None:
    """Write a file that nobody else may read, also not for a moment."""
    path.unlink(missing_ok=True)
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)


__all__ = ["AUTHORITY", "CLIENT", "CLIENT_KEY", "issue"]
