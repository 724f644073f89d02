"""A user's own server on the hub: it reaches the service, and has none of the service's credentials."""

from __future__ import annotations

from pathlib import Path

import pytest

from jupyter_speccollab.client import SpecClient
from tests.handlers.logins import Login
from tests.hub.hub import Hub, Visitor


@pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="needs /proc")
async def test_what_a_server_of_ones_own_has_is_the_way_and_no_credentials(
    hub: Hub, credentials: dict[str, str], ada_here: Visitor, ada: Login, monkeypatch: pytest.MonkeyPatch
) -> None:
    spec_id = await ada.new_spec("# Churn\n", title="From a notebook")
    environment = environment_of_server(hub, "ada")
    for name, value in credentials.items():
        assert name not in environment
        assert value not in environment.values()
    for name in ("JUPYTERHUB_API_TOKEN", "JUPYTERHUB_PUBLIC_HUB_URL"):  # a kernel inherits these
        monkeypatch.setenv(name, environment[name])
    async with SpecClient(spec="From a notebook") as spec:
        await spec.append("From Ada's kernel.\n")
        await spec.synchronised(20)
    assert "From Ada's kernel" in (await ada.call("GET", f"api/specs/{spec_id}/document"))["content"]


def environment_of_server(hub: Hub, user: str) -> dict[str, str]:
    """The environment of a user's server, read from /proc."""
    for process in Path("/proc").glob("[0-9]*"):
        try:
            content = (process / "environ").read_text(errors="replace")
        except OSError:
            continue
        environment = dict(entry.split("=", 1) for entry in content.split("\0") if "=" in entry)
        if environment.get("JUPYTERHUB_USER") == user and str(hub.directory) in content:
            return environment
    raise AssertionError(f"{user} has no server")
