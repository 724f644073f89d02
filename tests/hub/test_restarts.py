"""Crashes of the service and the hub, and a culled server: no edit is lost."""

from __future__ import annotations

import os
import signal

import pytest

from tests.e2e.person import VIEW, agree
from tests.hub.hub import Hub, Visitor
from tests.hub.person import HubPerson

pytestmark = pytest.mark.e2e

PATIENCE = 120.0
"""Seconds. JupyterHub checks every 5 s here whether the service still runs."""


@pytest.fixture
def jp_asyncio_loop() -> None:
    """None here: Playwright has its own loop in this thread."""


@pytest.fixture
def jp_server_cleanup() -> None:
    """Nothing to clean up."""


@pytest.fixture(scope="module")
def ada(ada_at_desk: HubPerson) -> HubPerson:
    return ada_at_desk


@pytest.fixture(scope="module")
def grace(grace_at_desk: HubPerson) -> HubPerson:
    return grace_at_desk


@pytest.fixture
def spec_id(ada: HubPerson, grace: HubPerson) -> str:
    """A new spec of Ada's that both users have open."""
    spec_id = ada.new_spec("Churn", "# Churn\n\nAda: \n\nGrace: \n")
    ada.call("PUT", f"api/specs/{spec_id}/collaborators/group:team", {"role": "contributor"})
    for person in (ada, grace):
        person.visit_anew(spec_id)
        person.opened(spec_id)
    return spec_id


def both_type(ada: HubPerson, grace: HubPerson, spec_id: str, text: str) -> None:
    ada.type_after(spec_id, "Ada: ", text)
    grace.type_after(spec_id, "Grace: ", text)


def test_the_service_crashes(hub: Hub, ada: HubPerson, grace: HubPerson, spec_id: str) -> None:
    both_type(ada, grace, spec_id, "before ")
    os.kill(hub.service_pid(), signal.SIGKILL)
    both_type(ada, grace, spec_id, "while it is away ")
    ada.until(lambda: ada.status(spec_id) != "synchronised", "the loss of the connection")
    text = agree(spec_id, ada, grace, patience=PATIENCE)
    assert text == "# Churn\n\nAda: while it is away before \n\nGrace: while it is away before \n"


def test_the_hub_crashes_and_takes_the_service_along(
    hub: Hub, ada: HubPerson, grace: HubPerson, spec_id: str
) -> None:
    """Without the hub editing continues. Then the service is killed, and both restart with a new proxy."""
    service = hub.service_pid()
    hub.kill()
    both_type(ada, grace, spec_id, "without a hub ")
    ada.until(lambda: ada.status(spec_id) == "synchronised", "an acknowledgement")
    ada.until(lambda: "Grace: without a hub" in ada.text(spec_id), "what Grace typed")
    os.kill(service, signal.SIGKILL)
    both_type(ada, grace, spec_id, "without a service ")
    hub.start()
    text = agree(spec_id, ada, grace, patience=PATIENCE)
    line = "without a service without a hub "
    assert text == f"# Churn\n\nAda: {line}\n\nGrace: {line}\n"


def test_a_server_is_stopped_and_started(
    hub: Hub, ada: HubPerson, grace: HubPerson, spec_id: str, ada_here: Visitor
) -> None:
    """As if the server was culled. Edits are kept, and sent after the browser has logged in again."""
    ada_here.stop_server()
    ada.until(lambda: ada.status(spec_id) == "offline", "the end of the token")
    # Not by the keyboard, because a dialog of JupyterLab may take the focus.
    ada.page.evaluate(
        f"""([id, from, insert]) =>
          ({VIEW})(id).dispatch({{ changes: {{ from, insert }}, userEvent: 'input.type' }})""",
        [spec_id, len("# Churn\n\nAda: "), "after it was culled "],
    )
    grace.type_after(spec_id, "Grace: ", "still here ")
    ada_here.start_server()
    other = ada.context.new_page()
    other.goto(f"{hub.url}user/ada/lab/workspaces/other", wait_until="domcontentloaded")
    other.close()
    text = agree(spec_id, ada, grace, patience=PATIENCE)
    assert text == "# Churn\n\nAda: after it was culled \n\nGrace: still here \n"
