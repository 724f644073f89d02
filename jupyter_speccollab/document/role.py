"""Roles: what a user may do with a spec."""

from __future__ import annotations

from enum import IntEnum


class Role(IntEnum):
    """Each role includes the ones before it; ``NONE`` does not even allow seeing the spec."""

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
