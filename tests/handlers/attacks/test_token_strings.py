"""Validly signed tokens, and logins, with strings that can't be stored or shown."""

from __future__ import annotations

import hmac
from collections.abc import Iterator
from typing import Any

import pytest
from jwt.utils import base64url_encode

from tests.handlers.attacks.plan import unharmed
from tests.handlers.auth.test_tokens import SECRET, signed
from tests.handlers.logins import Login, Logins

UNSTORABLE = ["\ud800", "a\udfffb", "\0", "a\0b"]


def claims_with(text: str) -> Iterator[dict[str, Any]]:
    """Claims of which one holds ``text``."""
    for claim in ("sub", "name", "jti", "spec", "role", "iss", "aud"):
        yield {claim: text}
    yield {"groups": [text]}
    yield {"groups": ["team", text]}
    yield {"aud": ["jupyter", text]}


async def test_strings_that_nobody_can_store(ada: Login, plan: str) -> None:
    async with unharmed(ada, plan):
        for text in UNSTORABLE:
            for claims in claims_with(text):
                login = Login(ada.address, {"Authorization": f"Bearer {signed(**claims)}"})
                for method, path, body in [
                    ("GET", "api/specs", None),
                    ("GET", f"api/specs/{plan}", None),
                    ("POST", f"api/specs/{plan}/session", {"specId": plan}),
                ]:
                    assert await login.refused(method, path, body) == (401, "UNAUTHENTICATED"), claims
                socket = await login.socket(plan)
                assert (await socket.expect("error"))["code"] == "UNAUTHENTICATED", claims
                assert await socket.closed() == 4401
                own = await ada.joined(plan)
                await own.send("authenticate", token=signed(**claims))
                assert (await own.expect("error"))["code"] == "UNAUTHENTICATED", claims
                await own.nothing_more()
                own.close()


async def test_other_strings_that_are_no_names(ada: Login, plan: str) -> None:
    """A line break, a terminal escape, and nothing at all."""
    async with unharmed(ada, plan):
        for claims in (
            {"sub": "ada\n"},
            {"sub": "ada\u202e"},
            {"sub": ""},
            {"sub": "x" * 201},
            {"jti": "x\x1b[2J"},
            {"groups": ["a\nb"]},
            {"groups": "team"},
            {"groups": [["team"]]},
            {"name": {"first": "Ada"}},
            {"spec": [plan]},
            {"role": ["owner"]},
        ):
            login = Login(ada.address, {"Authorization": f"Bearer {signed(**claims)}"})
            assert await login.refused("GET", "api/specs") == (401, "UNAUTHENTICATED"), claims


async def test_a_name_is_made_fit_to_be_shown(ada: Login, plan: str) -> None:
    for name, shown in [
        ("Ada\nLovelace", "Ada Lovelace"),
        ("Ada\u202eecalevoL", "AdaecalevoL"),
        ("\u200b", "ada"),
        ("A" * 300, "A" * 100),
        ("Zoe\u0308", "Zoë"),
    ]:
        login = Login(ada.address, {"Authorization": f"Bearer {signed(name=name)}"})
        assert (await login.joined(plan)).me["userName"] == shown


async def test_claims_that_are_nested_very_deep(ada: Login, plan: str) -> None:
    head, claims, signature = signed().split(".")
    for depth in (100, 900, 2_000, 10_000):
        nested = base64url_encode(b'{"alg":"HS256","x":%b%b}' % (b"[" * depth, b"]" * depth)).decode()
        for token in (f"{nested}.{claims}.{signature}", f"{head}.{nested}.{signature}", signed_text(nested)):
            login = Login(ada.address, {"Authorization": f"Bearer {token}"})
            assert (await login.fetch("GET", f"api/specs/{plan}")).code in (401, 403), depth


def signed_text(payload: str) -> str:
    """A validly signed token with this payload, which is encoded already."""
    head = signed().split(".")[0]
    signature = hmac.digest(SECRET.encode(), f"{head}.{payload}".encode(), "sha256")
    return f"{head}.{payload}.{base64url_encode(signature).decode()}"


class TestLogins:
    """Strings of Jupyter's login: users of some identity providers choose their names themselves."""

    @pytest.fixture
    def speccollab_config(self) -> dict[str, Any]:
        return {"default_role": "contributor"}

    @pytest.mark.parametrize("name", ["Ada\ud800", "\0", "A\0da\nLovelace\u202e", " \u200b"])
    async def test_a_display_name_is_made_fit_to_be_shown(
        self, logins: Logins, ada: Login, name: str
    ) -> None:
        spec_id = await ada.new_spec("text")
        one = await logins.of("bob", name).joined(spec_id)
        shown = one.me["userName"]
        assert shown
        assert shown.isprintable()
        assert await logins.of("bob", name).call("GET", f"api/specs/{spec_id}")

    @pytest.mark.parametrize("login", ["a\ud800", "a\0", "a\nb", "x" * 201])
    async def test_a_login_name_that_nobody_can_store(self, logins: Logins, ada: Login, login: str) -> None:
        spec_id = await ada.new_spec("text")
        bad = logins.of(login, "Bob")
        assert await bad.refused("GET", "api/specs") == (401, "UNAUTHENTICATED")
        socket = await bad.socket(spec_id)
        assert "login name" in (await socket.expect("error"))["message"]
        assert await socket.closed() == 4401
