"""The assistant: from what was heard to what was done, every turn on the record.

    hear -> understand -> rewrite? (then understand again) -> (context) -> resolve -> act -> reply -> record

A turn that answers a question, corrects or follows what went before takes a short cut (`dialogue.moves`) into
resolve or act. Nothing a person says raises; a skill or a device that fails ends its turn with an apology.
"""

from __future__ import annotations

import uuid
from dataclasses import replace
from threading import RLock

from uptake.agent.compound import is_joint, parts
from uptake.agent.dialogue import Move, Pending, find_move
from uptake.agent.dialogue.clarify import FEEDBACK
from uptake.agent.hear import hear
from uptake.agent.hypotheses import OUT_OF_SCOPE, Hypothesis
from uptake.agent.parts import Parts
from uptake.agent.preflight import Dry, as_logged, best_that_exists
from uptake.agent.progress import Progress, Reply
from uptake.agent.reply import reply
from uptake.agent.resolve import belief, candidates, rank, tie, undecided
from uptake.agent.rewrite import rewrite
from uptake.agent.settle import Settler
from uptake.agent.situation import Origin, forget_habit, look
from uptake.agent.skills.skill import Announcement, Effect
from uptake.decide.wording import means_the_same
from uptake.errors import BadConfig
from uptake.types import Decision, Interpretation, Request, Status

__all__ = ["Agent"]

_NOT_UNDERSTOOD = "Sorry, I did not understand that. Say help to hear what I can do."
_UNSUPPORTED = "Sorry, that is nothing I can do."
_NOTHING_TO_UNDO = "There is nothing to undo."
_SORRY: tuple[str, Status] = ("Sorry about that. What did you mean?", "ok")
_TALK: dict[str, tuple[str, Status]] = {"yes": ("Good.", "ok"), "cancel": ("All right.", "cancelled")}


class Agent:
    """An assistant for one home.

    Args:
        parts: What it is made of; see `uptake.agent.build.open_agent` for all of it at once.
        language: BCP 47 tag of what people say.
        timeout_s: Longest time a skill may take, in seconds.
        act_at: Least confidence, in [0, 1], with which a reading is acted on without asking.
        ask_at: Least confidence with which it is worth asking "did you mean …?".
    """

    def __init__(
        self,
        parts: Parts,
        *,
        language: str = "en",
        timeout_s: float = 5.0,
        act_at: float = 0.5,
        ask_at: float = 0.25,
    ) -> None:
        if not 0.0 <= ask_at <= act_at <= 1.0:
            raise BadConfig("ask_at and act_at must satisfy 0 <= ask_at <= act_at <= 1")
        if not timeout_s > 0:
            raise BadConfig("timeout_s must be more than 0")
        self.parts, self.language, self.act_at, self.ask_at = parts, language, act_at, ask_at
        self._settler = Settler(parts, timeout_s=timeout_s)
        self._lock = RLock()

    def answer(
        self,
        request: Request,
        origin: Origin | None = None,
        *,
        barge_in_ms: float | None = None,
        dry_run: bool = False,
    ) -> Reply:
        """Do what is asked, and say what was done. Never raises for anything a person says.

        Args:
            request: What was heard or typed.
            origin: The device that heard it; None where nothing is known of it.
            barge_in_ms: How far into the last answer the person cut in, in milliseconds; None where they did not.
            dry_run: Only say what would be done: nothing is changed and nothing is written.

        Raises:
            StorageFailed: The log or the memory refused.
        """
        with self._lock:
            work = self._begin(request, origin or Origin(), dry_run)
            if barge_in_ms is not None and not dry_run:
                self.parts.keeper.amend(request.user_id, None, barge_in_ms=barge_in_ms)
            both = self._two_in_one(work)
            if both is not None and not dry_run:
                return self._answer_both(request, both, origin)
            self._run(work)
            return self._end(work)

    def read(self, request: Request, origin: Origin | None = None) -> tuple[Interpretation, ...]:
        """What it would make of a request as it is, as a turn would log it: the reading to act on, then runners-up.

        Nothing is done, nothing is rewritten and nothing is written; empty where nothing is understood.
        """
        with self._lock:
            work = self._begin(request, origin or Origin(), True)
            heard = hear(request.text, language=self.language)
            if heard.refusal is not None:
                return ()
            work.text = heard.text
            self._understand(work)
            return as_logged(work, self.parts, ask_at=self.ask_at)

    def _two_in_one(self, work: Progress) -> tuple[str, str] | None:
        heard = hear(work.request.text, language=self.language)
        pending = work.conversation.pending
        waits = pending is not None and pending.kind != "feedback"
        if heard.refusal is not None or waits or not is_joint(heard.text):
            return None
        found = self.parts.understanding.read(heard.text, work.situation)
        return parts(heard.text, found[0] if found else None, self.parts.understanding, work.situation)

    def _answer_both(self, request: Request, both: tuple[str, str], origin: Origin | None) -> Reply:
        """Two turns, one after the other; the second waits where the first ends in a question."""
        first = self.answer(replace(request, text=both[0], alternatives=()), origin)
        if first.question not in (None, "feedback"):
            return replace(first, speech=f"First: {first.speech} Then say the rest again.")
        second = self.answer(replace(request, text=both[1], alternatives=()), origin)
        speech = f"{first.speech.removesuffix(FEEDBACK).strip()} {second.speech}"
        return replace(second, speech=speech, stages=(*first.stages, *second.stages))

    def judge(self, user_id: str, right: bool) -> str:
        """Take a person's word for whether their last request went right; a wrong one is taken back.

        Returns:
            What to say.

        Raises:
            StorageFailed: The log or the memory refused.
        """
        with self._lock:
            last = self.parts.keeper.last(user_id)
            if last is None:
                return "There is nothing to judge yet."
            self.parts.keeper.amend(user_id, last.turn_id, answer=right)
            if right:
                return "Good to know."
            forget_habit(self.parts.memory, user_id, last.turn_id)
            return f"Sorry about that. {self._settler.take_back(user_id, only=last.turn_id) or ''}".strip()

    def undo(self, user_id: str) -> str:
        """Take back the last thing that was done for a person. Returns what to say.

        Raises:
            StorageFailed: The log or the memory refused.
        """
        with self._lock:
            return self._settler.take_back(user_id) or _NOTHING_TO_UNDO

    def due(self, origin: Origin | None = None, user_id: str = "") -> tuple[Announcement, ...]:
        """What has fallen due by now: timers, alarms, reminders, delayed commands (which are done)."""
        with self._lock:
            place = origin or Origin()
            parts = self.parts
            situation = look(place, parts.home, parts.memory, user_id, recent=(), skills=parts.skills)
            found: list[Announcement] = []
            for skill in self.parts.skills.skills:
                found += skill.due(self.parts.home, self.parts.memory, situation)
            said = []
            for announcement in found:
                if announcement.request is None:
                    said.append(announcement)
                    continue
                request = Request(text=announcement.request, user_id=announcement.user_id or user_id)
                done = self.answer(request, place)
                said.append(replace(announcement, speech=f"{announcement.speech} {done.speech}".strip()))
            return tuple(said)

    def _begin(self, request: Request, origin: Origin, dry_run: bool) -> Progress:
        parts = self.parts
        now = parts.home.now()
        conversation = parts.keeper.conversation(request.user_id, now)
        recent, skills = conversation.exchanges, parts.skills
        situation = look(origin, parts.home, parts.memory, request.user_id, recent=recent, skills=skills)
        return Progress(
            turn_id=uuid.uuid4().hex,
            request=request,
            origin=origin,
            now=now,
            conversation=conversation,
            situation=situation,
            dry_run=dry_run,
            assigned=parts.experiment.assign(request.user_id) if parts.experiment else None,
        )

    def _run(self, work: Progress) -> None:
        heard = hear(work.request.text, language=self.language)
        work.text = heard.text
        work.trace.add("hear", "refused" if heard.refusal else "heard", heard.reason)
        if heard.refusal is not None:
            work.effect = Effect(speech=heard.refusal, status="unsupported")
        elif not self._moved(work):
            self._read(work)

    # What lives on what was said before.

    def _moved(self, work: Progress) -> bool:
        """Whether the request was a move in the conversation; then it has been made."""
        conversation = work.conversation
        if conversation.pending is None and not conversation.exchanges:
            return False
        move = find_move(
            work.text,
            conversation,
            work.situation,
            understanding=self.parts.understanding,
            resolver=self.parts.resolver,
        )
        pending = conversation.pending
        asked = pending is not None and pending.kind == "feedback"
        if move is None:
            work.trace.add("dialogue", "a new request")
            if asked and self.parts.asks is not None and not work.dry_run:
                self.parts.asks.answered(self.parts.memory, work.request.user_id, None)
            return False
        work.move = move
        work.trace.add("dialogue", move.kind, move.reason)
        if asked and move.kind in ("yes", "no", "correct"):
            self._hear_feedback(work, move.kind == "yes")
        if move.undo_last and not work.dry_run:
            self._settler.take_back(work.request.user_id)
        confirming = pending is not None and pending.kind == "confirm"
        if pending is not None and pending.heard is not None and move.kind in ("yes", "no") and not work.dry_run:
            self.parts.keeper.amend(work.request.user_id, pending.turn_id, answer=move.kind == "yes")
        agreed = pending.interpretation if pending is not None and confirming and move.kind == "yes" else None
        reading = move.interpretation or agreed
        heard = pending.heard if pending is not None and confirming and move.kind == "no" else None
        if reading is not None:
            self._do(work, reading, confirmed=confirming and move.kind in ("yes", "choose"))
        elif heard is not None:
            work.text = heard
            self._read_as_heard(work)
        else:
            work.effect = self._talk(work, move, pending)
        if move.rest and not work.dry_run:
            first = work.effect
            work.text = move.rest
            self._read(work)
            if first is not None and work.effect is not None:
                work.effect = replace(work.effect, speech=f"{first.speech} {work.effect.speech}")
        return True

    def _talk(self, work: Progress, move: Move, pending: Pending | None) -> Effect:
        """Moves that ask for nothing to be done."""
        if move.kind == "undo":
            said = None if work.dry_run else self._settler.take_back(work.request.user_id)
            return Effect(speech=said or _NOTHING_TO_UNDO, action="dialogue.undo")
        if move.kind == "repeat":
            work.pending = pending  # what was asked is still asked
            said = next((one.response for one in reversed(work.conversation.exchanges) if one.response), None)
            return Effect(speech=said or "I have not said anything yet.", action="dialogue.repeat")
        if move.kind == "no" and pending is not None and pending.kind != "feedback":
            return Effect(speech="All right, I will leave it.", status="cancelled", action="dialogue.no")
        speech, status = _TALK.get(move.kind, _SORRY)
        return Effect(speech=speech, status=status, action=f"dialogue.{move.kind}")

    def _hear_feedback(self, work: Progress, right: bool) -> None:
        pending, user_id = work.conversation.pending, work.request.user_id
        if pending is None or work.dry_run:
            return
        self.parts.keeper.amend(user_id, pending.turn_id, answer=right)
        if not right and pending.turn_id is not None:
            forget_habit(self.parts.memory, user_id, pending.turn_id)
        if self.parts.asks is not None:
            self.parts.asks.answered(self.parts.memory, user_id, right)

    # What stands on its own.

    def _read(self, work: Progress) -> None:
        """Read the request, or what was learned to act on instead of it."""
        begun = len(work.trace.stages)
        self._understand(work)
        best = best_that_exists(work, self.parts, ask_at=self.ask_at)
        work.sure = min(1.0, best.confidence) if best is not None else 0.0
        request = replace(work.request, confidence=work.sure)
        dry = Dry(work, self._understand, self.parts, ask_at=self.ask_at)
        work.outcome = rewrite(self.parts.pipeline, request, work.situation, dry, work.trace)
        if work.decision is None:  # what was understood stands: the trace shows it after the decision to leave it
            work.trace.stages.insert(begun, work.trace.stages.pop())
        elif work.decision.interpretation is not None:
            self._take(work, work.decision, work.decision.interpretation)
        else:
            read = dry.run(work.decision.acted_on)
            work.text, work.hypotheses, work.believed = read.text, read.hypotheses, read.believed
            work.trace.stages += read.trace.stages
        if work.outcome is not None and work.outcome.decision is not None and work.decision is None:
            work.trace.add("rewrite", "withheld", f"arm {work.assigned.arm}" if work.assigned else "")
        self._act_on_best(work)

    def _take(self, work: Progress, learned: Decision, reading: Interpretation) -> None:
        """A reading that was learned, in the place of what the text would be read as; the others are runners-up."""
        meant = Hypothesis(interpretation=reading, reader=learned.step, reason=learned.reason)
        others = (one for one in work.hypotheses if not means_the_same(one.interpretation, reading))
        work.text, work.hypotheses = learned.acted_on, (meant, *others)
        work.trace.add("understand", reading.key, learned.reason, candidates(work.hypotheses))

    def _read_as_heard(self, work: Progress) -> None:
        self._understand(work)
        self._act_on_best(work)

    def _understand(self, work: Progress) -> None:
        """Readings of the text, in the order that the context gives them."""
        work.hypotheses = tuple(self.parts.understanding.read(work.text, work.situation))
        best = work.hypotheses[0].interpretation.key if work.hypotheses else "nothing"
        work.trace.add("understand", best, "", candidates(work.hypotheses))
        rank(work, self.parts.resolver, self.parts.ranker)

    def _act_on_best(self, work: Progress) -> None:
        learned = work.decision
        if learned is not None and learned.interpretation is not None:
            tie(work, work.hypotheses[0], self.parts.resolver, self.parts.memory)
            heard = work.request.text if learned.must_confirm else None
            asks = learned.must_confirm
            self._settler.settle(work, work.hypotheses[0], confirmed=False, ask_first=asks, heard=heard)
            return
        chosen = self._choose(work)
        if chosen is None:
            return
        if learned is not None and learned.must_confirm:
            tried = self.parts.explores is not None and self.parts.explores.tries(work, self.parts.skills)
            self._settler.settle(work, chosen, confirmed=False, ask_first=not tried, heard=work.request.text)
            return
        problem = undecided(work, chosen, self.parts.resolver, self.act_at)
        if problem is not None and work.resolution is not None:
            work.resolution = replace(work.resolution, problem=problem)
        unsure = belief(chosen, work) < self.act_at
        self._settler.settle(work, chosen, confirmed=False, ask_first=unsure)

    def _choose(self, work: Progress) -> Hypothesis | None:
        """The reading to act on, resolved; None where there is none, and the answer says so."""
        if not work.hypotheses or work.hypotheses[0].confidence < self.ask_at:
            work.effect = Effect(speech=_NOT_UNDERSTOOD, status="failed")
            return None
        best = work.hypotheses[0]
        if best.interpretation.intent == OUT_OF_SCOPE:
            work.effect = Effect(speech=_UNSUPPORTED, status="unsupported")
            return None
        for hypothesis in work.hypotheses[:3]:
            if hypothesis.interpretation.intent == OUT_OF_SCOPE or hypothesis.confidence < self.ask_at:
                continue
            resolution = tie(work, hypothesis, self.parts.resolver, self.parts.memory)
            if resolution.problem is None or resolution.problem.kind != "unknown":
                return hypothesis
        tie(work, best, self.parts.resolver, self.parts.memory)
        return best

    def _do(self, work: Progress, interpretation: Interpretation, *, confirmed: bool) -> None:
        """Act on a reading that the conversation gave."""
        hypothesis = Hypothesis(interpretation=interpretation, reader="dialogue")
        work.hypotheses = (hypothesis,)
        tie(work, hypothesis, self.parts.resolver, self.parts.memory)
        self._settler.settle(work, hypothesis, confirmed=confirmed, ask_first=False)

    def _end(self, work: Progress) -> Reply:
        parts = self.parts
        return reply(work, parts.skills, parts.keeper, parts.asks, explores=parts.explores, language=self.language)
