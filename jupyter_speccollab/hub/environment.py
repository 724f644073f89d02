"""The environment variables of a hub service, with defaults.

JupyterHub sets all of them for a service that it starts. A service that an admin starts needs only
``JUPYTERHUB_API_URL`` and ``JUPYTERHUB_API_TOKEN``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self
from urllib.parse import urlsplit


class NotAService(Exception):
    """The environment lacks a variable that a service of a hub needs; the message names it."""


@dataclass(frozen=True, slots=True)
class Environment:
    """The settings of a hub service.

    ``service_name``: the name of the service in the hub's scopes. ``host`` and ``port``: the address to listen on.
    ``hub_url`` and ``service_url``: paths that begin and end with ``/``.
    """

    service_name: str
    host: str
    port: int
    hub_url: str
    service_url: str

    @property
    def scope(self) -> str:
        """The scope that a token needs to use this service."""
        return f"access:services!service={self.service_name}"

    @classmethod
    def of(cls, variables: Mapping[str, str]) -> Self:
        """The settings in environment variables. Raises `NotAService`."""
        for name in ("JUPYTERHUB_API_URL", "JUPYTERHUB_API_TOKEN"):
            if not variables.get(name):
                raise NotAService(
                    f"{name} is not set. Let JupyterHub start this service, or set it: see docs/jupyterhub.md."
                )
        token = variables["JUPYTERHUB_API_TOKEN"]
        if not (token.isascii() and token.isprintable()) or " " in token:
            raise NotAService(
                "JUPYTERHUB_API_TOKEN contains a space, a line break or another character that no token has. "
                "Write it anew, without one at its end."
            )
        name = variables.get("JUPYTERHUB_SERVICE_NAME") or "speccollab"
        address = urlsplit(variables.get("JUPYTERHUB_SERVICE_URL") or "http://127.0.0.1:10101")
        base = _path(variables.get("JUPYTERHUB_BASE_URL", ""))
        return cls(
            name,
            address.hostname or "",
            address.port or (443 if address.scheme == "https" else 80),
            f"{base}hub/",
            _path(variables.get("JUPYTERHUB_SERVICE_PREFIX", "") or f"{base}services/{name}"),
        )


def _path(path: str) -> str:
    inner = path.strip("/")
    return f"/{inner}/" if inner else "/"
