"""The server extension: its settings, services and handlers."""

from __future__ import annotations

import gc
import logging
import os
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from jupyter_core.paths import jupyter_data_dir
from jupyter_server.extension.application import ExtensionApp
from prometheus_client import REGISTRY
from traitlets import Enum, Int, TraitError, Unicode, default

from jupyter_speccollab._version import __version__
from jupyter_speccollab.bus.choice import bus_of
from jupyter_speccollab.client.discovery import hub_service
from jupyter_speccollab.document.limits import Limits
from jupyter_speccollab.document.role import Role
from jupyter_speccollab.errors import StoreUnavailable
from jupyter_speccollab.event_schemas import emitter
from jupyter_speccollab.handlers.accepting import accept_within
from jupyter_speccollab.handlers.descriptors import connections_within, descriptor_limit, sockets_within
from jupyter_speccollab.handlers.hub_redirect import redirect_routes
from jupyter_speccollab.handlers.routes import routes
from jupyter_speccollab.secret import Secret
from jupyter_speccollab.service.access.audit import Audit
from jupyter_speccollab.service.access.keys import BadKey, Keys, own_secret, public_keys, secret_of
from jupyter_speccollab.service.access.logins import KnowsLogin
from jupyter_speccollab.service.access.tokens import GroupsOf
from jupyter_speccollab.service.services import Services, build
from jupyter_speccollab.service.specs.trash import DAYS
from jupyter_speccollab.store.choice import store_of

if TYPE_CHECKING:
    from jupyter_speccollab.store.postgres import PostgresStore
    from jupyter_speccollab.store.sqlite import SqliteStore

SECRET_FILE: Final = "token-secret"  # noqa: S105 (a file's name)
"""The file beside the SQLite file with the secret that a server made for itself."""


def freeze_loaded_objects() -> None:
    """Exclude all present objects from garbage collection.

    The modules that Jupyter has loaded live until the process ends. A full collection that traverses them delays
    all edits by about 0.1 s.
    """
    if not gc.get_freeze_count():
        gc.collect()
        gc.freeze()


class SpecCollabApp(ExtensionApp):
    """Live collaborative editing of specifications in JupyterLab."""

    name = "jupyter_speccollab"
    description = __doc__
    version = __version__
    load_other_extensions = True

    service_url = Unicode(
        help="The address of the hub service that keeps the specs, either absolute or a path on the hub. A "
        "server with this setting has no database of its own. Default: on a JupyterHub services/speccollab/ "
        "below its base URL, elsewhere empty. Set it to the empty string on a hub without the service."
    ).tag(config=True)

    database_path = Unicode(
        help="The SQLite file with all specs. Default: speccollab/specs.sqlite3 in Jupyter's data directory."
    ).tag(config=True)

    database_url = Secret(
        help="The PostgreSQL database with all specs, instead of a SQLite file: "
        "postgresql://user:password@host/database. Default: the environment variable "
        "SPECCOLLAB_DATABASE_URL. Other users of the machine can read a command line, so put a password "
        "into the environment or into a file."
    ).tag(config=True)

    database_url_file = Unicode(
        help="A file with the address of the PostgreSQL database. It is used if database_url is not set. "
        "Default: the environment variable SPECCOLLAB_DATABASE_URL_FILE."
    ).tag(config=True)

    database_connections = Int(
        10, min=2, help="The maximum number of connections of this server to PostgreSQL."
    ).tag(config=True)

    redis_url = Secret(
        help="The Redis server that several servers on one database share: redis://:password@host:6379/0, with "
        "TLS rediss://. Default: the environment variable SPECCOLLAB_REDIS_URL. Without Redis, servers on "
        "one database see each other's edits only about once a second, and each other's users not at all."
    ).tag(config=True)

    redis_url_file = Unicode(
        help="A file with the address of the Redis server. It is used if redis_url is not set. Default: the "
        "environment variable SPECCOLLAB_REDIS_URL_FILE."
    ).tag(config=True)

    redis_prefix = Unicode(
        "speccollab:",
        help="The prefix of all keys in Redis. Servers that share specs must have the same prefix.",
    ).tag(config=True)

    issuer = Unicode(
        "jupyter",
        help="The name of the authority that authenticates users. A user's id is derived from it and from the "
        "login name, so servers that share users must have the same issuer. If you change it, every user "
        "gets a new id and loses access to existing specs.",
    ).tag(config=True)

    default_role = Enum(
        [role.label for role in Role],
        "owner",
        help="The role of every user who can log in, in specs that give them no other role. Default: owner with "
        "SQLite, because everybody who can use a personal server can run code on it anyway; none with "
        "PostgreSQL.",
    ).tag(config=True)

    token_secret = Secret(
        help="The key that signs the tokens of this server (HS256), at least 32 bytes. Servers that share a "
        "database must have the same secret. Default: the environment variable SPECCOLLAB_TOKEN_SECRET; "
        "without it, a server with SQLite makes a secret and keeps it beside the SQLite file, and a server "
        "with PostgreSQL makes no tokens. Other users of the machine can read a command line, so put the "
        "secret into the environment or into a file."
    ).tag(config=True)

    token_secret_file = Unicode(
        help="A file with the secret. It is used if token_secret is not set. Default: the environment variable "
        "SPECCOLLAB_TOKEN_SECRET_FILE."
    ).tag(config=True)

    token_public_keys = Unicode(
        help="A file with the public keys of other issuers of tokens: one key in PEM, or a JWKS (RS256, ES256, "
        "EdDSA). It is read when the server starts."
    ).tag(config=True)

    token_seconds = Int(
        900, min=10, max=86_400, help="The lifetime of a token that this server makes, in seconds."
    ).tag(config=True)

    operations_per_minute = Int(
        Limits.operations_per_minute,
        min=1,
        help="The maximum number of edits of a user in any minute, over all specs.",
    ).tag(config=True)
    writes_per_minute = Int(
        Limits.writes_per_minute,
        min=1,
        help="The maximum number of saves, restores, new specs, labels, renames and changes of roles of a user "
        "in any minute.",
    ).tag(config=True)
    operation_length = Int(
        Limits.operation_length,
        min=500,
        help="The maximum length of an operation, as compact JSON in UTF-16 units. Clients split longer "
        "operations.",
    ).tag(config=True)
    frame_bytes = Int(
        Limits.frame_bytes,
        min=4_096,
        help="The maximum size of a frame from a client, in bytes. A larger frame closes the connection.",
    ).tag(config=True)
    document_length = Int(
        Limits.document_length, min=1, help="The maximum length of a document, in code points."
    ).tag(config=True)
    sessions_per_user = Int(
        Limits.sessions_per_user,
        min=1,
        help="The maximum number of sessions (open tabs) of a user in one spec.",
    ).tag(config=True)
    sessions_per_user_in_all = Int(
        Limits.sessions_per_user_in_all,
        min=1,
        help="The maximum number of sessions of a user over all specs, and of WebSockets of a user, joined or not.",
    ).tag(config=True)
    sockets_per_server = Int(
        0,
        min=0,
        help="The maximum number of WebSockets that are open on this server. 0: three quarters of the file "
        "descriptors that the process may have, and at least 128 fewer than those.",
    ).tag(config=True)
    users_per_spec = Int(
        Limits.users_per_spec, min=1, help="The maximum number of users in one spec at the same time."
    ).tag(config=True)
    cursor_updates_per_second = Int(
        Limits.cursor_updates_per_second,
        min=1,
        help="How often per second the cursor of a session is broadcast at most.",
    ).tag(config=True)
    max_stale_versions = Int(
        Limits.max_stale_versions,
        min=1,
        help="How many versions behind the document the base version of an edit may be. The client has to "
        "transform an older edit itself.",
    ).tag(config=True)

    trash_days = Int(
        DAYS,
        min=0,
        max=3_650,
        help="For how many days a deleted spec stays in the trash, where its owners can restore it with its "
        "history. Until it is deleted for good it counts for its creator's quotas. 0: a spec is deleted for "
        "good at once. Servers that share a database must have the same number.",
    ).tag(config=True)
    templates_dir = Unicode(
        help="A folder with Markdown files that new specs can start from, besides the templates of the extension. "
        "A file of the same name as one of these takes its place, and an empty one leaves it out. Default: none."
    ).tag(config=True)
    specs_per_user = Int(
        Limits.specs_per_user,
        min=0,
        help="The maximum number of specs that a user may have created and not deleted for good. 0: no limit.",
    ).tag(config=True)
    bytes_per_user = Int(
        Limits.bytes_per_user,
        min=0,
        help="The maximum size of the specs that a user has created, with their history, in bytes. 0: no limit. "
        "`jupyter speccollab usage` lists the users whose specs take most.",
    ).tag(config=True)
    total_bytes = Int(
        Limits.total_bytes,
        min=0,
        help="The maximum size of all specs, with their history, in bytes. 0: no limit.",
    ).tag(config=True)

    attachment_bytes = Int(
        Limits.attachment_bytes, min=1, help="The maximum size of a picture in a spec, in bytes."
    ).tag(config=True)
    attachments_bytes = Int(
        Limits.attachments_bytes, min=1, help="The maximum size of all pictures of a spec, in bytes."
    ).tag(config=True)

    services: Services | None = None

    @default("service_url")
    def _default_service_url(self) -> str:
        on_hub = self.serverapp is not None and hasattr(self.serverapp.identity_provider, "hub_auth")
        return hub_service(os.environ.get("JUPYTERHUB_BASE_URL", "/")) if on_hub else ""

    @default("database_path")
    def _default_database_path(self) -> str:
        return str(Path(jupyter_data_dir()) / "speccollab" / "specs.sqlite3")

    @default("database_url_file")
    def _default_database_url_file(self) -> str:
        return os.environ.get("SPECCOLLAB_DATABASE_URL_FILE", "")

    @default("redis_url_file")
    def _default_redis_url_file(self) -> str:
        return os.environ.get("SPECCOLLAB_REDIS_URL_FILE", "")

    @default("token_secret_file")
    def _default_token_secret_file(self) -> str:
        return os.environ.get("SPECCOLLAB_TOKEN_SECRET_FILE", "")

    @default("database_url")
    def _default_database_url(self) -> str:
        return _secret(self.database_url_file, "SPECCOLLAB_DATABASE_URL")

    @default("redis_url")
    def _default_redis_url(self) -> str:
        return _secret(self.redis_url_file, "SPECCOLLAB_REDIS_URL")

    @default("default_role")
    def _default_default_role(self) -> str:
        return "none" if self.database_url else "owner"

    @default("token_secret")
    def _default_token_secret(self) -> str:
        return _secret(self.token_secret_file, "SPECCOLLAB_TOKEN_SECRET")

    def _keys_or_exit(self) -> Keys:
        try:
            return self.make_keys()
        except BadKey as error:
            self.log.critical("Shared specs: %s", error)
            self.exit(1)
            raise

    def make_keys(self) -> Keys:
        """The configured keys. With SQLite and no configured secret, the server makes one. Raises `BadKey`."""
        path = self.token_public_keys
        public = public_keys(Path(path).expanduser()) if path else ()
        if self.token_secret or self.token_secret_file:
            return Keys(secret_of(self.token_secret), public)
        if self.database_url:
            self.log.info("Shared specs: no token_secret is set, so this server makes no tokens.")
            return Keys(public=public)
        file = Path(self.database_path).expanduser().parent / SECRET_FILE
        try:
            return Keys(own_secret(file), public)
        except OSError as error:
            self.log.warning(
                "Shared specs: %s can't be written (%s), so this server makes no tokens.",
                file,
                error.strerror,
            )
            return Keys(public=public)

    def make_store(self) -> SqliteStore | PostgresStore:
        """The configured store, not yet open. Raises `NoSuchStore`."""
        return store_of(self.database_url, self.database_path, self.database_connections)

    def groups_of_logins(self) -> GroupsOf | None:
        """A function that returns the groups of a login; ``None`` if the groups in a token are to be trusted."""
        return None

    def knows_login(self) -> KnowsLogin | None:
        """A function that says whether a login exists; ``None`` if nobody can be asked."""
        return None

    def initialize_settings(self) -> None:
        """Build the services, unless a hub service keeps the specs. The database is opened later, at the start."""
        assert self.serverapp is not None
        assert self.serverapp.event_logger is not None
        if self.service_url:
            pages = self.serverapp.web_app.settings.setdefault("page_config_data", {})
            pages["speccollabUrl"] = self.service_url
            return
        # The module loggers write where Jupyter's do, with a time and a level.
        logging.getLogger("jupyter_speccollab").parent = self.serverapp.log
        limits = Limits(**{name: getattr(self, name) for name in Limits.__dataclass_fields__})
        self.services = build(
            self.make_store(),
            limits,
            Role.named(self.default_role),
            self.issuer,
            self._keys_or_exit(),
            timedelta(seconds=self.token_seconds),
            self.groups_of_logins(),
            Audit(emitter(self.serverapp.event_logger)),
            bus_of(self.redis_url, self.redis_prefix),
            self.sockets_per_server or sockets_within(descriptor_limit()),
            self.knows_login(),
            self.trash_days,
            self.templates_dir,
        )

    def initialize_handlers(self) -> None:
        """Add the routes, and the metrics to Jupyter's ``/metrics``."""
        if self.services is None:
            self.handlers.extend(redirect_routes(self.service_url))
            return
        REGISTRY.register(self.services.documents.metrics)
        handlers: list[Any] = routes(self.services)
        self.handlers.extend(handlers)

    async def _start_jupyter_server_extension(self, serverapp: Any) -> None:
        """Called by Jupyter when its event loop runs."""
        if self.services is None:
            self.log.info("Shared specs: the hub service at %s keeps them.", self.service_url)
            return
        freeze_loaded_objects()
        accept_within(serverapp.http_server, connections_within(descriptor_limit()))
        self.services.loop_watch.start()
        with suppress(StoreUnavailable):  # is logged by the store watch; later requests try again
            await self.services.documents.ready()
        self.services.trash.start()
        self.services.search_index.start()

    async def stop_extension(self) -> None:
        """Called by Jupyter when the server stops."""
        if self.services is None:
            return
        with suppress(KeyError):  # already stopped
            REGISTRY.unregister(self.services.documents.metrics)
        await self.services.loop_watch.close()
        await self.services.trash.close()
        await self.services.search_index.close()
        self.services.token_expiry.close()
        await self.services.documents.close()


def _secret(file: str, variable: str) -> str:
    """The content of a file; without a file, the value of an environment variable.

    Raises `TraitError` for a file that can't be read. No part of the file is in the error.
    """
    if not file:
        return os.environ.get(variable, "")
    try:
        return Path(file).expanduser().read_text(encoding="utf-8-sig").strip()
    except OSError as error:
        raise TraitError(f"{file} can't be read: {error.strerror}.") from None
    except UnicodeDecodeError:
        raise TraitError(f"{file} is not text in UTF-8. Save it as UTF-8.") from None
