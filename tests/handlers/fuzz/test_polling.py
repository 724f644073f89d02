"""Random batches of events by polling: each is taken or refused, and the document stays whole."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from typing import Any

from hypothesis import given as hypothesis_given
from hypothesis import settings
from hypothesis import strategies as st

from tests.handlers.fuzz.protocol import CODES, EVENTS
from tests.handlers.fuzz.test_frames import valid
from tests.handlers.fuzz.test_requests import ask
from tests.handlers.fuzz.values import anything, bent, many, torn
from tests.handlers.fuzz.watcher import Watcher, works
from tests.handlers.logins import Login

batches = st.one_of(
    st.lists(valid | bent(valid) | anything, max_size=12).map(json.dumps),
    torn(st.lists(valid, max_size=3)),
    anything.map(json.dumps),
    st.binary(max_size=20),
)


async def poll(login: Login, spec_id: str, bodies: list[str | bytes]) -> None:
    """Join by polling, send bodies, and check that each is answered and that all events are known."""
    session = f"api/specs/{spec_id}/session"
    joined = await login.call("POST", session, {"specId": spec_id})
    events = f"{session}/{joined['sessionId']}/events"
    seq = 0
    for body in bodies:
        await ask(login, spec_id, "POST", events, body, {})
        response = await login.fetch("GET", events, after=seq)
        if response.code != 200:  # an event in the batch has left the session
            assert json.loads(response.body)["code"] in CODES
            return
        polled = json.loads(response.body)["data"]
        seq = polled["seq"]
        for event in polled["events"]:
            assert event["event"] in EVENTS, event
            assert event["data"].get("code", "FORBIDDEN") in CODES, event
    await login.fetch("DELETE", f"{session}/{joined['sessionId']}")


def test_polls_however_malformed_harm_nobody(
    ada: Login, bob: Login, jp_asyncio_loop: asyncio.AbstractEventLoop
) -> None:
    run: Callable[[Any], Any] = jp_asyncio_loop.run_until_complete
    spec_id = run(ada.new_spec("# Title\n"))
    watcher = run(Watcher.of(bob, spec_id))

    @settings(many, max_examples=30)
    @hypothesis_given(st.lists(batches, min_size=3, max_size=8))
    def storm(bodies: list[str | bytes]) -> None:
        run(poll(ada, spec_id, bodies))
        run(watcher.agrees())

    storm()
    run(works(ada, bob, spec_id))
