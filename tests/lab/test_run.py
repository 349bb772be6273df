"""What a script finds when it is run as a process, and that it cannot outlive its notebook."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from tests.forks import by_fork, is_forked, keeper_of, ready_server
from tests.lab.ended import gone
from tests.lab.learner_scripts import write
from workshop import lab
from workshop.lab.gateway_client import GatewayClient
from workshop.settings import Settings

posix = pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL")
pytestmark = pytest.mark.usefixtures("learner")


@pytest.mark.usefixtures("each_way")
def test_what_a_script_finds(learner: Path) -> None:
    write(learner, "name = 'helper'", "helper.py")
    script = write(
        learner,
        """
        import os, sys
        from pathlib import Path
        from my.first import helper as by_package
        import helper as by_name
        print(by_package.name, by_name.name)
        print(__name__, __file__, sys.argv)
        print(sys.path[0] == str(Path(__file__).resolve().parent), Path.cwd())
        print(os.environ.get("COLOUR"), os.environ.get("WORKSHOP_MODE"))
        try:
            input()
        except EOFError:
            print("nobody to ask")
        """,
    )
    process = lab.process(script, "California", 3, env={"COLOUR": "blue", "WORKSHOP_MODE": None})
    assert asyncio.run(process.wait()) == 0
    assert process.output().splitlines() == [
        "helper helper",
        f"__main__ {script} ['{script}', 'California', '3']",
        f"True {Path.cwd()}",
        "blue None",
        "nobody to ask",
    ]
    assert repr(process) == "Process agent: exit code 0"


@pytest.mark.usefixtures("each_way")
def test_what_is_not_python_is_told(learner: Path) -> None:
    process = lab.process(write(learner, "def broken(:\n"))
    assert asyncio.run(process.wait()) == 1
    assert process.output().splitlines()[0] == f'  File "{write(learner, "")}", line 1'
    with pytest.raises(lab.ProcessError, match="Run the cell that writes it first"):
        lab.process("my/first/missing.py")


@by_fork
@pytest.mark.usefixtures("forking")
def test_edited_modules_are_read_anew(learner: Path) -> None:
    script = write(learner, "from my.first.thing import answer\nprint(answer)")
    for answer in ("1", "2", "3"):  # the same size within the same second
        write(learner, f"answer = {answer}", "thing.py")
        process = lab.process(script)
        assert asyncio.run(process.wait()) == 0
        assert process.output() == f"{answer}\n"


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


@by_fork
@pytest.mark.usefixtures("forking")
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


@by_fork
@pytest.mark.usefixtures("forking")
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


# Each says "child" and a number in one piece: unbuffered, print writes each of its arguments by itself.
SCRIPTS = {
    "parent": """
        import subprocess, time
        print(f"child {subprocess.Popen(['sleep', '601.5']).pid}", flush=True)
        time.sleep(600)
    """,
    "busy": """
        print("child 0", flush=True)
        while True:
            pass
    """,
}

# These cannot look after themselves: no thread of theirs runs.
STUCK = {
    "stopped": """
        import os, signal
        print("child 0", flush=True)
        os.kill(os.getpid(), signal.SIGSTOP)
    """,
    "in native code": """
        import re
        print("child 0", flush=True)
        re.match("(a+)+$", "a" * 64 + "b")
    """,
}

NOTEBOOK = """
import sys, time
from workshop import lab
from workshop.lab import forking, prefork
way, kind, *scripts = sys.argv[1:]
server = 0
if kind == "forked":
    forking._PRELOAD = ("workshop.lab.run",)  # what else it has imported makes no difference here
    forking.warm()
    prefork.running().has_imported(100)
    server = prefork.running().process.pid
print(server, end="")
for script in scripts:
    process = lab.process(script, ready="child")
    assert type(process._run.body).__name__.lower() == kind
    print("", process.pid, process.output().split()[1], end="")
print(flush=True)
if way == "end":
    sys.exit()
time.sleep(600)
"""


def start_notebook(way: str, kind: str, scripts: list[str]) -> tuple[subprocess.Popen[str], list[int]]:
    """A process that starts these, and the ids of what should not outlive it."""
    environment = {**os.environ, "WORKSHOP_PREFORK": "1" if kind == "forked" else "0"}
    kernel = subprocess.Popen(
        [sys.executable, "-c", NOTEBOOK, way, kind, *scripts],
        stdout=subprocess.PIPE,
        text=True,
        env=environment,
    )
    assert kernel.stdout is not None
    pids = [int(word) for word in kernel.stdout.readline().split()]
    kernel.stdout.close()
    assert len(pids) == 1 + 2 * len(scripts)
    keepers = []
    if kind == "forked" and way != "end":
        keepers = [psutil.Process(pid).ppid() for pid in pids[1::2]]
        assert all("workshop.lab.prefork" in psutil.Process(keeper).cmdline() for keeper in keepers)
    return kernel, [pid for pid in [*pids, *keepers] if pid]


@posix
@pytest.mark.parametrize("kind", [pytest.param("forked", marks=by_fork), "spawned"])
@pytest.mark.parametrize("way", ["end", "kill -9"])
def test_no_process_outlives_its_notebook(learner: Path, way: str, kind: str) -> None:
    sources = {**SCRIPTS, **STUCK} if kind == "forked" else SCRIPTS
    scripts = [write(learner, source, f"{name}.py") for name, source in sources.items()]
    kernel, started = start_notebook(way, kind, scripts)
    if way == "kill -9":
        time.sleep(0.3)  # for the stuck to be stuck
        assert all(map(psutil.pid_exists, started))
        kernel.kill()
    kernel.wait(timeout=20)
    assert all(map(gone, started))


@pytest.mark.usefixtures("each_way")
def test_traces_reach_the_gateway(services: Settings, learner: Path) -> None:
    script = write(
        learner,
        """
        import asyncio
        from agents import Agent, Runner
        agent = Agent(name="Poet", instructions="You only respond in haikus.")
        print(asyncio.run(Runner.run(agent, "Tell me about rain.")).final_output)
        """,
    )
    # The other way may be tried at the same time, in another process.
    scope = f"traced-{os.getpid()}"
    process = lab.process(script, env=dict(services.client_environment(scope)))
    assert asyncio.run(process.wait(60)) == 0, process.output()
    assert len(process.output().splitlines()) == 3
    with GatewayClient.for_scope(scope, services) as client:
        (trace,) = client.traces()
        assert [span.name for span in trace.spans] == ["Poet"] or trace.spans[0].children
        assert client.meter().model.completed == 1
        client.forget_scope()


TRACED = """
    from agents import trace
    from agents.tracing import get_trace_provider
    with trace("a workflow") as made:
        pass
    for one in get_trace_provider()._multi_processor._processors:
        print(type(made).__name__, one._exporter.endpoint, one._exporter.api_key)
"""


@by_fork
@pytest.mark.usefixtures("forking")
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


@by_fork
@pytest.mark.usefixtures("forking")
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
