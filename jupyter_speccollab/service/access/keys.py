"""Keys: the secret and the public keys that sign and verify tokens."""

from __future__ import annotations

import json
import os
import secrets
import stat
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import jwt
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key

SECRET_BYTES: Final = 32
RSA_BITS: Final = 2048
WRITTEN: Final = 2.0
"""Seconds within which another process must write the secret into the file that it has created."""


class BadKey(Exception):
    """The configuration names an unusable key. The message says what to do and never holds the key."""


@dataclass(frozen=True, slots=True)
class PublicKey:
    """A key that verifies one kind of signature. ``key_id`` is empty if the file gives none."""

    algorithm: str
    key: Any
    key_id: str = ""


@dataclass(frozen=True, slots=True)
class Keys:
    """A secret for tokens of this server, and public keys for tokens of other issuers; either may be missing.

    Law: a signature is only verified by a key of its own kind, so that a public key can't serve as the secret of
    HS256 (``tests/service/access/test_tokens.py``).
    """

    secret: bytes | None = None
    public: Sequence[PublicKey] = ()

    def fitting(self, header: Mapping[str, Any]) -> Iterator[tuple[Any, str]]:
        """The keys, each with its algorithm, that may have signed a token with this header."""
        algorithm, key_id = header.get("alg"), header.get("kid")
        if algorithm == "HS256" and self.secret is not None:
            yield self.secret, "HS256"
        for public in self.public:
            if algorithm == public.algorithm and (not key_id or public.key_id in ("", key_id)):
                yield public.key, public.algorithm


def secret_of(text: str) -> bytes:
    """The secret in a setting or file. Raises `BadKey` for a short one."""
    secret = text.strip().encode()
    if len(secret) < SECRET_BYTES:
        raise BadKey(
            f"The secret that signs tokens has {len(secret)} bytes, and needs {SECRET_BYTES}: make one with "
            "python -c 'import secrets; print(secrets.token_hex(32))'."
        )
    return secret


def own_secret(path: Path) -> bytes:
    """The secret in the file at ``path``. A missing file is created, readable only for its owner.

    Raises `BadKey`; `OSError` if the file can't be created or read.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with suppress(FileExistsError):
        descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(secrets.token_hex(SECRET_BYTES) + "\n")
    if stat.S_IMODE(path.stat().st_mode) & 0o077:
        path.chmod(0o600)
    deadline = time.monotonic() + WRITTEN
    while not (text := path.read_text(encoding="utf-8")) and time.monotonic() < deadline:
        time.sleep(0.01)
    return secret_of(text)


def public_keys(path: Path) -> Sequence[PublicKey]:
    """The keys in a PEM file with one public key, or a JWKS file. Raises `BadKey`."""
    try:
        content = path.read_bytes()
        if b"-----BEGIN" in content:
            return [_public_key(load_pem_public_key(content))]
        jwks = jwt.PyJWKSet.from_dict(json.loads(content))
    except OSError as error:
        raise BadKey(f"The file of public keys {path} can't be read: {error.strerror}.") from None
    except (ValueError, TypeError, AttributeError, jwt.PyJWTError):
        raise BadKey(
            f"The file of public keys {path} holds neither a public key in PEM nor a JWKS."
        ) from None
    return [_public_key(jwk.key, jwk.key_id or "") for jwk in jwks.keys]


def _public_key(key: Any, key_id: str = "") -> PublicKey:
    match key:
        case RSAPublicKey() if key.key_size >= RSA_BITS:
            return PublicKey("RS256", key, key_id)
        case EllipticCurvePublicKey() if isinstance(key.curve, SECP256R1):
            return PublicKey("ES256", key, key_id)
        case Ed25519PublicKey():
            return PublicKey("EdDSA", key, key_id)
    raise BadKey(
        f"Tokens are verified by public keys for RS256 (of {RSA_BITS} bits or more), ES256 and EdDSA: this file "
        "of public keys holds another one."
    )
