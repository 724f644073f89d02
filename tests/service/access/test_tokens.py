"""Tokens: accepted signatures and claims, limited roles, and revocation."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives import hashes, hmac, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from jwt.utils import base64url_encode

from jupyter_speccollab.document.caller import Caller
from jupyter_speccollab.document.role import Role
from jupyter_speccollab.document.user import user_id_of
from jupyter_speccollab.errors import Forbidden, NotFound, TokenExpired, Unauthenticated
from jupyter_speccollab.service.access.keys import BadKey, Keys, own_secret, public_keys, secret_of
from jupyter_speccollab.service.access.roles import Access
from jupyter_speccollab.service.access.tokens import Tokens
from jupyter_speccollab.store.memory import MemoryStore
from tests.store.values import ADA, SPEC, a_snapshot, a_spec

SECRET = b"only for tests: thirty-two bytes"
RSA = rsa.generate_private_key(public_exponent=65537, key_size=2048)
EC = ec.generate_private_key(ec.SECP256R1())
ED = ed25519.Ed25519PrivateKey.generate()
PRIVATE = {"RS256": RSA, "ES256": EC, "EdDSA": ED}


def pem(key: Any) -> bytes:
    return bytes(
        key.public_key().public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        )
    )


def jwk(algorithm: str, key: Any, **more: str) -> dict[str, Any]:
    shown = jwt.get_algorithm_by_name(algorithm).to_jwk(key.public_key(), as_dict=True)
    return {**shown, "alg": algorithm, **more}


def claims(**changes: Any) -> dict[str, Any]:
    """Valid claims with changes; ``None`` leaves a claim out."""
    now = datetime.now(UTC)
    good = {
        "sub": "ada",
        "name": "Ada Lovelace",
        "iat": now,
        "exp": now + timedelta(minutes=5),
        "jti": "token-1",
        "iss": "test",
        "aud": "speccollab",
    }
    return {name: value for name, value in {**good, **changes}.items() if value is not None}


def signed(algorithm: str = "HS256", key: Any = SECRET, headers: Any = None, **changes: Any) -> str:
    return jwt.encode(claims(**changes), key, algorithm, headers)


async def tokens(keys: Keys = Keys(SECRET)) -> Tokens:  # noqa: B008
    store = MemoryStore()
    await store.save_user(ADA)
    await store.create_spec(a_spec(), None, a_snapshot())
    return Tokens(
        store, Access(store, Role.NONE), keys, "test", timedelta(minutes=15), lambda: datetime.now(UTC)
    )


async def test_a_token_made_here_is_accepted_here_for_its_spec() -> None:
    service = await tokens()
    ada = Caller(ADA, frozenset({"team"}))
    made = await service.mint(ada, SPEC)
    caller = await service.caller(made["token"])
    assert (caller.user.login, caller.user.name, caller.user.user_id) == (
        "ada",
        "Ada Lovelace",
        user_id_of("test", "ada"),
    )
    assert (caller.only, caller.limit, caller.groups) == (SPEC, Role.OWNER, {"team"})
    assert caller.token
    assert timedelta(minutes=14) < caller.token.expires_at - datetime.now(UTC) <= timedelta(minutes=15)
    with pytest.raises(Forbidden):
        await service.mint(Caller(ADA, token=caller.token), SPEC)
    viewer = await service.caller((await service.mint(Caller(ADA, most=Role.VIEWER), SPEC))["token"])
    assert viewer.limit is Role.VIEWER
    with pytest.raises(NotFound, match="token_secret"):
        await (await tokens(Keys())).mint(ada, SPEC)


async def test_required_claims() -> None:
    service = await tokens()
    caller = await service.caller(signed(name=None, jti=None, iat=None))
    assert (caller.user.name, caller.only, caller.limit) == ("ada", None, Role.OWNER)
    for role in ("viewer", "commenter", "contributor", "admin", "owner"):
        assert (await service.caller(signed(role=role, spec=SPEC.upper()))).limit is Role.named(role)
    for changes in (
        {"exp": None},
        {"exp": "soon"},
        {"exp": 1e40},
        {"exp": []},
        {"sub": None},
        {"sub": ""},
        {"sub": 7},
        {"sub": "a\nb"},
        {"sub": "x" * 201},
        {"aud": None},
        {"aud": "other"},
        {"aud": ["other"]},
        {"iss": None},
        {"iss": "else"},
        {"iat": "x"},
        {"iat": datetime.now(UTC) + timedelta(minutes=5)},
        {"nbf": datetime.now(UTC) + timedelta(minutes=5)},
        {"jti": 7},
        {"role": "none"},
        {"role": "root"},
        {"role": ["owner"]},
        {"spec": "x"},
        {"spec": 7},
        {"spec": ""},
        {"groups": "team"},
        {"groups": [1]},
        {"name": 7},
    ):
        with pytest.raises(Unauthenticated):
            await service.caller(signed(**changes))
    with pytest.raises(TokenExpired):
        await service.caller(signed(exp=datetime.now(UTC) - timedelta(seconds=1)))


@pytest.mark.parametrize("algorithm", PRIVATE)
async def test_public_keys_in_pem_and_in_a_jwks(tmp_path: Path, algorithm: str) -> None:
    file = tmp_path / "keys"
    file.write_bytes(pem(PRIVATE[algorithm]))
    service = await tokens(Keys(None, public_keys(file)))
    assert (await service.caller(signed(algorithm, PRIVATE[algorithm]))).user.login == "ada"
    keys = [jwk(name, key, kid=name) for name, key in PRIVATE.items()]
    file.write_text(json.dumps({"keys": keys}))
    service = await tokens(Keys(SECRET, public_keys(file)))
    for token in (
        signed(algorithm, PRIVATE[algorithm]),
        signed(algorithm, PRIVATE[algorithm], {"kid": algorithm}),
        signed(),
    ):
        assert (await service.caller(token)).user.login == "ada"
    with pytest.raises(Unauthenticated):
        await service.caller(signed(algorithm, PRIVATE[algorithm], {"kid": "another"}))


async def test_a_key_verifies_its_own_kind_of_signature_only(tmp_path: Path) -> None:
    """The text of a public key, as PEM or JWK, is not accepted as an HS256 secret."""
    file = tmp_path / "keys"
    file.write_bytes(pem(RSA))
    service = await tokens(Keys(None, public_keys(file)))
    other = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    forged = [signed("RS256", other), signed(key=SECRET), signed("RS384", RSA), signed("PS256", RSA)]
    for secret in (pem(RSA), pem(RSA).strip(), json.dumps(jwk("RS256", RSA)).encode()):
        forged.append(by_hand(secret, "HS256"))
    for token in forged:
        with pytest.raises(Unauthenticated):
            await service.caller(token)


def by_hand(secret: bytes, algorithm: str) -> str:
    """A token signed by HMAC with any bytes as the secret; PyJWT refuses some of them."""
    header = base64url_encode(json.dumps({"alg": algorithm, "typ": "JWT"}).encode())
    payload = {name: int(v.timestamp()) if isinstance(v, datetime) else v for name, v in claims().items()}
    body = header + b"." + base64url_encode(json.dumps(payload).encode())
    mac = hmac.HMAC(secret, hashes.SHA256())
    mac.update(body)
    return (body + b"." + base64url_encode(mac.finalize())).decode()


async def test_missing_and_foreign_signatures_are_refused() -> None:
    service = await tokens()
    assert (await service.caller(by_hand(SECRET, "HS256"))).user.login == "ada"
    good = signed()
    head, payload, signature = good.split(".")
    none = base64url_encode(b'{"alg":"none"}').decode()
    for token in (
        jwt.encode(claims(), None, "none"),
        f"{none}.{payload}.",
        f"{none}.{payload}.{signature}",
        f"{head}.{payload}.",
        f"{head}.{payload}",
        good[:-2],
        signed(key=b"another one of thirty-two bytes.."),
        signed("HS512", SECRET * 2),
        by_hand(SECRET, "hs256"),
        by_hand(SECRET, "None"),
        by_hand(b"", "HS256"),
        f"{head}.{signed(sub='eve').split('.')[1]}.{signature}",
        "",
        "...",
        "x",
    ):
        with pytest.raises(Unauthenticated):
            await service.caller(token)


async def test_tokens_are_revoked_by_id_or_all_of_a_user() -> None:
    service = await tokens()
    first, second, eve = signed(jti="1"), signed(jti="2"), signed(jti="3", sub="eve")
    await service.revoke(token_id="1")
    with pytest.raises(Unauthenticated):
        await service.caller(first)
    await service.caller(second)
    await service.revoke(login="ada")
    for token in (first, second, signed(jti=None), signed(iat=None)):
        with pytest.raises(Unauthenticated):
            await service.caller(token)
    await service.caller(eve)
    await service.caller(signed(iat=datetime.now(UTC) + timedelta(seconds=2)))


def test_a_short_secret_is_refused() -> None:
    for secret in ("", "x" * 31, " " + "x" * 31 + "\n"):
        with pytest.raises(BadKey, match="needs 32"):
            secret_of(secret)
    assert secret_of("x" * 32 + "\n") == b"x" * 32


def test_a_servers_own_secret_is_created_once_and_only_its_owner_can_read_it(tmp_path: Path) -> None:
    path = tmp_path / "new" / "token-secret"
    secret = own_secret(path)
    assert len(secret) >= 32
    assert path.stat().st_mode & 0o777 == 0o600
    path.chmod(0o644)
    assert own_secret(path) == secret
    assert path.stat().st_mode & 0o777 == 0o600
    assert own_secret(tmp_path / "other") != secret
    path.write_text("short")
    with pytest.raises(BadKey):
        own_secret(path)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{}",
        b"[]",
        b'{"keys": []}',
        b'{"keys": [{"kty": "oct", "k": "c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0"}]}',
        b"-----BEGIN PUBLIC KEY-----\nx\n-----END PUBLIC KEY-----\n",
        pem(rsa.generate_private_key(public_exponent=65537, key_size=1024)),
        pem(ec.generate_private_key(ec.SECP384R1())),
    ],
)
def test_a_file_without_good_public_keys_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "keys").write_bytes(content)
    with pytest.raises(BadKey, match="public key"):
        public_keys(tmp_path / "keys")
    with pytest.raises(BadKey, match="can't be read"):
        public_keys(tmp_path / "missing")
