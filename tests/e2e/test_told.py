"""What a writer is told: edits that are not saved, files in other encodings, titles that others change."""

from __future__ import annotations

import base64
import re
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import pytest
from playwright.sync_api import Locator, expect

from tests.e2e.conftest import People
from tests.e2e.person import VIEW, Person
from tests.serving import JupyterServer

pytestmark = pytest.mark.e2e

TEXT: Final = "# Plan\n\n" + "".join(f"Line {number}\n" for number in range(200))

LATIN: Final = "# Übersicht\n\nGrüße aus Köln, die Straße ist schön und führt über die Brücke.\n"

PNG: Final = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)

IS_SAVED: Final = "All edits saved"


@pytest.fixture(scope="module")
def writer(ada: Person) -> Person:
    """Ada, who needs no notebook."""
    ada.page.evaluate("() => jupyterapp.shell.collapseLeft()")
    return ada


@pytest.fixture
def spec_id(writer: Person) -> str:
    spec_id = writer.new_spec("Plan", TEXT)
    writer.close_specs()
    writer.run("speccollab:open", specId=spec_id)
    writer.opened(spec_id)
    return spec_id


@contextmanager
def locked_database(lab: JupyterServer) -> Iterator[None]:
    """The database while another program writes to it and does not come to an end."""
    other = sqlite3.connect(lab.database, isolation_level=None, timeout=30)
    try:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")
    finally:
        other.close()


def status_item(person: Person) -> Locator:
    return person.page.locator(".jp-SpecStatus-text")


def announcements(person: Person) -> list[str]:
    """What screen readers were told about the page's connections, in order, since this was first called."""
    return list(
        person.page.evaluate(
            """() => {
              const region = document.querySelector('body > .jp-Spec-heard');
              if (!region.heard) {
                region.heard = [];
                const hear = () => { region.heard.push(region.textContent); };
                new MutationObserver(hear).observe(region, { childList: true, characterData: true, subtree: true });
              }
              return region.heard;
            }"""
        )
    )


def test_a_locked_database_is_told_once_and_the_text_stays_where_it_is(
    writer: Person, lab: JupyterServer, spec_id: str
) -> None:
    spec = writer.spec(spec_id)
    writer.put_caret(spec_id, after="Line 3")
    announcements(writer)
    line = spec.locator(".cm-line").first
    before = line.bounding_box()
    with locked_database(lab):
        writer.type(" kept")
        notice = spec.locator(".jp-SpecNotice")
        expect(notice).to_contain_text("Not saved since")
        expect(notice).to_contain_text("kept in this browser until they are sent")
        expect(notice).to_contain_text("You can go on typing.")
        assert line.bounding_box() == before
        expect(status_item(writer)).to_contain_text("Not saved since")
        writer.type(" too")
        expect(spec.locator(".cm-content")).to_be_focused()
        expect(notice).to_contain_text("Not saved since")
    expect(notice).to_have_text(f"{IS_SAVED}.")
    expect(notice).to_have_count(0)
    assert line.bounding_box() == before
    assert "Line 3 kept too\n" in writer.stored(spec_id)["content"]
    *troubles, saved = filter(None, announcements(writer))
    assert saved == f"{IS_SAVED}."
    assert all(each.startswith("Not saved since") for each in troubles)
    assert 1 <= len(troubles) <= 2  # the reason may become known after the silence


def live_regions(person: Person) -> list[str]:
    """What any live region of the page has said, in order, since this was first called."""
    return list(
        person.page.evaluate(
            """() => {
              if (!window.said) {
                window.said = [];
                const live = '[aria-live]:not([aria-live=off]), [role=status], [role=alert], [role=log]';
                const hear = records => records.forEach(({ target }) => {
                  const region = (target.closest ? target : target.parentElement)?.closest(live);
                  const text = region?.textContent.trim();
                  if (text && text !== window.said.at(-1)) { window.said.push(text); }
                });
                const everything = { childList: true, characterData: true, subtree: true };
                new MutationObserver(hear).observe(document.body, everything);
              }
              return window.said;
            }"""
        )
    )


def test_a_lost_network_and_its_return_are_heard_and_the_countdown_is_not(
    writer: Person, lab: JupyterServer, spec_id: str
) -> None:
    spec = writer.spec(spec_id)
    writer.put_caret(spec_id, after="Line 3")
    live_regions(writer)
    line = spec.locator(".cm-line").first
    before = line.bounding_box()
    with writer.offline(spec_id):
        writer.type(" kept")
        notice = spec.locator(".jp-SpecNotice")
        expect(notice).to_contain_text("Offline since")
        expect(notice).to_contain_text("5 edits are kept in this browser until they are sent.")
        seconds: set[str] = set()
        writer.until(lambda: counted(writer, seconds) >= 4, "four seconds of the countdown")
        assert line.bounding_box() == before
    # The edits may be sent a moment after the server is reached.
    saved = spec.locator(".jp-SpecNotice.jp-mod-saved")
    expect(saved).to_contain_text(re.compile(r"Back online\.|All edits saved\."))
    expect(status_item(writer)).to_have_text("Saved")
    assert line.bounding_box() == before
    said = live_regions(writer)
    assert [each for each in said if "next try" in each.lower()] == []
    assert len([each for each in said if each.startswith("Offline since")]) <= 2  # without and with edits
    assert any(each.startswith("Back online.") for each in said)


def counted(person: Person, seconds: set[str]) -> int:
    """How many different seconds the status bar has shown."""
    seconds.update(re.findall(r"next try in (\d+) s", status_item(person).inner_text()))
    return len(seconds)


@pytest.mark.parametrize("line", ["first", "last"])
def test_a_card_does_not_cover_the_line_with_the_caret(
    writer: Person, lab: JupyterServer, spec_id: str, line: str
) -> None:
    """Neither where it stands when the card comes, nor where it goes while the card is there."""
    spec = writer.spec(spec_id)
    scroller = spec.locator(".cm-scroller").bounding_box()
    assert scroller is not None
    edge = scroller["y"] + (12 if line == "first" else scroller["height"] - 12)
    writer.page.mouse.click(scroller["x"] + 60, edge)
    with writer.offline(spec_id):
        writer.type("x")
        card = spec.locator(".jp-SpecNotice")
        expect(card).to_be_visible()
        writer.until(lambda: not covers(writer, spec_id), "a card beside the caret")
        other = scroller["y"] + (scroller["height"] - 12 if line == "first" else 12)
        writer.page.mouse.click(scroller["x"] + 60, other)
        writer.type("x")
        writer.until(lambda: not covers(writer, spec_id), "a card beside the caret")
    writer.until_status(spec_id, "synchronised")


def covers(person: Person, spec_id: str) -> bool:
    """Whether the card lies over the line with the caret."""
    return bool(
        person.page.evaluate(
            f"""id => {{
              const view = ({VIEW})(id);
              const caret = view.coordsAtPos(view.state.selection.main.head);
              const card = view.dom.closest('.jp-SpecPane').querySelector('.jp-SpecNotice')
                .getBoundingClientRect();
              return card.bottom > caret.top && card.top < caret.bottom;
            }}""",
            spec_id,
        )
    )


def test_a_change_of_the_role_is_told_and_the_text_stays_where_it_is(writer: Person, people: People) -> None:
    owner = people("grace", "Grace Hopper")
    spec_id = owner.new_spec("Plan", TEXT)
    place = f"api/specs/{spec_id}/collaborators/user:{writer.username}"
    owner.call("PUT", place, {"role": "contributor"})
    writer.close_specs()
    writer.run("speccollab:open", specId=spec_id)
    writer.opened(spec_id)
    writer.show_source(spec_id)
    spec = writer.spec(spec_id)
    card = spec.locator(".jp-SpecNotice")
    note = spec.get_by_text("View only")
    expect(note).to_have_count(0)
    before = spec.locator(".cm-line").first.bounding_box()

    owner.call("PUT", place, {"role": "viewer"})
    expect(note).to_be_visible()
    expect(card).to_contain_text("Your role was changed. You can view this spec. Ask an owner")
    assert spec.locator(".cm-line").first.bounding_box() == before

    owner.call("PUT", place, {"role": "contributor"})
    expect(note).to_have_count(0)
    expect(card).to_contain_text("You can edit this spec.")
    assert spec.locator(".cm-line").first.bounding_box() == before


def test_files_in_other_encodings_are_recognised_or_refused_in_words(
    writer: Person, lab: JupyterServer
) -> None:
    (lab.notebooks / "latin.md").write_bytes(LATIN.encode("windows-1252"))
    (lab.notebooks / "picture.md").write_bytes(PNG)
    page = writer.page
    writer.close_specs()
    page.evaluate("() => jupyterapp.commands.execute('filebrowser:go-to-path', { path: '/' })")
    page.evaluate("() => jupyterapp.shell.activateById('filebrowser')")
    page.evaluate("() => jupyterapp.commands.execute('filebrowser:refresh')")
    items = page.locator(".jp-DirListing-item")

    items.filter(has_text="latin.md").click()
    writer.run("speccollab:import-from-file-browser")
    dialog = page.locator(".jp-Dialog")
    expect(dialog).to_contain_text("How is “latin.md” encoded?")
    expect(dialog).to_contain_text("It looks like Western European (Windows-1252).")
    expect(dialog.locator("pre")).to_contain_text("Grüße aus Köln")
    dialog.locator("select").select_option("windows-1251")
    expect(dialog.locator("pre")).not_to_contain_text("Grüße")
    dialog.locator("select").select_option("windows-1252")
    dialog.get_by_role("button", name="Open").click()
    shown = page.locator(".jp-SpecDocument:visible .cm-content")
    expect(shown).to_contain_text("Grüße aus Köln")
    expect(page.locator(".lm-TabBar-tab.jp-mod-current", has_text="Übersicht")).to_have_count(1)

    page.evaluate("() => jupyterapp.shell.activateById('filebrowser')")
    items.filter(has_text="picture.md").click()
    writer.run("speccollab:import-from-file-browser")
    expect(page.locator(".jp-toast-message", has_text="No spec was made of “picture.md”")).to_be_visible()
    page.evaluate("() => jupyterapp.shell.collapseLeft()")


def test_a_title_that_somebody_else_changes_is_on_the_tab_in_the_list_and_in_the_windows_title(
    writer: Person, lab: JupyterServer, spec_id: str
) -> None:
    page = writer.page
    page.evaluate("() => jupyterapp.shell.activateById('jupyter-speccollab:specs')")
    expect(page.locator(".jp-SpecRow-title", has_text="Plan").first).to_be_visible()
    page.evaluate("() => jupyterapp.shell.collapseLeft()")
    writer.call("PATCH", f"api/specs/{spec_id}", {"title": "Plan B"})
    expect(page.locator(".lm-DockPanel-tabBar .lm-TabBar-tabLabel", has_text="Plan B")).to_have_count(1)
    expect(page).to_have_title(re.compile("^Plan B - "))
    expect(page.locator(f'[data-spec-id="{spec_id}"] .jp-SpecRow-title')).to_have_text("Plan B")
    writer.close_specs()
    expect(page).not_to_have_title(re.compile("Plan B"))
