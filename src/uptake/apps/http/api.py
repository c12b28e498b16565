"""List every route of the service in one table; the application and the OpenAPI document are made from it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from uptake.apps.http import learned, offered, people, taught, turns
from uptake.apps.http.metrics import CONTENT_TYPE
from uptake.apps.http.routes import Call, Raw, Route
from uptake.platforms.wire import (
    Acknowledged,
    Ask,
    Block,
    Changed,
    Due,
    Feedback,
    Forget,
    ForgetTaught,
    Forgotten,
    Pin,
    Rewrite,
    Rewritten,
    Rollback,
    StartExperiment,
    StopExperiment,
    SwitchOffers,
    Taught,
)

if TYPE_CHECKING:
    from uptake.apps.http.access import Token
    from uptake.apps.http.service import Service

__all__ = ["REWRITE", "ROUTES", "decided", "health", "metrics", "rewrite", "status"]

NDJSON = "application/x-ndjson"


def rewrite(service: Service, call: Call) -> Rewritten:
    """Decide what to act on for a request: leave it, act on other words, or ask first."""
    return decided(service, call.token, call.body)


def decided(service: Service, token: Token, body: Rewrite) -> Rewritten:
    """Decide for who holds a token.

    Raises:
        RequestRefused: The person is of another home.
    """
    if token.homes is not None:
        token.must_home(body.home_id if body.home_id is not None else token.home)
        service.residents.check(token, body.user_id)
    found = service.decide(body)
    service.metrics.decisions[found.action] += 1
    return found


def health(service: Service, call: Call) -> dict[str, Any]:  # noqa: ARG001 - every handler takes a call
    """Say that the service answers."""
    return {"status": "ok"}


def status(service: Service, call: Call) -> dict[str, Any]:  # noqa: ARG001
    """Say what is served, when it was learned, and whether the worker runs."""
    standing = service.standing
    return {
        "status": "ok",
        "started_at": service.started_at.isoformat(),
        "served": service.versions(),
        "learning": service.options.learn,
        "worker_runs": service.learner.pid is not None,
        "released_at": standing.released_at.isoformat() if standing.released_at else None,
        "release_failed": standing.failed,
        "fresh_rows": service.state.log.fresh_rows(),
    }


def metrics(service: Service, call: Call) -> Raw:  # noqa: ARG001
    """Count requests, times, decisions, turns and releases, in the text format of Prometheus."""
    service.metrics.serves(service.versions())
    return Raw(CONTENT_TYPE, service.metrics.text())


_USER = {"user_id": "Pseudonym of the person"}

REWRITE = Route(method="POST", path="/v1/rewrite", scope="rewrite", handler=rewrite, body=Rewrite, answer=Rewritten)
"""The route that every request of an assistant goes through; the application answers it without the router."""

ROUTES: tuple[Route, ...] = (
    REWRITE,
    Route(
        method="POST", path="/v1/observe", scope="observe", handler=turns.observe, body=bytes, answer=Acknowledged,
        query={"on_error": "stop (default): one bad line and nothing is stored; skip: the good ones are"},
    ),
    Route(
        method="POST", path="/v1/feedback", scope="observe", handler=turns.feedback, body=Feedback, answer=Acknowledged
    ),
    Route(method="POST", path="/v1/ask", scope="ask", handler=turns.ask, body=Ask),
    Route(method="POST", path="/v1/due", scope="ask", handler=turns.due, body=Due),
    Route(
        method="GET", path="/v1/explain", scope="read", handler=people.explain,
        query={"turn_id": "A turn of the log", "request": "Or a request", **_USER},
    ),
    Route(
        method="GET", path="/v1/rewrites", scope="read", handler=learned.rewrites,
        query={**_USER, "withdrawn": "true: what was withdrawn or suspended"},
    ),
    Route(
        method="GET", path="/v1/rewrites/picture", scope="read", handler=learned.picture, answer=None,
        query={"request": "The request", **_USER}, content_type="image/svg+xml",
    ),
    Route(
        method="POST", path="/v1/rewrites/block", scope="manage", handler=learned.block, body=Block, answer=Changed
    ),
    Route(method="POST", path="/v1/rewrites/pin", scope="manage", handler=learned.pin, body=Pin, answer=Changed),
    Route(
        method="POST", path="/v1/rewrites/approve", scope="manage", handler=learned.approve, body=Block, answer=Changed
    ),
    Route(method="GET", path="/v1/experiments", scope="read", handler=learned.experiments),
    Route(
        method="POST", path="/v1/experiments", scope="manage", handler=learned.start_experiment, body=StartExperiment
    ),
    Route(method="GET", path="/v1/experiments/{name}", scope="read", handler=learned.experiment),
    Route(
        method="POST", path="/v1/experiments/{name}/stop", scope="manage", handler=learned.stop_experiment,
        body=StopExperiment,
    ),
    Route(method="GET", path="/v1/artifacts", scope="read", handler=learned.artifacts),
    Route(
        method="POST", path="/v1/artifacts/rollback", scope="manage", handler=learned.roll_back, body=Rollback
    ),
    Route(method="POST", path="/v1/artifacts/lift", scope="manage", handler=learned.lift, body=Rollback),
    Route(method="GET", path="/v1/people/{user_id}", scope="read", handler=people.person),
    Route(method="GET", path="/v1/concepts", scope="read", handler=taught.concepts, query=_USER),
    Route(
        method="POST", path="/v1/concepts", scope="manage", handler=taught.add_concepts, body=Taught, answer=Changed
    ),
    Route(
        method="POST", path="/v1/concepts/forget", scope="manage", handler=taught.forget_concept, body=ForgetTaught,
        answer=Changed,
    ),
    Route(method="GET", path="/v1/preferences", scope="read", handler=taught.preferences, query=_USER),
    Route(
        method="POST", path="/v1/preferences", scope="manage", handler=taught.add_preferences, body=Taught,
        answer=Changed,
    ),
    Route(
        method="POST", path="/v1/preferences/forget", scope="manage", handler=taught.forget_preference,
        body=ForgetTaught, answer=Changed,
    ),
    Route(method="GET", path="/v1/suggestions", scope="read", handler=offered.suggestions, query=_USER),
    Route(
        method="POST", path="/v1/suggestions", scope="manage", handler=offered.switch_suggestions, body=SwitchOffers,
        answer=Changed,
    ),
    Route(
        method="GET", path="/v1/export", scope="read", handler=people.export, answer=None, content_type=NDJSON,
        query={**_USER, "home_id": "Or pseudonym of a home"},
    ),
    Route(method="POST", path="/v1/forget", scope="manage", handler=people.forget, body=Forget, answer=Forgotten),
    Route(method="GET", path="/v1/status", scope="monitor", handler=status),
    Route(
        method="GET", path="/metrics", scope="monitor", handler=metrics, answer=None, content_type="text/plain"
    ),
    Route(method="GET", path="/health", scope=None, handler=health),
)  # fmt: skip
"""Every route."""
