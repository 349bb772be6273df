"""Runs a learner's script as a process that cannot outlive its notebook.

``python -m workshop.lab.run SCRIPT [ARGUMENT ...]`` does what ``python SCRIPT ...`` does, in this very
process (so that killing it kills the script), with these differences:

- Standard input is a pipe that the notebook's kernel holds open. When it closes, the kernel is gone, however
  it went, and this process ends itself and whatever it started.
- The directory it was started from can be imported from, as with ``python -m``: ``from my.agent import ...``.
- Traces of the Agents SDK go to the gateway, and model calls name the workflow that they are made for.

Where a process is forked instead of started as a new interpreter, three generations see to it::

    fork server    `workshop.lab.prefork`: has imported what takes seconds
      keeper       one per process: tells the kernel how it ended, and ends it if the kernel is gone
        process    its own session and process group: made what a new interpreter would be, then as above
"""

from __future__ import annotations

import atexit
import contextlib
import json
import os
import runpy
import signal
import socket
import sys
import threading
import traceback
from pathlib import Path
from types import TracebackType
from typing import NoReturn, TypedDict

from workshop.lab import prefork

KEEPER = "workshop.lab.run:keep"
"""What the fork server calls for a process."""


class Request(TypedDict):
    """What a kernel asks a keeper for, as a line of JSON; standard input and the log came just before it."""

    arguments: list[str]
    """The script and its own arguments."""
    directory: str
    """Where the process works."""
    environment: dict[str, str]
    """All of its environment variables."""


class Told(TypedDict, total=False):
    """What a keeper says of its process, as a line of JSON each."""

    pid: int
    """It is there, in a session and a process group of its own that have this number."""
    returncode: int
    """It has ended, and its process group with it; a signal's number is negative. The process stays a zombie,
    whose number nobody else can get, until the kernel closes its half of the channel."""


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
        from workshop.lab.run_names import name_run_in_model_calls
        from workshop.lab.traces import send_traces_to_gateway

        send_traces_to_gateway()
        name_run_in_model_calls()
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


def keep(channel: socket.socket) -> None:
    """Fork one process, tell how it ends, and let it go when the kernel has taken note.

    A kernel that closes the channel earlier wants it killed, or is gone. The process would notice the latter by
    itself, unless it is stopped, or busy in native code that lets no other thread run.
    """
    _, descriptors, _, _ = socket.recv_fds(channel, 1, 2)
    line = prefork.read_line(channel)
    if not line:
        return
    pid = os.fork()
    if pid == 0:
        _become(json.loads(line), channel, *descriptors)
    for descriptor in descriptors:
        os.close(descriptor)
    watching = threading.Thread(target=_kill_when_closed, args=(channel, pid))
    watching.start()
    returncode = see_end(pid)
    if returncode is None:
        returncode = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    kill_group(pid)  # what the script started ends with it
    with contextlib.suppress(OSError):
        _tell(channel, Told(returncode=returncode))
    watching.join()
    with contextlib.suppress(ChildProcessError):
        os.waitpid(pid, 0)


def see_end(pid: int) -> int | None:
    """Wait until a child ends, without fetching its exit code: its number cannot be given to anyone else yet.

    Returns:
        The exit code, a signal's number as a negative; None at once where that cannot be done (macOS).
    """
    if hasattr(os, "waitid"):
        with contextlib.suppress(ChildProcessError):
            seen = os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)
            if seen is not None:
                return seen.si_status if seen.si_code == os.CLD_EXITED else -seen.si_status
    return None


def kill_group(pid: int) -> None:
    """Kill (SIGKILL) what is left of the process group that this process leads."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)


def _kill_when_closed(channel: socket.socket, pid: int) -> None:
    with contextlib.suppress(OSError):
        while channel.recv(1):
            pass
    # Its end has not been fetched yet, so the number is still its own.
    kill_group(pid)


def _tell(channel: socket.socket, told: Told) -> None:
    channel.sendall(json.dumps(told).encode() + b"\n")


def _become(request: Request, channel: socket.socket, lifeline: int, log: int) -> NoReturn:
    """Make this fork what ``python -u -m workshop.lab.run ...`` would be, and run the script. Never returns."""
    try:
        os.setsid()
        _tell(channel, Told(pid=os.getpid()))
        for source, target in ((lifeline, 0), (log, 1), (log, 2)):
            os.dup2(source, target)
        channel.detach()
        for name in os.listdir("/dev/fd"):
            if int(name) > 2:
                with contextlib.suppress(OSError):  # the one that the directory was read with
                    os.close(int(name))
        os.chdir(request["directory"])
        os.environ.clear()
        os.environ.update(request["environment"])
        sys.dont_write_bytecode = bool(os.environ.get("PYTHONDONTWRITEBYTECODE"))
        sys.path.insert(0, request["directory"])
        with contextlib.suppress(OSError):  # what `ps -e` and `top` show, on Linux
            Path("/proc/self/comm").write_text(Path(request["arguments"][0]).name)
        main(request["arguments"])
    except SystemExit as error:
        _leave(error.code)
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(1)


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
