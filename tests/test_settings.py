"""Settings that cannot work are refused when they are read, by the name of their variable."""

from __future__ import annotations

from pathlib import Path

import pytest

from workshop import settings
from workshop.settings import SettingsError


def load(tmp_path: Path, **variables: str) -> settings.Settings:
    return settings.load(variables, tmp_path / "none.env")


@pytest.mark.parametrize(
    ("variables", "named"),
    [
        ({"WORKSHOP_UI_PORT": "8777"}, ("WORKSHOP_UI_PORT", "WORKSHOP_GATEWAY_PORT")),
        (
            {"WORKSHOP_GATEWAY_PORT": "9", "WORKSHOP_UI_PORT": "9"},
            ("WORKSHOP_UI_PORT", "WORKSHOP_GATEWAY_PORT"),
        ),
        ({"WORKSHOP_JUPYTER_PORT": "8233"}, ("WORKSHOP_JUPYTER_PORT", "WORKSHOP_UI_PORT")),
        ({"WORKSHOP_JUPYTER_PORT": "8777"}, ("WORKSHOP_JUPYTER_PORT", "WORKSHOP_GATEWAY_PORT")),
        ({"TEMPORAL_ADDRESS": "localhost:8777"}, ("TEMPORAL_ADDRESS", "WORKSHOP_GATEWAY_PORT")),
        ({"TEMPORAL_ADDRESS": "127.0.0.1:8233"}, ("TEMPORAL_ADDRESS", "WORKSHOP_UI_PORT")),
    ],
)
def test_two_of_a_port(tmp_path: Path, variables: dict[str, str], named: tuple[str, str]) -> None:
    with pytest.raises(SettingsError, match="give each a port of its own") as caught:
        load(tmp_path, **variables)
    assert all(variable in str(caught.value) for variable in named)


def test_a_server_elsewhere_takes_no_port_here(tmp_path: Path) -> None:
    assert not load(tmp_path, TEMPORAL_ADDRESS="temporal.example:8777").temporal_is_local
    # Its Web UI is not started here either.
    load(tmp_path, TEMPORAL_ADDRESS="temporal.example:7233", WORKSHOP_UI_PORT="8777")


@pytest.mark.parametrize("address", ["127.0.0.1", "127.0.0.1:", "127.0.0.1:0", "127.0.0.1:70000", ":7233"])
def test_a_temporal_address_that_is_none(tmp_path: Path, address: str) -> None:
    with pytest.raises(SettingsError, match="TEMPORAL_ADDRESS"):
        load(tmp_path, TEMPORAL_ADDRESS=address)


URLS = ["WORKSHOP_WEATHER_URL", "WORKSHOP_IP_URL", "WORKSHOP_GEO_URL", "OPENAI_BASE_URL"]


@pytest.mark.parametrize("variable", URLS)
@pytest.mark.parametrize(
    "value",
    [
        "nowhere",
        "api.example/v1",
        "ftp://a.example",
        "http://",
        "https:///v1",
        "http://a:port",
        "http://a b/",
    ],
)
def test_an_address_that_is_none(tmp_path: Path, variable: str, value: str) -> None:
    with pytest.raises(SettingsError) as caught:
        load(tmp_path, **{variable: value})
    assert str(caught.value).startswith(variable)
    assert "http:// or https://" in str(caught.value)
    # The one that may hold a password, or a key put in the wrong line.
    assert (repr(value) in str(caught.value)) == (variable != "OPENAI_BASE_URL")


@pytest.mark.parametrize("variable", URLS)
def test_an_address(tmp_path: Path, variable: str) -> None:
    for value in ("https://a.example/v1", "http://127.0.0.1:9", "http://[::1]:9/", "HTTP://me:pw@a.example"):
        load(tmp_path, **{variable: value})


def test_what_the_environment_itself_holds() -> None:
    assert settings.exported("openai_api_key", {"OPENAI_API_KEY": "not-a-real-secret"})
    assert not settings.exported("openai_api_key", {})
    token = settings.TOKEN_PREFIX + "x"
    assert not settings.exported("openai_api_key", {"OPENAI_API_KEY": token})
    assert not settings.exported("openai_base_url", {"OPENAI_BASE_URL": "http://127.0.0.1:8777/s/a/v1"})
