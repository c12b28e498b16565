"""Act on a reading that was resolved, or ask what stands in the way; take back what was done."""

from __future__ import annotations

from dataclasses import replace

from uptake.agent.act import act, undo
from uptake.agent.dialogue import Pending
from uptake.agent.dialogue.clarify import confirmation, did_you_mean, question
from uptake.agent.entities.resolution import Problem, Resolution
from uptake.agent.hypotheses import OUT_OF_SCOPE, Hypothesis
from uptake.agent.memory import HOME
from uptake.agent.parts import Parts
from uptake.agent.progress import Progress
from uptake.agent.situation import forget_habit
from uptake.agent.skills.skill import Call, Effect

__all__ = ["Settler"]

_SHALL_I, _UNNAMED = "Shall I ", "Shall I go ahead?"


class Settler:
    """Does what was understood.

    Args:
        parts: What the assistant is made of.
        timeout_s: Longest time a skill may take, in seconds.
    """

    def __init__(self, parts: Parts, *, timeout_s: float) -> None:
        self.parts, self.timeout_s = parts, timeout_s

    def settle(
        self, work: Progress, chosen: Hypothesis, *, confirmed: bool, ask_first: bool, heard: str | None = None
    ) -> None:
        """Act on what was resolved, or ask what stands in the way.

        Args:
            work: The turn; its `resolution` is that of `chosen`.
            chosen: The reading.
            confirmed: Whether the person has agreed to it already.
            ask_first: Whether to ask although nothing critical is meant: the reading is unsure.
            heard: The request as it was heard, to be read where the person says no to what was made of it.
        """
        resolution = work.resolution
        assert resolution is not None  # noqa: S101 - `tie` has just set it
        work.alternatives = tuple(
            other.interpretation
            for other in work.hypotheses
            if other is not chosen and other.interpretation.intent != OUT_OF_SCOPE
        )[:4]
        if resolution.problem is not None:
            self._ask(work, resolution, resolution.problem)
            return
        reading = resolution.interpretation
        must_ask = self.parts.skills.must_ask(reading.intent, resolution.targets)
        if not confirmed and (must_ask or ask_first):
            meant = _meant(work, resolution) if heard is not None and not must_ask else None
            asked = confirmation(resolution) if meant is None else did_you_mean(meant)
            self._wait(work, Pending(kind="confirm", interpretation=reading, question=asked, heard=heard))
            return
        if work.dry_run:
            work.effect = Effect(speech="", action=f"would do {reading.intent}")
            return
        self._act(work, resolution)

    def _act(self, work: Progress, resolution: Resolution) -> None:
        done = act(
            Call(
                interpretation=resolution.interpretation,
                targets=resolution.targets,
                entities=resolution.entities,
                home=self.parts.home,
                memory=self.parts.memory,
                situation=work.situation,
                user_id=work.request.user_id,
                now=work.now,
            ),
            self.parts.skills,
            timeout_s=self.timeout_s,
        )
        work.effect = done.effect
        work.trace.add("act", done.effect.action or done.effect.status, done.error or "")
        if done.effect.missing is not None:
            reading, slot = resolution.interpretation, done.effect.missing
            asked = Pending(kind="slot", interpretation=reading, slot=slot, question=done.effect.speech)
            self._wait(work, asked)
            return
        work.did = True
        if done.undo:
            self.parts.keeper.can_undo(work.request.user_id, work.turn_id, done.undo)
        if done.undo.states:
            self._save_home()

    def _ask(self, work: Progress, resolution: Resolution, problem: Problem) -> None:
        reading = resolution.interpretation
        speech = question(problem, reading, self.parts.skills.intents.get(reading.intent))
        if problem.kind == "missing":
            self._wait(work, Pending(kind="slot", interpretation=reading, slot=problem.slot, question=speech))
        elif problem.options:
            choice = Pending(kind="choice", interpretation=reading, slot=problem.slot, question=speech)
            self._wait(work, replace(choice, options=problem.options))
        else:
            work.effect = Effect(speech=speech, status="failed")

    def _wait(self, work: Progress, pending: Pending) -> None:
        """Ask, and wait for the answer."""
        work.effect = Effect(speech=pending.question or "", action=f"dialogue.ask_{pending.kind}")
        work.pending = replace(pending, turn_id=work.turn_id, asked_at=work.now)

    def take_back(self, user_id: str, only: str | None = None) -> str | None:
        """Undo the last change of a person (or that of one turn); what to say, None where there is none."""
        found = self.parts.keeper.take_undo(user_id)
        if found is None:
            return None
        turn_id, changed = found
        if only is not None and turn_id != only:
            self.parts.keeper.can_undo(user_id, turn_id, changed)
            return None
        problem = undo(changed, self.parts.home, self.parts.memory)
        self.parts.keeper.amend(user_id, turn_id, undone=True)
        forget_habit(self.parts.memory, user_id, turn_id)
        self._save_home()
        return problem or "I took it back."

    def _save_home(self) -> None:
        """Keep the state of a home that lives only here."""
        dump = getattr(self.parts.home, "dump", None)
        if dump is not None:
            self.parts.memory.set(HOME, "home", dump())


def _meant(work: Progress, resolution: Resolution) -> str | None:
    """What the request was taken for instead, as the person would say it; None where it was taken for nothing else."""
    decision = work.decision
    if decision is None or decision.interpretation is None:
        return decision.acted_on if decision is not None else None
    deed = confirmation(resolution)
    whole = deed.startswith(_SHALL_I) and deed != _UNNAMED
    return deed.removeprefix(_SHALL_I).removesuffix("?") if whole else decision.acted_on
