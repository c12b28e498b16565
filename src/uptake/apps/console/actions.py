"""Handle the console's forms; each action reports its result on the page it leads back to."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode

from uptake.apps.console.ignored import Ignored
from uptake.apps.console.names import give_name, take_name
from uptake.apps.console.view import PageCall
from uptake.apps.http.offered import switch
from uptake.apps.http.people import forget as forget_person
from uptake.apps.http.routes import Call
from uptake.apps.http.taught import add_concepts, add_preferences, forget_concept, forget_preference
from uptake.errors import BadRecord, MissingExtra
from uptake.experiments.assignment import Experiment
from uptake.platforms.wire import Changed, Forget, ForgetTaught, SwitchOffers, Taught
from uptake.release import curate
from uptake.types import Request

if TYPE_CHECKING:
    from uptake.apps.http.service import Service
    from uptake.assistant.edit import Edit
    from uptake.assistant.loop import Agent

__all__ = ["Actions"]

_HOLDOUT = 0.05


class Actions:
    """Form handlers: each returns the page to go to, and leaves a note in the session.

    Args:
        service: The service to act on.
        ignored: Requests that are hidden among the failures.
    """

    def __init__(self, service: Service, ignored: Ignored) -> None:
        self._service, self._ignored = service, ignored

    def pin(self, view: PageCall) -> str:
        """Act on other words from now on; also how a proposal is approved, and a failure fixed in place."""
        heard, instead, user_id = view.filled("request"), view.filled("rewrite"), view.field("user")
        curate.pin(self._service.state, heard, instead, user_id)
        view.session.notes.append(f"From now on “{heard}” means “{instead}” {_whom(user_id)}.")
        return _rewrite(heard, user_id)

    def unpin(self, view: PageCall) -> str:
        """Take a pin back."""
        heard, user_id = view.filled("request"), view.field("user")
        change = curate.pin(self._service.state, heard, None, user_id, undo=True)
        view.session.notes.append("The pin is gone." if change.changed else "There was no pin.")
        return _rewrite(heard, user_id)

    def block(self, view: PageCall) -> str:
        """Leave a request alone from now on."""
        heard, user_id = view.filled("request"), view.field("user")
        curate.block(self._service.state, heard, user_id)
        view.session.notes.append(f"“{heard}” is left alone {_whom(user_id)}.")
        return _rewrite(heard, user_id)

    def unblock(self, view: PageCall) -> str:
        """Take a block back, and complaints with it."""
        heard, user_id = view.filled("request"), view.field("user")
        change = curate.block(self._service.state, heard, user_id, undo=True)
        view.session.notes.append("The block is gone." if change.changed else "There was no block.")
        return _rewrite(heard, user_id)

    def ignore(self, view: PageCall) -> str:
        """Show a request among the failures no longer, or again."""
        heard, again = view.filled("request"), view.field("again") is not None
        self._ignored.put(heard, ignored=not again)
        view.session.notes.append(f"“{heard}” is {'shown again' if again else 'ignored from now on'}.")
        return "/failures"

    def name(self, view: PageCall) -> str:
        """Give a device of the home a further name: what it is heard as."""
        name, device = view.filled("name"), view.filled("device")
        give_name(self._service, view.token, name, device)
        view.session.notes.append(f"“{name}” is {device} for everybody from now on.")
        return "/failures#names"

    def unname(self, view: PageCall) -> str:
        """Take a further name back."""
        gone = take_name(self._service, view.token, view.filled("name"))
        view.session.notes.append("The name is gone." if gone else "There was no such name; nothing changed.")
        return "/failures#names"

    def start(self, view: PageCall) -> str:
        """Start an experiment of two arms."""
        registry = self._service.state.experiments
        share = _share(view, "control", "50")
        holdout = (
            _share(view, "holdout", f"{_HOLDOUT:.0%}", least=0.0) if registry.holdout is None else registry.holdout
        )
        arms = {"control": share, "treatment": 1.0 - share}
        made = Experiment(name=view.filled("name"), arms=arms, unchanged=("control",), holdout=holdout)
        registry.start(made, at=datetime.now(UTC))
        view.session.notes.append(f"{made.name} runs: {share:.0%} of people are left without rewrites.")
        return "/experiments"

    def stop(self, view: PageCall) -> str:
        """Stop the experiment."""
        stopped = self._service.state.experiments.stop(view.filled("name"), at=datetime.now(UTC), reason="by hand")
        view.session.notes.append(f"{stopped.name} is stopped.")
        return "/experiments"

    def forget(self, view: PageCall) -> str:
        """Forget a person, once their pseudonym was typed again."""
        user_id = view.filled("user")
        if view.field("again") != user_id:
            raise BadRecord("type the pseudonym once more, to be sure; nothing was forgotten", field="again")
        gone = forget_person(self._service, Call(token=view.token, path={}, query={}, body=Forget(user_id=user_id)))
        view.session.notes.append(f"{gone.turns:,} turns were forgotten, and all that was learned from them.")
        return "/people"

    def teach(self, view: PageCall) -> str:
        """Keep what a person would teach: what words mean, or something of themselves; in the words they would say."""
        user_id, concept, said = view.filled("user"), view.field("concept"), view.filled("said")
        agent = self._agent()  # without its libraries the next line would not do either
        from uptake.assistant.edit import understood_concept, understood_preferences

        if concept is not None:
            speech = self._keep(view, understood_concept(agent, user_id, concept, said), add_concepts)
        else:
            speech = self._keep(view, understood_preferences(agent, user_id, said), add_preferences)
        view.session.notes.append(speech)
        return f"/people?user={quote(user_id)}#taught"

    def _keep(self, view: PageCall, edit: Edit[Any], add: Callable[[Service, Call], Changed]) -> str:
        rows = [row.as_json() for row in edit.rows]
        body = Taught(user_id=view.filled("user"), rows=rows)
        add(self._service, Call(token=view.token, path={}, query={}, body=body))
        return edit.speech if rows else f"Nothing changed. {edit.speech}"

    def _agent(self) -> Agent:
        try:
            return self._service.agent()
        except ModuleNotFoundError as error:
            raise MissingExtra(f"this needs {error.name}: pip install 'uptake[agent]'") from error

    def forget_taught(self, view: PageCall) -> str:
        """Forget a concept or a preference of a person."""
        user_id, concept = view.filled("user"), view.field("concept")
        body = ForgetTaught(user_id=user_id, concept=concept, type=view.field("type"), value=view.field("value"))
        forget = forget_concept if concept else forget_preference
        gone = forget(self._service, Call(token=view.token, path={}, query={}, body=body))
        view.session.notes.append("It is forgotten." if gone.changed else "There was no such thing; nothing changed.")
        return f"/people?user={quote(user_id)}"

    def offers(self, view: PageCall) -> str:
        """Switch all offers on or off for a person."""
        user_id, on = view.filled("user"), view.field("on") == "yes"
        switch(self._service, SwitchOffers(user_id=user_id, on=on))
        view.session.notes.append(f"{user_id} hears {'offers' if on else 'no offers'} from now on.")
        return f"/people?user={quote(user_id)}"

    def say(self, view: PageCall) -> str:
        """Say something to the assistant; without one, only decide."""
        text, user_id = view.filled("text"), view.field("user") or "me"
        room = view.field("room")
        said = self._answered(Request(text=text, user_id=user_id), room)
        view.session.said({**said, "user": user_id, "room": room or ""})
        return "/try"

    def _answered(self, request: Request, room: str | None) -> dict[str, Any]:
        from uptake.assistant.context.situation import Origin, placed

        try:
            agent = self._agent()
        except MissingExtra:
            return self._decided(request)
        origin = Origin(device_id="console", device_type="display", has_screen=True, room=room)
        reply = agent.answer(request, placed(origin, agent.components.home))
        self._service.residents.claim([reply.turn])
        stages = [
            {
                "name": one.stage,
                "verdict": one.verdict,
                "reason": one.reason,
                "ms": f"{one.time_ms:.1f}",
                "others": [f"{other.label} {other.reason or other.by or ''}".strip() for other in one.candidates[:6]],
            }
            for one in reply.stages
        ]
        return {
            "text": request.text,
            "answer": reply.speech or "(done)",
            "acted_on": reply.turn.acted_on,
            "stages": stages,
        }

    def _decided(self, request: Request) -> dict[str, Any]:
        outcome = self._service.explaining.decide(request)
        stages = [
            {
                "name": one.step,
                "verdict": one.verdict,
                "reason": one.reason,
                "ms": f"{one.time_us / 1e3:.2f}",
                "others": [],
            }
            for one in outcome.trace
        ]
        decision = outcome.decision
        answer = f"would act on: {decision.acted_on}" if decision is not None else f"left alone: {outcome.left_because}"
        return {"text": request.text, "answer": answer, "acted_on": None, "stages": stages}


def _rewrite(heard: str, user_id: str | None) -> str:
    return f"/rewrite?{urlencode({'request': heard, **({'user': user_id} if user_id else {})})}"


def _whom(user_id: str | None) -> str:
    return f"for {user_id}" if user_id else "for everybody"


def _share(view: PageCall, field: str, default: str, *, least: float = 1.0) -> float:
    try:
        percent = float((view.field(field) or default).rstrip("%"))
    except ValueError:
        percent = -1.0
    if not least <= percent <= 99.0:
        raise BadRecord(f"must be a number of percent from {least:g} to 99", field=field)
    return percent / 100.0
