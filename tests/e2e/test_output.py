"""A spec in the output of a cell as part of its notebook: its keys, and the notebook without a kernel."""

from __future__ import annotations

import json
from typing import Any

import pytest
from playwright.sync_api import Locator, expect

from jupyter_speccollab.demo.content import NOTEBOOK
from tests.e2e.person import Person, agree
from tests.e2e.test_notebook import CELL, run_cell

pytestmark = pytest.mark.e2e

NOTEBOOK_STATE = """
() => {
  const panel = [...jupyterapp.shell.widgets('main')].find(each => 'context' in each);
  return {
    isDirty: panel.context.model.dirty,
    runs: panel.content.widgets.map(cell => cell.model.executionCount ?? 0),
    isInOutput: document.activeElement.closest('.jp-SpecOutput') !== null,
  };
}
"""
CLOSE = """
async () => {
  const panel = [...jupyterapp.shell.widgets('main')].find(each => 'context' in each);
  const { sessionContext } = panel;
  await sessionContext.shutdown();
  panel.dispose();
}
"""
OPEN_WITHOUT_KERNEL = """
async path => {
  const panel = await jupyterapp.commands.execute('docmanager:open', { path, factory: 'Notebook' });
  await panel.context.ready;
  await panel.sessionContext.ready;
  await panel.sessionContext.shutdown();
  panel.content.scrollToItem(panel.content.widgets.length - 1);
}
"""


def state(person: Person) -> dict[str, Any]:
    return dict(person.page.evaluate(NOTEBOOK_STATE))


def output_of(person: Person, spec_id: str, text: str) -> Locator:
    """Run a cell that shows a spec; the editor in its output."""
    run_cell(person, CELL.format(spec_id=spec_id))
    output = person.page.locator(".jp-SpecOutput .cm-content").filter(has_text=text)
    expect(output).to_be_visible()
    person.until(lambda: max(state(person)["runs"]) > 0, "the cell to have run")
    return output


def save_by_keyboard(person: Person) -> None:
    person.press("ControlOrMeta+s")
    person.until(lambda: not state(person)["isDirty"], "the notebook to be saved")


def test_its_keys_write_and_the_notebooks_save(ada: Person) -> None:
    spec_id = ada.new_spec("Keys", "# Keys\n\nText.\n")
    output = output_of(ada, spec_id, "# Keys")
    output.click()
    ada.press("ControlOrMeta+End")
    before = state(ada)
    assert before["isDirty"]
    ada.type("one")
    ada.press("Shift+Enter")
    ada.type("two")
    ada.press("ControlOrMeta+Enter")
    ada.press("Alt+Enter")
    after = state(ada)
    assert after["runs"] == before["runs"]
    assert after["isInOutput"]
    ada.until(lambda: "one\ntwo" in ada.stored(spec_id)["content"], "the lines to be stored")
    save_by_keyboard(ada)
    assert state(ada)["isInOutput"]


def test_a_notebook_that_is_opened_without_a_kernel_shows_the_spec(ada: Person, grace: Person) -> None:
    spec_id = ada.new_spec("Reopened", "---\ntitle: Reopened\n---\n# Reopened\n\nText.\n")
    output = output_of(ada, spec_id, "# Reopened")
    output.click()
    save_by_keyboard(ada)
    path = f"ada/{NOTEBOOK}"
    saved = json.loads((ada.server.notebooks / path).read_text())
    kept = saved["cells"][-1]["outputs"][-1]["data"]["text/markdown"]
    assert "".join(kept) == "# Reopened\n\nText.\n"

    ada.page.evaluate(CLOSE)
    ada.page.evaluate(OPEN_WITHOUT_KERNEL, path)
    expect(output).to_contain_text("Text.")
    expect(ada.page.get_by_text("model not found")).to_have_count(0)
    grace.open_beside(spec_id)
    grace.put_caret(spec_id, after="Text.")
    grace.type(" Grace is here.")
    expect(output).to_contain_text("Text. Grace is here.")
    output.click()
    ada.press("ControlOrMeta+End")
    ada.type("So is Ada.")
    grace.until(lambda: "So is Ada." in grace.text(spec_id), "what Ada types without a kernel")
    agree(spec_id, grace)
    save_by_keyboard(ada)
    grace.close_specs()

    ada.call("DELETE", f"api/specs/{spec_id}")
    ada.page.evaluate(CLOSE)
    ada.page.evaluate(OPEN_WITHOUT_KERNEL, path)
    shown = ada.page.locator(".jp-SpecOutput.jp-mod-kept").filter(has_text="Reopened")
    expect(shown).to_contain_text(
        "is not there, or you may not see it. This is the text that this notebook has"
    )
    expect(shown.locator("h1")).to_contain_text("Reopened")
    expect(shown).to_contain_text("Text. Grace is here.")
    expect(shown).to_contain_text("So is Ada.")
    ada.faults = [line for line in ada.faults if "404 (Not Found)" not in line]  # it was deleted


def test_among_other_widgets_it_is_a_widget(ada: Person) -> None:
    spec_id = ada.new_spec("Boxed", "# Boxed\n\nText.\n")
    run_cell(
        ada,
        f"""
import ipywidgets
from jupyter_speccollab.widget import SpecWidget
widget = SpecWidget({spec_id!r}, height="200px")
ipywidgets.VBox([ipywidgets.Label("Above"), widget])
""",
    )
    output = ada.page.locator(".widget-vbox .jp-SpecOutput .cm-content").filter(has_text="# Boxed")
    expect(output).to_be_visible()
    box = output.locator("xpath=ancestor::*[contains(@class, 'jp-SpecOutput')][last()]").bounding_box()
    assert box is not None
    assert box["height"] == pytest.approx(200, abs=3)
    output.click()
    ada.press("ControlOrMeta+End")
    ada.type("Typed in a box.")
    told = ada.page.locator(".jp-OutputArea-output pre").filter(has_text="Kernel:")
    asked = 0

    def kernel_knows() -> bool:
        nonlocal asked
        asked += 1
        run_cell(ada, "print('Kernel:', 'Typed in a box.' in widget.content)")
        expect(told).to_have_count(asked)
        return "True" in told.last.inner_text()

    ada.until(kernel_knows, "the kernel to know what was typed")
