"""Nothing that others write runs as code, even where a server hands it on unchecked."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any, Final

import pytest
from playwright.sync_api import Route, WebSocketRoute, expect

from tests.e2e.person import Person, names_stay
from tests.e2e.sharing import ANCHOR, give, guest, lab_options, owner, show_specs, spec_id

__all__ = ["guest", "lab_options", "owner", "spec_id"]

pytestmark = pytest.mark.e2e

MARKUP: Final = (
    "<img src='https://trap.invalid/x' onerror='window.trapped=1'><script>window.trapped=1</script>"
)
TRAPS: Final = {
    "color": "red;background:url(https://trap.invalid/color)",
    "avatarUrl": "javascript:window.trapped=1",
    **dict.fromkeys(
        ("title", "description", "status", "userName", "lastModifiedByName", "label", "error", "message"),
        MARKUP,
    ),
}


def planted(value: Any) -> Any:
    """The same with a trap in every field that people, or their logins, fill in."""
    if isinstance(value, dict):
        return {key: TRAPS.get(key) or planted(each) for key, each in value.items()}
    return [planted(each) for each in value] if isinstance(value, list) else value


def test_nothing_of_others_runs_even_where_a_server_hands_it_on(
    owner: Person, guest: Person, spec_id: str, pictures: Path
) -> None:
    """Behind every check of the server: titles, names, labels, colours, pictures, errors."""
    called: list[str] = []

    def answer(route: Route) -> None:
        response = route.fetch()
        route.fulfill(response=response, json=planted(response.json()))

    def converse(page: WebSocketRoute) -> None:
        server = page.connect_to_server()
        server.on_message(lambda frame: page.send(json.dumps(planted(json.loads(frame)))))

    give(owner, spec_id, "admin")
    guest.page.on("request", lambda request: called.append(request.url))
    guest.page.route(re.compile("/api/specs"), answer)
    guest.page.route_web_socket(re.compile("/ws/specs/"), converse)
    rows = show_specs(guest)
    guest.run("speccollab:refresh")
    expect(rows.get_by_role("button").first).to_contain_text("onerror")
    rows.get_by_role("button").first.click()
    guest.opened(spec_id)
    spec = guest.spec(spec_id)
    guest.put_caret(spec_id, after=ANCHOR)
    with names_stay(guest):
        owner.put_caret(spec_id, after=ANCHOR)
        owner.type(" x")
        expect(spec.locator(".cm-specFlag")).to_contain_text("img")
        spec.locator(".jp-SpecPeople-face").hover()
        guest.picture(pictures / "sharing" / "10-traps.png")
    spec.get_by_role("button", name="Share", exact=True).click()
    window = guest.page.locator(".jp-SpecShare")
    expect(window.get_by_role("listitem").first).to_contain_text("onerror")
    window.get_by_label("Login name").fill(f"group:{MARKUP}")
    window.get_by_role("button", name="Share", exact=True).click()
    expect(window.get_by_role("listitem")).to_have_count(3)
    window.get_by_label("Login name").fill("user:")
    guest.picture(pictures / "sharing" / "11-traps-in-the-window.png")
    guest.page.get_by_role("button", name="Done").click()
    guest.page.locator(".jp-SpecStatus button").click()
    expect(guest.page.locator(".jp-SpecStatus-details")).to_be_visible()
    guest.press("Escape")
    owner.call("DELETE", f"api/specs/{spec_id}")
    expect(spec.get_by_role("heading", name="This spec was deleted")).to_be_visible()

    assert guest.page.evaluate("() => window.trapped") is None
    assert not [url for url in called if url.startswith(("https://trap.invalid", "javascript:"))]
    for place in ("img", "script"):
        assert guest.page.locator(f"{place}[src*=trap]").count() == 0
    guest.page.unroute_all(behavior="ignoreErrors")  # a request may still be on its way
    guest.faults.clear()  # what was planted in the envelope of a refusal
