"""What the store asks of a database: functions of a synchronous SQLAlchemy connection inside a transaction.

Synchronous on purpose: SQLite runs them in its own thread, one hop a transaction; PostgreSQL runs the same
ones through ``AsyncConnection.run_sync`` (``docs/adr/0003-one-hop-per-transaction.md``). None of them begins
or ends a transaction.
"""
