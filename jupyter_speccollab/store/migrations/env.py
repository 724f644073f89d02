"""Run by Alembic; the connection, and the transaction that it is in, are the caller's."""

from alembic import context

from jupyter_speccollab.store.tables import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
context.run_migrations()
