"""What people may write into comments and suggestions."""

from __future__ import annotations

import pytest

from jupyter_speccollab.document.thread_text import LONGEST, check_body, check_replacement
from jupyter_speccollab.errors import InvalidContent, InvalidMessage, OperationTooLarge


def test_what_fits() -> None:
    assert check_body(" x\n") == " x\n"
    assert check_body("\U0001f98a" * LONGEST)
    assert check_replacement("") == ""


@pytest.mark.parametrize("body", [None, "", "  \n\t"])
def test_nothing_is_no_message(body: str | None) -> None:
    with pytest.raises(InvalidMessage):
        check_body(body)


@pytest.mark.parametrize("text", ["a\0", "a\r", "a\ud800"])
def test_what_is_no_text(text: str) -> None:
    with pytest.raises(InvalidContent):
        check_body(text)
    with pytest.raises(InvalidContent):
        check_replacement(text)


def test_what_is_too_long() -> None:
    with pytest.raises(OperationTooLarge):
        check_body("x" * (LONGEST + 1))
    with pytest.raises(OperationTooLarge):
        check_replacement("x" * (LONGEST + 1))
