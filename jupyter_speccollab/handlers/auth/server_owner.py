"""The owner of a server: the user of requests that carry only the server's own token."""

from __future__ import annotations

import getpass

from jupyter_server.auth.identity import IdentityProvider
from jupyter_server.auth.identity import User as JupyterUser
from jupyter_server.base.handlers import JupyterHandler

from jupyter_speccollab.document.user import is_login
from jupyter_speccollab.handlers.auth.user import initials_of


def stable_user(handler: JupyterHandler) -> JupyterUser | None:
    """The user of a request, who stays the same from one request to the next.

    For the server's own token without a login cookie, jupyter_server makes a new anonymous user at each request.
    This function returns the owner of the server instead, unless the identity provider overrides one of the
    methods that identify such a request.
    """
    user: JupyterUser | None = handler.current_user
    provider: IdentityProvider = handler.identity_provider
    if user is None or not provider.is_token_authenticated(handler):
        return user
    is_anonymous = (
        type(provider).get_user is IdentityProvider.get_user
        and type(provider).get_user_token is IdentityProvider.get_user_token
        and type(provider).generate_anonymous_user is IdentityProvider.generate_anonymous_user
    )
    if not is_anonymous or provider.get_user_cookie(handler) is not None:
        return user
    owner = server_owner()
    handler.current_user = owner
    if hasattr(handler, "ws_connection"):
        return owner
    provider.set_login_cookie(handler, owner)
    return owner


def server_owner() -> JupyterUser:
    """The user of the operating system who runs the server."""
    try:
        login = getpass.getuser()
    except (OSError, KeyError):
        login = ""
    if not is_login(login):  # none, or one whose bytes are not UTF-8
        login = "jupyter"
    return JupyterUser(login, login, login, initials_of(login), None, None)
