"""What the server writes into its log has a time and a level, as Jupyter's own lines have."""

from __future__ import annotations

import re
import time
from pathlib import Path

from tests.serving import JupyterServer

PATIENCE = 60.0


def test_a_server_without_its_database_says_so_in_one_line(tmp_path: Path) -> None:
    server = JupyterServer(tmp_path, options={"SpecCollabApp.database_path": tmp_path})
    server.launch()
    try:
        deadline = time.monotonic() + PATIENCE
        while "edits are refused" not in server.log.read_text():
            assert time.monotonic() < deadline, server.log.read_text()
            time.sleep(0.1)
    finally:
        server.stop()
    lines = [line for line in server.log.read_text().splitlines() if "nothing can be saved" in line]
    assert len(lines) == 1
    assert re.match(r"\[E \S+ \S+ jupyter_speccollab\.service\.store_watch\] edits are refused", lines[0])
