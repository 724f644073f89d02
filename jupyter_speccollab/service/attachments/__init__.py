"""The pictures of specs."""
