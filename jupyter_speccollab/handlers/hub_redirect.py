"""What is left of our addresses on a server that keeps no specs itself, since a hub's service does."""

from __future__ import annotations

from typing import Any

from jupyter_server.auth.decorator import allow_unauthenticated
from jupyter_server.base.handlers import APIHandler
from tornado.web import authenticated


def redirect_routes(url: str) -> list[tuple[str, type, dict[str, Any]]]:
    """Pattern, handler and its arguments; ``url`` is the service's."""
    return [
        (r"/api/speccollab", ServiceAddress, {"url": url}),
        (r"/api/specs.*", HubRedirect, {"url": url}),
    ]


class ServiceAddress(APIHandler):
    """Tells a page its login's present token; the one that it was opened with may have run out.

    The token is that of the asking browser, never this server's: a guest is told the guest's.
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
    """Tells a program that knows only this server where to go."""

    def initialize(self, url: str) -> None:
        self.url = url

    @allow_unauthenticated
    async def prepare(self) -> None:  # type: ignore[override]
        sentence = (
            f"The specs of this hub are kept by its service at {self.url}. Pass that address to SpecClient, or set "
            "the environment variable SPECCOLLAB_URL to it; a hub's admin sets c.JupyterHub.public_url."
        )
        self.set_status(404)
        self.finish({"success": False, "error": sentence, "code": "NOT_FOUND", "details": {"requestId": ""}})
