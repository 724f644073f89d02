"""What carries a session: frames of a WebSocket, polling, and the expiry of its token."""
