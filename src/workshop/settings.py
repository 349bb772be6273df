"""Everything configurable, in one place.

A value comes from the environment first, then from ``.env`` in the project's root, then (a port) from what was
chosen for this copy of the course because another program held the default, then from its default.
The one secret, ``OPENAI_API_KEY``, stays with the gateway: notebooks, workers and checks present the local
gateway token instead (see :meth:`Settings.client_environment`).
"""

from __future__ import annotations

import json
import os
import re
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from dotenv import dotenv_values
from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError, field_validator

Mode = Literal["practice", "live"]
Service = Literal["weather", "ip", "geo", "bank", "library"]

OTHER_KEY = "other-key"
"""What the gateway's other provider of models takes: no secret, but a key of its own."""
TOKEN_PREFIX = "workshop-"  # noqa: S105 - what a gateway token starts with, not a token
LOOPBACK = "127.0.0.1"
RUN_HEADER = "x-workshop-run"
"""In a call that passes through the gateway: the id of the workflow that it is made for, percent-encoded."""

NOTEBOOK_SCOPE = re.compile(r"nb-\w*[A-Za-z_]\w*-[0-9a-f]{8}")
"""What the scope of a notebook is called. It is the same in every kernel, and its bank outlives the gateway; that of
a kernel that knows no notebook has only digits before its last part."""

OWN_PORTS = "ports.json"
"""The file in the state directory that keeps the ports which were chosen in the place of the defaults."""
PORT_FIELDS = ("gateway_port", "temporal_address", "ui_port", "jupyter_port")

_ROOT = Path(__file__).resolve().parents[2]

_VARIABLES = {
    "state_dir": "WORKSHOP_STATE_DIR",
    "mode_wanted": "WORKSHOP_MODE",
    "openai_api_key": "OPENAI_API_KEY",
    "openai_base_url": "OPENAI_BASE_URL",
    "model": "WORKSHOP_MODEL",
    "gateway_port": "WORKSHOP_GATEWAY_PORT",
    "temporal_address": "TEMPORAL_ADDRESS",
    "ui_port": "WORKSHOP_UI_PORT",
    "jupyter_port": "WORKSHOP_JUPYTER_PORT",
    "scope": "WORKSHOP_SCOPE",
    "weather_url": "WORKSHOP_WEATHER_URL",
    "ip_url": "WORKSHOP_IP_URL",
    "geo_url": "WORKSHOP_GEO_URL",
}


class SettingsError(ValueError):
    """A setting has a value that cannot be used; the message names the variable and what would do."""


class Settings(BaseModel):
    """One reading of the settings. Make it with :func:`load`; ports are TCP ports on loopback."""

    model_config = ConfigDict(frozen=True)

    root: Path = _ROOT
    state_dir: Path = _ROOT / ".workshop"
    mode_wanted: Literal["auto", "practice", "live"] = "auto"
    openai_api_key: SecretStr | None = None
    openai_base_url: str = "https://api.openai.com/v1"
    model: str | None = None
    gateway_port: int = Field(default=8777, ge=1, le=65535)
    temporal_address: str = f"{LOOPBACK}:7233"
    ui_port: int = Field(default=8233, ge=1, le=65535)
    jupyter_port: int = Field(default=8888, ge=1, le=65535)
    scope: str = Field(default="default", pattern=r"^[A-Za-z0-9._-]{1,64}$")
    weather_url: str | None = None
    ip_url: str | None = None
    geo_url: str | None = None
    # The real services behind the tools, as published by their owners:
    # https://www.weather.gov/documentation/services-web-api, https://icanhazip.com, https://ip-api.com/docs
    upstream_weather_url: str = "https://api.weather.gov"
    upstream_ip_url: str = "https://icanhazip.com"
    upstream_geo_url: str = "http://ip-api.com"

    @field_validator("state_dir")
    @classmethod
    def _absolute(cls, value: Path) -> Path:
        return value if value.is_absolute() else _ROOT / value

    @field_validator("temporal_address")
    @classmethod
    def _host_and_port(cls, value: str) -> str:
        host, _, port = value.rpartition(":")
        if not host or not port.isdecimal() or not 1 <= int(port) <= 65535:
            raise ValueError("must look like host:port, with a port from 1 to 65535")
        return value

    @field_validator("openai_base_url", "weather_url", "ip_url", "geo_url")
    @classmethod
    def _http_address(cls, value: str | None) -> str | None:
        if value is not None:
            try:
                parts = urlsplit(value)
                good = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
            except ValueError:  # a port that is no number
                good = False
            if not good or any(character.isspace() for character in value):
                raise ValueError("must be an address that begins with http:// or https://")
        return value

    @property
    def mode(self) -> Mode:
        """``live`` if it was asked for, or if there is a key and nothing else was asked for."""
        if self.mode_wanted == "auto":
            return "live" if self.openai_api_key else "practice"
        return self.mode_wanted

    @property
    def gateway_url(self) -> str:
        """The gateway's address, without a trailing slash."""
        return f"http://{LOOPBACK}:{self.gateway_port}"

    @property
    def temporal_ui_url(self) -> str:
        """The address of the dev server's Web UI on this machine."""
        return f"http://{LOOPBACK}:{self.ui_port}"

    @property
    def temporal_is_local(self) -> bool:
        """Whether the Temporal address is on this machine; a server elsewhere is checked, never started."""
        host = self.temporal_address.rpartition(":")[0].strip("[]")
        return host in ("localhost", "::1") or host.startswith("127.")

    def scope_url(self, scope: str | None = None) -> str:
        """The gateway's address for one scope: what is counted or broken there stays there."""
        return f"{self.gateway_url}/s/{scope or self.scope}"

    def service_url(self, service: Service) -> str:
        """Where a tool finds its service: the gateway, unless ``WORKSHOP_<SERVICE>_URL`` says otherwise."""
        # The bank and the library are always the gateway's own.
        override = {"weather": self.weather_url, "ip": self.ip_url, "geo": self.geo_url}.get(service)
        return (override or f"{self.scope_url()}/{service}").rstrip("/")

    def gateway_token(self) -> str:
        """The secret that clients on this machine present to the gateway; made once, readable by its owner.

        Raises:
            OSError: the state directory cannot be written.
        """
        path = self.state_dir / "gateway.token"
        for _ in range(2):
            try:
                token = path.read_text().strip()
                if token.startswith(TOKEN_PREFIX):
                    return token
                path.unlink()
            except FileNotFoundError:
                pass
            self.state_dir.mkdir(parents=True, exist_ok=True)
            fresh = path.with_name(f".gateway.token.{os.getpid()}.{secrets.token_hex(4)}")
            with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
                file.write(TOKEN_PREFIX + secrets.token_hex(16))
            try:
                # A link fails if another process was first; its token is then the one to use.
                os.link(fresh, path)
            except FileExistsError:
                pass
            finally:
                fresh.unlink()
        return path.read_text().strip()

    def client_environment(self, scope: str) -> dict[str, str]:
        """The environment variables that lead a kernel, worker or check to the gateway.

        The real key is not among them: whatever a notebook prints or a history records cannot hold it.
        """
        environment = {
            "OPENAI_BASE_URL": f"{self.scope_url(scope)}/v1",
            "OPENAI_API_KEY": self.gateway_token(),
            "OTHER_BASE_URL": f"{self.scope_url(scope)}/other/v1",
            "OTHER_API_KEY": OTHER_KEY,
            "OTEL_EXPORTER_OTLP_ENDPOINT": self.scope_url(scope),
            "WORKSHOP_SCOPE": scope,
            "WORKSHOP_GATEWAY_PORT": str(self.gateway_port),
            "WORKSHOP_UI_PORT": str(self.ui_port),
            "WORKSHOP_JUPYTER_PORT": str(self.jupyter_port),
            "WORKSHOP_STATE_DIR": str(self.state_dir),
            "TEMPORAL_ADDRESS": self.temporal_address,
        }
        if self.model:
            environment["OPENAI_DEFAULT_MODEL"] = self.model
        return environment


def load(environ: Mapping[str, str] | None = None, env_file: Path | None = None) -> Settings:
    """Read the settings.

    Args:
        environ: Variables to read instead of the process's own.
        env_file: A file to read instead of ``.env`` in the project's root.

    Raises:
        SettingsError: a variable has a value that cannot be used.
    """
    found = _asked_for(environ, env_file)
    try:
        settings = Settings.model_validate(found)
        own = own_ports(settings.state_dir)
        settings = Settings.model_validate({**own, **found}) if own else settings
    except ValidationError as error:
        first = error.errors()[0]
        field = str(first["loc"][0])
        told = first["msg"].removeprefix("Value error, ")
        # An address may hold a password, and a key is easily put one line too low.
        shown = "" if field in ("openai_api_key", "openai_base_url") else f" is {found.get(field)!r}, which"
        raise SettingsError(f"{_VARIABLES.get(field, field)}{shown}: {told}") from None
    _need_different_ports(settings)
    return settings


def asked_for() -> frozenset[str]:
    """The fields of :class:`Settings` that the environment or ``.env`` gives a value."""
    return frozenset(_asked_for(None, None))


def own_ports(state_dir: Path) -> dict[str, str]:
    """The ports, and the server's address, that were chosen in the place of the defaults."""
    try:
        kept = json.loads((state_dir / OWN_PORTS).read_text(encoding="utf-8"))
        return {field: str(kept[field]) for field in PORT_FIELDS if field in kept}
    except (OSError, ValueError, TypeError):
        return {}


def _asked_for(environ: Mapping[str, str] | None, env_file: Path | None) -> dict[str, str]:
    own = os.environ if environ is None else environ
    filed = dotenv_values(env_file or _ROOT / ".env")
    found: dict[str, str] = {}
    for field, variable in _VARIABLES.items():
        for source in (own, filed):
            value = (source.get(variable) or "").strip()
            if value and not _leads_to_gateway(field, value):
                found[field] = value
                break
    return found


def exported(field: str, environ: Mapping[str, str] | None = None) -> bool:
    """Whether the environment itself, and not only ``.env``, holds a value for a field of :class:`Settings`.

    What :meth:`Settings.client_environment` puts there is none.
    """
    own = os.environ if environ is None else environ
    value = (own.get(_VARIABLES[field]) or "").strip()
    return bool(value) and not _leads_to_gateway(field, value)


def _need_different_ports(settings: Settings) -> None:
    used = [
        ("WORKSHOP_GATEWAY_PORT", settings.gateway_port),
        ("WORKSHOP_JUPYTER_PORT", settings.jupyter_port),
    ]
    if settings.temporal_is_local:
        used.append(("TEMPORAL_ADDRESS", int(settings.temporal_address.rpartition(":")[2])))
        used.append(("WORKSHOP_UI_PORT", settings.ui_port))
    seen: dict[int, str] = {}
    for variable, port in used:
        if port in seen:
            raise SettingsError(
                f"{seen[port]} and {variable} both say port {port}: give each a port of its own."
            )
        seen[port] = variable


def _leads_to_gateway(field: str, value: str) -> bool:
    # A kernel that lab.start() has prepared carries the token and the gateway's address in the variables
    # where a shell carries the real ones; they say nothing about the real ones.
    if field == "openai_api_key":
        return value.startswith(TOKEN_PREFIX)
    if field == "openai_base_url":
        return value.startswith(f"http://{LOOPBACK}:") and "/s/" in value
    return False


__all__ = [
    "LOOPBACK",
    "OWN_PORTS",
    "PORT_FIELDS",
    "RUN_HEADER",
    "TOKEN_PREFIX",
    "Mode",
    "Service",
    "Settings",
    "SettingsError",
    "exported",
    "load",
]
