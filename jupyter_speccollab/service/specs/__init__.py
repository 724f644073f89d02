"""Specs as entries of a list, their texts, and who is in them."""
