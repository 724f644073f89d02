"""``/api/specs/:specId/session`` and below: a session over HTTP requests (polling)."""

from __future__ import annotations

import re
import time
from contextlib import nullcontext
from typing import Final

import msgspec
from jupyter_server.auth.decorator import authorized
from tornado.web import authenticated

from jupyter_speccollab.document.role import Role
from jupyter_speccollab.document.user import User
from jupyter_speccollab.errors import InvalidMessage, OperationTooLarge, SpecCollabError
from jupyter_speccollab.handlers.base import SpecHandler, authorized_to, stops_without_client
from jupyter_speccollab.handlers.public_error import public_error
from jupyter_speccollab.handlers.socket.frame_turns import FrameTurns
from jupyter_speccollab.protocol.codec import frames
from jupyter_speccollab.protocol.messages import JoinSession
from jupyter_speccollab.service.presence.session import Event
from jupyter_speccollab.service.services import Services

LONGEST_WAIT: Final = 25
"""Seconds that a poll waits for an event at most; a larger ``wait`` is taken as this."""

EVENTS_PER_ITERATION: Final = 10
"""How many events of one request are handled in one iteration of the event loop."""

MOST_ERRORS: Final = 100
"""How many events of one request are refused with an error each. The others are counted in one more."""

SMALL: Final = 65_536
"""The size in bytes up to which events wait for no turn: the system takes it from us at once."""

DECIMAL: Final = re.compile(r"\d+(\.\d*)?([eE][+-]?\d+)?", re.ASCII)


class PollingHandler(SpecHandler):
    """The base of the polling handlers: limits the size of a body as for a WebSocket frame.

    POST and DELETE need only the Authorizer's action ``read``, because viewers join sessions too. Edits in the
    body are then accepted or refused by the role.
    """

    def too_long(self) -> SpecCollabError:
        return OperationTooLarge(
            f"A request may hold {self.most_bytes:,} bytes. Send fewer events at a time."
        )


class SessionsHandler(PollingHandler):
    """Joins a session."""

    @authenticated
    @authorized_to("read")
    async def post(self, spec_id: str) -> None:
        spec = self.spec_id(spec_id)
        await self.services.access.require(self.caller, spec, Role.VIEWER)
        asked = await self.body(JoinSession)
        async with self.services.contents.answer(self.caller):
            joined = await self.services.polls.join(spec, self.caller, asked)
            await self.deliver(msgspec.Raw(_with_user(self.caller.user, joined)))


class SessionHandler(PollingHandler):
    """Leaves a session."""

    @authenticated
    @authorized_to("read")
    async def delete(self, spec_id: str, session_id: str) -> None:
        self.services.polls.begin(self.spec_id(spec_id), self.caller, session_id)
        self.services.polls.leave(session_id)
        self.reply({})


class SessionEventsHandler(PollingHandler):
    """Receives events of a session, and sends events to it."""

    def initialize(self, services: Services, frame_turns: FrameTurns | None = None) -> None:
        super().initialize(services)
        self.frame_turns = frame_turns or FrameTurns()

    @authenticated
    @authorized
    @stops_without_client
    async def get(self, spec_id: str, session_id: str) -> None:
        after = self.query_number("after", 0) or 0
        longest = min(LONGEST_WAIT, self.recheck_seconds or LONGEST_WAIT)
        wait = min(self._seconds("wait"), longest)
        polls = self.services.polls
        poll = polls.begin(self.spec_id(spec_id), self.caller, session_id)
        try:
            events = await poll.outbox.after(after, wait)
            long = sum(len(event.payload) for _, event in events) > SMALL
            async with self.services.contents.answer(self.caller) if long else nullcontext():
                numbered = [msgspec.Raw(b'{"seq":%d,' % seq + event.payload[1:]) for seq, event in events]
                await self.deliver({"events": numbered, "seq": events[-1][0] if events else after})
        finally:
            polls.finish(session_id, poll)

    @authenticated
    @authorized_to("read")
    async def post(self, spec_id: str, session_id: str) -> None:
        events = frames(self.content())
        polls = self.services.polls
        poll = polls.begin(self.spec_id(spec_id), self.caller, session_id)
        try:
            if poll.outbox.ended is not None:
                raise poll.outbox.ended
            begun = time.perf_counter()
            refused = 0
            for number, frame in enumerate(events, start=1):
                if number % EVENTS_PER_ITERATION == 0:
                    self.frame_turns.spend(self.caller.user.user_id, time.perf_counter() - begun)
                    await self.frame_turns.turn(self.caller.user.user_id)
                    begun = time.perf_counter()
                try:
                    if (work := poll.conversation.take(frame)) is not None:
                        await work
                except Exception as error:
                    refused += 1
                    if refused <= MOST_ERRORS:
                        poll.conversation.fail(public_error(error, self.request_id), self.request_id)
            if refused > MOST_ERRORS:
                more = InvalidMessage(f"{refused - MOST_ERRORS:,} more events of this request are not valid.")
                poll.conversation.fail(more, self.request_id)
        finally:
            polls.finish(session_id, poll)
        self.reply({})

    def _seconds(self, name: str) -> float:
        """A number of seconds in the query, as a float; 0 if it is missing. Raises `InvalidMessage`."""
        text = self.get_query_argument(name, "0")
        if not DECIMAL.fullmatch(text):
            raise InvalidMessage(f"{name} must be a number of seconds from 0.")
        return float(text)


def _with_user(user: User, joined: Event) -> bytes:
    """The data of ``session_joined`` with the user's id and name, which a WebSocket gets by ``connect``."""
    who = msgspec.json.encode({"userId": user.user_id, "userName": user.name})
    data = msgspec.json.decode(joined.payload, type=dict[str, msgspec.Raw])["data"]
    return who[:-1] + b"," + bytes(data)[1:]
