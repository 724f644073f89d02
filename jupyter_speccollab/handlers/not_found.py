"""Addresses below ``/api/specs`` that do not exist."""

from __future__ import annotations

from typing import Any

from jupyter_speccollab.errors import NotFound
from jupyter_speccollab.handlers.base import SpecHandler


class NotFoundHandler(SpecHandler):
    """Answers with NOT_FOUND in the protocol's envelope, where Tornado would send a page."""

    async def prepare(self, **options: Any) -> None:
        await super().prepare(**options)
        raise NotFound("There is no such address. See docs/protocol.md.")
