"""Metrics in the text format of Prometheus: counts, times and versions, without users' names or words.

Each request updates plain numbers in the event loop; they are formatted when somebody asks for them.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter as Tally
from collections.abc import Iterator
from itertools import accumulate

from prometheus_client import CollectorRegistry, Counter, Gauge, Info
from prometheus_client.core import CounterMetricFamily, HistogramMetricFamily
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.registry import Collector

__all__ = ["CONTENT_TYPE", "Metrics"]

CONTENT_TYPE = CONTENT_TYPE_LATEST

_TIMES_S = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 5.0)


class Metrics:
    """Metrics of one service.

    >>> metrics = Metrics()
    >>> metrics.request("rewrite", 200, 0.001)
    >>> b'uptake_requests_total{route="rewrite",status="200"} 1.0' in metrics.text()
    True
    """

    def __init__(self) -> None:
        self._registry = registry = CollectorRegistry()
        self.decisions: Tally[str] = Tally()
        """Action -> decisions on requests."""
        self._requests: Tally[tuple[str, int]] = Tally()
        self._times: dict[str, _Times] = {}
        registry.register(_Counted(self))
        self.turns = Counter("uptake_turns_acknowledged", "Turns that became durable.", registry=registry)
        self.releases = Counter("uptake_releases", "Releases while serving.", ("result",), registry=registry)
        self.release_at = Gauge("uptake_release_timestamp_seconds", "End of the last release.", registry=registry)
        self.worker_starts = Counter("uptake_worker_starts", "Starts of the learning worker.", registry=registry)
        self._served = Info("uptake_served", "Versions that are served.", registry=registry)

    def request(self, route: str, status: int, took_s: float) -> None:
        """Count a request that was answered.

        Args:
            route: Name of the route; never its path, in which names of people may stand.
            status: Status of HTTP.
            took_s: Time it took, in seconds.
        """
        self._requests[route, status] += 1
        times = self._times.get(route)
        if times is None:
            times = self._times[route] = _Times()
        times.sum_s += took_s
        times.counts[bisect_left(_TIMES_S, took_s)] += 1

    def serves(self, versions: dict[str, str]) -> None:
        """Tell which versions of what are served."""
        self._served.info(versions)

    def text(self) -> bytes:
        """Return all of it as text."""
        return generate_latest(self._registry)

    def families(self) -> Iterator[CounterMetricFamily | HistogramMetricFamily]:
        """Return the counts of requests, as the registry takes them."""
        requests = CounterMetricFamily("uptake_requests", "Requests answered.", labels=("route", "status"))
        for (route, status), count in list(self._requests.items()):
            requests.add_metric((route, str(status)), count)
        times = HistogramMetricFamily("uptake_request_seconds", "Time to answer.", labels=("route",))
        for route, taken in list(self._times.items()):
            sums = zip((*map(str, _TIMES_S), "+Inf"), accumulate(taken.counts), strict=True)
            times.add_metric((route,), list(sums), taken.sum_s)
        decisions = CounterMetricFamily("uptake_decisions", "Decisions on requests.", labels=("action",))
        for action, count in list(self.decisions.items()):
            decisions.add_metric((action,), count)
        yield from (requests, times, decisions)


class _Times:
    """Histogram of the latencies of a route."""

    __slots__ = ("counts", "sum_s")

    def __init__(self) -> None:
        self.counts = [0] * (len(_TIMES_S) + 1)
        self.sum_s = 0.0


class _Counted(Collector):
    def __init__(self, metrics: Metrics) -> None:
        self._metrics = metrics

    def collect(self) -> Iterator[CounterMetricFamily | HistogramMetricFamily]:
        return self._metrics.families()
