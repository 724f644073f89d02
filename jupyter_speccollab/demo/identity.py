"""Two people for the demo: whoever opens it, and a colleague at an address of their own."""

from __future__ import annotations

from typing import Final

from jupyter_server.auth.identity import PasswordIdentityProvider, User
from jupyter_server.base.handlers import JupyterHandler

VISITOR: Final = User("ada", "Ada Lovelace", "Ada Lovelace", "AL", None, None)
COLLEAGUE: Final = User("grace", "Grace Hopper", "Grace Hopper", "GH", None, None)


class DemoIdentityProvider(PasswordIdentityProvider):
    """Names whoever has the server's token: the colleague at the colleague's port, elsewhere the visitor.

    Jupyter keeps the login in a cookie whose name contains the port, so two windows of one browser stay two people.
    The demo alone uses this class; it gives nobody more rights than the token has.
    """

    def generate_anonymous_user(self, handler: JupyterHandler) -> User:  # type: ignore[override]
        """The person at the address of this request."""
        port = getattr(self.parent, "colleague_port", None)
        _, _, asked = handler.request.host.rpartition(":")
        return COLLEAGUE if port is not None and asked == str(port) else VISITOR
