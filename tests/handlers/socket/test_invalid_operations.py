"""Malformed operations and frames are refused, by the id of the operation if it has one; the socket stays open."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from tests.handlers.logins import Login, delete, insert, retain, text_of
from tests.handlers.socket.refusals import refused, refused_frame

BAD_COMPONENTS: list[Any] = [
    [insert(5, "x")],
    [delete(0, 5)],
    [delete(4, 1)],
    [retain(5)],
    [insert(-1, "x")],
    [delete(0, -1)],
    [retain(-1)],
    [insert(10**30, "x")],
    [delete(0, 2**63)],
    [insert(1.5, "x")],  # type: ignore[arg-type]
    [{"type": "insert", "position": True, "content": "x"}],
    [{"type": "insert", "position": "1", "content": "x"}],
    [{"type": "insert", "position": None, "content": "x"}],
    [{"type": "insert", "position": 1}],
    [{"type": "insert", "position": 1, "content": 5}],
    [{"type": "insert", "position": 1, "content": None}],
    [{"type": "insert", "position": 1, "content": ["x"]}],
    [{"type": "delete", "position": 1}],
    [{"type": "delete", "position": 1, "length": True}],
    [{"type": "delete", "position": 1, "length": 1.0e300}],
    [{"type": "retain"}],
    [{"type": "replace", "position": 0, "content": "x"}],
    [{"position": 0, "content": "x"}],
    [{"type": ["insert"], "position": 0, "content": "x"}],
    [insert(0, "x"), None],
    [None],
    [[]],
    ["insert"],
    [5],
    "insert",
    {},
    insert(0, "x"),
    None,
    5,
    True,
]


async def test_an_operation_that_does_not_fit_is_refused_by_its_id(ada: Login) -> None:
    spec_id = await ada.new_spec("0123")
    one = await ada.joined(spec_id)
    for operations in BAD_COMPONENTS:
        operation_id = str(uuid4())
        await one.send("operation", operationId=operation_id, version=1, operations=operations)
        ack = await one.expect("operation_ack")
        assert ack["operationId"] == operation_id, operations
        assert (ack["success"], ack["code"]) == (False, "INVALID_OPERATION"), (operations, ack)
        assert ack["currentVersion"] == 1
    assert (await one.commits(insert(4, "!")))["version"] == 2
    assert await text_of(ada, spec_id) == "0123!"


async def test_an_operation_without_a_list_is_refused_by_its_id(ada: Login) -> None:
    one = await ada.joined(await ada.new_spec("0123"))
    operation_id = str(uuid4())
    await one.send("operation", operationId=operation_id, version=1)
    ack = await one.expect("operation_ack")
    assert (ack["operationId"], ack["success"], ack["code"]) == (operation_id, False, "INVALID_OPERATION")


async def test_an_operation_with_a_version_that_is_none_is_refused_by_its_id(ada: Login) -> None:
    one = await ada.joined(await ada.new_spec("0123"))
    for version in [None, "1", 1.5, -1, True, [], 2**70, 1e300]:
        operation_id = str(uuid4())
        await one.send("operation", operationId=operation_id, version=version, operations=[insert(0, "x")])
        ack = await one.expect("operation_ack")
        assert (ack["operationId"], ack["success"], ack["code"]) == (operation_id, False, "INVALID_MESSAGE")
        await one.send("operation", operationId=operation_id, operations=[insert(0, "x")])
        assert (await one.expect("operation_ack"))["code"] == "INVALID_MESSAGE"


async def test_without_a_usable_id_the_answer_is_an_error(ada: Login) -> None:
    one = await ada.joined(await ada.new_spec("0123"))
    for operation_id in [None, 5, "", "x", f"{{{uuid4()}}}", uuid4().hex, f"{uuid4()} ", True, []]:
        await one.send("operation", operationId=operation_id, version=1, operations=[insert(0, "x")])
        error = await one.expect("error")
        assert error["code"] == "INVALID_MESSAGE"
        assert error["requestId"]
        await one.nothing_more()


async def test_an_id_in_capitals_comes_back_as_it_was_sent(ada: Login, bob: Login) -> None:
    spec_id = await ada.new_spec("")
    one, two = await ada.joined(spec_id), await bob.joined(spec_id)
    await one.expect("user_joined")
    operation_id = str(uuid4()).upper()
    await one.commits(insert(0, "x"), operationId=operation_id)
    assert (await two.expect("remote_operation"))["operationId"] == operation_id.lower()
    ack = await refused(one, insert(0, "y"), operationId=operation_id)
    assert ack["code"] == "OPERATION_ID_REUSED"
    conflicting = str(uuid4()).upper()
    await one.edit(version=99, operationId=conflicting)
    assert (await one.expect("version_conflict"))["operationId"] == conflicting


async def test_what_can_not_be_text_is_refused(ada: Login) -> None:
    spec_id = await ada.new_spec("text")
    one = await ada.joined(spec_id)
    for content in ["a\0b", "a\rb", "\r\n"]:
        assert (await refused(one, insert(0, content)))["code"] == "INVALID_CONTENT"
        assert await text_of(ada, spec_id) == "text"


async def test_a_lone_surrogate_is_refused_by_its_id(ada: Login) -> None:
    spec_id = await ada.new_spec("text")
    one = await ada.joined(spec_id)
    for escaped in [r"\ud800", r"\udc00", r"a\udfffb", r"\ude00\ud83d", r"\ud83dx"]:
        operation_id = str(uuid4())
        operations = f'[{{"type":"insert","position":0,"content":"{escaped}"}}]'
        data = f'{{"operationId":"{operation_id}","version":1,"operations":{operations}}}'
        assert await refused_frame(one, data, operation_id) in ("INVALID_CONTENT", "INVALID_MESSAGE")
        assert await text_of(ada, spec_id) == "text"


async def test_a_pair_of_surrogates_by_escapes_is_one_code_point(ada: Login) -> None:
    spec_id = await ada.new_spec("text")
    one = await ada.joined(spec_id)
    operations = r'[{"type":"insert","position":0,"content":"\ud83d\ude00"}]'
    await one.raw(
        f'{{"event":"operation","data":{{"operationId":"{uuid4()}","version":1,"operations":{operations}}}}}'
    )
    assert (await one.expect("operation_ack"))["success"] is True
    assert await text_of(ada, spec_id) == "😀text"


async def test_a_malformed_cursor_refuses_the_operation_by_its_id(ada: Login) -> None:
    one = await ada.joined(await ada.new_spec("text"))
    for cursor in (5, {"line": 1}, {"line": -1, "column": 0}, {"line": 0, "column": 0, "selection": []}):
        assert (await refused(one, insert(0, "x"), cursor=cursor))["code"] == "INVALID_MESSAGE"
    await one.commits(insert(0, "x"), cursor=None)


async def test_nesting_however_deep_is_refused_by_its_id(ada: Login) -> None:
    one = await ada.joined(await ada.new_spec("text"))
    for depth in [10, 400, 900, 950, 980, 990, 995, 1_000, 1_100, 3_000, 20_000]:
        operation_id = str(uuid4())
        nested = "[" * depth + "]" * depth
        for data in (
            f'{{"operationId":"{operation_id}","version":1,"operations":{nested}}}',
            f'{{"operationId":"{operation_id}","version":1,"operations":[{nested}]}}',
            f'{{"operations":{nested},"version":1,"operationId":"{operation_id}"}}',
            f'{{"operationId":"{operation_id}","version":1,"operations":[],"cursor":{nested}}}',
        ):
            assert await refused_frame(one, data, operation_id) in (
                "INVALID_OPERATION",
                "INVALID_MESSAGE",
                "OPERATION_TOO_LARGE",
            )
        await one.commits(insert(0, "x"))


async def test_numbers_however_large_are_refused_by_the_id(ada: Login) -> None:
    one = await ada.joined(await ada.new_spec("text"))
    for number in ["9" * 400, "9" * 5_000, "-" + "9" * 5_000, "1e400", "-1e999", "1E5000", "0.1", "1e-9"]:
        operation_id = str(uuid4())
        for data in (
            f'{{"operationId":"{operation_id}","version":1,"operations":[{{"type":"retain","length":{number}}}]}}',
            f'{{"operationId":"{operation_id}","version":{number},"operations":[]}}',
        ):
            assert await refused_frame(one, data, operation_id) in ("INVALID_OPERATION", "INVALID_MESSAGE")
        await one.commits(insert(0, "x"))


async def test_of_two_equal_keys_the_last_counts_and_unknown_ones_nothing(ada: Login) -> None:
    spec_id = await ada.new_spec("")
    one = await ada.joined(spec_id)
    await one.raw(
        f'{{"event":"ping","event":"operation","extra":[1],"data":{{"operationId":"{uuid4()}","version":9,"version":0,'
        '"operations":[{"type":"insert","position":5,"position":0,"content":"x","bold":true}],"more":{"x":1}}}'
    )
    assert (await one.expect("operation_ack"))["success"] is True
    assert await text_of(ada, spec_id) == "x"
