"""Decide on the rewrite of a request that another assistant heard."""

from __future__ import annotations

from collections import OrderedDict

from uptake.experiments.assignment import Assignment
from uptake.experiments.registry import Serving
from uptake.platforms.wire import Alternative, Echo, Rewrite, Rewritten, evidence_of
from uptake.protocols import Preflight
from uptake.rewriting.pipeline import Outcome, Pipeline
from uptake.text.normalize import MAX_CHARS
from uptake.types import Context, Request, Situation, Transcript

__all__ = ["Decider"]

_NOWHERE = Situation()
_KNOWN = 4_096  # answers that are kept: some requests are made all the time


class Decider:
    """Decision maker: it calls the pipeline, and withholds rewrites in arms without them.

    A repeated request of the same person gets the cached decision, as long as everything that it depends on is
    unchanged (`Pipeline.stands`). Without a preflight it is for one thread, the event loop.

    Args:
        pipeline: The pipeline that decides.
        serving: Assignment of users to arms.
    """

    def __init__(self, pipeline: Pipeline, serving: Serving) -> None:
        self.pipeline, self._serving = pipeline, serving
        self._known: OrderedDict[tuple[str, str], tuple[Outcome, Assignment | None, Rewritten]] = OrderedDict()

    def __call__(self, body: Rewrite, preflight: Preflight | None = None) -> Rewritten:
        """Decide; never raises for anything that a person says.

        Args:
            body: The request.
            preflight: What the assistant would make of a text; None where it cannot be asked.
        """
        key, given = (body.text, body.user_id), self._serving.assign(body.user_id)
        if preflight is None and (known := self._known.get(key)) is not None:
            outcome, assigned, answer = known
            if assigned == given and self.pipeline.stands(outcome, body.user_id):
                self._known.move_to_end(key)
                return answer
        outcome = self._decided(body, preflight)
        answer = _answer(body, outcome, given)
        if outcome.grounds is not None and len(body.text) <= MAX_CHARS:
            self._known[key] = outcome, given, answer
            if len(self._known) > _KNOWN:
                self._known.popitem(last=False)
        return answer

    def _decided(self, body: Rewrite, preflight: Preflight | None) -> Outcome:
        request = Request(
            text=body.text,
            user_id=body.user_id,
            alternatives=_transcripts(body.alternatives) if body.alternatives else (),
            confidence=body.confidence,
        )
        situation = _NOWHERE
        if body.room is not None or body.device_type is not None or body.home_id is not None:
            context = Context(device_type=body.device_type, room=body.room)
            situation = Situation(context=context, user_id=body.user_id, home_id=body.home_id)
        return self.pipeline.decide(request, situation, preflight)


def _answer(body: Rewrite, outcome: Outcome, given: Assignment | None) -> Rewritten:
    decision = outcome.decision
    if decision is None:
        echo = Echo() if given is None else Echo(arm=given.arm, propensity=given.propensity)
        return Rewritten(action="leave", text=body.text, reason=outcome.left_because, echo=echo)
    withheld = given is not None and not given.rewrites
    acts = not withheld and not decision.must_confirm
    chance = 1.0 if withheld else decision.propensity
    echo = Echo(
        acted_on=decision.acted_on if acts else None,
        rewrite_id=decision.rewrite_id,
        artifact_version=decision.artifact_version,
        arm=given.arm if given is not None else None,
        propensity=chance if given is None else chance * given.propensity,
    )
    if withheld and given is not None:
        reason = f"a rewrite fires, and is only logged in arm {given.arm}"
        return Rewritten(action="leave", text=body.text, reason=reason, echo=echo, step=decision.step)
    return Rewritten(
        action="rewrite" if acts else "ask",
        text=decision.acted_on,
        reason=decision.reason,
        echo=echo,
        step=decision.step,
        layer=decision.layer,
        evidence=evidence_of(decision),
    )


def _transcripts(alternatives: list[Alternative]) -> tuple[Transcript, ...]:
    return tuple(Transcript(text=one.text, score=one.score) for one in alternatives)
