"""The practice world: what the tools' services answer without the internet, in the services' own formats.

Sources: https://www.weather.gov/documentation/services-web-api (GeoJSON alerts, problem documents),
https://icanhazip.com (a line of text), https://ip-api.com/docs/api:json (geolocation). All of it is made up,
and says so: alerts have status ``Exercise`` (the protocol's own word for what is no real warning), and the
caller's address comes from a range set aside for documentation (RFC 5737).
"""

from __future__ import annotations

import hashlib
import ipaddress
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import lru_cache
from typing import Any, Literal

from workshop.gateway.errors import course_problem, dump, problem
from workshop.practice import library as practice_library
from workshop.practice.alerts import ALERTS, AREAS, MADE_UP, Alert

Json = dict[str, Any]
Service = Literal["weather", "ip", "geo", "library"]

NOTICE = "practice (made up)"
CALLER = "203.0.113.42"
UPDATED = "2026-01-01T12:00:00+00:00"
_PROBLEM = "application/problem+json"


@dataclass(frozen=True, slots=True)
class Answer:
    """What a service answers: HTTP status, content type and body."""

    status: int
    content_type: str
    body: bytes


def answer(service: Service, path: str, query: Mapping[str, str], user_agent: str | None) -> Answer:
    """Answer a GET.

    Args:
        service: Which service is asked.
        path: What follows the service's name in the address, with its leading slash.
        query: The parameters in the address.
        user_agent: How the caller names itself; the weather service refuses one who does not.
    """
    if service == "weather":
        return _weather(path, query, user_agent)
    if service == "ip":
        return Answer(200, "text/plain", f"{CALLER}\n".encode())
    if service == "library":
        return _library(path, query)
    return _geo(path, query)


def _library(path: str, query: Mapping[str, str]) -> Answer:
    """The course's own service: ``/search?q=...&limit=3`` and ``/articles/{id}``."""
    if path.rstrip("/") == "/search":
        limit = query.get("limit", "3")
        if "q" not in query:
            return _library_problem(400, "Say what to look for: /search?q=...")
        if not limit.isdecimal() or not 1 <= int(limit) <= practice_library.MOST_RESULTS:
            return _library_problem(400, f"limit must be 1 to {practice_library.MOST_RESULTS}.")
        if practice_library.closed(query["q"]):
            return _library_problem(403, "The archives are closed to the public. Search for something else.")
        found = [asdict(one) for one in practice_library.search(query["q"], int(limit))]
        told = {"query": query["q"], "library": NOTICE, "results": found}
        return Answer(200, "application/json; charset=utf-8", dump(told))
    _, _, name = path.partition("/articles/")
    article = practice_library.articles().get(name)
    if article is None:
        return _library_problem(
            404, f"'{path}' is not in the library; it knows /search and /articles/{{id}}."
        )
    return Answer(200, "application/json; charset=utf-8", dump(asdict(article)))


def _library_problem(status: int, detail: str) -> Answer:
    return Answer(status, _PROBLEM, dump(course_problem("library", status, detail)))


def _weather(path: str, query: Mapping[str, str], user_agent: str | None) -> Answer:
    if not user_agent:
        detail = "Name your application in the User-Agent header."
        return Answer(403, _PROBLEM, dump(problem(403, detail)))
    if path.startswith("/alerts/active/area/") and path.count("/") == 4:
        return _areas((path.rsplit("/", 1)[1],), "path.area")
    if path.rstrip("/") == "/alerts/active":
        unknown = sorted(set(query) - {"area"})
        if unknown:
            return _bad_parameter(
                f"query.{unknown[0]}", "The practice world only knows the parameter 'area'."
            )
        asked = query.get("area")
        return _areas(tuple(asked.split(",")) if asked is not None else tuple(ALERTS), "query.area")
    detail = (
        f"'{path}' is not in the practice world; it knows /alerts/active and /alerts/active/area/{{area}}."
    )
    return Answer(404, _PROBLEM, dump(problem(404, detail)))


def _areas(areas: tuple[str, ...], parameter: str) -> Answer:
    for area in areas:
        if area not in AREAS:
            return _bad_parameter(
                parameter, f"Does not have a value in the enumeration {dump(list(AREAS)).decode()}"
            )
    return Answer(200, "application/geo+json", _collection(areas))


def _bad_parameter(parameter: str, message: str) -> Answer:
    errors = [{"parameter": parameter, "message": message}]
    return Answer(400, _PROBLEM, dump(problem(400, "Bad Request", parameterErrors=errors)))


@lru_cache(maxsize=32)
def _collection(areas: tuple[str, ...]) -> bytes:
    alerts = [_feature(alert) for area in areas for alert in ALERTS.get(area, ())]
    names = ", ".join(AREAS[area] for area in areas)
    return dump(
        {
            "@context": [
                "https://geojson.org/geojson-ld/geojson-context.jsonld",
                {
                    "@version": "1.1",
                    "wx": "https://api.weather.gov/ontology#",
                    "@vocab": "https://api.weather.gov/ontology#",
                },
            ],
            "type": "FeatureCollection",
            "features": alerts,
            "title": f"Current watches, warnings, and advisories for {names} ({NOTICE})",
            "updated": UPDATED,
        }
    )


def _feature(alert: Alert) -> Json:
    digest = hashlib.sha1(repr(alert).encode(), usedforsecurity=False).hexdigest()
    key = f"urn:oid:2.49.0.1.840.0.{digest}.001.1"
    address = f"https://api.weather.gov/alerts/{key}"
    codes = [code for code, _ in alert.zones]
    places = "; ".join(name for _, name in alert.zones)
    zones = [
        f"https://api.weather.gov/zones/{'county' if code[2] == 'C' else 'forecast'}/{code}" for code in codes
    ]
    sender = f"NWS {alert.office}"
    description = "\n\n".join(
        (
            f"* WHAT...{alert.what}",
            f"* WHERE...{places}.",
            f"* WHEN...Until {alert.until}.",
            f"* IMPACTS...{alert.impacts}",
            f"* NOTE...{MADE_UP}",
        )
    )
    properties = {
        "@id": address,
        "@type": "wx:Alert",
        "id": key,
        "areaDesc": places,
        "geocode": {"SAME": [], "UGC": codes},
        "affectedZones": zones,
        "references": [],
        "sent": alert.sent,
        "effective": alert.sent,
        "onset": alert.onset,
        "expires": alert.ends,
        "ends": alert.ends,
        "status": "Exercise",
        "messageType": "Alert",
        "category": "Met",
        "severity": alert.severity,
        "certainty": alert.certainty,
        "urgency": alert.urgency,
        "event": alert.event,
        "sender": "practice@example.invalid",
        "senderName": sender,
        "headline": f"{alert.event} issued {alert.issued} until {alert.until} by {sender}",
        "description": description,
        "instruction": alert.instruction,
        "response": alert.response,
        "parameters": {"NWSheadline": [f"{alert.event.upper()} IN EFFECT UNTIL {alert.until.upper()}"]},
        "scope": "Public",
        "language": "en-US",
        "web": "http://www.weather.gov",
    }
    return {"id": address, "type": "Feature", "geometry": None, "properties": properties}


# Address|country code|country|region|its name|city|zip|latitude|longitude|time zone.
# 8.8.8.8 and 1.1.1.1 are public addresses that anyone can try in live mode too, where the real service names
# the same city; the others are from the ranges set aside for documentation.
_TABLE = """
203.0.113.42|US|United States|CO|Colorado|Denver|80202|39.7528|-104.9997|America/Denver
8.8.8.8|US|United States|VA|Virginia|Ashburn|20149|39.03|-77.5|America/New_York
1.1.1.1|AU|Australia|QLD|Queensland|South Brisbane|4101|-27.4766|153.0166|Australia/Brisbane
203.0.113.7|US|United States|WA|Washington|Seattle|98101|47.6113|-122.3351|America/Los_Angeles
203.0.113.200|DE|Germany|BE|State of Berlin|Berlin|10115|52.5321|13.3849|Europe/Berlin
198.51.100.23|US|United States|CA|California|Los Angeles|90012|34.0614|-118.2386|America/Los_Angeles
198.51.100.77|US|United States|NY|New York|New York|10007|40.7136|-74.0078|America/New_York
192.0.2.10|US|United States|TX|Texas|Houston|77002|29.7566|-95.3651|America/Chicago
192.0.2.55|US|United States|FL|Florida|Miami|33131|25.7669|-80.1896|America/New_York
192.0.2.99|US|United States|MN|Minnesota|Minneapolis|55401|44.9854|-93.2705|America/Chicago
"""
_PLACES = {row.partition("|")[0]: row.split("|") for row in _TABLE.strip().splitlines()}


def _geo(path: str, query: Mapping[str, str]) -> Answer:
    parts = path.strip("/").split("/")
    if parts[0] != "json" or len(parts) > 2:
        return _located({"status": "fail", "message": "the practice world only knows /json/{ip}"}, 404)
    asked = parts[1] if len(parts) == 2 and parts[1] else CALLER
    found = _locate(asked)
    fields = query.get("fields")
    if fields and not fields.isdigit():
        wanted = fields.split(",")
        found = {name: value for name, value in found.items() if name in wanted}
    return _located(found, 200)


def _locate(asked: str) -> Json:
    place = _PLACES.get(asked)
    if place is None:
        return {"status": "fail", "message": _why_not(asked), "query": asked}
    _, code, country, region, region_name, city, zip_code, latitude, longitude, timezone = place
    return {
        "status": "success",
        "country": country,
        "countryCode": code,
        "region": region,
        "regionName": region_name,
        "city": city,
        "zip": zip_code,
        "lat": float(latitude),
        "lon": float(longitude),
        "timezone": timezone,
        "isp": "Practice Network (made up)",
        "org": "Durable Agents course",
        "as": "AS64496 Practice Network",  # a number set aside for documentation, RFC 5398
        "query": asked,
    }


def _why_not(asked: str) -> str:
    try:
        address = ipaddress.ip_address(asked)
    except ValueError:
        return "invalid query"
    if address.is_loopback or address.is_multicast or address.is_unspecified or address.is_link_local:
        return "reserved range"
    documented = ("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24")
    if address.is_global or any(address in ipaddress.ip_network(known) for known in documented):
        return f"unknown address: the practice world only knows {', '.join(_PLACES)}"
    return "private range"


def _located(found: Json, status: int) -> Answer:
    return Answer(status, "application/json; charset=utf-8", dump(found))


__all__ = ["CALLER", "NOTICE", "Answer", "Service", "answer"]
