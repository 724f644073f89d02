"""A spec with comments and suggestions in every state, the people who work on it, and their calls."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tests.handlers.logins import Login, Logins
from tests.handlers.test_revisions import put
from tests.handlers.threads import QUICK, TEXT, Spec, comment, suggestion

(
    COMMENT,
    ANSWER,
    EMPTIED,
    MINE,
    OFFER,
    STALE,
    ORPHAN,
    ACCEPTED,
    REJECTED,
    RESOLVED,
    GONE,
    GONE_MESSAGE,
    ELSEWHERE,
    ELSEWHERE_MESSAGE,
    UNKNOWN,
) = (f"00000000-0000-4000-8000-{number:012}" for number in range(1, 16))

Call = tuple[str, str, Any]
"""Method, path below the spec, and body."""


def open_(body: Any) -> Call:
    return "POST", "threads", body


def reply(thread_id: str, body: Any = "Yes.", message_id: str = UNKNOWN) -> Call:
    return "POST", f"threads/{thread_id}/messages", {"messageId": message_id, "body": body}


def edit(message_id: str, body: Any = "Changed.") -> Call:
    return "PATCH", f"messages/{message_id}", {"body": body}


def empty(message_id: str) -> Call:
    return "DELETE", f"messages/{message_id}", None


def state(thread_id: str, name: Any) -> Call:
    return "PATCH", f"threads/{thread_id}", {"state": name}


def delete(thread_id: str) -> Call:
    return "DELETE", f"threads/{thread_id}", None


def read(thread_id: str) -> Call:
    return "GET", f"threads/{thread_id}", None


def words(word: str) -> tuple[int, int]:
    """The range of a word of the text."""
    start = TEXT.index(word)
    return start, start + len(word)


THREADS: Sequence[dict[str, Any]] = (
    comment(*QUICK, 1, threadId=COMMENT),
    comment(*QUICK, 1, threadId=MINE),
    suggestion(*words("lazy"), 1, "tired", threadId=OFFER),
    suggestion(0, TEXT.index(" fox"), 1, "The quick red", threadId=STALE),
    suggestion(*words("fox"), 1, "cat", threadId=ORPHAN),
    suggestion(*words("over"), 1, "above", threadId=ACCEPTED),
    suggestion(*QUICK, 1, "fast", threadId=REJECTED),
    comment(*QUICK, 1, threadId=RESOLVED),
    comment(*QUICK, 1, threadId=GONE),
)
"""What Bob has opened."""


VALID: Sequence[Call] = [
    open_(comment(*QUICK, 1)),
    open_(suggestion(*QUICK, 1, "slow")),
    open_(THREADS[0]),
    reply(COMMENT),
    edit(COMMENT),
    empty(COMMENT),
    ("PATCH", f"threads/{COMMENT}/messages/{COMMENT}", {"body": "x"}),
    ("DELETE", f"threads/{COMMENT}/messages/{COMMENT}", None),
    *(state(COMMENT, name) for name in ("resolved", "open")),
    *(state(OFFER, name) for name in ("accepted", "rejected", "open")),
    state(REJECTED, "open"),
    state(RESOLVED, "open"),
    delete(MINE),
]
"""Each call that writes, as one of those who may would send it."""


class People:
    """A spec of Ada's, in which Bob and Dora may comment, Cyd may edit and Vic may look, and Eve sees nothing.

    Its threads are `THREADS`. Cyd has answered to `COMMENT`, and Bob has emptied a message of his own there. The
    last word of `STALE` has changed since, and those of `ORPHAN` are gone. Ada accepted `ACCEPTED`, and deleted
    `GONE`.
    """

    def __init__(self, logins: Logins) -> None:
        names = ("ada", "bob", "cyd", "dora", "vic", "eve")
        self.logins = {name: logins.of(name, name.title()) for name in names} | {"": logins.stranger()}
        self.spec_id = ""

    def spec(self, who: str) -> Spec:
        return Spec(self.logins[who], self.spec_id)

    async def fill(self) -> People:
        self.spec_id = await self.logins["ada"].new_spec(TEXT)
        for name, role in (
            ("bob", "commenter"),
            ("cyd", "contributor"),
            ("dora", "commenter"),
            ("vic", "viewer"),
        ):
            await self.logins[name].call("GET", "api/specs")
            await self.spec("ada").role(name, role)
        for body in THREADS:
            await self.spec("bob").open(body)
        await self.spec("cyd").reply(COMMENT, "No.", ANSWER)
        await self.spec("bob").reply(COMMENT, "Never mind.", EMPTIED)
        await self.do("bob", empty(EMPTIED))
        await self.spec("bob").reply(GONE, "Soon gone.", GONE_MESSAGE)
        await self.do("ada", delete(GONE))
        await self.spec("ada").state(ACCEPTED, "accepted")
        await self.spec("ada").state(REJECTED, "rejected")
        await self.spec("ada").state(RESOLVED, "resolved")
        present = TEXT.replace("over", "above").replace("brown", "white").replace("fox", "")
        await put(self.logins["ada"], self.spec_id, present, 2)
        await self.fill_another()
        return self

    async def fill_another(self) -> None:
        """Another spec, in which the same people have the same roles."""
        other = Spec(self.logins["ada"], await self.logins["ada"].new_spec(TEXT))
        await other.role("bob", "commenter")
        await other.by(self.logins["bob"]).open(comment(*QUICK, 1, threadId=ELSEWHERE))
        await other.by(self.logins["bob"]).reply(ELSEWHERE, "There.", ELSEWHERE_MESSAGE)

    async def do(self, who: str, call: Call) -> Any:
        method, path, body = call
        return await self.logins[who].call(method, f"api/specs/{self.spec_id}/{path}".rstrip("/"), body)

    async def refusal(self, who: str | Login, call: Call) -> tuple[int, str]:
        method, path, body = call
        login = self.logins[who] if isinstance(who, str) else who
        return await login.refused(method, f"api/specs/{self.spec_id}/{path}".rstrip("/"), body)

    async def stands(self) -> dict[str, Any]:
        """All threads and the text, as Ada reads them."""
        threads = await self.spec("ada").list(state="all")
        text = await self.logins["ada"].call("GET", f"api/specs/{self.spec_id}/document")
        return {**threads, "text": text["content"]}
