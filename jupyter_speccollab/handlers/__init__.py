"""Tornado handlers: each parses, calls the service, and replies."""
