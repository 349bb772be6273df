"""The weather service of the practice world, in the format of the National Weather Service.

Source: https://www.weather.gov/documentation/services-web-api (GeoJSON alerts, problem documents as in RFC 7807).
All of it is made up, and says so: alerts have status ``Exercise``, the protocol's own word for what is no real
warning.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from functools import lru_cache

from workshop.practice.alerts import ALERTS, AREAS, MADE_UP, Alert
from workshop.practice.answer import NOTICE, PROBLEM, Answer
from workshop.practice.json_bodies import Json, compact, dump

UPDATED = "2026-01-01T12:00:00+00:00"
_PROBLEMS = {
    400: ("BadRequest", "Bad Request"),
    403: ("Forbidden", "Forbidden"),
    404: ("NotFound", "Not Found"),
    429: ("TooManyRequests", "Too Many Requests"),
}


def answer(path: str, query: Mapping[str, str], user_agent: str | None) -> Answer:
    """Answer a GET.

    Args:
        path: What follows the service's name in the address, with its leading slash.
        query: The parameters in the address.
        user_agent: How the caller names itself; one who does not is refused.
    """
    if not user_agent:
        return refusal(403, "Name your application in the User-Agent header.")
    if path.startswith("/alerts/active/area/") and path.count("/") == 4:
        return _areas((path.rsplit("/", 1)[1],), "path.area")
    if path.rstrip("/") == "/alerts/active":
        unknown = sorted(set(query) - {"area", "status"})
        if unknown:
            return _bad_parameter(
                f"query.{unknown[0]}", "The practice world only knows the parameters 'area' and 'status'."
            )
        asked = query.get("area")
        # All of its alerts are exercises: whoever asks for real ones gets none.
        if "exercise" not in query.get("status", "exercise").split(","):
            return Answer(200, "application/geo+json", _collection(()))
        return _areas(tuple(asked.split(",")) if asked is not None else tuple(ALERTS), "query.area")
    detail = (
        f"'{path}' is not in the practice world; it knows /alerts/active and /alerts/active/area/{{area}}."
    )
    return refusal(404, detail)


def refusal(status: int, detail: str, **more: object) -> Answer:
    """A refusal as api.weather.gov words it: a problem document; ``more`` are further members of it.

    The correlation id is fixed, so that replies repeat.
    """
    name, title = _PROBLEMS.get(status, ("UnexpectedProblem", "Unexpected Problem"))
    document = {
        "correlationId": "practice",
        **more,
        "title": title,
        "type": f"https://api.weather.gov/problems/{name}",
        "status": status,
        "detail": detail,
        "instance": "https://api.weather.gov/requests/practice",
    }
    return Answer(status, PROBLEM, dump(document))


def _areas(areas: tuple[str, ...], parameter: str) -> Answer:
    for area in areas:
        if area not in AREAS:
            return _bad_parameter(
                parameter, f"Does not have a value in the enumeration {compact(list(AREAS))}"
            )
    return Answer(200, "application/geo+json", _collection(areas))


def _bad_parameter(parameter: str, message: str) -> Answer:
    errors = [{"parameter": parameter, "message": message}]
    return refusal(400, "Bad Request", parameterErrors=errors)


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


__all__ = ["UPDATED", "answer", "refusal"]
