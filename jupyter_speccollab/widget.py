"""`SpecWidget`: a live spec in the output of a cell."""

from __future__ import annotations

from typing import Any

from ipywidgets import DOMWidget, register
from traitlets import Dict, Int, List, Unicode

from jupyter_speccollab._version import __version__

MODULE = "jupyter-speccollab"
"""The labextension that holds the browser's half."""


@register
class SpecWidget(DOMWidget):  # type: ignore[misc]  # ipywidgets has no types
    """Shows a spec in the output of a cell: JupyterLab's editor, with everyone's cursors.

    ::

        widget = SpecWidget("Churn model")                       # its title or id
        widget                                                   # the last line of a cell shows it
        widget.observe(lambda change: print(change.new), "version")

    The page that shows the widget joins the spec and updates the kernel at most five times a second:
    ``content``, ``version``, ``collaborators`` and ``status`` are read-only. The kernel needs no address and no
    password for this. While no page shows the widget, the values do not change.

    To edit a spec from Python, use `jupyter_speccollab.client.SpecClient`.
    """

    _model_name = Unicode("SpecModel").tag(sync=True)
    _model_module = Unicode(MODULE).tag(sync=True)
    _model_module_version = Unicode(f"^{__version__}").tag(sync=True)
    _view_name = Unicode("SpecView").tag(sync=True)
    _view_module = Unicode(MODULE).tag(sync=True)
    _view_module_version = Unicode(f"^{__version__}").tag(sync=True)

    spec = Unicode(help="The title or id of the spec to show.").tag(sync=True)
    height = Unicode("360px", help="The height, as a CSS length.").tag(sync=True)

    spec_id = Unicode(read_only=True, help="The spec's id; empty until a page has found it.").tag(sync=True)
    content = Unicode(read_only=True, help="The text, as the page shows it.").tag(sync=True)
    version = Int(read_only=True, help="The number of operations in the text.").tag(sync=True)
    collaborators = List(
        Dict(), read_only=True, help="The users present: dictionaries with userId, userName and color."
    ).tag(sync=True)
    status = Unicode(
        read_only=True, help="synchronised, saving, offline or ended; empty until a page has joined."
    ).tag(sync=True)

    def __init__(self, spec: str = "", **traits: Any) -> None:
        super().__init__(spec=spec, **traits)

    def __repr__(self) -> str:
        """The text shown where widgets are not supported."""
        if not self.spec_id:
            return f"SpecWidget({self.spec!r})"
        return f"SpecWidget({self.spec!r}, version={self.version}, {len(self.collaborators)} here)"
