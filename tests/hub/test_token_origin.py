"""Which tokens identify their user."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_speccollab.hub.token_origin import is_own_token

SPECS = "access:services!service=speccollab"
names = st.text(
    st.characters(exclude_characters="/", exclude_categories=["Cs", "Cc"]), min_size=1, max_size=8
)
servers = st.sampled_from(["", "gpu"])


def model(*scopes: str, session_id: str | None = None) -> dict[str, object]:
    return {"kind": "user", "name": "bob", "scopes": [SPECS, *scopes], "session_id": session_id}


@given(names, names, servers, st.sampled_from([None, "a login"]))
def test_a_token_of_a_server_is_own_where_the_server_is(
    user: str, owner: str, server: str, session_id: str | None
) -> None:
    scopes = [SPECS, f"access:servers!server={owner}/{server}"]
    token = {"name": user, "scopes": scopes, "session_id": session_id}
    assert is_own_token(token) is (user == owner)


@pytest.mark.parametrize(
    "scopes",
    [
        ["access:servers!server=alice/"],
        ["access:servers!server=alice/gpu"],
        ["access:servers!user=alice"],
        ["access:servers!server=bob/", "access:servers!server=alice/"],
        ["access:servers!user=bob", "access:servers!user=alice"],
    ],
)
@pytest.mark.parametrize("session_id", [None, "a login"])
def test_a_scope_that_names_somebody_else_spoils_it(scopes: list[str], session_id: str | None) -> None:
    assert not is_own_token(model(*scopes, session_id=session_id))


def test_a_token_that_was_left_at_a_server_which_its_user_may_no_longer_visit() -> None:
    assert not is_own_token(model(session_id="a login"))


def test_a_token_that_its_user_made() -> None:
    assert is_own_token(model())
    assert is_own_token(model("access:servers", "access:servers!group=team"))
    assert is_own_token(model("access:servers!user=bob", "access:servers!server=bob/gpu"))
