"""The role of a caller by the access list."""

from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from jupyter_speccollab.document.access_list import AccessList
from jupyter_speccollab.document.caller import Caller, Token
from jupyter_speccollab.document.role import Role
from jupyter_speccollab.document.user import User

ADA = User("ada-id", "ada", "Ada")
given_roles = st.sampled_from(list(Role)[1:])
principals = st.sampled_from(["ada-id", "group:a", "group:b", "group:c", "bob-id"])
lists = st.dictionaries(principals, given_roles).map(lambda entries: AccessList("spec", 1, entries))
NOW = datetime(2026, 11, 23, tzinfo=UTC)
tokens = st.builds(
    Token,
    st.just("id"),
    st.just(NOW),
    st.just(NOW),
    st.sampled_from([None, "spec", "other"]),
    st.sampled_from(list(Role)),
)
callers = st.builds(
    Caller,
    st.just(ADA),
    st.frozensets(st.sampled_from("abd")),
    st.sampled_from(list(Role)),
    st.none() | tokens,
    st.sampled_from(list(Role)),
)


@given(lists, callers, st.sampled_from(list(Role)))
def test_own_entry_else_the_highest_of_groups_and_default(
    access: AccessList, caller: Caller, default: Role
) -> None:
    full = Caller(ADA, caller.groups, default=caller.default)
    role = access.role_of(full, default)
    if "ada-id" in access.entries:
        assert role is access.entries["ada-id"]
    else:
        names = ["group:" + name for name in caller.groups if "group:" + name in access.entries]
        assert role is max([default, caller.default, *(access.entries[name] for name in names)])
    narrowed = access.role_of(caller, default)
    assert narrowed <= role
    if caller.token is None:
        assert narrowed is min(role, caller.most)
    else:
        most = Role.NONE if caller.token.spec_id == "other" else caller.token.role
        assert narrowed is min(role, caller.most, most)


@given(lists, callers, st.sampled_from(list(Role)))
def test_only_the_callers_principals_count(access: AccessList, caller: Caller, default: Role) -> None:
    others = {name: role for name, role in access.entries.items() if name in caller.principals}
    assert access.role_of(caller, default) is AccessList("spec", 1, others).role_of(caller, default)


def test_a_group_named_like_a_user_is_no_user() -> None:
    access = AccessList("spec", 1, {"ada-id": Role.OWNER, "group:x": Role.OWNER})
    assert access.role_of(Caller(User("bob-id", "bob", "Bob"), frozenset({"ada-id"})), Role.NONE) is Role.NONE
    assert access.owners == {"ada-id"}
