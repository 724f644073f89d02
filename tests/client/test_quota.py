"""A client whose edits are refused for a quota: nothing that was typed is lost."""

from __future__ import annotations

from typing import Any

import pytest

from jupyter_speccollab.errors import QuotaExceeded
from jupyter_speccollab.service import quotas
from tests.client.conftest import Client
from tests.handlers.logins import Login


@pytest.fixture
def speccollab_config() -> dict[str, Any]:
    return {"bytes_per_user": 30_000}


async def test_a_refused_edit_is_kept_and_sent_when_there_is_room(
    ada: Login, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(quotas, "REFRESH", 0.0)
    old = await ada.new_spec("x" * 14_000, "Old")
    spec_id = await ada.new_spec("", "New")
    spec = client(ada, spec_id)
    await spec.connect()
    typed = ""

    async def type_on() -> None:
        nonlocal typed
        for number in range(40):
            typed += f"{number:03} " * 250
            await spec.append(f"{number:03} " * 250)
            await spec.synchronised(20)

    with pytest.raises(QuotaExceeded, match="Delete specs that you no longer need"):
        await type_on()
    assert spec.unsent is not None
    kept = spec.content
    assert kept == typed[: len(kept)]
    assert len(kept) >= len(typed) - 1_000
    with pytest.raises(QuotaExceeded):
        await spec.close()
    await ada.call("DELETE", f"api/specs/{old}", permanently="true")
    await spec.connect()
    await spec.synchronised(20)
    assert (await ada.call("GET", f"api/specs/{spec_id}/document"))["content"] == spec.content == kept
    await spec.close()
