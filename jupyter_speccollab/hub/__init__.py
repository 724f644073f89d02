"""The hub service: one server beside a JupyterHub that keeps the specs of everybody on it.

It owns the credentials of the database and of Redis; each person's own server has none of them.
"""

from __future__ import annotations

from typing import Any


def _jupyter_server_extension_points() -> list[dict[str, Any]]:
    from jupyter_speccollab.hub.service import HubService  # noqa: PLC0415 (needs jupyterhub)

    return [{"module": "jupyter_speccollab.hub", "app": HubService}]
