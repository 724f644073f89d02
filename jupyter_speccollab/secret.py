"""Settings that are secrets: no error message contains their value."""

from __future__ import annotations

from contextlib import suppress
from typing import Any, NoReturn

from traitlets import TraitError, Unicode


class Secret(Unicode[str, str | bytes]):
    """A setting with a password, a key or an address that contains one."""

    def validate(self, obj: Any, value: Any) -> str:
        """The value. Raises `TraitError`, which names the setting alone."""
        if isinstance(value, bytes):
            with suppress(UnicodeDecodeError):  # its message quotes a byte
                return value.decode()
        if not isinstance(value, str):
            self.error(obj, value)
        return value

    def error(
        self, obj: Any, value: Any, error: Exception | None = None, info: str | None = None
    ) -> NoReturn:
        """Raise `TraitError` without the value, which traitlets would quote."""
        raise TraitError(
            f"The setting {type(obj).__name__}.{self.name} must be a text in quotes, and is {type(value).__name__}."
        )
