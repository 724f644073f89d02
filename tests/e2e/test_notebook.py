"""A spec in a cell's output: the kernel follows what people type."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from jupyter_speccollab.demo.content import text as demo_text
from tests.e2e.person import Person, agree

pytestmark = pytest.mark.e2e

CELL = """
from jupyter_speccollab.widget import SpecWidget
widget = SpecWidget({spec_id!r})
seen = []
widget.observe(lambda change: seen.append(change.new), "content")
widget
"""
ASK = """
names = [one["userName"] for one in widget.collaborators]
print(len(seen), "HELLO FROM GRACE" in widget.content, names, repr(widget))
"""


def run_cell(person: Person, source: str) -> None:
    """Add a cell at the end of the notebook, and run it."""
    person.page.evaluate(
        """async source => {
          const panel = [...jupyterapp.shell.widgets('main')].find(each => 'context' in each);
          jupyterapp.shell.activateById(panel.id);
          await panel.sessionContext.ready;
          const notebook = panel.content;
          notebook.activeCellIndex = notebook.widgets.length - 1;
          await jupyterapp.commands.execute('notebook:insert-cell-below');
          notebook.activeCell.model.sharedModel.setSource(source);
          void jupyterapp.commands.execute('notebook:run-cell');
        }""",
        source,
    )


def test_the_kernel_follows_a_colleagues_typing(ada: Person, grace: Person) -> None:
    spec_id = ada.new_spec("Churn model", demo_text())
    run_cell(ada, CELL.format(spec_id=spec_id))
    output = ada.page.locator(".jp-SpecOutput .cm-content")
    expect(output).to_contain_text("title: Churn model")

    grace.open_beside(spec_id)
    grace.put_caret(spec_id, after="# Churn model\n")
    grace.type("HELLO FROM GRACE")
    expect(output).to_contain_text("HELLO FROM GRACE")

    ada.page.locator(".jp-SpecOutput .cm-content").click()
    ada.type("Ada types in the cell. ")
    grace.until(lambda: "Ada types in the cell." in grace.text(spec_id), "what Ada types")
    agree(spec_id, grace)

    told = ada.page.locator(".jp-OutputArea-output pre").filter(has_text="SpecWidget(")
    wanted = re.compile(r"[1-9]\d* True \[.*'Grace Hopper'.*\] SpecWidget\(.*, version=[1-9]\d*, 2 here\)")
    asked = 0

    def kernel_knows() -> bool:
        """Ask it anew each time: the page tells its kernel what has changed five times a second."""
        nonlocal asked
        asked += 1
        run_cell(ada, ASK)
        expect(told).to_have_count(asked)
        return wanted.search(told.last.inner_text()) is not None

    ada.until(kernel_knows, "the kernel to know what Grace has typed")
    grace.close_specs()


def test_the_same_spec_twice_in_one_window(ada: Person, grace: Person) -> None:
    spec_id = ada.new_spec("Twice", "# Twice\n\nText.\n")
    run_cell(ada, CELL.format(spec_id=spec_id))
    output = ada.page.locator(".jp-SpecOutput .cm-content").filter(has_text="# Twice")
    expect(output).to_be_visible()
    for person in (ada, grace):
        person.open_beside(spec_id)
    ada.put_caret(spec_id, after="Text.")
    ada.type(" From the main area.")
    output.click()
    ada.press("ControlOrMeta+End")
    ada.write("From the cell.")
    text = "# Twice\n\nText. From the main area.\nFrom the cell."
    assert agree(spec_id, ada, grace) == text
    expect(output).to_contain_text("Text. From the main area.From the cell.")
    users = ada.connection(spec_id)["users"]
    assert sorted(user["userName"] for user in users) == ["Ada Lovelace", "Grace Hopper"]

    ada.put_caret(spec_id, after="area.")
    ada.press("ControlOrMeta+Z")  # takes back what was typed last, in whichever view
    assert agree(spec_id, ada, grace) == text.removesuffix("From the cell.")
    expect(output).not_to_contain_text("From the cell.")
    grace.close_specs()
