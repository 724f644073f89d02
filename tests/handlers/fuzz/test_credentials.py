"""Random tokens and ``Authorization`` headers: none is accepted."""

from __future__ import annotations

import asyncio
import base64
import hmac
import json
from collections.abc import Callable
from typing import Any

import jwt
from hypothesis import given as hypothesis_given
from hypothesis import settings
from hypothesis import strategies as st

from tests.handlers.auth.test_tokens import SECRET
from tests.handlers.fuzz.values import anything, bent, many, numbers, words
from tests.handlers.logins import Login

GOOD = jwt.encode(
    {"sub": "ada", "iss": "jupyter", "aud": "speccollab", "exp": 4_000_000_000}, "x" * 32, "HS256"
)


def jwt_part(value: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode("utf-8", "surrogatepass")).rstrip(b"=").decode()


surrogates = st.sampled_from(["\ud800", "a\udfff"])


claims = st.fixed_dictionaries(
    {"sub": words | surrogates, "iss": st.just("jupyter"), "aud": st.just("speccollab"), "exp": numbers},
    optional=dict.fromkeys(("iat", "nbf", "jti", "spec", "role", "groups", "name"), anything | surrogates),
)


headers = st.fixed_dictionaries(
    {"alg": st.sampled_from(["HS256", "none", "RS256", "ES256", "EdDSA", "HS512", "", None, 7])},
    optional=dict.fromkeys(("typ", "kid", "jwk", "jku", "crit", "b64"), anything),
)


tokens = st.one_of(
    st.tuples(headers, claims).map(lambda parts: f"{jwt_part(parts[0])}.{jwt_part(parts[1])}.AAAA"),
    bent(claims).map(lambda value: f"{GOOD.split('.')[0]}.{jwt_part(value)}.{GOOD.split('.')[2]}"),
    st.tuples(st.integers(0, len(GOOD)), st.integers(0, 9)).map(
        lambda cut: GOOD[: cut[0]] + GOOD[sum(cut) :]
    ),
    st.text("abcXYZ019._-=~ +/", max_size=40),
)


def test_credentials_however_malformed_let_nobody_in(
    ada: Login, jp_asyncio_loop: asyncio.AbstractEventLoop
) -> None:
    run: Callable[[Any], Any] = jp_asyncio_loop.run_until_complete
    spec_id = run(ada.new_spec("# Title\n"))
    path = f"api/specs/{spec_id}"

    async def knock(token: str, scheme: str) -> None:
        header = {"Authorization": f"{scheme} {token}".strip()}
        bare = Login(ada.address, {})
        answers = [await bare.fetch("GET", path, headers=header), await bare.fetch("GET", path, token=token)]
        if token.strip() and scheme.lower() in ("bearer", "token"):
            answers.append(await ada.fetch("GET", path, headers=header))
        for answer in answers:
            assert answer.code == 401, (token, scheme, answer.code, answer.body)
        socket = await bare.socket(spec_id, header)
        assert (await socket.expect("error"))["code"] in ("UNAUTHENTICATED", "TOKEN_EXPIRED")
        assert await socket.closed() == 4401

    @settings(many, max_examples=150)
    @hypothesis_given(tokens, st.sampled_from(["Bearer", "bearer", "token", "TOKEN", "Basic", ""]))
    def storm(token: str, scheme: str) -> None:
        run(knock(token, scheme))

    storm()


def test_signed_claims_of_any_kind_let_in_or_not_and_never_fail(
    ada: Login, jp_asyncio_loop: asyncio.AbstractEventLoop
) -> None:
    """The issuer of a token may be careless: its signature is valid, and its claims are anything."""
    run: Callable[[Any], Any] = jp_asyncio_loop.run_until_complete
    spec_id = run(ada.new_spec("# Title\n"))

    async def knock(token: str) -> None:
        login = Login(ada.address, {"Authorization": f"Bearer {token}"})
        for path in (f"api/specs/{spec_id}", "api/specs"):
            answer = await login.fetch("GET", path)
            assert answer.code in (200, 401, 404), (token, answer.code, answer.body)

    @settings(many, max_examples=100)
    @hypothesis_given(bent(claims))
    def storm(payload: Any) -> None:
        head, body = jwt_part({"alg": "HS256", "typ": "JWT"}), jwt_part(payload)
        signature = hmac.digest(SECRET.encode(), f"{head}.{body}".encode(), "sha256")
        run(knock(f"{head}.{body}.{base64.urlsafe_b64encode(signature).rstrip(b'=').decode()}"))

    storm()
