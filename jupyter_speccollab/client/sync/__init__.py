"""The client's state machine: which edits are pending, what is sent, which text is shown. No network, no clock."""
