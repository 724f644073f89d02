"""The body of a request, as far as it is kept."""

from __future__ import annotations


class RequestBody:
    """Collects the body of a request while it arrives.

    Law (``tests/handlers/test_limits.py``): it never holds more than ``most`` bytes. What is longer can't be what a
    handler expects, so the rest is read from the network and dropped.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._content = bytearray()
        self.is_too_long = False

    @property
    def content(self) -> bytearray:
        """What has arrived; empty if it was too long."""
        return self._content

    def add(self, chunk: bytes) -> None:
        """Add what arrived."""
        if self.is_too_long:
            return
        if len(self._content) + len(chunk) > self._most:
            self.is_too_long = True
            self._content = bytearray()
        else:
            self._content += chunk
