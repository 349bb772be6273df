"""What may stand in a cell, and in what it printed: how long it is, what it must not do, words for every picture."""

from __future__ import annotations

import re
from collections.abc import Iterator

from workshop.authoring.page import Page, Problem, Rule, output_texts, prose
from workshop.catalog import LessonError, clear_solutions

LONGEST_CELL = 25
"""Lines; a longer cell does not fit on a screen beside its output."""
LONGEST_FILE = 32
"""Lines of a cell that writes a file: it has no output beside it."""


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
    """An activity is always a Temporal Activity, of which the first lesson does not yet speak."""
    if page.lesson_number != 1:
        return
    for n, cell in page.markdown():
        if re.search(r"(?<!Temporal )\bactivit(?:y|ies)\b", "\n".join(prose(cell.source)), re.IGNORECASE):
            yield page.problem(n, '"activity" is said', 'what the learner does is an "exercise"')


__all__ = [
    "LONGEST_CELL",
    "LONGEST_FILE",
    "cell_length",
    "exercise_is_our_word",
    "files_in_my",
    "no_banners",
    "no_emoji",
    "no_input",
    "no_installs",
    "no_keys",
    "no_machine_paths",
    "no_secrets_set",
    "pictures",
]
