"""Every refusal that the protocol states for comments and suggestions, as tables: who asks for what, and the code.

The roles of ``test_thread_roles.py``, the limits of ``test_thread_limits.py`` and folded versions
(``tests/service/threads/test_folded.py``) need specs of their own. All else is asked of one spec, as nothing that
is refused changes anything.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import pytest

from tests.handlers.commented_spec import (
    ACCEPTED,
    ANSWER,
    COMMENT,
    ELSEWHERE,
    ELSEWHERE_MESSAGE,
    EMPTIED,
    GONE,
    GONE_MESSAGE,
    MINE,
    OFFER,
    ORPHAN,
    REJECTED,
    RESOLVED,
    STALE,
    THREADS,
    UNKNOWN,
    VALID,
    Call,
    People,
    delete,
    edit,
    empty,
    open_,
    read,
    reply,
    state,
)
from tests.handlers.logins import Login, Logins
from tests.handlers.threads import QUICK, TEXT, Spec, comment, new_id, suggestion

STATUS = {
    "INVALID_MESSAGE": 400,
    "UNAUTHENTICATED": 401,
    "FORBIDDEN": 403,
    "SPEC_NOT_FOUND": 404,
    "THREAD_NOT_FOUND": 404,
    "NOT_FOUND": 404,
    "VERSION_CONFLICT": 409,
    "ID_REUSED": 409,
    "SUGGESTION_STALE": 409,
    "THREAD_CLOSED": 409,
    "OPERATION_TOO_LARGE": 413,
    "INVALID_OPERATION": 422,
    "INVALID_CONTENT": 422,
}
"""The HTTP status of each code."""

Row = tuple[str, Call, str]
"""Who asks, for what, and the code of the refusal."""


@pytest.fixture
def speccollab_config() -> dict[str, Any]:
    return {"default_role": "none", "writes_per_minute": 10_000}


def without(name: str, body: dict[str, Any]) -> dict[str, Any]:
    return {field: value for field, value in body.items() if field != name}


NOT_THERE: Sequence[Row] = [
    *(
        ("ada", call(thread_id), "THREAD_NOT_FOUND")
        for thread_id in (UNKNOWN, "nothing", GONE, GONE_MESSAGE, ANSWER, ELSEWHERE)
        for call in (read, delete, reply, lambda thread_id: state(thread_id, "open"))
    ),
    *(
        ("ada", call(message_id), "NOT_FOUND")
        for message_id in (UNKNOWN, "nothing", GONE, GONE_MESSAGE, OFFER, ELSEWHERE, ELSEWHERE_MESSAGE)
        for call in (edit, empty)
    ),
    *(
        ("bob", (method, f"threads/{thread_id}/messages/{message_id}", body), code)
        for thread_id, message_id, code in (
            (COMMENT, MINE, "NOT_FOUND"),
            (COMMENT, ELSEWHERE_MESSAGE, "NOT_FOUND"),
            (MINE, ANSWER, "NOT_FOUND"),
            (UNKNOWN, COMMENT, "THREAD_NOT_FOUND"),
            (GONE, GONE_MESSAGE, "THREAD_NOT_FOUND"),
            (ELSEWHERE, ELSEWHERE_MESSAGE, "THREAD_NOT_FOUND"),
            (ELSEWHERE, COMMENT, "THREAD_NOT_FOUND"),
        )
        for method, body in (("PATCH", {"body": "x"}), ("DELETE", None))
    ),
    ("bob", edit(EMPTIED), "NOT_FOUND"),
]

WRONG_FORM: Sequence[Row] = [
    *(
        ("bob", open_(without(name, comment(*QUICK, 1))), "INVALID_MESSAGE")
        for name in ("threadId", "kind", "start", "end", "version", "body")
    ),
    *(
        ("bob", open_({**comment(*QUICK, 1), name: value}), "INVALID_MESSAGE")
        for name, values in {
            "threadId": ("1", "", None, 7, "{" + new_id() + "}"),
            "kind": ("remark", "", None, 7, "Comment"),
            "start": ("4", None, 1.5, 4.0, [4], True),
            "end": ("4", None, 1.5, 9.0, [4], True),
            "version": ("1", None, -1, 1.0, 2**53, True),
            "body": ("", " \n\t ", None, 7, ["x"], {"x": "x"}),
            "replacement": ("", "x", 7, ["x"]),
        }.items()
        for value in values
    ),
    ("bob", open_(comment(4, 4, 1)), "INVALID_MESSAGE"),
    ("bob", open_(without("replacement", suggestion(*QUICK, 1, "x"))), "INVALID_MESSAGE"),
    *(
        ("bob", open_({**suggestion(*QUICK, 1, "x"), **more}), "INVALID_MESSAGE")
        for more in (
            {"replacement": None},
            {"replacement": 7},
            {"replacement": "quick"},
            {"start": 4, "end": 4, "replacement": ""},
            {"body": ""},
            {"body": "\n"},
            {"body": 7},
        )
    ),
    *(
        ("bob", open_(body), "INVALID_MESSAGE")
        for body in ([], "", "{", '"text"', "null", "\udcff".encode("utf-8", "surrogateescape"))
    ),
    *(("bob", reply(COMMENT, body), "INVALID_MESSAGE") for body in ("", " \n", None, 7, ["x"])),
    *(("bob", reply(COMMENT, "x", message_id), "INVALID_MESSAGE") for message_id in ("", "x", UNKNOWN + "0")),
    *(
        ("bob", ("POST", f"threads/{COMMENT}/messages", body), "INVALID_MESSAGE")
        for body in ({"body": "x"}, {"messageId": UNKNOWN}, {"messageId": 7, "body": "x"}, [], "")
    ),
    *(("bob", edit(COMMENT, body), "INVALID_MESSAGE") for body in ("", " \n", None, 7, ["x"])),
    *(("bob", ("PATCH", f"messages/{COMMENT}", body), "INVALID_MESSAGE") for body in ({}, [], "", "x")),
    *(("bob", state(COMMENT, name), "INVALID_MESSAGE") for name in ("closed", "Open", "", None, 7, ["open"])),
    *(("bob", ("PATCH", f"threads/{COMMENT}", body), "INVALID_MESSAGE") for body in ({}, [], "", "x")),
    *(("ada", state(COMMENT, name), "INVALID_MESSAGE") for name in ("accepted", "rejected")),
    *(("ada", state(each, "resolved"), "INVALID_MESSAGE") for each in (OFFER, ACCEPTED, REJECTED)),
    *(
        ("vic", ("GET", f"threads?{query}", None), "INVALID_MESSAGE")
        for query in (
            "state=gone",
            "state=Open",
            "since=x",
            "since=-1",
            "before=1.0",
            "limit=0",
            "limit=-1",
            "limit=all",
        )
    ),
]

OUTSIDE_OF_THE_TEXT: Sequence[Row] = [
    ("bob", open_(make(start, end)), "INVALID_OPERATION")
    for start, end in ((-1, 4), (-9, -4), (9, 4), (4, 46), (45, 46), (46, 47), (4, 10**30), (-(10**30), 4))
    for make in (lambda start, end: comment(start, end, 1), lambda start, end: suggestion(start, end, 1, "x"))
] + [("bob", open_(suggestion(46, 46, 1, "x")), "INVALID_OPERATION")]

NO_TEXT: Sequence[Row] = [
    ("bob", call(text), "INVALID_CONTENT")
    for text in ("a\0b", "\0", "a\rb", "a\r\nb", "a\ud800b", "\udc00")
    for call in (
        lambda text: open_(comment(*QUICK, 1, text)),
        lambda text: open_(suggestion(*QUICK, 1, text)),
        lambda text: open_(suggestion(*QUICK, 1, "x", body=text)),
        lambda text: reply(COMMENT, text),
        lambda text: edit(COMMENT, text),
    )
]

TOO_LONG: Sequence[Row] = [
    ("bob", call(text), "OPERATION_TOO_LARGE")
    for text in ("a" * 10_001, "\U0001f98a" * 10_001, "a" * 400_000)
    for call in (
        lambda text: open_(comment(*QUICK, 1, text)),
        lambda text: open_(suggestion(*QUICK, 1, text)),
        lambda text: open_(suggestion(*QUICK, 1, "x", body=text)),
        lambda text: reply(COMMENT, text),
        lambda text: edit(COMMENT, text),
    )
]

AHEAD: Sequence[Row] = [
    ("bob", open_(comment(*QUICK, version)), "VERSION_CONFLICT") for version in (4, 5, 1_000_000, 2**53 - 1)
]

TAKEN_IDS: Sequence[Row] = [
    *(
        ("bob", open_({**THREADS[0], **more}), "ID_REUSED")
        for more in (
            {"start": 3},
            {"end": 10},
            {"version": 2},
            {"body": "What?"},
            {"kind": "suggestion", "replacement": "x"},
        )
    ),
    ("bob", open_({**THREADS[2], "replacement": "slow"}), "ID_REUSED"),
    ("bob", open_({**THREADS[2], "body": "Why not?"}), "ID_REUSED"),
    *(("ada", open_(body), "ID_REUSED") for body in THREADS),
    *(
        ("bob", open_(comment(*QUICK, 1, threadId=taken)), "ID_REUSED")
        for taken in (ANSWER, EMPTIED, GONE, GONE_MESSAGE)
    ),
    ("bob", open_(THREADS[-1]), "ID_REUSED"),
    *(
        ("bob", reply(MINE, "Yes.", taken), "ID_REUSED")
        for taken in (COMMENT, ANSWER, EMPTIED, MINE, OFFER, GONE, GONE_MESSAGE)
    ),
    ("cyd", reply(COMMENT, "Yes.", ANSWER), "ID_REUSED"),
    ("bob", reply(COMMENT, "No.", ANSWER), "ID_REUSED"),
    ("bob", reply(COMMENT, "Never mind.", EMPTIED), "ID_REUSED"),
]

NOT_ALLOWED: Sequence[Row] = [
    *((who, edit(ANSWER), "FORBIDDEN") for who in ("ada", "bob", "dora")),
    *((who, edit(COMMENT), "FORBIDDEN") for who in ("ada", "cyd", "dora")),
    *((who, empty(ANSWER), "FORBIDDEN") for who in ("bob", "dora")),
    *((who, empty(COMMENT), "FORBIDDEN") for who in ("cyd", "dora")),
    *((who, delete(MINE), "FORBIDDEN") for who in ("cyd", "dora")),
    *((who, delete(COMMENT), "FORBIDDEN") for who in ("bob", "cyd", "dora")),
    *(("dora", state(OFFER, name), "FORBIDDEN") for name in ("accepted", "rejected")),
    ("dora", state(REJECTED, "open"), "FORBIDDEN"),
    *(("bob", state(each, "accepted"), "FORBIDDEN") for each in (OFFER, STALE, ACCEPTED, REJECTED)),
]

CLOSED: Sequence[Row] = [
    ("cyd", state(ACCEPTED, "accepted"), "THREAD_CLOSED"),
    *(
        (who, state(ACCEPTED, name), "THREAD_CLOSED")
        for who in ("ada", "bob", "cyd")
        for name in ("open", "rejected")
    ),
    *((who, state(REJECTED, "accepted"), "THREAD_CLOSED") for who in ("ada", "cyd")),
]

TABLES: dict[str, Sequence[Row]] = {
    "what is not there": NOT_THERE,
    "a wrong form": WRONG_FORM,
    "a range outside of the text": OUTSIDE_OF_THE_TEXT,
    "what can't be text": NO_TEXT,
    "too long": TOO_LONG,
    "a version ahead": AHEAD,
    "an id that is taken": TAKEN_IDS,
    "not allowed": NOT_ALLOWED,
    "a suggestion that is closed": CLOSED,
}


@pytest.mark.parametrize("name", TABLES)
async def test_it_is_refused_and_changes_nothing(logins: Logins, name: str) -> None:
    people = await People(logins).fill()
    before = await people.stands()
    wrong = []
    for who, call, code in TABLES[name]:
        found = await people.refusal(who, call)
        if found != (STATUS[code], code):
            wrong.append((who, call[0], call[1], str(call[2])[:200], code, found))
    assert wrong == []
    assert await people.stands() == before


@pytest.mark.parametrize(
    ("who", "code"), [("vic", "FORBIDDEN"), ("eve", "SPEC_NOT_FOUND"), ("", "UNAUTHENTICATED")]
)
async def test_whoever_may_not_write_is_refused_whatever_they_send(
    logins: Logins, who: str, code: str
) -> None:
    """A stranger learns of nothing, not even whether a thread is there; a viewer reads it all."""
    people = await People(logins).fill()
    before = await people.stands()
    rows = [*NOT_ALLOWED, *CLOSED, *TAKEN_IDS, *AHEAD, *OUTSIDE_OF_THE_TEXT]
    for call in [*VALID, *(call for _, call, _ in rows)]:
        assert await people.refusal(who, call) == (STATUS[code], code), call
    for call in (read(COMMENT), read(RESOLVED), ("GET", "threads", None), ("GET", "threads?since=0", None)):
        if who == "vic":
            await people.do(who, call)
        else:
            assert await people.refusal(who, call) == (STATUS[code], code), call
    assert await people.stands() == before


async def test_a_stale_suggestion_is_told_what_stands_there(logins: Logins) -> None:
    people = await People(logins).fill()
    before = await people.stands()
    for thread_id, present in ((STALE, "The quick "), (ORPHAN, "")):
        for who in ("ada", "cyd"):
            path = f"api/specs/{people.spec_id}/threads/{thread_id}"
            response = await people.logins[who].fetch("PATCH", path, {"state": "accepted"})
            refusal = json.loads(response.body)
            assert (response.code, refusal["code"]) == (409, "SUGGESTION_STALE")
            assert refusal["details"]["present"] == present
    assert await people.stands() == before


async def test_a_spec_in_the_trash_answers_as_if_it_were_not_there(logins: Logins) -> None:
    """Also its owner, until it is back, with all threads."""
    people = await People(logins).fill()
    before = await people.stands()
    ada = people.logins["ada"]
    await ada.call("DELETE", f"api/specs/{people.spec_id}")
    reads: list[Call] = [read(COMMENT), ("GET", "threads", None)]
    for who in ("ada", "bob", "vic"):
        for call in [*VALID, *reads]:
            assert await people.refusal(who, call) == (404, "SPEC_NOT_FOUND"), (who, call)
    await ada.call("POST", f"api/specs/{people.spec_id}/undelete")
    assert await people.stands() == before


async def test_a_repeat_that_is_the_same_is_answered_as_it_stands(logins: Logins) -> None:
    people = await People(logins).fill()
    before = await people.stands()
    standing = {thread["threadId"]: thread for thread in before["threads"]}
    for body in THREADS[:-1]:
        assert await people.do("bob", open_(body)) == standing[body["threadId"]]
    upper = {**THREADS[0], "threadId": COMMENT.upper()}
    assert await people.do("bob", open_(upper)) == standing[COMMENT]
    assert await people.do("cyd", reply(COMMENT, "No.", ANSWER)) == standing[COMMENT]
    for who, call in (
        ("bob", empty(EMPTIED)),
        ("bob", state(COMMENT, "open")),
        ("dora", state(RESOLVED, "resolved")),
        ("ada", state(ACCEPTED, "accepted")),
        ("bob", state(REJECTED, "rejected")),
        ("bob", edit(COMMENT, "Why?")),
    ):
        assert (await people.do(who, call))["threadId"] in standing, call
    assert await people.stands() == before


async def test_the_longest_page_has_two_hundred(ada: Login) -> None:
    spec = Spec(ada, await ada.new_spec(TEXT))
    for _ in range(201):
        await ada.call("POST", f"{spec.path}/threads", comment(*QUICK, 1))
    for query in ({}, {"limit": 200}, {"limit": 201}, {"limit": 10**20}):
        page = await spec.list(**query)
        assert (len(page["threads"]), page["nextBefore"]) == (200, 2)
    assert len((await spec.list(before=2))["threads"]) == 1
