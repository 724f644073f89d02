"""Metrics: what this server counts of itself, for Prometheus."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, Metric
from prometheus_client.registry import Collector

SECONDS: Final = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0)


class Metrics(Collector):
    """Counters and histograms of one server, a collector that the app shows on Jupyter's ``/metrics``."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.operations = Counter(
            "speccollab_operations", "Operations that this server has committed.", registry=self.registry
        )
        self.refusals = Counter(
            "speccollab_refusals", "Operations that were refused.", ["code"], registry=self.registry
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
        self.answer_seconds = Histogram(
            "speccollab_answer_seconds",
            "From the arrival of an operation to its acknowledgement, which is also when the others are sent it.",
            buckets=SECONDS,
            registry=self.registry,
        )

    def describe(self) -> Iterable[Metric]:
        """No names ahead: several servers of one process may be shown at once."""
        return ()

    def collect(self) -> Iterable[Metric]:
        """Everything as it is now."""
        return self.registry.collect()

    def watch(self, name: str, help_text: str, read: Callable[[], float]) -> None:
        """Show what ``read`` returns at the time somebody asks."""
        Gauge(f"speccollab_{name}", help_text, registry=self.registry).set_function(read)
