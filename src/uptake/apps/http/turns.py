"""Routes that receive turns: observe, feedback, ask."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from uptake.apps.http.access import Token
from uptake.apps.http.incoming.intake import amended, find_turn
from uptake.apps.http.routes import Call
from uptake.errors import BadRecord, RequestRefused
from uptake.platforms.wire import Acknowledged, Ask, Due, Feedback
from uptake.types import Request, Turn

if TYPE_CHECKING:
    from uptake.apps.http.service import Service
    from uptake.assistant.context.situation import Origin
    from uptake.assistant.loop import Agent

__all__ = ["ask", "due", "feedback", "find_for", "observe", "stored_id"]

_MOST_REFUSED = 1_000


def stored_id(token: Token, turn_id: str, home_id: str | None) -> str:
    """Return the id under which a turn is stored; a token for single homes cannot name another home's turns.

    >>> from uptake.apps.http.access import EVERYBODY
    >>> mine = Token(name="hall", digest="", scopes=frozenset(), homes=frozenset({"our home"}))
    >>> stored_id(mine, "t1", "our home"), stored_id(mine, "our%20home/t1", "our home")
    ('our%20home/t1', 'our%20home/t1')
    >>> stored_id(EVERYBODY, "t1", None)
    't1'
    """
    if token.homes is None or home_id is None:
        return turn_id
    prefix = f"{quote(home_id, safe='')}/"
    return turn_id if turn_id.startswith(prefix) else prefix + turn_id


def observe(service: Service, call: Call) -> Acknowledged:
    """Store turns: one JSON object, or one a line. They are durable once this answers; sending them again is harmless.

    All of a batch is stored, or nothing of it; with on_error=skip the good ones are, and the others are listed.
    """
    skips = call.query.get("on_error") == "skip"
    good: list[tuple[str, Turn]] = []
    refused: list[dict[str, Any]] = []
    for at, line in enumerate(call.body.split(b"\n"), 1):
        if not line.strip():
            continue
        try:
            good.append(_turn(service, call.token, line))
        except BadRecord as error:
            if not skips:
                raise error.at(line=at) from None
            if len(refused) < _MOST_REFUSED:
                refused.append({"line": at, "field": error.field, "problem": error.problem})
    if not good and not refused:
        raise BadRecord("the body holds no turn; expected one JSON object per line")
    turns = [turn for _, turn in good]
    service.residents.claim(turns)
    service.intake.store(turns)
    service.metrics.turns.inc(len(turns))
    return Acknowledged(acknowledged=[name for name, _ in good], refused=refused)


def _turn(service: Service, token: Token, line: bytes) -> tuple[str, Turn]:
    """Read a turn, and check that the token may send it; returns the name that it was sent under, too."""
    from uptake.log.records import from_json

    turn = from_json(line)
    if token.homes is None:
        return turn.turn_id, turn
    home_id = turn.home_id if turn.home_id is not None else token.home
    token.must_home(home_id)
    service.residents.check(token, turn.user_id)
    return turn.turn_id, replace(turn, home_id=home_id, turn_id=stored_id(token, turn.turn_id, home_id))


def feedback(service: Service, call: Call) -> Acknowledged:
    """Add what became known of a turn later: a yes or no, that it was undone, how it ended."""
    body: Feedback = call.body
    turn = find_for(service, call.token, body.turn_id)
    known = {name: getattr(body, name) for name in ("answer", "undone", "barge_in_ms", "status")}
    if all(value is None for value in known.values()):
        raise BadRecord("is empty: give answer, undone, barge_in_ms or status")
    fuller = amended(turn, known)
    if fuller is not None:
        service.intake.store([fuller])
    return Acknowledged(acknowledged=[body.turn_id])


def find_for(service: Service, token: Token, turn_id: str) -> Turn:
    """Find a turn that a token may know of; one of another home is not there."""
    names = [turn_id] if token.homes is None else [stored_id(token, turn_id, home) for home in sorted(token.homes)]
    for name in names:
        turn = service.intake.recent(name) or find_turn(service.state.log, name)
        if turn is not None and (token.homes is None or turn.home_id in token.homes):
            return turn
    raise RequestRefused("no turn has that turn_id: observe it first", status=404, name="not_found")


def ask(service: Service, call: Call) -> dict[str, Any]:
    """Talk with the assistant: decide, do it in the home, answer; the turn goes into the log."""
    body: Ask = call.body
    agent, origin = _heard_in(service, call, body)
    reply = agent.answer(Request(text=body.text, user_id=body.user_id), origin, dry_run=body.dry_run)
    turn, outcome = reply.turn, reply.outcome
    if not body.dry_run:
        service.residents.claim([turn])
    return {
        "turn_id": turn.turn_id,
        "response": reply.speech,
        "question": reply.question,
        "status": turn.status,
        "acted_on": turn.acted_on,
        "rewrite_id": turn.rewrite_id,
        "arm": turn.arm,
        "action": turn.action,
        "interpretation": asdict(turn.interpretation) if turn.interpretation is not None else None,
        "entities": [asdict(entity) for entity in turn.entities],
        "trace": [entry._asdict() for entry in outcome.trace] if outcome is not None else [],
        "stages": [stage.as_json() for stage in reply.stages],
    }


def due(service: Service, call: Call) -> dict[str, Any]:
    """Return what is to be said now, though nobody asked, each once: timers, alarms, reminders, hunches.

    What was to be done by now is done with it.
    """
    body: Due = call.body
    agent, origin = _heard_in(service, call, body)
    said = agent.due(origin, body.user_id)
    return {"due": [{"speech": one.speech, "user_id": one.user_id, "room": one.room} for one in said]}


def _heard_in(service: Service, call: Call, body: Ask | Due) -> tuple[Agent, Origin]:
    """Return the assistant, and where it is talked with, once it is sure that the token may."""
    from uptake.assistant.context.situation import Origin, placed

    agent = service.agent()
    home = agent.components.home
    call.token.must_home(home.home_id if call.token.homes is not None else None)
    call.user(service, body.user_id)
    return agent, placed(Origin(device_id="http", device_type="speaker", has_screen=False, room=body.room), home)
