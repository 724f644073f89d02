"""Comments and suggestions in a browser's page: how they are found and made, and what a page and the server have.

Texts of these tests have no characters beyond the Basic Multilingual Plane: so a page's positions are the server's.
"""

from __future__ import annotations

from typing import Any, Final
from uuid import uuid4

from playwright.sync_api import Locator, expect

from tests.e2e.person import PATIENCE, VIEW, Person, agree

FACTS: Final = """
() => {
  const panel = [...jupyterapp.shell.widgets('right')].find(each => each.id === 'jupyter-speccollab:comments');
  const { threads, document } = panel.spec;
  const { doc } = document.content.editor.state;
  return threads.all.map(({ thread, range, isOrphaned, isPending, pendingMessages }) => ({
    ...thread,
    start: range?.start ?? null,
    words: isOrphaned || !range ? null : doc.sliceString(range.start, range.end),
    waits: isPending || pendingMessages.length > 0
  }));
}
"""
"""What the page of the spec that is in front has of its threads."""

MARKS: Final = f"""
id => Object.entries([...({VIEW})(id).contentDOM.querySelectorAll('.cm-thread')].reduce((found, each) => ({{
  ...found, [each.dataset.thread]: (found[each.dataset.thread] ?? '') + each.textContent
}}), {{}}))
"""

THREAD: Final = ("kind", "state", "quote", "replacement", "createdBy", "createdByName", "resolvedBy")
MESSAGE: Final = ("messageId", "userId", "userName", "body", "mentions", "editedAt", "deleted")

Facts = dict[str, dict[str, Any]]
"""What is known of threads, by id: `THREAD`, messages, where the anchor begins, and its words (``None``: gone)."""


def select(person: Person, spec_id: str, words: str) -> None:
    """Select the first occurrence of these words, with the focus in the editor."""
    person.page.evaluate(
        f"""([id, words]) => {{
          const view = ({VIEW})(id);
          const from = view.state.doc.toString().indexOf(words);
          if (from < 0) {{ throw new Error('no such text: ' + words); }}
          view.focus();
          view.dispatch({{ selection: {{ anchor: from, head: from + words.length }}, scrollIntoView: true }});
        }}""",
        [spec_id, words],
    )


def cards(person: Person) -> Locator:
    return person.page.locator(".jp-Thread:visible")


def card(person: Person, thread_id: str) -> Locator:
    """The card of a thread, beside the text or in the sidebar."""
    return person.page.locator(f'.jp-Thread[data-spec-thread="{thread_id}"]:visible')


def open_card(person: Person, thread_id: str) -> Locator:
    """A click on the card, so that it shows all of its messages."""
    found = card(person, thread_id)
    found.locator(".jp-ThreadHead-kind").click()
    expect(found).to_have_attribute("aria-current", "true")
    return found


def field(person: Person) -> Locator:
    """Where something new is written: what to suggest, or else the message."""
    return person.page.locator(".jp-mod-new:visible .jp-ThreadComposer-text").first


def filter_button(person: Person, name: str) -> Locator:
    """One of those above the list in the sidebar."""
    return person.page.locator(".jp-Threads-filter:visible", has_text=name)


def begin_comment(person: Person, spec_id: str, words: str) -> None:
    """Select the first occurrence of these words, and begin to comment on them by keyboard."""
    select(person, spec_id, words)
    person.press("ControlOrMeta+Alt+m")
    expect(field(person)).to_be_focused()


def comment(person: Person, spec_id: str, words: str, body: str) -> None:
    """Comment on the first occurrence of these words, by keyboard."""
    begin_comment(person, spec_id, words)
    person.type(body)
    person.press("ControlOrMeta+Enter")


def made(person: Person, spec_id: str, words: str, **content: str) -> str:
    """A thread of this person's on the first occurrence of these words, made without a page; returns its id.

    ``content`` is ``body`` of a comment, or ``replacement`` of a suggestion, with a body if one likes.
    """
    document = person.stored(spec_id)
    start = document["content"].index(words)
    thread = {
        "threadId": str(uuid4()),
        "kind": "suggestion" if "replacement" in content else "comment",
        "start": start,
        "end": start + len(words),
        "version": document["version"],
        **content,
    }
    return str(person.call("POST", f"api/specs/{spec_id}/threads", thread)["threadId"])


def answered(person: Person, spec_id: str, thread_id: str, body: str) -> None:
    """An answer of this person's, made without a page."""
    answer = {"messageId": str(uuid4()), "body": body}
    person.call("POST", f"api/specs/{spec_id}/threads/{thread_id}/messages", answer)


def reply(person: Person, thread_id: str, body: str) -> None:
    """Answer in a thread whose card can be seen."""
    open_card(person, thread_id).get_by_role("textbox", name="Reply").click()
    person.type(body)
    person.press("ControlOrMeta+Enter")
    expect(card(person, thread_id)).to_contain_text(body)


def marked(person: Person, spec_id: str) -> list[str]:
    """The passages that have a mark in the text."""
    return list(marks(person, spec_id).values())


def marks(person: Person, spec_id: str) -> dict[str, str]:
    """The passages that have a mark in the text, by the id of their thread."""
    return dict(person.page.evaluate(MARKS, spec_id))


def in_page(person: Person) -> Facts:
    """What a page has; a thread that the server has not confirmed ``waits``."""
    return {each["threadId"]: _facts(each) for each in person.page.evaluate(FACTS)}


def on_server(person: Person, spec_id: str) -> Facts:
    """What the server has, with the words that the anchors are at in the text of the same version."""
    while True:
        page = person.call("GET", f"api/specs/{spec_id}/threads?state=all")
        document = person.stored(spec_id)
        if page["version"] == document["version"]:
            break
    assert page["nextBefore"] is None
    text = document["content"]
    facts = {}
    for thread in page["threads"]:
        anchor = thread["anchor"]
        assert anchor["version"] == document["version"]
        words = None if anchor["orphaned"] else text[anchor["start"] : anchor["end"]]
        facts[thread["threadId"]] = _facts(
            {**thread, "start": anchor["start"], "words": words, "waits": False}
        )
    return facts


def agree_on_threads(spec_id: str, *people: Person, patience: float = PATIENCE) -> Facts:
    """Wait until all have the server's text and threads, nothing is on the way, and marks are at the anchors."""
    agree(spec_id, *people, patience=patience)
    seen: dict[str, Facts] = {}

    def equal() -> bool:
        seen.clear()
        seen.update((person.name, in_page(person)) for person in people)
        seen["the server"] = on_server(people[0], spec_id)
        return all(facts == seen["the server"] for facts in seen.values())

    try:
        people[0].until(equal, "equal threads", patience)
    except AssertionError as error:
        raise AssertionError(f"{error}: {seen}") from None
    expected = {thread_id: words for thread_id, words in _marked_words(seen["the server"]).items() if words}
    for person in people:
        person.until(lambda person=person: marks(person, spec_id) == expected, f"marks: {expected}")  # type: ignore[misc]
    return seen["the server"]


def about(facts: Facts, quote: str) -> tuple[str, dict[str, Any]]:
    """The one thread that was made of these words: its id, and what is known of it."""
    (found,) = ((thread_id, each) for thread_id, each in facts.items() if each["quote"] == quote)
    return found


def _marked_words(facts: Facts) -> dict[str, str | None]:
    return {thread_id: each["words"] for thread_id, each in facts.items() if each["state"] == "open"}


def _facts(thread: dict[str, Any]) -> dict[str, Any]:
    messages = [{key: each.get(key) for key in MESSAGE} for each in thread["messages"]]
    told = {key: thread.get(key) for key in (*THREAD, "start", "words", "waits")}
    return {**told, "messages": messages}
