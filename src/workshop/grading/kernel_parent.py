"""The parent of a grader's kernel, so that a cell which kills its parent does not kill the grader.

``python -m workshop.grading.kernel_parent COMMAND ...`` runs the kernel and ends with it. It shares the kernel's
process group, so the grader's signals reach both. Ended by a cell, it takes the kernel along: ipykernel watches
its parent.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys

_LOOK_EVERY = 0.5


def main(command: list[str]) -> int:
    """Run the kernel until it or the grader has ended; return its exit code."""
    grader = os.getppid()
    # An interrupt is the kernel's alone; it sets its own handler whatever it inherits.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    kernel = subprocess.Popen(command, env={**os.environ, "JPY_PARENT_PID": str(os.getpid())})
    while True:
        try:
            return abs(kernel.wait(_LOOK_EVERY))
        except subprocess.TimeoutExpired:
            if os.getppid() != grader:
                kernel.kill()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
