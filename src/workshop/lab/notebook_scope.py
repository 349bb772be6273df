"""Which scope a kernel works in: that of its notebook, whichever kernel runs it.

What a notebook has started on the server, and its accounts, so outlive a restart of the kernel. Where nobody says
which notebook a kernel runs (nbclient, a script), the scope is the process's own.
"""

from __future__ import annotations

import getpass
import hashlib
import os
import re
import secrets
import sys
from pathlib import Path

from filelock import FileLock, Timeout

from workshop.settings import Settings

_LONGEST_NAME = 40

_HANDED_OVER = 2.0
"""Seconds in which a kernel that is being restarted must have let go of its notebook."""

_held: FileLock | None = None


def scope_of_this_kernel(settings: Settings) -> str:
    """The scope for this kernel; a notebook's is held until the kernel ends.

    A second kernel on the same notebook gets a scope of its own: two would take each other's work.
    """
    notebook = _notebook()
    if notebook is not None and _hold(settings.state_dir / "notebooks", scope := _name(notebook)):
        return scope
    return f"nb-{os.getpid()}-{secrets.token_hex(4)}"


def _notebook() -> Path | None:
    """The notebook that this kernel runs, as its front end tells; None if none does."""
    # Jupyter's server sets it for the kernels of its notebooks, and VS Code a variable in the notebook.
    named = os.environ.get("JPY_SESSION_NAME", "")
    if "IPython" in sys.modules:
        from IPython import get_ipython

        shell = get_ipython()
        if shell is not None:
            named = str(shell.user_ns.get("__vsc_ipynb_file__", "")) or named
    return Path(named).absolute() if named.endswith(".ipynb") else None


def _name(notebook: Path) -> str:
    stem = re.sub(r"[^A-Za-z0-9_]+", "_", notebook.stem)[:_LONGEST_NAME]
    if not re.search(r"[A-Za-z_]", stem):
        stem = f"n_{stem}"
    # On a hub several learners may have the same path.
    learner = os.environ.get("JUPYTERHUB_USER") or getpass.getuser()
    return f"nb-{stem}-{hashlib.sha256(f'{learner}:{notebook}'.encode()).hexdigest()[:8]}"


def _hold(folder: Path, scope: str) -> bool:
    global _held
    folder.mkdir(parents=True, exist_ok=True)
    lock = FileLock(folder / f"{scope}.lock", timeout=_HANDED_OVER)
    try:
        lock.acquire()
    except (Timeout, OSError):
        return False
    _held = lock
    return True


__all__ = ["scope_of_this_kernel"]
