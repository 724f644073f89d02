"""Archives written to files, read line by line, and changed."""

from __future__ import annotations

import gzip
import json
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from jupyter_speccollab.archive.file import compressed, new_file
from jupyter_speccollab.archive.flaw import BadArchive
from jupyter_speccollab.archive.importing import Destination, import_archive, survey
from jupyter_speccollab.archive.writing import Written, write
from jupyter_speccollab.store.base import Store
from jupyter_speccollab.store.memory import MemoryStore
from tests.store.values import SPEC, an_id, moment

TO = Destination(an_id("new epoch"), moment(1000))


async def export(store: Store, path: Path) -> Written:
    with new_file(path, force=True) as file, compressed(file) as stream:
        return await write(store, SPEC, stream)


def lines_of(path: Path) -> list[dict[str, Any]]:
    with gzip.open(path, "rt", encoding="utf-8", newline="\n") as file:
        return [json.loads(line) for line in file]


def at(lines: list[dict[str, Any]], kind: str, version: int) -> dict[str, Any]:
    return next(line for line in lines if line["line"] == kind and line.get("version") == version)


def bytes_of(path: Path) -> bytes:
    return path.read_bytes()


def put(path: Path, data: bytes) -> None:
    path.write_bytes(data)


def files_in(directory: Path) -> list[str]:
    return [path.name for path in directory.iterdir()]


def rewrite(path: Path, lines: Sequence[dict[str, Any]]) -> None:
    """Write these lines to the file, with a valid last line."""
    data = b"".join(json.dumps(line, ensure_ascii=False).encode() + b"\n" for line in lines[:-1])
    end = {**lines[-1], "lines": len(lines) - 1, "sha256": sha256(data).hexdigest()}
    path.write_bytes(gzip.compress(data + json.dumps(end).encode() + b"\n"))


async def refused(path: Path, destination: Destination = TO) -> str:
    """Return the error of an import that is refused."""
    with pytest.raises(BadArchive) as caught:
        await survey(path, destination)
    store = MemoryStore()
    with pytest.raises(BadArchive):
        await import_archive(store, path, destination)
    assert (await store.specs()).specs == ()
    return str(caught.value)
