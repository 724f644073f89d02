"""``python -m jupyter_speccollab.hub``: what JupyterHub, systemd or a container runs."""

from __future__ import annotations

import sys
from importlib.util import find_spec

if find_spec("jupyterhub") is None:
    sys.exit("The hub service needs JupyterHub's package: pip install 'jupyter_speccollab[hub]'")

from jupyter_speccollab.hub.service import main

main()
