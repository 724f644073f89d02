"""Repeats of a save: they leave the revision alone, cost no quota, and are bounded by a number of their own."""

from __future__ import annotations

from jupyter_server.serverapp import ServerApp

from tests.handlers.logins import Login
from tests.handlers.test_document import TEXT, put, refused


async def test_a_repeat_leaves_its_revision_as_it_is(ada: Login, bob: Login) -> None:
    spec = await ada.new_spec(TEXT)
    body = {"content": "two", "version": 1, "label": "Mine"}
    await ada.call("PUT", f"api/specs/{spec}/document", body)
    await bob.call("POST", f"api/specs/{spec}/revisions", {"label": "Bob's"})
    first = await ada.call("GET", f"api/specs/{spec}/revisions")
    assert first["revisions"][0]["label"] == "Bob's"
    await ada.call("PUT", f"api/specs/{spec}/document", body)
    await put(ada, spec, "two", 1, label="Another")
    assert await ada.call("GET", f"api/specs/{spec}/revisions") == first


async def test_a_repeat_adds_a_label_only_where_there_is_none(ada: Login) -> None:
    spec = await ada.new_spec(TEXT)
    for label, shown in ((None, None), ("First", "First"), (None, "First"), ("Second", "First")):
        await put(ada, spec, "two", 1, **({"label": label} if label else {}))
        page = await ada.call("GET", f"api/specs/{spec}/revisions")
        assert [entry["label"] for entry in page["revisions"]] == [shown, None]


async def test_repeats_cost_no_quota_and_are_bounded_by_a_number_of_their_own(
    ada: Login, jp_serverapp: ServerApp
) -> None:
    (app,) = jp_serverapp.extension_manager.extension_apps["jupyter_speccollab"]
    documents = app.services.documents
    documents.repeats.limiter.limit = 5
    spec = await ada.new_spec(TEXT)
    body = {"content": "two", "version": 1}
    await ada.call("PUT", f"api/specs/{spec}/document", body)
    user_id = (await ada.joined(spec)).me["userId"]
    left, _ = documents.writes.limiter.remaining(user_id, documents._monotonic())
    for _ in range(5):
        await ada.call("PUT", f"api/specs/{spec}/document", body)
    refusal = await refused(ada, spec, body)
    assert (refusal["status"], refusal["code"]) == (429, "RATE_LIMITED")
    assert refusal["details"]["retryAfterMs"] > 0
    assert documents.writes.limiter.remaining(user_id, documents._monotonic())[0] == left
