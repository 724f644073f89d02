"""An owner shares a spec with a viewer, makes her a contributor while she looks, and takes it away again."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

import pytest
from playwright.sync_api import expect

from jupyter_speccollab.demo.content import text as demo_text
from tests.e2e.person import Person, agree, names_stay
from tests.e2e.sharing import (
    ANCHOR,
    TITLE,
    close,
    entry,
    give,
    guest,
    lab_options,
    owner,
    page_instead,
    role_of,
    share_window,
    show_specs,
    spec_id,
    take,
    written_by_both,
)

__all__ = ["guest", "lab_options", "owner", "spec_id", "written_by_both"]

pytestmark = pytest.mark.e2e


def test_shared_by_name_looked_at_written_in_and_taken_away(
    owner: Person, guest: Person, spec_id: str, pictures: Path
) -> None:
    folder = pictures / "sharing"
    rows = show_specs(guest)
    expect(rows.get_by_role("button")).to_have_count(0)

    window = share_window(owner, spec_id)
    expect(window.get_by_label("Login name")).to_be_focused()
    expect(window.get_by_text("Nobody else can see this spec.")).to_be_visible()
    owner.type("vera")
    window.get_by_label("What they can do", exact=True).select_option("can view")
    owner.picture(folder / "1-owner-shares.png")
    window.get_by_label("Login name").press("Enter")
    expect(entry(window, "vera").get_by_role("combobox")).to_have_value("viewer")
    expect(window.get_by_text("Vera Rubin can view now.")).to_be_visible()
    owner.picture(folder / "2-owner-has-shared.png")
    close(window)

    guest.visit(f"lab/workspaces/vera?spec={spec_id}")
    guest.opened(spec_id)
    guest.show_source(spec_id)
    spec = guest.spec(spec_id)
    expect(spec.get_by_text("View only").first).to_be_visible()
    before = guest.text(spec_id)
    guest.put_caret(spec_id, after=ANCHOR)
    guest.type("not-for-me")  # a space would scroll
    guest.press("Enter")
    guest.press("Backspace")
    guest.paste("nor this")
    with names_stay(guest):
        owner.put_caret(spec_id, after=ANCHOR)
        owner.type(" at nine")
        expect(spec.locator(".cm-specFlag")).to_have_text("Ada Lovelace")
        guest.picture(folder / "3-guest-may-view.png")
    written = before.replace(ANCHOR, f"{ANCHOR} at nine")
    assert agree(spec_id, owner, guest) == written

    window = share_window(owner, spec_id)
    entry(window, "Vera Rubin").get_by_role("combobox").select_option("can edit")
    expect(window.get_by_text("Vera Rubin can edit now.")).to_be_visible()
    close(window)
    expect(spec.get_by_text("Your role was changed. You can edit this spec.")).to_be_visible()
    expect(spec.get_by_text("View only")).to_have_count(0)
    guest.put_caret(spec_id, after=ANCHOR)
    guest.type(", rain or shine,")
    guest.picture(folder / "4-guest-may-edit.png")
    written = written.replace(ANCHOR, f"{ANCHOR}, rain or shine,")
    assert agree(spec_id, owner, guest) == written

    rows = show_specs(guest)
    expect(rows.get_by_role("button", name=TITLE)).to_have_count(1)
    window = share_window(owner, spec_id)
    window.get_by_role("button", name="Remove Vera Rubin").click()
    expect(entry(window, "Vera").get_by_role("button", name="Cancel")).to_be_focused()
    owner.picture(folder / "5-owner-is-asked.png")
    owner.press("Escape")
    expect(entry(window, "Vera").get_by_role("combobox")).to_be_focused()
    window.get_by_role("button", name="Remove Vera Rubin").click()
    window.get_by_role("button", name="Remove", exact=True).click()
    expect(entry(window, "Vera")).to_have_count(0)
    close(window)
    page = page_instead(guest, spec_id, "This spec is not shared with you any more")
    expect(spec.locator(".cm-content")).to_be_hidden()
    expect(rows.get_by_role("button")).to_have_count(0)
    guest.picture(folder / "6-guest-is-out.png")
    assert agree(spec_id, owner) == written

    give(owner, spec_id, "viewer")
    page.get_by_role("button", name="Try again").click()
    guest.opened(spec_id)
    expect(spec.get_by_text("View only").first).to_be_visible()
    assert agree(spec_id, owner, guest) == written


def test_the_window_by_keyboard_alone(owner: Person, guest: Person, spec_id: str) -> None:
    """A group is added, an error is read, a role is changed, the spec is handed over and left."""
    owner.run("apputils:activate-command-palette")
    owner.page.locator("#command-palette:visible input").fill("Share Spec")
    owner.press("Enter")
    window = owner.page.get_by_role("dialog", name=f"Share “{TITLE}”")
    expect(window.get_by_label("Login name")).to_be_focused()
    owner.type("group:data science")
    owner.press("Enter")
    expect(entry(window, "data science")).to_contain_text("group")
    expect(window.get_by_label("Login name")).to_be_focused()
    owner.type("ada")
    expect(window.get_by_role("alert")).to_have_text(
        "Ada Lovelace is in the list already: change the role there."
    )
    for _ in range(3):
        owner.press("Backspace")
    owner.type("vera")
    owner.press("Enter")
    chooser = entry(window, "Vera").get_by_role("combobox")
    chooser.focus()
    owner.press("ArrowUp")
    expect(window.get_by_text("Vera Rubin can comment now.")).to_be_visible()
    owner.press("ArrowUp")
    expect(window.get_by_text("Vera Rubin can view now.")).to_be_visible()
    expect(chooser).to_be_focused()

    entry(window, "Ada Lovelace").get_by_role("button", name="Hand over…").focus()
    owner.press("Enter")
    chooser = window.get_by_label("The new owner")
    expect(chooser).to_have_value("user:vera")
    owner.press("Tab")
    expect(window.get_by_role("button", name="Hand over", exact=True)).to_be_focused()
    owner.press("Enter")
    expect(window.get_by_text("Vera Rubin owns this spec now")).to_be_visible()
    expect(entry(window, "Vera").get_by_role("combobox")).to_have_count(0)
    expect(window.get_by_text("You can edit this spec and share it.")).to_be_visible()
    assert guest.call("GET", f"api/specs/{spec_id}")["role"] == "owner"

    entry(window, "Ada Lovelace").get_by_role("button", name="Leave…").focus()
    owner.press("Enter")
    owner.press("Tab")
    owner.press("Enter")
    expect(window).to_have_count(0)
    page_instead(owner, spec_id, "This spec is not shared with you any more")


def test_what_is_refused_is_said_beside_what_caused_it(owner: Person, guest: Person, spec_id: str) -> None:
    """Her rights go while her window is open."""
    give(owner, spec_id, "admin")
    guest.run("speccollab:open", specId=spec_id)
    guest.opened(spec_id)
    window = share_window(guest, spec_id)
    expect(entry(window, "Ada").get_by_role("combobox")).to_have_count(0)
    reading = re.compile(r"/collaborators(\?|$)")
    guest.page.route(reading, lambda route: route.abort())
    give(owner, spec_id, "contributor")
    window.get_by_label("Login name").fill("robin")
    window.get_by_role("button", name="Share", exact=True).click()
    expect(window.get_by_label("Login name")).to_have_attribute("aria-invalid", "true")
    expect(window.locator("form").get_by_role("alert")).to_contain_text("role")
    guest.page.unroute(reading)
    expect(window.get_by_label("Login name")).to_have_count(0)
    expect(window.get_by_text("You can edit this spec.")).to_be_visible()
    guest.faults.clear()  # the refused request is one
    link = guest.copied_by(window.get_by_role("button", name="Copy link"))
    assert link.endswith(f"/lab?spec={spec_id}")
    close(window)


def test_a_link_to_what_one_may_not_see(owner: Person, guest: Person, spec_id: str, pictures: Path) -> None:
    guest.visit(f"lab/workspaces/vera?spec={spec_id}")
    page = page_instead(guest, spec_id, "Not found, or not shared with you")
    expect(page).to_contain_text("your login name here is “vera”")
    expect(guest.spec(spec_id).locator(".cm-content")).to_be_hidden()
    guest.picture(pictures / "sharing" / "7-not-shared.png")
    give(owner, spec_id, "contributor")
    page.get_by_role("button", name="Try again").click()
    guest.opened(spec_id)
    assert agree(spec_id, owner, guest) == demo_text()
    take(owner, spec_id)
    page_instead(guest, spec_id, "This spec is not shared with you any more")
    guest.spec(spec_id).get_by_role("button", name="Close").click()
    expect(guest.spec(spec_id)).to_have_count(0)
    guest.faults.clear()  # a 404 is an error to the console


def test_deleted_while_others_look(
    owner: Person, guest: Person, written_by_both: str, pictures: Path
) -> None:
    guest.type(" (hers)")
    text = agree(written_by_both, owner, guest)
    rows = show_specs(guest)
    expect(rows.get_by_role("button", name=TITLE)).to_have_count(1)
    owner.call("DELETE", f"api/specs/{written_by_both}")
    page = page_instead(guest, written_by_both, "This spec was deleted")
    expect(page.get_by_label("Text of the spec")).to_have_text(text)
    expect(rows.get_by_role("button")).to_have_count(0)
    guest.picture(pictures / "sharing" / "8-deleted.png")
    page.get_by_role("button", name="Save as new spec").click()
    expect(rows.get_by_role("button", name=TITLE)).to_have_count(1)
    (made,) = guest.call("GET", "api/specs")["specs"]
    assert guest.stored(made["specId"])["content"] == text
    guest.opened(made["specId"])
    page_instead(owner, written_by_both, "This spec was deleted")
    guest.call("DELETE", f"api/specs/{made['specId']}")


@pytest.mark.parametrize("theme", ["JupyterLab Dark High Contrast", "JupyterLab Dark", "JupyterLab Light"])
def test_screens(theme: str, owner: Person, guest: Person, spec_id: str, pictures: Path) -> None:
    """The window in each theme, wide and narrow, with a question and an error in it."""
    short = theme.removeprefix("JupyterLab ").lower().replace(" ", "-")
    owner.choose_theme(theme)
    give(owner, spec_id, "contributor")
    for name, role in [("group:data science", "viewer"), ("user:grace", "owner"), ("user:robin", "admin")]:
        owner.call("PUT", f"api/specs/{spec_id}/collaborators/{quote(name)}", {"role": role})
    window = share_window(owner, spec_id)
    entry(window, "Vera").get_by_role("combobox").select_option("owner")
    window.get_by_label("Login name").fill("robin")
    expect(window.get_by_role("alert")).to_be_visible()
    for width in (1280, 800, 480):
        owner.resize(width)
        owner.picture(pictures / "sharing" / f"window-{short}-{width}.png")
    close(window)
    owner.resize(1280)
    owner.call("DELETE", f"api/specs/{spec_id}")
    page_instead(owner, spec_id, "This spec was deleted")
    owner.resize(800)
    owner.picture(pictures / "sharing" / f"deleted-{short}-800.png")
    owner.resize(1280)


@pytest.mark.parametrize("left", [None, "viewer"])
def test_a_role_taken_away_in_mid_typing_loses_nothing(
    owner: Person, guest: Person, written_by_both: str, left: str | None, pictures: Path
) -> None:
    """Whatever she saw in her editor is stored, or kept for her to copy."""
    spec_id = written_by_both
    remember_longest(guest, spec_id)
    act: Callable[[], None] = lambda: give(owner, spec_id, left) if left else take(owner, spec_id)  # noqa: E731
    taking = threading.Thread(target=act)
    for turn in range(12):
        guest.type(" as I was saying", delay=10)
        if turn == 4:
            taking.start()
    taking.join()
    owner.until(lambda: role_of(owner, spec_id) == left, "the role to be another")
    guest.until(lambda: not guest.connection(spec_id)["canEdit"], "the end of writing")
    guest.until(lambda: guest.status(spec_id) != "saving", "the answer to what was sent")
    written = str(guest.page.evaluate("() => window.longest"))
    stored = owner.stored(spec_id)["content"]
    assert written.count(" as I was saying") > 1
    if written != stored:
        guest.run("speccollab:show-rescued")
        card = guest.page.locator(".jp-RescueCard").filter(has_text="as I was saying")
        expect(card).to_have_count(1)
        guest.picture(pictures / "sharing" / f"9-rescued-{left}.png")
        if left:
            card.get_by_role("checkbox").check()
        assert card.locator("pre").text_content() == written
        card.get_by_role("button", name="Discard").click()
        guest.page.get_by_role("dialog").get_by_role("button", name="Discard").click()
        expect(card).to_have_count(0)
    guest.run("speccollab:open", specId=spec_id)
    if left:
        owner.put_caret(spec_id, after="# Churn")
        owner.type(" and other")
        assert agree(spec_id, owner, guest) == stored.replace("# Churn", "# Churn and other")
        expect(guest.spec(spec_id).get_by_text("View only").first).to_be_visible()
    else:
        page_instead(guest, spec_id, "This spec is not shared with you any more")
    guest.picture(pictures / "sharing" / f"9-after-{left}.png")
    guest.faults.clear()  # a refused request is one


def remember_longest(person: Person, spec_id: str) -> None:
    """The longest text that the editor has shown, as ``window.longest``."""
    person.page.evaluate(
        """id => {
          const widgets = [...jupyterapp.shell.widgets('main')];
          const { connection } = widgets.find(each => each.id === `jupyter-speccollab:${id}`).content;
          window.longest = '';
          connection.onChange(({ after }) => {
            const text = after.toString();
            if (text.length > window.longest.length) { window.longest = text; }
          });
        }""",
        spec_id,
    )
