"""Detecting network file systems, because write-ahead logging needs memory that machines can't share."""

from __future__ import annotations

from pathlib import Path
from typing import Final

NETWORK: Final = frozenset(
    {
        *(
            "nfs",
            "nfs4",
            "cifs",
            "smb2",
            "smb3",
            "smbfs",
            "afs",
            "9p",
            "ceph",
            "lustre",
            "gpfs",
            "beegfs",
            "glusterfs",
        ),
        *(
            "fuse.sshfs",
            "fuse.glusterfs",
            "fuse.ceph",
            "fuse.s3fs",
            "fuse.rclone",
            "fuse.gcsfuse",
            "fuse.juicefs",
        ),
    }
)
"""File system types on which write-ahead logging is unsafe or impossible."""


def network_filesystem(path: Path, mounts: Path = Path("/proc/self/mounts")) -> str | None:
    """Return the type of the network file system that contains ``path``; ``None`` for a local one.

    Also ``None`` if the system has no table of ``mounts`` (macOS, Windows).
    """
    try:
        lines = mounts.read_text(errors="replace").splitlines()
    except OSError:
        return None
    place = path.resolve()
    nearest, kind = Path("/"), ""
    for line in lines:
        _device, where, found, *_rest = line.split(" ")
        mounted = Path(where.replace("\\040", " "))
        if place.is_relative_to(mounted) and len(mounted.parts) >= len(nearest.parts):
            nearest, kind = mounted, found
    return kind if kind in NETWORK else None
