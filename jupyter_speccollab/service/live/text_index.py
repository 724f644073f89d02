"""The index of texts: what searches look into, brought up to date with a snapshot."""

from __future__ import annotations

import asyncio
import logging

from jupyter_speccollab.document.words import passages_of
from jupyter_speccollab.errors import StoreUnavailable
from jupyter_speccollab.store.base import Store

logger = logging.getLogger(__name__)


async def index_text(store: Store, spec_id: str, version: int, content: str) -> None:
    """Let searches look into the text of ``version``. Failing that, `SearchIndex` does it later."""
    try:
        passages = await asyncio.to_thread(passages_of, content)
        await store.index_text(spec_id, version, passages)
    except StoreUnavailable:
        logger.debug("the database is away: the text of %s is indexed later", spec_id)
