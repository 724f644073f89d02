"""The client without ``async``: in plain scripts, beside people, and at the end of a program."""

from __future__ import annotations

import asyncio
import inspect
import os
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import Callable
from textwrap import dedent
from typing import Any

import pytest

from jupyter_speccollab.client import BlockingSpec, SpecClient
from jupyter_speccollab.client.sync.refusal import Disconnected
from jupyter_speccollab.errors import Forbidden, InvalidOperation, SpecNotFound
from tests.client.conftest import Client, cut
from tests.handlers.logins import Login, Logins

REPORT = "# Churn\n\nIntro.\n\n## Results\n\nSo far:\n\n## Next steps\n\nNone.\n"


async def plain(script: Callable[[], Any]) -> Any:
    """Run a script as a program runs it, beside the server's event loop."""
    return await asyncio.to_thread(script)


async def program(text: str, owner: Login) -> Process:
    """Start a program of its own that begins with ``text``; ``URL`` and ``TOKEN`` are those of the server.

    Ctrl+C reaches it even where the tests run as a background job of a script, whose programs ignore it.
    """
    token = owner.headers["Authorization"].removeprefix("token ")
    head = (
        "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        f"URL, TOKEN = 'http://{owner.address}', {token!r}\n"
    )
    return await asyncio.create_subprocess_exec(
        sys.executable, "-c", head + dedent(text), stdout=PIPE, stderr=PIPE
    )


async def ended(process: Process) -> tuple[int | None, str, str]:
    """Exit code, output and errors of a program that has ended."""
    out, errors = await process.communicate()
    return process.returncode, out.decode(), errors.decode()


async def test_five_lines_append_a_table_while_two_people_type(
    ada: Login, bob: Login, logins: Logins, client: Client
) -> None:
    spec_id = await ada.new_spec(REPORT, title="Churn")
    owner = logins.owner()
    script = await program(
        """\
        from jupyter_speccollab.client import SpecClient
        runs = [{"run": 1, "AUC": 0.87}, {"run": 2, "AUC": 0.9}]
        with SpecClient(URL, token=TOKEN, spec="Churn", name="Nightly report") as spec:
            spec.append_table(runs, under="Results")
            spec.wait_for(lambda text: text.count("ä") > 20)
        """,
        owner,
    )
    async with client(ada, spec_id) as first, client(bob, spec_id) as second:
        changes = first.changes()
        done = asyncio.ensure_future(ended(script))

        async def type_after(spec: SpecClient, word: str, letter: str) -> None:
            while not done.done():
                await spec.insert(spec.content.index(word) + len(word), letter)
                await asyncio.sleep(0.02)

        await asyncio.gather(type_after(first, "So far:", "ä"), type_after(second, "None.", "ö"))
        assert done.result()[::2] == (0, ""), done.result()
        await first.synchronised()
        await second.synchronised()
        text = await first.wait_for(lambda text: text == second.content, 20)
        async for change in changes:
            if change.user_name not in ("Bob Kahn", None):
                break
    table = "| run |  AUC |\n| --: | ---: |\n|   1 | 0.87 |\n|   2 |  0.9 |\n"
    assert text.replace("ä", "").replace("ö", "") == REPORT.replace("far:\n", f"far:\n\n{table}")
    assert f"So far:{'ä' * text.count('ä')}\n" in text
    assert f"None.{'ö' * text.count('ö')}\n" in text
    assert (change.user_name or "").startswith("Nightly report (")


def test_it_has_every_method_with_the_same_parameters() -> None:
    for name in dir(SpecClient):
        if name.startswith("_") or name in ("blocking", "apply", "watch", "something_new", "text", "kept"):
            continue
        here, there = getattr(BlockingSpec, name, None), getattr(SpecClient, name)
        assert here is not None, name
        assert isinstance(here, property) == isinstance(there, property), name
        if not isinstance(here, property):
            ours, theirs = inspect.signature(here), inspect.signature(there)
            assert list(ours.parameters.values()) == list(theirs.parameters.values()), name


async def test_a_script_reads_edits_and_waits(ada: Login, bob: Login, client: Client) -> None:
    spec_id = await ada.new_spec("one two\n", title="Churn")
    async with client(bob, spec_id) as other:

        def script() -> None:
            with client(ada, "Churn") as spec:
                assert (spec.spec_id, spec.title, spec.role, spec.version) == (spec_id, "Churn", "owner", 1)
                assert spec.content == "one two\n"
                spec.insert(0, "zero ")
                spec.delete(5, 9)
                assert spec.replace("two", "2") == 1
                spec.append("three\r\n")
                assert spec.content == "zero 2\nthree\n"
                spec.synchronised(10)
                assert spec.unsent is None
                assert spec.progress.operations == 0
                spec.move_cursor(2)
                assert spec.label("v1")["label"] == "v1"
                assert [entry["version"] for entry in spec.revisions(limit=1)] == [spec.version]
                assert spec.at(1)["content"] == "one two\n"
                spec.wait_for(lambda _: len(spec.collaborators) == 2, 10)
                changes = spec.changes()
                spec.append("go")
                change = next(changes)
                assert (change.user_name, spec.content) == ("Bob Kahn", "zero 2\nthree\ngo!")
                with pytest.raises(TimeoutError):
                    spec.wait_for(lambda text: "never" in text, 0.1)
                spec.append_under("Runs", "first", create=True)
                spec.append_row({"run": 1}, under="Runs")
                spec.append_row([2], under="Runs")
                assert spec.section("Runs") == "first\n\n| run |\n| --: |\n|   1 |\n|   2 |"
                spec.replace_section("Runs", "none")
                assert spec.section("Runs") == "none"
            assert list(changes) == []
            with pytest.raises(Disconnected, match="closed"):
                spec.append("x")
            assert spec.content.endswith("## Runs\n\nnone\n")
            with spec:
                spec.append("again\n")

        running = asyncio.ensure_future(plain(script))
        await other.wait_for(lambda text: text.endswith("go"), 20)
        await other.append("!")
        await running
        await other.wait_for(lambda text: text.endswith("again\n"), 20)


async def test_offsets_hold_while_others_type(ada: Login, bob: Login, client: Client) -> None:
    spec_id = await ada.new_spec("one two three\n")
    with_text, go_on = asyncio.Event(), asyncio.Event()
    loop = asyncio.get_running_loop()

    def script() -> str:
        with client(ada, spec_id) as spec:
            seen = spec.content
            loop.call_soon_threadsafe(with_text.set)
            asyncio.run_coroutine_threadsafe(go_on.wait(), loop).result()
            while spec.version < 2:  # others' letters are here; reading the version is not reading the text
                pass
            spec.insert(seen.index("three"), "2.5 ")
            spec.set_content(seen.replace("two", "2"))
            with pytest.raises(InvalidOperation):
                spec.insert(99, "x")
            return spec.content

    async with client(bob, spec_id) as other:
        running = asyncio.ensure_future(plain(script))
        await with_text.wait()
        await other.insert(0, "zero ")
        await other.synchronised()
        go_on.set()
        assert await running == "zero one 2 three\n"


async def test_a_script_moves_a_spec_to_the_trash_with_its_last_edit(
    ada: Login, bob: Login, client: Client
) -> None:
    spec_id = await ada.new_spec("one\n", title="Old report")
    await ada.call("PUT", f"api/specs/{spec_id}/collaborators/user:bob", {"role": "contributor"})

    def script() -> None:
        with client(bob, spec_id) as spec:
            with pytest.raises(Forbidden):
                spec.move_to_trash()
            spec.append("two\n")
        with client(ada, spec_id) as spec:
            spec.append("three\n")
            spec.move_to_trash()
            assert spec.unsent is None
            with pytest.raises(Disconnected):
                spec.append("late\n")
        with pytest.raises(SpecNotFound), client(ada, spec_id):
            pass

    await plain(script)
    (trashed,) = (await ada.call("GET", "api/specs", trashed="true"))["specs"]
    assert trashed["specId"] == spec_id
    await ada.call("POST", f"api/specs/{spec_id}/undelete")
    document = await ada.call("GET", f"api/specs/{spec_id}/document")
    assert document["content"] == "one\ntwo\nthree\n"


async def test_errors_are_raised_with_the_same_words(ada: Login, client: Client) -> None:
    await ada.new_spec("text", title="Here")

    def script() -> None:
        with pytest.raises(SpecNotFound, match="create=True"), client(ada, "Nowhere"):
            pass
        with pytest.raises(OSError, match="refused"), SpecClient("http://127.0.0.1:9/", spec="Any"):
            pass
        spec = client(ada, "Here").blocking()
        with pytest.raises(Disconnected, match="Connect first"):
            spec.append("x")
        with pytest.raises(ZeroDivisionError), spec:
            spec.append(str(1 / 0))
        with spec, pytest.raises(LookupError, match="no heading 'Results'"):
            spec.append_under("Results", "x")

    await plain(script)


async def test_a_callback_reads_but_does_not_wait(ada: Login, client: Client) -> None:
    await ada.new_spec("text", title="Here")
    read: list[str] = []
    refused: list[str] = []

    def script() -> None:
        def progressed(progress: object) -> None:
            read.append(spec.content)
            wrongs: list[Callable[[], None]] = [lambda: spec.append("y"), spec.close]
            for wrong in wrongs:
                try:
                    wrong()
                except RuntimeError as error:
                    refused.append(str(error))

        spec = client(ada, "Here", on_progress=progressed).blocking()
        with spec:
            spec.append("x")

    await plain(script)
    assert set(read) == {"textx"}
    assert all("callback" in said for said in refused)
    assert len(refused) == 2 * len(read) > 0


class TestViewer:
    @pytest.fixture
    def speccollab_config(self) -> dict[str, Any]:
        return {"default_role": "viewer"}

    async def test_a_viewer_watches(self, ada: Login, bob: Login, client: Client) -> None:
        entry = await ada.call("POST", "api/specs", {"title": "Mine", "content": "# A\n"})

        def script() -> None:
            with client(bob, entry["specId"]) as spec:
                for edit in (spec.append, spec.set_content, lambda text: spec.append_under("A", text)):
                    with pytest.raises(Forbidden):
                        edit("x")
                assert (spec.role, spec.content) == ("viewer", "# A\n")

        await plain(script)


async def test_it_works_where_an_event_loop_runs(ada: Login, logins: Logins) -> None:
    """As in a notebook, whose cells are run by an event loop."""
    spec_id = await ada.new_spec("", title="Churn")
    script = await program(
        """\
        import asyncio
        from jupyter_speccollab.client import SpecClient
        async def cell():
            spec = SpecClient(URL, token=TOKEN, spec="Churn").blocking().connect()
            spec.append("from a cell\\n")
            spec.close()
        asyncio.run(cell())
        """,
        logins.owner(),
    )
    assert await ended(script) == (0, "", "")
    assert (await ada.call("GET", f"api/specs/{spec_id}/document"))["content"] == "from a cell\n"


async def test_what_is_open_at_the_end_of_a_program_is_sent(ada: Login, logins: Logins) -> None:
    spec_id = await ada.new_spec("", title="Churn")
    script = await program(
        """\
        from jupyter_speccollab.client import SpecClient
        spec = SpecClient(URL, token=TOKEN, spec="Churn").blocking().connect()
        spec._client._session._connection._socket.protocol.stream.close()
        spec.append("kept " * 10_000)
        raise SystemExit(3)
        """,
        logins.owner(),
    )
    assert await ended(script) == (3, "", "")
    assert (await ada.call("GET", f"api/specs/{spec_id}/document"))["content"] == "kept " * 10_000


async def test_what_can_not_be_sent_at_the_end_is_said(ada: Login, logins: Logins) -> None:
    await ada.new_spec("", title="Churn")
    script = await program(
        """\
        from jupyter_speccollab.client import SpecClient
        spec = SpecClient(URL, token=TOKEN, spec="Churn", patience=0.5).blocking().connect()
        spec._client._server.url = "http://127.0.0.1:9/"
        spec._client._session._connection._socket.protocol.stream.close()
        spec.append("lost")
        """,
        logins.owner(),
    )
    code, out, errors = await ended(script)
    assert (code, out) == (0, "")
    assert "'Churn' was still open when the program ended." in errors
    assert "4 characters to insert" in errors
    assert "Traceback" not in errors


@pytest.mark.skipif(os.name == "nt", reason="sends a signal")
async def test_ctrl_c_keeps_what_was_written(ada: Login, logins: Logins) -> None:
    spec_id = await ada.new_spec("", title="Churn")
    script = await program(
        """\
        from jupyter_speccollab.client import SpecClient
        with SpecClient(URL, token=TOKEN, spec="Churn") as spec:
            spec.append("kept " * 10_000)
            print("waiting", flush=True)
            spec.wait_for(lambda text: "never" in text)
        """,
        logins.owner(),
    )
    assert script.stdout is not None
    await script.stdout.readline()
    script.send_signal(signal.SIGINT)
    _, _, errors = await ended(script)
    assert errors.rstrip().endswith("KeyboardInterrupt")
    assert (await ada.call("GET", f"api/specs/{spec_id}/document"))["content"] == "kept " * 10_000


@pytest.mark.skipif(os.name == "nt", reason="sends a signal")
async def test_a_second_ctrl_c_says_what_was_not_sent(ada: Login, logins: Logins) -> None:
    await ada.new_spec("", title="Churn")
    script = await program(
        """\
        from jupyter_speccollab.client import SpecClient
        with SpecClient(URL, token=TOKEN, spec="Churn", patience=600) as spec:
            spec._client._server.url = "http://127.0.0.1:9/"
            spec._client._session._connection._socket.protocol.stream.close()
            spec.append("kept")
            print("leaving", flush=True)
        """,
        logins.owner(),
    )
    assert script.stdout is not None
    await script.stdout.readline()
    while script.returncode is None:
        script.send_signal(signal.SIGINT)
        await asyncio.sleep(0.2)
    _, _, errors = await ended(script)
    assert "KeyboardInterrupt" in errors
    assert "4 characters to insert" in errors


async def test_a_lost_connection_is_opened_again(ada: Login, client: Client) -> None:
    spec_id = await ada.new_spec("")

    def script() -> None:
        asynchronous = client(ada, spec_id)
        with asynchronous as spec:
            cut(asynchronous)
            spec.append("kept")
            spec.synchronised(20)

    await plain(script)
    assert (await ada.call("GET", f"api/specs/{spec_id}/document"))["content"] == "kept"
