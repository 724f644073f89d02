"""Credentials: checked before a request is made of them, with errors that never contain them."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping
from typing import Final
from urllib.parse import SplitResult, unquote, urlsplit

NOT_AN_ADDRESS: Final = (
    "This is not the address of a server. It begins with http:// or https://, as in http://localhost:8888/. In a "
    "user's name and password write %2F for /, %23 for #, %3F for ? and %40 for @."
)


def token_of(text: str) -> str:
    """The token in ``text``, without space around it: a token that was read from a file ends in a newline.

    Raises `ValueError` if no header can hold it.
    """
    token = text.strip()
    if not token or not _fits_header(token):
        raise ValueError(
            "The token is empty, or contains a line break or another character that no token has. Copy it again."
        )
    return token


def headers_of(headers: Mapping[str, str], cookies: Mapping[str, str]) -> dict[str, str]:
    """The headers of a request with these headers and cookies. Raises `ValueError`, which names the wrong one."""
    for kind, values in (("header", headers), ("cookie", cookies)):
        for name, value in values.items():
            if not _fits_header(name):
                raise ValueError(f"The name of a {kind} contains a character that it can't contain.")
            if not _fits_header(value) or (kind == "cookie" and ";" in value):
                raise ValueError(
                    f"The value of the {kind} {name!r} contains a line break or another character that it can't "
                    "contain."
                )
    result = dict(headers)
    if cookies:
        result["Cookie"] = "; ".join(f"{name}={value}" for name, value in cookies.items())
        if "_xsrf" in cookies:
            result["X-XSRFToken"] = cookies["_xsrf"]
    return result


def address_of(url: str) -> tuple[str, dict[str, str]]:
    """The address without the query and credentials in ``url``, and the headers that these become.

    Raises `ValueError`.
    """
    parts = _split(url)
    if parts is None or parts.scheme not in ("http", "https") or not parts.hostname or "@" in parts.path:
        raise ValueError(NOT_AN_ADDRESS)
    path = parts.path.removesuffix("/").removesuffix("/lab").removesuffix("/tree")
    place = parts.netloc.rpartition("@")[2]
    headers: dict[str, str] = {}
    if parts.username is not None:
        login = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
        headers["Authorization"] = f"Basic {b64encode(login.encode()).decode()}"
    if token := _token_in(parts.query):
        headers["Authorization"] = f"token {token_of(token)}"
    return f"{parts.scheme}://{place}{path}/", headers


def _split(url: str) -> SplitResult | None:
    """The parts of an address; ``None`` if it is none. The errors of `urlsplit` quote parts of it."""
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        return None
    return parts


def _token_in(query: str) -> str | None:
    for pair in query.split("&"):
        name, _, value = pair.partition("=")
        if name == "token":
            return unquote(value)
    return None


def _fits_header(text: str) -> bool:
    return text.isprintable() and all(ord(character) < 256 for character in text)
