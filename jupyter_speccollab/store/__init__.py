"""Where specs, operations and snapshots are kept; `base` is the contract."""
