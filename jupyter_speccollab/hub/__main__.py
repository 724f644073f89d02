"""``python -m jupyter_speccollab.hub``: runs the hub service, from JupyterHub, systemd or a container."""

from __future__ import annotations

import sys
from importlib.util import find_spec

if find_spec("jupyterhub") is None:
    sys.exit("The hub service needs the package jupyterhub: pip install 'jupyter_speccollab[hub]'")

from jupyter_speccollab.hub.service import main

main()
