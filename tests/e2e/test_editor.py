"""The editor of a spec is JupyterLab's: its search, its menus, its settings, its keys."""

from __future__ import annotations

from typing import Any, Final

import pytest
from playwright.sync_api import Locator, Response, expect

from tests.e2e.conftest import People
from tests.e2e.person import VIEW, Person, agree
from tests.serving import JupyterServer

pytestmark = pytest.mark.e2e

FRONT: Final = "---\nstatus: draft\ntype: feature\n---\n\n# Churn\n\n"
LINES: Final = "".join(f"Line {number}: churn costs.\n\n" for number in range(150))


@pytest.fixture(scope="module")
def writer(people: People) -> Person:
    writer = people("ada", "Ada Lovelace")
    writer.visit("lab/workspaces/ada?reset")
    return writer


@pytest.fixture
def spec_id(writer: Person) -> str:
    spec_id = writer.new_spec("Churn", FRONT + LINES)
    writer.show(spec_id)
    return spec_id


def caret(person: Person, spec_id: str) -> dict[str, Any]:
    """The line of the caret, from 1, its text, what is selected, and whether the caret is on the screen."""
    return dict(
        person.page.evaluate(
            f"""id => {{
              const view = ({VIEW})(id);
              const {{ main }} = view.state.selection;
              const line = view.state.doc.lineAt(main.head);
              const at = view.coordsAtPos(main.head);
              const box = view.scrollDOM.getBoundingClientRect();
              return {{
                line: line.number,
                text: line.text,
                selected: view.state.sliceDoc(main.from, main.to),
                isSeen: at !== null && at.top >= box.top && at.bottom <= box.bottom
              }};
            }}""",
            spec_id,
        )
    )


def assert_seen(person: Person, spec_id: str, start: str) -> None:
    """The caret is in a line that begins so, and on the screen."""
    found = caret(person, spec_id)
    assert found["text"].startswith(start)
    assert found["isSeen"]


def panel(person: Person, spec_id: str) -> Locator:
    return person.spec(spec_id).locator(".jp-DocumentSearch-overlay")


def choose(person: Person, menu: str, item: str) -> None:
    """As somebody who opens a menu of JupyterLab and clicks one of its items."""
    person.page.get_by_role("menuitem", name=menu, exact=True).click()
    entry = person.page.locator(".lm-Menu:visible .lm-Menu-item:not(.lm-mod-disabled)")
    entry.filter(has=person.page.get_by_text(item, exact=True)).click()


def is_toggled(person: Person, command: str) -> bool:
    return bool(person.page.evaluate("id => jupyterapp.commands.isToggled(id)", command))


def test_the_caret_of_a_new_spec_is_below_its_heading(writer: Person) -> None:
    """What one types at once stands where the template has room for it."""
    writer.visit_anew()
    writer.run("speccollab:new")
    dialog = writer.page.locator(".jp-Dialog")
    dialog.get_by_role("textbox").first.fill("Typed at once")
    dialog.locator("select").select_option(label="Feature")
    dialog.get_by_role("button", name="Create").click()
    expect(writer.page.locator(".jp-SpecDocument .cm-content")).to_be_focused()
    spec_id = writer.call("GET", "api/specs?q=Typed+at+once")["specs"][0]["specId"]
    writer.opened(spec_id)
    expect(writer.page.locator(".jp-SpecDocument .cm-content")).to_be_focused()
    writer.type("Words. ")
    text = agree(spec_id, writer)
    assert text.startswith("---\nstatus: draft\ntype: feature\nowner: Ada Lovelace\n---\n\n# Typed at once\n")
    assert text.index("## Problem") < text.index("Words. ") < text.index("## Goals")


def test_find_counts_and_stays_at_its_match_while_a_colleague_types(
    writer: Person, grace: Person, spec_id: str
) -> None:
    grace.show(spec_id)
    writer.put_caret(spec_id, after="# Churn")
    choose(writer, "Edit", "Find…")
    expect(panel(writer, spec_id)).to_be_visible()
    writer.type("churn")
    counter = panel(writer, spec_id).locator(".jp-DocumentSearch-index-counter")
    expect(counter).to_have_text("1/151" if caret(writer, spec_id)["line"] < 6 else "2/151")
    for number in (3, 4):
        writer.press("Enter")
        expect(counter).to_have_text(f"{number}/151")
    found = caret(writer, spec_id)
    assert found["selected"] == "churn"
    assert found["isSeen"]
    grace.type_after(spec_id, "# Churn", " and churn, churn")
    expect(counter).to_have_text("6/153")
    agree(spec_id, writer, grace)
    assert caret(writer, spec_id)["text"] == found["text"]
    writer.press("Escape")
    expect(panel(writer, spec_id)).to_be_hidden()
    expect(writer.spec(spec_id).locator(".cm-content")).to_be_focused()
    assert writer.spec(spec_id).locator(".cm-search, .cm-searching").count() == 0
    writer.press("F3")
    expect(panel(writer, spec_id)).to_be_visible()


def test_replacing_all_is_one_step_to_undo(writer: Person, spec_id: str) -> None:
    before = writer.text(spec_id)
    writer.put_caret(spec_id, after="# Churn")
    writer.press("ControlOrMeta+H")
    search = panel(writer, spec_id)
    search.get_by_placeholder("Find").fill("churn")
    expect(search.locator(".jp-DocumentSearch-index-counter")).to_contain_text("/151")
    search.get_by_placeholder("Replace").fill("loss")
    search.get_by_role("button", name="Replace All").click()
    writer.until(lambda: "churn" not in writer.text(spec_id), "the replaced text")
    writer.press("Escape")
    choose(writer, "Edit", "Undo My Last Edit")
    writer.until(lambda: writer.text(spec_id) == before, "the text before")
    assert agree(spec_id, writer) == before


def test_a_viewer_finds_and_does_not_replace(writer: Person, grace: Person, spec_id: str) -> None:
    writer.call("PUT", f"api/specs/{spec_id}/collaborators/user:grace", {"role": "viewer"})
    grace.show(spec_id)
    grace.show_source(spec_id)
    grace.spec(spec_id).locator(".cm-content").click()
    grace.press("ControlOrMeta+H")
    search = panel(grace, spec_id)
    search.get_by_placeholder("Find").fill("churn")
    expect(search.locator(".jp-DocumentSearch-index-counter")).to_contain_text("/151")
    assert search.get_by_placeholder("Replace").count() == 0
    writer.call("PUT", f"api/specs/{spec_id}/collaborators/user:grace", {"role": "contributor"})
    expect(search.get_by_placeholder("Replace")).to_be_visible()


def test_the_menus_of_jupyterlab_act_on_a_spec(writer: Person, spec_id: str) -> None:
    """Line numbers, wrapping and brackets are kept for all specs; JupyterLab's files have their own."""
    spec = writer.spec(spec_id)
    choose(writer, "View", "Show Line Numbers")
    expect(spec.locator(".cm-lineNumbers")).to_be_visible()
    choose(writer, "View", "Wrap Words")
    expect(spec.locator(".cm-lineWrapping")).to_have_count(0)
    choose(writer, "View", "Match Brackets")
    writer.until(lambda: not is_toggled(writer, "viewmenu:match-brackets"), "the setting")
    writer.visit_anew(spec_id)
    writer.opened(spec_id)
    expect(spec.locator(".cm-lineNumbers")).to_be_visible()
    expect(spec.locator(".cm-lineWrapping")).to_have_count(0)
    for item in ("Show Line Numbers", "Wrap Words", "Match Brackets"):
        choose(writer, "View", item)
    expect(spec.locator(".cm-lineNumbers")).to_have_count(0)

    choose(writer, "Edit", "Go to Line…")
    dialog = writer.page.locator(".jp-Dialog")
    dialog.get_by_role("spinbutton").fill("208")
    writer.press("Enter")
    expect(spec.locator(".cm-content")).to_be_focused()
    assert caret(writer, spec_id) == {
        "line": 208,
        "text": "Line 100: churn costs.",
        "selected": "",
        "isSeen": True,
    }

    with writer.page.expect_download() as download:
        choose(writer, "File", "Download Spec")
    assert download.value.suggested_filename == "Churn.md"
    choose(writer, "File", "Rename Spec…")
    dialog.get_by_role("textbox").fill("Churn, renamed")
    dialog.get_by_role("button", name="Rename").click()
    expect(writer.page.locator(".lm-TabBar-tabLabel", has_text="Churn, renamed").first).to_be_visible()
    choose(writer, "File", "Save Spec")
    spec.locator(".cm-content").click()
    writer.press("ControlOrMeta+S")
    expect(dialog).to_have_count(0)
    assert agree(spec_id, writer) == FRONT + LINES


def test_the_menus_still_act_on_files(writer: Person, lab: JupyterServer, spec_id: str) -> None:
    (lab.notebooks / "notes.txt").write_text("one\n")
    writer.run("docmanager:open", path="notes.txt")
    editor = writer.page.locator(".jp-FileEditor:visible .cm-content")
    editor.click()
    writer.type("two ")
    choose(writer, "File", "Save Text")
    writer.until(lambda: "two " in (lab.notebooks / "notes.txt").read_text(), "the file")
    expect(writer.page.locator(".lm-TabBar-tab.jp-mod-dirty")).to_have_count(0)
    writer.run("application:close")
    expect(writer.page.locator(".jp-FileEditor")).to_have_count(0)


def test_redo_scrolls_to_what_it_changes_with_caps_lock_too(writer: Person, spec_id: str) -> None:
    writer.put_caret(spec_id, after="Line 120:")
    writer.write(" Ada:")
    before = writer.text(spec_id)
    assert "Line 120: Ada:" in before
    writer.put_caret(spec_id, after="# Churn")
    writer.press("ControlOrMeta+z")
    writer.until(lambda: "Ada:" not in writer.text(spec_id), "the undo")
    assert_seen(writer, spec_id, "Line 120:")
    writer.put_caret(spec_id, after="# Churn")
    writer.page.evaluate(
        f"""id => ({VIEW})(id).contentDOM.dispatchEvent(new KeyboardEvent('keydown', {{
          key: 'z', code: 'KeyZ', keyCode: 90, bubbles: true, cancelable: true,
          ctrlKey: true, shiftKey: true, modifierCapsLock: true
        }}))""",
        spec_id,
    )
    writer.until(lambda: writer.text(spec_id) == before, "the redo")
    assert_seen(writer, spec_id, "Line 120: Ada:")


def test_typing_with_several_carets_is_undone_at_once(writer: Person, spec_id: str) -> None:
    before = writer.text(spec_id)
    writer.page.evaluate(
        f"""id => {{
          const view = ({VIEW})(id);
          const {{ selection }} = view.state;
          const at = line => selection.main.constructor.fromJSON({{
            anchor: view.state.doc.line(line).to, head: view.state.doc.line(line).to
          }});
          view.focus();
          view.dispatch({{ selection: selection.constructor.create([8, 10, 12].map(at)) }});
        }}""",
        spec_id,
    )
    writer.write("abc")
    writer.until(lambda: writer.text(spec_id).count("costs.abc") == 3, "what was typed")
    writer.press("ControlOrMeta+z")
    writer.until(lambda: writer.text(spec_id) == before, "one undo")


def is_saved_setting(response: Response) -> bool:
    return "/lab/api/settings/" in response.url and response.request.method == "PUT"


def test_a_file_becomes_one_spec(writer: Person, lab: JupyterServer) -> None:
    """Also in another workspace, and under another name."""
    (lab.notebooks / "plan.md").write_text("# The plan of a file\n")

    def open_as_spec(name: str) -> str:
        row = writer.page.locator(".jp-DirListing-item", has_text=name)
        row.click()
        writer.run("speccollab:import-from-file-browser")
        expect(writer.page.locator(".jp-SpecDocument:visible .cm-content")).to_contain_text(
            "The plan of a file"
        )
        return str(writer.page.locator(".jp-SpecDocument:visible").get_attribute("id"))

    def files() -> None:
        writer.visit_anew()
        writer.run("filebrowser:activate")
        writer.run("filebrowser:refresh")

    files()
    first = open_as_spec("plan.md")
    assert open_as_spec("plan.md") == first
    files()
    assert open_as_spec("plan.md") == first
    renamed = "jupyterapp.serviceManager.contents.rename('plan.md', 'renamed.md')"
    with writer.page.expect_response(is_saved_setting):
        writer.page.evaluate(f"() => {renamed}")
    files()
    assert open_as_spec("renamed.md") == first
