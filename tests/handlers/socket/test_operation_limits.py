"""The limits of operations: their length, the length of the document, and their number in a minute."""

from __future__ import annotations

import json
from typing import Any
from uuid import uuid4

import pytest

from tests.handlers.logins import Login, delete, insert, text_of
from tests.handlers.socket.refusals import refused


class TestOperationLength:
    """The limit counts ``JSON.stringify(data).length``, in UTF-16 units; exactly the limit is accepted."""

    LIMIT = 10_000

    def data(self, unit: str, length: int) -> dict[str, Any]:
        """Data whose compact JSON is ``length`` UTF-16 units long, filled with ``unit``."""
        data: dict[str, Any] = {
            "operationId": str(uuid4()), "version": 0, "operations": [insert(0, "")], "pad": "",
        }  # fmt: skip
        width = units(unit) - 2
        count, rest = divmod(length - units(data), width)
        data["operations"][0]["content"] = unit * count
        data["pad"] = "x" * rest
        assert units(data) == length
        return data

    async def test_it_is_counted_as_a_browser_counts(self, ada: Login) -> None:
        one = await ada.joined(await ada.new_spec(""))
        for unit in ["x", "é", "日", "😀", "\n", '"', "\\", "\x01", "/", "\u2028"]:
            for write in (compact, spaced, escaped):
                data = self.data(unit, self.LIMIT + 1)
                await one.raw(write({"event": "operation", "data": data}))
                ack = await one.expect("operation_ack")
                assert ack["operationId"] == data["operationId"]
                assert ack.get("code") == "OPERATION_TOO_LARGE", (unit, write)
                await one.raw(write({"event": "operation", "data": self.data(unit, self.LIMIT)}))
                assert (await one.expect("operation_ack"))["success"] is True, (unit, write)

    async def test_spaces_do_not_count(self, ada: Login) -> None:
        one = await ada.joined(await ada.new_spec(""))
        await one.raw(
            " " * 20_000 + compact({"event": "operation", "data": self.data("x", 9_000)}) + "\n" * 20_000
        )
        assert (await one.expect("operation_ack"))["success"] is True
        inner = compact(self.data("x", 9_000)).replace('"operations":', '"operations":' + " " * 30_000)
        await one.raw(f'{{"event":"operation","data":{inner}}}')
        assert (await one.expect("operation_ack"))["success"] is True


def units(value: object) -> int:
    return len(compact(value).encode("utf-16-le")) // 2


def compact(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def spaced(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1)


def escaped(value: object) -> str:
    return json.dumps(value)


class TestDocumentLength:
    @pytest.fixture
    def speccollab_config(self) -> dict[str, object]:
        return {"document_length": 10}

    async def test_a_document_may_be_as_long_as_the_limit_and_no_longer(self, ada: Login) -> None:
        spec_id = await ada.new_spec("01234567")
        one = await ada.joined(spec_id)
        await one.commits(insert(0, "😀😀"))
        assert (await refused(one, insert(0, "x")))["code"] == "DOCUMENT_TOO_LARGE"
        await one.commits(delete(0, 1), insert(0, "y"))
        assert await text_of(ada, spec_id) == "y😀01234567"
        path = f"api/specs/{spec_id}/document"
        body = {"content": "x" * 11, "version": 3}
        assert await ada.refused("PUT", path, body) == (413, "DOCUMENT_TOO_LARGE")
        body = {"title": "x", "content": "x" * 11}
        assert await ada.refused("POST", "api/specs", body) == (413, "DOCUMENT_TOO_LARGE")

    async def test_what_shortens_a_text_is_always_taken(self, ada: Login, jp_serverapp: Any) -> None:
        """If a document is longer than a lowered limit, it can still be shortened."""
        services = jp_serverapp.extension_manager.extension_apps["jupyter_speccollab"].pop().services
        object.__setattr__(services.documents.limits, "document_length", 20)
        spec_id = await ada.new_spec("x" * 20)
        object.__setattr__(services.documents.limits, "document_length", 10)
        one = await ada.joined(spec_id)
        assert (await refused(one, insert(0, "x")))["code"] == "DOCUMENT_TOO_LARGE"
        await one.commits(delete(0, 3))


class TestRate:
    @pytest.fixture
    def speccollab_config(self) -> dict[str, object]:
        return {"operations_per_minute": 5}

    async def test_one_too_many_in_a_minute_is_refused(self, ada: Login, bob: Login) -> None:
        spec_id = await ada.new_spec("")
        one, two = await ada.joined(spec_id), await bob.joined(spec_id)
        await one.expect("user_joined")
        for remaining in (4, 3, 2, 1, 0):
            limit = (await one.commits(insert(0, "x")))["rateLimit"]
            assert limit["remaining"] == remaining
            assert 50_000 < limit["resetMs"] <= 60_000
        ack = await refused(one, insert(0, "x"))
        assert ack["code"] == "RATE_LIMITED"
        assert 50_000 < ack["retryAfterMs"] <= 60_000
        for _ in range(5):
            await two.expect("remote_operation")
        await two.commits(insert(0, "y"), version=5)  # the limit counts each user separately

    async def test_it_counts_a_user_over_all_specs_and_sessions(self, ada: Login) -> None:
        specs = [await ada.new_spec("", title=str(number)) for number in range(2)]
        tabs = [await ada.joined(specs[0]), await ada.joined(specs[0]), await ada.joined(specs[1])]
        for tab in tabs:
            await tab.commits(insert(0, "x"), version=0)
        await tabs[2].commits(insert(0, "x"))
        assert (await tabs[2].commits(insert(0, "x")))["rateLimit"]["remaining"] == 0
        for tab in tabs:
            await tab.edit(insert(0, "x"), version=0)
            assert (await tab.answer())["code"] == "RATE_LIMITED"

    async def test_repeats_and_its_own_refusals_cost_nothing(self, ada: Login) -> None:
        one = await ada.joined(await ada.new_spec(""))
        first = await one.commits(insert(0, "a"), version=0)
        for _ in range(8):
            again = await one.commits(insert(0, "a"), version=0, operationId=first["operationId"])
            assert again["version"] == first["version"]
            assert again["rateLimit"]["remaining"] == 4
        # The same if repeats and new operations are sent without waiting.
        ids = [first["operationId"]] * 5 + [str(uuid4()) for _ in range(4)]
        for operation_id in ids:
            await one.edit(insert(0, "a"), version=0, operationId=operation_id)
        acks = [await one.expect("operation_ack") for _ in ids]
        assert [ack["success"] for ack in acks] == [True] * 9
        for _ in range(20):
            assert (await refused(one, insert(0, "x")))["code"] == "RATE_LIMITED"
        again = await one.commits(insert(0, "a"), version=0, operationId=first["operationId"])
        assert again["version"] == first["version"]

    async def test_other_refusals_cost(self, ada: Login) -> None:
        one = await ada.joined(await ada.new_spec(""))
        await refused(one, insert(99, "x"))
        await refused(one, insert(0, "\r"))
        await refused(one, insert(0, "x" * 10_000))
        await one.edit(version=99)
        await one.expect("version_conflict")
        await one.expect("sync")
        assert (await one.commits(insert(0, "x"), version=0))["rateLimit"]["remaining"] == 0
