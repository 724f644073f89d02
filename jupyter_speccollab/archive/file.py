"""Writing the file of an archive."""

from __future__ import annotations

import gzip
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from jupyter_speccollab.archive.flaw import BadArchive


@contextmanager
def compressed(file: BinaryIO) -> Iterator[gzip.GzipFile]:
    """A stream that compresses to ``file`` with gzip; equal content gives equal bytes."""
    with gzip.GzipFile(filename="", mode="wb", fileobj=file, compresslevel=6, mtime=0) as stream:
        yield stream


@contextmanager
def new_file(path: Path, *, force: bool = False) -> Iterator[BinaryIO]:
    """A new file that only its owner may read; it appears at ``path`` when the context ends, complete.

    If an exception is raised, ``path`` stays as it was. Raises `BadArchive` if the file exists and ``force`` is
    not set, or if it can't be written.
    """
    if path.exists() and not force:
        raise BadArchive(f"{path} exists already: name another file, or replace it with --force.")
    try:
        descriptor, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".part", dir=path.parent)
        try:
            with os.fdopen(descriptor, "wb") as file:
                yield file
                file.flush()
                os.fsync(file.fileno())
            os.replace(name, path)
        except BaseException:
            os.unlink(name)
            raise
    except OSError as error:
        raise BadArchive(f"{path} can't be written: {error.strerror}.") from error
