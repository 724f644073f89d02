# Shared specs on a JupyterHub: the five settings that an existing hub needs. Where your configuration has a setting
# already, add to it.
import os
import sys

c = get_config()  # noqa: F821 (JupyterHub provides it)

SPECS = "access:services!service=speccollab"  # "may use shared specs", in the words of the hub's scopes

c.JupyterHub.load_roles = [
    # 1. Who may use shared specs: here everybody. Or a role with "groups": ["team"] and this one scope.
    {"name": "user", "scopes": ["self", SPECS]},
    # 2. What the service may ask the hub: who is in which group, for programs that come with a JWT.
    {"name": "speccollab", "services": ["speccollab"], "scopes": ["read:users:name", "read:users:groups"]},
]

# 3. The service. It is told, and nobody's own server is, in which files the passwords of the database and of Redis
# stand. Not the passwords themselves: the hub writes what stands in "environment" into its own database.
FILES = ("SPECCOLLAB_DATABASE_URL_FILE", "SPECCOLLAB_REDIS_URL_FILE", "SPECCOLLAB_TOKEN_SECRET_FILE")
c.JupyterHub.services = [
    {
        "name": "speccollab",
        "url": os.environ.get("SPECCOLLAB_LISTEN", "http://127.0.0.1:10101"),
        "command": [sys.executable, "-m", "jupyter_speccollab.hub"],
        "display": False,
        "environment": {name: os.environ[name] for name in FILES if name in os.environ},
    }
]

# 4. JupyterLab may use them for the person in front of it ...
c.Spawner.oauth_client_allowed_scopes = [SPECS]

# 5. ... and so may their notebooks. The first two are what every server needs.
c.Spawner.server_token_scopes = ["users:activity!user", "access:servers!server", SPECS]
