"""Several real server processes over a real PostgreSQL and a real Redis."""
