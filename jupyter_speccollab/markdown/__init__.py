"""What a Markdown text says of itself: pure, with no I/O."""
