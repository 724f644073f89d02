"""The bare floor (`tests.bench.floor`) as a system of the bench."""

from __future__ import annotations

import platform
import sys
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from uuid import uuid4

from tests.bench.load import LoadClient, Recorder, Typist
from tests.bench.program import Program


class Bare(Program):
    """It knows no text: nothing is rebuilt, and joining brings none."""

    name = "bare floor"
    durable = True
    keeps = True

    def __init__(self, directory: Path) -> None:
        super().__init__(directory)
        self._file = directory / "floor.sqlite3"

    def command(self) -> Sequence[str]:
        return [sys.executable, "-m", "tests.bench.floor", str(self.port), str(self._file)]

    def versions(self) -> Mapping[str, str]:
        return {"tornado": version("tornado"), "Python": platform.python_version()}

    async def new_document(self, text: str) -> str:
        return str(uuid4())

    async def join(self, document: str, number: int, recorder: Recorder) -> Typist:
        return await LoadClient(
            recorder, self.port, f"/ws/specs/{document}", {"Person": str(number)}
        ).connect()

    def rebuilt(self, first: str, watchers: Sequence[Typist]) -> str | None:
        return None
