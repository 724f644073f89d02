"""Sessions of clients: their messages, polling, and the expiry of their tokens."""
