"""Several server processes with one PostgreSQL database and one Redis server."""
