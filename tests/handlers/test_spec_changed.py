"""``spec_changed``: everybody in a spec is told that its title, description, type or status has changed."""

from __future__ import annotations

import asyncio
from pathlib import Path

from tests.handlers.logins import Login, insert
from tests.handlers.test_polling import Polling
from tests.serving import JupyterServer


async def test_a_new_title_reaches_everybody_in_the_spec(ada: Login, bob: Login) -> None:
    spec_id, other = await ada.new_spec("text", "Old"), await ada.new_spec("text")
    polled, elsewhere = Polling(bob, spec_id), await bob.joined(other)
    await polled.join()
    sockets = [await ada.joined(spec_id), await bob.joined(spec_id)]
    entry = await ada.call("PATCH", f"api/specs/{spec_id}", {"title": "New", "description": "a\nb"})
    expected = {
        "title": "New",
        "description": "a\nb",
        "type": "",
        "status": "draft",
        "lastModified": entry["lastModified"],
    }
    for socket in sockets:
        assert await socket.until("spec_changed") == expected
    assert await polled.until("spec_changed") == expected
    await elsewhere.nothing_more()
    entry = await bob.call("PATCH", f"api/specs/{spec_id}", {"status": "approved", "type": "feature"})
    for socket in sockets:
        assert await socket.expect("spec_changed") == {**expected, "status": "approved", "type": "feature"}


async def test_what_changes_nothing_is_not_told(ada: Login) -> None:
    spec_id = await ada.new_spec("text", "Same")
    socket = await ada.joined(spec_id)
    await ada.call("PATCH", f"api/specs/{spec_id}", {"title": "Same"})
    await ada.call("PATCH", f"api/specs/{spec_id}", {})
    await socket.nothing_more()


async def test_a_status_that_front_matter_sets_is_told(ada: Login) -> None:
    spec_id = await ada.new_spec("---\nstatus: draft\n---\n")
    socket = await ada.joined(spec_id)
    content = "---\nstatus: review\n---\n"
    await ada.call("PUT", f"api/specs/{spec_id}/document", {"content": content, "version": 1})
    assert (await socket.until("spec_changed"))["status"] == "review"


async def test_another_server_tells_it_without_a_bus(tmp_path: Path) -> None:
    one = JupyterServer(tmp_path / "one")
    other = JupyterServer(tmp_path / "other", options={"SpecCollabApp.database_path": str(one.database)})
    with one, other:
        ada, bob = one.login("ada", "Ada"), other.login("bob", "Bob")
        spec_id = await ada.new_spec("text", "Old")
        here, there = await ada.joined(spec_id), await bob.joined(spec_id)
        await ada.call("PATCH", f"api/specs/{spec_id}", {"title": "New"})
        async with asyncio.timeout(10):
            assert (await here.until("spec_changed"))["title"] == "New"
            assert (await there.until("spec_changed"))["title"] == "New"
        await bob.call("PATCH", f"api/specs/{spec_id}", {"title": "Newer"})
        await here.commits(insert(0, "x"))
        async with asyncio.timeout(10):
            assert (await here.until("spec_changed"))["title"] == "Newer"
