"""Attacks with forged, expired, revoked and foreign tokens."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime
from typing import Any

import jwt
from jupyter_server.serverapp import ServerApp

from tests.handlers.attacks.plan import unharmed
from tests.handlers.auth.test_tokens import SECRET, services_of, signed
from tests.handlers.logins import Login


def unsigned(header: dict[str, Any], claims: dict[str, Any], signature: str = "") -> str:
    def part(value: Any) -> str:
        return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()

    return f"{part(header)}.{part(claims)}.{signature}"


def bad_tokens(plan: str) -> dict[str, str]:
    now = int(datetime.now(UTC).timestamp())
    claims = {"sub": "ada", "iss": "jupyter", "aud": "speccollab", "iat": now, "exp": now + 300, "jti": "x"}
    good = signed()
    head, _, signature = good.split(".")
    other_user = unsigned({}, claims | {"sub": "root"}).split(".")[1]
    return {
        "signed by another secret": jwt.encode(claims, "another secret of thirty-two bytes", "HS256"),
        "alg none": unsigned({"alg": "none", "typ": "JWT"}, claims),
        "alg None, spelt to slip through": unsigned({"alg": "nOnE"}, claims, signature),
        "another user, with an old signature": f"{head}.{other_user}.{signature}",
        "a key of the attacker's in the header": unsigned(
            {"alg": "HS256", "jwk": {"kty": "oct", "k": "YQ"}}, claims
        ),
        "a key at an address": unsigned(
            {"alg": "RS256", "jku": "https://evil.example.org/jwks"}, claims, "AAAA"
        ),
        "a key id that is a path": unsigned({"alg": "HS256", "kid": "../../dev/null"}, claims, "AAAA"),
        "wrong audience": signed(aud="jupyter"),
        "wrong issuer": signed(iss="evil"),
        "never expires": jwt.encode({k: v for k, v in claims.items() if k != "exp"}, SECRET, "HS256"),
        "not valid yet": signed(nbf=now + 60),
        "an unknown role": signed(role="superuser"),
        "a spec that is none": signed(spec=plan + "' OR '1'='1"),
    }


async def test_forged_and_foreign_tokens(ada: Login, plan: str) -> None:
    bare, cookie = Login(ada.address, {}), ada.headers
    async with unharmed(ada, plan):
        for name, token in bad_tokens(plan).items():
            for headers in (
                {"Authorization": f"Bearer {token}"},
                {**cookie, "Authorization": f"token {token}"},
            ):
                login = Login(ada.address, headers)
                assert await login.refused("GET", f"api/specs/{plan}") == (401, "UNAUTHENTICATED"), name
                assert await login.refused("DELETE", f"api/specs/{plan}") == (401, "UNAUTHENTICATED"), name
                join = await login.refused("POST", f"api/specs/{plan}/session", {"specId": plan})
                assert join == (401, "UNAUTHENTICATED"), name
                socket = await login.socket(plan)
                assert (await socket.expect("error"))["code"] == "UNAUTHENTICATED", name
                assert await socket.closed() == 4401
            assert await bare.refused("GET", f"api/specs/{plan}", token=token) == (401, "UNAUTHENTICATED"), (
                name
            )
            socket = await bare.socket(plan, query=f"?token={token}")
            assert (await socket.expect("error"))["code"] == "UNAUTHENTICATED", name
            assert await socket.closed() == 4401


async def test_an_expired_token_and_one_that_was_revoked_are_not_good_again(
    ada: Login, plan: str, jp_serverapp: ServerApp
) -> None:
    expired, revoked = signed(seconds=-1), signed(jti="stolen")
    thief = Login(ada.address, {"Authorization": f"Bearer {revoked}"})
    await thief.call("GET", f"api/specs/{plan}")
    await services_of(jp_serverapp).tokens.revoke(token_id="stolen")
    async with unharmed(ada, plan):
        for token, code in [(expired, "TOKEN_EXPIRED"), (revoked, "UNAUTHENTICATED")]:
            login = Login(ada.address, {"Authorization": f"Bearer {token}"})
            for _ in range(2):
                assert await login.refused("PUT", f"api/specs/{plan}/document", "{}") == (401, code)
            socket = await login.socket(plan)
            assert (await socket.expect("error"))["code"] == code
            own = await ada.joined(plan)
            await own.send("authenticate", token=token)
            assert (await own.expect("error"))["code"] == code
            await own.nothing_more()
            own.close()


async def test_a_token_for_one_spec_at_another(ada: Login, plan: str) -> None:
    other = await ada.new_spec("other")
    made = await ada.call("POST", f"api/specs/{other}/token")
    login = Login(ada.address, {"Authorization": f"Bearer {made['token']}"})
    async with unharmed(ada, plan):
        for method, path, body in [
            ("GET", "", None),
            ("DELETE", "", None),
            ("PUT", "/document", {"content": "x", "version": 1}),
            ("PUT", "/collaborators/user:eve", {"role": "owner"}),
            ("POST", "/token", {}),
            ("POST", "/session", {"specId": plan}),
        ]:
            assert await login.refused(method, f"api/specs/{plan}{path}", body) == (404, "SPEC_NOT_FOUND")
        socket = await login.socket(plan)
        assert await socket.closed() == 4404
        through = await login.joined(other)
        await through.send("join_session", specId=plan)
        assert (await through.expect("error"))["code"] == "INVALID_MESSAGE"
