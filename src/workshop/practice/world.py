"""The practice world: the services that the course's tools call, made up, each in its own format.

Here they are asked by name; each is a module of its own. The bank alone has a memory, and is asked through
:mod:`workshop.practice.bank`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from workshop.practice import library, location, weather
from workshop.practice.answer import Answer, problem

Service = Literal["weather", "ip", "geo", "library"]


def answer(service: Service, path: str, query: Mapping[str, str], user_agent: str | None) -> Answer:
    """Answer a GET.

    Args:
        service: Which service is asked.
        path: What follows the service's name in the address, with its leading slash.
        query: The parameters in the address.
        user_agent: How the caller names itself; the weather service refuses one who does not.
    """
    match service:
        case "weather":
            return weather.answer(path, query, user_agent)
        case "ip":
            return location.own_address()
        case "geo":
            return location.geolocation(path, query)
        case "library":
            return library.answer(path, query)


def refusal(service: Service | Literal["bank"], status: int, detail: str) -> Answer:
    """A refusal in the words of a service, for whoever refuses in its place.

    Args:
        service: In whose place.
        status: HTTP status, 4xx or 5xx.
        detail: Why, in a sentence.
    """
    match service:
        case "weather":
            return weather.refusal(status, detail)
        case "ip":
            return location.own_address_refusal(status, detail)
        case "geo":
            return location.geolocation_refusal(status, detail)
        case "library" | "bank":
            return problem(service, status, detail)


__all__ = ["Service", "answer", "refusal"]
