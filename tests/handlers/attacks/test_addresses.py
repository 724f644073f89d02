"""Addresses and ids that contain paths, SQL, or bytes that are not text."""

from __future__ import annotations

import pytest
from tornado.httpclient import HTTPClientError
from tornado.websocket import websocket_connect

from tests.handlers.attacks.plan import unharmed
from tests.handlers.logins import Login

TRICKS = [
    "' OR '1'='1",
    "1; DROP TABLE specifications;--",
    "..",
    "%2e%2e",
    "../../../etc/passwd",
    "..%2f..%2fetc%2fpasswd",
    "%00",
    "%0d%0aX-Injected: 1",
    "{plan}%00",
    "{plan}'",
    "{plan} ",
    "{plan}/../{plan}",
    "{plan}%2f..",
    "{{{plan}}}",
    "urn:uuid:{plan}",
    "%",
    "*",
    "_" * 36,
    "x" * 3000,
    "😀",
]


async def test_an_address_that_is_no_text(bob: Login, caplog: pytest.LogCaptureFixture) -> None:
    for path in ("api/specs/%ff", "api/specs/%ff/document", "api/specs?q=%ff", "api/specs?token=%ff"):
        for method in ("GET", "POST"):
            answer = await bob.refused(method, path, None if method == "GET" else "{}")
            assert answer[0] in (400, 404, 405), (method, path)
    for path in ("ws/specs/%ff", "ws/specs/x?token=%ff"):
        with pytest.raises(HTTPClientError) as refused:
            await websocket_connect(f"ws://{bob.address}{path}")
        assert refused.value.code == 400
        assert (await bob.fetch("POST", path, "{}")).code in (400, 403, 405)
    assert not [record for record in caplog.records if record.levelname == "ERROR"]


async def test_paths_and_sql_in_ids(ada: Login, bob: Login, plan: str) -> None:
    async with unharmed(ada, plan):
        for trick in TRICKS:
            name = (
                trick.format(plan=plan).replace(" ", "%20").replace(";", "%3B").replace("😀", "%F0%9F%98%80")
            )
            for path in (
                f"api/specs/{name}/document",
                f"api/specs/{plan}/revisions/{name}",
                f"api/specs/{plan}/session/{name}/events",
                f"api/specs/{plan}/threads/{name}",
                f"api/specs/{name}/threads",
            ):
                answer = await bob.fetch("GET", path)
                assert answer.code in (400, 404, 409), (path, answer.code)
                assert "X-Injected" not in answer.headers
            if "/" not in name and "%2" not in name:
                taken = await ada.fetch("DELETE", f"api/specs/{plan}/collaborators/{name}")
                assert taken.code in (400, 404), (trick, taken.code)
            assert (await bob.call("GET", "api/specs", q=trick, limit=1))["specs"] == []
            assert (await ada.refused("POST", "api/specs", {"title": "x", "specId": trick}))[0] in (400, 404)
        for cursor in ("' OR 1=1", "MjAyNi0xMS0yMyAn", "AAAA"):
            assert await bob.refused("GET", "api/specs", cursor=cursor) == (400, "INVALID_MESSAGE")
