"""Programs of a user: they have a name of their own, and never hide whose they are."""

from __future__ import annotations

import pytest

from tests.handlers.logins import Login, insert


async def test_others_read_its_name_and_whose_it_is(ada: Login, bob: Login) -> None:
    spec_id = await ada.new_spec("text")
    other = await bob.joined(spec_id)
    program = await ada.joined(spec_id, program="Nightly report")
    joined = await other.until("user_joined")
    assert joined["userName"] == "Nightly report (Ada Lovelace)"
    assert {row["userName"] for row in joined["activeUsers"]} == {"Bob Kahn", "Nightly report (Ada Lovelace)"}
    assert program.me["userName"] == "Ada Lovelace"
    await program.commits(insert(0, "x"), cursor={"line": 0, "column": 1})
    assert (await other.until("remote_operation"))["userName"] == "Nightly report (Ada Lovelace)"
    assert (await other.until("remote_cursor"))["userName"] == "Nightly report (Ada Lovelace)"
    await program.send("join_session", specId=spec_id)
    await program.until("session_joined")
    await program.commits(insert(0, "y"))
    assert (await other.until("remote_operation"))["userName"] == "Nightly report (Ada Lovelace)"


async def test_its_user_keeps_the_name_of_the_login(ada: Login, bob: Login) -> None:
    """In the history, which tells who is responsible, and in the list where the user is there as well."""
    spec_id = await ada.new_spec("text")
    program = await ada.joined(spec_id, program="Bob Kahn")
    await program.commits(insert(0, "x"))
    document = await bob.call("GET", f"api/specs/{spec_id}/document")
    assert [row["userName"] for row in document["activeCollaborators"]] == ["Bob Kahn (Ada Lovelace)"]
    revisions = await ada.call("GET", f"api/specs/{spec_id}/revisions")
    assert {entry["modifiedByName"] for entry in revisions["revisions"]} == {"Ada Lovelace"}
    other = await bob.joined(spec_id)
    page = await ada.joined(spec_id)
    there = (await other.until("user_joined"))["activeUsers"]
    assert [row["userName"] for row in there] == ["Ada Lovelace", "Bob Kahn"]
    page.connection.close()


async def test_by_polling_it_is_the_same(ada: Login, bob: Login) -> None:
    spec_id = await ada.new_spec("text")
    other = await bob.joined(spec_id)
    await ada.call("POST", f"api/specs/{spec_id}/session", {"specId": spec_id, "program": "Report"})
    assert (await other.until("user_joined"))["userName"] == "Report (Ada Lovelace)"


async def test_ones_own_name_is_not_said_twice(ada: Login, bob: Login) -> None:
    spec_id = await ada.new_spec("text")
    other = await bob.joined(spec_id)
    await ada.joined(spec_id, program="Ada Lovelace")
    assert (await other.until("user_joined"))["userName"] == "Ada Lovelace"


@pytest.mark.parametrize(
    ("program", "code"),
    [
        ("", "INVALID_MESSAGE"),
        (" \u200b", "INVALID_MESSAGE"),
        ("x" * 41, "INVALID_MESSAGE"),
        (7, "INVALID_MESSAGE"),
        ("a\nb", "INVALID_CONTENT"),
        ("\u202eabc", "INVALID_CONTENT"),
    ],
)
async def test_what_is_no_name_is_refused(ada: Login, program: object, code: str) -> None:
    spec_id = await ada.new_spec("text")
    socket = await ada.socket(spec_id)
    await socket.expect("connect")
    await socket.send("join_session", specId=spec_id, program=program)
    assert (await socket.expect("error"))["code"] == code
    await socket.send("join_session", specId=spec_id, program="Report")
    await socket.expect("session_joined")
