"""The settings of a hub service, from environment variables."""

from __future__ import annotations

import pytest

from jupyter_speccollab.hub.environment import Environment, NotAService
from tests.leaks import SECRET, shown_by

LEAST = {"JUPYTERHUB_API_URL": "http://hub:8081/hub/api", "JUPYTERHUB_API_TOKEN": "secret"}


def test_two_variables_are_enough() -> None:
    here = Environment.of(LEAST)
    assert (here.host, here.port) == ("127.0.0.1", 10101)
    assert (here.hub_url, here.service_url) == ("/hub/", "/services/speccollab/")
    assert here.scope == "access:services!service=speccollab"


def test_what_the_hub_says_counts() -> None:
    told = {
        **LEAST,
        "JUPYTERHUB_SERVICE_NAME": "specs",
        "JUPYTERHUB_SERVICE_URL": "http://0.0.0.0:80",
        "JUPYTERHUB_BASE_URL": "/base/",
        "JUPYTERHUB_SERVICE_PREFIX": "/base/services/specs/",
    }
    assert Environment.of(told) == Environment("specs", "0.0.0.0", 80, "/base/hub/", "/base/services/specs/")
    del told["JUPYTERHUB_SERVICE_PREFIX"]
    assert Environment.of(told).service_url == "/base/services/specs/"


@pytest.mark.parametrize("missing", LEAST)
def test_without_a_hub_it_says_what_to_do(missing: str) -> None:
    with pytest.raises(NotAService, match=missing):
        Environment.of({**LEAST, missing: ""})


@pytest.mark.parametrize("token", [f"{SECRET}\n", f"{SECRET} ", f"{SECRET}字"])
def test_a_token_that_no_request_can_carry_is_refused_without_it(token: str) -> None:
    with pytest.raises(NotAService, match="JUPYTERHUB_API_TOKEN contains") as caught:
        Environment.of({**LEAST, "JUPYTERHUB_API_TOKEN": token})
    assert SECRET not in shown_by(caught.value)
