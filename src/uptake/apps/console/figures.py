"""Compute the figures that pages show; they are cached, and computed again when the log or the artifacts changed."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, Any

from prometheus_client.parser import text_string_to_metric_families

from uptake.insight.failures.summary import FailedTurn

if TYPE_CHECKING:
    from uptake.apps.http.service import Service
    from uptake.experiments.outcomes import Outcomes

__all__ = ["Figures", "latency_ms"]

_FRESH_S = 10.0


class Figures:
    """Cached figures of a service. Safe to use from many threads."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._lock = threading.Lock()
        self._made: dict[str, tuple[object, float, Any]] = {}

    def overview(self) -> dict[str, Any]:
        """Everything that the report shows."""
        return self._read()[0]

    def outcomes(self) -> Outcomes:
        """Return every turn with its outcome."""
        from uptake.experiments.outcomes import outcomes_of_log

        found: Outcomes = self._fresh("outcomes", lambda: outcomes_of_log(self._service.state.log))
        return found

    def failed(self) -> list[FailedTurn]:
        """Return the turns that the failure points of the overview count."""
        return self._read()[1]

    def _read(self) -> tuple[dict[str, Any], list[FailedTurn]]:
        from uptake.report.overview import overview

        def made() -> tuple[dict[str, Any], list[FailedTurn]]:
            state, failed = self._service.state, list[FailedTurn]()
            return overview(state.log, state.artifacts, state.directory, failed=failed), failed

        found: tuple[dict[str, Any], list[FailedTurn]] = self._fresh("overview", made)
        return found

    def _fresh(self, name: str, make: Any) -> Any:
        state = self._service.state
        with self._lock:
            started = tuple((one.name, one.is_running) for one in state.experiments.all())
            mark = state.log.watermark(), self._service.versions(), started
            known = self._made.get(name)
            if known is None or (known[0] != mark and time.monotonic() - known[1] >= _FRESH_S):
                self._made[name] = known = (mark, time.monotonic(), make())
                if name == "overview":  # what stands behind its counts must not be older
                    self._made = {one: made for one, made in self._made.items() if one == name or made[0] == mark}
            return known[2]

    def hurry(self) -> None:
        """Make them anew at the next look, if anything changed: who changed it wants to see it."""
        with self._lock:
            self._made = {name: (mark, -_FRESH_S, made) for name, (mark, _, made) in self._made.items()}


def latency_ms(metrics: bytes, route: str, share: float) -> float | None:
    r"""Return the time within which a share of a route's requests was answered, in ms; None where none was yet.

    Args:
        metrics: What `Metrics.text` returned; its buckets bound the answer from above.
        route: Name of the route.
        share: The share, in (0, 1).

    >>> counts = (("0.001", 98), ("+Inf", 99))
    >>> rows = [f'uptake_request_seconds_bucket{{le="{bound}",route="r"}} {count}' for bound, count in counts]
    >>> text = "\n".join(["# TYPE uptake_request_seconds histogram", *rows, ""]).encode()
    >>> latency_ms(text, "r", 0.5), latency_ms(text, "r", 0.999), latency_ms(text, "other", 0.5)
    (1.0, inf, None)
    """
    counts = [
        (float(sample.labels["le"]), sample.value)
        for family in text_string_to_metric_families(metrics.decode())
        for sample in family.samples
        if sample.name == "uptake_request_seconds_bucket" and sample.labels.get("route") == route
    ]
    total = max((count for _, count in counts), default=0.0)
    return min(bound for bound, count in counts if count >= share * total) * 1e3 if total else None
