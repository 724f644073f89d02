"""The bus, by which servers notify each other. `base` holds the interface."""
