"""What a client that was away learns of threads that were deleted meanwhile, however many they are."""

from __future__ import annotations

from typing import Any

import pytest

from jupyter_speccollab.service.threads import reading
from tests.handlers.logins import Login
from tests.handlers.threads import QUICK, TEXT, Spec, comment


@pytest.fixture
def speccollab_config() -> dict[str, Any]:
    return {"default_role": "owner", "writes_per_minute": 1_000}


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "DELETED", 3)


class Reader:
    """A client that knows what section 14 of the protocol says, and nothing else."""

    def __init__(self, spec: Spec) -> None:
        self.spec = spec
        self.threads: dict[str, int] = {}
        """The last change of each thread that it knows."""
        self.version = 0
        self.pages = 0

    async def catch_up(self, **query: Any) -> None:
        """Ask for what has changed, page for page, and apply each page."""
        first = page = await self.spec.list(since=self.version, **query)
        self._apply(page)
        while page["nextBefore"] is not None:
            page = await self.spec.list(since=self.version, before=page["nextBefore"], **query)
            self._apply(page)
        self.version = first["threadsVersion"]

    def _apply(self, page: dict[str, Any]) -> None:
        self.pages += 1
        for thread in page["threads"]:
            self.threads[thread["threadId"]] = thread["changed"]
        for gone in page["deleted"]:
            self.threads.pop(gone, None)


async def many(ada: Login) -> tuple[Spec, list[str]]:
    """A spec with twenty comments."""
    spec = Spec(ada, await ada.new_spec(TEXT))
    made = [comment(*QUICK, 1) for _ in range(20)]
    for body in made:
        await ada.call("POST", f"{spec.path}/threads", body)
    return spec, [body["threadId"] for body in made]


async def delete(spec: Spec, *thread_ids: str) -> None:
    for thread_id in thread_ids:
        await spec.login.call("DELETE", f"{spec.path}/threads/{thread_id}")


@pytest.mark.usefixtures("few")
@pytest.mark.parametrize("limit", [1, 2, 200])
async def test_every_page_together_tells_of_all_that_are_gone(ada: Login, limit: int) -> None:
    """Changes and deletions in turn, more than a page names, whatever the length of a page is."""
    spec, made = await many(ada)
    reader = Reader(spec)
    await reader.catch_up()
    assert set(reader.threads) == set(made)
    for number in (0, 3, 6, 9):
        await delete(spec, made[number], made[number + 1])
        await spec.reply(made[number + 2], "Still here.")
    await delete(spec, *made[12:17])
    await reader.catch_up(limit=limit)
    present = (await spec.list())["threads"]
    assert reader.threads == {thread["threadId"]: thread["changed"] for thread in present}
    assert len(reader.threads) == 7


@pytest.mark.usefixtures("few")
async def test_each_thread_is_on_one_page(ada: Login) -> None:
    spec, made = await many(ada)
    await spec.reply(made[19], "Before the deletions.")
    await delete(spec, *made[:7])
    await spec.reply(made[18], "After them.")
    asked: dict[str, Any] = {"since": 20}
    seen: list[str] = []
    gone: list[str] = []
    befores: list[int] = []
    while True:
        page = await spec.list(**asked)
        assert len(page["deleted"]) <= 3
        seen += [thread["threadId"] for thread in page["threads"]]
        gone += page["deleted"]
        if page["nextBefore"] is None:
            break
        befores.append(page["nextBefore"])
        asked["before"] = page["nextBefore"]
    assert seen == [made[18], made[19]]
    assert gone == made[:7][::-1]
    assert befores == sorted(set(befores), reverse=True)


async def test_the_first_page_names_all_where_they_are_not_very_many(ada: Login) -> None:
    """So a client that reads ``deleted`` on the first page alone is right too."""
    spec, made = await many(ada)
    await delete(spec, *made[:8])
    for thread_id in made[8:12]:
        await spec.reply(thread_id, "Changed.")
    page = await spec.list(since=20, limit=1)
    assert set(page["deleted"]) == set(made[:8])
    assert page["nextBefore"] is not None
    nothing = await spec.list(since=page["threadsVersion"])
    assert (nothing["threads"], nothing["deleted"], nothing["nextBefore"]) == ([], [], None)


@pytest.mark.usefixtures("few")
async def test_a_list_without_since_names_none(ada: Login) -> None:
    spec, made = await many(ada)
    await delete(spec, *made[:8])
    for state in ("open", "closed", "all"):
        page = await spec.list(state=state)
        assert (page["deleted"], page["nextBefore"]) == ([], None)
