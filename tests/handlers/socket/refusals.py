"""Sends operations that the server has to refuse."""

from __future__ import annotations

from typing import Any

from tests.handlers.logins import Socket


async def refused(socket: Socket, *components: Any, **data: Any) -> dict[str, Any]:
    """Send an operation that has to be refused with its id. Returns the acknowledgement."""
    operation_id = await socket.edit(*components, **data)
    ack = await socket.expect("operation_ack")
    assert ack["operationId"] == operation_id
    assert ack["success"] is False
    assert ack["message"]
    assert isinstance(ack["currentVersion"], int)
    assert "version" not in ack or ack["code"] == "OPERATION_ID_REUSED"
    return ack


async def refused_frame(socket: Socket, data: str, operation_id: str) -> str:
    """Send ``data``, a JSON text, as an operation that has to be refused. Returns the code."""
    await socket.raw(f'{{"event":"operation","data":{data}}}')
    ack = await socket.expect("operation_ack")
    assert ack["operationId"] == operation_id
    assert ack["success"] is False
    return str(ack["code"])


async def is_reused(socket: Socket, first: dict[str, Any], *components: Any, **data: Any) -> None:
    """Send an operation with the id of ``first``; it has to be refused with the version of ``first``."""
    await socket.edit(*components, operationId=first["operationId"], **data)
    ack = await socket.answer()
    assert ack["operationId"] == first["operationId"]
    assert (ack["success"], ack["code"]) == (False, "OPERATION_ID_REUSED")
    assert ack["version"] == first["version"]
