"""Live documents and what they need: the effects around the pure core."""
