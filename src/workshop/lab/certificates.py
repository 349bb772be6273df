"""Certificates for one afternoon: an authority that nobody keeps, a server's certificate and a client's.

The authority's key is never written: nobody can make a further certificate with it. Private keys are readable by this
user alone. What is certified is valid for a day.
"""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import trustme

from workshop.settings import LOOPBACK

_VALID = timedelta(days=1)

AUTHORITY, CLIENT, CLIENT_KEY = "ca.pem", "client.pem", "client.key"
"""What :func:`issue` writes for a client: who signed the server's certificate, and its own certificate with its key."""


def issue(folder: Path, server: Path) -> None:
    """Make an authority, and what it certifies; files that are there already are replaced.

    Args:
        folder: Where a client finds its three files.
        server: The file for the server's key and certificate, which holds for the loopback address.
    """
    authority = trustme.CA()
    until = datetime.now(UTC) + _VALID
    client = authority.issue_cert("client.localhost", not_after=until)
    own = authority.issue_cert(LOOPBACK, "localhost", not_after=until)
    folder.mkdir(parents=True, exist_ok=True)
    authority.cert_pem.write_to_path(folder / AUTHORITY)
    client.cert_chain_pems[0].write_to_path(folder / CLIENT)
    _write_secret(folder / CLIENT_KEY, client.private_key_pem.bytes())
    _write_secret(server, own.private_key_and_cert_chain_pem.bytes())


def _write_secret(path: Path, content: bytes) -> None:
    """Write a file that nobody else may read, also not for a moment."""
    path.unlink(missing_ok=True)
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)


__all__ = ["AUTHORITY", "CLIENT", "CLIENT_KEY", "issue"]
