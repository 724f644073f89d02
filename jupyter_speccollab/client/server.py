"""A server: where it is, who asks, and its REST calls."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import quote, urlencode, urlsplit

import msgspec
from tornado.httpclient import AsyncHTTPClient, HTTPClientError, HTTPRequest

from jupyter_speccollab.client.sync.refusal import error_of
from jupyter_speccollab.errors import NotFound, SpecCollabError, StoreUnavailable, Unauthenticated

MESSAGE_BYTES: Final = 32 * 1024 * 1024
"""How large an answer or a frame may be: a whole document, with its JSON."""

REQUEST_SECONDS: Final = 60.0


class Server:
    """A Jupyter server with this extension, or the hub's service, as one user sees it.

    ``url`` may hold ``?token=``, as Jupyter prints it, and a trailing ``lab``. ``cookies`` are those of a login.
    """

    def __init__(
        self,
        url: str,
        token: str | None = None,
        headers: Mapping[str, str] | None = None,
        cookies: Mapping[str, str] | None = None,
    ) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.netloc:
            raise ValueError(
                f"The address of a server begins with http:// or https://, this one doesn't: {url!r}"
            )
        path = parts.path.removesuffix("/").removesuffix("/lab").removesuffix("/tree")
        self.url = f"{parts.scheme}://{parts.netloc}{path}/"
        self._headers = dict(headers or {})
        if cookies:
            self._headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in cookies.items())
            if "_xsrf" in cookies:
                self._headers["X-XSRFToken"] = cookies["_xsrf"]
        token = token or _token_in(parts.query)
        if token:
            self.authenticate(token)

    def authenticate(self, token: str) -> None:
        """Use this token from now on."""
        self._headers["Authorization"] = f"token {token}"

    def socket_request(self, spec_id: str) -> HTTPRequest:
        """What opens the WebSocket of a spec."""
        # The hub's login takes a token on a WebSocket only with what browsers send beside it.
        headers = {**self._headers, "Sec-Fetch-Mode": "websocket"}
        return HTTPRequest(
            f"ws{self.url.removeprefix('http')}ws/specs/{quote(spec_id, safe='')}",
            headers=headers,
            connect_timeout=REQUEST_SECONDS,
            request_timeout=REQUEST_SECONDS,
        )

    async def call(self, method: str, path: str, body: object = None, **query: Any) -> Any:
        """The ``data`` of the answer to ``api/specs`` + ``path``.

        Raises the server's refusal as a `SpecCollabError`, and `OSError` where the server can't be reached.
        """
        url = f"{self.url}api/specs{path}" + (f"?{urlencode(query)}" if query else "")
        content = b"" if method in ("POST", "PUT", "PATCH") else None
        request = HTTPRequest(
            url,
            method=method,
            headers=self._headers,
            body=content if body is None else msgspec.json.encode(body),
            follow_redirects=False,
            request_timeout=REQUEST_SECONDS,
        )
        client = AsyncHTTPClient(force_instance=True, max_body_size=MESSAGE_BYTES)
        try:
            response = await client.fetch(request, raise_error=False)
        except (
            HTTPClientError
        ) as error:  # only those that are no answer: the connection broke, or took too long
            raise ConnectionError(f"The server at {self.url} can't be reached: {error.message}") from None
        finally:
            client.close()
        return _data_of(response.code, response.body, self.url)


def handshake_error(status: int, url: str) -> SpecCollabError:
    """What an HTTP status means to a client that expected something of ours."""
    if status >= 500:
        return StoreUnavailable(f"The server at {url} answers with HTTP {status}: try again later.")
    if status in (301, 302, 303, 307, 308, 401, 403):
        return Unauthenticated(f"The server at {url} wants a login: pass a valid token.")
    return NotFound(
        f"There is no jupyter_speccollab at {url} (HTTP {status}): is the address right, and the extension on?"
    )


def _data_of(status: int, content: bytes, url: str) -> Any:
    try:
        envelope = msgspec.json.decode(content)
        if envelope["success"]:
            return envelope["data"]
        details = {name: value for name, value in envelope["details"].items() if name != "message"}
        refusal = error_of(envelope["code"], envelope["error"], **details)
    except (msgspec.DecodeError, KeyError, TypeError):
        raise handshake_error(status, url) from None
    raise refusal


def _token_in(query: str) -> str | None:
    for pair in query.split("&"):
        name, _, value = pair.partition("=")
        if name == "token":
            return value
    return None
