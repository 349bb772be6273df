"""A server behind TLS: who shows a certificate is let in, who does not is refused, and the reason is told."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import ssl
import stat
import sys
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import cast

import pytest
from cryptography import x509
from temporalio.client import Client
from temporalio.envconfig import ClientConfigProfile

from workshop import lab
from workshop.lab import certificates, ports, processes, tls_relay

FILES = Path("my/certificates")
PROFILES = """\
[profile.known]
address = "{address}"
[profile.known.tls]
server_ca_cert_path = "my/certificates/ca.pem"
client_cert_path = "my/certificates/client.pem"
client_key_path = "my/certificates/client.key"
[profile.stranger]
address = "{address}"
[profile.stranger.tls]
server_ca_cert_path = "my/certificates/ca.pem"
"""


@pytest.fixture(autouse=True)
def notebook(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A notebook's directory and state; whatever a test starts is ended."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("WORKSHOP_STATE_DIR", str(tmp_path / "state"))
    monkeypatch.setattr(processes, "_logs", {})
    yield
    processes.end_all()


def test_private_keys_are_this_users_alone_and_the_authoritys_is_nowhere() -> None:
    server = Path("server.pem")
    for _ in range(2):  # also where files are there already
        certificates.issue(FILES, server)
    if sys.platform != "win32":
        for secret in (FILES / certificates.CLIENT_KEY, server):
            assert stat.S_IMODE(secret.stat().st_mode) == 0o600
    assert sorted(path.name for path in FILES.iterdir()) == ["ca.pem", "client.key", "client.pem"]
    assert "PRIVATE KEY" not in (FILES / "ca.pem").read_text() + (FILES / "client.pem").read_text()
    authority, client = (
        x509.load_pem_x509_certificate((FILES / name).read_bytes()) for name in ("ca.pem", "client.pem")
    )
    client.verify_directly_issued_by(authority)
    assert client.not_valid_after_utc < datetime.now(UTC) + timedelta(days=1, minutes=1)


@contextlib.asynccontextmanager
async def relay(capsys: pytest.CaptureFixture[str]) -> AsyncIterator[int]:
    """The relay in this process, before a server that answers with the same in capitals."""

    async def shout(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while piece := await reader.read(10_000):
            writer.write(piece.upper())
        writer.close()

    certificates.issue(FILES, Path("server.pem"))
    context = tls_relay.context_of("server.pem", str(FILES / "ca.pem"))
    port = ports.free_port()
    async with await asyncio.start_server(shout, "127.0.0.1", 0) as inner:
        to = f"127.0.0.1:{inner.sockets[0].getsockname()[1]}"
        serving = asyncio.create_task(tls_relay.serve(port, to, context))
        async with asyncio.timeout(20):
            while tls_relay.READY not in capsys.readouterr().out:  # noqa: ASYNC110 - it prints
                await asyncio.sleep(0.01)
        try:
            yield port
        finally:
            serving.cancel()


def client_context(folder: Path | None, authority: Path = FILES) -> ssl.SSLContext:
    context = ssl.create_default_context(cafile=authority / "ca.pem")
    context.set_alpn_protocols(["h2"])
    if folder is not None:
        context.load_cert_chain(folder / "client.pem", folder / "client.key")
    return context


async def test_it_passes_on_what_comes_with_a_certificate(capsys: pytest.CaptureFixture[str]) -> None:
    async with relay(capsys) as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port, ssl=client_context(FILES))
        secured = cast(ssl.SSLObject, writer.get_extra_info("ssl_object"))
        assert secured.selected_alpn_protocol() == "h2"
        for said in (b"one\n", b"x" * 200_000 + b"\n"):
            writer.write(said)
            assert await asyncio.wait_for(reader.readexactly(len(said)), 20) == said.upper()
        writer.close()
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize(
    ("who", "why"),
    [
        ("nobody", "refused: peer did not return a certificate"),
        ("signed elsewhere", "refused: certificate verify failed"),
        ("plain", "refused: http request"),
    ],
)
async def test_it_says_why_it_refuses(capsys: pytest.CaptureFixture[str], who: str, why: str) -> None:
    async with relay(capsys) as port:
        with socket.create_connection(("127.0.0.1", port)):
            pass  # who only looks is not told about
        if who == "plain":
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
        else:
            certificates.issue(Path("other"), Path("other.pem"))
            context = client_context(Path("other") if who == "signed elsewhere" else None)
            reader, writer = await asyncio.open_connection("127.0.0.1", port, ssl=context)
        writer.write(b"GET / HTTP/1.1\r\n\r\n")
        with contextlib.suppress(OSError):
            assert await asyncio.wait_for(reader.read(), 20) == b""
        writer.close()
    assert capsys.readouterr().out.strip() == why


async def test_a_client_reaches_temporal_by_its_profile_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TEMPORAL_ADDRESS", raising=False)
    server = lab.temporal_server()
    front = lab.tls_front(server, FILES)
    assert repr(front) == "TLS front TLS front: running"
    profiles = PROFILES.format(address=front.address).encode()

    async def connect(profile: str) -> Client:
        config = ClientConfigProfile.load(profile, config_source=profiles).to_client_connect_config()
        return await Client.connect(**config)

    client = await connect("known")
    assert (await client.count_workflows()).count == 0
    with pytest.raises(RuntimeError, match="transport error"):
        await connect("stranger")
    assert await front.wait_for("refused") == "refused: peer did not return a certificate"
    # Both may be started again where they were, and those who know them find them.
    front.restart()
    server.restart()
    assert (await (await connect("known")).count_workflows()).count == 0
    (key,) = (Path("state") / "servers").glob("*.pem")
    assert stat.S_IMODE(key.stat().st_mode) == 0o600 or sys.platform == "win32"
