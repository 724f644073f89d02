"""``request_sync`` is answered with the missing operations, or with the text."""

from __future__ import annotations

from tests.handlers.logins import Login, insert


async def test_request_sync_lists_what_came_or_gives_the_text(ada: Login, bob: Login) -> None:
    spec_id = await ada.new_spec("text")
    one, two = await ada.joined(spec_id), await bob.joined(spec_id)
    await one.commits(insert(4, "!"))
    told = await two.expect("remote_operation")
    epoch = one.welcome["epoch"]
    await two.send("request_sync", lastKnownVersion=1)
    assert await two.expect("sync") == {"version": 2, "epoch": epoch, "operations": [told]}
    await two.send("request_sync", lastKnownVersion=2)
    assert await two.expect("sync") == {"version": 2, "epoch": epoch, "operations": []}
    await two.send("request_sync", lastKnownVersion=1, content=False)
    assert await two.expect("sync") == {"version": 2, "epoch": epoch, "operations": [told]}
    for asked in (
        {"lastKnownVersion": 2, "content": True},
        {"lastKnownVersion": 3},
        {"lastKnownVersion": 2**53 - 1},
    ):
        await two.send("request_sync", **asked)
        assert await two.expect("sync") == {"version": 2, "epoch": epoch, "content": "text!"}, asked
    await two.nothing_more()


async def test_four_mebibytes_of_operations_come_as_content(ada: Login) -> None:
    spec_id = await ada.new_spec("")
    path = f"api/specs/{spec_id}/document"
    for version in range(6):
        content = chr(97 + version) * 400_000
        assert (await ada.call("PUT", path, {"content": content, "version": version}))[
            "version"
        ] == version + 1
    socket = await ada.joined(spec_id, lastKnownVersion=0, epoch=(await ada.call("GET", path))["epoch"])
    assert "content" in socket.welcome or len(str(socket.welcome["operations"])) <= 4 * 1024 * 1024
    await socket.send("request_sync", lastKnownVersion=5)
    (entry,) = (await socket.expect("sync"))["operations"]
    assert entry["version"] == 6
