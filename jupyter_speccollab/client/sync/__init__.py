"""The client's state machine: what is pending, what is sent, what is shown. No network, no clock."""
