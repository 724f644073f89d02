"""Finds a spec by its id or its title."""

from __future__ import annotations

import re
from typing import Any, Final
from unicodedata import normalize

from jupyter_speccollab.client.server import Server
from jupyter_speccollab.document.name import search_key
from jupyter_speccollab.errors import InvalidMessage, SpecNotFound

_UUID: Final = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


async def find(server: Server, wanted: str, create: bool) -> dict[str, Any]:
    """The entry of the spec whose id or title is ``wanted``. With ``create``, a missing title is created.

    A title is found whatever its normal form, and whatever its case if no title has the same case. Raises
    `SpecNotFound`, and `InvalidMessage` if several specs have that title.
    """
    if _UUID.fullmatch(wanted):
        return dict(await server.call("GET", f"/{wanted.lower()}"))
    found = await _titled(server, wanted)
    if len(found) == 1:
        return found[0]
    if found:
        ids = ", ".join(entry["specId"] for entry in found[:5])
        raise InvalidMessage(f"Several specs have the title {wanted!r}. Pass the id of one of them ({ids}).")
    if create:
        return dict(await server.call("POST", "", {"title": wanted}))
    raise SpecNotFound(
        f"No spec has the title {wanted!r}, or you may not see it. Pass create=True to create one."
    )


async def _titled(server: Server, title: str) -> list[dict[str, Any]]:
    """The specs with this title; if there are none, those whose title differs in case only."""
    found: list[dict[str, Any]] = []
    title, key = normalize("NFC", title), search_key(title)
    query: dict[str, Any] = {"q": title, "limit": 200}
    while True:
        page = await server.call("GET", "", **query)
        found += [entry for entry in page["specs"] if search_key(entry["title"]) == key]
        if not page.get("nextCursor"):
            same = [entry for entry in found if normalize("NFC", entry["title"]) == title]
            return same or found
        query["cursor"] = page["nextCursor"]
