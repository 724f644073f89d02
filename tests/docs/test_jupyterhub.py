"""``docs/jupyterhub.md`` says the same for Kubernetes as the example does for one machine."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from traitlets.config import Config

DOCS = Path(__file__).parents[2] / "docs"


def example() -> Config:
    """What the example configures."""
    return configured((DOCS / "examples" / "jupyterhub_config.py").read_text(encoding="utf-8"))


def configured(code: str) -> Config:
    config = Config()
    exec(code, {"get_config": lambda: config, "c": config})
    return config


def values() -> dict[str, Any]:
    """The chart's values."""
    page = (DOCS / "jupyterhub.md").read_text(encoding="utf-8")
    (block,) = re.findall(r"```yaml\n(.*?)```", page, re.DOTALL)
    return dict(yaml.safe_load(block))


def test_the_roles_are_the_same() -> None:
    roles = values()["hub"]["loadRoles"].items()
    assert [{"name": name, **role} for name, role in roles] == example().JupyterHub.load_roles


def test_servers_and_pages_have_the_same_scopes() -> None:
    chart = configured(values()["hub"]["extraConfig"]["speccollab"])
    assert chart.Spawner == example().Spawner


def test_no_password_goes_through_the_hub(monkeypatch: pytest.MonkeyPatch) -> None:
    """It would stand in the hub's database."""
    for name in ("DATABASE_URL", "REDIS_URL", "TOKEN_SECRET"):
        monkeypatch.setenv(f"SPECCOLLAB_{name}", "secret")
        monkeypatch.setenv(f"SPECCOLLAB_{name}_FILE", f"/etc/speccollab/{name}")
    (service,) = example().JupyterHub.services
    assert set(service["environment"].values()) == {
        "/etc/speccollab/DATABASE_URL",
        "/etc/speccollab/REDIS_URL",
        "/etc/speccollab/TOKEN_SECRET",
    }
