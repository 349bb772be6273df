"""``python -m workshop.cli.jupyter_server``: JupyterLab, started three seconds sooner.

jsonschema uses ``rfc3987_syntax`` if it is there, to check strings declared as internationalised addresses.
It is there because jupyter-events asks for every format checker, and it compiles its grammar anew at each
import, which takes longer than the rest of JupyterLab. Nothing that JupyterLab validates is declared so.
"""

from __future__ import annotations

import sys


def main() -> None:
    """Run JupyterLab with this process's arguments."""
    # What Python itself takes to mean "not installed".
    sys.modules["rfc3987_syntax"] = None  # type: ignore[assignment]
    from jupyterlab.labapp import main as jupyterlab  # type: ignore[import-untyped]

    jupyterlab()


if __name__ == "__main__":
    main()
