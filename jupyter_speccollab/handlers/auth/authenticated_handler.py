"""What handlers know of who asks: a token's user, or else Jupyter's, and what the Authorizer lets them do."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

from jupyter_core.utils import ensure_async
from jupyter_server.auth.identity import IdentityProvider
from jupyter_server.base.handlers import JupyterHandler

from jupyter_speccollab.document.caller import Caller
from jupyter_speccollab.document.role import Role
from jupyter_speccollab.errors import SpecCollabError, Unauthenticated
from jupyter_speccollab.handlers.auth.jwt_identity import Bearer, bearer_of
from jupyter_speccollab.handlers.auth.user import groups_of, has_bad_token, user_of, with_stable_owner
from jupyter_speccollab.protocol.codec import canonical_uuid
from jupyter_speccollab.service.services import Services

RESOURCE: Final = "speccollab"
"""The resource's name for Jupyter's Authorizer."""

LOGIN_FIRST: Final = "Log in to Jupyter first, or send a valid token."


class Credentials(JupyterHandler):
    """Finds out who asks, as Jupyter does, or by a JSON Web Token: where there is one, nothing else counts."""

    auth_resource = RESOURCE
    services: Services
    request_id: str
    caller: Caller
    _bearer: Bearer | None = None

    @property
    def identity_provider(self) -> IdentityProvider:
        """Jupyter's, or the request's own token."""
        return self._bearer or super().identity_provider

    async def prepare(self, **options: Any) -> None:
        """Look at a token before Jupyter looks at anything."""
        self._bearer = await bearer_of(self, self.services.tokens)
        await super().prepare(**options)

    async def identify(self) -> Caller:
        """Who asks: a viewer at the most, where the Authorizer lets them only read. Raises `fault`."""
        jupyter_user = self.current_user if self._bearer else with_stable_owner(self)
        if jupyter_user is None or has_bad_token(self):
            raise self.fault
        user = user_of(jupyter_user, self.services.issuer)
        most = Role.OWNER if await self.may("write") else Role.VIEWER
        if self._bearer is not None and self._bearer.caller is not None:
            return replace(self._bearer.caller, user=user, most=most)
        default = getattr(jupyter_user, "default_role", Role.NONE)
        return Caller(user, groups_of(jupyter_user), most, default=default)

    async def identify_again(self, before: Caller) -> Caller:
        """Who it is now that goes on as ``before``. Raises what they are to be sent away for."""
        if before.token is not None:
            return await self.services.tokens.again(before)
        user = await ensure_async(self.identity_provider.get_user(self))
        self.current_user = self._jupyter_current_user = user
        after = await self.identify()
        if after.user.user_id != before.user.user_id:
            raise Unauthenticated("This login is somebody else's by now. Log in again.")
        return after

    @property
    def recheck_seconds(self) -> float | None:
        """After how long to `identify_again`; ``None`` where a login holds for as long as it is used."""
        seconds: float | None = getattr(super().identity_provider, "recheck_seconds", None)
        return seconds

    async def may(self, action: str) -> bool:
        """Whether Jupyter's Authorizer allows the user ``read`` or ``write`` here."""
        user = self.current_user
        return bool(await ensure_async(self.authorizer.is_authorized(self, user, action, RESOURCE)))

    def record_refusal(self, error: SpecCollabError) -> None:
        """Note a refusal in the audit trail, if it is one of access."""
        named = getattr(self, "path_args", None)  # missing where the address can't be decoded
        spec_id = canonical_uuid(named[0]) if named else None
        self.services.access.audit.refused(
            error, getattr(self, "caller", None), spec_id, requestId=self.request_id
        )

    @property
    def fault(self) -> SpecCollabError:
        """What somebody is told whom this request does not identify.

        An identity provider that knows more than that nobody logged in leaves it as the handler's ``refusal``.
        """
        fault = self._bearer.fault if self._bearer else getattr(self, "refusal", None)
        return fault or Unauthenticated(LOGIN_FIRST)

    @property
    def is_stranger(self) -> bool:
        """Whether nobody is known to ask."""
        return getattr(self, "_jupyter_current_user", None) is None or has_bad_token(self)
