"""Polling: sessions over plain HTTP requests, for networks that block WebSockets."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
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
"""Bytes of events that may be queued for the client."""

NORMAL_CLOSURE: Final = 1000
"""The client left, or sent no request for `SILENCE` seconds."""

SLOW_READER: Final = 4008
"""The client does not fetch events as fast as they come."""

TAKEN_OVER: Final = 4409
"""Another connection has taken the session over."""

JOIN_AGAIN: Final = "This session is not here. Join again with lastKnownVersion."


class PollOutbox:
    """Numbers events from 0, and keeps each until the client's next request confirms it."""

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
        """Queue an event. If too many bytes are queued already, end the session; the client has to join again."""
        if self.ended is not None:
            return
        if self._size > BACKLOG:
            self.close(SLOW_READER, JOIN_AGAIN)
            return
        self.seq += 1
        self._events.append((self.seq, event))
        self._size += len(event.payload)
        self._news.set()

    def when_clear(self, act: Callable[[], None]) -> None:
        """As `Outbox.when_clear`. If too many large answers are waiting, end the session."""
        if self.ended is None and not self._backpressure.add(act):
            self.close(SLOW_READER, JOIN_AGAIN)

    def close(self, code: int, reason: str) -> None:
        """End the session. Queued events can still be fetched; after that, `after` raises the error for ``code``.

        The table below has no entry for 4401 (an expired or revoked token). Authentication refuses a request with
        such a token before the session is looked up, so only a request with a new token gets here. Its answer is
        `NotJoined`: the client has to join again. The same holds for `TAKEN_OVER`, which the error's details name.
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
        """The first event, ``session_joined``, which answers the join request. A later fetch confirms it."""
        return self._events[0][1]

    async def after(self, seq: int, wait: float) -> list[tuple[int, Event]]:
        """Confirm the events up to ``seq``, and return those after it; wait up to ``wait`` seconds for the first.

        A second call ends the first, which then returns no events. Raises the error that ended the session, once
        all events have been fetched.
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
    """One session and its outbox. ``calls`` is the number of its requests in progress."""

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
        self._start_timer(session.session_id, poll)
        return outbox.welcome

    def begin(self, spec_id: str, caller: Caller, session_id: str) -> Poll:
        """Start a request of a session: give it these credentials, and keep it from timing out before `finish`.

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
        poll.conversation.renew(_with_later_token(caller, poll.conversation.caller))
        poll.calls += 1
        if poll.timer is not None:
            poll.timer.cancel()
        return poll

    def finish(self, session_id: str, poll: Poll) -> None:
        """End a request. The session ends after `SILENCE` seconds without another one."""
        poll.calls -= 1
        if poll.calls == 0 and self._polls.get(session_id) is poll:
            self._start_timer(session_id, poll)

    def leave(self, session_id: str) -> None:
        """End a session."""
        poll = self._polls.pop(session_id, None)
        if poll is None:
            return
        self._forget(poll)
        poll.outbox.close(NORMAL_CLOSURE, JOIN_AGAIN)
        with suppress(NotJoined):
            poll.conversation.leave()

    def _forget(self, poll: Poll) -> None:
        if poll.timer is not None:
            poll.timer.cancel()
        if self._token_expiry is not None:
            self._token_expiry.forget(poll.conversation)

    def _start_timer(self, session_id: str, poll: Poll) -> None:
        loop = asyncio.get_running_loop()
        poll.timer = loop.call_later(SILENCE, self.leave, session_id)


def _with_later_token(caller: Caller, before: Caller) -> Caller:
    """``caller``, with the token of ``before`` if that allows the same for longer.

    A request with the old token may be on its way while the client renews its token. The session must not end when
    the old one expires.
    """
    token, earlier = caller.token, before.token
    if token is None or earlier is None or earlier.expires_at <= token.expires_at:
        return caller
    is_same = (token.role, token.spec_id) == (earlier.role, earlier.spec_id)
    return replace(caller, token=earlier) if is_same else caller
