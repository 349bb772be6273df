"""``python -m workshop.cli.jupyter_server``: JupyterLab, started some seconds sooner, and with a style of ours."""

from __future__ import annotations

import os

from workshop import slow_imports


def main() -> None:
    """Run JupyterLab with this process's arguments."""
    slow_imports.leave_out()
    from jupyter_server.serverapp import ServerApp
    from jupyterlab.labapp import LabApp  # type: ignore[import-untyped]
    from traitlets import default

    class Server(ServerApp):
        # No option sets it. Ours is the first directory of the configuration; the user's own is found after it.
        @default("static_custom_path")
        def _ours_first(self) -> list[str]:
            return [
                os.path.join(os.environ["JUPYTER_CONFIG_PATH"].split(os.pathsep)[0], "custom"),
                *ServerApp._default_static_custom_path(self),
            ]

    LabApp.serverapp_class = Server
    LabApp.launch_instance()


if __name__ == "__main__":
    main()
