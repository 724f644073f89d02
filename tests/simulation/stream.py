"""The stream of one connection, watched: what the server may say, and in which order it may arrive."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

import msgspec

from .disk import Disk
from .trace import Trace
from .verdict import Verdict

MENTION: Final = frozenset(
    {"remote_cursor", "cursor_broadcast", "threads_changed", "user_joined", "user_left"}
)
"""Events that speak of a version without bringing it."""

Data = Mapping[str, Any]


class Stream:
    """Checks the rules of a connection (protocol, section 3) as its events are sent and as they arrive.

    Law: versions arrive without a gap and but once; what is acknowledged or broadcast is durable when it is
    sent; nothing speaks of a version that has not come yet.
    """

    def __init__(
        self,
        name: str,
        backlog: int,
        disk: Disk,
        verdict: Verdict,
        trace: Trace,
        sent: Callable[[], object],
    ) -> None:
        """``backlog`` is how many bytes may be under way; ``sent`` is called when an operation leaves."""
        self.name = name
        self.version: int | None = None
        self._sent = sent
        self._known: int | None = None
        self._backlog = backlog
        self._disk = disk
        self._verdict = verdict
        self._trace = trace
        self._needs_content = False

    # what the server sends --------------------------------------------------------------------------------

    def promised(self, event: str, data: Data) -> None:
        """The server sends an event."""
        match event:
            case "operation_ack" if data["success"]:
                self._durable("acknowledged", data)
            case "remote_operation":
                self._sent_on("broadcast", data)
            case "session_joined" | "sync":
                length = len(self._disk.log)
                self._require(
                    data["version"] <= length, f"{event} at v{data['version']}, the log ends at {length}"
                )
                for entry in data.get("operations", ()):
                    self._sent_on("listed", entry)
            case "version_conflict":
                for entry in data["conflictingOperations"]:
                    self._sent_on("listed", entry)

    def waits(self, size: int) -> None:
        """The server writes while so many bytes are still under way."""
        self._require(size <= self._backlog, f"{size} bytes wait for a client that does not read")

    def _durable(self, how: str, data: Data) -> None:
        self._require(
            self._disk.holds(data["version"], data["operationId"]),
            f"{data['operationId'][:8]} was {how} as v{data['version']} and is not committed as that",
        )

    def _sent_on(self, how: str, data: Data) -> None:
        """An operation is sent to somebody: with who made it, and who suggested it."""
        self._durable(how, data)
        if self._disk.holds(data["version"], data["operationId"]):
            committed = self._disk.log[data["version"] - 1]
            said = data["userId"], data.get("authorId"), data.get("threadId")
            right = committed.user_id, committed.author_id, committed.thread_id
            self._require(said == right, f"v{committed.version} was {how} as somebody else's")

    # what the client hears --------------------------------------------------------------------------------

    def said(self, frame: bytes) -> None:
        """The client sends a frame."""
        message = msgspec.json.decode(frame)
        event, data = message["event"], message["data"]
        if event == "join_session":
            self._known = data.get("lastKnownVersion")
        elif event == "operation":
            self._sent()
        self._trace.note(self.name, f"says {event}", data)

    def heard(self, event: str, data: Data) -> None:
        """An event arrives."""
        self._trace.note(self.name, f"hears {event}", data)
        self._require(
            not self._needs_content or event == "sync",
            f"{event} came between a conflict without operations and its sync",
        )
        match event:
            case "session_joined":
                self._take_state(event, data, self._known)
            case "sync":
                self._needs_content = False
                self._take_state(event, data, None)
            case "remote_operation":
                self._next(event, data["version"])
            case "operation_ack" if data["success"]:
                self._take_ack(data["version"])
            case "version_conflict":
                self._take_conflict(data)
            case _ if event in MENTION:
                self._require(
                    self.version is not None and data["version"] <= self.version,
                    f"{event} speaks of v{data['version']}, the stream is at {self.version}",
                )
                if (draft := data.get("draft")) is not None:
                    self._require(
                        self.version is not None and draft["version"] <= self.version,
                        f"a draft is of v{draft['version']}, the stream is at {self.version}",
                    )

    def _take_state(self, event: str, data: Data, known: int | None) -> None:
        version = data["version"]
        if self.version is not None:
            self._require(version == self.version, f"{event} at v{version}, the stream is at {self.version}")
        entries = data.get("operations")
        if entries is not None:
            base = entries[0]["version"] - 1 if known is None and entries else known
            self._contiguous(event, entries, version if base is None else base, version)
        self.version = version

    def _take_ack(self, version: int) -> None:
        if self.version is None or version > self.version:
            self._next("operation_ack", version)

    def _take_conflict(self, data: Data) -> None:
        entries, current = data["conflictingOperations"], data["currentVersion"]
        self._require(current == self.version, f"conflict at v{current}, the stream is at {self.version}")
        if entries:
            self._contiguous("version_conflict", entries, data["expectedVersion"], current)
        else:
            self._needs_content = data["expectedVersion"] != current

    def _next(self, event: str, version: int) -> None:
        self._require(
            self.version is not None and version == self.version + 1,
            f"{event} brings v{version}, the stream is at {self.version}",
        )
        self.version = version

    def _contiguous(self, event: str, entries: Sequence[Data], after: int, until: int) -> None:
        versions = [entry["version"] for entry in entries]
        self._require(
            versions == list(range(after + 1, until + 1)),
            f"{event} lists {versions}, not {after + 1} to {until}",
        )

    def _require(self, holds: bool, why: str) -> None:
        self._verdict.require(holds, self.name, why)
