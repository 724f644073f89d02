"""Tokens that are no token of a hub: they never reach the hub, the log or a message."""

from __future__ import annotations

import logging

import pytest
from jupyterhub.services.auth import HubAuth

from jupyter_speccollab.errors import SpecCollabError, Unauthenticated
from jupyter_speccollab.hub.identity import HubIdentityProvider
from tests.leaks import SECRET, shown_by
from tests.ports import free_port


@pytest.fixture
def provider() -> HubIdentityProvider:
    """An identity provider whose hub does not run."""
    url = f"http://127.0.0.1:{free_port()}/hub/api"
    return HubIdentityProvider(hub=HubAuth(api_url=url, api_token="the service's own"))


@pytest.mark.parametrize("token", [f"{SECRET}\nX: y", f"{SECRET}\0", f"{SECRET}字", f"{SECRET}\ud800"])
async def test_what_no_header_can_carry_is_no_token(
    provider: HubIdentityProvider, token: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    with pytest.raises(Unauthenticated) as caught:
        await provider.token_model(token)
    assert SECRET not in shown_by(caught.value) + caplog.text


async def test_a_hub_that_is_away_shows_no_token(
    provider: HubIdentityProvider, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    with pytest.raises(SpecCollabError, match="does not answer") as caught:
        await provider.token_model(SECRET)
    assert SECRET not in shown_by(caught.value) + caplog.text
