"""Run the assistant: from what was heard to what was done, every turn on the record.

    hear -> read -> rewrite? (then read again) -> resolve -> act -> reply -> turn

Each stage takes values and returns values; the trace lists them in the order of work. A turn that answers a question,
corrects or follows what went before takes a short cut (`dialogue.moves`) into resolve or act. Nothing a person says
raises; a skill or a device that fails ends its turn with an apology.
"""

from __future__ import annotations

import uuid
from dataclasses import replace
from itertools import chain
from threading import RLock

from uptake.assistant.act_or_ask import Acted, act_or_ask, take_back
from uptake.assistant.asking.explore import note as note_explored
from uptake.assistant.asking.policy import Explored
from uptake.assistant.components import Components
from uptake.assistant.compound import split
from uptake.assistant.dialogue import Conversation, Move, Pending, find_move
from uptake.assistant.dialogue.clarify import FEEDBACK
from uptake.assistant.hear import Heard, hear
from uptake.assistant.hypotheses import Hypothesis
from uptake.assistant.incoming import Incoming
from uptake.assistant.preflight import DryRun
from uptake.assistant.read import Readings, read
from uptake.assistant.reply import Handled, Reply, reply
from uptake.assistant.resolve import Resolved, choose, note, resolve, weigh
from uptake.assistant.rewrite import Rewritten, rewrite
from uptake.assistant.situation import Origin, forget_habit, observe
from uptake.assistant.skills.skill import Announcement, Effect
from uptake.assistant.teaching import TeachingTurn
from uptake.errors import BadConfig
from uptake.types import Interpretation, Request, Situation, Status

__all__ = ["Agent"]

_NOT_UNDERSTOOD = Effect(speech="Sorry, I did not understand that. Say help to hear what I can do.", status="failed")
_UNSUPPORTED = Effect(speech="Sorry, that is nothing I can do.", status="unsupported")
_NOTHING_TO_UNDO = "There is nothing to undo."
_SORRY: tuple[str, Status] = ("Sorry about that. What did you mean?", "ok")
_TALK: dict[str, tuple[str, Status]] = {"yes": ("Good.", "ok"), "cancel": ("All right.", "cancelled")}


class Agent:
    """Assistant for one home.

    Args:
        components: What it is made of; see `uptake.assistant.build.open_agent` for all of it at once.
        language: BCP 47 tag of what people say.
        timeout_s: Longest time a skill may take, in seconds.
        act_at: Least confidence, in [0, 1], with which a reading is acted on without asking.
        ask_at: Least confidence with which it is worth asking "did you mean …?".
    """

    def __init__(
        self,
        components: Components,
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
        self.components, self.language, self.timeout_s = components, language, timeout_s
        self.act_at, self.ask_at = act_at, ask_at
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
            turn = self._open(request, origin or Origin(), dry_run)
            if barge_in_ms is not None and not dry_run:
                self.components.recorder.amend(request.user_id, None, barge_in_ms=barge_in_ms)
            heard = hear(request.text, language=self.language)
            turn.trace.add("hear", "refused" if heard.refusal else "heard", heard.reason)
            lesson = self._teach(turn, heard)
            if lesson is not None and lesson.handled is not None:
                return self._taught(lesson, origin)
            turn, heard = (lesson.turn, heard._replace(text=lesson.text)) if lesson is not None else (turn, heard)
            both = self._split(turn, heard)
            if both is not None:
                return self._answer_both(request, both, origin)
            if heard.refusal is not None:
                refused = Acted(effect=Effect(speech=heard.refusal, status="unsupported"))
                handled = Handled(readings=Readings(text=heard.text), acted=refused)
            else:
                handled = self._move(turn, heard.text) or self._handle(turn, heard.text)
            return reply(turn, handled, self.components, language=self.language)

    def _handle(self, turn: Incoming, text: str) -> Handled:
        """Do a request that stands on its own, or what was learned to do instead of it."""
        heard = read(text, turn.situation, self.components)
        turn.trace.extend(heard.stages)
        return self._act(turn, rewrite(turn, heard, self.components, ask_at=self.ask_at))

    def _act(self, turn: Incoming, rewritten: Rewritten) -> Handled:
        """Act on the best reading, or ask."""
        readings, learned = rewritten.readings, rewritten.decision
        if rewritten.best is None:
            unsupported = bool(readings.hypotheses) and readings.hypotheses[0].confidence >= self.ask_at
            effect = _UNSUPPORTED if unsupported else _NOT_UNDERSTOOD
            return Handled(readings=readings, acted=Acted(effect=effect), rewritten=rewritten)
        resolved, explored = self._weigh(turn, rewritten, rewritten.best)
        note(resolved, turn.trace)
        acted = act_or_ask(
            turn,
            resolved,
            self.components,
            timeout_s=self.timeout_s,
            proposed=learned if learned is not None and learned.must_confirm else None,
        )
        return Handled(readings=readings, acted=acted, resolved=resolved, rewritten=rewritten, explored=explored)

    def _weigh(self, turn: Incoming, rewritten: Rewritten, best: Resolved) -> tuple[Resolved, Explored | None]:
        """Decide whether to ask first: by the readings, or by what the rewrite says of itself."""
        learned, components = rewritten.decision, self.components
        if learned is None or (learned.interpretation is None and not learned.must_confirm):
            return weigh(best, rewritten.readings, turn.situation, components, act_at=self.act_at), None
        unsure = replace(best, unsure=learned.must_confirm)
        if learned.interpretation is not None or learned.unproven or components.explores is None or turn.dry_run:
            return unsure, None
        explored = components.explores.tries(
            learned, best.resolution, components.skills, request=turn.request, turn_id=turn.turn_id, now=turn.now
        )
        note_explored(explored, turn.trace)
        return replace(unsure, unsure=explored.action != "try"), explored

    # What lives on what was said before.

    def _move(self, turn: Incoming, text: str) -> Handled | None:
        """Make the move in the conversation that a request is; None where it stands on its own."""
        conversation, components = turn.conversation, self.components
        if conversation.pending is None and not conversation.exchanges:
            return None
        understanding, resolver = components.understanding, components.resolver
        move = find_move(text, conversation, turn.situation, understanding=understanding, resolver=resolver)
        turn.trace.add("dialogue", move.kind if move else "a new request", move.reason if move else "")
        if not turn.dry_run:
            self._record_answer(turn, move)
        if move is None:
            return None
        handled = self._make(turn, text, move)
        if move.rest and not turn.dry_run:
            handled = handled.then(self._handle(turn, move.rest))
        return replace(handled, move=move)

    def _record_answer(self, turn: Incoming, move: Move | None) -> None:
        """Record what a move says of the turn that it answers; take back what it rejects."""
        pending, user_id, components = turn.conversation.pending, turn.request.user_id, self.components
        kind = move.kind if move is not None else None
        if pending is not None and pending.kind == "feedback":
            right = {"yes": True, "no": False, "correct": False}.get(kind or "")
            if right is not None:
                components.recorder.amend(user_id, pending.turn_id, answer=right)
            if right is False and pending.turn_id is not None:
                forget_habit(components.memory, user_id, pending.turn_id)
            if components.asks is not None and (right is not None or move is None):
                components.asks.answered(components.memory, user_id, right)
        if pending is None and kind in ("no", "correct"):
            components.recorder.object(user_id)
        if move is not None and move.undo_last:
            take_back(user_id, components)
        if pending is not None and pending.heard is not None and kind in ("yes", "no"):
            components.recorder.amend(user_id, pending.turn_id, answer=kind == "yes")

    def _make(self, turn: Incoming, text: str, move: Move) -> Handled:
        """Do what a move asks for, or answer it."""
        pending = turn.conversation.pending
        confirming = pending if pending is not None and pending.kind == "confirm" else None
        reading = move.interpretation
        if reading is None and confirming is not None and move.kind == "yes":
            reading = confirming.interpretation
        if reading is not None:
            return self._do(turn, text, reading, agreed=confirming is not None and move.kind in ("yes", "choose"))
        if confirming is not None and confirming.heard is not None and move.kind == "no":
            heard = read(confirming.heard, turn.situation, self.components)
            turn.trace.extend(heard.stages)
            best = choose(heard, turn.situation, self.components, ask_at=self.ask_at)
            return self._act(turn, Rewritten(readings=heard, best=best))
        return Handled(readings=Readings(text=text), acted=self._talk(turn, move, pending))

    def _do(self, turn: Incoming, text: str, reading: Interpretation, *, agreed: bool) -> Handled:
        """Act on a reading that the conversation gave."""
        hypothesis = Hypothesis(interpretation=reading, reader="dialogue")
        readings = Readings(text=text, hypotheses=(hypothesis,))
        resolved = resolve(hypothesis, readings, turn.situation, self.components)
        note(resolved, turn.trace)
        acted = act_or_ask(turn, resolved, self.components, timeout_s=self.timeout_s, agreed=agreed)
        return Handled(readings=readings, acted=acted, resolved=resolved)

    def _talk(self, turn: Incoming, move: Move, pending: Pending | None) -> Acted:
        """Answer a move that asks for nothing to be done."""
        if move.kind == "undo":
            said = None if turn.dry_run else take_back(turn.request.user_id, self.components)
            return Acted(effect=Effect(speech=said or _NOTHING_TO_UNDO, action="dialogue.undo"))
        if move.kind == "repeat":
            said = next((one.response for one in reversed(turn.conversation.exchanges) if one.response), None)
            effect = Effect(speech=said or "I have not said anything yet.", action="dialogue.repeat")
            return Acted(effect=effect, pending=pending)  # what was asked is still asked
        if move.kind == "no" and pending is not None and pending.kind != "feedback":
            return Acted(effect=Effect(speech="All right, I will leave it.", status="cancelled", action="dialogue.no"))
        speech, status = _TALK.get(move.kind, _SORRY)
        return Acted(effect=Effect(speech=speech, status=status, action=f"dialogue.{move.kind}"))

    # What people teach (`assistant.teaching`).

    def _teach(self, turn: Incoming, heard: Heard) -> TeachingTurn | None:
        """Find out what a request has to do with teaching; None where nothing can be taught."""
        if self.components.teaching is None or heard.refusal is not None:
            return None
        taught: TeachingTurn = self.components.teaching.hear(
            turn, heard.text, self.components, timeout_s=self.timeout_s
        )
        return taught

    def _taught(self, lesson: TeachingTurn, origin: Origin | None) -> Reply:
        """Answer a turn that taught something, and what was asked for along with it."""
        if lesson.handled is None:
            raise AssertionError("a turn without teaching is answered elsewhere")
        first = reply(lesson.turn, lesson.handled, self.components, language=self.language)
        if lesson.rest is None or lesson.turn.dry_run:
            return first
        second = self.answer(replace(lesson.turn.request, text=lesson.rest, alternatives=()), origin)
        return replace(second, speech=f"{first.speech} {second.speech}", stages=(*first.stages, *second.stages))

    # Two requests in one breath.

    def _split(self, turn: Incoming, heard: Heard) -> tuple[str, str] | None:
        """Split a request into two; None where it is one, or answers a question."""
        pending = turn.conversation.pending
        waits = pending is not None and pending.kind != "feedback"
        if turn.dry_run or heard.refusal is not None or waits:
            return None
        return split(heard.text, self.components.understanding, turn.situation)

    def _answer_both(self, request: Request, both: tuple[str, str], origin: Origin | None) -> Reply:
        """Answer two turns, one after the other; the second waits where the first ends in a question."""
        first = self.answer(replace(request, text=both[0], alternatives=()), origin)
        if first.question not in (None, "feedback"):
            return replace(first, speech=f"First: {first.speech} Then say the rest again.")
        second = self.answer(replace(request, text=both[1], alternatives=()), origin)
        speech = f"{first.speech.removesuffix(FEEDBACK).strip()} {second.speech}"
        return replace(second, speech=speech, stages=(*first.stages, *second.stages))

    # What else may be asked of it.

    def read(self, request: Request, origin: Origin | None = None) -> tuple[Interpretation, ...]:
        """Read a request as it is, as a turn would log it: the reading to act on, then runners-up.

        Nothing is done, nothing is rewritten and nothing is written; empty where nothing is understood.
        """
        with self._lock:
            situation = self._open(request, origin or Origin(), True).situation
            heard = hear(request.text, language=self.language)
            if heard.refusal is not None:
                return ()
            readings = read(heard.text, situation, self.components)
            return DryRun(readings, situation, self.components, ask_at=self.ask_at).readings(heard.text)

    def judge(self, user_id: str, right: bool) -> str:
        """Record whether a person's last request went right, by their own word; a wrong one is undone.

        Returns:
            What to say.

        Raises:
            StorageFailed: The log or the memory refused.
        """
        with self._lock:
            last = self.components.recorder.last(user_id)
            if last is None:
                return "There is nothing to judge yet."
            self.components.recorder.amend(user_id, last.turn_id, answer=right)
            if right:
                return "Good to know."
            forget_habit(self.components.memory, user_id, last.turn_id)
            return f"Sorry about that. {take_back(user_id, self.components, only=last.turn_id) or ''}".strip()

    def undo(self, user_id: str) -> str:
        """Take back the last thing that was done for a person. Returns what to say.

        Raises:
            StorageFailed: The log or the memory refused.
        """
        with self._lock:
            return take_back(user_id, self.components) or _NOTHING_TO_UNDO

    def due(self, origin: Origin | None = None, user_id: str = "") -> tuple[Announcement, ...]:
        """Announce what has fallen due by now: timers, alarms, reminders, delayed commands (which are done)."""
        with self._lock:
            place, components = origin or Origin(), self.components
            situation = self._observe(place, user_id, Conversation(session_id=""))
            due = [
                tuple(skill.due(components.home, components.memory, situation)) for skill in components.skills.skills
            ]
            said = []
            for announcement in chain.from_iterable(due):
                if announcement.request is None:
                    said.append(announcement)
                    continue
                request = Request(text=announcement.request, user_id=announcement.user_id or user_id)
                done = self.answer(request, place)
                said.append(replace(announcement, speech=f"{announcement.speech} {done.speech}".strip()))
            return tuple(said)

    def _open(self, request: Request, origin: Origin, dry_run: bool) -> Incoming:
        components = self.components
        now = components.home.now()
        conversation = components.recorder.conversation(request.user_id, now)
        return Incoming(
            turn_id=uuid.uuid4().hex,
            request=request,
            origin=origin,
            now=now,
            conversation=conversation,
            situation=self._observe(origin, request.user_id, conversation),
            dry_run=dry_run,
            assigned=components.experiment.assign(request.user_id) if components.experiment else None,
        )

    def _observe(self, origin: Origin, user_id: str, conversation: Conversation) -> Situation:
        home, memory, skills = self.components.home, self.components.memory, self.components.skills
        return observe(origin, home, memory, user_id, recent=conversation.exchanges, skills=skills)
