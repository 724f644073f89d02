"""The SQL statements of the store, by noun: functions that run on a SQLAlchemy connection inside a transaction.

They are synchronous on purpose: SQLite runs all statements of a transaction in another thread, and PostgreSQL
runs the same functions through ``AsyncConnection.run_sync`` (``docs/adr/0003-one-hop-per-transaction.md``).
None of them begins or ends a transaction.
"""
