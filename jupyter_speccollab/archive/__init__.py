"""A spec with its whole history as one file: written from any store, read into any other.

The file is JSON Lines, compressed with gzip; ``docs/operations.md`` describes it, `lines` is its definition.
"""
