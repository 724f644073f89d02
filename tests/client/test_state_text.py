"""What `SpecClient` calls its state: as JupyterLab does."""

from __future__ import annotations

import re
from datetime import datetime
from itertools import product
from pathlib import Path

import pytest

from jupyter_speccollab.client.state_text import state_text

STATES = Path(__file__).parents[2] / "docs" / "states.md"
AT = datetime(2026, 11, 29, 14, 2)


@pytest.mark.parametrize(
    ("lost_since", "is_ended", "is_writable", "is_synchronised"),
    list(product((None, AT), (False, True), (False, True), (False, True))),
)
def test_the_words_are_those_of_the_status_bar(
    lost_since: datetime | None, is_ended: bool, is_writable: bool, is_synchronised: bool
) -> None:
    words = state_text(
        lost_since=lost_since, is_ended=is_ended, is_writable=is_writable, is_synchronised=is_synchronised
    )
    table = STATES.read_text(encoding="utf-8")
    for part in words.split(" · "):
        assert re.sub("14:02", "…", part) in table


def test_a_client_that_lost_its_server_says_since_when_and_that_edits_are_kept() -> None:
    words = state_text(lost_since=AT, is_ended=False, is_writable=True, is_synchronised=False)
    assert words == "Offline since 14:02 · edits kept here"
