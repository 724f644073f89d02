"""Random frames, valid and malformed: each operation is answered once, and the document stays whole."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from typing import Any

from hypothesis import given as hypothesis_given
from hypothesis import settings
from hypothesis import strategies as st

from tests.handlers.fuzz.protocol import CODES, EVENTS, usable_id
from tests.handlers.fuzz.values import SPEC, anything, bent, filled, ids, many, torn, words
from tests.handlers.fuzz.watcher import Watcher, works
from tests.handlers.logins import Login, Socket

positions = st.integers(0, 12)


component = st.fixed_dictionaries(
    {"type": st.sampled_from(["insert", "delete", "retain"]), "content": words, "length": st.integers(0, 4)},
    optional={"position": positions},
)


cursors = st.none() | st.fixed_dictionaries({"line": positions, "column": positions})


valid = st.one_of(
    st.fixed_dictionaries(
        {
            "event": st.just("operation"),
            "data": st.fixed_dictionaries(
                {
                    "operationId": ids,
                    "version": st.integers(0, 60),
                    "operations": st.lists(component, max_size=4),
                },
                optional={"cursor": cursors},
            ),
        }
    ),
    st.fixed_dictionaries(
        {
            "event": st.just("cursor_update"),
            "data": st.fixed_dictionaries({"cursor": cursors}, optional={"version": st.integers(0, 60)}),
        }
    ),
    st.fixed_dictionaries(
        {
            "event": st.just("request_sync"),
            "data": st.fixed_dictionaries(
                {"lastKnownVersion": st.integers(0, 60)}, optional={"content": st.booleans()}
            ),
        }
    ),
    st.fixed_dictionaries(
        {
            "event": st.just("join_session"),
            "data": st.fixed_dictionaries(
                {"specId": st.just(SPEC)},
                optional={
                    "batch": st.booleans(),
                    "lastKnownVersion": st.integers(0, 60),
                    "sessionId": ids,
                    "epoch": ids,
                    "cursorEvent": st.sampled_from(["remote_cursor", "cursor_broadcast"]),
                },
            ),
        }
    ),
    st.fixed_dictionaries(
        {"event": st.just("leave_session"), "data": st.fixed_dictionaries({"specId": st.just(SPEC)})}
    ),
    st.fixed_dictionaries(
        {"event": st.just("authenticate"), "data": st.fixed_dictionaries({"token": words})}
    ),
)


frames = st.one_of(
    valid.map(json.dumps),
    bent(valid).map(json.dumps),
    bent(bent(valid)).map(json.dumps),
    torn(valid),
    anything.map(json.dumps),
    st.text(max_size=20),
)


async def answers(socket: Socket, count: int) -> AsyncIterator[str]:
    """The ids in the answers to operations. After ``count`` answers, sends a ``ping`` and reads the rest."""
    seen = 0
    name = ""
    while name != "pong":
        if seen == count:
            await socket.send("ping")
            count = -1
        event = await socket.event()
        assert event is not None, socket.connection.close_code
        name, data = event["event"], event["data"]
        assert name in EVENTS, event
        if name == "error" or data.get("success") is False:
            assert data["code"] in CODES, event
            assert "Traceback" not in data["message"]
            assert 'File "' not in data["message"]
        if name in ("operation_ack", "version_conflict"):
            seen += 1
            yield data["operationId"]


async def exchange(socket: Socket, texts: list[str]) -> None:
    """Send frames, and check that each operation is answered once."""
    expected = [operation_id for text in texts if (operation_id := usable_id(text)) is not None]
    for text in texts:
        await socket.raw(text)
    await socket.send("join_session", specId=socket.spec_id)
    answered = [answer async for answer in answers(socket, len(expected))]
    assert sorted(answered) == sorted(expected), texts


def test_frames_however_malformed_harm_nobody(
    ada: Login, bob: Login, jp_asyncio_loop: asyncio.AbstractEventLoop
) -> None:
    run: Callable[[Any], Any] = jp_asyncio_loop.run_until_complete
    spec_id = run(ada.new_spec("# Title\n"))
    watcher, socket = run(Watcher.of(bob, spec_id)), run(ada.joined(spec_id))

    @settings(many, max_examples=70)
    @hypothesis_given(st.lists(frames, min_size=20, max_size=50))
    def storm(texts: list[str]) -> None:
        run(exchange(socket, [filled(text, spec_id) for text in texts]))
        run(watcher.agrees())

    storm()
    run(works(ada, bob, spec_id))
