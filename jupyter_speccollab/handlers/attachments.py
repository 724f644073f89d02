"""``/api/specs/:specId/attachments``: takes and hands out the pictures of a spec."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from typing import Any, Final, cast

from jupyter_server.auth.decorator import authorized
from tornado.http1connection import HTTP1Connection
from tornado.web import authenticated

from jupyter_speccollab.background import in_background
from jupyter_speccollab.document.media_type import EXTENSIONS
from jupyter_speccollab.errors import SpecCollabError
from jupyter_speccollab.handlers.base import DELIVERY, SpecHandler, stops_without_client
from jupyter_speccollab.handlers.request_body import RequestBody

HARMLESS: Final = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
"""The policy under which a picture is shown: an SVG runs no script, and loads nothing."""

FOREVER: Final = "private, max-age=31536000, immutable"
"""A picture never changes under its id."""


class AttachmentsHandler(SpecHandler):
    """Takes a picture. Its body is read when it is the caller's turn, and may be as long as a picture may be."""

    turn: AsyncExitStack | None = None
    ending: asyncio.Task[None] | None = None

    async def prepare(self, **options: Any) -> None:
        """Wait for the turn of this picture before its body is read.

        Of a request that Jupyter's Authorizer refuses nothing is read; the method then says so.
        """
        await super().prepare(**options)
        if self.request.method != "POST":
            return
        if not await self.is_allowed("write"):
            self.request_body = RequestBody(0)
        else:
            spec_id = self.spec_id(self.path_args[0])
            turn = await self.services.attachments.receiving(self.caller, spec_id)
            self.turn = AsyncExitStack()
            await self.turn.enter_async_context(turn)

    @property
    def most_bytes(self) -> int:
        """How long the body may be, in bytes."""
        return self.services.documents.limits.attachment_bytes

    def too_long(self) -> SpecCollabError:
        """The error for a picture that is too large."""
        return self.services.attachments.too_large()

    @authenticated
    @authorized
    async def post(self, spec_id: str) -> None:
        declared = self.request.headers.get("Content-Type", "").partition(";")[0].strip().lower()
        added = await self.services.attachments.add(
            self.caller, self.spec_id(spec_id), declared, self.content()
        )
        self.reply(added, status=201)

    def on_finish(self) -> None:
        """Let the caller's next picture be read."""
        self._end_turn()
        super().on_finish()

    def on_connection_close(self) -> None:
        """Let the caller's next picture be read."""
        self._end_turn()
        super().on_connection_close()

    def _end_turn(self) -> None:
        turn, self.turn = self.turn, None
        if turn is not None:
            self.ending = in_background(turn.aclose(), "end the turn of a picture")


class AttachmentHandler(SpecHandler):
    """Hands out a picture, part by part as the client takes it."""

    @authenticated
    @authorized
    @stops_without_client
    async def get(self, spec_id: str, name: str) -> None:
        attachments, spec_id = self.services.attachments, self.spec_id(spec_id)
        found = await attachments.find(self.caller, spec_id, name)
        self.set_header("Content-Type", found.media_type)
        self.set_header("Content-Length", found.size)
        self.set_header("Content-Security-Policy", HARMLESS)
        self.set_header("X-Content-Type-Options", "nosniff")
        self.set_header("Cache-Control", FOREVER)
        file = f"{found.attachment_id}.{EXTENSIONS[found.media_type]}"
        self.set_header("Content-Disposition", f'inline; filename="{file}"')
        async for part in attachments.parts(spec_id, found):
            self.write(part)
            if not await self._is_taken():
                return
        await self.finish(set_content_type=found.media_type)

    async def _is_taken(self) -> bool:
        """Send what was written; closes the connection if the client does not take it within `DELIVERY` seconds."""
        sent = self.flush()
        await asyncio.wait([sent], timeout=DELIVERY)
        if not sent.done():
            cast(HTTP1Connection, self.request.connection).stream.close()
            return False
        return not sent.cancelled() and sent.exception() is None
