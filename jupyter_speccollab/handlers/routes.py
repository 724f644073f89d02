"""The addresses of this extension, relative to the server's base URL."""

from __future__ import annotations

from typing import Any

from jupyter_speccollab.handlers.attachments import AttachmentHandler, AttachmentsHandler
from jupyter_speccollab.handlers.attribution import AttributionHandler
from jupyter_speccollab.handlers.changes import ChangesHandler
from jupyter_speccollab.handlers.collaborators import CollaboratorHandler, CollaboratorsHandler
from jupyter_speccollab.handlers.document import DocumentHandler
from jupyter_speccollab.handlers.health import HealthHandler
from jupyter_speccollab.handlers.history import HistoryHandler
from jupyter_speccollab.handlers.not_found import NotFoundHandler
from jupyter_speccollab.handlers.operations import OperationsHandler
from jupyter_speccollab.handlers.outline import OutlineHandler
from jupyter_speccollab.handlers.polling import SessionEventsHandler, SessionHandler, SessionsHandler
from jupyter_speccollab.handlers.read import ReadHandler
from jupyter_speccollab.handlers.revisions import (
    LabelHandler,
    RestoreHandler,
    RevisionDiffHandler,
    RevisionHandler,
    RevisionsHandler,
)
from jupyter_speccollab.handlers.socket.flush_queue import FlushQueue
from jupyter_speccollab.handlers.socket.frame_turns import FrameTurns
from jupyter_speccollab.handlers.socket.handler import SpecSocket
from jupyter_speccollab.handlers.specs import SpecEntryHandler, SpecsHandler, UndeleteHandler
from jupyter_speccollab.handlers.templates import TemplatesHandler
from jupyter_speccollab.handlers.threads import (
    MessageHandler,
    ThreadHandler,
    ThreadMessagesHandler,
    ThreadsHandler,
)
from jupyter_speccollab.handlers.tokens import TokenHandler
from jupyter_speccollab.service.services import Services


def routes(services: Services) -> list[tuple[str, type, dict[str, Any]]]:
    """Patterns, handlers and their arguments."""
    spec = r"/api/specs/([^/]+)"
    table: list[tuple[str, type]] = [
        (r"/api/specs/?", SpecsHandler),
        (r"/api/specs/health", HealthHandler),
        (r"/api/specs/templates", TemplatesHandler),
        (spec, SpecEntryHandler),
        (spec + r"/undelete", UndeleteHandler),
        (spec + r"/document", DocumentHandler),
        (spec + r"/outline", OutlineHandler),
        (spec + r"/attribution", AttributionHandler),
        (spec + r"/history", HistoryHandler),
        (spec + r"/changes", ChangesHandler),
        (spec + r"/read", ReadHandler),
        (spec + r"/operations", OperationsHandler),
        (spec + r"/revisions", RevisionsHandler),
        (spec + r"/revisions/([^/]+)", RevisionHandler),
        (spec + r"/revisions/([^/]+)/diff", RevisionDiffHandler),
        (spec + r"/revisions/([^/]+)/label", LabelHandler),
        (spec + r"/revisions/([^/]+)/restore", RestoreHandler),
        (spec + r"/attachments", AttachmentsHandler),
        (spec + r"/attachments/([^/]+)", AttachmentHandler),
        (spec + r"/threads", ThreadsHandler),
        (spec + r"/threads/([^/]+)", ThreadHandler),
        (spec + r"/threads/([^/]+)/messages", ThreadMessagesHandler),
        (spec + r"/threads/([^/]+)/messages/([^/]+)", MessageHandler),
        (spec + r"/messages/([^/]+)", MessageHandler),
        (spec + r"/collaborators", CollaboratorsHandler),
        (spec + r"/collaborators/([^/]+)", CollaboratorHandler),
        (spec + r"/session", SessionsHandler),
        (spec + r"/session/([^/]+)", SessionHandler),
        (spec + r"/session/([^/]+)/events", SessionEventsHandler),
        (spec + r"/token", TokenHandler),
        (r"/api/specs/.*", NotFoundHandler),
    ]
    turns = FrameTurns()
    shared = {"services": services, "flush_queue": FlushQueue(), "frame_turns": turns}
    socket = (r"/ws/specs/([^/]+)", SpecSocket, shared)
    more: dict[type, dict[str, Any]] = {SessionEventsHandler: {"frame_turns": turns}}
    calls = [(pattern, kind, {"services": services, **more.get(kind, {})}) for pattern, kind in table]
    return [*calls, socket]
