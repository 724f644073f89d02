"""Typed messages and the codec that is the only validator of what comes in."""
