"""Metrics of this server, for Prometheus."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, Metric
from prometheus_client.registry import Collector

SECONDS: Final = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0)


class Metrics(Collector):
    """Counters, histograms and gauges of one server. The app adds them to Jupyter's ``/metrics``."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.operations = Counter(
            "speccollab_operations", "Operations that this server has committed.", registry=self.registry
        )
        self.refusals = Counter(
            "speccollab_refusals", "Operations that were refused.", ["code"], registry=self.registry
        )
        self.writes_refused = Counter(
            "speccollab_writes_refused",
            "Transactions that the database did not take, by the reason.",
            ["reason"],
            registry=self.registry,
        )
        self.lost_versions = Counter(
            "speccollab_lost_versions",
            "Groups that another server was faster than, and that were transformed anew.",
            registry=self.registry,
        )
        self.resumed = Counter(
            "speccollab_resumed_sessions",
            "Sessions that went on in another connection.",
            registry=self.registry,
        )
        self.commit_seconds = Histogram(
            "speccollab_commit_seconds",
            "How long the database took for a group of operations.",
            buckets=SECONDS,
            registry=self.registry,
        )
        self.loop_lag_seconds = Histogram(
            "speccollab_loop_lag_seconds",
            "How late the event loop serves a timer, measured twenty times a second.",
            buckets=SECONDS,
            registry=self.registry,
        )
        self.answer_seconds = Histogram(
            "speccollab_answer_seconds",
            "From the arrival of an operation to its acknowledgement, which is also when the others are sent it.",
            buckets=SECONDS,
            registry=self.registry,
        )

    def describe(self) -> Iterable[Metric]:
        """Announce no names, so that several servers of one process can be registered at once."""
        return ()

    def collect(self) -> Iterable[Metric]:
        """The present values."""
        return self.registry.collect()

    def add_gauge(self, name: str, help_text: str, read: Callable[[], float]) -> None:
        """Add a gauge whose value is read at the time of each collection."""
        Gauge(f"speccollab_{name}", help_text, registry=self.registry).set_function(read)
