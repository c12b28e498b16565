"""Metrics in the text format of Prometheus: counts, times and versions; no user's name or word among them."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, Info
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest

__all__ = ["CONTENT_TYPE", "Metrics"]

CONTENT_TYPE = CONTENT_TYPE_LATEST

_TIMES_S = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 5.0)


class Metrics:
    """The metrics of one service.

    >>> metrics = Metrics()
    >>> metrics.request("rewrite", 200, 0.001)
    >>> b'uptake_requests_total{route="rewrite",status="200"} 1.0' in metrics.text()
    True
    """

    def __init__(self) -> None:
        self._registry = registry = CollectorRegistry()
        self._requests = Counter("uptake_requests", "Requests answered.", ("route", "status"), registry=registry)
        self._times = Histogram(
            "uptake_request_seconds", "Time to answer.", ("route",), buckets=_TIMES_S, registry=registry
        )
        self.decisions = Counter("uptake_decisions", "Decisions on requests.", ("action",), registry=registry)
        self.turns = Counter("uptake_turns_acknowledged", "Turns that became durable.", registry=registry)
        self.releases = Counter("uptake_releases", "Releases while serving.", ("result",), registry=registry)
        self.release_at = Gauge("uptake_release_timestamp_seconds", "End of the last release.", registry=registry)
        self.worker_starts = Counter("uptake_worker_starts", "Starts of the learning worker.", registry=registry)
        self._served = Info("uptake_served", "Versions that are served.", registry=registry)
        self._known: dict[tuple[str, int], tuple[Counter, Histogram]] = {}

    def request(self, route: str, status: int, took_s: float) -> None:
        """Count a request that was answered.

        Args:
            route: Name of the route; never its path, in which names of people may stand.
            status: Status of HTTP.
            took_s: Time it took, in seconds.
        """
        found = self._known.get((route, status))
        if found is None:
            found = self._requests.labels(route, str(status)), self._times.labels(route)
            self._known[route, status] = found
        found[0].inc()
        found[1].observe(took_s)

    def serves(self, versions: dict[str, str]) -> None:
        """Tell which versions of what are served."""
        self._served.info(versions)

    def text(self) -> bytes:
        """Return all of it as text."""
        return generate_latest(self._registry)
