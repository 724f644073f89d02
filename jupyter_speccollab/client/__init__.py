"""A client in Python for scripts, agents and notebooks that edit a spec together with people."""

from __future__ import annotations

from jupyter_speccollab.client.blocking import BlockingSpec
from jupyter_speccollab.client.progress import Progress
from jupyter_speccollab.client.rows import markdown_table
from jupyter_speccollab.client.spec import SpecClient
from jupyter_speccollab.client.sync.change import Change
from jupyter_speccollab.client.thread_changes import ThreadChange

__all__ = ["BlockingSpec", "Change", "Progress", "SpecClient", "ThreadChange", "markdown_table"]
