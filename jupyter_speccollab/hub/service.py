"""The hub service as an application."""

from __future__ import annotations

import os
import sys

import prometheus_client
from jupyter_server.auth.decorator import allow_unauthenticated
from jupyter_server.base.handlers import JupyterHandler
from jupyterhub.services.auth import HubAuth
from tornado.web import HTTPError
from traitlets import default

from jupyter_speccollab.app import SpecCollabApp
from jupyter_speccollab.errors import NotFound, SpecCollabError
from jupyter_speccollab.handlers.base import SpecHandler
from jupyter_speccollab.hub.server import BareServer
from jupyter_speccollab.hub.groups import Directory
from jupyter_speccollab.hub.environment import Environment, NotAService
from jupyter_speccollab.hub.identity import HubIdentityProvider
from jupyter_speccollab.service.access.tokens import GroupsOf


class HubService(SpecCollabApp):
    """Keeps the specs of everybody on a JupyterHub, who write in them from their own servers."""

    description = __doc__
    load_other_extensions = False
    serverapp_class = BareServer

    @classmethod
    def get_extension_package(cls) -> str:
        """The package whose extension points name this application."""
        return "jupyter_speccollab.hub"

    @default("service_url")
    def _default_service_url(self) -> str:
        return ""

    @default("default_role")
    def _default_default_role(self) -> str:
        return "none"

    def groups_of_logins(self) -> GroupsOf:
        """The hub knows in which groups somebody is, whatever a token says."""
        return Directory(HubAuth(parent=self)).groups

    def initialize_handlers(self) -> None:
        """Add the routes."""
        super().initialize_handlers()
        assert self.services is not None
        hub_url = Environment.of(os.environ).hub_url
        self.handlers.extend(
            [
                (r"/?", Home, {"hub_url": hub_url}),
                (r"/health", Health),
                (r"/metrics", Metrics),
                (r"/.*", Nothing, {"services": self.services}),
            ]
        )


class Home(JupyterHandler):
    """The service has no pages: who comes here is sent to their own JupyterLab, with what stands in the query."""

    def initialize(self, hub_url: str) -> None:
        self.hub_url = hub_url

    @allow_unauthenticated
    def get(self) -> None:
        query = f"?{self.request.query}" if self.request.query else ""
        self.redirect(f"{self.hub_url}user-redirect/lab{query}")


class Health(JupyterHandler):
    """For load balancers: the process answers. Whether the database does, ``jupyter speccollab check`` tells."""

    @allow_unauthenticated
    def get(self) -> None:
        self.finish({"status": "ok"})


class Nothing(SpecHandler):
    """Everything else that a Jupyter server has is not here, for nobody."""

    async def prepare(self) -> None:  # type: ignore[override]
        raise NotFound("The service has nothing but specs. See docs/protocol.md.")


class Metrics(JupyterHandler):
    """Figures for Prometheus, for tokens that may read those of the hub, too."""

    @allow_unauthenticated
    async def get(self) -> None:
        provider = self.identity_provider
        assert isinstance(provider, HubIdentityProvider)
        try:
            model = await provider.model(provider.get_token(self) or "")
        except SpecCollabError as error:
            raise HTTPError(error.status) from None
        if not provider.hub.check_scopes("read:metrics", model):
            raise HTTPError(403)
        self.set_header("Content-Type", prometheus_client.CONTENT_TYPE_LATEST)
        self.finish(prometheus_client.generate_latest())


def main() -> None:
    """Run the service until it is told to stop."""
    try:
        Environment.of(os.environ)
    except NotAService as error:
        sys.exit(str(error))
    HubService.launch_instance()  # type: ignore[no-untyped-call]
