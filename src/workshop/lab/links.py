"""Addresses that a person opens in a browser, here or in a Codespace."""

from __future__ import annotations

import html
import os
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode

from workshop import settings as workshop_settings
from workshop.settings import LOOPBACK, Settings

if TYPE_CHECKING:
    from temporalio.client import WorkflowHandle


def browser_url(port: int, path: str = "/", query: dict[str, str] | None = None) -> str:
    """Make the address at which a browser reaches a loopback port of this machine.

    In a Codespace the browser is elsewhere: GitHub forwards each port to a host name of its own
    (https://docs.github.com/en/codespaces/developing-in-a-codespace/forwarding-ports-in-your-codespace).
    """
    name = os.environ.get("CODESPACE_NAME")
    domain = os.environ.get("GITHUB_CODESPACES_PORT_FORWARDING_DOMAIN")
    base = f"https://{name}-{port}.{domain}" if name and domain else f"http://{LOOPBACK}:{port}"
    return f"{base}{path}" + (f"?{urlencode(query)}" if query else "")


def web_ui(workflow_id: str | None = None, settings: Settings | None = None) -> str:
    """The address of Temporal's Web UI, or of one workflow in it."""
    settings = settings or workshop_settings.load()
    return browser_url(settings.ui_port, "/" if workflow_id is None else path_of_workflow(workflow_id))


def path_of_workflow(workflow_id: str) -> str:
    """Where a Web UI shows one workflow of the default namespace."""
    return f"/namespaces/default/workflows/{quote(workflow_id, safe='')}"


class Link:
    """A link to one workflow in Temporal's Web UI; as text it holds no id and no port, so it can be stored."""

    def __init__(self, url: str) -> None:
        self.url = url

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        words = "This run in Temporal's Web UI"
        anchor = f'<a href="{html.escape(self.url)}" target="_blank" rel="noopener">{words}</a>'
        stored = os.environ.get("WORKSHOP_VIEWS") == "static"
        return {"text/plain": words, "text/html": words if stored else anchor}

    def __str__(self) -> str:
        return self.url


def link(handle: WorkflowHandle[Any, Any]) -> Link:
    """A link to a workflow's page in Temporal's Web UI, right also in a Codespace."""
    return Link(web_ui(handle.id))


__all__ = ["Link", "browser_url", "link", "path_of_workflow", "web_ui"]
