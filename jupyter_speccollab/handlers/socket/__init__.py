"""The WebSocket of a spec (RFC 6455): frames, connection, protocol, outbox, handler."""
