"""The practice library: its articles, its search, and the tool that asks it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import pytest
from tests.gateway.gateway_servers import RunningGateway, running

from workshop.practice import library as practice_library
from workshop.tools import ServiceError
from workshop.tools.library import search_library


@pytest.fixture(scope="module")
def gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningGateway]:
    with running(tmp_path_factory.mktemp("gateway")) as found:
        yield found


@pytest.fixture
def scope(gateway: RunningGateway, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """A scope of this test's own, to which the tool is led."""
    monkeypatch.setenv("WORKSHOP_GATEWAY_PORT", str(gateway.port))
    monkeypatch.setenv("WORKSHOP_SCOPE", request.node.name)
    return str(request.node.name)


def titles(query: str, limit: int = 3) -> list[str]:
    return [one.title for one in practice_library.search(query, limit)]


def test_articles_are_many_and_short() -> None:
    articles = practice_library.articles().values()
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


def test_over_http(gateway: RunningGateway) -> None:
    found = gateway.get("/s/l/library/search?q=bees&limit=2").json()
    assert found["query"] == "bees"
    assert len(found["results"]) == 2
    one = found["results"][0]
    assert set(one) == {"id", "subject", "title", "text"}
    assert gateway.get(f"/s/l/library/articles/{one['id']}").json() == one


@pytest.mark.parametrize(
    ("path", "status", "says"),
    [
        ("/search", 400, "/search?q="),
        ("/search?q=bees&limit=0", 400, "1 to 10"),
        ("/search?q=bees&limit=many", 400, "1 to 10"),
        ("/articles/none", 404, "/articles/none"),
        ("/shelves", 404, "it knows /search"),
    ],
)
def test_what_it_cannot_do(gateway: RunningGateway, path: str, status: int, says: str) -> None:
    reply = gateway.get(f"/s/l/library{path}")
    assert reply.status_code == reply.json()["status"] == status
    assert says in reply.json()["detail"]
    assert reply.headers["content-type"] == "application/problem+json"


async def test_the_tool(gateway: RunningGateway, scope: str) -> None:
    told = (await search_library("fish ladders")).splitlines()
    assert len(told) == 1
    assert told[0].startswith("Fish ladders. A fish ladder is a row of small pools")
    assert len((await search_library("rivers and dams")).splitlines()) == 3
    assert await search_library("xyzzy") == 'The library has no article about "xyzzy".'
    with pytest.raises(ValueError, match="empty"):
        await search_library("  ")
    assert gateway.meter(scope)["services"]["library"] == 3


async def test_the_archives_are_closed(gateway: RunningGateway, scope: str) -> None:
    assert gateway.get("/s/l/library/search?q=old+archives").status_code == 403
    with pytest.raises(ValueError, match="The archives are closed to the public"):
        await search_library("archives about bridges")


async def test_the_tool_when_the_library_is_closed(gateway: RunningGateway, scope: str) -> None:
    gateway.fault(scope, "library", "server_error", calls=1)
    with pytest.raises(ServiceError, match="The library answered 500"):
        await search_library("bees")
    gateway.fault(scope, "library", "garbage", calls=1)
    with pytest.raises(ServiceError, match="cannot be read"):
        await search_library("bees")
    gateway.fault(scope, "library", "refuse", calls=1)
    with pytest.raises(ServiceError, match="cannot be reached"):
        await search_library("bees")
