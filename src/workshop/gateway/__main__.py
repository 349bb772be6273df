"""``python -m workshop.gateway [--port N]``: run the gateway until Ctrl-C or SIGTERM."""

from __future__ import annotations

import argparse
import sys

from workshop.gateway import server
from workshop.settings import SettingsError, load


def main() -> int:
    """Read the settings and serve; the process's exit code."""
    parser = argparse.ArgumentParser(prog="python -m workshop.gateway", description="The course's gateway.")
    parser.add_argument("--port", type=int, help="port on loopback; 0 picks a free one")
    arguments = parser.parse_args()
    try:
        settings = load()
    except SettingsError as error:
        print(error, file=sys.stderr)
        return 1
    if arguments.port is not None:
        if not 0 <= arguments.port <= 65535:
            parser.error("--port must be from 0 to 65535")
        settings = settings.model_copy(update={"gateway_port": arguments.port})
    return server.run(settings)


if __name__ == "__main__":
    sys.exit(main())
