"""The base of all handlers: identifies the caller of a request, and asks Jupyter's Authorizer."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

from jupyter_core.utils import ensure_async
from jupyter_server.auth.identity import IdentityProvider
from jupyter_server.base.handlers import JupyterHandler

from jupyter_speccollab.document.caller import Caller
from jupyter_speccollab.document.role import Role
from jupyter_speccollab.errors import SpecCollabError, Unauthenticated
from jupyter_speccollab.handlers.auth.jwt_identity import JwtIdentityProvider, jwt_identity_of
from jupyter_speccollab.handlers.auth.server_owner import stable_user
from jupyter_speccollab.handlers.auth.user import groups_of, user_of
from jupyter_speccollab.protocol.codec import canonical_uuid
from jupyter_speccollab.service.services import Services

RESOURCE: Final = "speccollab"
"""The name of our resource for Jupyter's Authorizer."""

LOGIN_FIRST: Final = "Log in to Jupyter first, or send a valid token."


class AuthenticatedHandler(JupyterHandler):
    """Identifies the caller by a JSON Web Token or by Jupyter's identity provider.

    If the request carries a JSON Web Token, no other credential of the request counts.
    """

    auth_resource = RESOURCE
    services: Services
    request_id: str
    caller: Caller
    _jwt_identity: JwtIdentityProvider | None = None

    @property
    def identity_provider(self) -> IdentityProvider:
        """The identity provider of this request: for a JSON Web Token ours, else Jupyter's."""
        return self._jwt_identity or super().identity_provider

    async def prepare(self, **options: Any) -> None:
        """Check a JSON Web Token before Jupyter looks at the request."""
        self._jwt_identity = await jwt_identity_of(self, self.services.tokens)
        await super().prepare(**options)

    async def identify(self) -> Caller:
        """The caller of this request. Raises `authentication_error`.

        If the Authorizer allows the caller only to read, their role in every spec is at most viewer.
        """
        jupyter_user = self.current_user if self._jwt_identity else stable_user(self)
        if jupyter_user is None or self._has_bad_token():
            raise self.authentication_error
        user = user_of(jupyter_user, self.services.issuer)
        most = Role.OWNER if await self.is_allowed("write") else Role.VIEWER
        if self._jwt_identity is not None and self._jwt_identity.caller is not None:
            return replace(self._jwt_identity.caller, user=user, most=most)
        default = getattr(jupyter_user, "default_role", Role.NONE)
        return Caller(user, groups_of(jupyter_user), most, default=default)

    async def identify_again(self, before: Caller) -> Caller:
        """The caller of an open connection, with its present groups and roles.

        Raises the error with which to close the connection, if the credentials are no longer valid.
        """
        if before.token is not None:
            return await self.services.tokens.again(before)
        user = await ensure_async(self.identity_provider.get_user(self))
        self.current_user = self._jupyter_current_user = user
        after = await self.identify()
        if after.user.user_id != before.user.user_id:
            raise Unauthenticated("This login now belongs to another user. Log in again.")
        return after

    @property
    def recheck_seconds(self) -> float | None:
        """Seconds between calls of `identify_again`; ``None`` if a login stays valid while a connection is open."""
        seconds: float | None = getattr(super().identity_provider, "recheck_seconds", None)
        return seconds

    async def is_allowed(self, action: str) -> bool:
        """Whether Jupyter's Authorizer allows the user an action, ``read`` or ``write``."""
        user = self.current_user
        return bool(await ensure_async(self.authorizer.is_authorized(self, user, action, RESOURCE)))

    def record_refusal(self, error: SpecCollabError) -> None:
        """Write an error to the audit trail, if it refuses access."""
        arguments = getattr(self, "path_args", None)  # missing if the address can't be decoded
        spec_id = canonical_uuid(arguments[0]) if arguments else None
        self.services.access.audit.refused(
            error, getattr(self, "caller", None), spec_id, requestId=self.request_id
        )

    @property
    def authentication_error(self) -> SpecCollabError:
        """The error for a request that has no caller.

        An identity provider may set a more exact one as the handler's ``identity_error``.
        """
        identity = self._jwt_identity
        error = identity.error if identity else getattr(self, "identity_error", None)
        return error or Unauthenticated(LOGIN_FIRST)

    @property
    def is_anonymous(self) -> bool:
        """Whether the request has no valid credentials."""
        return getattr(self, "_jupyter_current_user", None) is None or self._has_bad_token()

    def _has_bad_token(self) -> bool:
        """Whether the request carries an invalid token. No cookie may authenticate such a request."""
        provider = self.identity_provider
        return bool(provider.get_token(self)) and not provider.is_token_authenticated(self)
