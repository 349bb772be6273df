"""The two location services of the practice world: which address the caller has, and where an address is.

They speak as https://icanhazip.com (a line of text) and https://ip-api.com/docs/api:json do. The caller's address
comes from a range set aside for documentation (RFC 5737).
"""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping

from workshop.practice.answer import Answer
from workshop.practice.json_bodies import Json, dump

CALLER = "203.0.113.42"

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


def own_address() -> Answer:
    """Answer a GET to the address service."""
    return _text(200, CALLER)


def own_address_refusal(status: int, detail: str) -> Answer:
    """A refusal as the address service words it: a line of text."""
    return _text(status, detail)


def geolocation(path: str, query: Mapping[str, str]) -> Answer:
    """Answer a GET to the geolocation service.

    Args:
        path: What follows the service's name in the address, with its leading slash.
        query: The parameters in the address; ``fields`` names what is wanted.
    """
    parts = path.strip("/").split("/")
    if parts[0] != "json" or len(parts) > 2:
        return geolocation_refusal(404, "the practice world only knows /json/{ip}")
    asked = parts[1] if len(parts) == 2 and parts[1] else CALLER
    found = _locate(asked)
    fields = query.get("fields")
    if fields and not fields.isdigit():
        wanted = fields.split(",")
        found = {name: value for name, value in found.items() if name in wanted}
    return _located(200, found)


def geolocation_refusal(status: int, detail: str) -> Answer:
    """A refusal as the geolocation service words it."""
    return _located(status, {"status": "fail", "message": detail})


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


def _text(status: int, line: str) -> Answer:
    return Answer(status, "text/plain", f"{line}\n".encode())


def _located(status: int, found: Json) -> Answer:
    return Answer(status, "application/json; charset=utf-8", dump(found))


__all__ = ["CALLER", "geolocation", "geolocation_refusal", "own_address", "own_address_refusal"]
