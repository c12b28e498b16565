"""Routes for one person: explain a turn, show the profile, export, forget."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from uptake.apps.http.offered import offered_to
from uptake.apps.http.routes import Call, Stream
from uptake.apps.http.taught import taught_by
from uptake.apps.http.turns import find_for
from uptake.errors import BadRecord
from uptake.platforms.wire import Forget, Forgotten
from uptake.release import curate
from uptake.types import Request, Turn

if TYPE_CHECKING:
    import pyarrow as pa

    from uptake.apps.http.service import Service

__all__ = ["explain", "export", "forget", "person", "profile"]


def explain(service: Service, call: Call) -> dict[str, Any]:
    """Explain a turn (turn_id), or what would be decided for a request now (request, user_id), step by step."""
    turn_id = call.query.get("turn_id")
    if turn_id:
        return _explained_turn(service, find_for(service, call.token, turn_id))
    text, user_id = call.needs("request"), call.needs("user_id")
    call.user(service, user_id)
    outcome = service.explaining.decide(Request(text=text, user_id=user_id))
    decision = outcome.decision
    return {
        "normalised": outcome.normalized,
        "acted_on": decision.acted_on if decision is not None else None,
        "must_confirm": decision is not None and decision.must_confirm,
        "reason": decision.reason if decision is not None else outcome.left_because,
        "trace": [entry._asdict() for entry in outcome.trace],
        "learned": _about(service, outcome.normalized, user_id),
    }


def _explained_turn(service: Service, turn: Turn) -> dict[str, Any]:
    from uptake.assistant.record.traces import TraceStore

    path = service.state.directory / "traces.sqlite"
    stages = None
    if path.exists():
        store = TraceStore(path)
        stages = store.find(turn.turn_id)
        store.close()
    treatment = ("acted_on", "rewrite_id", "artifact_version", "arm", "propensity")
    return {
        "turn_id": turn.turn_id,
        "said_at": turn.said_at.isoformat(),
        "request": turn.request,
        "status": turn.status,
        "answer": turn.answer,
        "undone": turn.undone,
        **{name: getattr(turn, name) for name in treatment},
        "stages": stages,
        "learned": _about(service, turn.request, turn.user_id),
    }


def _about(service: Service, text: str, user_id: str) -> list[dict[str, Any]]:
    view = curate.learned_view(service.state)
    rows = [*curate.rows_about(view, text, user_id, {}), *curate.rows_about(view, text, None, {})]
    return [row.as_json() for row in rows]


def person(service: Service, call: Call) -> dict[str, Any]:
    """Show all that is known of a person: what they taught, what was learned from them and is offered, their arm."""
    user_id = call.path["user_id"]
    call.user(service, user_id)
    return profile(service, user_id)


def profile(service: Service, user_id: str) -> dict[str, Any]:
    """Return everything that is known of a person."""
    from uptake.experiments.registry import Serving

    state = service.state
    view = curate.learned_view(state)
    given = Serving(state.experiments).assign(user_id)
    return {
        "user_id": user_id,
        "homes": sorted(home for home in service.residents.homes(user_id) if home is not None),
        "turns": state.log.turns_of(user_id),
        "arm": given.arm if given is not None else None,
        "learned": [row.as_json() for row in view.rows(user_id, curate.decided(state, user_id))],
        **taught_by(service, user_id),
        **offered_to(service, user_id),
    }


def export(service: Service, call: Call) -> Stream:
    """Export the turns of a person (user_id) or of a home (home_id), one JSON object a line, as they were recorded."""
    user_id, home_id = call.query.get("user_id"), call.query.get("home_id")
    if bool(user_id) == bool(home_id):
        raise BadRecord("give either user_id or home_id", field="user_id")
    if user_id:
        call.user(service, user_id)
        return Stream("application/x-ndjson", _turns(service, "user_id", user_id))
    call.token.must_home(home_id)
    return Stream("application/x-ndjson", _turns(service, "home_id", str(home_id)))


def _turns(service: Service, column: str, value: str) -> Iterator[bytes]:
    import pyarrow.compute as pc

    from uptake.log.records import to_json
    from uptake.log.rows import from_table

    table: pa.Table
    for table in service.state.log.tables() if service.state.log.exists() else ():
        for turn in from_table(table.filter(pc.equal(table[column], value))):
            yield to_json(turn) + b"\n"


def forget(service: Service, call: Call) -> Forgotten:
    """Forget a person: out of the log, out of all that was learned. It waits for a release that runs."""
    from uptake.release.forget import forget as forget_user

    body: Forget = call.body
    call.user(service, body.user_id)
    turns = forget_user(body.user_id, service.state)
    service.residents.forget(body.user_id)
    service.intake.forget(body.user_id)
    return Forgotten(turns=turns)
