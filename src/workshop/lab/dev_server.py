"""The dev server where there is no ``temporal`` on the machine, one that is held, and a look at a server.

``python -m workshop.lab.dev_server serve --port N --ui-port N --db-filename F`` has the Python SDK download
the official CLI (once; ``--cli PATH`` names one to use instead) and run it until told to end.
``... hold --port N --db-filename F --cli PATH`` runs that CLI as a child of its own, and ends when it does.
``... check ADDRESS`` exits with 0 if a server answers there; without ``ADDRESS`` it connects as
``temporalio.envconfig`` says, so with its TLS and key.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import signal
import sys
from collections.abc import Sequence

from workshop.settings import LOOPBACK

READY = "The server answers."
"""What ``serve`` and ``hold`` print when it does."""

_LOOK_EVERY = 0.05


KEPT_BY_THE_SYSTEM = ["--sqlite-pragma", "journal_mode=wal", "--sqlite-pragma", "synchronous=normal"]
"""A step of a run is written to the file without waiting for the disk. It survives a SIGKILL of the server, which is
what lessons do to it; a power cut may lose the latest steps (https://sqlite.org/pragma.html#pragma_synchronous).
Waiting for the disk makes a run take two to four times as long."""


def cli_command(
    cli: str,
    port: int,
    db_filename: str,
    ui_port: int | None = None,
    config: Sequence[str] = (),
    more: Sequence[str] = (),
) -> list[str]:
    """The command line of a dev server on loopback, quiet but for warnings; without ``ui_port`` no Web UI.

    ``config`` are dynamic configuration values, each as ``KEY=JSON``; ``more`` are arguments of ``start-dev``.
    """
    command = [cli, "server", "start-dev", "--ip", LOOPBACK, "--port", str(port)]
    command += ["--headless"] if ui_port is None else ["--ui-port", str(ui_port)]
    command += ["--db-filename", db_filename, *KEPT_BY_THE_SYSTEM]
    command += [*dynamic(config), *more]
    return [*command, "--log-level", "warn", "--ui-disable-news-fetch"]


def dynamic(config: Sequence[str]) -> list[str]:
    """The arguments that set dynamic configuration values, each of them ``KEY=JSON``."""
    return [part for one in config for part in ("--dynamic-config-value", one)]


def also(metrics_port: int | None, codec_endpoint: str | None) -> list[str]:
    """The arguments of ``start-dev`` for its own metrics, and for who opens payloads for its Web UI."""
    arguments = [] if metrics_port is None else ["--metrics-port", str(metrics_port)]
    return arguments + ([] if codec_endpoint is None else ["--ui-codec-endpoint", codec_endpoint])


async def serve(
    port: int,
    ui_port: int | None,
    db_filename: str,
    cli: str | None = None,
    config: Sequence[str] = (),
    more: Sequence[str] = (),
) -> None:
    """Run a dev server on loopback until SIGTERM or SIGINT, with the program ``cli`` or a downloaded one.

    Raises:
        RuntimeError: the CLI could not be downloaded, or the server did not start.
    """
    from temporalio.testing import WorkflowEnvironment

    async with await WorkflowEnvironment.start_local(
        ip=LOOPBACK,
        port=port,
        ui=ui_port is not None,
        ui_port=ui_port,
        dev_server_existing_path=cli,
        dev_server_database_filename=db_filename,
        dev_server_extra_args=["--ui-disable-news-fetch", *KEPT_BY_THE_SYSTEM, *dynamic(config), *more],
    ):
        asked_to_end = asyncio.Event()
        if sys.platform != "win32":
            for number in (signal.SIGTERM, signal.SIGINT):
                asyncio.get_running_loop().add_signal_handler(number, asked_to_end.set)
        print(READY, flush=True)
        await asked_to_end.wait()


async def hold(
    port: int,
    ui_port: int | None,
    db_filename: str,
    cli: str,
    config: Sequence[str] = (),
    more: Sequence[str] = (),
) -> None:
    """Run a dev server on loopback as a child, until it ends.

    How long it may take to answer is for the caller to say: the SDK's own start gives up after five seconds,
    and a busy machine can need more.

    Raises:
        RuntimeError: it ended before it answered, or with a failure.
    """
    command = cli_command(cli, port, db_filename, ui_port, config, more)
    server = await asyncio.create_subprocess_exec(*command)
    if sys.platform != "win32":
        # Ctrl-C reaches the server too: this process must not be gone before it has ended in order.
        asyncio.get_running_loop().add_signal_handler(signal.SIGINT, lambda: None)
    ended = asyncio.ensure_future(server.wait())
    while not ended.done():
        # Both at once: should something else hold the port and say nothing, the server has ended all the same.
        looking = asyncio.ensure_future(_answers(f"{LOOPBACK}:{port}"))
        await asyncio.wait({ended, looking}, return_when=asyncio.FIRST_COMPLETED)
        if looking.done() and looking.result():
            print(READY, flush=True)
            break
        looking.cancel()
        await asyncio.wait({ended}, timeout=_LOOK_EVERY)
    if await ended:
        raise RuntimeError(f"the server ended with exit code {server.returncode}")


async def _answers(address: str) -> bool:
    try:
        await check(address)
    except RuntimeError:
        return False
    return True


async def check(address: str | None) -> None:
    """Connect and ask for the server's health.

    Raises:
        RuntimeError: nobody answers there, or it is not a Temporal server, or it is not well.
    """
    from temporalio.client import Client
    from temporalio.envconfig import ClientConfig
    from temporalio.service import RPCError

    if address is None:
        client = await Client.connect(**ClientConfig.load_client_connect_config())
    else:
        client = await Client.connect(address)
    try:
        healthy = await client.service_client.check_health()
    except RPCError as error:
        raise RuntimeError(f"the server answers, but not about its health: {error.message}") from None
    if not healthy:
        raise RuntimeError("the server answers, but says that it is not serving")


def main() -> None:
    """Read the command line and do what it says."""
    parser = argparse.ArgumentParser(prog="python -m workshop.lab.dev_server")
    commands = parser.add_subparsers(dest="command", required=True)
    for name in ("serve", "hold"):
        starting = commands.add_parser(name)
        starting.add_argument("--port", type=int, required=True)
        starting.add_argument("--ui-port", type=int)
        starting.add_argument("--metrics-port", type=int)
        starting.add_argument("--codec-endpoint")
        starting.add_argument("--db-filename", required=True)
        starting.add_argument("--cli", required=name == "hold")
        starting.add_argument("--config", action="append", default=[])
    checking = commands.add_parser("check")
    checking.add_argument("address", nargs="?")
    arguments = parser.parse_args()
    try:
        if arguments.command in ("serve", "hold"):
            run = serve if arguments.command == "serve" else hold
            where = arguments.port, arguments.ui_port, arguments.db_filename
            more = also(arguments.metrics_port, arguments.codec_endpoint)
            asyncio.run(run(*where, arguments.cli, arguments.config, more))
        else:
            asyncio.run(asyncio.wait_for(check(arguments.address), timeout=10))
            # The answer is known. The client's own threads may outlive the loop, and now and then abort an interpreter
            # that ends in good order: https://github.com/temporalio/sdk-python/issues/300
            os._exit(0)
    except (RuntimeError, TimeoutError, OSError, ValueError) as error:
        print(f"{type(error).__name__}: {error}", file=sys.stderr)
        raise SystemExit(1) from None


if __name__ == "__main__":
    main()
