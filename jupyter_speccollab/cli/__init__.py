"""``jupyter speccollab``: what administrators do at a command line."""

from jupyter_speccollab.cli.command import SpecCollabCommand

main = SpecCollabCommand.launch_instance
