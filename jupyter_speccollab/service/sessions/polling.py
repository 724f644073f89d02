"""Polling: sessions over plain requests, for networks that block WebSockets."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from typing import Final

from jupyter_speccollab.document.caller import Caller
from jupyter_speccollab.errors import (
    Forbidden,
    NotJoined,
    SpecCollabError,
    SpecNotFound,
    TooManySessions,
)
from jupyter_speccollab.protocol.messages import JoinSession
from jupyter_speccollab.service.access.roles import not_found
from jupyter_speccollab.service.access.tokens import Tokens
from jupyter_speccollab.service.live.documents import Documents
from jupyter_speccollab.service.presence.backpressure import Backpressure
from jupyter_speccollab.service.presence.session import Event
from jupyter_speccollab.service.sessions.conversation import Conversation
from jupyter_speccollab.service.sessions.token_expiry import TokenExpiry

SILENCE: Final = 60.0
"""Seconds without a request after which a session ends."""

BACKLOG: Final = 16 * 1024 * 1024
"""Bytes that may wait to be fetched."""

GONE: Final = 1000
TAKEN_OVER: Final = 4409

JOIN_AGAIN: Final = "This session is not here. Join again with lastKnownVersion."


class PollOutbox:
    """Numbers events from 0, and keeps each until the client confirms it by its next request."""

    def __init__(self) -> None:
        self.batch = False
        self.ended: SpecCollabError | None = None
        self.seq = -1
        self._events: deque[tuple[int, Event]] = deque()
        self._size = 0
        self._backpressure = Backpressure(lambda: self._size)
        self._news = asyncio.Event()
        self._turn = 0

    def send(self, event: Event) -> None:
        """Queue an event. A client that leaves too many bytes waiting has to join again."""
        if self.ended is not None:
            return
        if self._size > BACKLOG:
            self.close(4008, JOIN_AGAIN)
            return
        self.seq += 1
        self._events.append((self.seq, event))
        self._size += len(event.payload)
        self._news.set()

    def when_clear(self, act: Callable[[], None]) -> None:
        """As `Outbox.when_clear`. A client that asks for too many large answers has to join again."""
        if self.ended is None and not self._backpressure.add(act):
            self.close(4008, JOIN_AGAIN)

    def close(self, code: int, reason: str) -> None:
        """End the session. Queued events can still be fetched; then requests are refused by the error for ``code``.

        A request with an expired token is refused before it comes here; a client with a new one has to join again.
        If another connection has taken the session over, the error's details say so, and the client joins anew.
        """
        kinds: dict[int, type[SpecCollabError]] = {
            4403: Forbidden,
            4404: SpecNotFound,
            4429: TooManySessions,
        }
        details = {"takenOver": True} if code == TAKEN_OVER else {}
        self.ended = self.ended or kinds.get(code, NotJoined)(reason, **details)
        self._news.set()

    @property
    def welcome(self) -> Event:
        """The first event, ``session_joined``: the answer to the join request. A fetch after 0 confirms it."""
        return self._events[0][1]

    async def after(self, seq: int, wait: float) -> list[tuple[int, Event]]:
        """Confirm the events up to ``seq``, and return those after it; wait up to ``wait`` seconds for the first.

        A second call ends the first, which then returns no events. Raises the error that ended the session, once
        all events were fetched.
        """
        self._turn += 1
        turn = self._turn
        self._news.set()
        while self._events and self._events[0][0] <= seq:
            self._size -= len(self._events.popleft()[1].payload)
        if self.ended is None:
            self._backpressure.go_on()
        if not self._events and self.ended is None:
            self._news = asyncio.Event()
            with suppress(TimeoutError):
                async with asyncio.timeout(wait):
                    await self._news.wait()
        if turn != self._turn:
            return []
        if not self._events and self.ended is not None:
            raise self.ended
        return list(self._events)


class Poll:
    """One session and its outbox. ``calls`` counts its requests in progress."""

    def __init__(self, conversation: Conversation, outbox: PollOutbox) -> None:
        self.conversation = conversation
        self.outbox = outbox
        self.calls = 0
        self.timer: asyncio.TimerHandle | None = None


class Polls:
    """The polling sessions of this server. ``token_expiry`` ends those whose token expires or is revoked."""

    def __init__(
        self, documents: Documents, tokens: Tokens | None = None, token_expiry: TokenExpiry | None = None
    ) -> None:
        self._documents = documents
        self._tokens = tokens
        self._token_expiry = token_expiry
        self._polls: dict[str, Poll] = {}

    async def join(self, spec_id: str, caller: Caller, message: JoinSession) -> Event:
        """Join a spec; returns ``session_joined``. Raises as `Conversation.join`."""
        outbox = PollOutbox()
        conversation = Conversation(self._documents, spec_id, caller, outbox, self._tokens)
        session = await conversation.join(message)
        before = self._polls.get(session.session_id)
        if before is not None:
            self._forget(before)
        poll = self._polls[session.session_id] = Poll(conversation, outbox)
        if self._token_expiry is not None:
            self._token_expiry.watch(conversation)
        self._rest(session.session_id, poll)
        return outbox.welcome

    def begin(self, spec_id: str, caller: Caller, session_id: str) -> Poll:
        """The session, which now has these credentials and does not end before `finish`.

        Raises `NotJoined` if it is not on this server or not this user's, `SpecNotFound` for a token of another
        spec.
        """
        if caller.only not in (None, spec_id):
            raise not_found()
        poll = self._polls.get(session_id)
        if (
            poll is None
            or poll.conversation.spec_id != spec_id
            or poll.conversation.caller.user.user_id != caller.user.user_id
        ):
            raise NotJoined(JOIN_AGAIN)
        poll.conversation.renew(caller)
        poll.calls += 1
        if poll.timer is not None:
            poll.timer.cancel()
        return poll

    def finish(self, session_id: str, poll: Poll) -> None:
        """A request has ended. Without another the session ends in `SILENCE` seconds."""
        poll.calls -= 1
        if poll.calls == 0 and self._polls.get(session_id) is poll:
            self._rest(session_id, poll)

    def leave(self, session_id: str) -> None:
        """End a session."""
        poll = self._polls.pop(session_id, None)
        if poll is None:
            return
        self._forget(poll)
        poll.outbox.close(GONE, JOIN_AGAIN)
        with suppress(NotJoined):
            poll.conversation.leave()

    def _forget(self, poll: Poll) -> None:
        if poll.timer is not None:
            poll.timer.cancel()
        if self._token_expiry is not None:
            self._token_expiry.forget(poll.conversation)

    def _rest(self, session_id: str, poll: Poll) -> None:
        loop = asyncio.get_running_loop()
        poll.timer = loop.call_later(SILENCE, self.leave, session_id)
