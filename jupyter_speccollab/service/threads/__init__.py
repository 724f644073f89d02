"""Comments and suggestions: written, answered, resolved, accepted and listed."""
