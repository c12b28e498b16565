"""From a request to what is acted on: the order of the steps, the guard, and a trace of who said what.

1. overrides: a pin decides, a block ends it;
2. the steps in order (`rewrite`, `online`, `repair`, `hearing`, `recall`, `sound`), until one proposes what the guard
   lets pass;
3. preflight: what passes is tried on the assistant, where there is one; what it would not understand is refused, and
   so is a reading that it cannot tie to a skill and to things that are here.

A request that nobody wants to change is left alone: `Outcome.decision` is None. That is the normal case.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from time import perf_counter_ns
from typing import Any, Literal, NamedTuple

from uptake.artifacts.rewrites import RewriteTable, rewrite_id
from uptake.artifacts.store import ArtifactStore
from uptake.decide.guard import Guard
from uptake.decide.overrides import Override, Overrides, OverridesFile
from uptake.decide.rewrite import ExactRewrite
from uptake.decide.served import Served
from uptake.errors import BadRecord
from uptake.protocols import Preflight, Reads, Step
from uptake.text.normalize import MAX_CHARS, normalize
from uptake.types import Decision, Request, Situation

__all__ = ["Outcome", "Pipeline", "TraceEntry"]

_NOWHERE = Situation()


class TraceEntry(NamedTuple):
    """What one step said of a request."""

    step: str
    """Name of the step, or "request", "overrides", "guard", "preflight"."""
    verdict: Literal["proposed", "abstained", "allowed", "confirm", "refused", "pinned", "blocked", "broken"]
    """What it said."""
    reason: str
    """Why, in one sentence without anybody's words."""
    time_us: float
    """How long it took, in microseconds."""


class Outcome(NamedTuple):
    """What became of a request."""

    normalized: str
    """The request as it was looked up."""
    decision: Decision | None
    """What to act on instead; None to leave the request alone."""
    trace: tuple[TraceEntry, ...]
    """What every step that was asked said, in order."""


class Pipeline:
    """Asks the overrides, then the steps, each proposal judged by the guard.

    >>> from uptake.artifacts.rewrites import Rewrite
    >>> from uptake.types import Evidence
    >>> evidence = Evidence(users=5, sessions=9, success_before=0.2, success_after=0.8)
    >>> pipeline = Pipeline(ExactRewrite(RewriteTable.from_rows([Rewrite("play jas", "play jazz", evidence)])))
    >>> pipeline.decide(Request(text="play jas", user_id="ann")).decision.acted_on
    'play jazz'

    Args:
        steps: In the order they are asked.
        guard: Judge of every proposal; None for one with the default options.
        overrides: Blocks and pins, or the file that holds them (read again whenever it changes).
        optional: Those of the steps that are passed over without a word while they have nothing to serve.
    """

    def __init__(
        self,
        *steps: Step | Served,
        guard: Guard | None = None,
        overrides: Overrides | OverridesFile | None = None,
        optional: Sequence[Served] = (),
    ) -> None:
        self.steps: Sequence[Step | Served] = steps
        self._optional = tuple(optional)
        self.guard = guard or Guard()
        self._file = overrides if isinstance(overrides, OverridesFile) else None
        self._overrides = None if isinstance(overrides, OverridesFile) else overrides or Overrides()
        self._stamp: Any = ()
        self._broken = ""

    @classmethod
    def serving(
        cls,
        store: ArtifactStore,
        *,
        overrides: Path,
        learning: Path | None = None,
        guard: Guard | None = None,
    ) -> Pipeline:
        """A pipeline over what is published, reloaded whenever something else is.

        Args:
            store: Where artifacts are published.
            overrides: File of blocks and pins; may be missing.
            learning: Directory of learning, beside which lies what each person said since; None for none.
            guard: Judge of every proposal; None for one with the default options.
        """
        from uptake.decide.carry import CarriedOver
        from uptake.decide.online import ServedOnline

        exact = Served(store, kind="rewrites", name=ExactRewrite.name, opener=_exact)
        sound = Served(store, kind="sounds", name="sound", opener=_sound)
        recall = Served(store, kind="sounds", name="recall", opener=_recall)
        online = ServedOnline(store, learning, more=(CarriedOver.serving(store),))
        repair = Served(store, kind="repairs", name="repair", opener=_repair)
        hearing = Served(store, kind="rankers", name="hearing", opener=_hearing)
        steps = (exact, online, repair, hearing, recall, sound)
        return cls(*steps, optional=(repair, hearing), guard=guard, overrides=OverridesFile(overrides))

    def decide(self, request: Request, situation: Situation = _NOWHERE, preflight: Preflight | None = None) -> Outcome:
        """Decide what to act on. Never raises for anything a user says; a miss takes well below 1 ms.

        Args:
            request: What was heard.
            situation: Where and when, and what was said before.
            preflight: What the assistant would make of a text; None where there is no assistant to ask.
        """
        trace = _Trace()
        text = normalize(request.text)
        decision = None
        if not text:
            trace.add("request", "abstained", "nothing was said")
        elif len(request.text) > MAX_CHARS:
            trace.add("request", "abstained", f"longer than {MAX_CHARS} characters")
        else:
            decision = self._overridden(text, request, trace)
            if not trace.ended:
                decision = self._asked(text, request, _Scene(situation, preflight), trace)
        if decision is None or decision.layer == "pin":
            self.guard.pass_by()
        return Outcome(text, decision, tuple(trace.entries))

    def _overridden(self, text: str, request: Request, trace: _Trace) -> Decision | None:
        """What a pin decides; ends the trace where a pin or a block speaks."""
        overrides = self._current_overrides()
        if overrides is None:
            trace.add("overrides", "broken", f"every request is left alone: {self._broken}", ends=True)
            return None
        found = overrides.find(text, request.user_id)
        if self._broken:
            trace.add("overrides", "broken", f"the last good ones are used: {self._broken}")
        if found is None:
            return None
        whose = "this user" if found.user_id else "everybody"
        if found.rewrite is None:
            trace.add("overrides", "blocked", f"blocked for {whose}", ends=True)
            return None
        trace.add("overrides", "pinned", f"pinned for {whose}", ends=True)
        decision = _pinned(found, f"pinned for {whose}")
        verdict, reason, decided = self.guard.check(text, decision)
        trace.add("guard", verdict, reason)
        return decided

    def _asked(self, text: str, request: Request, scene: _Scene, trace: _Trace) -> Decision | None:
        for step in self.steps:
            if any(step is one and one.idle for one in self._optional):
                continue
            proposal = step(request, *scene)
            note = getattr(step, "note", "")
            if proposal is None:
                verdict = "broken" if getattr(step, "broken", False) else "abstained"
                trace.add(step.name, verdict, note or "knows nothing better")
                continue
            trace.add(step.name, "proposed", f"{proposal.reason} ({note})" if note else proposal.reason)
            judged, reason, decided = self.guard.check(text, proposal)
            trace.add("guard", judged, reason)
            if decided is not None and _takes_off(decided, scene.preflight, trace):
                return decided
        return None

    def _current_overrides(self) -> Overrides | None:
        """The overrides, read again if the file changed; None where they never could be read."""
        if self._file is None:
            return self._overrides
        stamp = self._file.stamp()
        if stamp != self._stamp:
            try:
                self._overrides, self._broken = self._file.read(), ""
            except BadRecord as error:
                self._broken = str(error)
            self._stamp = stamp
        return self._overrides


class _Scene(NamedTuple):
    """What a step is asked with, beside the request."""

    situation: Situation
    preflight: Preflight | None


def _takes_off(decided: Decision, preflight: Preflight | None, trace: _Trace) -> bool:
    """Whether the assistant would understand what is to be acted on; yes where there is none to ask."""
    if preflight is None:
        return True
    if decided.interpretation is not None:
        exists = isinstance(preflight, Reads) and preflight.exists(decided.interpretation)
        told = "nothing here stands for it" if not exists else f"can be done as {decided.interpretation.intent}"
        trace.add("preflight", "allowed" if exists else "refused", told)
        return exists
    understood = preflight(decided.acted_on)
    if understood is None:
        trace.add("preflight", "refused", "the assistant would not understand it")
        return False
    trace.add("preflight", "allowed", f"would be understood as {understood.intent}")
    return True


class _Trace:
    """Collects entries with the time since the one before."""

    def __init__(self) -> None:
        self.entries: list[TraceEntry] = []
        self.ended = False
        self._last = perf_counter_ns()

    def add(self, step: str, verdict: Any, reason: str, *, ends: bool = False) -> None:
        now = perf_counter_ns()
        self.entries.append(TraceEntry(step, verdict, reason, (now - self._last) / 1_000))
        self._last, self.ended = now, self.ended or ends


def _exact(store: ArtifactStore, version: str) -> Step:
    return ExactRewrite(store.load(RewriteTable, version), version)


def _recall(store: ArtifactStore, version: str) -> Step:
    from uptake.artifacts.sounds import SoundIndex
    from uptake.decide.recall import Recall

    return Recall(store.load(SoundIndex, version), version)


def _sound(store: ArtifactStore, version: str) -> Step:
    from uptake.artifacts.sounds import SoundIndex
    from uptake.decide.sound import SoundRewrite

    return SoundRewrite(store.load(SoundIndex, version), version)


def _repair(store: ArtifactStore, version: str) -> Step:
    from uptake.artifacts.repairs import RepairModel
    from uptake.decide.repair import RepairReading

    return RepairReading(store.load(RepairModel, version), version)


def _hearing(store: ArtifactStore, version: str) -> Step:
    from uptake.artifacts.ranker import Ranker
    from uptake.decide.hearing import HeardReading

    return HeardReading(store.load(Ranker, version), version)


def _pinned(override: Override, reason: str) -> Decision:
    rewrite = override.rewrite or ""
    return Decision(
        step="pin",
        acted_on=rewrite,
        rewrite_id=rewrite_id(override.request, rewrite, override.user_id),
        artifact_version=None,
        layer="pin",
        reason=reason,
    )
