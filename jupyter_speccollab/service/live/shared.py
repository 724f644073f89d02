"""The surroundings of a live document: what all that are open on this server share."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from jupyter_speccollab.bus.base import Bus
from jupyter_speccollab.document.limits import Limits
from jupyter_speccollab.service.access.roles import Access
from jupyter_speccollab.service.metrics import Measures
from jupyter_speccollab.service.presence.connection_count import Connections
from jupyter_speccollab.service.presence.session_rows import Ledger
from jupyter_speccollab.service.rate_limiter import Limiter
from jupyter_speccollab.store.base import Store


@dataclass(frozen=True, slots=True)
class Surroundings:
    """The store, the bus, the limits, connections and the ledger of sessions, the measures, and the clocks."""

    store: Store
    bus: Bus
    access: Access
    limits: Limits
    limiter: Limiter
    connections: Connections
    ledger: Ledger
    measures: Measures
    clock: Callable[[], datetime]
    monotonic: Callable[[], float]
