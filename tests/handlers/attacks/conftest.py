"""Ada owns a spec. Bob is a viewer of it, and Eve has no role."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from tests.handlers.attacks.plan import TEXT
from tests.handlers.auth.test_tokens import SECRET
from tests.handlers.logins import Login, Logins
from tests.handlers.test_collaborators import share


@pytest.fixture
def speccollab_config() -> dict[str, Any]:
    return {
        "default_role": "none",
        "token_secret": SECRET,
        "writes_per_minute": 10_000,
        "operations_per_minute": 10_000,
    }


@pytest.fixture
def eve(logins: Logins) -> Login:
    return logins.of("eve", "Eve")


@pytest.fixture
def plan(ada: Login, bob: Login, jp_asyncio_loop: asyncio.AbstractEventLoop) -> str:
    """Ada's spec, in which Bob is a viewer."""

    async def make() -> str:
        spec_id = await ada.new_spec(TEXT, title="Plan")
        await share(ada, spec_id, "user:bob", "viewer")
        return spec_id

    return jp_asyncio_loop.run_until_complete(make())
