"""Roles: what somebody may do with a spec."""

from __future__ import annotations

from enum import IntEnum


class Role(IntEnum):
    """Each includes the ones before it; ``NONE`` may not even see the spec."""

    NONE = 0
    VIEWER = 1
    CONTRIBUTOR = 2
    ADMIN = 3
    OWNER = 4

    @classmethod
    def named(cls, name: str) -> Role:
        """The role of this lower-case name. Raises `KeyError`."""
        return cls[name.upper()]

    @property
    def label(self) -> str:
        """The name as the protocol writes it."""
        return self.name.lower()
