"""The file that an archive is written to."""

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
    """What is written goes to ``file`` as gzip; equal content makes equal bytes."""
    with gzip.GzipFile(filename="", mode="wb", fileobj=file, compresslevel=6, mtime=0) as stream:
        yield stream


@contextmanager
def new_file(path: Path, *, force: bool = False) -> Iterator[BinaryIO]:
    """A file that only its owner may read, and that stands at ``path`` once it is whole, not before.

    Where anything is raised there is none, or what was there. Raises `BadArchive` where there is one already,
    unless ``force`` replaces it, and where it can't be written.
    """
    if path.exists() and not force:
        raise BadArchive(f"{path} is there already: name another file, or replace it by --force.")
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
