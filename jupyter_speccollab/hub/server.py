"""A Jupyter server that can do nothing: no files, no kernels, no terminals, no pages."""

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
    """Hands out nothing: Jupyter's own would serve the directory that the service was started in."""

    files_handler_class = Type(None, klass=RequestHandler, allow_none=True)


class BareServer(ServerApp):
    """What is not configurable here would undo the service: who may come in, and that there is nothing else.

    A plain ``jupyterhub-singleuser`` in its place would let everybody run code beside the database's password.
    """

    default_services = ()  # type: ignore[assignment]
    identity_provider_class = Type(HubIdentityProvider, klass=IdentityProvider)
    contents_manager_class = Type(NoFiles, klass=ContentsManager)

    open_browser = False
    allow_remote_access = True  # the hub's proxy is in front, under a name of its own
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
