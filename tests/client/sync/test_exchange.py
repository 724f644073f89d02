"""Laws of the exchange, on a network that delays, cuts and loses frames, with a server that sometimes fails."""

from __future__ import annotations

from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.client.sync.reference import ReferenceServer, SimulatedClient

CLIENTS = 3
Step = tuple[str, int, int, int]
who = st.integers(0, CLIENTS - 1)
places = st.sampled_from([0, 0, 1, 2, 5, 20, 300])
steps = st.tuples(
    st.sampled_from(["edit"] * 6 + ["up"] * 6 + ["down"] * 8 + ["paste", "cut", "cut", "before", "after"]),
    who,
    places,
    st.sampled_from([0, 0, 1, 5]),
)
scripts = st.lists(steps, min_size=5, max_size=80)
servers = st.builds(
    ReferenceServer,
    st.sampled_from(["", "ab🦊c\n"]),
    reach=st.sampled_from([0, 2, 1000]),
    listed=st.sampled_from([0, 3, 1000]),
)


def joined(server: ReferenceServer) -> list[SimulatedClient]:
    clients = [SimulatedClient(server, name) for name in "abc"[:CLIENTS]]
    settle(clients)
    return clients


def perform(
    clients: list[SimulatedClient], server: ReferenceServer, script: list[Step], *, deletes: bool
) -> list[str]:
    """Run the script; returns the marks that were typed. Each mark is unique."""
    marks: list[str] = []
    for step in script:
        what, index, position, delete = step
        client = clients[index]
        match what:
            case "edit" | "paste":
                mark = f"⟨{len(marks)}⟩"
                marks.append(mark)
                place = position if deletes else boundary(client.text, position)
                content = mark if what == "edit" else mark + "🦊é" * 150
                client.edit(place, delete if deletes else 0, content)
            case "up":
                client.let_up()
            case "down":
                client.let_down()
            case "cut":
                client.cut()
            case "before" | "after":
                server.ailing = what
        assert client.shown == client.text
    return marks


def boundary(text: str, position: int) -> int:
    """The last offset up to ``position`` that is not inside a mark."""
    position %= len(text) + 1
    start = text.rfind("⟨", 0, position)
    return position if text.rfind("⟩", 0, position) >= start else start


def settle(clients: list[SimulatedClient]) -> None:
    for _ in range(10_000):
        for client in clients:
            client.let_up()
            client.let_down()
            client.pump()
        if all(client.is_at_rest for client in clients):
            return
    raise AssertionError("the clients never came to rest")


def check(clients: list[SimulatedClient], server: ReferenceServer) -> None:
    for client in clients:
        assert client.exchange.failure is None
        assert client.text == client.shown == server.content
        for operation_id, frames in client.sent.items():
            assert operation_id in client.conflicts or len(set(frames)) == 1, (
                "sent again, but not to the byte"
            )
    ids = [entry["operationId"] for entry in server.log]
    assert len(ids) == len(set(ids))


@settings(max_examples=200, deadline=None)
@given(server=servers, script=scripts)
def test_clients_converge_whatever_the_network_does(server: ReferenceServer, script: list[Step]) -> None:
    clients = joined(server)
    perform(clients, server, script, deletes=True)
    settle(clients)
    check(clients, server)


@settings(max_examples=200, deadline=None)
@given(server=servers, script=scripts)
def test_nothing_typed_is_lost_or_doubled(server: ReferenceServer, script: list[Step]) -> None:
    clients = joined(server)
    marks = perform(clients, server, script, deletes=False)
    settle(clients)
    check(clients, server)
    for mark in marks:
        assert server.content.count(mark) == 1, mark


def test_what_is_typed_while_texts_are_compared_is_neither_lost_nor_doubled() -> None:
    assert sum(typed_while_compared(seed) for seed in range(150)) > 20


def typed_while_compared(seed: int) -> int:
    """One run; returns how many edits the second client made while it compared texts."""
    random = Random(seed)
    server = ReferenceServer("ab🦊c\n", reach=0, listed=0)
    clients = joined(server)
    marks: list[str] = []
    edits_meanwhile = 0

    def type_into(client: SimulatedClient) -> None:
        marks.append(f"⟨{len(marks)}⟩")
        client.edit(boundary(client.text, random.randrange(300)), 0, marks[-1])

    for _ in range(60):
        late = clients[1]
        if late.adoption is not None and random.random() < 0.7:
            edits_meanwhile += 1
            type_into(late)
        client = random.choice(clients)
        match random.choice(["edit", "edit", "up", "up", "down", "down", "cut"]):
            case "edit":
                type_into(client)
            case "up":
                client.let_up()
            case "down":
                client.let_down()
            case "cut":
                late.cut()
        assert client.shown == client.text
    settle(clients)
    check(clients, server)
    for mark in marks:
        assert server.content.count(mark) == 1, mark
    return edits_meanwhile


def test_a_restored_backup_is_merged_with_what_was_unsent() -> None:
    server = ReferenceServer("one two", reach=1000, listed=1000)
    client = SimulatedClient(server, "a")
    settle([client])
    client.edit(7, 0, " three")
    server.epoch, server.log, server.texts = "second", [], ["zero one two"]
    client.cut()
    settle([client])
    assert server.content == client.text == client.shown == "zero one two three"
    assert client.exchange.merges == 1


def test_an_id_that_was_used_already_is_merged_once() -> None:
    server = ReferenceServer("one", reach=1000, listed=1000)
    client = SimulatedClient(server, "a")
    settle([client])
    client.edit(3, 0, " two")
    operation_id = next(iter(client.sent))
    client.up.clear()
    other = SimulatedClient(server, "b")
    settle([other])
    other.edit(3, 0, " two")
    settle([other])
    refusal = {"operationId": operation_id, "success": False, "code": "OPERATION_ID_REUSED", "version": 1}
    client.down.clear()
    client.exchange.receive("operation_ack", refusal, client.now)
    settle([client, other])
    assert server.content == client.text == "one two"


def test_after_a_conflict_it_is_sent_over_the_new_base_under_the_same_id() -> None:
    server = ReferenceServer("base", reach=0, listed=1000)
    first, second = SimulatedClient(server, "a"), SimulatedClient(server, "b")
    settle([first, second])
    first.edit(0, 0, "A")
    second.edit(4, 0, "B")
    settle([first, second])
    assert server.content == first.text == second.text == "AbaseB"
    assert [len(frames) for client in (first, second) for frames in client.sent.values()] == [1, 2]
    assert len(server.log) == 2
