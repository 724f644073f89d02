"""Who is asking: the hub's answer for a token, and for nothing else."""

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
from jupyter_speccollab.hub.token_origin import is_own
from jupyter_speccollab.hub.user import Person

PATIENCE: Final = 10.0
"""Seconds that the hub may take for an answer."""

LOGIN_FIRST: Final = "Log in to the hub first, or send a valid token of it."

NOT_YOURS: Final = (
    "This token belongs to the server of somebody else, and does not speak for you here. Open the spec in your own "
    "server; for a script make a token at /hub/token with the scope {scope}."
)

NO_SCOPE: Final = (
    "Your token may not use shared specs: it lacks the scope {scope}. Ask the hub's admin to give it, in "
    "jupyterhub_config.py: to people in c.JupyterHub.load_roles, and to their servers in "
    "c.Spawner.oauth_client_allowed_scopes and c.Spawner.server_token_scopes. Then stop and start your server."
)


class HubIdentityProvider(IdentityProvider):
    """Takes tokens that the hub issued, asks the hub whose they are, and asks again after a short while.

    There is no cookie and no login page: pages of other people's servers have the same origin as this service, so
    what a browser sends by itself proves nothing.
    """

    recheck_seconds = Float(
        5.0,
        min=0.5,
        help="After how many seconds the hub is asked again who somebody is, also for connections that stay open: "
        "whoever is removed from the hub or a group is out after that.",
    ).tag(config=True)

    admin_role = Enum(
        [role.label for role in Role],
        "none",
        help="What the hub's admins are in specs that give them no role.",
    ).tag(config=True)

    hub = Instance(HubAuth)
    login_available = False
    logout_available = False

    @default("hub")
    def _default_hub(self) -> HubAuth:
        # Half of it for the cache, so that an answer is never older than the whole when it is asked for.
        return HubAuth(
            parent=self,
            cache_max_age=max(1, int(self.recheck_seconds / 2)),
            access_scopes={Environment.of(os.environ).scope},
        )

    @default("token")
    def _no_token(self) -> str:
        return ""

    def validate_security(self, app: Any, ssl_options: dict[str, Any] | None = None) -> None:
        """Nothing to warn of: there is no password, and no token of this server's own."""

    async def get_user(self, handler: RequestHandler) -> User | None:
        """The person behind a request; what they are refused for otherwise is left for the handler to tell."""
        token = self.get_token(handler)
        if not token:
            return None
        try:
            person = await self.person(token)
        except SpecCollabError as error:
            handler.refusal = error  # type: ignore[attr-defined]
            return None
        handler._token_authenticated = True  # type: ignore[attr-defined]
        return person

    async def person(self, token: str) -> Person:
        """Whose token this is.

        Raises `Unauthenticated`, `Forbidden` where the token may not be used here, and `StoreUnavailable` while
        the hub can't be asked.
        """
        model = await self.model(token)
        if model.get("kind") != "user":
            raise Forbidden(
                "Only people's tokens are taken here. A program sends a JWT, or a token of a user."
            )
        (wanted,) = self.hub.access_scopes
        if not self.hub.check_scopes(self.hub.access_scopes, model):
            raise Forbidden(NO_SCOPE.format(scope=wanted))
        if not is_own(model):
            raise Forbidden(NOT_YOURS.format(scope=wanted))
        return Person(model, Role.named(self.admin_role))

    async def model(self, token: str) -> dict[str, Any]:
        """What the hub says of a token. Raises `Unauthenticated`, `StoreUnavailable`."""
        try:
            async with asyncio.timeout(PATIENCE):
                model = await self.hub.user_for_token(token, sync=False)
        except (HTTPError, TimeoutError):
            raise StoreUnavailable("The hub does not say who you are just now. Try again soon.") from None
        if model is None:
            raise Unauthenticated(LOGIN_FIRST)
        return dict(model)
