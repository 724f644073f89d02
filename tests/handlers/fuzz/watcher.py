"""A client that follows the document, to check that it stays whole."""

from __future__ import annotations

import hashlib

from tests.handlers.fuzz.protocol import EVENTS
from tests.handlers.logins import Login, Socket, applied


class Watcher:
    """Applies the broadcasts of one session, as a client does."""

    def __init__(self, login: Login, socket: Socket) -> None:
        self.login = login
        self.socket = socket
        self.text = str(socket.welcome["content"])
        self.version = int(socket.welcome["version"])

    @classmethod
    async def of(cls, login: Login, spec_id: str) -> Watcher:
        return cls(login, await login.joined(spec_id))

    async def agrees(self) -> None:
        """Check that the broadcasts have produced the document of the server."""
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
    """Check that two users can still edit together."""
    one, two = await ada.joined(spec_id), await bob.joined(spec_id)
    await one.commits({"type": "insert", "position": 0, "content": "still here "})
    told = await two.until("remote_operation")
    assert told["operations"][0]["content"] == "still here "
