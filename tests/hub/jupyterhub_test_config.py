# The example of the documentation, followed by the settings for tests.
import json
import os

from jupyterhub.services.service import _ServiceSpawner
from jupyterhub.spawner import SimpleLocalProcessSpawner

c = get_config()  # noqa: F821 (JupyterHub provides it)
tests = json.loads(os.environ["HUB_TESTS"])

load_subconfig(tests["example"])  # noqa: F821

directory = tests["directory"]
inherited = {
    name: value for name, value in os.environ.items() if name.startswith("JUPYTER_") or name == "PYTHONPATH"
}

service = c.JupyterHub.services[0]
service["command"] += ["--HubIdentityProvider.recheck_seconds=1", "--HubIdentityProvider.admin_role=viewer"]
service["api_token"] = tests["service_token"]
service["environment"].update({**inherited, "JUPYTER_DATA_DIR": f"{directory}/service"})
if tests["service_url"]:  # the test starts the service
    del service["command"]
    service["url"] = tests["service_url"]

c.JupyterHub.bind_url = f"http://127.0.0.1:{tests['port']}"
c.JupyterHub.public_url = c.JupyterHub.bind_url
c.JupyterHub.hub_bind_url = f"http://127.0.0.1:{tests['hub_port']}"
c.ConfigurableHTTPProxy.api_url = f"http://127.0.0.1:{tests['proxy_api_port']}"
c.ConfigurableHTTPProxy.command = [tests["proxy"]]
c.JupyterHub.db_url = f"sqlite:///{directory}/jupyterhub.sqlite"
c.JupyterHub.cookie_secret_file = f"{directory}/cookie_secret"

c.JupyterHub.authenticator_class = "dummy"
c.DummyAuthenticator.password = "trial"
c.Authenticator.allowed_users = set(tests["users"])
c.Authenticator.admin_users = set(tests["admins"])
c.JupyterHub.load_groups = {"team": {"users": tests["team"]}}

SHOWN = {
    "ada": {
        "display_name": "Ada Lovelace",
        "initials": "AL",
        "color": "#117a8b",
        "avatar_url": "https://a.example/ada.png",
    },
    "mallory": {"display_name": "ada", "username": "ada", "name": "ada"},
}


def introduce(authenticator, handler, authentication):
    authentication["user_info"] = SHOWN.get(authentication["name"])
    return authentication


c.Authenticator.post_auth_hook = introduce


class Forgetful(SimpleLocalProcessSpawner):
    """Omits, for one user, the line of the configuration that lets JupyterLab use shared specs."""

    def __init__(self, **options):
        super().__init__(**options)
        if self.user.name == "forgotten":
            self.oauth_client_allowed_scopes = []


# Seconds between two looks at whether the service still runs: 30 by default, and there is no setting.
_ServiceSpawner.poll_interval = 5

c.JupyterHub.spawner_class = "tests.hub.separate_users.SeparateUsersSpawner" if tests["ids"] else Forgetful
c.SeparateUsersSpawner.ids = tests["ids"]
c.SimpleLocalProcessSpawner.home_dir_template = f"{directory}/home/{{username}}"
c.Spawner.cmd = [tests["python"], "-m", "jupyterhub.singleuser"]
c.Spawner.args = [
    "--LabApp.expose_app_in_browser=True",
    "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
    "--LabApp.extension_manager=readonly",
    *(["--allow-root"] if os.geteuid() == 0 else []),
]
c.Spawner.environment.update(inherited)

c.JupyterHub.services = [*c.JupyterHub.services, {"name": "tests", "api_token": tests["token"]}]
c.JupyterHub.load_roles = [
    *c.JupyterHub.load_roles,
    {
        "name": "tests",
        "services": ["tests"],
        "scopes": [
            "admin:users",
            "admin:servers",
            "admin:groups",
            "tokens",
            "shares",
            "read:hub",
            "read:services",
            "access:services",
        ],
    },
]
