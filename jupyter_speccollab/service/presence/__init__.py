"""Presence: sessions and cursors in a document, and their rows in the database."""
