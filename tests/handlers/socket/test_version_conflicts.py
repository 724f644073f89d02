"""Operations whose base version the server can not transform: ahead of the document, or too far behind."""

from __future__ import annotations

import pytest

from tests.handlers.logins import Login, insert, text_of


async def test_a_version_ahead_is_a_conflict_and_a_sync_with_content_follows(ada: Login, bob: Login) -> None:
    spec_id = await ada.new_spec("text")
    one, two = await ada.joined(spec_id), await bob.joined(spec_id)
    await one.expect("user_joined")
    operation_id = await one.edit(insert(0, "x"), version=7)
    assert await one.expect("version_conflict") == {
        "operationId": operation_id,
        "expectedVersion": 7,
        "currentVersion": 1,
        "conflictingOperations": [],
    }
    assert await one.expect("sync") == {"version": 1, "epoch": one.welcome["epoch"], "content": "text"}
    await one.nothing_more()
    await two.nothing_more()
    # An id can be sent again until it is committed.
    await one.commits(insert(0, "x"), version=1, operationId=operation_id)


class TestTooFarBehind:
    @pytest.fixture
    def speccollab_config(self) -> dict[str, object]:
        return {"max_stale_versions": 3, "operations_per_minute": 10_000}

    async def test_what_came_since_is_listed_and_the_client_may_send_again(
        self, ada: Login, bob: Login
    ) -> None:
        spec_id = await ada.new_spec("text")
        one, two = await ada.joined(spec_id), await bob.joined(spec_id)
        told = []
        for number in range(4):
            await one.commits(insert(0, str(number)))
            told.append(await two.expect("remote_operation"))
        assert two.welcome["limits"]["maxStaleVersions"] == 3
        operation_id = await two.edit(insert(4, "!"), version=1)
        conflict = await two.expect("version_conflict")
        assert conflict == {
            "operationId": operation_id,
            "expectedVersion": 1,
            "currentVersion": 5,
            "conflictingOperations": told,
        }
        await two.nothing_more()
        await two.commits(insert(8, "!"), version=5, operationId=operation_id)
        assert await text_of(ada, spec_id) == "3210text!"
        await two.commits(insert(0, "?"), version=3)  # three versions behind are allowed

    async def test_where_too_many_came_a_sync_with_content_follows(self, ada: Login, bob: Login) -> None:
        spec_id = await ada.new_spec("")
        one, two = await ada.joined(spec_id), await bob.joined(spec_id)
        await one.expect("user_joined")
        for number in range(1_001):
            await one.edit(insert(0, "x"), version=number // 3 * 3)
            if number % 3 == 2:
                for _ in range(3):
                    assert (await one.expect("operation_ack"))["success"], number
        while (await two.expect("remote_operation"))["version"] < 1_001:
            pass
        await two.edit(insert(0, "!"), version=0)
        conflict = await two.expect("version_conflict")
        assert (conflict["expectedVersion"], conflict["conflictingOperations"]) == (0, [])
        assert conflict["currentVersion"] == 1_001
        sync = await two.expect("sync")
        assert (sync["version"], sync["content"]) == (1_001, "x" * 1_001)
