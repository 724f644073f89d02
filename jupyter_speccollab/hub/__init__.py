"""The hub service: one server beside a JupyterHub that keeps the specs of all its users.

Only this server has the credentials of the database and of Redis; the users' own servers have none.
"""

from __future__ import annotations

from typing import Any


def _jupyter_server_extension_points() -> list[dict[str, Any]]:
    from jupyter_speccollab.hub.service import HubService  # noqa: PLC0415 (needs jupyterhub)

    return [{"module": "jupyter_speccollab.hub", "app": HubService}]
