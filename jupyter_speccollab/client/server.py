"""A server: its address, the user's credentials, and its REST calls."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import quote, urlencode

import msgspec
from tornado.httpclient import AsyncHTTPClient, HTTPClientError, HTTPRequest

from jupyter_speccollab.client.credentials import address_of, headers_of, token_of
from jupyter_speccollab.client.sync.refusal import error_of
from jupyter_speccollab.errors import NotFound, SpecCollabError, StoreUnavailable, Unauthenticated

MESSAGE_BYTES: Final = 32 * 1024 * 1024
"""The largest size of an answer or a frame, in bytes. A whole document fits."""

REQUEST_SECONDS: Final = 60.0


class Server:
    """A Jupyter server with this extension, or the hub's service, used by one user.

    ``url`` may contain ``?token=``, as Jupyter prints it, and end in ``lab``. ``cookies`` are those of a login. No
    error contains any of the credentials; `url` is without them.
    """

    def __init__(
        self,
        url: str,
        token: str | None = None,
        headers: Mapping[str, str] | None = None,
        cookies: Mapping[str, str] | None = None,
    ) -> None:
        self.url, credentials = address_of(url)
        self._headers = {**headers_of(headers or {}, cookies or {}), **credentials}
        if token:
            self.authenticate(token)

    def authenticate(self, token: str) -> None:
        """Use this token from now on. Raises `ValueError` if it can't be one."""
        self._headers["Authorization"] = f"token {token_of(token)}"

    def socket_request(self, spec_id: str) -> HTTPRequest:
        """The request that opens the WebSocket of a spec."""
        # The hub accepts a token on a WebSocket only together with this header, which browsers send.
        headers = {**self._headers, "Sec-Fetch-Mode": "websocket"}
        return HTTPRequest(
            f"ws{self.url.removeprefix('http')}ws/specs/{quote(spec_id, safe='')}",
            headers=headers,
            connect_timeout=REQUEST_SECONDS,
            request_timeout=REQUEST_SECONDS,
        )

    async def call(self, method: str, path: str, body: object = None, **query: Any) -> Any:
        """Call ``api/specs`` + ``path``; returns the ``data`` of the answer.

        Raises the server's refusal as a `SpecCollabError`, and `OSError` if the server can't be reached.
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
        except HTTPClientError as error:  # there was no answer: the connection broke, or took too long
            raise ConnectionError(f"The server at {self.url} can't be reached: {error.message}") from None
        finally:
            client.close()
        return _data_of(response.code, response.body, self.url)


def handshake_error(status: int, url: str) -> SpecCollabError:
    """The exception for an answer that does not come from this extension."""
    if status >= 500:
        return StoreUnavailable(f"The server at {url} answers with HTTP {status}. Try again later.")
    if status in (301, 302, 303, 307, 308, 401, 403):
        return Unauthenticated(f"The server at {url} requires a login. Pass a valid token.")
    return NotFound(
        f"There is no jupyter_speccollab at {url} (HTTP {status}). Is the address right, and the extension enabled?"
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
