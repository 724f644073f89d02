"""Cursors that are sent with an operation."""

from __future__ import annotations

from tests.handlers.logins import Login, insert


async def test_a_cursor_sent_with_an_operation_goes_on_at_the_version_that_it_got(
    ada: Login, bob: Login
) -> None:
    spec_id = await ada.new_spec("ab\ncd")
    one, two = await ada.joined(spec_id), await bob.joined(spec_id)
    await one.commits(insert(5, "e"), cursor={"line": 1, "column": 3})
    assert (await two.expect("remote_operation"))["version"] == 2
    cursor = await two.expect("remote_cursor")
    assert cursor == {
        "userId": one.me["userId"],
        "userName": "Ada Lovelace",
        "sessionId": one.welcome["sessionId"],
        "cursor": {"line": 1, "column": 3, "selection": None},
        "version": 2,
    }
    await one.nothing_more()


async def test_a_cursor_of_a_concurrent_operation_is_moved_with_it(ada: Login, bob: Login) -> None:
    spec_id = await ada.new_spec("ab\ncd")
    one, two = await ada.joined(spec_id), await bob.joined(spec_id)
    await one.commits(insert(0, "new\nlines\n"))
    selection = {"start": {"line": 1, "column": 0}, "end": {"line": 1, "column": 3}}
    await two.edit(insert(5, "e"), version=1, cursor={"line": 1, "column": 3, "selection": selection})
    assert (await one.until("remote_operation"))["version"] == 3
    cursor = await one.expect("remote_cursor")
    assert cursor["version"] == 3
    assert cursor["cursor"] == {
        "line": 3,
        "column": 3,
        "selection": {"start": {"line": 3, "column": 0}, "end": {"line": 3, "column": 3}},
    }
