"""JSON Web Tokens of requests, in the place of Jupyter's identity provider, which never sees them."""

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

SHAPE: Final = re.compile(r"[\w-]+={0,2}\.[\w-]*={0,2}\.[\w-]*={0,2}", re.ASCII)


class Bearer(IdentityProvider):
    """Identifies one request by the token that it brings: ``caller``, or ``fault`` where that does not hold."""

    caller: Caller | None = None
    fault: SpecCollabError | None = None

    async def get_user(self, handler: RequestHandler) -> JupyterUser | None:
        """Jupyter's user for the caller."""
        if self.caller is None:
            return None
        user = self.caller.user
        return JupyterUser(user.login, user.name, user.name)

    def is_token_authenticated(self, handler: RequestHandler) -> bool:
        """Whether the token spares ``_xsrf`` and the check of the Origin."""
        return self.caller is not None


async def bearer_of(handler: JupyterHandler, tokens: Tokens) -> Bearer | None:
    """The identity that the request's JSON Web Token gives it; ``None`` where it brings none.

    Two different tokens, one of them such, are none that could be told from a trick.
    """
    brought = tokens_of(handler)
    if not any(map(is_jwt, brought)):
        return None
    bearer = Bearer()
    try:
        if len(brought) > 1:
            raise Unauthenticated("This request brings two different tokens. Send one.")
        bearer.caller = await tokens.caller(brought.pop())
    except SpecCollabError as error:
        bearer.fault = error
    return bearer


def tokens_of(handler: JupyterHandler) -> set[str]:
    """Every token that the request brings, by its address and its header."""
    header = IdentityProvider.auth_header_pat.match(handler.request.headers.get("Authorization", ""))
    in_header = [header[2].strip()] if header else []
    return {token for token in [*handler.get_query_arguments("token"), *in_header] if token}


def is_jwt(token: str) -> bool:
    """Whether it has the shape of a JSON Web Token: three parts, the first of them a JSON object with ``alg``."""
    if not SHAPE.fullmatch(token):
        return False
    head = token.split(".", 1)[0].rstrip("=")
    try:
        header = msgspec.json.decode(urlsafe_b64decode(head + "=" * (-len(head) % 4)))
    except (ValueError, RecursionError):
        return False
    return isinstance(header, dict) and "alg" in header
