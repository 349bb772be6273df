"""The fork server: what it imports does not show in its children, and nobody depends on it."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import time
from pathlib import Path

import psutil
import pytest

from tests.lab.test_processes import SLEEPER, forking, gone, learner, ready_server, write
from workshop import lab
from workshop.checks import runner
from workshop.lab import prefork, processes
from workshop.lab.run import Told
from workshop.settings import Settings

pytestmark = [
    pytest.mark.skipif(sys.platform != "linux", reason="only on Linux are processes forked"),
    pytest.mark.usefixtures("learner", "forking"),
]

__all__ = ["forking", "learner"]  # fixtures


def is_forked(process: lab.Process) -> bool:
    return isinstance(process._begun().body, processes._Forked)


def keeper_of(process: lab.Process) -> psutil.Process:
    found = psutil.Process(process.pid).parent()
    assert found is not None
    return found


def test_one_server_for_processes_and_checks_and_it_has_one_thread() -> None:
    server = ready_server()
    runner.warm()
    assert ready_server() is server is runner.runner()._server  # type: ignore[attr-defined]
    assert len(list(Path(f"/proc/{server.process.pid}/task").iterdir())) == 1
    processes.warm()
    assert prefork.running() is server


LOOKS = """
    import asyncio, gc, os, random, signal, sys, threading
    fds = sorted(map(int, os.listdir("/proc/self/fd")))[:-1]
    print([fd for fd in fds if fd > 2 and os.readlink(f"/proc/self/fd/{fd}").partition(":")[0] != "pipe"])
    print(len([fd for fd in fds if fd > 2]), os.readlink("/proc/self/fd/0"))
    print(os.getpid() == os.getpgrp() == os.getsid(0), [thread.name for thread in threading.enumerate()])
    print(signal.getsignal(signal.SIGINT) is signal.default_int_handler, signal.getsignal(signal.SIGCHLD).name)
    print(sys.dont_write_bytecode, sys.stdout.encoding, sys.stderr.encoding, sys.stdout.write_through)
    print([name for name in sys.modules if name.partition(".")[0] in ("my", "pytest", "IPython")])
    print(sys.path.count(os.getcwd()), sys.path[1] == os.getcwd(), "" in sys.path)
    preloaded = {"agents", "temporalio.worker", "temporalio.openai_agents"} <= set(sys.modules)
    gc.unfreeze()
    clients = [type(one) for one in gc.get_objects() if type(one).__name__ in ("Client", "OpenAI", "SSLContext")]
    import agents.tracing.setup
    print(preloaded, clients, agents.tracing.setup.GLOBAL_TRACE_PROVIDER)
    print(asyncio.events._get_running_loop(), asyncio.get_event_loop_policy()._local._loop)
    print(sorted(os.environ))
    print(random.random())
    import pickle
    class Mine: pass
    print(type(pickle.loads(pickle.dumps(Mine()))) is Mine, sys.modules["__main__"].Mine is Mine)
    print("é", flush=False)
    os.kill(os.getpid(), signal.SIGKILL)
"""


def test_a_fork_is_as_a_new_interpreter_would_be(learner: Path) -> None:
    script = write(learner, LOOKS)
    wanted = {"PATH": os.environ["PATH"], "COLOUR": "b\udcffue", "PYTHONDONTWRITEBYTECODE": "1"}
    environment: dict[str, str | None] = {**dict.fromkeys(os.environ), **wanted}
    environment |= {
        name: value for name, value in os.environ.items() if name.startswith(("LANG", "LC_", "TZ"))
    }
    process = lab.process(script, env=environment)
    assert is_forked(process)
    assert asyncio.run(process.wait()) == -signal.SIGKILL
    first = process.output().splitlines()
    expected = {name for name, value in environment.items() if value is not None} | {"PYTHONIOENCODING"}
    assert first[:11] == [
        "[]",
        "1 /dev/null",  # the lifeline
        "True ['MainThread', 'lifeline']",
        "True SIG_DFL",
        "True utf-8 utf-8 True",
        "[]",
        "1 True False",
        "True [] None",
        "None None",
        str(sorted(expected)),
        first[10],
    ]
    assert first[11:] == ["True True", "é"]
    asyncio.run(process.restart().wait())
    assert process.output().splitlines()[10] != first[10]


def test_what_is_read_only_at_the_start_is_honoured(learner: Path) -> None:
    script = write(learner, "import sys\nprint(sys.flags.hash_randomization, sys.flags.dev_mode)")
    process = lab.process(script, env={"PYTHONHASHSEED": "0", "PYTHONDEVMODE": "1"})
    assert not is_forked(process)
    assert asyncio.run(process.wait()) == 0
    assert process.output() == "0 True\n"


def test_edited_modules_are_read_anew(learner: Path) -> None:
    script = write(learner, "from my.first.thing import answer\nprint(answer)")
    for answer in ("1", "2", "3"):  # the same size within the same second
        write(learner, f"answer = {answer}", "thing.py")
        process = lab.process(script)
        assert asyncio.run(process.wait()) == 0
        assert process.output() == f"{answer}\n"


def test_a_script_that_ends_at_once_runs_once(learner: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    heard = processes._Forked._heard

    def hear_late(forked: processes._Forked) -> Told:
        time.sleep(0.5)
        return heard(forked)

    monkeypatch.setattr(processes._Forked, "_heard", hear_late)
    process = lab.process(write(learner, "print('once')\nraise SystemExit(3)"))
    assert is_forked(process)
    assert asyncio.run(process.wait()) == 3
    assert process.output() == "once\n"


def test_nobody_depends_on_the_server(learner: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    script = write(learner, SLEEPER)
    server = ready_server()
    killed = lab.process(script, name="killed", ready="ready")
    stopped = lab.process(script, name="stopped", ready="ready")
    left = lab.process(write(learner, "import time\ntime.sleep(1)\nraise SystemExit(7)", "left.py"))
    assert is_forked(killed)
    keepers = [keeper_of(one).pid for one in (killed, stopped, left)]
    server.process.kill()
    assert gone(server.process.pid)
    killed.kill()
    assert (killed.running, killed.returncode) == (False, -signal.SIGKILL)
    assert not psutil.pid_exists(killed.pid)
    stopped.stop()
    assert stopped.returncode == 130
    assert asyncio.run(left.wait()) == 7
    assert all(gone(pid) for pid in keepers)
    monkeypatch.setattr(processes, "_warmed", False)
    again = lab.process(script, ready="ready")  # while the next server imports
    assert again.running
    assert not is_forked(again)
    monkeypatch.setattr(processes, "_PATIENCE", 100.0)
    monkeypatch.setattr(processes, "_warmed", True)
    assert is_forked(again.restart())  # waits for it
    assert ready_server() is not server


def test_a_process_whose_keeper_is_killed_is_killed(learner: Path) -> None:
    process = lab.process(write(learner, SLEEPER), ready="ready")
    keeper_of(process).kill()
    assert asyncio.run(process.wait()) == -signal.SIGKILL
    assert gone(process.pid)
    process.kill()  # no error


def test_a_script_that_ends_takes_along_what_it_started(learner: Path) -> None:
    script = write(
        learner, "import subprocess\nprint(subprocess.Popen(['sleep', '600']).pid)\nraise SystemExit('no')"
    )
    process = lab.process(script)
    assert is_forked(process)
    assert asyncio.run(process.wait()) == 1
    child, said = process.output().splitlines()
    assert said == "no"
    assert gone(int(child))


WORKER = """
    import asyncio
    from datetime import timedelta
    from temporalio import activity, workflow
    from temporalio.client import Client
    from temporalio.envconfig import ClientConfig
    from temporalio.worker import Worker

    @activity.defn
    async def greet(name: str) -> str:
        return f"Hello, {name}!"

    @workflow.defn
    class Greeting:
        @workflow.run
        async def run(self, name: str) -> str:
            return await workflow.execute_activity(greet, name, start_to_close_timeout=timedelta(seconds=10))

    async def main() -> None:
        client = await Client.connect(**ClientConfig.load_client_connect_config())
        async with Worker(client, task_queue="prefork", workflows=[Greeting], activities=[greet]):
            print(await client.execute_workflow(Greeting.run, "you", id="prefork", task_queue="prefork"))
            await asyncio.Event().wait()

    if __name__ == "__main__":
        asyncio.run(main())
"""


def test_a_temporal_worker_in_a_fork(services: Settings, learner: Path) -> None:
    environment: dict[str, str | None] = dict(services.client_environment("prefork"))
    process = lab.process(write(learner, WORKER), env=environment, ready="Hello, you!", timeout=60)
    assert is_forked(process)
    process.restart()
    pid, keeper = process.pid, keeper_of(process).pid
    process.kill()
    assert not psutil.pid_exists(pid)
    assert gone(keeper)
    assert ready_server().process.poll() is None


TRACED = """
    from agents import trace
    from agents.tracing import get_trace_provider
    with trace("a workflow") as made:
        pass
    for one in get_trace_provider()._multi_processor._processors:
        print(type(made).__name__, one._exporter.endpoint, one._exporter.api_key)
"""


@pytest.mark.parametrize("disabled", [None, "1"])
def test_traces_go_to_the_scope_of_the_process(
    services: Settings, learner: Path, disabled: str | None
) -> None:
    environment: dict[str, str | None] = dict(services.client_environment("mine"))
    process = lab.process(
        write(learner, TRACED), env={**environment, "OPENAI_AGENTS_DISABLE_TRACING": disabled}
    )
    assert is_forked(process)
    assert asyncio.run(process.wait()) == 0, process.output()
    kind = "NoOpTrace" if disabled else "TraceImpl"
    assert process.output().splitlines() == [
        f"{kind} {services.scope_url('mine')}/v1/traces/ingest {services.gateway_token()}"
    ]


def test_without_a_server_it_is_a_new_interpreter(learner: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    script = write(learner, "import os\nprint('once', os.getpid())")

    def runs_spawned() -> None:
        process = lab.process(script)
        assert not is_forked(process)
        assert asyncio.run(process.wait()) == 0
        time.sleep(0.2)  # for a fork that was called off
        assert process.output() == f"once {process.pid}\n"

    with monkeypatch.context() as patched:
        patched.setenv("WORKSHOP_PREFORK", "0")
        runs_spawned()
    server = ready_server()
    with monkeypatch.context() as patched:
        patched.setattr(processes, "_ANSWER", 0.2)
        server.process.send_signal(signal.SIGSTOP)
        began = time.monotonic()
        runs_spawned()
        assert time.monotonic() - began < 10
        server.process.send_signal(signal.SIGCONT)
    assert ready_server() is server
    prefork.close()
    with monkeypatch.context() as patched:

        def fails() -> None:
            raise OSError("no more processes")

        patched.setattr(prefork, "Server", fails)
        processes.warm()  # no error
        runs_spawned()
    assert prefork.running() is None
