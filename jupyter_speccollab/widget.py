"""`SpecWidget`: a live spec in a cell's output."""

from __future__ import annotations

from typing import Any

from ipywidgets import DOMWidget, register
from traitlets import Dict, Int, List, Unicode

from jupyter_speccollab._version import __version__

MODULE = "jupyter-speccollab"
"""The labextension that holds the page's half."""


@register
class SpecWidget(DOMWidget):  # type: ignore[misc]  # ipywidgets has no types
    """Shows a spec where it stands: the editor of JupyterLab, with everybody's cursors.

    ::

        widget = SpecWidget("Churn model")                       # its title or id
        widget                                                   # the last line of a cell shows it
        widget.observe(lambda change: print(change.new), "version")

    The page that shows it takes part in the spec and tells the kernel what it sees, at most five times a
    second: ``content``, ``version``, ``collaborators`` and ``status`` follow along and can only be read. The
    kernel needs no address and no password for that. While no page shows the widget they stay as they are.

    To write in a spec from Python use `jupyter_speccollab.client.SpecClient`.
    """

    _model_name = Unicode("SpecModel").tag(sync=True)
    _model_module = Unicode(MODULE).tag(sync=True)
    _model_module_version = Unicode(f"^{__version__}").tag(sync=True)
    _view_name = Unicode("SpecView").tag(sync=True)
    _view_module = Unicode(MODULE).tag(sync=True)
    _view_module_version = Unicode(f"^{__version__}").tag(sync=True)

    spec = Unicode(help="The spec's title or id; another one shows that.").tag(sync=True)
    height = Unicode("360px", help="How tall it is, as CSS says it.").tag(sync=True)

    spec_id = Unicode(read_only=True, help="The spec's id; empty until a page has found it.").tag(sync=True)
    content = Unicode(read_only=True, help="The text, as the page shows it.").tag(sync=True)
    version = Int(read_only=True, help="How many operations had been committed.").tag(sync=True)
    collaborators = List(
        Dict(), read_only=True, help="Who is there: dictionaries with userId, userName and color."
    ).tag(sync=True)
    status = Unicode(
        read_only=True, help="synchronised, saving, offline or ended; empty until a page has joined."
    ).tag(sync=True)

    def __init__(self, spec: str = "", **traits: Any) -> None:
        super().__init__(spec=spec, **traits)

    def __repr__(self) -> str:
        """What stands in place of the widget where nothing can show it."""
        if not self.spec_id:
            return f"SpecWidget({self.spec!r})"
        return f"SpecWidget({self.spec!r}, version={self.version}, {len(self.collaborators)} here)"
