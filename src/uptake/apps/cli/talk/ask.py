"""Run `uptake ask`: decide on one request, answer it, and explain the decision."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from importlib.util import find_spec
from math import prod
from typing import TYPE_CHECKING, Any

import click

from uptake.apps.cli.state import State, json_option, print_json, readable, state_option, user_option
from uptake.apps.cli.table import print_table
from uptake.apps.cli.talk.origin import origin_options
from uptake.apps.staying import unsearched
from uptake.rewriting.pipeline import Outcome
from uptake.text.normalize import normalize
from uptake.types import Request

if TYPE_CHECKING:
    from uptake.assistant.context.situation import Origin
    from uptake.assistant.loop import Agent
    from uptake.assistant.reply import Reply

__all__ = ["agent_of", "command", "print_stages", "reply_json"]


def agent_of(state: State, *, logged: bool = True) -> Agent:
    """Open the assistant of a state directory. It follows the running experiment, and writes the log if `logged`."""
    return state.assistant(logged=logged)


@click.command(name="ask", epilog='Example: uptake ask "turn on the kitchen light" --user ann --trace')
@click.argument("text", callback=readable)
@user_option(required=True, help="Pseudonym of the person who asks.")
@origin_options
@click.option("--trace", is_flag=True, help="Show the candidates, the choice and the time (ms) of every stage.")
@click.option("--dry-run", is_flag=True, help="Print what would be done; do nothing and write nothing.")
@click.option(
    "--decide-only", is_flag=True, help="Print only the rewrite decision, for use in front of another assistant."
)
@json_option
@state_option
def command(  # noqa: PLR0913, PLR0917 - one a flag
    text: str,
    user_id: str,
    origin: Callable[[], Origin],
    trace: bool,
    dry_run: bool,
    decide_only: bool,
    as_json: bool,
    state: State,
) -> None:
    """Answer one request: rewrite it if a rewrite applies, act in the home, reply. The turn goes into the log."""
    request = Request(text=text, user_id=user_id)
    if not decide_only and _lacks_agent():
        click.echo("uptake: the assistant needs: pip install 'uptake[agent]'; continuing with --decide-only", err=True)
        decide_only = True
    if decide_only:
        _decide(state, request, trace=trace, as_json=as_json)
        return
    with unsearched():
        from uptake.assistant.context.situation import placed

        agent = agent_of(state, logged=not dry_run)
        reply = agent.answer(request, placed(origin(), agent.components.home), dry_run=dry_run)
    if reply.outcome is not None:
        _warn_of_broken_steps(reply.outcome)
    if as_json:
        print_json(reply_json(reply))
    else:
        click.echo(reply.speech or f"({reply.turn.action})")
        if trace:
            click.echo()
            print_stages(reply)
    agent.components.recorder.compact()


def _lacks_agent() -> bool:
    """Tell whether a library of the assistant is missing."""
    try:
        return any(find_spec(name) is None for name in ("hassil", "home_assistant_intents", "pyarrow"))
    except ValueError:
        return True


def _warn_of_broken_steps(outcome: Outcome) -> None:
    for entry in outcome.trace:
        if entry.verdict == "broken":
            click.echo(f"uptake: {entry.step}: {entry.reason}", err=True)


def _decide(state: State, request: Request, *, trace: bool, as_json: bool) -> None:
    from uptake.experiments.registry import Serving

    given = Serving(state.experiments).assign(request.user_id)
    outcome = state.pipeline().decide(request)
    _warn_of_broken_steps(outcome)
    decision = outcome.decision
    withheld = decision is not None and given is not None and not given.rewrites
    if as_json:
        chances = [one.propensity for one in (given, None if withheld else decision) if one is not None]
        treated = {"arm": given.arm if given else None, "propensity": prod(chances)}
        acted_on = None if decision is None or withheld else decision.acted_on
        print_json(_as_json(request.text, outcome, acted_on) | treated)
        return
    if given is not None and withheld:
        reason = "a rewrite applies, but in this arm it is only logged"
        rows = [("acted on", outcome.normalized), ("layer", f"none: withheld in arm {given.arm}"), ("reason", reason)]
    elif decision is None:
        rows = [("acted on", outcome.normalized), ("layer", "none: left as it is"), ("reason", outcome.left_because)]
    else:
        ask = ("; the user is asked first" * decision.must_confirm).strip()
        rows = [("acted on", decision.acted_on), ("layer", decision.layer), ("reason", decision.reason + ask)]
    for label, value in rows:
        click.echo(f"{label:8}  {value}")
    if trace:
        click.echo()
        print_table(
            ("step", "verdict", "µs", "reason"),
            ((entry.step, entry.verdict, f"{entry.time_us:.1f}", entry.reason) for entry in outcome.trace),
        )


def print_stages(reply: Reply) -> None:
    """Print the trace of a turn as a table: one row per stage, then its candidates."""
    rows: list[tuple[str, str, str, str]] = []
    for stage in reply.stages:
        rows.append((stage.stage, stage.verdict, f"{stage.time_ms:.2f}", stage.reason))
        for candidate in stage.candidates:
            if candidate.label != stage.verdict or candidate.by:
                score = "" if candidate.score is None else f" {candidate.score:.2f}"
                rows.append(("", f"  {candidate.label}{score}", "", candidate.reason or candidate.by or ""))
    print_table(("stage", "verdict", "ms", "reason"), rows)


def reply_json(reply: Reply) -> dict[str, Any]:
    """Return a reply as one JSON object: rewrite decision, interpretation, response and every stage."""
    turn = reply.turn
    reading = turn.interpretation
    return {
        "turn_id": turn.turn_id,
        **_as_json(turn.request, reply.outcome, turn.acted_on),
        "arm": turn.arm,
        "propensity": turn.propensity,
        "response": reply.speech,
        "status": turn.status,
        "question": reply.question,
        "action": turn.action,
        "interpretation": None
        if reading is None
        else {
            "domain": reading.domain,
            "intent": reading.intent,
            "slots": [list(slot) for slot in reading.slots],
            "confidence": reading.confidence,
        },
        "entities": [asdict(entity) for entity in turn.entities],
        "stages": [stage.as_json() for stage in reply.stages],
    }


def _as_json(text: str, outcome: Outcome | None, acted_on: str | None) -> dict[str, Any]:
    decision = outcome.decision if outcome else None
    return {
        "request": text,
        "normalised": outcome.normalized if outcome else normalize(text),
        "acted_on": acted_on,
        "decision": asdict(decision) if decision else None,
        "trace": [entry._asdict() for entry in outcome.trace] if outcome else [],
    }
