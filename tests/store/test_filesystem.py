"""Detecting the file system of a path."""

from __future__ import annotations

from pathlib import Path

import pytest

from jupyter_speccollab.store.filesystem import network_filesystem

MOUNTS = r"""/dev/vda / ext4 rw,relatime 0 0
proc /proc proc rw 0 0
server:/export /net/home nfs4 rw 0 0
/dev/sdb /net/home/local xfs rw 0 0
//pc/share /net/my\040share cifs rw 0 0
me@host: /home/me/far fuse.sshfs rw 0 0
"""


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/var/specs.db", None),
        ("/net/home/ada/specs.db", "nfs4"),
        ("/net/homestead/specs.db", None),
        ("/net/home/local/specs.db", None),
        ("/net/my share/specs.db", "cifs"),
        ("/home/me/far/specs.db", "fuse.sshfs"),
    ],
)
def test_the_nearest_mount_counts(tmp_path: Path, path: str, kind: str | None) -> None:
    mounts = tmp_path / "mounts"
    mounts.write_text(MOUNTS)
    assert network_filesystem(Path(path), mounts) == kind


def test_no_table_of_mounts_counts_as_local(tmp_path: Path) -> None:
    assert network_filesystem(tmp_path, tmp_path / "missing") is None
