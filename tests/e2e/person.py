"""Somebody in front of JupyterLab: their own login, their own browser context, one page.

::

    ada = Person(browser, lab, "ada", "Ada Lovelace")
    ada.visit(f"lab/tree/churn.ipynb?spec={spec_id}")
    ada.spec(spec_id).click_at("the third line")
    ada.type("Hello")
    assert ada.text(spec_id) == ...
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, TypeVar
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from playwright.sync_api import Browser, ConsoleMessage, Error, Locator, Page, expect

from tests.serving import JupyterServer

T = TypeVar("T")

PATIENCE: Final = 120.0
"""Seconds that anything may take before a test fails: a busy machine is slow, not wrong."""

expect.set_options(timeout=PATIENCE * 1000)

VIEW: Final = """
specId => {
  const widgets = [...jupyterapp.shell.widgets('main')];
  const widget = widgets.find(each => each.id === `jupyter-speccollab:${specId}`);
  if (!widget) { throw new Error('the spec is not open'); }
  return widget.content.editor;
}
"""

NO_SERVER_DIALOG: Final = "() => { jupyterapp.serviceManager._connectionFailure.emit = () => undefined; }"
"""Keeps JupyterLab from showing its own dialog about a lost server.

It appears while the server is away and takes the keyboard from whoever is typing anywhere but in a spec.
"""

OURS: Final = "extensions/jupyter-speccollab"
"""What the address of our code holds, in a stack too."""

JUPYTERLABS: Final = "/static/lab/"
"""What the address of JupyterLab's own code holds."""

NETWORK: Final = (
    "WebSocket connection to",
    "WebSocket is already in CLOSING or CLOSED state",  # a kernel's: ours look before they send
    "Failed to load resource: net::",
    "ResizeObserver loop",
)
"""How messages begin that tell of a server that a test has killed, of a network that it has cut, or of nothing."""


def is_fault(line: str) -> bool:
    """Whether a console's error, with address or stack, is to be mended here: JupyterLab has some of its own."""
    if line.startswith(NETWORK):
        return False
    # A read mark may be on its way while the spec is taken away, or the database locked.
    if "/read?" in line and re.search(r"status of (404|503)", line):
        return False
    if line.startswith("Failed to load resource"):
        return OURS in line or "/api/specs" in line
    return OURS in line or JUPYTERLABS not in line


class Person:
    """One user's browser context with one page; ``faults`` gathers what their console calls an error.

    With ``server_dialog`` JupyterLab shows its dialog about a lost server, as users have it.
    """

    def __init__(
        self,
        browser: Browser,
        server: JupyterServer,
        username: str,
        name: str,
        *,
        width: int = 1280,
        height: int = 800,
        dark: bool = False,
        server_dialog: bool = False,
    ) -> None:
        self.server = server
        self.username = username
        self.name = name
        self.faults: list[str] = []
        self._server_dialog = server_dialog
        self.context = browser.new_context(
            viewport={"width": width, "height": height},
            color_scheme="dark" if dark else "light",
            accept_downloads=True,
        )
        self.context.set_default_timeout(PATIENCE * 1000)
        self.context.add_cookies(server.browser_cookies(username, name))  # type: ignore[arg-type]
        self.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=server.url.rstrip("/"))
        self.page = self.new_page()
        self._headers = server.headers(username, name)

    def new_page(self) -> Page:
        """One more tab."""
        page = self.context.new_page()
        page.on("console", self._heard)
        # From the beginning: a browser told only when the chooser is expected may hear it after the click.
        page.on("filechooser", lambda _: None)
        page.on("pageerror", lambda error: self._fault(f"{error}\n{error.stack}"))
        return page

    def close(self) -> None:
        self.context.close()

    # pages ------------------------------------------------------------------------------------------------

    def visit(self, path: str) -> None:
        """Open an address below the server's, and wait until JupyterLab is there."""
        self.page.goto(self.server.url + path, wait_until="domcontentloaded")
        self.ready()

    def reload(self) -> None:
        self.page.reload(wait_until="domcontentloaded")
        self.ready()

    def visit_anew(self, spec_id: str | None = None) -> None:
        """Open JupyterLab with nothing in it, or nothing but this spec."""
        query = f"?spec={spec_id}" if spec_id else ""
        self.visit(f"lab/workspaces/{self.username}-{time.monotonic_ns()}{query}")

    def leave(self) -> None:
        """As someone who closes the tab, or goes elsewhere."""
        self.page.goto("about:blank")

    def ready(self, page: Page | None = None) -> None:
        """Wait until the layout is restored."""
        page = page or self.page
        page.wait_for_function("() => window.jupyterapp !== undefined")
        if not self._server_dialog:
            page.evaluate(NO_SERVER_DIALOG)
        page.evaluate("() => jupyterapp.restored")

    def run(self, command: str, **arguments: Any) -> None:
        """Execute one of JupyterLab's commands, without waiting for its end."""
        self.page.evaluate(
            "([id, args]) => { void jupyterapp.commands.execute(id, args); }", [command, arguments]
        )

    # the spec that is open in the main area ---------------------------------------------------------------

    def choose_theme(self, theme: str) -> None:
        """Choose a theme of JupyterLab, and wait until the page has it."""
        self.page.evaluate("theme => jupyterapp.commands.execute('apputils:change-theme', { theme })", theme)
        self.page.wait_for_function("theme => document.body.dataset.jpThemeName === theme", arg=theme)

    def resize(self, width: int) -> None:
        """Give the page this width, and wait until it has been drawn."""
        self.page.set_viewport_size({"width": width, "height": 800})
        self.page.evaluate(
            "() => new Promise(drawn => requestAnimationFrame(() => requestAnimationFrame(drawn)))"
        )

    @contextmanager
    def offline(self, spec_id: str) -> Iterator[None]:
        """Without a network, from when the page has noticed."""
        self.context.set_offline(True)
        try:
            self.until_status(spec_id, "offline")
            yield
        finally:
            self.context.set_offline(False)

    def spec(self, spec_id: str) -> Locator:
        """The widget of the main area."""
        return self.page.locator(f'[id="jupyter-speccollab:{spec_id}"]')

    def show(self, spec_id: str) -> None:
        """Show this spec and no other; JupyterLab is opened where it is not."""
        if self.page.evaluate("() => window.jupyterapp !== undefined"):
            self.close_specs()
            self.run("speccollab:open", specId=spec_id)
        else:
            self.visit_anew(spec_id)
        self.opened(spec_id)

    def opened(self, spec_id: str) -> None:
        """Wait until the spec is shown with its text, or the preview of it."""
        expect(self.spec(spec_id).locator(":is(.cm-content, .jp-SpecPreview):visible").first).to_be_visible()
        self.until_status(spec_id, "synchronised")

    def show_source(self, spec_id: str) -> None:
        """Show the text as it is written: who may only view sees the preview first."""
        self.run("speccollab:show-preview", mode="off")
        expect(self.spec(spec_id).locator(".cm-content")).to_be_visible()

    def text(self, spec_id: str) -> str:
        """The editor's whole text."""
        return str(self.page.evaluate(f"id => ({VIEW})(id).state.doc.toString()", spec_id))

    def connection(self, spec_id: str) -> dict[str, Any]:
        """The state of the connection: status, version, role, users."""
        widget = VIEW.replace("widget.content.editor", "widget.content.connection.state")
        return dict(self.page.evaluate(f"id => JSON.parse(JSON.stringify(({widget})(id)))", spec_id))

    def status(self, spec_id: str) -> str:
        """Status alone; "synchronised" once nothing is on the way."""
        return str(self.connection(spec_id)["status"])

    def until_status(self, spec_id: str, status: str) -> None:
        """Wait for a status of the connection."""
        self.until(lambda: self.status(spec_id) == status, f"the status {status}")

    def open_beside(self, spec_id: str) -> None:
        """Close other specs, and show this one beside the notebook."""
        expect(self.page.locator(".jp-NotebookPanel")).to_have_count(1)
        self.close_specs()
        expect(self.page.locator(".jp-NotebookPanel:visible")).to_have_count(1)
        # On a slow machine it takes the focus late, also from a spec that was opened meanwhile.
        self.page.locator(".jp-Notebook:focus, .jp-Notebook :focus").wait_for(state="attached")
        self.run("speccollab:open-beside-notebook", specId=spec_id)
        self.opened(spec_id)

    def close_specs(self) -> None:
        """Close every spec of the main area, and go to the notebook."""
        self.page.evaluate(
            """() => {
              const widgets = [...jupyterapp.shell.widgets('main')];
              widgets.filter(each => each.id.startsWith('jupyter-speccollab:')).forEach(each => each.close());
              const notebook = widgets.find(each => 'context' in each);
              if (notebook) { jupyterapp.shell.activateById(notebook.id); }
            }"""
        )

    def is_beside_notebook(self, spec_id: str) -> bool:
        """Whether both are on the screen, the notebook on the left."""
        notebook = self.page.locator(".jp-NotebookPanel:visible").first.bounding_box()
        spec = self.spec(spec_id).bounding_box()
        return bool(notebook and spec and notebook["x"] + notebook["width"] <= spec["x"] + 8)

    def put_caret(self, spec_id: str, after: str) -> None:
        """Put the caret behind the first occurrence of ``after``, and the focus into the editor."""
        self.page.evaluate(
            f"""([id, after]) => {{
              const view = ({VIEW})(id);
              const at = view.state.doc.toString().indexOf(after);
              if (at < 0) {{ throw new Error('no such text: ' + after); }}
              view.focus();
              view.dispatch({{ selection: {{ anchor: at + after.length }}, scrollIntoView: true }});
            }}""",
            [spec_id, after],
        )

    def type_after(self, spec_id: str, after: str, text: str) -> None:
        """Type behind the first occurrence of ``after``."""
        self.put_caret(spec_id, after)
        self.type(text)

    def type(self, text: str, *, delay: float = 0) -> None:
        """Press a key for each character; ``delay`` in milliseconds between them."""
        self.page.keyboard.type(text, delay=delay)

    def write(self, text: str) -> None:
        """Insert a text by one event, as an input method does: one step to undo, however slow the machine is."""
        self.page.keyboard.insert_text(text)

    def press(self, keys: str) -> None:
        self.page.keyboard.press(keys)

    def paste(self, text: str) -> None:
        """Paste as the browser does it, through the clipboard."""
        self.page.evaluate("text => navigator.clipboard.writeText(text)", text)
        self.page.keyboard.press("ControlOrMeta+V")

    def copied_by(self, button: Locator) -> str:
        """Click it, and wait for what it puts into the clipboard."""

        def read() -> str:
            return str(self.page.evaluate("() => navigator.clipboard.readText()"))

        self.page.evaluate("() => navigator.clipboard.writeText('')")
        button.click()
        self.until(read, "something in the clipboard")
        return read()

    def flags(self, spec_id: str) -> list[str]:
        """The names on the carets of others."""
        return self.spec(spec_id).locator(".cm-specFlag").all_text_contents()

    # REST -------------------------------------------------------------------------------------------------

    def call(self, method: str, path: str, body: Any = None) -> Any:
        """The ``data`` of an answer of the REST interface, as this person."""
        request = Request(
            self.server.url + path,
            method=method,
            headers={**self._headers, "Content-Type": "application/json"},
            data=None if body is None else json.dumps(body).encode(),
        )
        try:
            with urlopen(request, timeout=PATIENCE) as answer:
                return json.load(answer)["data"]
        except HTTPError as error:
            raise AssertionError(f"{method} {path}: {error.code} {error.read().decode()}") from None

    def new_spec(self, title: str, content: str) -> str:
        return str(self.call("POST", "api/specs", {"title": title, "content": content})["specId"])

    def new_open_spec(self, title: str, content: str) -> str:
        """A new spec, open in a page of its own; returns its id."""
        spec_id = self.new_spec(title, content)
        self.visit_anew(spec_id)
        self.opened(spec_id)
        return spec_id

    def stored(self, spec_id: str) -> dict[str, Any]:
        """The document as the server has it."""
        return dict(self.call("GET", f"api/specs/{spec_id}/document"))

    # waiting ----------------------------------------------------------------------------------------------

    def until(self, condition: Callable[[], object], what: str, patience: float = PATIENCE) -> None:
        """Wait, letting the page work."""
        deadline = time.monotonic() + patience
        pause = 30.0
        while True:
            try:
                if condition():
                    return
            except Error as error:
                if time.monotonic() > deadline:
                    raise AssertionError(f"{self.name} waited for {what}: {error}") from error
            if time.monotonic() > deadline:
                raise AssertionError(f"{self.name} waited {patience:.0f} s for {what}")
            self.page.wait_for_timeout(pause)
            pause = min(1.5 * pause, 250.0)  # constant questions would slow down the page

    def picture(self, file: Path) -> None:
        """A screenshot."""
        file.parent.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=file, caret="initial")

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type != "error":
            return
        place = message.location.get("url", "") if message.location else ""
        line = f"{message.text} ({place})"
        self._fault(line)

    def _fault(self, line: str) -> None:
        if is_fault(line):
            self.faults.append(line)


@contextmanager
def names_stay(person: Person) -> Iterator[None]:
    """Stop the clock by which names on carets go after two seconds.

    Only what moves a caret inside of this block shows its name for certain: an earlier move may be too long ago.
    """
    person.page.evaluate("() => { const now = performance.now(); performance.now = () => now; }")
    try:
        yield
    finally:
        person.page.evaluate("() => { delete performance.now; }")


def agree(spec_id: str, *people: Person, patience: float = PATIENCE) -> str:
    """Wait until all have the server's text and nothing is on the way; returns it."""
    seen: dict[str, str] = {}

    def equal() -> bool:
        seen.clear()
        seen.update((person.name, person.status(spec_id)) for person in people)
        if set(seen.values()) != {"synchronised"}:
            return False
        seen.update((person.name, person.text(spec_id)) for person in people)
        seen["the server"] = people[0].stored(spec_id)["content"]
        return len(set(seen.values())) == 1

    try:
        people[0].until(equal, "equal texts", patience)
    except AssertionError as error:
        told = {name: f"{len(text)} characters, {text[:80]!r} …" for name, text in seen.items()}
        raise AssertionError(f"{error}: {told}") from None
    return seen["the server"]
