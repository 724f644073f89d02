"""Attempts to do more than one's role allows."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from jupyter_speccollab.document.user import user_id_of
from tests.handlers.attacks.plan import TEXT, unharmed
from tests.handlers.auth.test_tokens import signed
from tests.handlers.logins import Login, Logins, applied, delete, insert
from tests.handlers.test_collaborators import share


async def test_a_viewers_edits_on_every_transport(ada: Login, bob: Login, plan: str) -> None:
    socket = await bob.joined(plan)
    joined = await bob.call("POST", f"api/specs/{plan}/session", {"specId": plan, "role": "owner"})
    events = f"api/specs/{plan}/session/{joined['sessionId']}/events"
    async with unharmed(ada, plan):
        for components in ([insert(0, "x")], [delete(0, 1)], [insert(0, "x"), delete(0, 1)]):
            await socket.edit(*components)
            assert (await socket.answer())["code"] == "FORBIDDEN"
        edit = {"operationId": str(uuid4()), "version": 1, "operations": [insert(0, "x")]}
        await bob.call("POST", events, [{"event": "operation", "data": edit}])
        acks: list[Any] = []
        while not acks:
            found = (await bob.call("GET", events, after=0))["events"]
            acks = [event["data"]["code"] for event in found if event["event"] == "operation_ack"]
        assert acks == ["FORBIDDEN"]
        for method, path, body in [
            ("PUT", "/document", {"content": "x", "version": 1}),
            ("PUT", "/document", {"content": TEXT, "version": 1, "label": "mine"}),
            ("POST", "/revisions", {"label": "mine"}),
            ("POST", "/revisions/0/restore", {}),
            ("DELETE", "/revisions/1/label", None),
            ("PATCH", "", {"title": "mine"}),
            ("PUT", "/collaborators/user:bob", {"role": "owner"}),
            ("PUT", "/collaborators/group:all", {"role": "viewer"}),
            ("DELETE", "/collaborators/user:ada", None),
            ("DELETE", "", None),
        ]:
            assert await bob.refused(method, f"api/specs/{plan}{path}", body) == (403, "FORBIDDEN"), path


async def test_a_role_taken_away_in_mid_typing(ada: Login, bob: Login, plan: str) -> None:
    """The text contains exactly the acknowledged edits, and no edit is committed after the change of role."""
    await share(ada, plan, "user:bob", "contributor")
    watcher, socket = await ada.joined(plan), await bob.joined(plan)
    sent: list[str] = []

    async def type_on() -> None:
        for number in range(400):
            sent.append(await socket.edit(insert(0, f"<{number}>"), version=1))
            await asyncio.sleep(0.001)

    typing = asyncio.create_task(type_on())
    acked: set[str] = set()
    while len(acked) < 20:
        acked.add((await socket.answer())["operationId"])
    await share(ada, plan, "user:bob", "viewer")
    after = (await ada.call("GET", f"api/specs/{plan}/document"))["version"]
    await typing
    refused: set[str] = set()
    while len(acked) + len(refused) < len(sent):
        ack = await socket.answer()
        (acked if ack["success"] else refused).add(ack["operationId"])
        assert ack["success"] or ack["code"] == "FORBIDDEN"
    assert refused
    document = await ada.call("GET", f"api/specs/{plan}/document")
    assert document["version"] == after == 1 + len(acked)
    assert document["content"].count("<") == len(acked)
    text = TEXT
    while watcher.version < document["version"]:
        remote = await watcher.until("remote_operation")
        text, watcher.version = applied(text, remote["operations"]), remote["version"]
    assert text == document["content"]


async def test_leaving_is_no_way_up(ada: Login, logins: Logins, plan: str) -> None:
    """An admin can't make anybody an owner, neither themselves nor a group."""
    carol = logins.of("carol", "Carol")
    await share(ada, plan, "user:carol", "admin")
    for principal in ("user:carol", user_id_of("jupyter", "carol"), "group:carols"):
        answer = await carol.refused("PUT", f"api/specs/{plan}/collaborators/{principal}", {"role": "owner"})
        assert answer == (403, "FORBIDDEN")
    for method, body in [("PUT", {"role": "viewer"}), ("DELETE", None)]:
        answer = await carol.refused(method, f"api/specs/{plan}/collaborators/user:ada", body)
        assert answer == (403, "FORBIDDEN")
    assert (await carol.call("GET", f"api/specs/{plan}"))["role"] == "admin"


async def test_a_token_that_widens_itself_by_authenticate(
    ada: Login, bob: Login, eve: Login, plan: str
) -> None:
    """A token with the role owner does not raise Bob's role, and Ada's token does not give him her identity."""
    socket = await bob.joined(plan)
    await socket.send("authenticate", token=signed("bob", role="owner"))
    await socket.expect("authenticated")
    await socket.edit(insert(0, "x"))
    assert (await socket.answer())["code"] == "FORBIDDEN"
    await socket.send("authenticate", token=signed("ada"))
    assert (await socket.expect("error"))["code"] == "UNAUTHENTICATED"
    await socket.nothing_more()
    far = datetime.now(UTC) + timedelta(days=1)
    outsider = Login(
        eve.address, {"Authorization": f"Bearer {signed('eve', role='owner', spec=plan, exp=far)}"}
    )
    assert await outsider.refused("GET", f"api/specs/{plan}") == (404, "SPEC_NOT_FOUND")
