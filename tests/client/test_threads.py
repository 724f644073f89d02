"""Comments and suggestions from Python, on a real server."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from jupyter_speccollab.client import ThreadChange
from jupyter_speccollab.client.server import Server
from jupyter_speccollab.client.sync.refusal import Disconnected
from jupyter_speccollab.client.transport import Transport
from jupyter_speccollab.errors import (
    Forbidden,
    InvalidMessage,
    NotFound,
    SuggestionStale,
    ThreadClosed,
    ThreadNotFound,
)
from tests.client.conftest import Client, cut
from tests.handlers.logins import Login
from tests.handlers.test_collaborators import share
from tests.handlers.threads import new_id

TEXT = "The quick brown fox jumps over the lazy dog.\n"


async def test_two_people_talk_and_agree(ada: Login, bob: Login, client: Client) -> None:
    spec_id = await ada.new_spec(TEXT)
    async with client(ada, spec_id) as mine, client(bob, spec_id) as theirs:
        asked = await theirs.comment("quick", "Is it? @ada")
        assert (asked["quote"], asked["messages"][0]["body"]) == ("quick", "Is it? @ada")
        offered = await theirs.suggest((4, 9), "slow", "It is old.")
        assert [each["threadId"] for each in await mine.threads()] == [offered["threadId"], asked["threadId"]]
        assert len((await mine.reply(asked, "No."))["messages"]) == 2
        assert (await mine.resolve(asked))["state"] == "resolved"
        assert (await mine.accept(offered["threadId"]))["acceptedVersion"] == 2
        await theirs.wait_for(lambda text: "slow" in text)
        assert await mine.threads() == []
        assert len(await mine.threads("closed")) == len(await mine.threads("all")) == 2
        assert (await mine.reopen(asked))["state"] == "open"
        assert (await mine.thread(asked))["state"] == "open"
        inserted = await theirs.suggest((0, 0), "# Foxes\n\n")
        assert (await mine.reject(inserted))["state"] == "rejected"
        with pytest.raises(ThreadClosed):
            await mine.accept(inserted)


async def test_messages_are_changed_and_taken_back(ada: Login, bob: Login, client: Client) -> None:
    spec_id = await ada.new_spec(TEXT)
    await share(ada, spec_id, "user:bob", "contributor")
    async with client(ada, spec_id) as mine, client(bob, spec_id) as theirs:
        asked = await theirs.comment("quick", "Is it?")
        answered = await mine.reply(asked, "No.")
        changed = await mine.edit_message(answered["messages"][1], "Yes.")
        assert changed["messages"][1]["body"] == "Yes."
        with pytest.raises(Forbidden):
            await mine.edit_message(asked["threadId"], "Mine.")
        with pytest.raises(Forbidden):
            await theirs.delete_message(answered["messages"][1]["messageId"])
        emptied = await mine.delete_message(answered["messages"][1])
        assert emptied["messages"][1]["deleted"] is True
        with pytest.raises(NotFound):
            await mine.edit_message(answered["messages"][1], "Back.")
        with pytest.raises(Forbidden):
            await theirs.delete_thread(asked)
        await mine.delete_thread(asked)
        assert await theirs.threads("all") == []


async def test_what_is_not_sent_yet_is_sent_first(ada: Login, bob: Login, client: Client) -> None:
    spec_id = await ada.new_spec(TEXT)
    async with client(ada, spec_id) as mine, client(bob, spec_id) as theirs:
        mine.apply([{"type": "insert", "position": 0, "content": "Now: new words. "}])
        theirs.apply([{"type": "insert", "position": 0, "content": "# Title\n"}])
        made = await asyncio.gather(mine.comment((5, 8), "Why new?"), mine.comment("new", "Why?"))
        assert [each["quote"] for each in made] == ["new", "new"]
        for word in ("nowhere", "", "o"):
            with pytest.raises(LookupError):
                await mine.comment(word, "Where?")
        with pytest.raises(InvalidMessage):
            await mine.comment((0, 0), "Nothing.")


async def test_roles_hold(ada: Login, bob: Login, client: Client) -> None:
    spec_id = await ada.new_spec(TEXT)
    await share(ada, spec_id, "user:bob", "commenter")
    async with client(ada, spec_id) as mine, client(bob, spec_id) as theirs:
        assert theirs.role == "commenter"
        with pytest.raises(Forbidden):
            await theirs.append("x")
        offered = await theirs.suggest("The quick brown", "The slow brown")
        for call in (theirs.accept, theirs.resolve):
            with pytest.raises((Forbidden, InvalidMessage)):
                await call(offered)
        await mine.set_content(TEXT.replace("quick", "quiet"))
        await mine.synchronised()
        with pytest.raises(SuggestionStale) as stale:
            await mine.accept(offered)
        assert stale.value.details["present"] == "The quiet brown"
        await share(ada, spec_id, "user:bob", "viewer")
        for work in (theirs.comment("fox", "x"), theirs.suggest("fox", "x"), theirs.reply(offered, "x")):
            with pytest.raises(Forbidden):
                await work
        assert len(await theirs.threads()) == 1
        with pytest.raises(ThreadNotFound):
            await mine.thread(new_id())


class TestWatching:
    async def test_each_change_comes_once(self, ada: Login, bob: Login, client: Client) -> None:
        spec_id = await ada.new_spec(TEXT)
        async with client(ada, spec_id) as mine, client(bob, spec_id) as theirs:
            await theirs.comment("fox", "Before.")
            await until(lambda: mine._session.threads_version == 1)  # type: ignore[union-attr]
            changes = mine.watch_threads()
            made = await theirs.comment("quick", "Is it?")
            await mine.resolve(made)
            await ada.call("DELETE", f"api/specs/{spec_id}/threads/{made['threadId']}")
            found = [await asyncio.wait_for(anext(changes), 10) for _ in range(3)]
            assert [each.thread_id for each in found] == [made["threadId"]] * 3
            assert [each.thread and each.thread["state"] for each in found] == ["open", "resolved", None]
        with pytest.raises(StopAsyncIteration):
            await anext(changes)

    async def test_what_happens_while_the_connection_is_lost(
        self, ada: Login, bob: Login, client: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        is_back = asyncio.Event()
        open_ = Transport.open

        async def open_when_back(server: Server, spec_id: str) -> Transport:
            await is_back.wait()
            return await open_(server, spec_id)

        spec_id = await ada.new_spec(TEXT)
        async with client(ada, spec_id) as mine, client(bob, spec_id) as theirs:
            changes = mine.watch_threads()
            monkeypatch.setattr(Transport, "open", open_when_back)
            cut(mine)
            await until(lambda: not mine.is_connected)
            made = [await theirs.comment("quick", str(number)) for number in range(3)]
            await theirs.reply(made[1], "Again.")
            is_back.set()
            await until(lambda: mine.is_connected)
            found = [await asyncio.wait_for(anext(changes), 10) for _ in range(3)]
            expected = [made[0], made[2], made[1]]
            assert [each.thread_id for each in found] == [each["threadId"] for each in expected]
            last = await theirs.comment("quick", "last")
            assert (await asyncio.wait_for(anext(changes), 10)).thread_id == last["threadId"]

    async def test_it_is_asked_for_after_connecting(self, ada: Login, client: Client) -> None:
        spec = client(ada, await ada.new_spec(TEXT))
        with pytest.raises(Disconnected, match="Connect first"):
            spec.watch_threads()
        with pytest.raises(Disconnected, match="Connect first"):
            await spec.threads()


async def test_a_plain_script_does_the_same(ada: Login, bob: Login, client: Client) -> None:
    spec_id = await ada.new_spec(TEXT)

    def script(make: Any) -> list[ThreadChange]:
        with make(ada, spec_id) as spec:
            changes = spec.watch_threads()
            assert spec.content == TEXT
            spec.insert(0, "Now: ")
            asked = spec.comment((9, 14), "Is it?")
            assert asked["quote"] == "quick"
            offered = spec.suggest("quick", "slow", "It is old.")
            spec.reply(asked, "No.")
            spec.resolve(asked)
            spec.reopen(asked)
            spec.accept(offered)
            other = spec.suggest("fox", "cat")
            spec.reject(other)
            assert spec.wait_for(lambda text: "slow" in text).startswith("Now: The slow")
            assert spec.thread(asked)["state"] == "open"
            assert len(spec.threads("all")) == 3
            spec.edit_message(offered["messages"][0], "It is very old.")
            spec.delete_message(offered["threadId"])
            spec.delete_thread(other)
            return [next(changes) for _ in range(11)]

    told = await asyncio.to_thread(script, client)
    assert [each.thread and each.thread["changed"] for each in told] == [*range(1, 11), None]


async def until(condition: Any) -> None:
    for _ in range(1_000):
        if condition():
            return
        await asyncio.sleep(0.01)
    raise AssertionError("it did not come about")
