"""Live collaborative editing of specifications in JupyterLab."""

from __future__ import annotations

from typing import Any

from jupyter_speccollab._version import __version__

__all__ = ["__version__"]


def _jupyter_labextension_paths() -> list[dict[str, str]]:
    return [{"src": "labextension", "dest": "jupyter-speccollab"}]


def _jupyter_server_extension_points() -> list[dict[str, Any]]:
    from jupyter_speccollab.app import SpecCollabApp  # noqa: PLC0415 (importing the package starts nothing)

    return [{"module": "jupyter_speccollab", "app": SpecCollabApp}]
