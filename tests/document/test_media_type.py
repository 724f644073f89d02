"""Media types of pictures."""

from __future__ import annotations

import pytest

from jupyter_speccollab.document.media_type import EXTENSIONS, HEAD, media_type_of

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 8


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (PNG, "image/png"),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF", "image/jpeg"),
        (b"GIF89a\x01\x00", "image/gif"),
        (b"GIF87a\x01\x00", "image/gif"),
        (b"RIFF\x24\x00\x00\x00WEBPVP8 ", "image/webp"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "image/svg+xml"),
        (b"<svg>", "image/svg+xml"),
        (b"\xef\xbb\xbf <?xml version='1.0'?>\n<!-- a -- b --><svg:svg >", "image/svg+xml"),
        (b'<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "x" [<!ENTITY a "b">]><svg\n/>', "image/svg+xml"),
        ("<svg/>".encode("utf-16"), "image/svg+xml"),
        (b"", None),
        (b"\x89PNG", None),
        (b"RIFF\x24\x00\x00\x00WAVE", None),
        (b"<html><svg></svg></html>", None),
        (b"<!-- <svg> --><html>", None),
        (b"<svgx>", None),
        (b"%PDF-1.7", None),
        (b"BM\x00\x00", None),
        (b"<script>alert(1)</script>", None),
    ],
)
def test_bytes_are_what_they_are(content: bytes, expected: str | None) -> None:
    assert media_type_of(content) == expected
    assert media_type_of(bytearray(content)) == expected
    assert expected is None or expected in EXTENSIONS


@pytest.mark.parametrize("piece", [b" ", b"<!--", b"<!---->", b"<!DOCTYPE [", b"<?xml ", b"<", b"<!-- -"])
def test_a_long_beginning_that_is_nothing_takes_a_bounded_look(piece: bytes) -> None:
    """Each piece could make a careless pattern try again and again; the test would not end."""
    assert media_type_of(piece * (2 * HEAD // len(piece))) is None
