"""Scripts of a learner, written to the folder of a lesson."""

from __future__ import annotations

import textwrap
from pathlib import Path

SLEEPER = """
    import time
    print("ready", flush=True)
    time.sleep(600)
"""


def write(learner: Path, source: str, name: str = "agent.py") -> str:
    """Write a file; its path from the notebook."""
    (learner / name).write_text(textwrap.dedent(source))
    return f"my/{learner.name}/{name}"
