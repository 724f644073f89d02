"""Authentication at the hub service: by tokens of the hub, and by nothing else."""

from __future__ import annotations

import asyncio
import os
from typing import Any, Final

from jupyter_server.auth.identity import IdentityProvider, User
from jupyterhub.services.auth import HubAuth
from tornado.web import HTTPError, RequestHandler
from traitlets import Enum, Float, Instance, default

from jupyter_speccollab.document.role import Role
from jupyter_speccollab.errors import Forbidden, SpecCollabError, StoreUnavailable, Unauthenticated
from jupyter_speccollab.hub.environment import Environment
from jupyter_speccollab.hub.token_origin import is_own_token
from jupyter_speccollab.hub.user import HubUser

TIMEOUT: Final = 10.0
"""Seconds after which a request to the hub fails."""

LOGIN_FIRST: Final = "Log in to the hub first, or send a valid token of the hub."

FOREIGN_SERVER: Final = (
    "This token comes from another user's server, so it can't be used here. Open the spec in your own server; for "
    "a script make a token at /hub/token with the scope {scope}."
)

NO_SCOPE: Final = (
    "Your token may not use shared specs: it lacks the scope {scope}. Ask the hub's admin to grant it in "
    "jupyterhub_config.py: to users in c.JupyterHub.load_roles, and to their servers in "
    "c.Spawner.oauth_client_allowed_scopes and c.Spawner.server_token_scopes. Then stop and start your server."
)


class HubIdentityProvider(IdentityProvider):
    """Asks the hub for the user of a token, and asks again after a few seconds.

    There are no cookies and no login page. The pages of other users' servers have the same origin as this service,
    so cookies, which a browser sends by itself, prove nothing.
    """

    recheck_seconds = Float(
        5.0,
        min=0.5,
        help="Seconds after which the hub is asked again about a user, also while a connection is open. A user who "
        "is removed from the hub or from a group loses access after that time.",
    ).tag(config=True)

    admin_role = Enum(
        [role.label for role in Role],
        "none",
        help="The role of the hub's admins in specs that give them no role.",
    ).tag(config=True)

    hub = Instance(HubAuth)
    login_available = False
    logout_available = False

    @default("hub")
    def _default_hub(self) -> HubAuth:
        # Half of the time for the cache, so that an answer is never older than recheck_seconds when it is used.
        return HubAuth(
            parent=self,
            cache_max_age=max(1, int(self.recheck_seconds / 2)),
            access_scopes={Environment.of(os.environ).scope},
        )

    @default("token")
    def _no_token(self) -> str:
        return ""

    def validate_security(self, app: Any, ssl_options: dict[str, Any] | None = None) -> None:
        """Warn of nothing: this server has no password and no token of its own."""

    async def get_user(self, handler: RequestHandler) -> User | None:
        """The user of a request. If there is none, the handler's ``identity_error`` says why."""
        token = self.get_token(handler)
        if not token:
            return None
        try:
            user = await self.user_of(token)
        except SpecCollabError as error:
            handler.identity_error = error  # type: ignore[attr-defined]
            return None
        handler._token_authenticated = True  # type: ignore[attr-defined]
        return user

    async def user_of(self, token: str) -> HubUser:
        """The user of a token.

        Raises `Unauthenticated` for an invalid token, `Forbidden` for one that can't be used here, and
        `StoreUnavailable` if the hub does not answer.
        """
        model = await self.token_model(token)
        if model.get("kind") != "user":
            raise Forbidden(
                "Only tokens of users are accepted here. A program sends a JWT, or a token of a user."
            )
        (scope,) = self.hub.access_scopes
        if not self.hub.check_scopes(self.hub.access_scopes, model):
            raise Forbidden(NO_SCOPE.format(scope=scope))
        if not is_own_token(model):
            raise Forbidden(FOREIGN_SERVER.format(scope=scope))
        return HubUser(model, Role.named(self.admin_role))

    async def token_model(self, token: str) -> dict[str, Any]:
        """The hub's description of a token: its user and its scopes.

        Raises `Unauthenticated` for an invalid token, and `StoreUnavailable` if the hub does not answer.
        """
        if not (token.isascii() and token.isprintable()):
            raise Unauthenticated(LOGIN_FIRST)  # no header could carry it to the hub
        try:
            async with asyncio.timeout(TIMEOUT):
                model = await self.hub.user_for_token(token, sync=False)
        except (HTTPError, TimeoutError):
            raise StoreUnavailable(
                "The hub does not answer, so your token can't be checked. Try again."
            ) from None
        if model is None:
            raise Unauthenticated(LOGIN_FIRST)
        return dict(model)
