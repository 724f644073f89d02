"""Authentication: the caller of a request, and the credentials that identify it."""
