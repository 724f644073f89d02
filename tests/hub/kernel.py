"""Runs code in a kernel of a user's server on the hub."""

from __future__ import annotations

import asyncio
import json
from uuid import uuid4

import requests
from tornado.httpclient import HTTPRequest
from tornado.websocket import websocket_connect

from tests.hub.hub import Hub

PATIENCE = 60.0
"""Seconds after which the code has to be done."""


async def printed(hub: Hub, owner: str, token: str, code: str) -> str:
    """The output of ``code``, with errors, in a new kernel on the server of ``owner``, opened with ``token``."""
    headers = {"Authorization": f"token {token}"}
    server = f"{hub.url}user/{owner}/api/kernels"
    started = await asyncio.to_thread(requests.post, server, json={}, headers=headers, timeout=PATIENCE)
    assert started.status_code == 201, (started.status_code, started.text)
    url = f"{server.replace('http', 'ws', 1)}/{started.json()['id']}/channels"
    connection = await websocket_connect(HTTPRequest(url, headers=headers))
    message = {
        "header": {"msg_id": str(uuid4()), "msg_type": "execute_request", "session": "s", "version": "5.3"},
        "parent_header": {},
        "metadata": {},
        "content": {"code": code, "silent": False, "store_history": False, "allow_stdin": False},
        "channel": "shell",
    }
    output = ""
    async with asyncio.timeout(PATIENCE):
        await connection.write_message(json.dumps(message))
        while (frame := await connection.read_message()) is not None:
            answer = json.loads(frame)
            kind, content = answer["msg_type"], answer["content"]
            if answer["parent_header"].get("msg_id") != message["header"]["msg_id"]:  # type: ignore[index]
                continue
            if kind == "stream":
                output += content["text"]
            elif kind == "error":
                output += "\n".join(content["traceback"])
            elif kind == "status" and content["execution_state"] == "idle":
                break
    connection.close()
    return output
