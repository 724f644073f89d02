"""The handlers of a server that has no specs of its own, because the hub service keeps them."""

from __future__ import annotations

from typing import Any

from jupyter_server.auth.decorator import allow_unauthenticated
from jupyter_server.base.handlers import APIHandler
from tornado.web import authenticated


def redirect_routes(url: str) -> list[tuple[str, type, dict[str, Any]]]:
    """Patterns, handlers and their arguments. ``url`` is the address of the hub service."""
    return [
        (r"/api/speccollab", ServiceAddress, {"url": url}),
        (r"/api/specs.*", HubRedirect, {"url": url}),
    ]


class ServiceAddress(APIHandler):
    """Returns the address of the hub service, and the current token of the browser's login.

    A page asks for it when the token that it was opened with has expired. The token is always that of the
    requesting browser, never that of this server: a visitor gets the visitor's own token.
    """

    def initialize(self, url: str) -> None:
        self.url = url

    @authenticated
    def get(self) -> None:
        hub_auth = getattr(self.identity_provider, "hub_auth", None)
        token = hub_auth.get_token(self) if hub_auth is not None else None
        self.set_header("Cache-Control", "no-store")
        self.finish({"url": self.url, "token": token or ""})


class HubRedirect(APIHandler):
    """Answers requests for specs with an error that names the address of the hub service."""

    def initialize(self, url: str) -> None:
        self.url = url

    @allow_unauthenticated
    async def prepare(self) -> None:  # type: ignore[override]
        message = (
            f"The hub service at {self.url} keeps the specs of this hub. Pass that address to SpecClient, or set "
            "the environment variable SPECCOLLAB_URL to it; an admin of the hub can set c.JupyterHub.public_url."
        )
        self.set_status(404)
        self.finish({"success": False, "error": message, "code": "NOT_FOUND", "details": {"requestId": ""}})
