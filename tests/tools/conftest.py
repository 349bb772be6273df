"""The three tools against a stand-in that speaks the three services' formats."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from workshop.tools import ServiceError, fetch, get_ip_address, get_location_info, get_weather_alerts

Answer = Callable[[Request], Response]


class StandIn:
    """A server whose one answer a test sets, and which keeps what it was asked."""

    def __init__(self) -> None:
        self.requests: list[Request] = []
        self.answer: Answer = lambda _: PlainTextResponse("no answer set", 500)
        self.delay_seconds = 0.0

    async def reply(self, request: Request) -> Response:
        self.requests.append(request)
        await asyncio.sleep(self.delay_seconds)
        return self.answer(request)

    def says(self, body: Any, status: int = 200, **headers: str) -> None:
        content = body if isinstance(body, str) else json.dumps(body)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self.answer = lambda _: Response(content, status, named)


@pytest.fixture
async def services(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[StandIn]:
    stand_in = StandIn()
    app = Starlette(routes=[Route("/{path:path}", stand_in.reply)])
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="error", lifespan="off"))
    task = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110 - uvicorn offers no event
        await asyncio.sleep(0.005)
    port = server.servers[0].sockets[0].getsockname()[1]
    for service in ("weather", "ip", "geo"):
        monkeypatch.setenv(f"WORKSHOP_{service.upper()}_URL", f"http://127.0.0.1:{port}/{service}/")
    yield stand_in
    server.should_exit = True
    await task


def alert(event: str = "Flood Watch", severity: str | None = "Moderate", **more: Any) -> dict[str, Any]:
    return {
        "properties": {"event": event, "severity": severity, "areaDesc": "Here", "headline": "Soon", **more}
    }


def alerts(*features: dict[str, Any]) -> dict[str, Any]:
    return {"type": "FeatureCollection", "features": list(features)}


async def test_alerts_are_counted_and_listed_most_severe_first(services: StandIn) -> None:
    services.says(alerts(alert(), alert("Tornado Warning", "Extreme", areaDesc="Kern, CA")))
    assert await get_weather_alerts("CA") == (
        "2 active weather alerts in CA (California):\n"
        "1. Tornado Warning (Extreme): Kern, CA\n"
        "2. Flood Watch (Moderate): Here"
    )
    request = services.requests[0]
    assert request.url.path == "/weather/alerts/active/area/CA"
    assert request.headers["accept"] == "application/geo+json"
    assert "durable-agents-workshop" in request.headers["user-agent"]
    assert "contact" in request.headers["user-agent"]


async def test_no_alerts_and_one_alert_read_well(services: StandIn) -> None:
    services.says(alerts())
    assert await get_weather_alerts("VT") == "No active weather alerts in VT (Vermont)."
    services.says(alerts(alert(severity=None, areaDesc=None)))
    assert await get_weather_alerts("VT") == (
        "1 active weather alert in VT (Vermont):\n1. Flood Watch (Unknown): VT (Vermont)"
    )


async def test_a_long_list_is_cut_and_says_so(services: StandIn) -> None:
    services.says(alerts(*[alert(areaDesc="x" * 500) for _ in range(37)]))
    text = await get_weather_alerts("TX")
    assert text.startswith("37 active weather alerts in TX")
    assert text.endswith("... and 27 more, none more severe than these.")
    assert max(map(len, text.splitlines())) < 250


@pytest.mark.parametrize("state", ["ca", " CA ", "Ca"])
async def test_case_and_spaces_do_not_matter(services: StandIn, state: str) -> None:
    services.says(alerts())
    assert "CA (California)" in await get_weather_alerts(state)


@pytest.mark.parametrize(
    ("state", "says"),
    [
        ("California", 'call again with "CA"'),
        ("new  york", 'call again with "NY"'),
        ("Masachusetts", 'call again with "MA"'),
        ("Virginia", 'call again with "VA"'),
        ("ZZ", "such as"),
        ("", "two-letter code"),
        ("../../secret", "not a code"),
        ("Bavaria", "not a code"),
    ],
)
async def test_a_wrong_state_is_told_what_would_be_right(state: str, says: str) -> None:
    with pytest.raises(ValueError, match="two-letter code") as caught:
        await get_weather_alerts(state)
    assert says in str(caught.value)


async def test_ip_address(services: StandIn) -> None:
    services.says("203.0.113.7\n")
    assert await get_ip_address() == "203.0.113.7"
    assert services.requests[0].url.path == "/ip/"
    services.says("<html>")
    with pytest.raises(ServiceError, match="not an IP address"):
        await get_ip_address()


async def test_location_is_json_that_carries_the_state_code(services: StandIn) -> None:
    services.says(
        {
            "status": "success",
            "country": "United States",
            "countryCode": "US",
            "region": "CA",
            "regionName": "California",
            "city": "San José",
            "lat": 37.3,
            "query": "203.0.113.7",
        }
    )
    text = await get_location_info(" 203.0.113.7 ")
    assert services.requests[0].url.path == "/geo/json/203.0.113.7"
    assert json.loads(text) == {
        "city": "San José",
        "region": "California",
        "region_code": "CA",
        "country": "United States",
        "country_code": "US",
    }
    assert "José" in text


@pytest.mark.parametrize("address", ["", "here", "300.1.1.1", "203.0.113.7/json", "my computer"])
async def test_a_wrong_address_is_told_what_would_be_right(address: str) -> None:
    with pytest.raises(ValueError, match=r"must look like 203\.0\.113\.7"):
        await get_location_info(address)


async def test_an_address_without_a_place_is_said(services: StandIn) -> None:
    services.says({"status": "fail", "message": "private range", "query": "10.0.0.1"})
    with pytest.raises(ValueError, match=r"10\.0\.0\.1 cannot be located \(private range\)"):
        await get_location_info("10.0.0.1")


async def test_errors_of_a_service_are_short_and_clear(services: StandIn) -> None:
    services.says({"title": "Unavailable", "detail": "Back soon."}, 503, retry_after="7")
    with pytest.raises(ServiceError) as caught:
        await get_weather_alerts("CA")
    error = caught.value
    assert str(error) == (
        "The weather service answered 503 (Service Unavailable): Back soon. Try again in 7 seconds."
    )
    assert (error.service, error.status, error.retry_after) == ("weather", 503, 7.0)
    services.says("<html>Bad gateway</html>", 502)
    with pytest.raises(ServiceError, match=r"^The location service answered 502 \(Bad Gateway\)\.$"):
        await get_location_info("203.0.113.7")


@pytest.mark.parametrize(
    "body", ["<html>", "[]", "{}", '{"features": [{"properties": {}}]}', '{"features": 3}']
)
async def test_garbage_is_called_unreadable(services: StandIn, body: str) -> None:
    services.says(body)
    with pytest.raises(ServiceError, match="weather service sent an answer that cannot be read"):
        await get_weather_alerts("CA")
    with pytest.raises(ServiceError, match="location service sent an answer that cannot be read"):
        await get_location_info("203.0.113.7")


async def test_no_server_and_a_slow_one(services: StandIn, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetch, "TIMEOUT_SECONDS", 0.05)
    services.delay_seconds = 0.2
    with pytest.raises(ServiceError, match=r"did not answer within 0\.05 seconds"):
        await get_ip_address()
    monkeypatch.setattr(fetch, "TIMEOUT_SECONDS", 5.0)
    monkeypatch.setenv("WORKSHOP_IP_URL", "http://127.0.0.1:9")
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    with pytest.raises(ServiceError, match="cannot be reached"):
        await get_ip_address()


def test_the_agents_sdk_makes_tools_of_them() -> None:
    from agents import function_tool

    tools = {
        tool.name: tool
        for tool in map(function_tool, (get_weather_alerts, get_ip_address, get_location_info))
    }
    weather = tools["get_weather_alerts"]
    assert "active weather alerts" in weather.description
    assert weather.params_json_schema["properties"]["state"]["description"].startswith("Two-letter code")
    assert tools["get_ip_address"].params_json_schema["properties"] == {}
    assert tools["get_location_info"].params_json_schema["required"] == ["ipaddress"]
