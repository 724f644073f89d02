"""Tokens: JSON Web Tokens that identify a user without Jupyter's login."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from uuid import uuid4

import jwt

from jupyter_speccollab.document.caller import Caller, Token
from jupyter_speccollab.document.instant import iso
from jupyter_speccollab.document.name import cleaned_name
from jupyter_speccollab.document.role import Role
from jupyter_speccollab.document.user import User, is_login, user_id_of
from jupyter_speccollab.errors import Forbidden, NotFound, TokenExpired, Unauthenticated
from jupyter_speccollab.protocol.codec import canonical_uuid
from jupyter_speccollab.service.access.keys import Keys
from jupyter_speccollab.service.access.roles import Access
from jupyter_speccollab.store.base import Store

AUDIENCE: Final = "speccollab"
SKEW: Final = timedelta(seconds=60)
"""How far ahead the clock of an issuer of tokens may be."""

NAME_LENGTH: Final = 100
EPOCH: Final = datetime.fromtimestamp(0, UTC)
REFUSED: Final = "This token is not valid here. Log in to Jupyter, or get another one."
REVOKED: Final = "This token was revoked. Log in to Jupyter, or get another one."
OUTLIVES_LOGIN: Final = (
    "This token is valid until it expires, also after you log out. DELETE to this address ends your tokens for "
    "this spec at once."
)

_ROLES: Final = [role.label for role in Role if role is not Role.NONE]

GroupsOf = Callable[[str], Awaitable[frozenset[str]]]
"""Returns the groups of a login. Raises `Unauthenticated` for an unknown login, `StoreUnavailable`."""


class Tokens:
    """Makes, verifies and revokes tokens.

    ``issuer`` is the issuer of the logins in tokens; ``lifetime`` is that of a token made here. If ``groups`` is
    given, its answer takes the place of the groups in a token.
    """

    def __init__(
        self,
        store: Store,
        access: Access,
        keys: Keys,
        issuer: str,
        lifetime: timedelta,
        clock: Callable[[], datetime],
        groups: GroupsOf | None = None,
    ) -> None:
        self._store = store
        self._access = access
        self._keys = keys
        self._issuer = issuer
        self._lifetime = lifetime
        self._clock = clock
        self._groups = groups

    async def mint(self, caller: Caller, spec_id: str) -> dict[str, Any]:
        """A token for this spec, with which its user can do no more than without it.

        Raises `Forbidden` for a caller who uses a token, `NotFound` if there is no secret, `SpecNotFound`.
        """
        await self._access.require(caller, spec_id, Role.VIEWER)
        if caller.token is not None:
            raise Forbidden("A token makes no further token. Log in to Jupyter for one.")
        if self._keys.secret is None:
            raise NotFound("This server makes no tokens: its admin has set no token_secret.")
        now = self._clock()
        expires = now + self._lifetime
        claims: dict[str, Any] = {
            "sub": caller.user.login,
            "name": caller.user.name,
            "iss": self._issuer,
            "aud": AUDIENCE,
            "iat": now.timestamp(),
            "exp": expires.timestamp(),
            "jti": str(uuid4()),
            "spec": spec_id,
        }
        if caller.limit is not Role.OWNER:
            claims["role"] = caller.limit.label
        if caller.groups:
            claims["groups"] = sorted(caller.groups)
        token = jwt.encode(claims, self._keys.secret, "HS256")
        self._access.audit.record(
            "token-minted",
            caller,
            spec_id,
            tokenId=claims["jti"],
            expiresAt=iso(expires),
            role=caller.limit.label,
        )
        return {"token": token, "expiresAt": iso(expires), "note": OUTLIVES_LOGIN}

    async def end(self, caller: Caller, spec_id: str) -> None:
        """Revoke the tokens for this spec that the caller has now; a caller who uses a token revokes that one.

        Raises `NotFound` for a token without an id, and `SpecNotFound`.
        """
        await self._access.require(caller, spec_id, Role.VIEWER)
        if caller.token is None:
            await self._store.revoke(_of_spec(caller.user.user_id, spec_id), self._clock())
        elif caller.token.token_id:
            await self.revoke(token_id=caller.token.token_id)
        else:
            raise NotFound("This token has no id (jti), so it can't be revoked. It ends when it expires.")

    async def caller(self, token: str) -> Caller:
        """The caller that a token identifies. Raises `Unauthenticated`, `TokenExpired`."""
        caller = self._caller(self._verified(token))
        if caller in await self.revoked([caller]):
            raise Unauthenticated(REVOKED)
        return await self.again(caller)

    async def again(self, caller: Caller) -> Caller:
        """The same caller with their present groups. Raises `Unauthenticated`, `StoreUnavailable`."""
        if self._groups is None:
            return caller
        groups = await self._groups(caller.user.login)
        return replace(caller, groups=frozenset(filter(str.isprintable, groups)))

    async def revoked(self, callers: Collection[Caller]) -> list[Caller]:
        """Those whose token was revoked, by its id or with all tokens of its user."""
        found = await self._store.revoked({name for caller in callers for name in _subjects(caller)})
        return [caller for caller in callers if _is_revoked(caller, found)]

    async def revoke(self, *, token_id: str | None = None, login: str | None = None) -> None:
        """Revoke a token, or all tokens that a user has now, on every server within seconds."""
        now = self._clock()
        if token_id is not None:
            await self._store.revoke(_of_token(token_id), now)
        if login is not None:
            await self._store.revoke(_of_user(user_id_of(self._issuer, login)), now)

    def _verified(self, token: str) -> Mapping[str, Any]:
        """The claims of a token that is signed by one of the keys, for this audience, and not expired."""
        try:
            header = jwt.get_unverified_header(token)
            for key, algorithm in self._keys.fitting(header):
                try:
                    return jwt.decode(
                        token,
                        key,
                        algorithms=[algorithm],
                        audience=AUDIENCE,
                        issuer=self._issuer,
                        options={"require": ["exp", "sub", "iss", "aud"], "verify_iat": False},
                    )
                except jwt.InvalidSignatureError:
                    continue
        except jwt.ExpiredSignatureError:
            raise TokenExpired("This token has expired. Get a fresh one.") from None
        except (jwt.PyJWTError, ValueError, TypeError, OverflowError, RecursionError):
            pass
        raise Unauthenticated(REFUSED)

    def _caller(self, claims: Mapping[str, Any]) -> Caller:
        """The caller that verified claims name. Raises `Unauthenticated`.

        The signature says who wrote the claims, not that they are well formed. Law: no string of a token gets past
        this method that could not be stored or shown
        (``tests/handlers/attacks/test_token_strings.py``: ``test_strings_that_nobody_can_store``).
        """
        login, name = claims["sub"], claims.get("name") or claims["sub"]
        groups, spec, role = claims.get("groups", []), claims.get("spec"), claims.get("role", "owner")
        issued, spec_id, token_id = claims.get("iat", 0), canonical_uuid(spec), claims.get("jti", "")
        if not (
            isinstance(login, str)
            and is_login(login)
            and isinstance(name, str)
            and _is_storable(name)
            and isinstance(groups, list)
            and all(isinstance(group, str) and group.isprintable() for group in groups)
            and isinstance(token_id, str)
            and token_id.isprintable()
            and isinstance(issued, int | float)
            and role in _ROLES
            and (spec is None or spec_id is not None)
        ):
            raise Unauthenticated(REFUSED)
        token = Token(token_id, _time(issued), _time(claims["exp"]), spec_id, Role.named(role))
        if token.issued_at > self._clock() + SKEW:
            raise Unauthenticated(REFUSED)
        shown = cleaned_name(name, NAME_LENGTH) or login[:NAME_LENGTH]
        user = User(user_id_of(self._issuer, login), login, shown, issuer=self._issuer)
        return Caller(user, frozenset(groups), token=token)


def _is_storable(text: str) -> bool:
    """Whether ``text`` has no NUL and no lone surrogate, which no database and no UTF-8 can hold."""
    try:
        return b"\0" not in text.encode()
    except UnicodeEncodeError:
        return False


def _time(seconds: float) -> datetime:
    try:
        return datetime.fromtimestamp(float(seconds), UTC)
    except (ValueError, OverflowError, OSError):
        raise Unauthenticated(REFUSED) from None


def _of_token(token_id: str) -> str:
    return f"jti:{token_id}"


def _of_user(user_id: str) -> str:
    return f"user:{user_id}"


def _of_spec(user_id: str, spec_id: str) -> str:
    return f"{_of_user(user_id)}:spec:{spec_id}"


def _subjects(caller: Caller) -> list[str]:
    """All that the token of a caller may be revoked by: its user, its user in its spec, its id."""
    user_id, token = caller.user.user_id, caller.token
    found = [_of_user(user_id)]
    if token is not None and token.spec_id is not None:
        found.append(_of_spec(user_id, token.spec_id))
    if token is not None and token.token_id:
        found.append(_of_token(token.token_id))
    return found


def _is_revoked(caller: Caller, revoked: Mapping[str, datetime]) -> bool:
    if caller.token is None:
        return False
    if caller.token.token_id and _of_token(caller.token.token_id) in revoked:
        return True
    return any(
        caller.token.issued_at <= since for name, since in revoked.items() if name in _subjects(caller)
    )
