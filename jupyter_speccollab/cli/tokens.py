"""``jupyter speccollab tokens``: the tokens by which people and programs come without Jupyter's login."""

from __future__ import annotations

from datetime import timedelta

from traitlets import Unicode

from jupyter_speccollab.app import SpecCollabApp
from jupyter_speccollab.cli.base import Command, Group
from jupyter_speccollab.document.role import Role
from jupyter_speccollab.service.access.keys import Keys
from jupyter_speccollab.service.access.roles import Access
from jupyter_speccollab.service.access.tokens import Tokens
from jupyter_speccollab.service.live.documents import utc_now


class Revoke(Command):
    """Let tokens hold no longer: one, by the id in its claim jti, or all that a user was given until now.

    Servers on this database refuse them at once, and close the connections that they opened within seconds. The
    user may log in and get new ones: to keep them out of a spec, take their role there away.
    """

    name = "jupyter-speccollab-tokens-revoke"
    description = __doc__
    examples = "jupyter speccollab tokens revoke --user ada\njupyter speccollab tokens revoke --jti 8d0f2c1e"
    aliases = {"user": "Revoke.user", "jti": "Revoke.jti"}  # noqa: RUF012

    user = Unicode(help="The login name of whose tokens to revoke.").tag(config=True)
    jti = Unicode(help="The id of the token to revoke.").tag(config=True)

    async def work(self) -> None:
        if not (self.user or self.jti):
            self.fail("Say which: --user <login name>, or --jti <id of a token>.")
        store = self.store()
        issuer = SpecCollabApp(config=self.config).issuer
        tokens = Tokens(store, Access(store, Role.NONE), Keys(), issuer, timedelta(0), utc_now)
        try:
            await store.open()
            await tokens.revoke(token_id=self.jti or None, login=self.user or None)
        finally:
            await store.close()
        if self.user:
            self.say(f"The tokens that {self.user} has (issuer {issuer}) hold no longer.")
        if self.jti:
            self.say("The token holds no longer.")


class TokensGroup(Group):
    """The tokens by which people and programs come without Jupyter's login."""

    name = "jupyter-speccollab-tokens"
    description = __doc__
    subcommands = {  # noqa: RUF012
        "revoke": (Revoke, "Let a token, or all of a user's, hold no longer."),
    }
