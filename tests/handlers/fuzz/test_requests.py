"""Random REST requests: no answer is a failure of the server, and the document stays whole."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from typing import Any

from hypothesis import given as hypothesis_given
from hypothesis import settings
from hypothesis import strategies as st

from tests.handlers.fuzz.protocol import CODES
from tests.handlers.fuzz.values import SPEC, anything, bent, filled, ids, many, torn, words
from tests.handlers.fuzz.watcher import Watcher, works
from tests.handlers.logins import Login

spec_parts = (
    st.sampled_from([SPEC, SPEC, SPEC, "x", "..", "%00", "%ff", "%F0%9F%98%80", "%2e%2e", " ", "a%2Fb"]) | ids
)


versions = st.integers(0, 30).map(str) | st.sampled_from(["-1", "x", "1.5", "9" * 40, "%C3%A4", "²", ""])


principals = (
    st.sampled_from(["user:new", "group:new", "user:", "group:%2F", "new", "user:%00", "%F0%9F%98%80"]) | ids
)


paths = st.one_of(
    st.just("api/specs"),
    spec_parts.map(lambda spec: f"api/specs/{spec}"),
    st.builds(
        "api/specs/{}/{}".format,
        spec_parts,
        st.sampled_from(
            [
                *("document", "revisions", "collaborators", "nothing", "", "session", "token", "read"),
                *(
                    "attribution",
                    "attribution?version=1",
                    "history?before=3",
                    "history?user=x",
                    "history?subject=x",
                    "changes?since=1",
                    "changes?until=2",
                    "operations?after=1",
                ),
            ]
        ),
    ),
    st.builds("api/specs/{}/collaborators/{}".format, spec_parts, principals),
    st.builds(
        "api/specs/{}/session/{}{}".format, spec_parts, ids | versions, st.sampled_from(["", "/events"])
    ),
    st.builds(
        "api/specs/{}/revisions/{}{}".format,
        spec_parts,
        versions,
        st.sampled_from(["", "/diff", "/restore", "/label", "/x"]),
    ),
)


bodies = st.one_of(
    bent(
        st.fixed_dictionaries(
            {"content": words, "version": st.integers(0, 30), "title": words, "label": words},
            optional={
                "operationId": ids,
                "specId": ids,
                "status": words,
                "type": words,
                "description": words,
                "role": st.sampled_from(["viewer", "contributor", "admin", "owner", "none", ""]),
            },
        )
    ).map(json.dumps),
    torn(st.fixed_dictionaries({"content": words, "version": st.integers(0, 30), "title": words})),
    anything.map(json.dumps),
    st.binary(max_size=20),
    st.none(),
)


queries = st.dictionaries(
    st.sampled_from(["before", "limit", "content", "against", "onConflict", "cursor", "q", "wait", "after"]),
    versions | words | st.sampled_from(["true", "false", "merge", "reject"]),
    max_size=2,
)


requests = st.tuples(
    st.sampled_from(["GET", "PUT", "POST", "PATCH", "OPTIONS", "HEAD"]), paths, bodies, queries
)


async def ask(login: Login, spec_id: str, method: str, path: str, body: Any, query: dict[str, str]) -> None:
    if isinstance(body, str):
        body = filled(body, spec_id)
    if method in ("GET", "HEAD", "OPTIONS"):
        body = None
    elif body is None:
        body = ""
    response = await login.fetch(method, filled(path, spec_id), body, **query)
    shown = (method, path, body, query, response.code, response.body)
    assert response.code < 500, shown
    assert b"Traceback" not in response.body, shown
    if method in ("HEAD", "OPTIONS") or " " in path:  # a blank makes the HTTP request invalid
        return
    envelope = json.loads(response.body)
    if response.code < 300:
        assert envelope["success"] is True, shown
    else:
        assert envelope["success"] is False, shown
        assert envelope["code"] in CODES, shown
        assert envelope["error"], shown
        assert envelope["details"]["requestId"], shown


def test_requests_however_malformed_harm_nobody(
    ada: Login, bob: Login, jp_asyncio_loop: asyncio.AbstractEventLoop
) -> None:
    run: Callable[[Any], Any] = jp_asyncio_loop.run_until_complete
    spec_id = run(ada.new_spec("# Title\n"))
    watcher = run(Watcher.of(bob, spec_id))

    async def all_of(asked: list[Any]) -> None:
        await asyncio.gather(*(ask(ada, spec_id, *one) for one in asked))

    @settings(many, max_examples=40)
    @hypothesis_given(st.lists(requests, min_size=10, max_size=20))
    def storm(asked: list[Any]) -> None:
        run(all_of(asked))
        run(watcher.agrees())

    storm()
    run(works(ada, bob, spec_id))
