"""The store of specs, operations and snapshots; `base` is its contract."""
