"""The service of a real hub: authentication, identity, and the addresses that exist."""

from __future__ import annotations

import json
import re

import pytest

from jupyter_speccollab.document.user import user_id_of
from tests.handlers.logins import Login
from tests.hub.conftest import SPECS
from tests.hub.hub import Hub, Visitor

INTERNAL = (
    "api",
    "api/contents",
    "api/kernels",
    "api/kernelspecs",
    "api/me",
    "api/sessions",
    "api/shutdown",
    "api/status",
    "api/terminals",
    "files/jupyterhub.sqlite",
    "lab",
    "login",
    "logout",
    "nbconvert/html/x.ipynb",
    "oauth_callback",
    "static/favicon.ico",
    "terminals/1",
    "tree",
    "view/jupyterhub.sqlite",
)


async def test_there_is_nothing_but_specs(hub: Hub, ada: Login) -> None:
    for path in INTERNAL:
        for method in ("GET", "POST", "PUT"):
            assert await ada.refused(method, path, body={} if method != "GET" else None) == (404, "NOT_FOUND")
            assert await hub.stranger().refused(method, path) == (404, "NOT_FOUND")


async def test_a_load_balancer_sees_that_it_lives(hub: Hub) -> None:
    answer = await hub.stranger().fetch("GET", "health")
    assert (answer.code, json.loads(answer.body)) == (200, {"status": "ok"})


async def test_whoever_opens_its_address_is_sent_to_their_own_lab(hub: Hub) -> None:
    answer = await hub.stranger().fetch("GET", "?spec=some-id")
    assert (answer.code, answer.headers["Location"]) == (302, "/hub/user-redirect/lab?spec=some-id")


async def test_figures_are_for_those_who_may_read_the_hubs_own(hub: Hub, ada: Login) -> None:
    assert (await hub.stranger().fetch("GET", "metrics")).code == 401
    assert (await ada.fetch("GET", "metrics")).code == 403
    watcher = hub.login(hub.new_token("root", "read:metrics"))
    answer = await watcher.fetch("GET", "metrics")
    assert answer.code == 200
    assert b"python_info" in answer.body


async def test_people_are_who_the_hub_says_and_look_as_they_like(
    hub: Hub, ada_here: Visitor, mallory_here: Visitor, ada: Login, mallory: Login
) -> None:
    spec_id = await ada.new_spec("# Churn\n")
    await ada.call("PUT", f"api/specs/{spec_id}/collaborators/user:mallory", {"role": "viewer"})
    socket = await ada.joined(spec_id)
    assert socket.me["userId"] == user_id_of("jupyter", "ada")
    assert socket.me["userName"] == "Ada Lovelace"
    (me,) = socket.welcome["activeUsers"]
    assert me["avatarUrl"] == "https://a.example/ada.png"
    impostor = await mallory.joined(spec_id)
    assert impostor.me["userId"] == user_id_of("jupyter", "mallory")
    assert impostor.me["userName"] == "ada"


async def test_the_page_of_ones_own_server_and_a_notebook_in_it_come_in(
    hub: Hub, ada_here: Visitor, ada: Login
) -> None:
    spec_id = await ada.new_spec("# Churn\n")
    page = hub.login(ada_here.page_token("ada"))
    assert (await page.call("GET", f"api/specs/{spec_id}"))["role"] == "owner"
    by_address = await hub.stranger().socket(spec_id, query=f"?token={ada_here.page_token('ada')}")
    assert (await by_address.expect("connect"))["userName"] == "Ada Lovelace"


async def test_a_spec_that_is_not_shared_is_not_there(ada: Login, mallory: Login) -> None:
    spec_id = await ada.new_spec("# Secret\n")
    nowhere = "00000000-0000-4000-8000-000000000000"
    for guessed in (spec_id, nowhere):
        assert await mallory.refused("GET", f"api/specs/{guessed}/document") == (404, "SPEC_NOT_FOUND")
        socket = await mallory.socket(guessed)
        assert (await socket.expect("error"))["code"] == "SPEC_NOT_FOUND"
        assert await socket.closed() == 4404
    assert spec_id not in {spec["specId"] for spec in (await mallory.call("GET", "api/specs"))["specs"]}


async def test_the_hubs_admins_are_what_the_configuration_makes_them(hub: Hub, ada: Login) -> None:
    spec_id = await ada.new_spec("# Churn\n")
    root = hub.login(hub.new_token("root", SPECS))
    assert (await root.call("GET", f"api/specs/{spec_id}"))["role"] == "viewer"
    assert spec_id in {spec["specId"] for spec in (await root.call("GET", "api/specs"))["specs"]}
    assert await root.refused("PATCH", f"api/specs/{spec_id}", {"title": "Mine"}) == (403, "FORBIDDEN")


async def test_a_token_without_the_scope_is_told_which_lines_are_missing(hub: Hub) -> None:
    bare = hub.login(hub.new_token("ada", "access:servers!user=ada"))
    answer = await bare.fetch("GET", "api/specs")
    told = json.loads(answer.body)
    assert (answer.code, told["code"]) == (403, "FORBIDDEN")
    for line in (SPECS, "load_roles", "oauth_client_allowed_scopes", "server_token_scopes"):
        assert line in told["error"]
    socket = await bare.socket("00000000-0000-4000-8000-000000000000")
    assert (await socket.expect("error"))["message"] == told["error"]
    assert await socket.closed() == 4403


async def test_another_service_of_the_hub_is_nobody_here(hub: Hub) -> None:
    assert await hub.login(hub.token).refused("GET", "api/specs") == (403, "FORBIDDEN")


@pytest.mark.parametrize("header", ["token {}", "Bearer {}"])
async def test_only_a_valid_token_counts(hub: Hub, header: str) -> None:
    good, bad = hub.new_token("ada", SPECS), "0" * 32
    for token, status in ((good, 200), (bad, 401)):
        headers = {"Authorization": header.format(token)}
        assert (await hub.stranger().fetch("GET", "api/specs", headers=headers)).code == status


async def test_the_service_warns_of_nothing_but_requests(hub: Hub, ada: Login) -> None:
    spec_id = await ada.new_spec("text")
    (await ada.joined(spec_id)).close()
    log = hub.log.read_text(errors="replace")
    assert "MinimalServer] jupyter_speccollab.hub | extension was successfully loaded" in log
    of_requests = (
        r"\d{3} |No Hub user identified for request|Blocking Cross Origin|WebSocket ping timeout after"
    )
    assert re.findall(rf"^\[W \S+ \S+ MinimalServer\] (?!{of_requests}).*", log, re.MULTILINE) == []


async def test_sharing_asks_the_hub_for_the_name(ada: Login) -> None:
    spec_id = await ada.new_spec("text")
    place = f"api/specs/{spec_id}/collaborators"
    response = await ada.fetch("PUT", f"{place}/user:Grace", {"role": "viewer"})
    refusal = json.loads(response.body)
    assert (response.code, refusal["code"]) == (404, "NOT_FOUND")
    assert refusal["details"]["near"] == ["user:grace"]
    assert "hint" not in await ada.call("PUT", f"{place}/user:grace", {"role": "viewer"})
    unknown = await ada.call("PUT", f"{place}/user:newcomer", {"role": "viewer"})
    assert "no user newcomer yet" in unknown["hint"]["message"]
