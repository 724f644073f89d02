"""Objects that all live documents of a server share."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from jupyter_speccollab.bus.base import Bus
from jupyter_speccollab.document.limits import Limits
from jupyter_speccollab.service.access.roles import Access
from jupyter_speccollab.service.live.attributions import Attributions
from jupyter_speccollab.service.live.sitting_log import SittingLog
from jupyter_speccollab.service.metrics import Metrics
from jupyter_speccollab.service.presence.connection_count import ConnectionCount
from jupyter_speccollab.service.presence.session_rows import SessionRows
from jupyter_speccollab.service.quotas import Quotas
from jupyter_speccollab.service.rate_limiter import RateLimiter
from jupyter_speccollab.service.time_slice import BackgroundSlices
from jupyter_speccollab.store.base import Store


@dataclass(frozen=True, slots=True)
class Shared:
    """The store, the bus, limits, quotas, connections, metrics and clocks."""

    store: Store
    bus: Bus
    access: Access
    limits: Limits
    limiter: RateLimiter
    quotas: Quotas
    connections: ConnectionCount
    session_rows: SessionRows
    metrics: Metrics
    attributions: Attributions
    sitting_log: SittingLog
    clock: Callable[[], datetime]
    monotonic: Callable[[], float]
    slices: BackgroundSlices = field(default_factory=BackgroundSlices)
