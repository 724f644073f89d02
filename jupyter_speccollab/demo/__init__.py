"""The demo: a spec and a notebook that go together, in a directory of their own. Run it by ``python -m``."""
