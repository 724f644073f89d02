"""No setting, database or Redis server shows a secret in an error or a log."""

from __future__ import annotations

import logging
from typing import Any

import pytest
from traitlets import TraitError
from traitlets.config import Config

from jupyter_speccollab.app import SpecCollabApp
from jupyter_speccollab.bus.choice import NoSuchBus, bus_of
from jupyter_speccollab.errors import StoreUnavailable
from jupyter_speccollab.store.choice import NoSuchStore, store_of
from tests.leaks import SECRET, shown_by
from tests.ports import free_port


@pytest.mark.parametrize("setting", ["token_secret", "database_url", "redis_url"])
@pytest.mark.parametrize("value", [[SECRET], {"secret": SECRET}, SECRET.encode() + b"\xff"])
def test_a_setting_of_the_wrong_kind_is_refused_without_its_value(setting: str, value: Any) -> None:
    config = Config()
    config.SpecCollabApp[setting] = value
    with pytest.raises(TraitError, match=f"SpecCollabApp.{setting} must be a text") as caught:
        getattr(SpecCollabApp(config=config), setting)
    assert SECRET not in shown_by(caught.value)


def test_bytes_are_a_text() -> None:
    config = Config()
    config.SpecCollabApp.token_secret = SECRET.encode()
    assert SpecCollabApp(config=config).token_secret == SECRET


@pytest.mark.parametrize(
    "url",
    [
        f"redis://:{SECRET}/x@localhost:6379/0",
        f"redis://:{SECRET}#x@localhost:6379/0",
        f"redis://:{SECRET}?x@localhost:6379/0",
        f"redis://{SECRET}#x@localhost/0",
        f"redis://ada:12?{SECRET}@localhost/0",
        f"redis://:{SECRET}@[localhost/0",
        f"rediss://:{SECRET}@localhost:no/0",
        f"redis://:{SECRET}@localhost/0?socket_timeout={SECRET}",
        SECRET,
    ],
)
def test_an_address_of_redis_that_can_not_be_read_is_refused_without_it(url: str) -> None:
    with pytest.raises(NoSuchBus, match="redis_url") as caught:
        bus_of(url, "")
    assert SECRET not in shown_by(caught.value)


@pytest.mark.parametrize(
    "url",
    [
        f"postgresql://ada:{SECRET}/x@localhost:5432/specs",
        f"postgresql://ada:{SECRET}#x@localhost:5432/specs",
        f"postgresql://ada:{SECRET}?x@localhost:5432/specs",
        f"postgresql://ada:12/{SECRET}@localhost:5432/specs",
        f"postgresql://ada:{SECRET}@[localhost:5432/specs",
        f"postgresql://ada:{SECRET}@localhost:no/specs",
        f"postgresql://ada:{SECRET}@127.0.0.1:1/specs",
        f"postgresql://ada:{SECRET}@127.0.0.1:1/specs?sslmode={SECRET}",
        f"mysql://ada:{SECRET}@localhost/specs",
    ],
)
async def test_an_address_of_postgresql_is_in_no_error_and_no_log(
    url: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)

    async def use() -> None:
        store = store_of(url, "", 2)
        try:
            await store.open()
        finally:
            await store.close()

    with pytest.raises((NoSuchStore, StoreUnavailable)) as caught:
        await use()
    assert SECRET not in shown_by(caught.value)
    assert SECRET not in caplog.text


async def test_redis_that_does_not_answer_is_logged_without_its_password(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    bus = bus_of(f"redis://ada:{SECRET}@127.0.0.1:{free_port()}/0", "")
    await bus.open()
    await bus.subscribe("spec", lambda news: None)
    await bus.close()
    assert SECRET not in caplog.text + repr(vars(bus))
