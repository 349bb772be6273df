"""Runs a learner's script as a process that cannot outlive its notebook.

``python -m workshop.lab.run SCRIPT [ARGUMENT ...]`` does what ``python SCRIPT ...`` does, in this very
process (so that killing it kills the script), with three differences:

- Standard input is a pipe that the notebook's kernel holds open. When it closes, the kernel is gone, however
  it went, and this process ends itself and whatever it started.
- The directory it was started from can be imported from, as with ``python -m``: ``from my.agent import ...``.
- Traces of the Agents SDK go to the gateway.
"""

from __future__ import annotations

import atexit
import contextlib
import os
import runpy
import signal
import sys
import threading
import traceback
from pathlib import Path
from types import TracebackType
from typing import NoReturn


def main(arguments: list[str]) -> None:
    """Run the script named first in ``arguments`` with the rest as its own.

    Raises:
        SystemExit: the script called for it, failed (1), was interrupted (130), or does not exist (2).
    """
    if not arguments:
        raise SystemExit("usage: python -m workshop.lab.run SCRIPT [ARGUMENT ...]")
    script = arguments[0]
    _end_with_the_kernel()
    # A kernel ignores SIGINT between cells, and a child inherits that: then stop() could not interrupt it.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    if "WORKSHOP_SCOPE" in os.environ:
        from workshop.lab.traces import send_traces_to_gateway

        send_traces_to_gateway()
    if not Path(script).is_file():
        print(f"There is no file {script} in {Path.cwd()}.", file=sys.stderr)
        raise SystemExit(2)
    sys.argv = arguments
    sys.path[0] = str(Path(script).resolve().parent)
    here = str(Path.cwd())
    if here != sys.path[0]:
        sys.path.insert(1, here)
    code: object = None
    try:
        runpy.run_path(script, run_name="__main__")
    except KeyboardInterrupt:
        # That is stop(): asked for, so no traceback.
        code = 130
    except SystemExit as error:
        code = error.code
    except Exception as error:
        error.__traceback__ = _from_script_on(error.__traceback__, script)
        traceback.print_exception(error)
        code = 1
    _leave(code)


def _leave(code: object) -> NoReturn:
    """End as an interpreter does, but for the last step, in which it takes itself apart.

    A native thread of Temporal's client that wakes up in that step aborts the process ("PyGILState_Release ...
    finalizing"): after the script has done all its work, and about once in five runs on a busy machine.
    """
    if code is not None and not isinstance(code, int):
        print(code, file=sys.stderr)
        code = 1
    threading._shutdown()  # type: ignore[attr-defined]  # waits for the script's own threads
    atexit._run_exitfuncs()
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(Exception):
            stream.flush()
    os._exit(code or 0)


def _end_with_the_kernel() -> None:
    lifeline = os.dup(0)  # not inheritable: what the script starts must not hold it open
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)  # so that input() fails at once instead of waiting for ever
    os.close(nothing)
    threading.Thread(target=_watch, args=(lifeline,), name="lifeline", daemon=True).start()


def _watch(lifeline: int) -> None:
    try:
        while os.read(lifeline, 1024):
            pass
    except OSError:
        pass
    _end_now()


def _end_now() -> NoReturn:
    if sys.platform == "win32":
        os.kill(os.getpid(), signal.SIGTERM)  # TerminateProcess: nothing can catch it
    elif os.getpgrp() == os.getpid():
        os.killpg(0, signal.SIGKILL)
    else:
        os.kill(os.getpid(), signal.SIGKILL)
    os._exit(1)


def _from_script_on(tb: TracebackType | None, script: str) -> TracebackType | None:
    # A script that does not compile has no frame of its own: then none is shown.
    while tb is not None and tb.tb_frame.f_code.co_filename != script:
        tb = tb.tb_next
    return tb


if __name__ == "__main__":
    main(sys.argv[1:])
