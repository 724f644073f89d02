"""Says at the end of the tests how much was simulated."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from .campaign import Tally

TALLIES = pytest.StashKey[list[Tally]]()


@pytest.fixture
def report(request: pytest.FixtureRequest) -> Callable[[Tally], None]:
    """Takes what is to be said in the summary."""
    return request.config.stash.setdefault(TALLIES, []).append


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """One line for each campaign."""
    for tally in config.stash.get(TALLIES, []):
        terminalreporter.write_line(f"simulation: {tally}")
