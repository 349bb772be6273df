"""``python -m workshop.cli.jupyter_server``: JupyterLab, started some seconds sooner, and with a style of ours."""

from __future__ import annotations

from workshop import slow_imports
from workshop.settings import load


def main() -> None:
    """Run JupyterLab with this process's arguments."""
    slow_imports.leave_out()
    from jupyter_server.serverapp import ServerApp
    from jupyterlab.labapp import LabApp  # type: ignore[import-untyped]
    from traitlets import default

    class Server(ServerApp):
        # No option sets it. What the user has in a directory of theirs is found after ours.
        @default("static_custom_path")
        def _ours_first(self) -> list[str]:
            return [
                str(load().state_dir / "jupyter" / "custom"),
                *ServerApp._default_static_custom_path(self),
            ]

    LabApp.serverapp_class = Server
    LabApp.launch_instance()


if __name__ == "__main__":
    main()
