"""The server extension: traits and wiring."""

from __future__ import annotations

import gc
import os
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from jupyter_core.paths import jupyter_data_dir
from jupyter_server.extension.application import ExtensionApp
from prometheus_client import REGISTRY
from traitlets import Enum, Int, Unicode, default

from jupyter_speccollab._version import __version__
from jupyter_speccollab.bus.choice import bus_of
from jupyter_speccollab.client.discovery import hub_service
from jupyter_speccollab.document.limits import Limits
from jupyter_speccollab.document.role import Role
from jupyter_speccollab.errors import StoreUnavailable
from jupyter_speccollab.event_schemas import emitter
from jupyter_speccollab.handlers.hub_redirect import redirect_routes
from jupyter_speccollab.handlers.routes import routes
from jupyter_speccollab.service.access.audit import Audit
from jupyter_speccollab.service.access.keys import BadKey, Keys, own_secret, public_keys, secret_of
from jupyter_speccollab.service.access.tokens import GroupsOf
from jupyter_speccollab.service.services import Services, build
from jupyter_speccollab.store.choice import store_of

if TYPE_CHECKING:
    from jupyter_speccollab.store.postgres import PostgresStore
    from jupyter_speccollab.store.sqlite import SqliteStore

OWN_SECRET: Final = "token-secret"  # noqa: S105 (a file's name)
"""The file, beside the SQLite file, that holds a server's own secret."""


def spare_collector() -> None:
    """Let the garbage collector pass over all that Jupyter has loaded by now, which stays to the end anyway.

    Else each full collection walks through it, and everybody's edits wait for a tenth of a second.
    """
    if not gc.get_freeze_count():
        gc.collect()
        gc.freeze()


class SpecCollabApp(ExtensionApp):
    """People writing a specification together, live, inside JupyterLab."""

    name = "jupyter_speccollab"
    description = __doc__
    version = __version__
    load_other_extensions = True

    service_url = Unicode(
        help="The address of the hub service that keeps the specs, absolute or from the root of the hub's: this "
        "server then has no database of its own. Default: on a JupyterHub services/speccollab/ below its base URL, "
        "elsewhere nothing. Set it to the empty string on a hub without the service."
    ).tag(config=True)

    database_path = Unicode(
        help="The SQLite file that holds all specs. Default: speccollab/specs.sqlite3 in Jupyter's data directory."
    ).tag(config=True)

    database_url = Unicode(
        help="The PostgreSQL database that holds all specs, in place of a SQLite file: "
        "postgresql://user:password@host/database. Default: the environment variable SPECCOLLAB_DATABASE_URL. A "
        "command line can be read by others on the machine: name a password in the environment or in a file."
    ).tag(config=True)

    database_url_file = Unicode(
        help="A file that holds the address of the PostgreSQL database; it counts where database_url is not set. "
        "Default: the environment variable SPECCOLLAB_DATABASE_URL_FILE."
    ).tag(config=True)

    database_connections = Int(
        10, min=2, help="How many connections to PostgreSQL this server opens at the most."
    ).tag(config=True)

    redis_url = Unicode(
        help="The Redis that several servers on one database share: redis://:password@host:6379/0, with TLS "
        "rediss://. Default: the environment variable SPECCOLLAB_REDIS_URL. Without it servers hear of each other "
        "from the database alone, about once a second, and don't see each other's people."
    ).tag(config=True)

    redis_url_file = Unicode(
        help="A file that holds the address of the Redis; it counts where redis_url is not set. Default: the "
        "environment variable SPECCOLLAB_REDIS_URL_FILE."
    ).tag(config=True)

    redis_prefix = Unicode(
        "speccollab:",
        help="What the names of all keys in Redis begin with. Servers that share specs share it.",
    ).tag(config=True)

    issuer = Unicode(
        "jupyter",
        help="Names who vouches for logins. A user's id is made of it and the login name, so servers that share "
        "users must share it. Changing it makes everybody a stranger.",
    ).tag(config=True)

    default_role = Enum(
        [role.label for role in Role],
        "owner",
        help="The role of everybody who can log in, in every spec that gives them no other. Default: owner on "
        "one's own server, since whoever reaches that can run code on it anyway; none with PostgreSQL.",
    ).tag(config=True)

    token_secret = Unicode(
        help="Signs the tokens that this server makes (HS256), of 32 bytes or more; servers that share a database "
        "share it. Default: the environment variable SPECCOLLAB_TOKEN_SECRET; else, with a SQLite file, one that "
        "is made once and kept beside it; with PostgreSQL no tokens are made. Name it in the environment or in a "
        "file: a command line can be read by others on the machine."
    ).tag(config=True)

    token_secret_file = Unicode(
        help="A file that holds the secret; it counts where token_secret is not set. Default: the environment "
        "variable SPECCOLLAB_TOKEN_SECRET_FILE."
    ).tag(config=True)

    token_public_keys = Unicode(
        help="A file with the public keys of who else may issue tokens: one in PEM, or a JWKS (RS256, ES256, "
        "EdDSA). It is read when the server starts."
    ).tag(config=True)

    token_seconds = Int(
        900, min=10, max=86_400, help="How long a token that this server makes holds, in seconds."
    ).tag(config=True)

    operations_per_minute = Int(
        Limits.operations_per_minute,
        min=1,
        help="Edits that one user may send in any minute, over all specs.",
    ).tag(config=True)
    writes_per_minute = Int(
        Limits.writes_per_minute,
        min=1,
        help="Saves, restores, renames and changes of roles that one user may do in any minute.",
    ).tag(config=True)
    operation_length = Int(
        Limits.operation_length,
        min=500,
        help="How long one operation may be, as compact JSON in UTF-16 units. Clients split longer ones.",
    ).tag(config=True)
    frame_bytes = Int(
        Limits.frame_bytes, min=4_096, help="How large a frame a client may send, in bytes; larger closes it."
    ).tag(config=True)
    document_length = Int(
        Limits.document_length, min=1, help="How long a document may be, in code points."
    ).tag(config=True)
    sessions_per_user = Int(
        Limits.sessions_per_user, min=1, help="In how many tabs one user may have one spec open."
    ).tag(config=True)
    sessions_per_user_in_all = Int(
        Limits.sessions_per_user_in_all, min=1, help="How many sessions one user may have over all specs."
    ).tag(config=True)
    users_per_spec = Int(Limits.users_per_spec, min=1, help="How many people may be in one spec.").tag(
        config=True
    )
    cursor_updates_per_second = Int(
        Limits.cursor_updates_per_second, min=1, help="How often a session's cursor is passed on at the most."
    ).tag(config=True)
    max_stale_versions = Int(
        Limits.max_stale_versions,
        min=1,
        help="How many versions behind an edit may be and still be merged by the server. Clients that are "
        "further behind merge by themselves.",
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
        """The keys that are configured; beside a SQLite file a secret of its own. Raises `BadKey`."""
        path = self.token_public_keys
        public = public_keys(Path(path).expanduser()) if path else ()
        if self.token_secret or self.token_secret_file:
            return Keys(secret_of(self.token_secret), public)
        if self.database_url:
            self.log.info("Shared specs: no token_secret is set, so this server makes no tokens.")
            return Keys(public=public)
        file = Path(self.database_path).expanduser().parent / OWN_SECRET
        try:
            return Keys(own_secret(file), public)
        except OSError as error:
            self.log.warning(
                "Shared specs: %s can't be kept (%s), so no tokens are made.", file, error.strerror
            )
            return Keys(public=public)

    def make_store(self) -> SqliteStore | PostgresStore:
        """The store that is configured, not opened yet. Raises `NoSuchStore`."""
        return store_of(self.database_url, self.database_path, self.database_connections)

    def groups_of_logins(self) -> GroupsOf | None:
        """Where to ask in which groups a token's login is; ``None``: the token's word is taken."""
        return None

    def initialize_settings(self) -> None:
        """Build the services; the database is opened when the server starts. None, where they are elsewhere."""
        assert self.serverapp is not None
        assert self.serverapp.event_logger is not None
        if self.service_url:
            pages = self.serverapp.web_app.settings.setdefault("page_config_data", {})
            pages["speccollabUrl"] = self.service_url
            return
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
        )

    def initialize_handlers(self) -> None:
        """Add the routes, and show what is measured on Jupyter's ``/metrics``."""
        if self.services is None:
            self.handlers.extend(redirect_routes(self.service_url))
            return
        REGISTRY.register(self.services.documents.metrics)
        handlers: list[Any] = routes(self.services)
        self.handlers.extend(handlers)

    async def _start_jupyter_server_extension(self, serverapp: Any) -> None:
        """Called by Jupyter once its event loop runs."""
        if self.services is None:
            self.log.info("Shared specs are kept by the service at %s.", self.service_url)
            return
        spare_collector()
        try:
            await self.services.documents.ready()
        except (
            StoreUnavailable
        ) as error:  # requests try again, and are answered with this sentence until then
            self.log.error("Shared specs are not available: %s", error.message)

    async def stop_extension(self) -> None:
        """Called by Jupyter when the server stops."""
        if self.services is None:
            return
        with suppress(KeyError):  # it was stopped before
            REGISTRY.unregister(self.services.documents.metrics)
        self.services.token_expiry.close()
        await self.services.documents.close()


def _secret(file: str, variable: str) -> str:
    """What stands in the file, where one is named, else in the environment."""
    if file:
        return Path(file).expanduser().read_text(encoding="utf-8").strip()
    return os.environ.get(variable, "")
