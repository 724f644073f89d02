"""`SpecClient` on a real server, beside others."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from jupyter_speccollab.client import Change, SpecClient
from jupyter_speccollab.client.sync.refusal import Disconnected
from jupyter_speccollab.errors import (
    Forbidden,
    InvalidContent,
    InvalidMessage,
    InvalidOperation,
    NotFound,
    SpecNotFound,
    TooManySessions,
    Unauthenticated,
)
from jupyter_speccollab.text import Operation
from tests.client.conftest import Client, cut
from tests.handlers.logins import Login, Logins, insert


async def test_it_reads_edits_and_tells_who_is_there(ada: Login, bob: Login, client: Client) -> None:
    spec_id = await ada.new_spec("# Churn 🦊\n", title="Churn")
    async with client(ada, "Churn") as first, client(bob, spec_id) as second:
        assert (first.content, first.version, first.role) == ("# Churn 🦊\n", 1, "owner")
        await first.append("one\n")
        await first.insert(0, "zero\r\n")
        await first.delete(0, 2)
        assert await first.replace("🦊", "🐙🐙") == 1
        await first.synchronised()
        assert (
            await second.wait_for(lambda text: "🐙🐙" in text) == first.content == "ro\n# Churn 🐙🐙\none\n"
        )
        assert second.version == first.version
        await second.wait_for(lambda _: len(second.collaborators) == 2)
        assert {row["userName"] for row in second.collaborators} == {"Ada Lovelace", "Bob Kahn"}
    document = await ada.call("GET", f"api/specs/{spec_id}/document")
    assert document["content"] == "ro\n# Churn 🐙🐙\none\n"


async def test_two_clients_converge_on_concurrent_edits(ada: Login, bob: Login, client: Client) -> None:
    spec_id = await ada.new_spec("👩‍🚀 start " * 5)
    async with client(ada, spec_id) as first, client(bob, spec_id) as second:

        async def type_into(spec: SpecClient, word: str) -> None:
            for number in range(20):
                await spec.insert(len(spec.content) // 2, f"{word}{number}😀")
                if number % 3 == 0:
                    await spec.delete(0, 1)
                await asyncio.sleep(0.001)

        await asyncio.gather(type_into(first, "α"), type_into(second, "β"))
        await first.synchronised()
        await second.synchronised()
        target = max(first.version, second.version)
        await first.wait_for(lambda _: first.version >= target, 10)
        await second.wait_for(lambda _: second.version >= target, 10)
        assert first.content == second.content
        assert first.content.count("α") == first.content.count("β") == 20
    assert (await ada.call("GET", f"api/specs/{spec_id}/document"))["content"] == first.content


async def test_it_moves_the_spec_to_the_trash_and_is_closed(ada: Login, bob: Login, client: Client) -> None:
    spec_id = await ada.new_spec("one")
    async with client(bob, spec_id) as other:
        async with client(ada, spec_id) as spec:
            await spec.append(" two")
            await spec.move_to_trash()
            assert not spec.is_connected
            with pytest.raises((Disconnected, SpecNotFound)):
                await spec.append(" late")
        with pytest.raises(SpecNotFound):
            await other.wait_for(lambda text: "late" in text, 10)
    await ada.call("POST", f"api/specs/{spec_id}/undelete")
    assert (await ada.call("GET", f"api/specs/{spec_id}/document"))["content"] == "one two"


async def test_changes_tells_of_others_only(ada: Login, bob: Login, client: Client) -> None:
    spec_id = await ada.new_spec("text")
    async with client(ada, spec_id) as first, client(bob, spec_id) as second:
        changes = first.changes()
        await first.append(" mine")
        await first.synchronised()
        await second.wait_for(lambda text: "mine" in text)
        await second.insert(0, "theirs ")
        change = await anext(changes)
        assert change == Change(3, Operation.of("theirs "), change.user_id, "Bob Kahn")
    with pytest.raises(StopAsyncIteration):
        await anext(changes)


async def test_set_content_keeps_what_others_write_meanwhile(ada: Login, bob: Login, client: Client) -> None:
    spec_id = await ada.new_spec("one\ntwo\nthree\n")
    async with client(ada, spec_id) as first, client(bob, spec_id) as second:
        await second.append("four\n")
        await first.set_content("one\n2\nthree\n")
        await first.synchronised()
        await second.synchronised()
        for spec in (first, second):
            await spec.wait_for(lambda text: text == "one\n2\nthree\nfour\n", 10)


async def test_an_outstanding_operation_survives_a_cut(ada: Login, client: Client) -> None:
    spec_id = await ada.new_spec("base ")
    async with client(ada, spec_id) as spec:
        for number in range(6):
            await spec.append(f"{number};")
            cut(spec)
            await spec.append(f"{number}!;")
            assert spec.unsent is not None
            await spec.synchronised(10)
        assert spec.content == "base " + "".join(f"{number};{number}!;" for number in range(6))
        assert spec.unsent is None
    assert (await ada.call("GET", f"api/specs/{spec_id}/document"))["content"] == spec.content


async def test_it_comes_back_to_others_changes(ada: Login, bob: Login, client: Client) -> None:
    spec_id = await ada.new_spec("base")
    async with client(ada, spec_id) as spec:
        socket = await bob.joined(spec_id)
        cut(spec)
        await spec.insert(0, "A")
        for _ in range(5):
            await socket.edit(insert(4, "b"))
            socket.version = (await socket.until("operation_ack"))["version"]
        await spec.wait_for(lambda text: text[0] == "A" and text.count("b") == 6, 10)
        await spec.synchronised(10)
        assert (await ada.call("GET", f"api/specs/{spec_id}/document"))["content"] == spec.content
        socket.close()


class TestFarBehind:
    @pytest.fixture
    def speccollab_config(self) -> dict[str, Any]:
        return {"max_stale_versions": 3, "operations_per_minute": 100_000}

    @pytest.mark.parametrize("missed", [10, 1_100])
    async def test_it_rebases_over_what_the_server_can_not(
        self, ada: Login, bob: Login, client: Client, missed: int
    ) -> None:
        """Over a list of operations, or over the text where that would be too long."""
        spec_id = await ada.new_spec("base")
        async with client(ada, spec_id) as spec:
            address, spec._server.url = spec._server.url, "http://127.0.0.1:9/"
            cut(spec)
            await spec.insert(0, "A")
            socket = await bob.joined(spec_id)
            for _ in range(missed):
                await socket.edit(insert(len("base"), "b"))
                socket.version = (await socket.until("operation_ack"))["version"]
            spec._server.url = address
            await spec.synchronised(20)
            assert spec.content == "Abase" + "b" * missed
            socket.close()


async def test_a_large_paste_goes_in_parts(ada: Login, bob: Login, client: Client) -> None:
    spec_id = await ada.new_spec("<>")
    paste = "".join(f"line {number} — “quoted” \\ 🦊\n" for number in range(2_500))
    async with client(ada, spec_id) as first, client(bob, spec_id) as second:
        await first.insert(1, paste)
        await second.insert(0, "B")
        await first.synchronised(30)
        await second.wait_for(lambda text: text == f"B<{paste}>", 10)
        assert first.version > 7


class TestRate:
    @pytest.fixture
    def speccollab_config(self) -> dict[str, Any]:
        return {"operations_per_minute": 6_000}

    async def test_what_is_edited_while_waiting_goes_out_together(self, ada: Login, client: Client) -> None:
        spec_id = await ada.new_spec("")
        async with client(ada, spec_id) as spec:
            for number in range(1_000):
                await spec.append(f"{number} ")
            await spec.synchronised(10)
            assert spec.version < 1_000
            assert spec.content == "".join(f"{number} " for number in range(1_000))


async def test_refused_for_the_rate_it_waits_and_sends_again(
    ada: Login, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    spec_id = await ada.new_spec("")
    async with client(ada, spec_id) as spec:
        exchange = spec._session.exchange  # type: ignore[union-attr]
        await spec.append("a")
        operation_id = exchange.replica.pending.outstanding.operation_id  # type: ignore[union-attr]
        refusal = {"operationId": operation_id, "success": False, "code": "RATE_LIMITED", "retryAfterMs": 200}
        exchange.receive("operation_ack", refusal, asyncio.get_running_loop().time())
        await spec.append("b")
        await spec.synchronised(10)
        assert spec.content == "ab"


async def test_history(ada: Login, client: Client) -> None:
    spec_id = await ada.new_spec("one")
    async with client(ada, spec_id) as spec:
        await spec.append(" two")
        revision = await spec.label("v1")
        assert (revision["label"], revision["version"]) == ("v1", 2)
        listed = await spec.revisions()
        assert [entry["version"] for entry in listed] == [2, 1]
        assert "content" not in listed[0]
        assert (await spec.at(1))["content"] == "one"


async def test_finding_a_spec(ada: Login, client: Client) -> None:
    await ada.new_spec("a", title="Twice")
    await ada.new_spec("b", title="Twice")
    with pytest.raises(InvalidMessage, match="Several specs"):
        await client(ada, "Twice").connect()
    with pytest.raises(SpecNotFound, match="create=True"):
        await client(ada, "Nowhere").connect()
    with pytest.raises(SpecNotFound):
        await client(ada, "6f1ad1f2-1d0c-4b0e-9a43-7b7f4c0a5d11").connect()
    async with client(ada, "New", create=True) as spec:
        assert (spec.title, spec.content, spec.version) == ("New", "", 0)


async def test_what_is_no_edit_is_refused_and_changes_nothing(ada: Login, client: Client) -> None:
    spec_id = await ada.new_spec("text")
    async with client(ada, spec_id) as spec:
        for wrong in (spec.insert(5, "x"), spec.delete(2, 9)):
            with pytest.raises(InvalidOperation):
                await wrong
        with pytest.raises(InvalidContent):
            await spec.append("\0")
        with pytest.raises(ValueError, match="0 and up"):
            await spec.insert(-1, "x")
        await spec.edit([{"type": "insert", "position": 4, "content": "!"}])
        await spec.edit(Operation())
        assert spec.content == "text!"


async def test_a_bad_login_or_address_says_so(logins: Logins, client: Client, jp_base_url: str) -> None:
    with pytest.raises(Unauthenticated):
        await client(logins.stranger(), "Any").connect()
    with pytest.raises(NotFound, match="no jupyter_speccollab"):
        await SpecClient(
            f"http://{logins.owner().address}nowhere/", spec="Any", headers=logins.owner().headers
        ).connect()
    with pytest.raises(OSError, match="refused"):
        await SpecClient("http://127.0.0.1:9/", spec="Any").connect()
    with pytest.raises(ValueError, match="http"):
        SpecClient("localhost:8888", spec="Any")


async def test_the_end_of_a_spec_ends_the_session_and_keeps_the_text(ada: Login, client: Client) -> None:
    spec_id = await ada.new_spec("text")
    spec = await client(ada, spec_id).connect()
    changes = spec.changes()
    await ada.call("DELETE", f"api/specs/{spec_id}")
    with pytest.raises(SpecNotFound):
        await spec.wait_for(lambda _: False, 10)
    with pytest.raises(SpecNotFound):
        await spec.append("x")
    with pytest.raises(SpecNotFound):
        await anext(changes)
    assert spec.content == "text"
    await spec.close()


class TestViewer:
    @pytest.fixture
    def speccollab_config(self) -> dict[str, Any]:
        return {"default_role": "viewer"}

    async def test_a_viewer_watches(self, ada: Login, bob: Login, client: Client) -> None:
        entry = await ada.call("POST", "api/specs", {"title": "Mine", "content": "text"})
        async with client(bob, entry["specId"]) as spec:
            assert spec.role == "viewer"
            with pytest.raises(Forbidden):
                await spec.append("x")
            assert spec.content == "text"


async def test_closing_without_the_server_says_what_is_unsent(ada: Login, client: Client) -> None:
    spec_id = await ada.new_spec("text")
    spec = await client(ada, spec_id, patience=0.3).connect()
    spec._server.url = "http://127.0.0.1:9/"
    cut(spec)
    await spec.append("!")
    with pytest.raises(Disconnected):
        await spec.close()
    assert spec.content == "text!"
    assert spec.unsent == Operation.of(4, "!")


async def test_others_see_the_cursor(ada: Login, bob: Login, client: Client) -> None:
    spec_id = await ada.new_spec("one\ntwo\n")
    socket = await bob.joined(spec_id)
    async with client(ada, spec_id) as spec:
        await spec.insert(4, "2=")
        await spec.synchronised()
        seen = await socket.until("remote_cursor")
        assert seen["cursor"] == {"line": 1, "column": 2, "selection": None}
        await spec.move_cursor(1, anchor=5)
        seen = await socket.until("remote_cursor")
        assert seen["cursor"]["selection"] == {
            "start": {"line": 0, "column": 1},
            "end": {"line": 1, "column": 1},
        }
    socket.close()


async def test_taken_over_it_goes_on_as_a_new_session(ada: Login, client: Client) -> None:
    spec_id = await ada.new_spec("text")
    async with client(ada, spec_id) as spec:
        session_id = spec._session._session_id  # type: ignore[union-attr]
        socket = await ada.joined(spec_id, sessionId=session_id)
        await spec.append("!")
        await spec.synchronised(10)
        assert spec._session._session_id not in (None, session_id)  # type: ignore[union-attr]
        assert (await socket.until("remote_operation"))["version"] == 2
        socket.close()


class TestSessions:
    @pytest.fixture
    def speccollab_config(self) -> dict[str, Any]:
        return {"sessions_per_user": 1}

    async def test_one_session_too_many_is_refused(self, ada: Login, client: Client) -> None:
        spec_id = await ada.new_spec("text")
        async with client(ada, spec_id) as spec:
            with pytest.raises(TooManySessions):
                await client(ada, spec_id).connect()
            assert spec.is_connected
