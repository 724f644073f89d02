"""Token expiry: ends open connections whose token expires, or is revoked."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from typing import Final
from uuid import uuid4

from jupyter_speccollab.background import in_background
from jupyter_speccollab.errors import SpecCollabError, StoreUnavailable, TokenExpired, Unauthenticated
from jupyter_speccollab.service.access.tokens import REVOKED, Tokens
from jupyter_speccollab.service.sessions.conversation import Conversation

CHECK: Final = 2.0
"""Seconds between two checks for revoked tokens."""

logger = logging.getLogger(__name__)


class TokenExpiry:
    """Watches conversations. Those without a token are never ended."""

    def __init__(self, tokens: Tokens, clock: Callable[[], datetime]) -> None:
        self._tokens = tokens
        self._clock = clock
        self._watched: set[Conversation] = set()
        self._task: asyncio.Task[None] | None = None
        self._news = asyncio.Event()

    def watch(self, conversation: Conversation) -> None:
        """Watch a conversation until `forget` is called."""
        self._watched.add(conversation)
        self._news.set()
        if self._task is None or self._task.done():
            self._task = in_background(self._run(), "tokens of open connections")

    def forget(self, conversation: Conversation) -> None:
        """Stop watching a conversation that is over."""
        self._watched.discard(conversation)
        if not self._watched:
            self.close()

    def close(self) -> None:
        """Stop watching all conversations."""
        if self._task is not None:
            self._task.cancel()
            self._task = None

    async def _run(self) -> None:
        while True:
            self._expire()
            await self._revoke()
            self._news.clear()
            with suppress(TimeoutError):
                async with asyncio.timeout(self._rest()):  # `wait_for` of Python 3.11 may lose a cancellation
                    await self._news.wait()

    def _rest(self) -> float:
        """Seconds until the next token expires or the next check is due."""
        now = self._clock()
        tokens = [watched.caller.token for watched in self._watched]
        return max(
            0.0, min([CHECK, *((token.expires_at - now).total_seconds() for token in tokens if token)])
        )

    def _expire(self) -> None:
        now = self._clock()
        for watched in list(self._watched):
            if watched.caller.token is not None and watched.caller.token.expires_at <= now:
                self._end(watched, TokenExpired("Your token has expired. Connect again with a fresh one."))

    async def _revoke(self) -> None:
        watched = {
            conversation: conversation.caller
            for conversation in self._watched
            if conversation.caller.token is not None
        }
        if not watched:
            return
        try:
            revoked = await self._tokens.revoked(list(watched.values()))
        except StoreUnavailable:
            logger.debug("the database is away: revoked tokens are looked up later")
        except Exception:
            logger.exception("revoked tokens could not be looked up")
        else:
            for conversation, caller in watched.items():
                if caller in revoked and conversation.caller == caller:
                    self._end(conversation, Unauthenticated(REVOKED))

    def _end(self, conversation: Conversation, reason: SpecCollabError) -> None:
        self._watched.discard(conversation)
        conversation.fail(reason, uuid4().hex[:16])
