"""The attacked spec, and the check that an attack changed nothing."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from tests.handlers.logins import Login
from tests.handlers.test_collaborators import roles

TEXT = "# Plan\n\nNobody but us.\n"


@asynccontextmanager
async def unharmed(ada: Login, plan: str) -> AsyncIterator[None]:
    """Check that text, version, title, roles and revisions are the same before and after."""

    async def state() -> list[Any]:
        document = await ada.call("GET", f"api/specs/{plan}/document")
        entry = await ada.call("GET", f"api/specs/{plan}")
        return [
            document["content"],
            document["version"],
            entry["title"],
            await roles(ada, plan),
            [row["version"] for row in (await ada.call("GET", f"api/specs/{plan}/revisions"))["revisions"]],
            len((await ada.call("GET", "api/specs"))["specs"]),
        ]

    before = await state()
    yield
    assert await state() == before
