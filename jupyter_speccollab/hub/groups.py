"""The groups of the hub's users, for requests with a JSON Web Token."""

from __future__ import annotations

import logging
import time
from typing import Final
from urllib.parse import quote

import msgspec
from jupyterhub.services.auth import HubAuth
from tornado.httpclient import AsyncHTTPClient, HTTPClientError, HTTPRequest

from jupyter_speccollab.errors import StoreUnavailable, Unauthenticated

CACHE_SECONDS: Final = 3.0
"""Seconds for which an answer of the hub is cached."""

TIMEOUT: Final = 10.0
"""Seconds after which a request to the hub fails."""

logger = logging.getLogger(__name__)


class HubGroups:
    """Asks the hub for the groups of a user, and whether there is such a user.

    The service's own token needs the scopes ``read:users:name`` and ``read:users:groups``.
    """

    def __init__(self, hub: HubAuth) -> None:
        self._hub = hub
        self._answers: dict[str, tuple[float, frozenset[str] | None]] = {}

    async def of(self, login: str) -> frozenset[str]:
        """The groups of a user.

        Raises `Unauthenticated` if the hub has no such user, and `StoreUnavailable` if the hub does not answer.
        """
        groups = await self._answer(login)
        if groups is None:
            raise Unauthenticated("The hub has no user of this name. Ask its admin.")
        return groups

    async def knows(self, login: str) -> bool:
        """Whether the hub has a user of exactly this name. Raises `StoreUnavailable`."""
        return await self._answer(login) is not None

    async def _answer(self, login: str) -> frozenset[str] | None:
        now = time.monotonic()
        asked, groups = self._answers.get(login, (-CACHE_SECONDS, None))
        if now - asked >= CACHE_SECONDS:
            self._answers = {
                key: each for key, each in self._answers.items() if now - each[0] < CACHE_SECONDS
            }
            groups = await self._request(login)
            self._answers[login] = now, groups
        return groups

    async def _request(self, login: str) -> frozenset[str] | None:
        hub = self._hub
        request = HTTPRequest(
            f"{hub.api_url}/users/{quote(login, safe='')}",
            headers={"Authorization": f"token {hub.api_token}"},
            request_timeout=TIMEOUT,
            ca_certs=hub.client_ca or None,
            client_key=hub.keyfile or None,
            client_cert=hub.certfile or None,
        )
        try:
            response = await AsyncHTTPClient().fetch(request, raise_error=False)
        except (OSError, HTTPClientError):  # no answer at all
            raise StoreUnavailable(
                "The hub does not answer, so your groups are unknown. Try again."
            ) from None
        if response.code == 404:
            return None
        try:
            return frozenset(msgspec.json.decode(response.body)["groups"])
        except (msgspec.DecodeError, KeyError, TypeError):
            logger.error(
                "the hub does not return the groups of its users (HTTP %d): give this service the scopes "
                "read:users:name and read:users:groups, in c.JupyterHub.load_roles",
                response.code,
            )
            raise StoreUnavailable(
                "The hub does not return your groups. The log of the service tells an admin why."
            ) from None
