"""What servers tell each other; `base` is the contract."""
