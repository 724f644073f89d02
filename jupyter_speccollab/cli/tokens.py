"""``jupyter speccollab tokens``: the tokens that give access without a Jupyter login."""

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
    """Revoke tokens: one, by the id in its claim jti, or all that a user was given until now.

    Servers on this database refuse revoked tokens at once, and close the connections that were opened with them
    within seconds. The user may log in and get new tokens: to keep a user out of a spec, remove their role there.
    """

    name = "jupyter-speccollab-tokens-revoke"
    description = __doc__
    examples = "jupyter speccollab tokens revoke --user ada\njupyter speccollab tokens revoke --jti 8d0f2c1e"
    aliases = {"user": "Revoke.user", "jti": "Revoke.jti"}  # noqa: RUF012

    user = Unicode(help="The login name of the user whose tokens are revoked.").tag(config=True)
    jti = Unicode(help="The id of the token that is revoked.").tag(config=True)

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
            self.say(f"All tokens of {self.user} (issuer {issuer}) are revoked.")
        if self.jti:
            self.say("The token is revoked.")


class TokensGroup(Group):
    """The tokens that give access without a Jupyter login."""

    name = "jupyter-speccollab-tokens"
    description = __doc__
    subcommands = {  # noqa: RUF012
        "revoke": (Revoke, "Revoke a token, or all tokens of a user."),
    }
