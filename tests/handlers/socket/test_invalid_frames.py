"""Frames that are not events, too large, binary or not UTF-8."""

from __future__ import annotations

from tests.handlers.logins import Login, insert, text_of


async def test_a_malformed_frame_gets_an_error_and_leaves_the_socket_open(ada: Login) -> None:
    one = await ada.joined(await ada.new_spec("text"))
    for frame in [
        "",
        " ",
        "x",
        "{",
        "[]",
        "[{}]",
        "null",
        "5",
        '"ping"',
        "{}",
        '{"event":5}',
        '{"event":null,"data":{}}',
        '{"event":"shout","data":{}}',
        '{"event":"connect","data":{}}',
        '{"data":{}}',
        '{"event":"ping","data":[]}',
        '{"event":"ping","data":5}',
        '{"event":"ping","data":null}',
        '{"event":"operation"}',
        '{"event":"operation","data":null}',
        '{"event":"operation","data":[]}',
        '{"event":"ping"} {}',
        "[" * 30_000,
        "[" * 30_000 + "]" * 30_000,
        '{"event":"ping","data":' + '{"a":' * 9_000 + "1" + "}" * 9_000 + "}",
        '{"event":"\\ud800","data":{}}',
        '{"event":"cursor_update","data":{"cursor":{"line":1e999,"column":0}}}',
        '{"event":"request_sync","data":{"lastKnownVersion":' + "9" * 10_000 + "}}",
        '{"event":"cursor_update","data":{"cursor":NaN}}',
        "\ufeff{}",
        '{"event":"cursor_update","data":{}}',
        '{"event":"operation","data":{"operationId":"\\ud800","version":0,"operations":[]}}',
        '{"event":"request_sync","data":{}}',
        '{"event":"request_sync","data":{"lastKnownVersion":-1}}',
    ]:
        await one.raw(frame)
        error = await one.expect("error")
        assert error["code"] == "INVALID_MESSAGE", frame[:80]
        assert error["message"]
        assert error["requestId"]
        await one.commits(insert(0, "x"))


async def test_a_frame_beyond_the_limit_closes_with_1009(ada: Login) -> None:
    spec_id = await ada.new_spec("text")
    one = await ada.joined(spec_id)
    ping = '{"event":"ping","data":{}}'
    await one.raw(ping.ljust(65_536))
    await one.expect("pong")
    await one.raw(ping.ljust(65_537))
    assert await one.closed() == 1009
    assert await text_of(ada, spec_id) == "text"


async def test_a_binary_frame_or_invalid_utf8_harms_nobody(ada: Login, bob: Login) -> None:
    spec_id = await ada.new_spec("text")
    one, two = await ada.joined(spec_id), await bob.joined(spec_id)
    await one.raw(b'{"event":"ping","data":{}}', binary=True)
    assert await one.closed() in (1003, None)
    three = await ada.joined(spec_id)
    protocol = three.connection.protocol
    assert protocol is not None
    await protocol._write_frame(True, 0x1, b'{"event":"ping","data":{"x":"\xff\xfe"}}')
    assert await three.closed() in (1006, 1007, None)
    await two.nothing_more()
    await two.commits(insert(0, "x"), version=1)
