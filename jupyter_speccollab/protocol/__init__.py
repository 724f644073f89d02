"""Typed messages, and the codec. All input from clients is validated by the codec."""
