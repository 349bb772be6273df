"""The rules of a lesson that a program can hold: one function each.

Each takes a page (and, where it needs them, the registered checks) and yields what breaks its rule.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Protocol

from workshop.authoring import notebooks
from workshop.authoring.outline import BEGINS, SLIDE_TYPES, inherited, said
from workshop.authoring.page import Page, Problem, grader, output_texts, prose
from workshop.catalog import (
    BEGIN_SOLUTION,
    END_SOLUTION,
    EXERCISE_HEADING,
    LESSON_HEADING,
    LESSON_MINUTES,
    PLACEHOLDER,
    WRITEFILE,
    LessonError,
    clear_solutions,
    grade_ids,
    stated_core_minutes,
)

LONGEST_CELL = 25
"""Lines; a longer cell does not fit on a screen beside its output."""
LONGEST_FILE = 32
"""Lines of a cell that writes a file: it has no output beside it."""
SOLUTION_LINES = (3, 12)
MOST_BULLETS = 3
QUESTIONS = (5, 8)
HINTS = 3

Rule = Callable[[Page], Iterator[Problem]]


class RegisteredCheck(Protocol):
    """What the lint needs to know of a registered check."""

    @property
    def hints(self) -> tuple[str, ...]:
        """The ladder of hints."""

    @property
    def proves(self) -> str:
        """The sentence shown after a pass."""

    @property
    def files(self) -> tuple[str, ...]:
        """The files that the learner writes."""


FindCheck = Callable[[str], RegisteredCheck | None]


def opening(page: Page) -> Iterator[Problem]:
    """The first cell names the lesson and says how long it takes."""
    first = page.cells[0] if page.cells else None
    if first is None or first.cell_type != "markdown":
        yield page.problem(0, "the lesson does not open with text", "begin with a markdown cell")
        return
    heading = LESSON_HEADING.search(first.source)
    if not heading:
        yield page.problem(0, "the lesson has no number and title", 'write "# 1 · Title" on its first line')
    elif not re.match(rf"0*{heading['number']}_[a-z0-9_]+\.ipynb$", page.path.name):
        yield page.problem(
            0,
            f"lesson {heading['number']} is in {page.path.name}",
            f"name it {int(heading['number']):02}_name.ipynb",
        )
    if not LESSON_MINUTES.search(first.source):
        yield page.problem(0, "the lesson does not say how long it takes", 'write "about 40 minutes"')
    if stated_core_minutes(first.source) is None:
        yield page.problem(
            0, "the lesson does not say how long its core takes", 'write "15 for the core exercises"'
        )


def minutes(page: Page) -> Iterator[Problem]:
    """The exercises fit into the minutes that the first cell states."""
    if not page.cells:
        return
    spent = {"core": 0, "full": 0, "bonus": 0}
    for _, line in _exercise_lines(page):
        if match := EXERCISE_HEADING.match(line):
            spent[match["path"]] += int(match["minutes"])
    total = LESSON_MINUTES.search(page.cells[0].source)
    if total and sum(spent.values()) > int(total[1]):
        yield page.problem(
            0,
            f"the exercises take {sum(spent.values())} minutes, the lesson says {total[1]}",
            "change the one or the other",
        )
    core = stated_core_minutes(page.cells[0].source)
    if core is not None and spent["core"] != core:
        yield page.problem(
            0,
            f"the core exercises take {spent['core']} minutes, the lesson says {core}",
            "change the one or the other",
        )


def headings(page: Page) -> Iterator[Problem]:
    """One heading of the first level, and no level left out on the way down."""
    previous = 0
    for cell, level, words in page.headings():
        if level == 1 and previous:
            yield page.problem(cell, f'"{words}" is a second heading of level 1', "make it level 2")
        elif level > previous + 1:
            yield page.problem(
                cell, f'"{words}" jumps from level {previous} to {level}', f"make it level {previous + 1}"
            )
        previous = level


def closing(page: Page) -> Iterator[Problem]:
    """The lesson ends with what was proved, questions, and where to read on."""
    titles = [words.lower() for _, level, words in page.headings() if level == 2]
    for wanted, example in (("proved", "What you proved"), ("read on", "Where to read on")):
        if not any(wanted in title for title in titles):
            yield page.problem(None, f'no heading says "{wanted}"', f'end with a part "## {example}"')
    section = ""
    asked = 0
    last = None
    for n, cell in page.markdown():
        for line in prose(cell.source):
            if line.startswith("## "):
                section = line[3:].lower()
            if "question" in section:
                asked += len(re.findall(r"<details\b", line))
                last = n
        if cell.source.count("<details") != cell.source.count("</details>"):
            yield page.problem(n, "<details> and </details> do not pair", "close each one")
        if len(re.findall(r"<details\b", cell.source)) != cell.source.count("</summary>"):
            yield page.problem(
                n, "a <details> has no <summary>", "put the question into <summary>...</summary>"
            )
    fewest, most = QUESTIONS
    if not fewest <= asked <= most:
        yield page.problem(
            last,
            f'the part "Questions" holds {asked} questions in <details>',
            f"ask {fewest} to {most}, each with its answer inside",
        )


def first_code(page: Page) -> Iterator[Problem]:
    """The first code cell starts the lab."""
    for n, cell in page.code():
        if "lab.start(" not in cell.source:
            yield page.problem(n, "the first code cell does not start the lab", "call lab.start(...) in it")
        return


def exercises(page: Page) -> Iterator[Problem]:
    """Each exercise is its four cells in order, and they are numbered from 1."""
    lesson = page.lesson_number
    expected = 0
    members: set[int] = set()
    for n, line in _exercise_lines(page):
        expected += 1
        members.update(range(n, n + 4))
        match = EXERCISE_HEADING.match(line)
        if not match:
            yield page.problem(
                n,
                f'"{line}" is not the heading of an exercise',
                'write "### Exercise 1.2: Title · 5 min · difficulty 2/5 · core"',
            )
            continue
        name = f"{match['lesson']}.{match['number']}"
        if lesson is not None and name != f"{lesson}.{expected}":
            yield page.problem(
                n, f"exercise {name} stands where {lesson}.{expected} belongs", "number them in order"
            )
        yield from _task(page, n)
        yield from _solution_cell(page, n + 1, name)
        yield from _check_cell(page, n + 2, name)
        yield from _hint_cell(page, n + 3, name)
    yield from _strays(page, members)


def _task(page: Page, n: int) -> Iterator[Problem]:
    body = page.cells[n].source.split("\n")[1:]
    bullets = sum(bool(re.match(r"\s*[-*+] ", line)) for line in body)
    if bullets > MOST_BULLETS:
        yield page.problem(n, f"the task has {bullets} bullets", f"keep at most {MOST_BULLETS}")
    if any(re.match(r"\s*\d+[.)] ", line) for line in body):
        yield page.problem(n, "the task is a numbered list", "one exercise, one task: split it")
    if not any(line.strip() and not re.match(r"\s*[-*+#] ", line) for line in body):
        yield page.problem(n, "the heading cell sets no task", "say in a sentence what to do")


def _solution_cell(page: Page, n: int, name: str) -> Iterator[Problem]:
    grade_id = grade_ids(name)[0]
    cell = page.cells[n] if n < len(page.cells) else None
    if cell is None or cell.cell_type != "code" or grader(cell).get("grade_id") != grade_id:
        yield page.problem(
            n,
            f"the solution cell of {name} is not here",
            f"put a code cell with the nbgrader id {grade_id} below the heading",
        )
        return
    meta = grader(cell)
    if (meta.get("solution"), meta.get("grade"), meta.get("locked"), meta.get("task")) != (
        True,
        False,
        False,
        False,
    ):
        yield page.problem(
            n,
            f"{grade_id} is not marked as a plain solution cell",
            "nbgrader: solution true; grade, locked and task false",
        )
    inside = False
    pairs = written = 0
    for line in cell.source.split("\n"):
        mark = line.strip()
        if mark == BEGIN_SOLUTION and not inside:
            inside, pairs = True, pairs + 1
        elif mark == END_SOLUTION and inside:
            inside = False
        elif BEGIN_SOLUTION in line or END_SOLUTION in line:
            yield page.problem(
                n, f'the marker "{mark}" is out of place', "put each marker on its own line, in pairs"
            )
        elif inside and mark:
            written += 1
    if inside or not pairs:
        yield page.problem(
            n,
            f"{grade_id} has no complete solution",
            f'enclose it in "{BEGIN_SOLUTION}" and "{END_SOLUTION}"',
        )
    fewest, most = SOLUTION_LINES
    if not fewest <= written <= most:
        yield page.problem(
            n,
            f"the solution of {name} has {written} lines",
            f"leave the learner {fewest} to {most} lines to write",
        )
    if PLACEHOLDER in cell.source:
        yield page.problem(n, "a placeholder is left in the solution", "write the solution out")


def _check_cell(page: Page, n: int, name: str) -> Iterator[Problem]:
    grade_id = grade_ids(name)[1]
    cell = page.cells[n] if n < len(page.cells) else None
    if cell is None or cell.cell_type != "code" or grader(cell).get("grade_id") != grade_id:
        yield page.problem(
            n,
            f"the check cell of {name} is not here",
            f"put a code cell with the nbgrader id {grade_id} below the solution",
        )
        return
    if cell.source.strip() != f'await check("{name}")':
        yield page.problem(n, f"{grade_id} does more than check", f'write only: await check("{name}")')
    meta = grader(cell)
    if (meta.get("grade"), meta.get("locked"), meta.get("solution"), meta.get("task")) != (
        True,
        True,
        False,
        False,
    ):
        yield page.problem(
            n,
            f"{grade_id} is not marked as a graded, locked cell",
            "nbgrader: grade and locked true; solution and task false",
        )
    points = meta.get("points")
    if not isinstance(points, int) or isinstance(points, bool) or points < 1:
        yield page.problem(n, f"{grade_id} is worth {points!r} points", "make it a whole number from 1")
    if "raises-exception" not in cell.metadata.get("tags", []):
        yield page.problem(n, f"{grade_id} would stop Run All", 'give it the tag "raises-exception"')
    printed = "".join(text for kind, text in output_texts(cell) if kind == "stdout")
    if "PASSED" not in printed:
        yield page.problem(n, f"the stored output of {grade_id} does not say PASSED", "run: execute")


def _hint_cell(page: Page, n: int, name: str) -> Iterator[Problem]:
    cell = page.cells[n] if n < len(page.cells) else None
    if cell is None or cell.cell_type != "markdown" or f'hint("{name}")' not in cell.source:
        yield page.problem(
            n,
            f"no line names the hint of {name}",
            f'put a markdown cell with `hint("{name}")` below the check',
        )


def _strays(page: Page, members: set[int]) -> Iterator[Problem]:
    for n, cell in enumerate(page.cells):
        if n in members:
            continue
        if grader(cell):
            yield page.problem(n, "nbgrader metadata outside an exercise", "take it away")
        if BEGIN_SOLUTION in cell.source or END_SOLUTION in cell.source:
            yield page.problem(n, "a solution marker outside an exercise", "take it away")
        if cell.cell_type == "code" and re.search(r"\bcheck\(", cell.source):
            yield page.problem(n, "a check outside an exercise", "move it into a check cell")
    for n, cell in page.code():
        if "raises-exception" in cell.metadata.get("tags", []) and not grader(cell).get("grade"):
            yield page.problem(
                n, "raises-exception hides what goes wrong here", "catch the exception and print it instead"
            )


def registered(find: FindCheck) -> Rule:
    """Each exercise has a check with three hints and a sentence on what it proves."""

    def rule(page: Page) -> Iterator[Problem]:
        for n, line in _exercise_lines(page):
            match = EXERCISE_HEADING.match(line)
            if not match:
                continue
            name = f"{match['lesson']}.{match['number']}"
            module = f"workshop.checks.lesson{match['lesson']}"
            check = find(name)
            if check is None:
                yield page.problem(n, f"no check of {name} is registered", f"add it to {module}")
                continue
            if len(check.hints) != HINTS or not all(hint.strip() for hint in check.hints):
                yield page.problem(
                    n,
                    f"the ladder of {name} has {len(check.hints)} hints",
                    f"in {module}: a question, the API with a link, nearly the code",
                )
            elif "://" not in check.hints[1]:
                yield page.problem(
                    n, f"the second hint of {name} has no link", f"in {module}: link the documentation"
                )
            if not re.search(r"[.!]\s*$", check.proves):
                yield page.problem(
                    n, f"what {name} proves is not a sentence", f'in {module}: proves="..." with a full stop'
                )
            writes = WRITEFILE.match(page.cells[n + 1].source) if n + 1 < len(page.cells) else None
            if writes and writes[1] not in check.files:
                yield page.problem(
                    n + 1,
                    f"{name} writes {writes[1]}, its check reads {', '.join(check.files)}",
                    "name the same file",
                )

    return rule


def cell_length(page: Page) -> Iterator[Problem]:
    """A cell, as the learner gets it, fits on a screen. Questions with folded answers are exempt: folded, they do."""
    for n, cell in enumerate(page.cells):
        try:
            shipped = clear_solutions(cell.source)
        except LessonError:
            continue  # its markers do not pair; another rule says so
        length = len(shipped.rstrip("\n").split("\n"))
        longest = LONGEST_FILE if shipped.startswith("%%writefile") else LONGEST_CELL
        if length > longest and "<details" not in cell.source:
            yield page.problem(n, f"{length} lines", f"split it: {longest} lines at most")


def pictures(page: Page) -> Iterator[Problem]:
    """Every picture says in words what it shows."""
    for n, cell in page.markdown():
        text = "\n".join(prose(cell.source))
        if re.search(r"!\[\s*\]", text) or _images_without_alt(text):
            yield page.problem(n, "a picture has no alt text", "say in words what it shows: ![words](file)")
    for n, cell in page.code():
        for kind, content in output_texts(cell):
            if kind == "image/svg+xml" or (kind == "text/html" and "<svg" in content):
                if not re.search(r"<title|aria-label|aria-hidden", content):
                    yield page.problem(n, "an SVG in the output has no title", "draw it with a <title>")
            elif kind.startswith("image/"):
                yield page.problem(
                    n, f"the output is a picture without words ({kind})", "draw SVG with a <title>"
                )
            if kind == "text/html" and _images_without_alt(content):
                yield page.problem(n, "a picture in the output has no alt text", 'write <img alt="...">')


def _images_without_alt(text: str) -> bool:
    return any(not re.search(r"\balt=(['\"])\s*[^\s'\"]", tag) for tag in re.findall(r"<img\b[^>]*>", text))


def _forbidden(pattern: str, what: str, mend: str, *, flags: int = 0) -> Rule:
    # A rule about code: this must not stand in it.
    compiled = re.compile(pattern, flags | re.MULTILINE)

    def rule(page: Page) -> Iterator[Problem]:
        for n, cell in page.code():
            if compiled.search(cell.source):
                yield page.problem(n, what, mend)

    return rule


no_installs = _forbidden(
    r"^\s*[%!]+\s*(?:python3? -m )?(?:pip|conda|mamba|uv)\b"
    r"|\bpip3? install\b|[\"']pip3?[\"'],\s*[\"']install[\"']",
    "installs a package",
    "requirements.txt is where packages come from",
)
no_banners = _forbidden(
    r"""print\(\s*f?["'](?:\\n)*\s*[=*#~_-]{3,}|print\(\s*f?["'].{1,3}["']\s*\*\s*\d+|\[OK\]|\[(?:PASS|FAIL|DONE)\]""",
    "prints a banner",
    "print the one thing to look at",
)
no_input = _forbidden(
    r"(?<![\w.])input\(", "waits for typing", "Run All would stop here; use a variable instead"
)
no_secrets_set = _forbidden(
    r"""environ\[\s*["']OPENAI_API_KEY|%(?:set_)?env\s+OPENAI_API_KEY|^%%writefile\s+(?:-a\s+)?\S*\.env\b|getpass\(""",
    "handles the key",
    "the key stays in .env, and the gateway alone reads it",
)
files_in_my = _forbidden(
    r"^%%writefile\s+(?:-a\s+)?(?!-a\s)(?!my/)\S", "writes a file outside my/", "write it to my/<folder>/"
)

# Pictographs, dingbats, signs that are drawn as emoji, and the selector that asks for that.
_EMOJI = re.compile(
    "[\U0001f000-\U0001faff\u2600-\u27bf\u2b05-\u2b07\u2b1b\u2b1c\u2b50\u2b55\u231a\u231b\u23e9-\u23fa\ufe0f]"
)
# Built from parts, so that no scanner takes the pattern itself for a key.
_KEY = re.compile(
    r"\bs"
    + r"k-[A-Za-z0-9_-]{12,}|\bworkshop-[0-9a-f]{32}\b|\bgh[pousr]_[A-Za-z0-9]{20,}|\bAKIA[A-Z0-9]{16}\b"
    r"|\bBearer [A-Za-z0-9._~+/-]{16,}|\bOPENAI_API_KEY\s*=\s*[\"']?[A-Za-z0-9_-]{8,}"
)
_PATH = re.compile(
    r"(?<![\w.:/>~-])/(?:home|Users|root|tmp|var|opt|mnt|private|workspaces|content)/[\w.]|\b[A-Za-z]:\\{1,2}[A-Za-z]"
)
_SHOWS = re.compile(r"^(?:print|(?:await )?(?:show|check|hint|solution)\b[\w.]*)\(", re.MULTILINE)
_ADDRESS = re.compile(r"\bat 0x[0-9a-f]{6,}")


def no_emoji(page: Page) -> Iterator[Problem]:
    """Words before symbols."""
    for n, text in page.texts():
        if found := _EMOJI.search(text):
            yield page.problem(n, f"the sign U+{ord(found[0]):04X}", "say it in words")


def no_keys(page: Page) -> Iterator[Problem]:
    """Nothing that looks like a key is stored."""
    for n, text in page.texts():
        if _KEY.search(text):
            yield page.problem(n, "something that looks like a key", "take it out; if it is real, revoke it")


def no_machine_paths(page: Page) -> Iterator[Problem]:
    """No path of the author's machine, and no address in its memory."""
    for n, text in page.texts():
        if found := _PATH.search(text):
            yield page.problem(
                n, f'an absolute path ("{found[0].strip()}...")', "use a path relative to the notebook"
            )
        if _ADDRESS.search(text):
            yield page.problem(n, "an address in memory", "print a field of the object instead")


def exercise_is_our_word(page: Page) -> Iterator[Problem]:
    """An activity is always a Temporal Activity, of which lesson 1 does not yet speak."""
    if page.lesson_number != 1:
        return
    for n, cell in page.markdown():
        if re.search(r"(?<!Temporal )\bactivit(?:y|ies)\b", "\n".join(prose(cell.source)), re.IGNORECASE):
            yield page.problem(n, '"activity" is said', 'what the learner does is an "exercise"')


def outputs_stored(page: Page) -> Iterator[Problem]:
    """The whole notebook was run, in order, without errors; nbval can compare what it stored."""
    if all(cell.execution_count is None for _, cell in page.code()):
        yield page.problem(None, "holds no outputs", "run: execute")
        return
    count = 0
    for n, cell in page.code():
        if not cell.source.strip():
            yield page.problem(n, "an empty code cell", "delete it")
            continue
        count += 1
        if cell.execution_count is None:
            yield page.problem(n, "was not run", "run: execute")
        elif cell.execution_count != count:
            yield page.problem(n, f"ran as number {cell.execution_count}, not {count}", "run: execute")
        elif not cell.outputs and _SHOWS.search(cell.source) and not cell.source.startswith("%%"):
            yield page.problem(n, "shows something, but no output is stored", "run: execute")
        for kind, _ in output_texts(cell):
            if kind == "error":
                yield page.problem(n, "an error is stored as output", "mend the cell, then run: execute")
            elif kind == "stderr":
                yield page.problem(n, "stored output on stderr", "silence its cause, then run: execute")
            elif "widget" in kind:
                yield page.problem(n, "a widget is stored as output", "show the static view instead")


def normal_form(page: Page) -> Iterator[Problem]:
    """The file is what the authoring commands would write: kernel python3, no traces of a machine."""
    if page.notebook.metadata.get("kernelspec", {}).get("name") != "python3":
        yield page.problem(None, "its kernel is not python3", "choose it, or run: tidy")
    elif page.raw != notebooks.text(notebooks.normalise(notebooks.read(page.path))):
        yield page.problem(None, "holds metadata of one run or one machine", "run: tidy")


def slides(page: Page) -> Iterator[Problem]:
    """What a cell says of its place on the slides is known, is an exception, and hides no exercise."""
    exercise_cells = {n for n, _ in _exercise_lines(page)}
    for n, cell in enumerate(page.cells):
        own = said(cell)
        if own is None:
            continue
        if own not in SLIDE_TYPES:
            yield page.problem(n, f"{own!r} is no slide type", f"write one of {', '.join(SLIDE_TYPES)}")
        elif n == 0 and own != "slide":
            yield page.problem(n, "the lesson's title does not begin a slide", "take its slide type away")
        elif n in exercise_cells and own not in BEGINS:
            yield page.problem(n, "an exercise does not begin a slide", "take its slide type away")
        elif own == inherited(page.cells, n):
            yield page.problem(n, f"says that it is {own}, which it is anyway", "take its slide type away")


def _exercise_lines(page: Page) -> Iterator[tuple[int, str]]:
    for n, cell in page.markdown():
        first = cell.source.split("\n")[0]
        if re.match(r"#+ +Exercise\b", first):
            yield n, first


def rules(find: FindCheck) -> tuple[Rule, ...]:
    """All rules, in the order in which their findings are told."""
    return (
        opening,
        minutes,
        headings,
        first_code,
        exercises,
        registered(find),
        closing,
        cell_length,
        pictures,
        no_installs,
        no_banners,
        no_input,
        no_secrets_set,
        files_in_my,
        no_emoji,
        no_keys,
        no_machine_paths,
        exercise_is_our_word,
        slides,
        outputs_stored,
        normal_form,
    )


__all__ = ["FindCheck", "RegisteredCheck", "Rule", "rules"]
