"""What a role does not allow, the Python client refuses or is refused: `Forbidden`, and nothing has changed."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import pytest

from jupyter_speccollab.client import SpecClient
from jupyter_speccollab.errors import Forbidden
from tests.client.conftest import Client
from tests.handlers.auth.test_tokens import SECRET, signed
from tests.handlers.logins import Login
from tests.handlers.test_collaborators import share

TEXT = "# Foxes\n\nThe quick brown fox jumps over the lazy dog.\n"

Call = Callable[[SpecClient, "Opened"], Awaitable[Any]]


@dataclass(frozen=True)
class Opened:
    """What somebody who may comment has opened: a comment, a suggestion, and closed ones of both kinds."""

    comment: str
    suggestion: str
    resolved: str
    rejected: str


COMMENTING: dict[str, Call] = {
    "comment": lambda spec, opened: spec.comment("quick", "Is it?"),
    "suggest": lambda spec, opened: spec.suggest("quick", "slow"),
    "suggest an insertion": lambda spec, opened: spec.suggest((0, 0), "x"),
    "reply": lambda spec, opened: spec.reply(opened.comment, "Yes."),
    "edit a message": lambda spec, opened: spec.edit_message(opened.comment, "Was it?"),
    "delete a message": lambda spec, opened: spec.delete_message(opened.comment),
    "delete": lambda spec, opened: spec.delete_thread(opened.comment),
    "resolve": lambda spec, opened: spec.resolve(opened.comment),
    "open a comment again": lambda spec, opened: spec.reopen(opened.resolved),
    "reject": lambda spec, opened: spec.reject(opened.suggestion),
    "open a suggestion again": lambda spec, opened: spec.reopen(opened.rejected),
}
"""What a commenter may do, and a viewer not."""


async def apply(spec: SpecClient, opened: Opened) -> None:
    spec.apply([{"type": "insert", "position": 0, "content": "x"}])


EDITING: dict[str, Call] = {
    "accept": lambda spec, opened: spec.accept(opened.suggestion),
    "insert": lambda spec, opened: spec.insert(0, "x"),
    "append": lambda spec, opened: spec.append("x"),
    "delete text": lambda spec, opened: spec.delete(0, 1),
    "replace": lambda spec, opened: spec.replace("quick", "slow"),
    "set the content": lambda spec, opened: spec.set_content("x"),
    "edit": lambda spec, opened: spec.edit([{"type": "insert", "position": 0, "content": "x"}]),
    "apply": apply,
    "append under a heading": lambda spec, opened: spec.append_under("Foxes", "x"),
    "replace a section": lambda spec, opened: spec.replace_section("Foxes", "x"),
    "append a table": lambda spec, opened: spec.append_table([{"a": 1}]),
    "append a row": lambda spec, opened: spec.append_row({"a": 1}, create=True),
    "label": lambda spec, opened: spec.label("x"),
    "remove a label": lambda spec, opened: spec.remove_label(1),
    "throw away": lambda spec, opened: spec.move_to_trash(),
}
"""What neither of them may do."""


@pytest.fixture
def speccollab_config() -> dict[str, Any]:
    return {"default_role": "none", "token_secret": SECRET, "writes_per_minute": 1_000}


@pytest.fixture
def opened(
    ada: Login, bob: Login, client: Client, jp_asyncio_loop: asyncio.AbstractEventLoop
) -> tuple[str, Opened]:
    """A spec of Ada's in which Bob, a commenter, has opened some threads."""

    async def make() -> tuple[str, Opened]:
        spec_id = await ada.new_spec(TEXT)
        await bob.call("GET", "api/specs")
        await share(ada, spec_id, "user:bob", "commenter")
        async with client(bob, spec_id) as spec:
            made = [await spec.comment("fox", "Which?"), await spec.suggest("fox", "cat")]
            made.append(await spec.resolve(await spec.comment("dog", "Which?")))
            made.append(await spec.reject(await spec.suggest("dog", "cat")))
        return spec_id, Opened(*(thread["threadId"] for thread in made))

    return jp_asyncio_loop.run_until_complete(make())


async def stands(ada: Login, spec_id: str) -> tuple[Any, Any]:
    threads = await ada.call("GET", f"api/specs/{spec_id}/threads", state="all")
    return threads, await ada.call("GET", f"api/specs/{spec_id}/document")


async def refused(spec: SpecClient, opened: Opened, calls: dict[str, Call]) -> None:
    """Check that each call is refused."""
    done = []
    for name, call in calls.items():
        try:
            await call(spec, opened)
        except Forbidden:
            continue
        done.append(name)
    assert done == []


@pytest.mark.parametrize("who", ["bob", "ada"])
async def test_a_viewer_writes_and_edits_nothing(
    ada: Login, bob: Login, client: Client, opened: tuple[str, Opened], who: str
) -> None:
    """By role, and an owner by a token that says viewer."""
    spec_id, threads = opened
    await share(ada, spec_id, "user:bob", "viewer")
    token = signed("ada", role="viewer", spec=spec_id)
    login = bob if who == "bob" else Login(ada.address, {"Authorization": f"Bearer {token}"})
    before = await stands(ada, spec_id)
    async with client(login, spec_id) as spec:
        assert spec.role == "viewer"
        await refused(spec, threads, {**COMMENTING, **EDITING})
        assert len(await spec.threads("all")) == 4
        assert (await spec.thread(threads.comment))["state"] == "open"
    assert await stands(ada, spec_id) == before


@pytest.mark.parametrize("who", ["bob", "ada"])
async def test_a_commenter_edits_nothing(
    ada: Login, bob: Login, client: Client, opened: tuple[str, Opened], who: str
) -> None:
    spec_id, threads = opened
    token = signed("ada", role="commenter", spec=spec_id)
    login = bob if who == "bob" else Login(ada.address, {"Authorization": f"Bearer {token}"})
    before = await stands(ada, spec_id)
    async with client(login, spec_id) as spec:
        assert spec.role == "commenter"
        await refused(spec, threads, EDITING)
    assert await stands(ada, spec_id) == before


async def test_a_commenter_may_do_all_that_a_viewer_may_not(
    bob: Login, client: Client, opened: tuple[str, Opened]
) -> None:
    """So each of the calls that a viewer is refused is one that works."""
    spec_id, threads = opened
    async with client(bob, spec_id) as spec:
        await COMMENTING["reply"](spec, threads)
        for name, call in COMMENTING.items():
            if name != "delete":
                await call(spec, threads)
        await COMMENTING["delete"](spec, threads)


async def test_a_plain_script_of_a_viewer_is_refused_too(
    ada: Login, client: Client, opened: tuple[str, Opened]
) -> None:
    spec_id, threads = opened
    token = signed("ada", role="viewer")
    login = Login(ada.address, {"Authorization": f"Bearer {token}"})
    before = await stands(ada, spec_id)

    def script() -> None:
        with client(login, spec_id) as spec:
            for call in (
                lambda: spec.comment("quick", "Is it?"),
                lambda: spec.suggest("quick", "slow"),
                lambda: spec.reply(threads.comment, "Yes."),
                lambda: spec.edit_message(threads.comment, "Was it?"),
                lambda: spec.delete_message(threads.comment),
                lambda: spec.delete_thread(threads.comment),
                lambda: spec.resolve(threads.comment),
                lambda: spec.reopen(threads.resolved),
                lambda: spec.reject(threads.suggestion),
                lambda: spec.accept(threads.suggestion),
                lambda: spec.append("x"),
            ):
                with pytest.raises(Forbidden):
                    call()

    await asyncio.to_thread(script)
    assert await stands(ada, spec_id) == before
