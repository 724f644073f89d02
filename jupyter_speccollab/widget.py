"""`SpecWidget`: a live spec in the output of a cell."""

from __future__ import annotations

from typing import Any, Final

from ipywidgets import DOMWidget, register
from traitlets import Dict, Int, List, Unicode

from jupyter_speccollab._version import __version__
from jupyter_speccollab.markdown.front_matter import front_matter_of

SPEC_MIME_TYPE: Final = "application/vnd.jupyter-speccollab+json"
"""The type of a spec in the output of a cell, which JupyterLab shows with a kernel and without one."""

LONGEST_TEXT: Final = 200_000
"""The longest text, in code points, that an output holds: notebooks are loaded as a whole."""

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

    The output shows the live spec without a kernel as well. Each time the notebook is saved it keeps the text, for
    programs that know no specs (GitHub, nbconvert), and for when the spec can't be shown.

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

    def _repr_mimebundle_(self, **_: Any) -> dict[str, Any]:
        """The output of a cell. It holds no view of ipywidgets: without a kernel those are an error message."""
        bundle: dict[str, Any] = {
            "text/plain": repr(self),
            SPEC_MIME_TYPE: {
                "spec": self.spec,
                "specId": self.spec_id,
                "modelId": self.model_id,
                "height": self.height,
            },
        }
        if self.content:
            text = self.content[front_matter_of(self.content).body_start :].lstrip("\n")
            bundle["text/markdown"] = text if len(text) <= LONGEST_TEXT else f"{text[:LONGEST_TEXT]}\n\n…\n"
        return bundle

    def __repr__(self) -> str:
        """The text shown where widgets are not supported."""
        if not self.spec_id:
            return f"SpecWidget({self.spec!r})"
        return f"SpecWidget({self.spec!r}, version={self.version}, {len(self.collaborators)} here)"
