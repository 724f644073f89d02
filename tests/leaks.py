"""Everything that an exception may show of a secret."""

from __future__ import annotations

import traceback

SECRET = "hunter2-S3cret"


def shown_by(error: BaseException) -> str:
    """The traceback of the error, and every error that it hides."""
    hidden, chain = error, [error]
    while (context := hidden.__cause__ or hidden.__context__) is not None:
        hidden = context
        chain.append(hidden)
    lines = [line for each in chain for line in traceback.format_exception_only(each)]
    return "".join([*lines, *map(repr, chain), *(repr(each.args) for each in chain)])
