"""What teaching costs the very next request, in CPU time of this process, as a median over twelve concepts.

teach.request_ms               CPU time of a plain request before anything was taught
teach.next_request_slower_ms   how much longer the request right after a concept was taught takes
"""

from __future__ import annotations

from uptake.lab.evaluate.teaching.latency import next_request

__all__ = ["run"]


def run() -> dict[str, float]:
    """Teach, and ask for something plain right after."""
    return next_request()
