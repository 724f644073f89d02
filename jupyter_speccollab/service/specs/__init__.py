"""Specs as entries of a list, their texts, and the users who have them open."""
