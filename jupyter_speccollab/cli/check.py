"""``jupyter speccollab check``: checks a setup and says what to fix."""

from __future__ import annotations

import os
import sys
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

import msgspec
from tornado.httpclient import AsyncHTTPClient, HTTPClientError, HTTPRequest, HTTPResponse

from jupyter_speccollab.app import SpecCollabApp
from jupyter_speccollab.cli.base import Command
from jupyter_speccollab.client.credentials import address_of
from jupyter_speccollab.client.discovery import discover
from jupyter_speccollab.errors import NotFound, StoreUnavailable
from jupyter_speccollab.service.access.keys import BadKey, secret_of
from jupyter_speccollab.store.sqlite import SqliteStore

PATIENCE: Final = 10.0
"""Seconds to wait for each answer."""

USE: Final = "access:services!service=speccollab"
READ: Final = ("read:users:name", "read:users:groups")


@dataclass(frozen=True, slots=True)
class Finding:
    """The result of a check: what was checked, how it is, and how to ``mend`` it; empty if all is well."""

    what: str
    how: str
    mend: str = ""


class Check(Command):
    """Check the database, Redis, the secret and the hub that this configuration and environment name.

    Run it where the service runs, with the environment of the service; or in a terminal of a user's own server on
    a hub, to check whether that server reaches the service. It changes nothing. Its exit status is 1 if something
    has to be fixed.
    """

    name = "jupyter-speccollab-check"
    description = __doc__
    examples = "jupyter speccollab check --SpecCollabApp.database_url_file=/etc/speccollab/database"

    async def work(self) -> None:
        good = True
        async for found in self.findings(os.environ):
            good = good and not found.mend
            self.say(f"{'mend' if found.mend else 'ok  '}  {found.what}: {found.how}")
            if found.mend:
                self.say(f"      {found.mend}")
        if not good:
            sys.exit(1)

    async def findings(self, environment: Mapping[str, str]) -> AsyncIterator[Finding]:
        """Yield the result of each check."""
        on_hub = bool(environment.get("JUPYTERHUB_API_URL") and environment.get("JUPYTERHUB_API_TOKEN"))
        if on_hub and environment.get("JUPYTERHUB_USER"):
            yield await self._scopes(environment, (USE,), "c.Spawner.server_token_scopes, and to people")
            yield await self._service(environment)
            return
        app = SpecCollabApp(config=self.config)
        yield await self._database()
        yield await self._redis(app.redis_url)
        yield self._secret(app)
        if on_hub:
            yield await self._scopes(environment, READ, "a role with services: ['speccollab']")
        else:
            yield Finding(
                "Hub",
                "not asked. For a hub's service run this with its JUPYTERHUB_API_URL and JUPYTERHUB_API_TOKEN",
            )

    async def _database(self) -> Finding:
        store = self.store()
        if isinstance(store, SqliteStore):
            return Finding("Database", f"a SQLite file, {SpecCollabApp(config=self.config).database_path}")
        try:
            await store.open()
        except StoreUnavailable as error:
            return Finding("Database", "PostgreSQL can't be used", error.detail or error.message)
        finally:
            await store.close()
        return Finding("Database", "PostgreSQL answers, its tables are up to date")

    async def _redis(self, url: str) -> Finding:
        if not url:
            return Finding("Redis", "none: enough for one server, or one replica of the service")
        try:
            from redis.exceptions import RedisError  # noqa: PLC0415 (an extra)

            from jupyter_speccollab.bus.redis_server import connect  # noqa: PLC0415
        except ModuleNotFoundError:
            return Finding(
                "Redis", "is configured", "Install its package: pip install 'jupyter_speccollab[redis]'"
            )
        try:
            redis = connect(url)
        except ValueError as error:
            return Finding("Redis", "can't be used", str(error))
        try:
            await redis.ping()
        except (RedisError, OSError, ValueError) as error:
            return Finding("Redis", "does not answer", f"Check redis_url: {type(error).__name__}.")
        finally:
            await redis.aclose()
        return Finding("Redis", "answers")

    def _secret(self, app: SpecCollabApp) -> Finding:
        if not app.token_secret:
            made = "one is made beside the SQLite file" if not app.database_url else "no tokens are made"
            return Finding("Secret of tokens", f"none is set: {made}")
        try:
            secret_of(app.token_secret)
        except BadKey as error:
            return Finding("Secret of tokens", "can't be used", str(error))
        return Finding("Secret of tokens", "is set, and long enough")

    async def _scopes(self, environment: Mapping[str, str], wanted: tuple[str, ...], where: str) -> Finding:
        url, token = environment["JUPYTERHUB_API_URL"], environment["JUPYTERHUB_API_TOKEN"]
        answer = await _get(f"{url}/user", token)
        if answer is None:
            return Finding(
                "Hub", f"{url} does not answer", "Check JUPYTERHUB_API_URL, and whether the hub runs."
            )
        if answer.code != 200:
            return Finding("Hub", "does not know this token", "Check JUPYTERHUB_API_TOKEN and the services.")
        model: dict[str, Any] = msgspec.json.decode(answer.body)
        missing = [scope for scope in wanted if scope not in model["scopes"]]
        if missing:
            lines = f"Give {' and '.join(missing)} in c.JupyterHub.load_roles: to {where}. See docs/jupyterhub.md."
            return Finding("Hub", f"knows this token as {model['name']}, without all scopes", lines)
        return Finding("Hub", f"knows this token as {model['name']}, with the scopes it needs")

    async def _service(self, environment: Mapping[str, str]) -> Finding:
        try:
            url, token = discover(environment)
            url, _ = address_of(url)  # without credentials, since it is printed
        except NotFound:
            url, token = "", None
        except ValueError as error:
            return Finding("Service", "its address can't be read", str(error))
        if "/services/" not in url:
            return Finding(
                "Service",
                "its address is not known here: JupyterLab can find it, SpecClient can't",
                "Set c.JupyterHub.public_url, or SPECCOLLAB_URL in c.Spawner.environment.",
            )
        answer = await _get(f"{url}api/specs?limit=1", token or "")
        if answer is None or answer.code >= 500:
            return Finding(
                "Service", f"{url} does not answer", "Check in the log of the hub whether it runs."
            )
        if answer.code != 200:
            return Finding("Service", f"{url} refuses this server's token", _message(answer))
        return Finding("Service", f"{url} answers, and takes this server's token")


async def _get(url: str, token: str) -> HTTPResponse | None:
    """Return the answer with any status, or ``None`` if there is none."""
    request = HTTPRequest(
        url, headers={"Authorization": f"token {token}"}, request_timeout=PATIENCE, follow_redirects=False
    )
    try:
        return await AsyncHTTPClient().fetch(request, raise_error=False)
    except (OSError, ValueError, HTTPClientError):
        return None


def _message(answer: HTTPResponse) -> str:
    try:
        return str(msgspec.json.decode(answer.body)["error"])
    except (msgspec.DecodeError, KeyError, TypeError):
        return f"It answers with HTTP {answer.code}: check that this is the address of the service."
