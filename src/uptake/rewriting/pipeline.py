"""Decide which text to act on for a request: the order of the steps, the guard, and a trace of every step.

1. overrides: a pin decides, a block of the request ends it;
2. the steps in the order of `PRECEDENCE`, until one proposes a meaning that is not blocked, complained about or paused,
   and that the guard lets pass;
3. preflight: with an assistant, the proposal is tried in a dry run. It is refused if the assistant would not understand
   it, or if its interpretation cannot be resolved to a skill and to things that are here. It is asked about if it rests
   on one coincidence, if it would do something else than a request that is understood surely, if its effect is
   permanent, and if it is a canary (`uptake.rewriting.canaries`).

A request that no step changes is left alone: `Outcome.decision` is None. That is the normal case.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from operator import is_
from typing import Any, NamedTuple, Protocol, runtime_checkable

from uptake.errors import BadRecord
from uptake.protocols import Foresees, Preflight, Reads, Step
from uptake.rewriting.canaries import MOST_TRIED, Canaries, CanaryFile, CanaryState
from uptake.rewriting.guard import Guard
from uptake.rewriting.identity import Meaning, meaning_of
from uptake.rewriting.opinions import Opinions
from uptake.rewriting.outcome import Outcome, Trace, TraceEntry
from uptake.rewriting.overrides import Override, Overrides, OverridesFile
from uptake.rewriting.proposal import Offer
from uptake.rewriting.table.artifact import rewrite_id
from uptake.store.served import ServedStep
from uptake.store.stamps import Stamps
from uptake.text.normalize import MAX_CHARS, normalize
from uptake.types import Decision, Interpretation, Request, Situation

__all__ = ["PRECEDENCE", "Outcome", "Pipeline", "TraceEntry"]

PRECEDENCE = ("rewrite", "online", "repair", "hearing", "recall", "near")
"""The order in which steps are asked, by name; others follow in the order of the catalogue."""

_NOWHERE = Situation()
_FILES = 3  # of what a decision rests on before the steps: overrides, canaries, opinions


class Pipeline:
    """Pipeline of overrides and steps; the guard judges each proposal.

    >>> from uptake.rewriting.table.artifact import Rewrite, RewriteTable
    >>> from uptake.rewriting.table.step import ExactRewrite
    >>> from uptake.types import Evidence
    >>> evidence = Evidence(users=5, sessions=9, success_before=0.2, success_after=0.8)
    >>> pipeline = Pipeline(ExactRewrite(RewriteTable.from_rows([Rewrite("play jas", "play jazz", evidence)])))
    >>> pipeline.decide(Request(text="play jas", user_id="ann")).decision.acted_on
    'play jazz'

    Args:
        steps: In order of precedence.
        guard: Judge of every proposal; None for one with the default options.
        overrides: Blocks and pins, or the file that holds them (read again whenever it changes).
        opinions: People's complaints and confirmations; None if none are stored.
        canaries: States of rewrites, or the file that holds them (read again whenever it changes).
        optional: Steps that are skipped and not traced while they have nothing to serve.
        stamps: Tells whether any of these files changed; None to check the files at every request.
    """

    def __init__(
        self,
        *steps: Step | ServedStep,
        guard: Guard | None = None,
        overrides: Overrides | OverridesFile | None = None,
        opinions: Opinions | None = None,
        canaries: Canaries | CanaryFile | None = None,
        optional: Sequence[ServedStep] = (),
        stamps: Stamps | None = None,
    ) -> None:
        self.steps: Sequence[Step | ServedStep] = steps
        self._optional, self.opinions = frozenset(map(id, optional)), opinions
        self.guard = guard or Guard()
        self._file = overrides if isinstance(overrides, OverridesFile) else None
        self._overrides = None if isinstance(overrides, OverridesFile) else overrides or Overrides()
        self._stamp: Any = ()
        self._broken = ""
        self._canary_file = canaries if isinstance(canaries, CanaryFile) else None
        self._canaries = Canaries() if isinstance(canaries, CanaryFile) else canaries or Canaries()
        self._canary_stamp: Any = ()
        self._stamps, self._generation = stamps or Stamps(), object()
        self._asks: Sequence[Step | ServedStep] = steps
        self._tried: Counter[str] = Counter()  # unasked deeds of what is on trial, since the last release

    def decide(self, request: Request, situation: Situation = _NOWHERE, preflight: Preflight | None = None) -> Outcome:
        """Decide what to act on, in well below 1 ms for a miss. Never raises for anything a user says.

        Args:
            request: What was heard.
            situation: Where and when, and what was said before.
            preflight: What the assistant would make of a text; None where there is no assistant to ask.
        """
        self._keep_up()
        trace = Trace()
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
            self.guard.pass_by(request.user_id)
        repeats = trace.repeats and preflight is None
        grounds = self._grounds(request.user_id, trace.asked) if repeats else None
        return Outcome(text, decision, tuple(trace.entries), grounds)

    def stands(self, outcome: Outcome, user_id: str) -> bool:
        """Tell whether the same request of the same person would be decided so again; if so, the guard counts it.

        Args:
            outcome: What was decided, without a preflight.
            user_id: Who made the request.
        """
        grounds = outcome.grounds
        if grounds is None:
            return False
        self._keep_up()
        now = self._grounds(user_id, len(grounds) - _FILES)
        if now is None or not all(map(is_, grounds, now)):
            return False
        decision = outcome.decision
        if decision is not None and decision.layer != "pin":
            return self.guard.charge(decision.domain, user_id)
        self.guard.pass_by(user_id)
        return True

    def _keep_up(self) -> None:
        generation = self._stamps.generation
        if generation is not self._generation:
            self._look()
            self._generation = generation

    def _grounds(self, user_id: str, asked: int) -> tuple[object, ...] | None:
        """Return what a decision depends on beside the request; None if a step uses more than its text and user."""
        opinions = self.opinions.of(user_id) if self.opinions is not None else ()
        found = [self._overrides, self._canaries, opinions]
        for step in self._asks[:asked]:
            one = getattr(step, "rests_on", None)
            if one is None:
                return None
            found.append(one)
        return tuple(found)

    def _overridden(self, text: str, request: Request, trace: Trace) -> Decision | None:
        """Return the decision of a pin; ends the trace where a pin or a block applies."""
        overrides = self._overrides
        if overrides is None:
            trace.add("overrides", "broken", f"every request is left alone: {self._broken}", ends=True)
            trace.repeats = False
            return None
        found = overrides.find(text, request.user_id)
        if self._broken:
            trace.add("overrides", "broken", f"the last good ones are used: {self._broken}")
            trace.repeats = False
        if found is None:
            return None
        whose = "this user" if found.user_id else "everybody"
        if found.rewrite is None:
            trace.add("overrides", "blocked", f"blocked for {whose}", ends=True)
            return None
        trace.add("overrides", "pinned", f"pinned for {whose}", ends=True)
        decision = _pinned(found, f"pinned for {whose}")
        verdict, reason, decided = self.guard.check(text, decision, request.user_id)
        trace.add("guard", verdict, reason)
        return decided

    def _asked(self, text: str, request: Request, scene: _Scene, trace: Trace) -> Decision | None:
        canaries = self._canaries
        for step in self._asks:
            offer = _offered(step, request, scene)
            trace.asked += 1
            note = getattr(step, "note", "")
            if offer is None:
                verdict = "broken" if getattr(step, "broken", False) else "abstained"
                trace.add(step.name, verdict, note or "knows nothing better")
                continue
            reason = offer.decision.reason
            trace.add(step.name, "proposed", f"{reason} ({note})" if note else reason)
            proposal, later = self._narrowed(text, request.user_id, offer)
            meaning = meaning_of(text, proposal.acted_on)
            unwanted = self.unwanted(meaning, request.user_id)
            if unwanted:
                trace.add("overrides", "refused", unwanted)
                continue
            canary = canaries.state(proposal.rewrite_id, proposal.artifact_version, request.user_id)
            trace.repeats &= canary is None  # who is asked about a canary depends on how often it acted
            if canary == "paused":
                trace.add("canary", "refused", "paused: it may do harm")
                continue
            if proposal.must_confirm and self._is_agreed(request.user_id, meaning):
                proposal = replace(proposal, must_confirm=False)  # the step's own doubt; the guard has its own
            judged, reason, decided = self.guard.check(text, proposal, request.user_id)
            trace.add("guard", judged, reason)
            if decided is None:
                trace.repeats = False  # its domain may have a budget again
                continue
            takes_off, reading = _takes_off(decided, scene.preflight, trace)
            if takes_off:
                decided = self._proven(text, request, decided, meaning, reading, trace)
                decided = self._foreseen(request, decided, meaning, scene.preflight, trace)
                decided = self._careful(request, decided, meaning, canary, trace) if canary else decided
                return self._offering(text, request.user_id, decided, scene.preflight, later)
        return None

    def _narrowed(self, text: str, user_id: str, offer: Offer) -> tuple[Decision, Offer | None]:
        """Return what to decide on, and the offer whose alternatives are told apart later, where that changes nothing.

        They are told apart now where the person chose one of them before, or where what comes first is refused.
        """
        if offer.beside:
            left = self._left(text, user_id, [offer.decision, *offer.beside])
            stays = not left or left[0] is offer.decision
            if stays and not any(self._is_agreed(user_id, meaning_of(text, one.acted_on)) for one in left):
                return offer.decision, offer if left else None
        whole = offer.whole
        return (self._wanted(text, user_id, whole) if whole.others else whole), None

    def _left(self, text: str, user_id: str, offers: Sequence[Decision]) -> list[Decision]:
        """Return what nobody refuses."""
        return [
            one
            for one in offers
            if self.unwanted(meaning_of(text, one.acted_on), user_id) is None and not self.guard.refuses(text, one)
        ]

    def _wanted(self, text: str, user_id: str, proposal: Decision) -> Decision:
        """Return what this person chose before of what would be offered; else what nobody refuses."""
        left = self._left(text, user_id, [proposal, *proposal.others])
        chosen = next((one for one in left if self._is_agreed(user_id, meaning_of(text, one.acted_on))), None)
        if chosen is not None:
            return replace(chosen, others=())
        return replace(left[0], others=tuple(left[1:])) if left else replace(proposal, others=())

    def _offering(
        self, text: str, user_id: str, decided: Decision, preflight: Preflight | None, later: Offer | None
    ) -> Decision:
        """Return the decision with alternatives to offer; none if it is not asked about, or names its action."""
        if later is None and not decided.others:
            return decided
        if not decided.must_confirm or preflight is None or self.guard.asks_first(text, decided.acted_on):
            return replace(decided, others=())
        others = decided.others if later is None else self._left(text, user_id, later.others())
        return replace(decided, others=tuple(one for one in others if self._may_offer(text, user_id, one, preflight)))

    def _may_offer(self, text: str, user_id: str, one: Decision, preflight: Preflight) -> bool:
        """Tell whether something may be offered beside what is asked about: it needs no question of its own."""
        paused = self._canaries.state(one.rewrite_id, one.artifact_version, user_id) == "paused"
        if paused or self.guard.asks_first(text, one.acted_on) or preflight(one.acted_on) is None:
            return False
        meant = preflight.foresee(one.acted_on) if isinstance(preflight, Foresees) else None
        return meant is None or not meant.irrevocable

    def _careful(
        self, request: Request, decided: Decision, meaning: Meaning, canary: CanaryState, trace: Trace
    ) -> Decision:
        """Return the decision of a canary: to be asked about, except for users who said yes, and for a few trials."""
        if canary == "trial" and not decided.must_confirm:
            self._tried[decided.rewrite_id] += 1
            if self._tried[decided.rewrite_id] <= MOST_TRIED:
                return decided
        opinion = self.opinions.find(request.user_id, meaning) if self.opinions is not None else None
        if opinion is not None and opinion.agreed:
            return decided
        trace.add("canary", "confirm", "people are asked about it before it is acted on")
        return replace(decided, must_confirm=True, unproven=True)

    def unwanted(self, meaning: Meaning, user_id: str) -> str | None:
        """Return why a meaning must not be acted on, whoever proposes it; None where nothing is against it."""
        if self._overrides is not None and self._overrides.blocks(meaning, user_id):
            return "this meaning is blocked"
        opinion = self.opinions.find(user_id, meaning) if self.opinions is not None else None
        return "suspended: this user complained about it" if opinion is not None and opinion.suspended else None

    def _proven(
        self,
        text: str,
        request: Request,
        decided: Decision,
        meaning: Meaning,
        reading: Interpretation | None,
        trace: Trace,
    ) -> Decision:
        """Return the decision, to be asked about if its only evidence is one coincidence for another thing."""
        if decided.occasions is not None:
            known = [step.days(request.user_id, meaning) for step in self.steps if isinstance(step, _Taught)]
            decided = replace(decided, occasions=max(known)) if known else decided
        if not self.guard.is_coincidence(text, decided, reading):
            return decided
        if self._is_agreed(request.user_id, meaning):
            return decided
        trace.add("guard", "confirm", "names another thing, and was not confirmed yet: asks first")
        return replace(decided, must_confirm=True, unproven=True)

    def _foreseen(
        self, request: Request, decided: Decision, meaning: Meaning, preflight: Preflight | None, trace: Trace
    ) -> Decision:
        """Return the decision, to be asked about if its consequence requires it."""
        if preflight is None or not isinstance(preflight, Foresees):
            return decided
        meant = preflight.foresee(decided.acted_on if decided.interpretation is None else decided.interpretation)
        doubt = self.guard.doubt(request.confidence, preflight.foresee(), meant)
        if doubt is None or (not doubt.always and self._is_agreed(request.user_id, meaning)):
            return decided
        trace.add("guard", "confirm", f"{doubt.reason}: asks first")
        return replace(decided, must_confirm=True, unproven=True)

    def _is_agreed(self, user_id: str, meaning: Meaning) -> bool:
        opinion = self.opinions.find(user_id, meaning) if self.opinions is not None else None
        return opinion is not None and opinion.agreed

    def _look(self) -> None:
        """See what changed on the disk: overrides, canaries, steps that have something to say."""
        self._read_overrides()
        self._read_canaries()
        self._asks = [one for one in self.steps if id(one) not in self._optional or not getattr(one, "idle", False)]

    def _read_overrides(self) -> None:
        """Read the overrides again if the file changed; they are None where they never could be read."""
        if self._file is not None and (stamp := self._file.stamp()) != self._stamp:
            try:
                self._overrides, self._broken = self._file.read(), ""
            except BadRecord as error:
                self._broken = str(error)
            self._stamp = stamp

    def _read_canaries(self) -> None:
        """Read what is paused or asked about again if the file changed; a broken one asks about everything."""
        if self._canary_file is not None and (stamp := self._canary_file.stamp()) != self._canary_stamp:
            try:
                self._canaries = self._canary_file.read()
            except BadRecord:
                self._canaries = Canaries(unread=True)
            self._canary_stamp = stamp
            self._tried.clear()


@runtime_checkable
class _Taught(Protocol):
    """Step that knows on how many days a person taught a meaning."""

    def days(self, user_id: str, meaning: Meaning) -> int:
        """Return the number of days."""
        ...


class _Scene(NamedTuple):
    """Arguments of a step beside the request."""

    situation: Situation
    preflight: Preflight | None


def _offered(step: Step | ServedStep, request: Request, scene: _Scene) -> Offer | None:
    """Ask a step; one that can puts off what takes long."""
    offer = getattr(step, "offer", None)
    if offer is not None:
        found: Offer | None = offer(request, *scene)
        return found
    decision = step(request, *scene)
    return None if decision is None else Offer(decision)


def _takes_off(decided: Decision, preflight: Preflight | None, trace: Trace) -> tuple[bool, Interpretation | None]:
    """Tell whether the assistant would understand what is to be acted on, and as what; yes without one to ask."""
    if preflight is None:
        return True, decided.interpretation
    if decided.interpretation is not None:
        exists = isinstance(preflight, Reads) and preflight.exists(decided.interpretation)
        told = "nothing here stands for it" if not exists else f"can be done as {decided.interpretation.intent}"
        trace.add("preflight", "allowed" if exists else "refused", told)
        return exists, decided.interpretation
    understood = preflight(decided.acted_on)
    if understood is None:
        trace.add("preflight", "refused", "the assistant would not understand it")
        return False, None
    trace.add("preflight", "allowed", f"would be understood as {understood.intent}")
    return True, understood


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
