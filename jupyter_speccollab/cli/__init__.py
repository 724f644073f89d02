"""``jupyter speccollab``: commands for administrators."""

from jupyter_speccollab.cli.command import SpecCollabCommand

main = SpecCollabCommand.launch_instance
