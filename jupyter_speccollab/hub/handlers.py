"""The handlers that only the hub service has."""

from __future__ import annotations

import prometheus_client
from jupyter_server.auth.decorator import allow_unauthenticated
from jupyter_server.base.handlers import JupyterHandler
from tornado.web import HTTPError

from jupyter_speccollab.errors import NotFound, SpecCollabError
from jupyter_speccollab.handlers.base import SpecHandler
from jupyter_speccollab.hub.identity import HubIdentityProvider


class HomeHandler(JupyterHandler):
    """Redirects a browser to its user's own JupyterLab, and keeps the query. The service itself has no pages."""

    def initialize(self, hub_url: str) -> None:
        self.hub_url = hub_url

    @allow_unauthenticated
    def get(self) -> None:
        query = f"?{self.request.query}" if self.request.query else ""
        self.redirect(f"{self.hub_url}user-redirect/lab{query}")


class LivenessHandler(JupyterHandler):
    """Tells a load balancer that the process runs. ``jupyter speccollab check`` also tests the database."""

    @allow_unauthenticated
    def get(self) -> None:
        self.finish({"status": "ok"})


class MetricsHandler(JupyterHandler):
    """Metrics for Prometheus, for tokens with the hub's scope ``read:metrics``."""

    @allow_unauthenticated
    async def get(self) -> None:
        provider = self.identity_provider
        assert isinstance(provider, HubIdentityProvider)
        try:
            model = await provider.token_model(provider.get_token(self) or "")
        except SpecCollabError as error:
            raise HTTPError(error.status) from None
        if not provider.hub.check_scopes("read:metrics", model):
            raise HTTPError(403)
        self.set_header("Content-Type", prometheus_client.CONTENT_TYPE_LATEST)
        self.finish(prometheus_client.generate_latest())


class NoJupyterHandler(SpecHandler):
    """Answers for every other address of a Jupyter server with NOT_FOUND, before authentication."""

    async def prepare(self) -> None:  # type: ignore[override]
        raise NotFound("The service has only specs. See docs/protocol.md.")
