"""The hub service as an application of Jupyter."""

from __future__ import annotations

import os
import sys

from jupyterhub.services.auth import HubAuth
from traitlets import Instance, default

from jupyter_speccollab.app import SpecCollabApp
from jupyter_speccollab.hub.environment import Environment, NotAService
from jupyter_speccollab.hub.groups import HubGroups
from jupyter_speccollab.hub.handlers import (
    HomeHandler,
    LivenessHandler,
    MetricsHandler,
    NoJupyterHandler,
)
from jupyter_speccollab.hub.server import MinimalServer
from jupyter_speccollab.service.access.logins import KnowsLogin
from jupyter_speccollab.service.access.tokens import GroupsOf


class HubService(SpecCollabApp):
    """Keeps the specs of all users of a JupyterHub, who edit them from their own servers."""

    description = __doc__
    load_other_extensions = False
    serverapp_class = MinimalServer
    hub_groups = Instance(HubGroups)

    @classmethod
    def get_extension_package(cls) -> str:
        """The package whose extension points contain this application."""
        return "jupyter_speccollab.hub"

    @default("hub_groups")
    def _default_hub_groups(self) -> HubGroups:
        return HubGroups(HubAuth(parent=self))

    @default("service_url")
    def _default_service_url(self) -> str:
        return ""

    @default("default_role")
    def _default_default_role(self) -> str:
        return "none"

    @default("open_browser")
    def _default_open_browser(self) -> bool:
        return False

    def groups_of_logins(self) -> GroupsOf:
        """Take the groups of a user from the hub, not from the token."""
        return self.hub_groups.of

    def knows_login(self) -> KnowsLogin:
        """Ask the hub."""
        return self.hub_groups.knows

    def initialize_handlers(self) -> None:
        """Add the routes."""
        super().initialize_handlers()
        assert self.services is not None
        hub_url = Environment.of(os.environ).hub_url
        self.handlers.extend(
            [
                (r"/?", HomeHandler, {"hub_url": hub_url}),
                (r"/health", LivenessHandler),
                (r"/metrics", MetricsHandler),
                (r"/.*", NoJupyterHandler, {"services": self.services}),
            ]
        )


def main() -> None:
    """Run the service until it is stopped."""
    try:
        Environment.of(os.environ)
    except NotAService as error:
        sys.exit(str(error))
    HubService.launch_instance()  # type: ignore[no-untyped-call]
