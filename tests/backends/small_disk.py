"""A file system of one megabyte, which a test can fill. Only root can mount it."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

KILOBYTES = 1_024


class NotMounted(Exception):
    """A file system can't be mounted here."""


@contextmanager
def mounted(directory: Path) -> Iterator[None]:
    """Mount it at ``directory``. Raises `NotMounted`."""
    command = ["mount", "-t", "tmpfs", "-o", f"size={KILOBYTES}k,mode=700", "tmpfs", str(directory)]
    try:
        subprocess.run(command, check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError) as error:
        raise NotMounted(f"a small file system can't be mounted here: {error}") from error
    try:
        yield
    finally:
        subprocess.run(["umount", "--lazy", str(directory)], check=True)


def fill(disk: Path) -> Path:
    """Write a file that takes all the free space; its path."""
    ballast = disk / "ballast"
    with ballast.open("wb", buffering=0) as file:
        try:
            while file.write(b"\0" * 512):
                pass
        except OSError:
            pass
    return ballast
