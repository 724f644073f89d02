"""Pictures over REST: what is taken, under which headers it is handed out, and to whom."""

from __future__ import annotations

import asyncio
import json
from hashlib import sha256
from typing import Any

import pytest
from tornado.iostream import StreamClosedError
from tornado.tcpclient import TCPClient

from jupyter_speccollab.service.attachments.attachments import AT_ONCE
from tests.handlers.logins import Login, Logins, refusal

PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256))
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
CSP = "default-src 'none'; style-src 'unsafe-inline'; sandbox"


@pytest.fixture
def speccollab_config() -> dict[str, Any]:
    return {"attachment_bytes": 1_000_000, "attachments_bytes": 2_000_000, "default_role": "none"}


async def sent(login: Login, spec_id: str, content: bytes = PNG, media_type: str = "image/png") -> Any:
    response = await login.fetch(
        "POST", f"api/specs/{spec_id}/attachments", content, {"Content-Type": media_type}
    )
    return response.code, json.loads(response.body)


async def stored(login: Login, spec_id: str, content: bytes = PNG, media_type: str = "image/png") -> Any:
    code, envelope = await sent(login, spec_id, content, media_type)
    assert code == 201, envelope
    return envelope["data"]


async def refused(login: Login, spec_id: str, content: bytes = PNG, media_type: str = "image/png") -> Any:
    return refusal(
        await login.fetch("POST", f"api/specs/{spec_id}/attachments", content, {"Content-Type": media_type})
    )


@pytest.mark.parametrize(
    ("content", "media_type", "extension"),
    [
        (PNG, "image/png", "png"),
        (b"\xff\xd8\xff\xe0photo", "image/jpeg", "jpg"),
        (b"GIF89a...", "image/gif", "gif"),
        (b"RIFF\x24\x00\x00\x00WEBPVP8 ", "image/webp", "webp"),
        (SVG, "image/svg+xml", "svg"),
    ],
)
async def test_a_picture_comes_back_harmless(
    ada: Login, content: bytes, media_type: str, extension: str
) -> None:
    spec_id = await ada.new_spec()
    digest = sha256(content).hexdigest()
    assert await stored(ada, spec_id, content, media_type) == {
        "attachmentId": digest,
        "path": f"attachments/{digest}.{extension}",
        "size": len(content),
        "mediaType": media_type,
    }
    for name in (digest, f"{digest}.{extension}"):
        answer = await ada.fetch("GET", f"api/specs/{spec_id}/attachments/{name}")
        assert (answer.code, answer.body) == (200, content)
        assert answer.headers["Content-Type"] == media_type
        assert answer.headers["Content-Security-Policy"] == CSP
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Cache-Control"] == "private, max-age=31536000, immutable"


async def test_bytes_and_name_must_agree(ada: Login) -> None:
    spec_id = await ada.new_spec()
    for content, media_type in (
        (PNG, "image/jpeg"),
        (PNG, "image/svg+xml"),
        (SVG, "image/png"),
        (b"<html><svg/></html>", "image/svg+xml"),
        (b"", "image/png"),
        (PNG, "application/octet-stream"),
        (PNG, "text/html"),
        (PNG, ""),
        (b"BM", "image/bmp"),
    ):
        assert await refused(ada, spec_id, content, media_type) == (415, "UNSUPPORTED_MEDIA_TYPE"), media_type
    assert (await stored(ada, spec_id, SVG, "Image/SVG+XML; charset=utf-8"))["mediaType"] == "image/svg+xml"


async def test_a_picture_and_all_of_a_spec_have_a_largest_size(ada: Login) -> None:
    spec_id = await ada.new_spec()
    large = PNG.ljust(1_000_000, b"\0")
    code, envelope = await sent(ada, spec_id, large + b"\0")
    assert (code, envelope["code"]) == (413, "ATTACHMENT_TOO_LARGE")
    assert "PNG, JPEG, GIF, WebP or SVG" in envelope["error"]
    await stored(ada, spec_id, large)
    assert await refused(ada, spec_id, large[:-1] + b"1" + b"x") == (413, "ATTACHMENT_TOO_LARGE")
    await stored(ada, spec_id, large[:-1] + b"1")
    code, envelope = await sent(ada, spec_id)
    assert (code, envelope["code"]) == (413, "ATTACHMENTS_FULL")
    await stored(ada, await ada.new_spec())


async def test_who_sees_the_spec_sees_its_pictures_and_who_edits_it_adds_them(
    ada: Login, bob: Login, logins: Logins
) -> None:
    spec_id = await ada.new_spec()
    picture = f"api/specs/{spec_id}/attachments/{(await stored(ada, spec_id))['attachmentId']}"
    assert await bob.refused("GET", picture) == (404, "SPEC_NOT_FOUND")
    assert await refused(bob, spec_id) == (404, "SPEC_NOT_FOUND")
    await ada.call("PUT", f"api/specs/{spec_id}/collaborators/user:bob", {"role": "viewer"})
    assert (await bob.fetch("GET", picture)).body == PNG
    assert await refused(bob, spec_id, SVG, "image/svg+xml") == (403, "FORBIDDEN")
    await ada.call("PUT", f"api/specs/{spec_id}/collaborators/user:bob", {"role": "contributor"})
    await stored(bob, spec_id, SVG, "image/svg+xml")
    assert await logins.stranger().refused("GET", picture) == (401, "UNAUTHENTICATED")
    assert await refused(logins.stranger(), spec_id) == (401, "UNAUTHENTICATED")


async def test_a_token_of_another_spec_gets_no_picture(ada: Login, logins: Logins) -> None:
    spec_id, other = await ada.new_spec(), await ada.new_spec()
    picture = f"attachments/{(await stored(ada, spec_id))['attachmentId']}"
    made = (await ada.call("POST", f"api/specs/{other}/token"))["token"]
    script = Login(ada.address, {"Authorization": f"Bearer {made}"})
    assert await script.refused("GET", f"api/specs/{spec_id}/{picture}") == (404, "SPEC_NOT_FOUND")
    assert await refused(script, spec_id) == (404, "SPEC_NOT_FOUND")
    assert await script.refused("GET", f"api/specs/{other}/{picture}") == (404, "ATTACHMENT_NOT_FOUND")
    await stored(script, other)


async def test_what_is_not_a_picture_of_the_spec_is_not_found(ada: Login) -> None:
    spec_id = await ada.new_spec()
    digest = (await stored(ada, spec_id))["attachmentId"]
    for name in (
        f"{digest}.gif",
        f"{digest}.",
        digest[:-1],
        digest.upper(),
        "0" * 64,
        "x" * 64,
        "..%2f",
        "%00",
    ):
        code = await ada.refused("GET", f"api/specs/{spec_id}/attachments/{name}")
        assert code == (404, "ATTACHMENT_NOT_FOUND"), name
    assert await ada.refused("GET", f"api/specs/{spec_id}/attachments") == (404, "NOT_FOUND")


async def test_pictures_of_a_spec_in_the_trash_are_gone_until_it_is_back(ada: Login) -> None:
    spec_id = await ada.new_spec()
    picture = f"api/specs/{spec_id}/attachments/{(await stored(ada, spec_id))['attachmentId']}"
    await ada.call("DELETE", f"api/specs/{spec_id}")
    assert await ada.refused("GET", picture) == (404, "SPEC_NOT_FOUND")
    assert await refused(ada, spec_id) == (404, "SPEC_NOT_FOUND")
    await ada.call("POST", f"api/specs/{spec_id}/undelete")
    assert (await ada.fetch("GET", picture)).body == PNG


class TestWrites:
    @pytest.fixture
    def speccollab_config(self) -> dict[str, Any]:
        return {"writes_per_minute": 3, "bytes_per_user": 3_000}

    async def test_pictures_count_as_writes_and_repeats_do_not(self, ada: Login) -> None:
        spec_id = await ada.new_spec()
        await stored(ada, spec_id)
        for _ in range(5):
            await stored(ada, spec_id)
        await stored(ada, spec_id, PNG + b"2")
        assert await refused(ada, spec_id, PNG + b"3") == (429, "RATE_LIMITED")

    async def test_pictures_count_for_the_quota(self, ada: Login) -> None:
        spec_id = await ada.new_spec()
        assert await refused(ada, spec_id, PNG.ljust(2_950)) == (429, "QUOTA_EXCEEDED")
        await stored(ada, spec_id)


async def test_one_user_s_slow_pictures_take_two_turns_and_nobody_else_s(ada: Login, bob: Login) -> None:
    """What a user sends is in memory only in their turn; a connection that ends gives its turn back."""
    spec_id = await ada.new_spec()
    await ada.call("PUT", f"api/specs/{spec_id}/collaborators/user:bob", {"role": "contributor"})
    host, _, path = ada.address.partition("/")
    name, port = host.split(":")
    slow = []
    for _ in range(AT_ONCE):
        stream = await TCPClient().connect(name, int(port))
        head = [f"POST /{path}api/specs/{spec_id}/attachments HTTP/1.1", f"Host: {host}"]
        head += [f"{key}: {value}" for key, value in ada.headers.items()]
        head += ["Content-Type: image/png", "Content-Length: 1000", "", ""]
        await stream.write("\r\n".join(head).encode() + PNG)
        slow.append(stream)
    await stored(bob, spec_id)
    waiting = asyncio.ensure_future(stored(ada, spec_id, PNG + b"2"))
    done, _ = await asyncio.wait([waiting], timeout=0.3)
    assert not done
    slow[0].close()
    await waiting
    slow[1].close()
    with pytest.raises(StreamClosedError):
        await slow[1].read_until(b"\r\n")


async def test_a_client_that_stores_pictures_is_told_how_large_they_may_be(ada: Login) -> None:
    spec_id = await ada.new_spec()
    plain = (await ada.joined(spec_id)).welcome["limits"]
    told = (await ada.joined(spec_id, features=["attachments"])).welcome["limits"]
    assert "attachmentBytes" not in plain
    assert told == {**plain, "attachmentBytes": told["attachmentBytes"]}
    assert told["attachmentBytes"] > 0
