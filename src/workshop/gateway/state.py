"""What all routes of the application share."""

from __future__ import annotations

from starlette.requests import Request

from workshop.gateway.bank_journal import Journals
from workshop.gateway.live_mode import LiveMode
from workshop.gateway.scopes import DEFAULT, Mode, Scope, Scopes
from workshop.settings import Settings


class GatewayState:
    """The settings, the token, the scopes, and the way to the real services."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.token = settings.gateway_token()
        self.scopes = Scopes(Journals(settings.state_dir / "bank"))
        self.live = LiveMode(settings, self.token)

    def scope(self, request: Request) -> Scope:
        """The scope in the request's address.

        Raises:
            ApiError: 400, the address names none that could be.
        """
        return self.scopes.get(request.path_params.get("scope", DEFAULT))

    def mode(self, scope: Scope) -> Mode:
        """How calls in ``scope`` are answered."""
        return scope.mode or self.settings.mode


__all__ = ["GatewayState"]
