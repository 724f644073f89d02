"""The Jupyter server in which the hub service runs. It has no files, kernels, terminals or pages."""

from __future__ import annotations

import os
import secrets

from jupyter_server.auth.identity import IdentityProvider
from jupyter_server.serverapp import ServerApp
from jupyter_server.services.contents.filemanager import FileContentsManager
from jupyter_server.services.contents.manager import ContentsManager
from tornado.web import RequestHandler
from traitlets import Type, default

from jupyter_speccollab.hub.environment import Environment
from jupyter_speccollab.hub.identity import HubIdentityProvider


class NoFiles(FileContentsManager):
    """Serves no files. Jupyter's default would serve the working directory of the service."""

    files_handler_class = Type(None, klass=RequestHandler, allow_none=True)


class MinimalServer(ServerApp):
    """A Jupyter server without Jupyter's services.

    The traits that are fixed here are not configurable, because the service depends on them for its security. With
    ``jupyterhub-singleuser`` in its place, every user could run code beside the password of the database.
    """

    default_services = ()  # type: ignore[assignment]
    identity_provider_class = Type(HubIdentityProvider, klass=IdentityProvider)
    contents_manager_class = Type(NoFiles, klass=ContentsManager)

    allow_remote_access = True  # requests come through the hub's proxy, with its host name
    trust_xheaders = True
    answer_yes = True
    allow_root = True  # nobody can run code here
    port_retries = 0

    @default("ip")
    def _ip(self) -> str:
        return Environment.of(os.environ).host

    @default("port")
    def _port(self) -> int:
        return Environment.of(os.environ).port

    @default("base_url")
    def _base_url(self) -> str:
        return Environment.of(os.environ).service_url

    @default("cookie_secret")
    def _cookie_secret(self) -> bytes:
        return secrets.token_bytes(32)
