"""The practice library: short articles on a dozen subjects, written for this course, and a search over them.

Over HTTP it knows ``/search?q=...&limit=3`` and ``/articles/{id}``.

The articles stand in ``articles.md``: a heading of the first level for each subject, one of the second
for each article. The search is SQLite's FTS5 (https://www.sqlite.org/fts5.html), ranked by BM25; equals keep the
order of the file.
"""

from __future__ import annotations

import re
import sqlite3
import threading
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cache
from importlib.resources import files

from workshop.practice.answer import NOTICE, Answer, problem
from workshop.practice.json_bodies import dump
from workshop.practice.language.words import STOP, bag

MOST_RESULTS = 10
LONGEST_QUERY = 500
"""Characters; what follows is not searched for."""

CLOSED = frozenset({"archive", "archives"})
"""Who asks for these is turned away, so that there is a search which fails for good."""

# Words that stand in any question and tell nothing about its subject.
_EMPTY = STOP | bag("where work works")
_WORD = re.compile(r"[^\W_]+")
_lock = threading.Lock()


@dataclass(frozen=True, slots=True)
class Article:
    """One article; ``id`` is its title in small letters with dashes."""

    id: str
    subject: str
    title: str
    text: str


@cache
def articles() -> dict[str, Article]:
    """All articles by their ids, in the order of the file."""
    source = files(__package__).joinpath("articles.md").read_text(encoding="utf-8")
    found: dict[str, Article] = {}
    subject = title = ""
    for line in filter(None, source.splitlines()):
        if line.startswith("# "):
            subject = line[2:]
        elif line.startswith("## "):
            title = line[3:]
        else:
            name = "-".join(_WORD.findall(title.lower()))
            found[name] = Article(name, subject, title, line)
    return found


def search(query: str, limit: int = 3) -> list[Article]:
    """The articles that fit a query best, best first; none where no word of it is found.

    Args:
        query: Any text; words in any form ("bridge", "bridges"), anything else is passed over.
        limit: How many at most, 1 to :data:`MOST_RESULTS`.
    """
    words = [word for word in _words(query) if word not in _EMPTY]
    if not words:
        return []
    wanted = " OR ".join(f'"{word}"' for word in dict.fromkeys(words))
    statement = (
        "SELECT id FROM article WHERE article MATCH ? ORDER BY bm25(article, 0, 3, 5, 1), rowid LIMIT ?"
    )
    with _lock:
        rows = _index().execute(statement, (wanted, limit)).fetchall()
    return [articles()[name] for (name,) in rows]


def closed(query: str) -> bool:
    """Whether a query asks for the archives, which are closed to the public."""
    return not CLOSED.isdisjoint(_words(query))


def answer(path: str, query: Mapping[str, str]) -> Answer:
    """Answer a GET.

    Args:
        path: What follows the service's name in the address, with its leading slash.
        query: The parameters in the address.
    """
    if path.rstrip("/") == "/search":
        limit = query.get("limit", "3")
        if "q" not in query:
            return problem("library", 400, "Say what to look for: /search?q=...")
        if not limit.isdecimal() or not 1 <= int(limit) <= MOST_RESULTS:
            return problem("library", 400, f"limit must be 1 to {MOST_RESULTS}.")
        if closed(query["q"]):
            return problem(
                "library", 403, "The archives are closed to the public. Search for something else."
            )
        results = [asdict(one) for one in search(query["q"], int(limit))]
        return _json({"query": query["q"], "library": NOTICE, "results": results})
    _, _, name = path.partition("/articles/")
    article = articles().get(name)
    if article is None:
        detail = f"'{path}' is not in the library; it knows /search and /articles/{{id}}."
        return problem("library", 404, detail)
    return _json(asdict(article))


def _json(found: dict[str, object]) -> Answer:
    return Answer(200, "application/json; charset=utf-8", dump(found))


def _words(query: str) -> list[str]:
    return _WORD.findall(query[:LONGEST_QUERY].lower())


@cache
def _index() -> sqlite3.Connection:
    # One connection for all threads, which take turns.
    index = sqlite3.connect(":memory:", check_same_thread=False)
    index.execute(
        "CREATE VIRTUAL TABLE article USING fts5(id UNINDEXED, subject, title, text, tokenize = 'porter unicode61')"
    )
    rows = [(one.id, one.subject, one.title, one.text) for one in articles().values()]
    index.executemany("INSERT INTO article VALUES (?, ?, ?, ?)", rows)
    return index


__all__ = ["MOST_RESULTS", "Article", "answer", "articles", "closed", "search"]
