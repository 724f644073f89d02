"""The services that handlers call, built once per server."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from jupyter_speccollab.bus.base import Bus
from jupyter_speccollab.document.limits import Limits
from jupyter_speccollab.document.role import Role
from jupyter_speccollab.service.access.audit import Audit
from jupyter_speccollab.service.access.collaborators import Collaborators
from jupyter_speccollab.service.access.keys import Keys
from jupyter_speccollab.service.access.logins import KnowsLogin, Logins
from jupyter_speccollab.service.access.roles import Access
from jupyter_speccollab.service.access.tokens import GroupsOf, Tokens
from jupyter_speccollab.service.attachments.attachments import Attachments
from jupyter_speccollab.service.health import Health
from jupyter_speccollab.service.history.attribution import AttributionReports
from jupyter_speccollab.service.history.changes import Changes
from jupyter_speccollab.service.history.operation_pages import OperationPages
from jupyter_speccollab.service.history.read_marks import ReadMarks
from jupyter_speccollab.service.history.revisions import Revisions
from jupyter_speccollab.service.history.sittings import History
from jupyter_speccollab.service.live.documents import Documents
from jupyter_speccollab.service.loop_watch import LoopWatch
from jupyter_speccollab.service.sessions.open_sockets import OpenSockets
from jupyter_speccollab.service.sessions.polling import Polls
from jupyter_speccollab.service.sessions.token_expiry import TokenExpiry
from jupyter_speccollab.service.specs.document_text import DocumentText
from jupyter_speccollab.service.specs.outlines import Outlines
from jupyter_speccollab.service.specs.search_index import SearchIndex
from jupyter_speccollab.service.specs.specs import Specs
from jupyter_speccollab.service.specs.trash import DAYS, Trash
from jupyter_speccollab.service.threads.mentionable import Mentionable
from jupyter_speccollab.service.threads.messages import Messages
from jupyter_speccollab.service.threads.reading import Reading
from jupyter_speccollab.service.threads.threads import Threads
from jupyter_speccollab.service.threads.writing import Writing
from jupyter_speccollab.store.base import Store


@dataclass(frozen=True, slots=True)
class Services:
    """One of each. ``issuer`` is the issuer of the logins (see `user_id_of`)."""

    issuer: str
    access: Access
    documents: Documents
    specs: Specs
    trash: Trash
    search_index: SearchIndex
    contents: DocumentText
    outlines: Outlines
    attributions: AttributionReports
    revisions: Revisions
    operation_pages: OperationPages
    history: History
    changes: Changes
    read_marks: ReadMarks
    attachments: Attachments
    threads: Threads
    messages: Messages
    thread_reading: Reading
    collaborators: Collaborators
    tokens: Tokens
    token_expiry: TokenExpiry
    polls: Polls
    open_sockets: OpenSockets
    health: Health
    loop_watch: LoopWatch
    templates_dir: str = ""


def build(
    store: Store,
    limits: Limits,
    default_role: Role,
    issuer: str,
    keys: Keys = Keys(),  # noqa: B008 (frozen)
    token_lifetime: timedelta = timedelta(minutes=15),
    groups: GroupsOf | None = None,
    audit: Audit | None = None,
    bus: Bus | None = None,
    sockets_per_server: int = 3_000,
    knows_login: KnowsLogin | None = None,
    trash_days: int = DAYS,
    templates_dir: str = "",
) -> Services:
    """Create and connect the services; nothing runs before `Documents.ready`."""
    access = Access(store, default_role, audit)
    documents = Documents(store, limits, access, bus=bus)
    specs = Specs(documents, access)
    contents = DocumentText(documents, access)
    reports = AttributionReports(documents, access)
    tokens = Tokens(store, access, keys, issuer, token_lifetime, documents.clock, groups)
    token_expiry = TokenExpiry(tokens, documents.clock)
    writing = Writing(documents, access, Mentionable(store, access, issuer, groups))
    open_sockets = OpenSockets(sockets_per_server, limits.sessions_per_user_in_all, documents.connections)
    documents.metrics.add_gauge(
        "open_sockets", "WebSockets that are open here, joined or not.", lambda: open_sockets.count
    )
    return Services(
        issuer,
        access,
        documents,
        specs,
        Trash(documents, access, specs, trash_days),
        SearchIndex(store),
        contents,
        Outlines(documents, access),
        reports,
        Revisions(documents, access),
        OperationPages(documents, access),
        History(documents, access, reports),
        Changes(documents, access, reports),
        ReadMarks(documents, access),
        Attachments(documents, access),
        Threads(writing),
        Messages(writing),
        Reading(documents, access),
        Collaborators(
            store,
            access,
            issuer,
            Logins(store, issuer, knows_login),
            clock=documents.clock,
            count_write=documents.writes.count,
            access_changed=documents.access_changed,
        ),
        tokens,
        token_expiry,
        Polls(documents, tokens, token_expiry),
        open_sockets,
        Health(documents),
        LoopWatch(documents.metrics),
        templates_dir,
    )
