"""The demo: a spec and its notebook, in a directory of their own. Start it with ``python -m``."""
