"""The kernel's side of `SpecWidget`."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from nbconvert.exporters import HTMLExporter
from nbformat.v4 import new_code_cell, new_notebook, new_output
from traitlets import TraitError

from jupyter_speccollab.widget import SPEC_MIME_TYPE, SpecWidget

LABEXTENSION = Path(__file__).parents[2] / "labextension"


def seen(widget: SpecWidget, **traits: object) -> None:
    """The page updates the kernel."""
    widget._handle_msg(
        {"content": {"data": {"method": "update", "state": traits, "buffer_paths": []}}, "buffers": []}
    )


def test_what_the_page_sees_arrives_and_is_observed() -> None:
    widget = SpecWidget("Churn model")
    changes = []
    widget.observe(lambda change: changes.append((change.name, change.new)), ["content", "version"])
    people = [{"userId": "u", "userName": "Ada", "color": None}]
    seen(widget, spec_id="id", content="text 🦊", version=3, collaborators=people, status="synchronised")
    assert (widget.spec_id, widget.content, widget.version, widget.status) == (
        "id",
        "text 🦊",
        3,
        "synchronised",
    )
    assert widget.collaborators == people
    assert sorted(changes) == [("content", "text 🦊"), ("version", 3)]


def test_what_the_page_sees_is_not_set_in_the_kernel() -> None:
    widget = SpecWidget("Churn model")
    for name, value in {
        "content": "x",
        "version": 1,
        "collaborators": [],
        "spec_id": "x",
        "status": "x",
    }.items():
        with pytest.raises(TraitError, match="read-only"):
            setattr(widget, name, value)
    widget.spec, widget.height = "Another", "20em"


def test_it_says_what_it_is_where_it_can_not_be_shown() -> None:
    widget = SpecWidget("Churn model")
    bundle = widget._repr_mimebundle_()
    assert bundle["text/plain"] == "SpecWidget('Churn model')"
    assert bundle[SPEC_MIME_TYPE] == {
        "spec": "Churn model",
        "specId": "",
        "modelId": widget.model_id,
        "height": "360px",
    }
    assert "application/vnd.jupyter.widget-view+json" not in bundle  # an error message without a kernel
    seen(widget, spec_id="id", version=3)
    assert repr(widget) == "SpecWidget('Churn model', version=3, 0 here)"


def test_programs_that_know_no_specs_show_its_text() -> None:
    widget = SpecWidget("Churn model")
    assert "text/markdown" not in widget._repr_mimebundle_()
    seen(widget, spec_id="id", content="---\ntitle: Churn\n---\n\n# Churn\n\nText.\n", version=1)
    assert widget._repr_mimebundle_()["text/markdown"] == "# Churn\n\nText.\n"
    output = new_output("display_data", data=widget._repr_mimebundle_())  # type: ignore[no-untyped-call]
    notebook = new_notebook(cells=[new_code_cell("widget", outputs=[output])])  # type: ignore[no-untyped-call]
    html, _ = HTMLExporter().from_notebook_node(notebook)  # type: ignore[no-untyped-call]
    assert '<h1 id="Churn">Churn' in html
    seen(widget, content="x" * 300_000)
    assert len(widget._repr_mimebundle_()["text/markdown"]) < 200_010


def test_both_halves_agree_on_names() -> None:
    state = SpecWidget("Churn model").get_state()
    package = json.loads((LABEXTENSION / "package.json").read_text())
    assert state["_model_module"] == state["_view_module"] == package["name"]
    assert state["_model_module_version"] == state["_view_module_version"] == f"^{package['version']}"
    page = (LABEXTENSION / "src" / "notebook" / "ipywidget.ts").read_text()
    defaults = page[page.index("...super.defaults()") : page.index("};", page.index("...super.defaults()"))]
    names = set(re.findall(r"^\s+(\w+):", defaults, re.MULTILINE))
    assert names <= set(state)
    bundle = (LABEXTENSION / "src" / "notebook" / "mimeBundle.ts").read_text()
    assert f"'{SPEC_MIME_TYPE}'" in bundle
    for name in SpecWidget("")._repr_mimebundle_()[SPEC_MIME_TYPE]:
        assert f"text('{name}')" in bundle
    own = {"spec", "spec_id", "content", "version", "collaborators", "height", "status"}
    assert own <= names
