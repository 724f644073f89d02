"""The WebSocket of a spec (RFC 6455): frames, connection, outbox, handler."""
