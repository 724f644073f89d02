"""The examples run: notebooks on a server with a spec that two people wrote, and what sends mail."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient

from tests.handlers.logins import text_of
from tests.handlers.test_revisions import put
from tests.handlers.threads import Spec, comment
from tests.serving import JupyterServer

EXAMPLES = Path(__file__).parents[2] / "docs" / "examples"
NOTEBOOKS = sorted(EXAMPLES.glob("*.ipynb"))

TEXT = "# Churn model\n\nWhy people leave. The report should come fast.\n"

SHOWN = {
    "review_a_spec": ["“should” → “must”: A requirement is binding", "“fast”: How fast is that", "owner"],
    "who_wrote_how_much": ["Ada Lovelace", "Bob Kahn", "image/png"],
}
"""What the outputs of each notebook hold, among other things."""


async def a_spec(server: JupyterServer) -> None:
    """A spec with the title that the examples name, of two sittings."""
    ada, bob = server.login("ada", "Ada Lovelace"), server.login("bob", "Bob Kahn")
    spec_id = await ada.new_spec(TEXT, "Churn model")
    await put(bob, spec_id, f"{TEXT}\n## Results\n\nAUC 0.87\n", 1)
    await put(ada, spec_id, f"{TEXT}\n## Results\n\nAUC 0.91\n", 2)


async def run(notebook: Path) -> list[Any]:
    """Run a notebook as its reader does; the outputs of its cells."""
    cells = nbformat.read(notebook, as_version=4)
    await NotebookClient(cells, timeout=120).async_execute()
    return [cell.outputs for cell in cells.cells if cell.cell_type == "code"]


@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda path: path.stem)
async def test_a_notebook_runs(notebook: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with JupyterServer(tmp_path) as server:
        await a_spec(server)
        monkeypatch.setenv("SPECCOLLAB_URL", server.url)
        monkeypatch.setenv("SPECCOLLAB_TOKEN", server.token)
        monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))
        monkeypatch.setenv("MPLCONFIGDIR", str(tmp_path / "matplotlib"))
        outputs = await run(notebook)
    shown = str(outputs)
    for expected in SHOWN[notebook.stem]:
        assert expected in shown


async def test_a_reviewer_says_everything_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (notebook,) = (each for each in NOTEBOOKS if each.stem == "review_a_spec")
    with JupyterServer(tmp_path) as server:
        await a_spec(server)
        monkeypatch.setenv("SPECCOLLAB_URL", server.url)
        monkeypatch.setenv("SPECCOLLAB_TOKEN", server.token)
        monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))
        for _ in range(2):
            await run(notebook)
        ada = server.login("ada", "Ada Lovelace")
        (entry,) = (await ada.call("GET", "api/specs"))["specs"]
        assert entry["openThreads"] == 2
        threads = (await ada.call("GET", f"api/specs/{entry['specId']}/threads"))["threads"]
        place = next(each["threadId"] for each in threads if each["kind"] == "suggestion")
        await ada.call("PATCH", f"api/specs/{entry['specId']}/threads/{place}", {"state": "accepted"})
        assert "must come fast" in await text_of(ada, entry["specId"])


class Mailbox:
    """A mail server that keeps what it is sent: as much of SMTP as ``smtplib`` speaks."""

    def __init__(self) -> None:
        self.mails: asyncio.Queue[str] = asyncio.Queue()

    async def start(self) -> int:
        """Listen; returns the port."""
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        return int(self._server.sockets[0].getsockname()[1])

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 mailbox\r\n")
        while line := await reader.readline():
            command = line.strip().upper()
            if command == b"DATA":
                writer.write(b"354 go on\r\n")
                content = await reader.readuntil(b"\r\n.\r\n")
                self.mails.put_nowait(content.decode())
            writer.write(b"221 bye\r\n" if command == b"QUIT" else b"250 ok\r\n")
            await writer.drain()
        writer.close()


async def test_who_is_mentioned_gets_mail(tmp_path: Path) -> None:
    example = (EXAMPLES / "mail_mentions.py").read_text(encoding="utf-8")
    mailbox = Mailbox()
    port = await mailbox.start()
    environment = {"SMTP_SERVER": f"127.0.0.1:{port}"}
    with JupyterServer(tmp_path, configuration=example, environment=environment) as server:
        ada, bob = server.login("ada", "Ada Lovelace"), server.login("bob", "Bob Kahn")
        spec = Spec(ada, await ada.new_spec(TEXT, "Churn model"))
        await bob.call("GET", "api/specs")
        await spec.open(comment(2, 7, 1, "Nobody yet."))
        made = await spec.open(comment(2, 7, 1, "What do you think, @bob? And @ada?"))
        mail = await asyncio.wait_for(mailbox.mails.get(), 20)
        assert "To: bob@example.org" in mail
        assert "Subject: ada mentions you in a spec" in mail
        assert spec.spec_id in mail
        assert "think" not in mail
        await spec.edit(made["threadId"], "What do you think, @bob? Or @ada?")
    assert mailbox.mails.empty()
    assert len(example.splitlines()) <= 40


def test_the_notebooks_are_stored_without_outputs() -> None:
    assert NOTEBOOKS
    for notebook in NOTEBOOKS:
        for cell in nbformat.read(notebook, as_version=4).cells:
            if cell.cell_type == "code":
                assert not cell.outputs, notebook.name
                assert cell.execution_count is None, notebook.name
