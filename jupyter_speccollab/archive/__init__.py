"""Archives: a spec with its whole history in one file, exported from any store and imported into any other.

The file is JSON Lines, compressed with gzip. ``docs/operations.md`` describes it; `records` defines it.
"""
