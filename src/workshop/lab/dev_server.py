"""The dev server where there is no ``temporal`` on the machine, and a look at a server without one.

``python -m workshop.lab.dev_server serve --port N --ui-port N --db-filename F`` has the Python SDK download
the official CLI (once; ``--cli PATH`` names one to use instead) and run it until told to end.
``... check ADDRESS`` exits with 0 if a server answers there; without ``ADDRESS`` it connects as
``temporalio.envconfig`` says, so with its TLS and key.
"""

from __future__ import annotations

import argparse
import asyncio
import signal
import sys


async def serve(port: int, ui_port: int, db_filename: str, cli: str | None = None) -> None:
    """Run a dev server on loopback until SIGTERM or SIGINT, with the program ``cli`` or a downloaded one.

    Raises:
        RuntimeError: the CLI could not be downloaded, or the server did not start.
    """
    from temporalio.testing import WorkflowEnvironment

    async with await WorkflowEnvironment.start_local(
        ip="127.0.0.1",
        port=port,
        ui=True,
        ui_port=ui_port,
        dev_server_existing_path=cli,
        dev_server_database_filename=db_filename,
        dev_server_extra_args=["--ui-disable-news-fetch"],
    ):
        asked_to_end = asyncio.Event()
        if sys.platform != "win32":
            for number in (signal.SIGTERM, signal.SIGINT):
                asyncio.get_running_loop().add_signal_handler(number, asked_to_end.set)
        await asked_to_end.wait()


async def check(address: str | None) -> None:
    """Connect and ask for the server's health.

    Raises:
        RuntimeError: nobody answers there, or it is not a Temporal server, or it is not well.
    """
    from temporalio.client import Client
    from temporalio.envconfig import ClientConfig

    if address is None:
        client = await Client.connect(**ClientConfig.load_client_connect_config())
    else:
        client = await Client.connect(address)
    if not await client.service_client.check_health():
        raise RuntimeError("the server answers, but says that it is not serving")


def main() -> None:
    """Read the command line and do what it says."""
    parser = argparse.ArgumentParser(prog="python -m workshop.lab.dev_server")
    commands = parser.add_subparsers(dest="command", required=True)
    serving = commands.add_parser("serve")
    serving.add_argument("--port", type=int, required=True)
    serving.add_argument("--ui-port", type=int, required=True)
    serving.add_argument("--db-filename", required=True)
    serving.add_argument("--cli")
    checking = commands.add_parser("check")
    checking.add_argument("address", nargs="?")
    arguments = parser.parse_args()
    try:
        if arguments.command == "serve":
            asyncio.run(serve(arguments.port, arguments.ui_port, arguments.db_filename, arguments.cli))
        else:
            asyncio.run(asyncio.wait_for(check(arguments.address), timeout=10))
    except (RuntimeError, TimeoutError, OSError, ValueError) as error:
        print(f"{type(error).__name__}: {error}", file=sys.stderr)
        raise SystemExit(1) from None


if __name__ == "__main__":
    main()
