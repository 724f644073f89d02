"""Requests that carry a JSON Web Token: an identity provider that takes the place of Jupyter's."""

from __future__ import annotations

import re
from base64 import urlsafe_b64decode
from typing import Final

import msgspec
from jupyter_server.auth.identity import IdentityProvider
from jupyter_server.auth.identity import User as JupyterUser
from jupyter_server.base.handlers import JupyterHandler
from tornado.web import RequestHandler

from jupyter_speccollab.document.caller import Caller
from jupyter_speccollab.errors import SpecCollabError, Unauthenticated
from jupyter_speccollab.service.access.tokens import Tokens

JWT_PATTERN: Final = re.compile(r"[\w-]+={0,2}\.[\w-]*={0,2}\.[\w-]*={0,2}", re.ASCII)


class JwtIdentityProvider(IdentityProvider):
    """Identifies one request by its token. ``caller`` is set if the token is valid, ``error`` if it is not.

    Jupyter's own identity provider never sees such a token.
    """

    caller: Caller | None = None
    error: SpecCollabError | None = None

    async def get_user(self, handler: RequestHandler) -> JupyterUser | None:
        """The caller as a user of Jupyter."""
        if self.caller is None:
            return None
        user = self.caller.user
        return JupyterUser(user.login, user.name, user.name)

    def is_token_authenticated(self, handler: RequestHandler) -> bool:
        """Whether the token is valid, so that Jupyter skips the checks of ``_xsrf`` and of the Origin."""
        return self.caller is not None


async def jwt_identity_of(handler: JupyterHandler, tokens: Tokens) -> JwtIdentityProvider | None:
    """The identity provider for a request that carries a JSON Web Token; ``None`` for any other request.

    A request with two different tokens, one of them a JSON Web Token, is refused: it is ambiguous.
    """
    found = tokens_of(handler)
    if not any(map(is_jwt, found)):
        return None
    identity = JwtIdentityProvider()
    try:
        if len(found) > 1:
            raise Unauthenticated("This request carries two different tokens. Send one.")
        identity.caller = await tokens.caller(found.pop())
    except SpecCollabError as error:
        identity.error = error
    return identity


def tokens_of(handler: JupyterHandler) -> set[str]:
    """The tokens in the query and in the ``Authorization`` header of the request."""
    header = IdentityProvider.auth_header_pat.match(handler.request.headers.get("Authorization", ""))
    in_header = [header[2].strip()] if header else []
    return {token for token in [*handler.get_query_arguments("token"), *in_header] if token}


def is_jwt(token: str) -> bool:
    """Whether a token has the form of a JSON Web Token: three parts, the first a JSON object with ``alg``."""
    if not JWT_PATTERN.fullmatch(token):
        return False
    head = token.split(".", 1)[0].rstrip("=")
    try:
        header = msgspec.json.decode(urlsafe_b64decode(head + "=" * (-len(head) % 4)))
    except (ValueError, RecursionError):
        return False
    return isinstance(header, dict) and "alg" in header
