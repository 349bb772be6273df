"""What no process of the course needs, and each would wait for.

jsonschema uses ``rfc3987_syntax`` if it is there, to check strings declared as internationalised addresses. It is there
because jupyter-events asks for every format checker, and it compiles its grammar anew at each import: 1.6 seconds of
processor time in each process that imports nbformat or JupyterLab. Nothing that they validate is declared so.
"""

from __future__ import annotations

import sys


def leave_out() -> None:
    """Call it before the first import of nbformat, nbclient, nbgrader or JupyterLab."""
    # What Python itself takes to mean "not installed".
    sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]
