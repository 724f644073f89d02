"""Scripts in names, texts and labels are returned as text, never as something a browser would run."""

from __future__ import annotations

import pytest
from jupyter_server.auth.identity import User as JupyterUser

from jupyter_speccollab.handlers.auth.user import user_of
from tests.handlers.logins import Logins

SCRIPT = "<script>alert(1)</script><img src=x onerror=alert(1)>[x](javascript:alert(1))\"'`${alert(1)}"


async def test_a_script_comes_back_as_the_text_that_it_is(logins: Logins) -> None:
    """Texts are stored unchanged, and no response has a type that a browser would run."""
    login = logins.of("mallory", SCRIPT)
    spec_id = await login.new_spec(SCRIPT, title=SCRIPT)
    await login.call("POST", f"api/specs/{spec_id}/revisions", {"label": SCRIPT})
    for path in ("", "/document", "/revisions", "/collaborators", "/revisions/9", f"/revisions/{SCRIPT[:8]}"):
        answer = await login.fetch("GET", f"api/specs/{spec_id}{path}")
        assert answer.headers["Content-Type"].startswith("application/json"), path
        assert answer.headers["X-Content-Type-Options"] == "nosniff", path
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"], path
    assert (await login.call("GET", f"api/specs/{spec_id}"))["title"] == SCRIPT
    assert (await login.call("GET", f"api/specs/{spec_id}/document"))["content"] == SCRIPT
    assert (await login.call("GET", f"api/specs/{spec_id}/revisions"))["revisions"][0]["label"] == SCRIPT


@pytest.mark.parametrize(
    ("color", "avatar"),
    [
        ("red;background:url(//evil.example.org)", "javascript:alert(1)"),
        ("expression(alert(1))", "data:text/html,<script>alert(1)</script>"),
        ("#12345", "vbscript:x"),
        ("var(--x)", "\tjavascript:alert(1)"),
        ("", "file:///etc/passwd"),
    ],
)
def test_a_colour_and_a_picture_of_a_login_are_one_or_nothing(color: str, avatar: str) -> None:
    user = user_of(JupyterUser("m", "M", "M", None, avatar, color), "jupyter")
    assert user.color == ""  # the server chooses one for each spec
    assert user.avatar_url == ""
