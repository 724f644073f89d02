"""Attacks with a user's cookie: from another site, or with a changed cookie."""

from __future__ import annotations

import pytest
from tornado.httpclient import HTTPClientError

from tests.handlers.attacks.plan import unharmed
from tests.handlers.logins import Login


async def test_a_foreign_page_opens_no_socket_with_the_users_cookie(ada: Login, plan: str) -> None:
    for origin in (
        "https://evil.example.org",
        "null",
        "http://127.0.0.1:1",
        "http://127.0.0.1.evil.example.org",
    ):
        with pytest.raises(HTTPClientError) as refused:
            await ada.socket(plan, {"Origin": origin})
        assert refused.value.code == 403, origin


async def test_a_cookie_that_was_tampered_with(ada: Login, plan: str) -> None:
    name, _, rest = ada.headers["Cookie"].partition("=")
    async with unharmed(ada, plan):
        for cookie in (f"{name}=ada", f"{name}={rest[:40]}x{rest[41:]}", f"{name}="):
            login = Login(
                ada.address, {**ada.headers, "Cookie": f"{cookie}; _xsrf={ada.headers['X-XSRFToken']}"}
            )
            assert await login.refused("DELETE", f"api/specs/{plan}") == (401, "UNAUTHENTICATED")
