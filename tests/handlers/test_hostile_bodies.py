"""Comments and suggestions that attack their reader are kept as they were typed, and go out as data.

Nothing in a text is a danger to the server, and what is made safe where it is stored is safe nowhere else. Where
they are shown, ``labextension/tests/threads/hostileBodies.test.ts`` looks that nothing of them runs.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.handlers.logins import Login
from tests.handlers.threads import QUICK, Spec, comment, suggestion

VECTORS = Path(__file__).parents[1] / "vectors" / "hostile_markdown.jsonl"
MARKDOWN = [json.loads(line)["markdown"] for line in VECTORS.read_text(encoding="utf-8").splitlines()]
"""The texts that the preview of a spec is tried with."""

QUERIES = [
    "'; DROP TABLE threads; --",
    '" OR ""="',
    "%_\\'\\%",
    "{{7*7}} ${7*7} #{7*7} <%= 7*7 %>",
    '{"$ne": null}',
    "%s %d %n {0} {} %(body)s",
    "../../etc/passwd",
    "\u202egnp.exe \u200b\ufeff\u2028\u2029",
    "\u0001\u0007\u001b[31mred\u001b[0m\u007f\u0085",
    "z" + "\u0301" * 500,
    "\U0001f469\u200d\U0001f469\u200d\U0001f467",
    "@" * 9_999,
    "@ada " * 2_000,
    '@"' * 5_000,
    "".join(f"@{chr(0x21C0 + place)}{'!' * 198}" for place in range(50)),
    "[" * 5_000 + "](" * 2_500,
    "> " * 5_000,
    "*" * 10_000,
    "`" * 10_000,
]
"""Texts that attack a database, a template, a log, a terminal, a search for mentions, and a parser."""


@pytest.fixture
def speccollab_config() -> dict[str, Any]:
    return {"default_role": "none", "writes_per_minute": 10_000}


def can_be_typed(text: str) -> bool:
    return not {"\0", "\r"} & set(text)


async def test_they_come_back_as_they_were_typed(spec: Spec, ada: Login, bob: Login) -> None:
    """From the call that made them, alone, in a list, and by the event."""
    socket = await ada.joined(spec.spec_id, features=["threads"])
    texts = [text for text in (*MARKDOWN, *QUERIES) if can_be_typed(text)]
    assert len(texts) > 120
    expected = {}
    for text in texts:
        body = suggestion(*QUICK, 1, text, body=text)
        made = await bob.call("POST", f"{spec.path}/threads", body)
        assert (made["replacement"], made["messages"][0]["body"]) == (text, text)
        await bob.call("PATCH", f"{spec.path}/threads/{body['threadId']}", {"state": "rejected"})
        expected[body["threadId"]] = text
        told = [await socket.until("threads_changed") for _ in range(2)]
        assert [each["threads"][0]["messages"][0]["body"] for each in told if each["threads"]] == [text] * 2
        assert (await spec.one(body["threadId"]))["messages"][0]["body"] == text
    page = await spec.list(state="closed")
    assert page["nextBefore"] is None
    assert {each["threadId"]: each["messages"][0]["body"] for each in page["threads"]} == expected
    socket.close()


async def test_they_are_answered_as_data_that_no_browser_runs(spec: Spec, ada: Login) -> None:
    made = comment(*QUICK, 1, "<script>hostile=1</script>")
    for response in (
        await ada.fetch("POST", f"{spec.path}/threads", made),
        await ada.fetch("GET", f"{spec.path}/threads"),
        await ada.fetch("GET", f"{spec.path}/threads/{made['threadId']}"),
        await ada.fetch("PATCH", f"{spec.path}/messages/{made['threadId']}", {"body": "<svg onload=1>"}),
    ):
        assert response.headers["Content-Type"].startswith("application/json")
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert "default-src 'none'" in response.headers["Content-Security-Policy"]


async def test_what_is_quoted_and_accepted_is_as_it_was_typed(ada: Login, bob: Login) -> None:
    """A hostile passage, and a hostile suggestion for it, which becomes the text."""
    passage = "<img src=x onerror=hostile=1> [x](javascript:hostile=1)"
    spec = Spec(ada, await ada.new_spec(f"before {passage} after"))
    await bob.call("GET", "api/specs")
    await spec.role("bob", "commenter")
    texts = [text for text in MARKDOWN if can_be_typed(text) and text != passage]
    version, present = 1, passage
    for text in texts:
        made = await spec.by(bob).open(suggestion(7, 7 + len(present), version, text))
        assert made["quote"] == present[:1_000]
        accepted = await spec.state(made["threadId"], "accepted")
        version, present = accepted["acceptedVersion"], text
        document = await ada.call("GET", f"{spec.path}/document")
        assert document["content"] == f"before {text} after"
