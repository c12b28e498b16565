"""Test how the assistant interprets texts in a home, and whether they lead to a goal."""

from __future__ import annotations

from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo

from uptake.assistant.context.situation import Origin
from uptake.lab.simulate.answered import Answer, Utterance, same
from uptake.lab.simulate.cached_assistant import CachedAssistant
from uptake.lab.simulate.households import ZONE, household
from uptake.lab.simulate.run import stand_of
from uptake.types import Decision, Interpretation, Request, Situation, Turn

__all__ = ["Scene", "scene_of"]


@dataclass(frozen=True, slots=True)
class Scene:
    """Assistant in one home, with a goal."""

    stand: CachedAssistant
    origin: Origin
    meant: Interpretation | None
    """None where nobody spoke to it."""

    def is_new(self, turn: Turn) -> bool:
        """Tell whether a turn stands on its own: what was said in answer to a question is taken otherwise alone."""
        rewritten = turn.truth is not None and turn.truth.defect_as_heard is not None
        return rewritten or self._answer(turn.request).turn.action == turn.action

    def read(self, text: str) -> tuple[Interpretation, ...]:
        """Read a text, with confidences; nothing where it would be understood as nothing."""
        found = self.stand.read(self.origin, text)
        return () if found is None else (found,)

    def asked(self, turn: Turn, user_id: str) -> tuple[Request, Situation]:
        """Return a turn's request and situation as they were decided on.

        Args:
            turn: The turn.
            user_id: Who is said to ask; "" for a stranger.
        """
        sure = self._answer(turn.request).sure or 0.0
        request = Request(text=turn.request, user_id=user_id, alternatives=turn.alternatives, confidence=sure)
        at_home = turn.said_at.astimezone(ZoneInfo(ZONE)).replace(tzinfo=None)
        situation = replace(
            self.stand.situation, context=turn.context, user_id=user_id, home_id=turn.home_id, local=at_home
        )
        return request, situation

    def is_right(self, text: str, decision: Decision | None = None) -> bool:
        """Tell whether a text leads to what is wanted, or to a question about it.

        Args:
            text: Text as heard.
            decision: What was decided to act on instead; None for nothing.
        """
        if self.meant is None:
            return False
        answer = self.stand.hear(self.origin, Utterance.of(text, decision))
        wanted = self.stand.do(self.origin, self.meant)
        if answer.question is not None and answer.asked_about is not None:
            if answer.asks_whether:
                return any(same(self.stand.do(self.origin, one), wanted) for one in answer.asked)
            return answer.asked_about.intent == self.meant.intent
        return same(answer.result, wanted)

    def _answer(self, text: str) -> Answer:
        return self.stand.hear(self.origin, Utterance(text))


def scene_of(turn: Turn, seed: int) -> Scene | None:
    """Return the scene of a turn of a simulated town; None where it is "stop" or the like, or no turn of a town."""
    truth = turn.truth
    if truth is None or turn.device_id is None or (truth.interpretation is None and truth.request):
        return None
    _, number, at = turn.device_id.split("-")
    home = household(seed, int(number))
    found = Scene(stand_of(home.layout), home.listeners[int(at)].origin, truth.interpretation)
    return found if found.is_new(turn) else None
