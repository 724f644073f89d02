"""The one place that holds the version; `labextension/package.json` repeats it and a test compares the two."""

__version__ = "0.1.0"
