"""Random requests for comments and suggestions, while the text changes: no failure, and everything stays whole."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from functools import partial
from typing import Any

from hypothesis import given as hypothesis_given
from hypothesis import settings
from hypothesis import strategies as st

from tests.handlers.fuzz.test_requests import ask
from tests.handlers.fuzz.values import bent, many, numbers, words
from tests.handlers.fuzz.watcher import works
from tests.handlers.logins import Login, Socket
from tests.handlers.threads import Spec, comment, suggestion

TEXT = "# Title\n\nThe quick brown fox.\n"

IDS = [f"00000000-0000-4000-8000-{number:012}" for number in range(20)]

few_ids = st.sampled_from(IDS)
"""So few that many requests meet what others have made."""

texts = words | st.sampled_from(["Why?", "@ada @bob", '@"Ada Lovelace"', "x" * 10_001])


def opened(
    thread_id: str, kind: str, start: int, length: int, version: int, body: str, replacement: str
) -> dict[str, Any]:
    """The body of a request for a thread, which fits as often as not."""
    made = {"threadId": thread_id, "kind": kind, "start": start, "end": start + length, "version": version}
    return {**made, "body": body, **({"replacement": replacement} if kind == "suggestion" else {})}


new_threads = st.builds(
    opened,
    few_ids,
    st.sampled_from(["comment", "suggestion"]),
    st.integers(0, 25) | numbers.filter(lambda number: isinstance(number, int)),
    st.integers(0, 6),
    st.integers(1, 3),
    texts,
    texts,
)
new_messages = st.fixed_dictionaries({"messageId": few_ids, "body": texts})
states = st.fixed_dictionaries({"state": st.sampled_from(["open", "resolved", "accepted", "rejected"])})
saves = st.fixed_dictionaries({"content": texts.map(lambda text: TEXT + text), "version": st.integers(1, 4)})

threads = few_ids.map("threads/{}".format)
messages = st.one_of(
    few_ids.map("messages/{}".format), st.builds("threads/{}/messages/{}".format, few_ids, few_ids)
)
lists = st.builds(
    "threads?state={}&since={}&before={}&limit={}".format,
    st.sampled_from(["open", "closed", "all", "", "x"]),
    st.sampled_from(["", "0", "3", "99", "x"]),
    st.sampled_from(["", "0", "3", "99", "-1"]),
    st.sampled_from(["", "1", "2", "0"]),
)


def call(
    method: str, paths: st.SearchStrategy[str], bodies: st.SearchStrategy[Any]
) -> st.SearchStrategy[Any]:
    """Calls with bodies that fit, and with bodies in which something is wrong."""
    sent = st.one_of(bodies, bodies, bent(bodies)).map(json.dumps)
    return st.tuples(st.just(method), paths, sent)


calls = st.one_of(
    call("POST", st.just("threads"), new_threads),
    call("POST", st.just("threads"), new_threads),
    call("POST", few_ids.map("threads/{}/messages".format), new_messages),
    call("PATCH", threads, states),
    call("PATCH", threads, states),
    call("PATCH", messages, st.fixed_dictionaries({"body": texts})),
    call("PUT", st.just("document"), saves),
    st.tuples(st.sampled_from(["GET", "DELETE"]), threads, st.none()),
    st.tuples(st.just("DELETE"), messages, st.none()),
    st.tuples(st.just("GET"), lists, st.none()),
)


class Listener:
    """Counts the changes that a session is told of."""

    def __init__(self, socket: Socket) -> None:
        self.socket = socket
        self.version = int(socket.welcome["threadsVersion"])

    async def agrees(self, spec: Spec) -> None:
        """Check that every change was told once, in order, and that the threads fit the text."""
        page = await spec.list(state="all")
        while self.version < page["threadsVersion"]:
            event = await self.socket.until("threads_changed")
            assert event["threadsVersion"] == self.version + 1
            self.version += 1
        document = await spec.login.call("GET", f"{spec.path}/document")
        assert document["version"] == page["version"]
        for thread in page["threads"]:
            anchor = thread["anchor"]
            assert 0 <= anchor["start"] <= anchor["end"] <= len(document["content"])
            assert ("letters" in anchor) is anchor["orphaned"]
            assert (thread["state"] == "open") is ("resolvedBy" not in thread)
            assert (thread["state"] == "accepted") is ("acceptedVersion" in thread)


def test_requests_however_malformed_harm_nobody(
    ada: Login, bob: Login, jp_asyncio_loop: asyncio.AbstractEventLoop
) -> None:
    run: Callable[[Any], Any] = jp_asyncio_loop.run_until_complete
    spec = Spec(ada, run(ada.new_spec(TEXT)))
    for number, thread_id in enumerate(IDS[:10]):
        make = (comment, partial(suggestion, replacement="slow"))[number % 2]
        run(spec.open(make(number, number + 4, 1, threadId=thread_id)))
    listener = Listener(run(bob.joined(spec.spec_id, features=["threads"])))

    async def all_of(asked: list[Any]) -> None:
        await asyncio.gather(
            *(
                ask((ada, bob)[number % 2], spec.spec_id, method, f"{spec.path}/{path}", body, {})
                for number, (method, path, body) in enumerate(asked)
            )
        )

    @settings(many, max_examples=25)
    @hypothesis_given(st.lists(calls, min_size=10, max_size=20))
    def storm(asked: list[Any]) -> None:
        run(all_of(asked))
        run(listener.agrees(spec))

    storm()
    assert listener.version > 20
    run(works(ada, bob, spec.spec_id))
