"""Stand in for the decision pipeline: the decision is made elsewhere, for each person, beside a shared assistant."""

from __future__ import annotations

from dataclasses import replace

from uptake.lab.simulate.answered import Utterance
from uptake.protocols import Preflight
from uptake.rewriting.pipeline import Outcome, Pipeline, TraceEntry
from uptake.types import Decision, Request, Situation

__all__ = ["Preset", "as_pipeline"]


class Preset:
    """Stand-in for the decision pipeline, with a decision that was made elsewhere."""

    def __init__(self) -> None:
        self.utterance = Utterance("")

    def decide(self, request: Request, situation: Situation, preflight: Preflight | None = None) -> Outcome:  # noqa: ARG002
        """Return the decision made beforehand."""
        heard = self.utterance
        trace = (TraceEntry("stand", "abstained", "decided before", 0.0),)
        if heard.acted_on is None:
            return Outcome(heard.text, None, trace)
        others = tuple(_preset(text, rewrite_id) for text, rewrite_id in heard.others)
        decision = _preset(heard.acted_on, "preset")
        return Outcome(heard.text, replace(decision, must_confirm=heard.must_confirm, others=others), trace)


def _preset(text: str, rewrite_id: str) -> Decision:
    return Decision(
        step="rewrite",
        acted_on=text,
        rewrite_id=rewrite_id,
        artifact_version=None,
        layer="global",
        reason="decided before",
    )


def as_pipeline(preset: Preset) -> Pipeline:
    """Return the stand-in as the loop takes it."""
    return preset  # type: ignore[return-value]  # the loop asks it for nothing but `decide`
