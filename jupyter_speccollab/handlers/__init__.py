"""Tornado handlers: each parses a request, calls a service, and replies."""
