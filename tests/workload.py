"""A pytest plugin that shares the tests out among the processes of pytest-xdist (``make test``).

Tests of one file stay together, so that what a module's fixtures start is started once. So do the tests of one
`SHARED` directory. What takes longest comes first, or one process would still be busy with it when the others have
finished.
"""

from __future__ import annotations

import os
from collections.abc import Generator
from typing import Any, Final

import pytest
from xdist.scheduler import LoadScopeScheduling

SHARED: Final = ("tests/hub/",)
"""Directories whose files share one server."""

LONGEST: Final = ("tests/hub/", "tests/e2e/", "tests/simulation/", "tests/servers/")
"""What takes longest, in this order."""


def unit_of(nodeid: str) -> str:
    """The unit of work that a test belongs to: its file, or its directory."""
    shared = (directory for directory in SHARED if nodeid.startswith(directory))
    return next(shared, nodeid.partition("::")[0])


def rank(nodeid: str) -> int:
    """The place of a test's directory among those that take longest."""
    longest = (number for number, directory in enumerate(LONGEST) if nodeid.startswith(directory))
    return next(longest, len(LONGEST))


class Workload(LoadScopeScheduling):
    """Gives each process the next unit of work when it has almost finished the last."""

    def _split_scope(self, nodeid: str) -> str:
        return unit_of(nodeid)


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Workload:
    config.option.loadscopereorder = False  # the order is that of the collection
    return Workload(config, log)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Escape halves of surrogate pairs in logs, which the channel between the processes does not carry."""
    report = yield
    report.sections = [
        (title, content.encode(errors="backslashreplace").decode()) for title, content in report.sections
    ]
    return report


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    if "PYTEST_XDIST_WORKER" in os.environ:
        items.sort(key=lambda item: rank(item.nodeid))
