"""``python -m jupyter_speccollab.cli``, for when the command is not on the path."""

from jupyter_speccollab.cli import main

main()
