"""Every spec: the ids of all specs, for a command that goes through them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from jupyter_speccollab.store.base import Store

PAGE: Final = 500
"""How many specs are read at once."""


async def every_spec(store: Store) -> Sequence[str]:
    """The ids of all specs that are not in the trash."""
    found: dict[str, None] = {}
    cursor = None
    while True:
        page = await store.specs(cursor=cursor, limit=PAGE)
        found |= dict.fromkeys(spec.spec_id for spec in page.specs)
        cursor = page.next_cursor
        if cursor is None:
            return list(found)
