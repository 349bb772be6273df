"""The engine: four outcomes, whatever the learner's file does; real child processes, a real gateway."""

# ruff: noqa: ASYNC110, ASYNC220, ASYNC240 - nothing else runs in these tests' event loops

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import json
import os
import socket
import subprocess
import sys
import time
from pathlib import Path

import nbformat
import psutil
import pytest
from nbclient import NotebookClient
from nbclient.exceptions import DeadKernelError

from tests.checks import sample_checks
from workshop import catalog
from workshop import settings as workshop_settings
from workshop.catalog import BEGIN_SOLUTION, END_SOLUTION, PLACEHOLDER, STAND_IN
from workshop.checks import hints, outcomes, progress, registry, runner
from workshop.checks.bench import Bench, placeholder_line
from workshop.checks.engine import check, evaluate
from workshop.checks.exercise import Exercise
from workshop.checks.outcomes import CourseProblem, NotYet, NotYetAttempted, Outcome, UnknownExercise
from workshop.checks.tracebacks import error_in
from workshop.lab.gateway_client import GatewayClient

pytestmark = pytest.mark.usefixtures("services")


@pytest.fixture(autouse=True)
def learner(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty my/sample/ in the working directory."""
    (tmp_path / "my" / "sample").mkdir(parents=True)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write(name: str, *lines: str) -> None:
    Path("my/sample", name).write_text("\n".join(lines) + "\n", encoding="utf-8")


async def judged(exercise_id: str, *lines: str) -> Outcome:
    write(Path(registry.find(exercise_id).file).name, *lines)
    return await evaluate(exercise_id)


def living_children() -> list[psutil.Process]:
    """Learners' processes: what the fork server still has below it."""
    server = runner.runner()._server  # type: ignore[attr-defined]
    return [
        child for child in psutil.Process(server.process.pid).children(recursive=True) if child.is_running()
    ]


async def nothing_is_left() -> bool:
    for _ in range(100):
        if not living_children():
            return True
        await asyncio.sleep(0.02)
    return False


async def test_a_server_that_was_killed_is_replaced_also_for_two_checks_at_once() -> None:
    write("answer.py", "import time", "time.sleep(0.5)", "answer = 42")
    write("double.py", "import time", "async def double(n):", "    time.sleep(0.2)", "    return 2 * n")
    runner.warm()
    runner.runner()._server.process.kill()  # type: ignore[attr-defined]
    assert [one.passed for one in await asyncio.gather(evaluate("91.1"), evaluate("91.2"))] == [True, True]


# --- outcomes -----------------------------------------------------------------------------------------


async def test_a_pass_says_what_it_proves_and_what_was_seen() -> None:
    outcome = await judged("91.1", "answer = 42")
    assert outcome.passed
    assert outcome.block() == "PASSED · You know the answer.\nIt is 42."


async def test_a_forgotten_placeholder_comment_does_not_spoil_a_pass() -> None:
    assert (await judged("91.1", "answer = 42", "def f():", f"    {PLACEHOLDER}")).passed


async def test_a_missing_file_is_not_attempted() -> None:
    outcome = await evaluate("91.1")
    assert (
        outcome.block()
        == "NOT YET ATTEMPTED\n  my/sample/answer.py does not exist: run the cell that writes it"
    )


async def test_a_placeholder_left_is_not_attempted() -> None:
    outcome = await judged("91.1", "def f():", f"    answer = {PLACEHOLDER}")
    assert outcome.block() == "NOT YET ATTEMPTED\n  my/sample/answer.py: answer = ...  # your code here"


@pytest.fixture
def shipped(monkeypatch: pytest.MonkeyPatch) -> None:
    """A lesson whose cell writes the file of exercise 91.1."""
    known = catalog.exercise("1.1").model_copy(
        update={"id": "91.1", "source": "\n".join(["%%writefile my/sample/answer.py", *SOLVED])}
    )
    monkeypatch.setattr(catalog, "exercise_of", lambda file, folder=None: known)


SOLVED = ("def f():", f"    {BEGIN_SOLUTION}", "    return 42", f"    {END_SOLUTION}", "answer = f()")
HOLE = f"    {PLACEHOLDER}"


@pytest.mark.usefixtures("shipped")
@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (
            ["def f():", HOLE, "answer = f()"],
            "ATTEMPTED\n  my/sample/answer.py: ...  # your code here",
        ),
        ([f"{STAND_IN}91.1.", "answer = 42"], "ATTEMPTED\n  my/sample/answer.py is the course's solution"),
        (["def f():", "    return 42", HOLE, "answer = f()"], "PASSED"),
        (["def f():", "    return 41", HOLE, "answer = f()"], "NOT YET\n  expected: 42\n  got: 41"),
        (["def f():", "    return fourty", HOLE, "answer = f()"], "got: NameError: name 'fourty'"),
        (["def f():", HOLE, "answer = f() or 41"], "NOT YET\n  expected: 42\n  got: 41"),
    ],
)
async def test_a_placeholder_that_was_left_hides_nothing(lines: list[str], said: str) -> None:
    assert said in (await judged("91.1", *lines)).block()


@pytest.mark.usefixtures("shipped")
async def test_what_is_still_open_needs_neither_gateway_nor_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WORKSHOP_GATEWAY_PORT", "1")
    monkeypatch.setattr(runner, "runner", None)
    assert (await judged("91.1", "def f():", HOLE, "answer = f()")).kind == "not_attempted"


@pytest.mark.parametrize("exercise_id", ["2.8", "2.9", "2.10"])
async def test_a_check_says_which_exercise_it_stands_on(exercise_id: str) -> None:
    path = Path(registry.find(exercise_id).file)
    path.parent.mkdir()
    path.write_text("from my.transfer.activities import withdraw\n")
    first, second = Path("my/transfer/activities.py"), Path("my/transfer/workflow.py")
    assert "exercise 2.1 comes first" in (await evaluate(exercise_id)).block()
    first.write_text(catalog.exercise("2.1").shipped.partition("\n")[2])
    assert "exercise 2.1 comes first" in (await evaluate(exercise_id)).block()
    first.write_text(f"{STAND_IN}2.1.\n")
    assert "exercise 2.2 comes first" in (await evaluate(exercise_id)).block()
    second.write_text(f"a_try = 1\n{HOLE}\n")
    assert "comes first" not in (await evaluate(exercise_id)).block()


async def test_a_wrong_answer_is_not_yet() -> None:
    outcome = await judged("91.1", "answer = 41")
    assert outcome.block().splitlines() == [
        "NOT YET",
        "  expected: 42",
        "  got: 41",
        "  look at: `answer`",
        '  hint("91.1") helps',
    ]


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (["x = 1"], "no `answer` in the file"),
        (["Answer = 1"], "there is `Answer`"),
        (["anwser = 1"], "there is `anwser`"),
        (["from agents import Agent as Answer", "n = 7"], "no `answer` in the file (there is `n`)"),
        (
            ["from decimal import *", "def later(): from math import nan as answr"],
            "no `answer` in the file\n",
        ),
        (["answer = ..."], "`answer` is still `...`"),
        (["answer = '42'"], "`answer` is a str: '42'"),
        (["answer = int"], "`answer` is the class int"),
        (["async def f(): ...", "answer = f()"], "`answer` is a coroutine: a call without `await`"),
        (["def answer(): ..."], "`answer` is the function answer\n"),
        (
            ["from agents import function_tool", "answer = function_tool('x')"],
            "`answer` is a function of the library agents (decorator of agents.tool.function_tool)",
        ),
    ],
)
async def test_what_is_missing_or_of_the_wrong_kind_is_named(lines: list[str], said: str) -> None:
    outcome = await judged("91.1", *lines)
    assert outcome.kind == "not_yet"
    assert said in outcome.block()


@pytest.mark.parametrize(
    ("lines", "got", "look"),
    [
        (
            ["async def helper(n): return n", "async def double(n):", "    return helper(n).real"],
            "an `await` is missing: without it, the call returns a coroutine, not the result (AttributeError: '",
            "double.py: return helper(n).real",
        ),
        (
            ["async def helper(n): ...", "async def double(n):", "    x = helper(n)", "    return 0"],
            "an `await` is missing at my/sample/double.py: x = helper(n); 0",
            "the return of `double`",
        ),
        (
            ["async def helper(n): ...", "async def double(n):", "    return [helper(n)]"],
            "a coroutine: a call without `await`",
            "double.py",
        ),
        (
            ["import asyncio", "async def double(n):", "    asyncio.run(5)"],
            "RuntimeError: asyncio.run() cannot be called",
            "py: asyncio.run(5)",
        ),
    ],
)
async def test_a_forgotten_await_is_called_by_its_name(lines: list[str], got: str, look: str) -> None:
    outcome = await judged("91.2", *lines)
    assert isinstance(outcome.failure, NotYet)
    assert outcome.failure.got.startswith(got)
    assert look in outcome.failure.look


@pytest.mark.parametrize(
    ("lines", "got", "look"),
    [
        (["def f(:", "  pass"], "SyntaxError", "answer.py: def f(:"),
        (["x = 1", "raise ValueError('no')"], "ValueError: no", "raise ValueError('no')"),
        (["def f():", "    return 1 / 0", "f()"], "ZeroDivisionError", "return 1 / 0"),
        (["import json", "json.loads('{')"], "JSONDecodeError", "json.loads('{')"),
        (["from my.sample.nothing import x"], "ModuleNotFoundError", "from my.sample.nothing"),
        (["import sys", "sys.exit(3)"], "sys.exit, with 3", "sys.exit(3)"),
        (["import os", "os._exit(3)"], "exit code 3", "answer.py"),
        (["import os, signal", "os.kill(os.getpid(), signal.SIGKILL)"], "SIGKILL", "answer.py"),
        (["import os", "os.closerange(0, 4096)", "answer = 42"], "it closed files", "answer.py"),
        (
            ["class E(Exception):", "    def __str__(self): return 1 / 0", "raise E"],
            "E: (its mess",
            "py: raise E",
        ),
    ],
)
async def test_whatever_goes_wrong_names_the_learners_own_line(lines: list[str], got: str, look: str) -> None:
    outcome = await judged("91.1", *lines)
    assert isinstance(outcome.failure, NotYet)
    assert got in outcome.failure.got
    assert look in outcome.failure.look
    assert await nothing_is_left()


@pytest.mark.parametrize(
    ("exercise_id", "lines", "line"),
    [
        ("91.1", ["import time", "time.sleep(60)"], "time.sleep(60)"),
        ("91.1", ["while True:", "    print('y' * 10_000)"], "print('y' * 10_000)"),
        (
            "91.2",
            [
                "import asyncio",
                "async def double(n):",
                "    await deep()",
                "async def deep():",
                "    while True:",
                "        try:",
                "            await asyncio.sleep(60)",
                "        except BaseException: pass",
            ],
            "await asyncio.sleep(60)",
        ),
    ],
    ids=["sleep", "huge prints", "async, refuses to be cancelled"],
)
async def test_a_hang_is_ended_in_time_and_its_line_told(
    exercise_id: str, lines: list[str], line: str
) -> None:
    outcome = await judged(exercise_id, *lines)
    assert isinstance(outcome.failure, NotYet)
    assert outcome.failure.expected == "an answer within 2 s"
    assert outcome.failure.got == "still running at the line below"
    assert line in outcome.failure.look
    assert outcome.seconds < 4
    assert await nothing_is_left()


async def test_a_hang_that_holds_the_interpreter_is_ended_too() -> None:
    outcome = await judged("91.1", "import re", "re.match('(a+)+$', 'a' * 64 + 'b')")
    assert isinstance(outcome.failure, NotYet)
    assert outcome.failure.got == "still running"
    assert outcome.seconds < 4
    assert await nothing_is_left()


async def test_the_learners_own_children_are_ended_with_it() -> None:
    outcome = await judged(
        "91.1",
        "import subprocess, sys, pathlib",
        "p = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)'])",
        "pathlib.Path('child').write_text(str(p.pid))",
        "answer = 42",
    )
    assert outcome.passed
    assert ends(int(Path("child").read_text())), "the learner's child outlived its check"


async def test_a_file_rewritten_within_a_second_is_read_anew_and_no_bytecode_is_left() -> None:
    assert not (await judged("91.1", "answer = 41")).passed
    assert (await judged("91.1", "answer = 42")).passed
    assert not list(Path("my").rglob("*.pyc"))


async def test_neighbouring_modules_and_several_files() -> None:
    write("two.py", "X = 1", "", "def f(): ...")
    assert (await judged("91.7", "def f():", "    from my.sample.two import X", "    return X")).passed


async def test_an_authors_mistake_is_a_course_problem() -> None:
    for exercise_id, said in (("91.5", "KeyError"), ("91.6", "not JSON")):
        outcome = await judged(exercise_id, "answer = 42")
        assert outcome.kind == "course_problem"
        assert said in outcome.block()


async def test_a_gateway_that_does_not_answer_is_a_course_problem(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        monkeypatch.setenv("WORKSHOP_GATEWAY_PORT", str(free.getsockname()[1]))
    outcome = await judged("91.1", "answer = 42")
    assert isinstance(outcome.failure, CourseProblem)
    assert "does not answer" in outcome.block()
    assert "remedy: " in outcome.block()


async def test_a_strange_program_on_the_port_is_a_course_problem(monkeypatch: pytest.MonkeyPatch) -> None:
    program = subprocess.Popen(
        [sys.executable, "-m", "http.server", "0", "--bind", "127.0.0.1"],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
        text=True,
    )
    try:
        assert program.stdout is not None
        port = program.stdout.readline().split(" port ")[1].split()[0]
        monkeypatch.setenv("WORKSHOP_GATEWAY_PORT", port)
        assert (await judged("91.1", "answer = 42")).kind == "course_problem"
    finally:
        program.kill()
        program.wait()


# --- the child ----------------------------------------------------------------------------------------


async def test_the_childs_environment_is_the_checks_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_BASE_URL", "http://elsewhere.example/v1")
    monkeypatch.setenv("OPENAI_ORG_ID", "of the machine")
    monkeypatch.setenv("HTTP_PROXY", "http://proxy.example:3128")
    monkeypatch.setenv("SEEN_BY_THE_NOTEBOOK", "yes")
    write("answer.py", "print('hello')")
    async with Bench(registry.find("91.1"), Path.cwd()) as bench:
        found = await bench.run(sample_checks.probe_environment)
        again = await bench.run(sample_checks.probe_environment)
        assert bench.printed == "hello\n"
    told = found["variables"]
    assert told["OPENAI_BASE_URL"].endswith(f"/s/{bench.scope}/v1")
    assert told["WORKSHOP_WEATHER_URL"].endswith(f"/s/{bench.scope}/weather")
    assert told["SEEN_BY_THE_NOTEBOOK"] == "yes"
    assert not {"OPENAI_ORG_ID", "HTTP_PROXY"} & set(told)
    assert os.path.realpath(found["directory"]) == os.path.realpath(Path.cwd())
    assert found["main"] == "workshop.checks.child"
    assert found["loaded"] == []
    assert found["group"]
    assert found["random"] != again["random"]


async def test_cancelling_a_check_ends_its_child() -> None:
    write("answer.py", "import time, pathlib", "pathlib.Path('began').touch()", "time.sleep(60)")
    running = asyncio.ensure_future(evaluate("91.1"))
    while not Path("began").exists():
        await asyncio.sleep(0.01)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert await nothing_is_left()


async def test_without_fork_the_same_answer_comes() -> None:
    """What Windows does, done here."""
    write("answer.py", "print('hello', flush=True)", "answer = 42")
    async with Bench(registry.find("91.1"), Path.cwd()) as bench:
        report = await runner.SpawnRunner().run(
            {
                "root": str(Path.cwd()),
                "file": "my/sample/answer.py",
                "probe": {"module": "sample_checks", "path": sample_checks.__file__, "name": "probe_answer"},
                "arguments": [],
                "environment": bench.environment(),
                "search": sys.path,
                "limit": 5.0,
            }
        )
    assert (report.answer, report.printed) == ({"value": 42}, "hello\n")


# --- what a process said -------------------------------------------------------------------------------

TRACEBACK = """\
INFO of something
Traceback (most recent call last):
  File "/home/me/my/transfer/worker.py", line 20, in <module>
    asyncio.run(main())
  File "/usr/lib/python3.11/asyncio/runners.py", line 190, in run
    return runner.run(main)
  File "/home/me/my/transfer/worker.py", line 13, in main
    await Worker(client, task_queue=TASK_QUEU).run()
                                    ^^^^^^^^^
{}
"""


@pytest.mark.parametrize(
    ("output", "error", "line"),
    [
        ("", "", ""),
        ("connected\nmoved 30\n", "", ""),
        (
            TRACEBACK.format("NameError: name 'TASK_QUEU' is not defined"),
            "NameError: name 'TASK_QUEU' is not defined",
            "my/transfer/worker.py: await Worker(client, task_queue=TASK_QUEU).run()",
        ),
        (
            TRACEBACK.format("temporalio.service.RPCError: Namespace x is not found.\nWhat helps: y"),
            "RPCError: Namespace x is not found.",
            "my/transfer/worker.py: await Worker(client, task_queue=TASK_QUEU).run()",
        ),
        (
            TRACEBACK.format("ValueError: one").replace("/me/my/", "/me/")
            + "\nDuring handling of the above exception, another exception occurred:\n\n"
            + TRACEBACK.format("KeyError: 'two'").replace("/me/my/", "/me/"),
            "KeyError: 'two'",
            "",
        ),
        (
            "  + Exception Group Traceback (most recent call last):\n"
            '  |   File "/home/me/my/a/b.py", line 2, in <module>\n  |     go()\n'
            "  | ExceptionGroup: all (1 sub-exception)\n"
            "  +-+---------------- 1 ----------------\n    | Traceback (most recent call last):\n"
            '    |   File "/home/me/my/a/b.py", line 5, in go\n    |     1 / 0\n'
            "    | ZeroDivisionError: division by zero\n"
            "    +------------------------------------\n",
            "ZeroDivisionError: division by zero",
            "my/a/b.py: 1 / 0",
        ),
        (
            '  File "/home/me/my/a/b.py", line 2\n    def f(:\n          ^\nSyntaxError: invalid syntax\n',
            "SyntaxError: invalid syntax",
            "my/a/b.py: def f(:",
        ),
        (
            "/home/me/my/a/b.py:4: RuntimeWarning: coroutine 'Worker.run' was never awaited\n  worker.run()\n"
            "RuntimeWarning: Enable tracemalloc to get the object allocation traceback\n",
            "an `await` is missing: the coroutine of `Worker.run` was never awaited",
            "my/a/b.py: worker.run()",
        ),
        (
            "/home/me/my/a/b.py:9: RuntimeWarning: coroutine 'main' was never awaited\n  main()\n",
            "`asyncio.run(main())` is missing: the coroutine of `main` was never awaited",
            "my/a/b.py: main()",
        ),
    ],
)
def test_a_processs_output_names_the_error_and_the_learners_line(output: str, error: str, line: str) -> None:
    assert error_in(output) == (error, line)


# --- the gateway --------------------------------------------------------------------------------------


AGENT = ("from agents import Agent", "agent = Agent(name='A', instructions='You answer in haiku.')")


async def test_an_agent_is_judged_by_the_gateways_record_in_a_scope_of_its_own() -> None:
    settings = workshop_settings.load()
    with GatewayClient.for_scope("default", settings) as client:
        before = client.meter().model.arrived
        outcome = await judged("91.3", *AGENT)
        assert outcome.passed, outcome.block()
        assert client.meter().model.arrived == before


async def test_a_fault_hits_the_checks_own_calls_only() -> None:
    write("ask.py", *AGENT)
    async with Bench(registry.find("91.3"), Path.cwd()) as bench:
        bench.begin()
        with bench.fault("model", "status", status=400), pytest.raises(NotYet, match="BadRequest"):
            await bench.run(sample_checks.probe_ask, "Write about rain.")
        assert [call.fault for call in bench.meter().calls] == ["status"]


async def test_a_script_is_run_as_a_process_in_the_learners_directory() -> None:
    outcome = await judged(
        "91.4",
        "import os, sys",
        "if __name__ == '__main__':",
        "    print('told', sys.argv[1], os.path.exists('my/sample/script.py'))",
    )
    assert outcome.passed, outcome.block()


# --- what a notebook sees -----------------------------------------------------------------------------


def test_in_a_kernel_a_check_prints_one_block_and_a_short_error_and_dies_with_it(learner: Path) -> None:
    write("answer.py", "answer = 42")
    write("double.py", "async def double(n):", "    return n")
    cells = [
        f"import sys; sys.path.insert(0, {str(Path(__file__).parent)!r})\n"
        "import nest_asyncio; nest_asyncio.apply()\n"
        "import sample_checks\nfrom workshop import check, hint",
        'await check("91.1")',
        'await check("91.2")',
        'check("91.2")',
        'hint("91.2"); hint("91.2"); hint("91.2"); hint("91.2")',
        'await check("91.22")',
        "await check(91.2)",
        "from workshop import catalog, solution\n"
        'catalog.solution_source = lambda name: "answer = 6 * 7"\n'
        'solution("91.1")',
        "import asyncio, os, pathlib\n"
        "from workshop.checks import runner\n"
        'pathlib.Path("server").write_text(str(runner.runner()._server.process.pid))\n'
        "text = \"import os, pathlib, time; pathlib.Path('began').write_text(str(os.getpid()))\"\n"
        "text += '; time.sleep(60)'\n"
        'pathlib.Path("my/sample/answer.py").write_text(text)\n'
        'running = asyncio.ensure_future(check("91.1"))\n'
        'while not pathlib.Path("began").exists() or not pathlib.Path("began").read_text():\n'
        "    await asyncio.sleep(0.02)\n"
        "os.kill(os.getpid(), 9)",
    ]
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    client = NotebookClient(
        notebook, timeout=60, allow_errors=True, resources={"metadata": {"path": str(learner)}}
    )
    with pytest.raises(DeadKernelError):
        client.execute()
    outputs = [cell["outputs"] for cell in notebook.cells]
    assert not any(output.get("name") == "stderr" for cell in outputs for output in cell)
    assert outputs[0] == []
    assert texts(outputs[1]) == "Checking 91.1 ...\nPASSED · You know the answer.\nIt is 42.\n"
    assert texts(outputs[2]).startswith("Checking 91.2 ...\nNOT YET\n  expected: double(2) to be 4\n")
    error = outputs[2][-1]
    assert error["ename"] == "NotYet"
    assert error["traceback"] == ["NotYet: exercise 91.2, see above"]
    assert error["evalue"] == "expected double(2) to be 4; got 2\nlook at the return of `double`"
    assert "write `await check" in outputs[3][0]["data"]["text/plain"]
    said = texts(outputs[4])
    assert "Hint 1 of 3 · What is it?" in said
    assert said.count("Hint 3 of 3") == 2
    assert "91.2" in outputs[5][-1]["traceback"][0]
    assert len(outputs[5][-1]["traceback"]) == 1
    assert 'a string: "91.2"' in outputs[6][-1]["evalue"]
    assert outputs[7][0]["data"] == {
        "text/plain": "answer = 6 * 7",
        "text/markdown": "```python\nanswer = 6 * 7\n```",
    }
    for process in ("began", "server"):
        assert ends(int(Path(process).read_text())), f"{process} outlived its notebook"


def ends(pid: int) -> bool:
    for _ in range(200):
        with contextlib.suppress(psutil.NoSuchProcess):
            if psutil.Process(pid).status() != psutil.STATUS_ZOMBIE:
                time.sleep(0.02)
                continue
        return True
    return False


def texts(outputs: list[nbformat.NotebookNode]) -> str:
    return "".join(output["text"] for output in outputs if output["output_type"] == "stream")


async def test_check_raises_what_it_found_and_says_so_on_stdout_only(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(NotYetAttempted) as raised:
        await check("91.1")
    printed = capsys.readouterr()
    assert printed.out.startswith("Checking 91.1 ...\nNOT YET ATTEMPTED\n")
    assert printed.err == ""
    assert isinstance(raised.value, AssertionError)
    assert raised.value._render_traceback_() == ["NotYetAttempted: exercise 91.1, see above"]
    assert "does not exist" in str(raised.value)


def test_an_unknown_exercise_says_which_there_are() -> None:
    for wrong in ("91.11", "9.9", "91", "9l.1", "1,2", ""):
        with pytest.raises(
            UnknownExercise, match=r"there are 1\.1 to 1\.7.*2\.1 to 2\.10.* and [0-9.]+ to [0-9.]+$"
        ):
            registry.find(wrong)


async def test_an_old_file_is_told_and_a_new_one_is_not(capsys: pytest.CaptureFixture[str]) -> None:
    write("answer.py", "answer = 42")
    for minutes, told in ((8, ""), (25.5, "25 minutes"), (150, "2 hours"), (4000, "2 days")):
        then = time.time() - 60 * minutes
        os.utime("my/sample/answer.py", (then, then))
        await check("91.1")
        last = capsys.readouterr().out.splitlines()[-1]
        assert last == (f"checked my/sample/answer.py, saved {told} ago" if told else "It is 42.")


async def test_a_long_check_says_so_at_once(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    known = registry.find("91.1")
    told = dataclasses.replace(known, note="up to half a minute")
    monkeypatch.setitem(registry._exercises, known.id, told)
    write("answer.py", "answer = 42")
    await check("91.1")
    assert capsys.readouterr().out.startswith("Checking 91.1 ... (up to half a minute)\nPASSED")


async def test_an_interrupted_check_judges_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    write("answer.py", "import time, pathlib", "pathlib.Path('began').touch()", "time.sleep(60)")
    running = asyncio.ensure_future(awaited(check("91.1")))
    while not Path("began").exists():
        await asyncio.sleep(0.01)
    running.cancel()
    error = await running
    assert isinstance(error, asyncio.CancelledError)
    assert error._render_traceback_() == ["Interrupted: nothing was judged"]
    assert capsys.readouterr().out == "Checking 91.1 ...\nInterrupted: the check did not finish.\n"
    assert await nothing_is_left()


async def awaited(checking: check) -> outcomes.Interrupted | None:
    # As IPython does, which catches whatever a cell raises within the cell's own task.
    try:
        await checking
    except outcomes.Interrupted as error:
        return error
    return None


def test_registering_refuses_what_cannot_work() -> None:
    for file, proves in (("other/b.py", "x"), ("my/../b.py", "x"), ("my/b.py", "x"), ("my/a/b.py", "")):
        with pytest.raises(ValueError, match=r"a file looks like|needs what it proves"):
            Exercise("92.1", file, proves, ("x",))
    with pytest.raises(ValueError, match="a check stands in a module"):
        registry.exercise(proves="x", hints=("x",))(registry.function_of("91.1"))


def test_only_a_place_for_code_is_a_placeholder(tmp_path: Path) -> None:
    file = tmp_path / "x.py"
    for line, is_one in (
        (PLACEHOLDER, True),
        (f"    {PLACEHOLDER}", True),
        (f"x = {PLACEHOLDER}", True),
        ("# your code here", False),
        ("answer = 42  # your code here", False),
        ("...", False),
    ):
        file.write_text(f"# a file\n{line}\n")
        assert (placeholder_line(file) is not None) is is_one


def test_a_long_message_is_cut() -> None:
    failure = NotYet("x" * 5000, "y\nz")
    assert len(failure.expected) < 700
    assert failure.lines()[1] == "  got: y\n      z"
    assert outcomes.alternatives(["a", "b", "c"]) == "a, b or c"


def test_hints_stay_at_the_last(capsys: pytest.CaptureFixture[str]) -> None:
    hints._shown.clear()
    for _ in range(4):
        hints.hint("91.7")
    assert capsys.readouterr().out.count("Hint 3 of 3 ·\nanswer = 6 * ...\n\nThis is the last") == 2
    with pytest.raises(UnknownExercise):
        hints.hint("91.77")


# --- progress -----------------------------------------------------------------------------------------


@pytest.fixture
def counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.delenv("WORKSHOP_NO_PROGRESS", raising=False)
    monkeypatch.setenv("WORKSHOP_STATE_DIR", str(tmp_path / "state"))
    return tmp_path / "state" / "progress.json"


def test_progress_counts_attempts_and_keeps_a_pass(counted: Path) -> None:
    assert progress.read() == {}
    for passed in (False, True, False):
        assert progress.record("91.1", passed=passed) is None
    one = progress.read()["91.1"]
    assert (one.passed, one.attempts) == (True, 3)
    assert one.first_passed
    assert progress.forget(["91.1", "91.2"]) == ["91.1"]
    assert progress.read() == {}


def test_a_corrupt_progress_file_is_moved_aside_once(counted: Path) -> None:
    counted.parent.mkdir()
    counted.write_text('{"1.1": {"passed": "perhaps"')
    assert progress.read() == {}
    said = progress.record("91.1", passed=True)
    assert said
    assert "starts from zero" in said
    assert progress.record("91.1", passed=True) is None
    assert [file.name for file in counted.parent.glob("progress.corrupt-*")]
    assert json.loads(counted.read_text())["91.1"]["attempts"] == 2


def test_progress_can_be_switched_off(counted: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WORKSHOP_NO_PROGRESS", "1")
    progress.record("91.1", passed=True)
    assert not counted.exists()


def test_two_processes_lose_no_attempt(counted: Path) -> None:
    source = "from workshop.checks import progress\nfor _ in range(50): progress.record('91.1', passed=False)"
    both = [subprocess.Popen([sys.executable, "-c", source]) for _ in range(2)]
    assert [process.wait(30) for process in both] == [0, 0]
    assert progress.read()["91.1"].attempts == 100
