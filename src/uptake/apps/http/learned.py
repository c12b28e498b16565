"""Routes for learned rewrites, experiments and versions: list, block, pin, roll back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from uptake.apps.http.routes import Call, Raw
from uptake.catalogue import artifact_class, kinds
from uptake.errors import ArtifactRefused, BadRecord, RequestRefused
from uptake.experiments.assignment import Experiment
from uptake.experiments.registry import Started
from uptake.platforms.wire import Block, Changed, Pin, Rollback, StartExperiment, StopExperiment
from uptake.release import curate
from uptake.report.why import draw_why, moves_of
from uptake.text.normalize import normalize

if TYPE_CHECKING:
    from uptake.apps.http.service import Service

__all__ = [
    "approve",
    "artifacts",
    "block",
    "experiment",
    "experiments",
    "lift",
    "picture",
    "pin",
    "rewrites",
    "roll_back",
    "start_experiment",
    "stop_experiment",
]

_HOLDOUT = 0.05
_MOST = 1_000


def rewrites(service: Service, call: Call) -> dict[str, Any]:
    """List what was learned for a person (user_id), or for everybody; with withdrawn=true what was taken out."""
    user_id = call.user(service, call.query.get("user_id") or None)
    view = curate.learned_view(service.state)
    known = curate.decided(service.state, user_id)
    rows = view.gone(user_id, known) if call.query.get("withdrawn") == "true" else view.rows(user_id, known)
    return {"rewrites": [row.as_json() for row in rows[:_MOST]], "total": len(rows)}


def picture(service: Service, call: Call) -> Raw:
    """Draw what people said after a request, in counts, as SVG; wordings that too few share are not shown."""
    user_id = call.user(service, call.query.get("user_id") or None)
    text, table = normalize(call.needs("request")), curate.learned_view(service.state).table
    drawing = draw_why(text, table.lookup(text, user_id), moves_of(table, text)) if table is not None else None
    if drawing is None:
        raise RequestRefused("nothing was learned for this request", status=404, name="not_found")
    return Raw("image/svg+xml", drawing.encode())


def block(service: Service, call: Call) -> Changed:
    """Never act on a request, or on the rewrite of an identifier, otherwise than heard; undo takes it back."""
    body: Block = call.body
    user_id = call.whom(service, body.user_id)
    return Changed(changed=curate.block(service.state, body.what, user_id, undo=body.undo).changed)


def pin(service: Service, call: Call) -> Changed:
    """Always act on a rewrite when a request is heard; undo takes it back."""
    body: Pin = call.body
    user_id = call.whom(service, body.user_id)
    if body.rewrite is None and not body.undo:
        raise BadRecord("is required but missing", field="rewrite")
    return Changed(changed=curate.pin(service.state, body.request, body.rewrite, user_id, undo=body.undo).changed)


def approve(service: Service, call: Call) -> Changed:
    """Approve a learned rewrite by its identifier: it is pinned, and acts even where nothing does unapproved."""
    body: Block = call.body
    user_id = call.whom(service, body.user_id)
    found = curate.rows_named(service.state, curate.learned_view(service.state), body.what, user_id)
    if not found:
        raise RequestRefused("no learned rewrite has that identifier", status=404, name="not_found")
    changed = curate.pin(service.state, found[0].request, found[0].acted_on, user_id, undo=body.undo)
    return Changed(changed=changed.changed)


def experiments(service: Service, call: Call) -> dict[str, Any]:  # noqa: ARG001 - every handler takes a call
    """List the experiments, oldest start first."""
    return {"experiments": [_started(one) for one in service.state.experiments.all()]}


def experiment(service: Service, call: Call) -> dict[str, Any]:
    """Show the results of an experiment so far; one may look at any time."""
    from uptake.experiments.outcomes import outcomes_of_log
    from uptake.experiments.standing import experiment_status, finite_json

    call.token.must_home(None)
    started = service.state.experiments.get(call.path["name"])
    results = experiment_status(outcomes_of_log(service.state.log), started, at=datetime.now(UTC))
    return {**_started(started), "results": finite_json(results)}


def start_experiment(service: Service, call: Call) -> dict[str, Any]:
    """Divide people into arms from now on; arms and shares cannot change while the experiment runs."""
    body: StartExperiment = call.body
    call.token.must_home(None)
    registry = service.state.experiments
    permanent = registry.holdout
    made = Experiment(
        name=body.name,
        arms=body.arms or {"control": 0.5, "treatment": 0.5},
        unchanged=tuple(body.without),
        holdout=body.holdout if body.holdout is not None else _HOLDOUT if permanent is None else permanent,
    )
    made.compared  # noqa: B018 - refuses one arm alone
    return _started(registry.start(made, at=datetime.now(UTC)))


def stop_experiment(service: Service, call: Call) -> dict[str, Any]:
    """Stop an experiment: from now on everybody but the permanent holdout gets rewrites."""
    body: StopExperiment = call.body
    call.token.must_home(None)
    return _started(service.state.experiments.stop(call.path["name"], at=datetime.now(UTC), reason=body.reason))


def _started(one: Started) -> dict[str, Any]:
    return {
        "name": one.name,
        "is_running": one.is_running,
        "started_at": one.started_at.isoformat() if one.started_at else None,
        "stopped_at": one.stopped_at.isoformat() if one.stopped_at else None,
        "reason": one.reason,
        "arms": dict(one.experiment.probabilities),
        "without": sorted(one.experiment.unchanged),
        "rules": asdict(one.rules),
    }


def artifacts(service: Service, call: Call) -> dict[str, Any]:
    """List the versions of what was learned, and which are served."""
    call.token.must_home(None)
    return {"artifacts": list(_versions(service))}


def _versions(service: Service) -> Iterator[dict[str, Any]]:
    store, served = service.state.artifacts, service.versions()
    for kind in kinds():
        held = store.held(kind)
        for version in store.versions(kind):
            row: dict[str, Any] = {"kind": kind, "version": version, "served": served.get(kind) == version}
            row |= {"held": held is not None and held.version == version, "created_at": None, "refused": None}
            try:
                row["created_at"] = store.manifest(kind, version).created_at.isoformat()
            except ArtifactRefused as error:
                row["refused"] = str(error)
            yield row


def roll_back(service: Service, call: Call) -> dict[str, Any]:
    """Serve an older version again; learning publishes nothing past it until the hold is lifted."""
    body: Rollback = call.body
    call.token.must_home(None)
    store, kind = service.state.artifacts, _kind(body.kind)
    version = store.resolve(kind, body.version) if body.version else store.parent(kind)
    store.point(artifact_class(kind), version, action="rollback")
    return {"kind": kind, "served": version}


def lift(service: Service, call: Call) -> dict[str, Any]:
    """Let learning publish again after a rollback."""
    body: Rollback = call.body
    call.token.must_home(None)
    store, kind = service.state.artifacts, _kind(body.kind)
    version = store.current_version(kind)
    if version is None or store.held(kind) is None:
        raise RequestRefused("nothing of that kind was rolled back", status=409, name="not_held")
    store.point(artifact_class(kind), version, action="publish")
    return {"kind": kind, "served": version}


def _kind(kind: str) -> str:
    if kind not in kinds():
        raise BadRecord(f"is none of {', '.join(kinds())}", field="kind")
    return kind
