"""No task of the package ends with an error that nobody hears of."""

from __future__ import annotations

import ast
import asyncio
from pathlib import Path

import pytest

import jupyter_speccollab
from jupyter_speccollab.background import in_background

PACKAGE = Path(jupyter_speccollab.__file__).parent

HEARD = {
    "background.py": "logs the error itself",
    "bus/redis.py": "`_run_again` logs every error, and runs the loop again",
    "client/session.py": "`_converse` ends the session with the error, which every call then raises",
    "client/transport.py": "`open` awaits the connection; if it is cancelled, `_close` closes the connection",
    "handlers/base.py": "the request awaits its method",
    "service/workers.py": "`run` awaits the computation; whoever needs a process that did not start is told",
    "store/postgres.py": "`_shielded` awaits the transaction; a caller that is cancelled has given up its outcome",
}
"""Files that start tasks by themselves, and who hears of an error of each."""


def starts(tree: ast.Module) -> bool:
    names = {
        node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
    }
    return bool(names & {"create_task", "ensure_future"})


def test_tasks_are_started_where_their_errors_are_heard() -> None:
    found = {
        path.relative_to(PACKAGE).as_posix()
        for path in PACKAGE.rglob("*.py")
        if starts(ast.parse(path.read_text(encoding="utf-8")))
    }
    assert found == set(HEARD)


def test_no_error_is_suppressed_whatever_it_is() -> None:
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "suppress":
                names = {getattr(argument, "id", "") for argument in node.args}
                assert not names & {"Exception", "BaseException"}, (path, node.lineno)
            if isinstance(node, ast.ExceptHandler):
                is_broad = node.type is None or getattr(node.type, "id", "") in ("Exception", "BaseException")
                assert not (is_broad and isinstance(node.body[0], ast.Pass)), (path, node.lineno)


async def test_an_error_of_a_task_is_logged_at_once(caplog: pytest.LogCaptureFixture) -> None:
    async def fail() -> None:
        raise ZeroDivisionError

    task = in_background(fail(), "divide")
    await asyncio.wait([task])
    await asyncio.sleep(0)
    assert "divide has ended with an error" in caplog.text
    stopped = in_background(asyncio.sleep(60), "wait")
    stopped.cancel()
    await asyncio.wait([stopped])
    assert "wait has" not in caplog.text
