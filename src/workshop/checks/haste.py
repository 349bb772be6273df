"""Runs a learner's worker whose own long sleeps are short: one that ends by itself after a while does so in a check.

``python haste.py my/sdk_agent/worker.py``, as a script of a check's process. A loop that sleeps just goes round sooner.
"""

from __future__ import annotations

import asyncio
import os
import runpy
import sys
from collections.abc import Coroutine
from typing import Any

_LONGEST = 2.0
"""Seconds that a sleep takes, if it is written in the learner's script."""


def main(script: str) -> None:
    """Run the script as Python does."""
    sleep = asyncio.sleep

    def hasty(delay: float, result: Any = None) -> Coroutine[Any, Any, Any]:
        own = os.path.realpath(sys._getframe(1).f_code.co_filename) == os.path.realpath(script)
        return sleep(min(delay, _LONGEST) if own else delay, result)

    asyncio.sleep = hasty
    sys.argv = [script]
    sys.path[0] = os.path.dirname(os.path.abspath(script))
    runpy.run_path(script, run_name="__main__")


if __name__ == "__main__":
    main(sys.argv[1])
