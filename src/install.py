"""Install a lock into the environment of this Python, and say meanwhile in one line how far that is.

``make`` runs this before anything is installed: it needs nothing but Python. uv does the work, pip where uv cannot.
uv draws thirty bars, pip is silent for long: both write into a log, and the line comes from there and from the disk.
"""

import contextlib
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import time
from collections.abc import Callable, Collection
from pathlib import Path

PLAIN_EVERY = 10.0  # seconds between two lines where none can move
SITE = Path(sysconfig.get_path("purelib"))
LOG = Path(os.path.relpath(sys.prefix), "install.log")  # lies there until an installation is complete
PIP = (sys.executable, "-m", "pip", "--no-color", "--no-input", "--disable-pip-version-check", "install")
UV = (sysconfig.get_path("scripts") + "/uv", "--color=never", "pip", "install", "--python", sys.executable)


class Line:
    """The one line: on a terminal it moves, elsewhere it is printed now and then."""

    def __init__(self) -> None:
        self.moves = sys.stdout.isatty() and os.environ.get("TERM", "dumb") != "dumb"
        self.width = shutil.get_terminal_size().columns - 1  # in the last column, some terminals wrap
        self.started = self.printed = time.monotonic()

    def show(self, text: str) -> None:
        """Say what is going on, and since when."""
        now = time.monotonic()
        text = f"{text} ({now - self.started:.0f} s)"
        if self.moves:
            print(f"\r{text:{self.width}.{self.width}}", end="", flush=True)
        elif now - self.printed >= PLAIN_EVERY:
            self.printed = now
            print(text, flush=True)

    def say(self, text: str) -> None:
        """Print a line that stays."""
        print(f"\r{text:{self.width}}" if self.moves else text, flush=True)

    def run(self, doing: Callable[[str], str], *command: str | Path) -> None:
        """Run a command and show what it is ``doing``, by its output so far. An error says why it failed."""
        with LOG.open("ab") as out:
            begin = out.tell()
            process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=out, stderr=out)
        try:
            while process.poll() is None:
                self.show(doing(LOG.read_bytes()[begin:].decode(errors="replace")))
                with contextlib.suppress(subprocess.TimeoutExpired):
                    process.wait(0.5)  # a look takes some milliseconds, which the installation lacks
        except KeyboardInterrupt:  # of which a terminal tells the command too
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(2)
            process.terminate()
            raise
        if process.returncode:
            output = LOG.read_bytes()[begin:].decode(errors="replace")
            if re.search(r"Retry\(total=0|Max retries exceeded|Could not fetch|Error: .*timed out", output):
                raise ConnectionError("the package index cannot be reached")
            errors = re.findall(r"^error: (?!Exc)(.+)", output, re.M | re.I) or output.splitlines() or ["?"]
            raise RuntimeError(errors[-1].rstrip("."))


def installed() -> set[Path]:
    """The metadata folders of all packages that are there."""
    return set(SITE.glob("*.dist-info"))


def forget_half_installed() -> None:
    """Drop the metadata of packages that were broken off: uv and pip would take them for installed."""
    for folder in installed():
        record = folder / "RECORD"  # both write it anew, INSTALLER and all, when the rest is there
        if not record.is_file() or f"{folder.name}/INSTALLER," not in record.read_text(encoding="utf-8"):
            shutil.rmtree(folder)


def so_far(verb: str, done: Collection[Path], total: int) -> str:
    """How many packages have been dealt with, and which is the latest."""
    latest = max(done, key=lambda folder: folder.stat().st_mtime, default=Path("..."))
    return f"{verb} {len(done)} of {total}: {latest.name.partition('-')[0]}"


def compiling(_: str = "") -> str:
    """How far the compiler is, which takes one package after the other."""
    packages = [file.parent for file in SITE.glob("*/__init__.py")]
    return so_far("Compiling", [it for it in packages if (it / "__pycache__").exists()], len(packages))


def work(output: str, before: set[Path]) -> str:
    """What uv or pip is doing, by its output and by what is on the disk."""
    if re.search(r"^Installed ", output, re.M):
        return compiling()
    if found := re.search(r"^Resolved (\d+)|^Installing collected packages: (.+)", output, re.M):
        total = int(found[1] or found[2].count(",") + 1)
        if (new := installed() - before) or found[2]:
            return so_far("Installing", new, total)
        names = re.findall(r"^ ?Download(?:ing|ed) (\S+)", output, re.M)  # each twice, in the end
        large = [name for name in names if names.count(name) == 1]
        return f"Downloading {total} packages: {', '.join(large[:3]) or '...'}"
    names = re.findall(r"^(?:Collecting|Processing) (?:\S*/)?(\w+(?:-[a-z]\w*)*)", output, re.M)
    return f"Collecting {names[-1]}, {len(set(names))} so far" if names else "Looking up what is needed"


def install(line: Line, requirements: str, uv: str) -> int:
    """Install with uv, or with pip where that fails; return how many packages are new."""
    forget_half_installed()
    before = installed() | {SITE / f"uv-{uv}.dist-info"}
    try:
        if not before <= installed():
            line.run(lambda _: f"Getting uv {uv}", *PIP, f"uv=={uv}")
        line.run(lambda output: work(output, before), *UV, "-r", requirements)
    except ConnectionError:  # pip has found no index, and would not for the rest either
        raise
    except (RuntimeError, OSError) as error:
        line.say(f"uv cannot install here ({error}): pip does, which takes longer.")
        line.run(lambda output: work(output, before), *PIP, "-r", requirements)
    return len(installed() - before)


def main(requirements: str, uv: str, again: str) -> int:
    """Install ``requirements`` with this version of ``uv``; ``again`` is the command to try it once more."""
    line, unfinished = Line(), LOG.exists()
    try:
        LOG.write_bytes(b"")
        new = install(line, requirements, uv)
        if unfinished and os.environ.get("UV_COMPILE_BYTECODE") == "1":  # uv compiles only what is new
            with contextlib.suppress(RuntimeError):  # a file in somebody's package that is no Python
                line.run(compiling, sys.executable, "-m", "compileall", "-q", "-j", "0", SITE)
        LOG.unlink()
    except KeyboardInterrupt:
        line.say(f"Interrupted. `{again}` goes on from here.")
        return 130
    except (RuntimeError, OSError) as error:
        line.say(f"Not installed: {error}.")
        line.say(f"Once that is mended, `{again}` goes on from here. The full output is in {LOG}.")
        return 1
    done = f"{new} package{'s' * (new != 1)} installed" if new else "All packages are in place"
    line.say(f"{done} ({time.monotonic() - line.started:.0f} s).")
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
