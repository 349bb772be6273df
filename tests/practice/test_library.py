"""The practice library: its articles, its search, and how it answers."""

from __future__ import annotations

import json
from collections import Counter
from urllib.parse import parse_qsl

import pytest

from workshop.practice import library
from workshop.practice.answer import Answer


def ask(address: str) -> Answer:
    path, _, query = address.partition("?")
    return library.answer(path, dict(parse_qsl(query)))


def titles(query: str, limit: int = 3) -> list[str]:
    return [one.title for one in library.search(query, limit)]


def test_articles_are_many_and_short() -> None:
    articles = library.articles().values()
    assert len(articles) >= 90
    assert min(Counter(one.subject for one in articles).values()) >= 8
    assert all(80 < len(one.text) < 400 for one in articles)


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("bees in winter", "Bees in winter"),
        ("How does a suspension bridge hang?", "Suspension bridges"),
        ("Batteries at home, for the night", "Home batteries"),
        ('"tsunami" OR (NOT *', "Tsunamis"),
    ],
)
def test_the_article_about_it_comes_first(query: str, first: str) -> None:
    assert titles(query)[0] == first


@pytest.mark.parametrize("query", ["", "???", "the of and", "xyzzy", "x" * 10_000])
def test_nothing_found(query: str) -> None:
    assert titles(query) == []


def test_a_search_is_the_same_each_time_and_has_a_limit() -> None:
    assert titles("water", 10) == titles("water", 10)
    assert len(titles("water", 10)) == 10
    assert titles("water", 2) == titles("water", 10)[:2]


def test_a_search_and_an_article() -> None:
    reply = ask("/search?q=bees&limit=2")
    assert (reply.status, reply.content_type) == (200, "application/json; charset=utf-8")
    found = json.loads(reply.body)
    assert (found["query"], len(found["results"])) == ("bees", 2)
    one = found["results"][0]
    assert set(one) == {"id", "subject", "title", "text"}
    assert json.loads(ask(f"/articles/{one['id']}").body) == one


@pytest.mark.parametrize(
    ("address", "status", "says"),
    [
        ("/search", 400, "/search?q="),
        ("/search?q=bees&limit=0", 400, "1 to 10"),
        ("/search?q=bees&limit=many", 400, "1 to 10"),
        ("/articles/none", 404, "/articles/none"),
        ("/shelves", 404, "it knows /search"),
        ("/search?q=old+archives", 403, "closed to the public"),
    ],
)
def test_what_it_cannot_do(address: str, status: int, says: str) -> None:
    reply = ask(address)
    problem = json.loads(reply.body)
    assert (reply.status, reply.content_type) == (status, "application/problem+json")
    assert problem["status"] == status
    assert says in problem["detail"]
