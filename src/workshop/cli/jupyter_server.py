"""``python -m workshop.cli.jupyter_server``: JupyterLab, started some seconds sooner."""

from __future__ import annotations

from workshop import slow_imports


def main() -> None:
    """Run JupyterLab with this process's arguments."""
    slow_imports.leave_out()
    from jupyterlab.labapp import main as jupyterlab  # type: ignore[import-untyped]

    jupyterlab()


if __name__ == "__main__":
    main()
