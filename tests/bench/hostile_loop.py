"""What a server's own watch on its event loop has seen, from its metrics."""

from __future__ import annotations

import re
from urllib.request import Request, urlopen

from tests.serving import JupyterServer

METRIC = re.compile(r"^(speccollab_loop_\w*(?:longest|max)\w*) ([0-9.e+-]+)$", re.MULTILINE)


def longest_pauses(server: JupyterServer) -> str:
    """The gauge of the longest pause since the start, where there is one."""
    request = Request(f"{server.url}metrics", headers={"Authorization": f"token {server.token}"})
    with urlopen(request, timeout=30) as response:
        found = METRIC.search(response.read().decode())
    return f" (by the server's watch, since its start: {1000 * float(found[2]):,.1f})" if found else ""
