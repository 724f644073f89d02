"""Finds the server that a notebook's kernel belongs to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from jupyter_speccollab.errors import NotFound


def discover(environment: Mapping[str, str]) -> tuple[str, str | None]:
    """The address and token of the server to use when the caller named none.

    The first of these that exists: ``SPECCOLLAB_URL`` (with ``SPECCOLLAB_TOKEN``, or the hub's token); on a
    JupyterHub, the hub's service; in a kernel, the server that started it; the only server of this user that
    runs on this machine. Raises `NotFound`.
    """
    hub_token = environment.get("JUPYTERHUB_API_TOKEN")
    if url := environment.get("SPECCOLLAB_URL"):
        return url, environment.get("SPECCOLLAB_TOKEN") or hub_token
    if hub_token and (hub := environment.get("JUPYTERHUB_PUBLIC_HUB_URL")):
        return hub_service(hub.removesuffix("/").removesuffix("/hub")), hub_token
    server = _chosen(_running(), environment.get("JPY_PARENT_PID"))
    return server["url"], server.get("token") or environment.get("JUPYTER_TOKEN") or hub_token


def hub_service(base_url: str) -> str:
    """The address of a hub's service; ``base_url`` is the hub's, with or without a host."""
    return f"{base_url.removesuffix('/')}/services/speccollab/"


def _running() -> Iterable[Mapping[str, Any]]:
    from jupyter_server.serverapp import list_running_servers  # noqa: PLC0415 (a second to import)

    return list_running_servers()


def _chosen(servers: Iterable[Mapping[str, Any]], parent: str | None) -> Mapping[str, Any]:
    known = list(servers)
    of_kernel = [server for server in known if str(server["pid"]) == parent]
    found = of_kernel or known
    if len(found) == 1:
        return found[0]
    hint = 'Pass its address: SpecClient("http://localhost:8888/", token="...", spec="...").'
    if not found:
        raise NotFound(f"No running Jupyter server was found. {hint}")
    raise NotFound(
        f"Several Jupyter servers are running: {', '.join(server['url'] for server in found)}. {hint}"
    )
