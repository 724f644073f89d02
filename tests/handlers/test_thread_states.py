"""Comments are resolved and opened, suggestions accepted and rejected."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.handlers.logins import Login, Logins, text_of
from tests.handlers.test_revisions import put
from tests.handlers.threads import QUICK, TEXT, Spec, comment, suggestion, user_id


@pytest.fixture
def speccollab_config() -> dict[str, Any]:
    return {"default_role": "none"}


class TestStates:
    @pytest.mark.parametrize("state", ["accepted", "rejected"])
    async def test_a_comment_is_neither_accepted_nor_rejected(self, spec: Spec, state: str) -> None:
        made = await spec.open(comment(*QUICK, 1))
        place = f"threads/{made['threadId']}"
        assert await spec.refused("PATCH", place, {"state": state}) == (400, "INVALID_MESSAGE")

    async def test_a_suggestion_is_not_resolved(self, spec: Spec) -> None:
        made = await spec.open(suggestion(*QUICK, 1, "slow"))
        place = f"threads/{made['threadId']}"
        for state in ("resolved", "gone", None):
            assert await spec.refused("PATCH", place, {"state": state}) == (400, "INVALID_MESSAGE")

    async def test_an_accepted_suggestion_is_the_suggesters_edit(
        self, spec: Spec, ada: Login, bob: Login
    ) -> None:
        socket = await ada.joined(spec.spec_id)
        made = await spec.by(bob).open(suggestion(*QUICK, 1, "slow"))
        accepted = await spec.state(made["threadId"], "accepted")
        assert (accepted["state"], accepted["acceptedVersion"]) == ("accepted", 2)
        assert accepted["resolvedByName"] == "Ada Lovelace"
        assert await text_of(ada, spec.spec_id) == TEXT.replace("quick", "slow")
        operation = await socket.until("remote_operation")
        ada_id, bob_id = await user_id(ada, spec), await user_id(bob, spec)
        assert (operation["userId"], operation["authorId"]) == (ada_id, bob_id)
        assert (operation["authorName"], operation["threadId"]) == ("Bob Kahn", made["threadId"])
        assert operation["sessionId"] is None
        runs = await ada.call("GET", f"{spec.path}/attribution")
        assert {each["userId"] for each in runs["people"]} == {ada_id, bob_id}
        again = await spec.state(made["threadId"], "accepted")
        assert again["changed"] == accepted["changed"]
        socket.close()

    async def test_an_accepted_suggestion_is_final(self, spec: Spec, bob: Login, logins: Logins) -> None:
        cyd = logins.of("cyd", "Cyd")
        await spec.role("cyd", "contributor")
        made = await spec.by(bob).open(suggestion(*QUICK, 1, "slow"))
        await spec.state(made["threadId"], "accepted")
        place = f"threads/{made['threadId']}"
        for who, state in ((cyd, "accepted"), (bob, "rejected"), (bob, "open"), (cyd, "open")):
            assert await spec.by(who).refused("PATCH", place, {"state": state}) == (409, "THREAD_CLOSED")
        rejected = await spec.by(bob).open(suggestion(*QUICK, 1, "red"))
        await spec.state(rejected["threadId"], "rejected")
        place = f"threads/{rejected['threadId']}"
        assert await spec.refused("PATCH", place, {"state": "accepted"}) == (409, "THREAD_CLOSED")

    async def test_words_that_others_changed_elsewhere_are_merged(self, spec: Spec, bob: Login) -> None:
        passage = TEXT.index("quick"), TEXT.index("jumps")
        made = await spec.by(bob).open(suggestion(*passage, 1, "quick brown cat "))
        await put(spec.login, spec.spec_id, TEXT.replace("quick", "very quick"), 1)
        await spec.state(made["threadId"], "accepted")
        assert await text_of(bob, spec.spec_id) == TEXT.replace("quick brown fox", "very quick brown cat")

    async def test_the_same_words_make_it_stale(self, spec: Spec, bob: Login) -> None:
        made = await spec.by(bob).open(suggestion(0, 15, 1, "The slow brown"))
        await put(spec.login, spec.spec_id, TEXT.replace("quick", "quiet"), 1)
        path = f"{spec.path}/threads/{made['threadId']}"
        response = await spec.login.fetch("PATCH", path, {"state": "accepted"})
        refusal = json.loads(response.body)
        assert (response.code, refusal["code"]) == (409, "SUGGESTION_STALE")
        assert refusal["details"]["present"] == "The quiet brown"
        assert (await spec.one(made["threadId"]))["state"] == "open"
        await put(spec.login, spec.spec_id, TEXT.replace("quick", "slow"), 2)
        equal = await spec.state(made["threadId"], "accepted")
        assert equal["acceptedVersion"] == 4
        assert await text_of(bob, spec.spec_id) == TEXT.replace("quick", "slow")

    async def test_an_orphan_is_stale_but_for_its_deletion(self, spec: Spec, bob: Login) -> None:
        changed = await spec.by(bob).open(suggestion(*QUICK, 1, "slow"))
        removed = await spec.by(bob).open(suggestion(*QUICK, 1, ""))
        placed = await spec.by(bob).open(suggestion(4, 4, 1, "very "))
        await put(spec.login, spec.spec_id, TEXT.replace("quick", ""), 1)
        place = f"threads/{changed['threadId']}"
        assert await spec.refused("PATCH", place, {"state": "accepted"}) == (409, "SUGGESTION_STALE")
        accepted = await spec.state(removed["threadId"], "accepted")
        assert accepted["acceptedVersion"] == 3
        await spec.state(placed["threadId"], "accepted")
        assert await text_of(bob, spec.spec_id) == TEXT.replace("quick", "very ")


async def test_history_says_who_accepted(spec: Spec, ada: Login, bob: Login) -> None:
    made = await spec.by(bob).open(suggestion(*QUICK, 1, "slow"))
    await spec.state(made["threadId"], "accepted")
    sittings = (await ada.call("GET", f"{spec.path}/history"))["sittings"]
    people = {person["userName"] for sitting in sittings for person in sitting["people"]}
    assert people == {"Ada Lovelace", "Bob Kahn"}
    log = await ada.call("GET", f"{spec.path}/operations", after=1)
    assert [person["userName"] for person in log["people"]] == ["Bob Kahn"]
