"""A client that follows the document, to check that it stays whole."""

from __future__ import annotations

import hashlib

from tests.handlers.fuzz.protocol import EVENTS
from tests.handlers.logins import Login, Socket, applied


class Watcher:
    """Follows the document as a client does, by nothing but the stream."""

    def __init__(self, login: Login, socket: Socket) -> None:
        self.login = login
        self.socket = socket
        self.text = str(socket.welcome["content"])
        self.version = int(socket.welcome["version"])

    @classmethod
    async def of(cls, login: Login, spec_id: str) -> Watcher:
        return cls(login, await login.joined(spec_id))

    async def agrees(self) -> None:
        """The document that the server has is the one that its broadcasts made."""
        document = await self.login.call("GET", f"api/specs/{self.socket.spec_id}/document")
        while self.version < document["version"]:
            event = await self.socket.event()
            assert event is not None
            assert event["event"] in EVENTS
            if event["event"] == "remote_operation":
                assert event["data"]["version"] == self.version + 1
                self.text = applied(self.text, event["data"]["operations"])
                self.version += 1
        assert hashlib.sha256(self.text.encode()).hexdigest() == document["contentHash"]


async def works(ada: Login, bob: Login, spec_id: str) -> None:
    """After all that two people write together as ever."""
    one, two = await ada.joined(spec_id), await bob.joined(spec_id)
    await one.commits({"type": "insert", "position": 0, "content": "still here "})
    told = await two.until("remote_operation")
    assert told["operations"][0]["content"] == "still here "
