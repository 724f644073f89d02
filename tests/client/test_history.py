"""The history of a spec from Python, on a real server."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from jupyter_speccollab.client import history as history_module
from jupyter_speccollab.client.sync.refusal import Disconnected
from jupyter_speccollab.errors import Forbidden, RevisionNotFound
from tests.client.conftest import Client
from tests.handlers.logins import Login
from tests.handlers.test_collaborators import share

TEXT = "# Login\n\n- FR-001: Log in\n"


async def test_who_did_what(ada: Login, bob: Login, client: Client) -> None:
    spec_id = await ada.new_spec(TEXT)
    async with client(ada, spec_id) as mine, client(bob, spec_id) as theirs:
        await theirs.append("\n## Tokens\n")
        await theirs.synchronised()
        await mine.wait_for(lambda text: "Tokens" in text)
        await mine.label("1.0")
        await mine.replace("Log in", "Log in or out")
        await mine.synchronised()
        newest, first = await mine.history()
        assert (newest["fromVersion"], newest["toVersion"], newest["added"]) == (2, 3, 13)
        assert [person["userName"] for person in first["people"]] == ["Ada Lovelace", "Bob Kahn"]
        assert [one["label"] for one in first["revisions"]] == [None, "1.0"]
        assert await mine.history(limit=1) == [newest]
        assert await mine.history(before=3) == [first]
        bob_id = next(person["userId"] for person in first["people"] if person["userName"] == "Bob Kahn")
        assert await mine.history(user=bob_id) == [first]
        assert await mine.history(subject="FR-001") == [newest, first]
        diff = await mine.diff(3)
        assert [(hunk["removed"], hunk["added"]) for hunk in diff["hunks"]] == [("Log in", "Log in or out")]
        assert (await mine.diff(3, 1))["from"] == 1
        attribution = await mine.attribution()
        assert (attribution["version"], sum(run[0] for run in attribution["runs"])) == (3, len(mine.content))
        assert {person["userName"] for person in attribution["people"]} == {"Ada Lovelace", "Bob Kahn"}
        assert (await mine.attribution(1))["runs"][0][:2] == [len(TEXT), 1]
        assert (await mine.at(1))["content"] == TEXT
        await mine.remove_label(2)
        assert [one["label"] for one in await mine.revisions()] == [None, None, None]
        with pytest.raises(RevisionNotFound):
            await mine.diff(9)


async def test_what_is_new_since_my_last_visit(ada: Login, bob: Login, client: Client) -> None:
    spec_id = await ada.new_spec(TEXT)
    async with client(ada, spec_id) as mine, client(bob, spec_id) as theirs:
        assert sum(each["added"] for each in await mine.changes(since="my last visit")) == len(TEXT)
        assert await mine.mark_read() == 1
        assert await mine.changes(since="my last visit") == []
        await theirs.replace("Log in", "Log in or out")
        await theirs.synchronised()
        (change,) = await mine.changes(since="my last visit")
        assert change["subject"]["id"] == "FR-001"
        assert [person["userName"] for person in change["people"]] == ["Bob Kahn"]
        assert await mine.changes(since=1) == [change]
        assert await mine.changes(since=1, until=1) == []
        assert await mine.changes(since=datetime.now(UTC) - timedelta(hours=1), until=2) != []
        assert await mine.changes(since=datetime.now() + timedelta(hours=1)) == []
        assert await mine.mark_read(2) == 2
        assert await mine.mark_read(1) == 2
        assert await theirs.changes(since="my last visit") != []
        with pytest.raises(ValueError, match="a version, a datetime, or 'my last visit'"):
            await mine.changes(since="yesterday")


async def test_a_long_history_is_read_in_pages(
    ada: Login, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(history_module, "PAGE", 2)
    spec_id = await ada.new_spec("0")
    async with client(ada, spec_id) as spec:
        for number in range(1, 8):
            await spec.label(str(number))
            await spec.append(str(number))
        await spec.synchronised()
        found = await spec.history(limit=99)
        assert [each["toVersion"] for each in found] == [8, 7, 6, 5, 4, 3, 2, 1]
        assert await spec.history(limit=5) == found[:5]


async def test_one_who_may_only_read_has_a_mark_and_takes_no_label_away(
    ada: Login, bob: Login, client: Client
) -> None:
    spec_id = await ada.new_spec(TEXT)
    await share(ada, spec_id, "user:bob", "viewer")
    async with client(bob, spec_id) as spec:
        assert await spec.mark_read() == 1
        assert len(await spec.history()) == 1
        with pytest.raises(Forbidden):
            await spec.remove_label(1)


async def test_it_is_asked_for_after_connecting(ada: Login, client: Client) -> None:
    spec = client(ada, await ada.new_spec(TEXT))
    for call in (spec.history, spec.attribution, spec.mark_read):
        with pytest.raises(Disconnected, match="Connect first"):
            await call()


async def test_a_plain_script_reads_the_same(ada: Login, bob: Login, client: Client) -> None:
    spec_id = await ada.new_spec(TEXT)

    def script(make: Any) -> None:
        with make(ada, spec_id) as spec:
            spec.mark_read()
            spec.replace("Log in", "Log out")
            spec.synchronised()
            spec.label("Out")
            (sitting,) = spec.history()
            assert [one["label"] for one in sitting["revisions"]] == [None, "Out"]
            (change,) = spec.changes(since="my last visit")
            assert change["subject"]["title"] == "Log out"
            assert spec.changes(since=spec.version) == []
            assert spec.diff(spec.version)["hunks"][0]["removed"] == "Log in"
            assert sum(run[0] for run in spec.attribution()["runs"]) == len(spec.content)
            spec.remove_label(spec.version)
            assert spec.revisions()[0]["label"] is None
            assert spec.at(1)["content"] == TEXT

    await asyncio.to_thread(script, client)
