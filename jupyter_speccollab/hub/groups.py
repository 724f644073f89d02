"""The hub's directory: in which groups somebody is who comes with a JSON Web Token, not with a hub's token."""

from __future__ import annotations

import logging
import time
from typing import Final
from urllib.parse import quote

import msgspec
from jupyterhub.services.auth import HubAuth
from tornado.httpclient import AsyncHTTPClient, HTTPRequest

from jupyter_speccollab.errors import StoreUnavailable, Unauthenticated

FRESH: Final = 3.0
"""Seconds for which an answer counts."""

PATIENCE: Final = 10.0
"""Seconds that the hub may take."""

logger = logging.getLogger(__name__)


class Directory:
    """Asks the hub with the service's own token, which needs ``read:users:name`` and ``read:users:groups``."""

    def __init__(self, hub: HubAuth) -> None:
        self._hub = hub
        self._answers: dict[str, tuple[float, frozenset[str] | None]] = {}

    async def groups(self, login: str) -> frozenset[str]:
        """The groups of this login. Raises `Unauthenticated` where the hub has no such user, `StoreUnavailable`."""
        now = time.monotonic()
        asked, groups = self._answers.get(login, (-FRESH, None))
        if now - asked >= FRESH:
            self._answers = {key: each for key, each in self._answers.items() if now - each[0] < FRESH}
            groups = await self._ask(login)
            self._answers[login] = now, groups
        if groups is None:
            raise Unauthenticated("The hub knows nobody of this name. Ask its admin.")
        return groups

    async def _ask(self, login: str) -> frozenset[str] | None:
        hub = self._hub
        request = HTTPRequest(
            f"{hub.api_url}/users/{quote(login, safe='')}",
            headers={"Authorization": f"token {hub.api_token}"},
            request_timeout=PATIENCE,
            ca_certs=hub.client_ca or None,
            client_key=hub.keyfile or None,
            client_cert=hub.certfile or None,
        )
        try:
            response = await AsyncHTTPClient().fetch(request, raise_error=False)
        except OSError:
            raise StoreUnavailable("The hub does not say who is in which group. Try again soon.") from None
        if response.code == 404:
            return None
        try:
            return frozenset(msgspec.json.decode(response.body)["groups"])
        except (msgspec.DecodeError, KeyError, TypeError):
            logger.error(
                "the hub does not tell the groups of its users (HTTP %d): give this service the scopes "
                "read:users:name and read:users:groups, in c.JupyterHub.load_roles",
                response.code,
            )
            raise StoreUnavailable(
                "The hub does not say who is in which group: its admin finds why in the service's log."
            ) from None
