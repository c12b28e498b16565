"""Run the assistant on a request, from recognition to action, and record the turn.

    hear -> read -> rewrite? (then read again) -> resolve -> act -> reply -> turn

Each stage takes values and returns values; the trace lists the stages in order. A turn that answers a question,
corrects or continues the previous one goes directly (`dialogue.moves`) to resolve or act. No request raises; a skill or
a device that fails ends its turn with an apology.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from itertools import chain
from threading import RLock

from uptake.assistant.abroad import REACTION, THANKED, THANKS, in_english, spoken
from uptake.assistant.act_or_ask import Acted, act_or_ask, load_home, take_back
from uptake.assistant.clauses import Command, DirectAnswer, Instead, Parts, compose
from uptake.assistant.clauses.account import is_chore, is_question, is_strange, not_here
from uptake.assistant.clauses.antecedents import completed, is_unclear_both, with_antecedents
from uptake.assistant.clauses.carry_out import ask_about_core, carry_out, do_readings, several
from uptake.assistant.clauses.core import Core, find_part
from uptake.assistant.clauses.plan import plan
from uptake.assistant.clauses.waiting import is_of_clocks, on_its_own, teaches_nothing
from uptake.assistant.components import Components
from uptake.assistant.context.situation import Origin, forget_habit, observe
from uptake.assistant.conversing import NOTHING_TO_UNDO, chosen, record_answer, talk
from uptake.assistant.dialogue import Conversation, Move, Pending, find_move
from uptake.assistant.dialogue.agreeing import split_yes
from uptake.assistant.dialogue.clarify import FEEDBACK
from uptake.assistant.dialogue.reacting import may_begin, reacts_first, without_joint
from uptake.assistant.hear import CleanedRequest, hear, recordable
from uptake.assistant.home.watch import noted
from uptake.assistant.incoming import Incoming
from uptake.assistant.interpret import interpret
from uptake.assistant.plainly import ALONE, beside, in_full
from uptake.assistant.preflight import DryRun
from uptake.assistant.read import Readings, read
from uptake.assistant.reply import NO_ANSWER, NOT_UNDERSTOOD, ONLY_A_PART, UNSUPPORTED, Handled, Reply, reply
from uptake.assistant.resolve import answering, changes, choose, note
from uptake.assistant.rewrite import Rewritten
from uptake.assistant.skills.skill import Announcement, Effect
from uptake.assistant.stakes import ACT_AT
from uptake.assistant.suggesting.unasked import unasked
from uptake.assistant.teaching import Teaching, TeachingTurn, still_known
from uptake.assistant.weigh import weigh_learned
from uptake.errors import BadConfig
from uptake.rewriting.verbalize import means_the_same
from uptake.text.normalize import normalize
from uptake.types import Interpretation, Request, Situation

__all__ = ["Agent"]

_PROMISED = Move(kind="follow", reason="planned earlier")


class Agent:
    """Assistant of one home.

    Args:
        components: Its components; `uptake.assistant.build.open_agent` builds all of them.
        teaching: Stage that learns concepts and preferences; None to learn nothing.
        language: BCP 47 tag of the requests.
        timeout_s: Longest time for a skill, in seconds.
        act_at: Smallest confidence, in [0, 1], for acting without asking.
        ask_at: Smallest confidence, in [0, 1], for asking "did you mean …?".
    """

    def __init__(
        self,
        components: Components,
        teaching: Teaching | None = None,
        *,
        language: str = "en",
        timeout_s: float = 5.0,
        act_at: float = ACT_AT,
        ask_at: float = 0.25,
    ) -> None:
        if not 0.0 <= ask_at <= act_at <= 1.0:
            raise BadConfig("ask_at and act_at must satisfy 0 <= ask_at <= act_at <= 1")
        if not timeout_s > 0:
            raise BadConfig("timeout_s must be more than 0")
        self.components, self.teaching, self.language, self.timeout_s = components, teaching, language, timeout_s
        self.act_at, self.ask_at = act_at, ask_at
        self._lock, self._is_english = RLock(), language.startswith("en")

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
        request, origin = recordable(request), recordable(origin or Origin())
        with self._at_home(None if dry_run else request.user_id):
            turn = self._open(request, origin, dry_run)
            if barge_in_ms is not None and not dry_run:
                self.components.recorder.amend(request.user_id, None, barge_in_ms=barge_in_ms)
            heard = self._hear(turn, request.text)
            lesson = self._teach(turn, heard)
            if lesson is not None and lesson.handled is not None:
                return self._taught(lesson, lesson.handled, origin)
            if lesson is not None and lesson.parts:
                return self._answer_parts(request, lesson.parts, origin)
            turn, heard = (lesson.turn, heard._replace(text=lesson.text)) if lesson is not None else (turn, heard)
            handled = self._understand(turn, heard)
            if isinstance(handled, Parts):
                return self._answer_parts(request, handled.texts, origin)
            return reply(turn, handled, self.components, language=self.language)

    def _hear(self, turn: Incoming, text: str) -> CleanedRequest:
        """Clean a request, and say in full what people say in short, unless it may answer a question."""
        heard = hear(text, language=self.language)
        told = beside(heard, turn, self.components) if self._is_english and not heard.refusal else heard
        turn.trace.add("hear", "refused" if heard.refusal else "heard", told.reason)
        if self.components.speaks is not None and not heard.refusal:
            return in_english(heard, turn, self.components.speaks)
        if heard.refusal or not self._is_english:
            return heard
        return in_full(told, turn, self.components, act_at=self.act_at, ask_at=self.ask_at)

    def _understand(self, turn: Incoming, heard: CleanedRequest) -> Handled | Parts:
        """Answer a request, or return the requests that it is made of."""
        pending = turn.conversation.pending
        if heard.refusal is not None:
            return self._say(heard.text, Effect(speech=heard.refusal, status="unsupported"), pending)
        if pending is not None and pending.parts and split_yes(normalize(heard.text)) == "":
            return Parts(texts=pending.parts)
        asked = pending is not None and pending.kind != "feedback"
        if not (self._is_english or asked or heard.reason == REACTION):
            return self._handle(turn, heard.text)
        reacts = (asked or reacts_first(heard.text)) and not is_unclear_both(heard.text)
        reacts = reacts and not is_of_clocks(heard.text, turn, self.components)
        first, then = (self._move, self._compose) if reacts else (self._compose, self._move)
        handled = first(turn, heard.text) or then(turn, heard.text) or self._handle(turn, without_joint(heard.text))
        understood = isinstance(handled, Parts) or handled.acted.effect not in (NOT_UNDERSTOOD, UNSUPPORTED)
        if understood or not self._is_english:
            return handled
        part = find_part(heard.text, turn, self.components, act_at=self.act_at, ask_at=self.ask_at)
        if isinstance(part, Core):
            return ask_about_core(heard.text, part.resolved, turn)
        return handled if part is None else self._compose(turn, part) or self._handle(turn, part)

    def _compose(self, turn: Incoming, text: str) -> Handled | Parts | None:
        """Handle a request of several clauses; None where it is a single plain one."""
        if not self._is_english:
            return self._say(text, THANKED) if text == THANKS else None
        said, household, room = text, self.components.resolver.household, turn.situation.context.room
        whole = on_its_own(text, turn, self.components, ask_at=self.ask_at)
        if whole is None and self.components.understanding.sets_value(text, turn.situation):
            return None
        text, whole = (whole.text, None) if isinstance(whole, Instead) else (text, whole)
        text = text if whole is not None else with_antecedents(text, turn.conversation, household, room)
        meant = whole or compose(text, household, turn.now)
        rest = on_its_own(meant.text, turn, self.components, ask_at=self.ask_at) if isinstance(meant, Instead) else None
        meant = rest if isinstance(rest, tuple) else meant  # "it's dark, make it 20 percent brighter"
        if meant is not None and not isinstance(meant, tuple):
            turn.trace.add("clauses", type(meant).__name__.lower(), getattr(meant, "reason", ""))
        found: Handled | Parts | None = None
        match meant:
            case tuple():
                found = do_readings(turn, text, meant, self.components, timeout_s=self.timeout_s)
            case DirectAnswer():
                found = self._say(text, Effect(speech=meant.speech, status=meant.status, action="dialogue.no"))
            case Parts() if not turn.dry_run:
                found = several(meant, text, turn, self.components, ask_at=self.ask_at) or self._handle(turn, text)
            case Command():
                found = self._command(turn, text, meant)
            case Instead():
                plain = completed(meant.text, turn.conversation, household, turn.now)
                found = self._move(turn, plain) or self._handle(turn, plain)
            case None:
                found = self._handle(turn, text) if text != said else None
        return found

    @staticmethod
    def _say(text: str, effect: Effect, pending: Pending | None = None) -> Handled:
        return Handled(readings=Readings(text=text), acted=Acted(effect=effect, pending=pending))

    def _handle(self, turn: Incoming, text: str) -> Handled:
        """Do a request that stands on its own, or what was learned to do instead of it."""
        heard, rewritten = interpret(turn, text, self.components, ask_at=self.ask_at)
        best = rewritten.best
        if best is not None and changes(best, self.components.skills) and is_question(text):
            answers = answering(heard, self.components.skills)
            best = choose(answers, turn.situation, self.components, ask_at=self.ask_at)
            if best is None:
                return self._act(turn, rewritten.to_ask()) if rewritten.decision else self._say(text, NO_ANSWER)
            rewritten = replace(rewritten, readings=answers, decision=None, best=best)
        return self._act(turn, rewritten)

    def _act(self, turn: Incoming, rewritten: Rewritten) -> Handled:
        """Act on the best reading, or ask."""
        readings, learned, household = rewritten.readings, rewritten.decision, self.components.resolver.household
        if rewritten.best is None or is_chore(readings.text, rewritten.best.resolution):
            known = bool(readings.hypotheses) and readings.hypotheses[0].confidence >= self.ask_at
            effect = not_here(readings.text, None, household) or (UNSUPPORTED if known else NOT_UNDERSTOOD)
            return Handled(readings=readings, acted=Acted(effect=effect), rewritten=rewritten)
        resolved, explored = weigh_learned(turn, rewritten, rewritten.best, self.components, act_at=self.act_at)
        note(resolved, turn.trace)
        named, text = resolved.resolution, readings.text
        strange = None if learned is not None else is_strange(text, named, household, doubted=resolved.unsure)
        if strange is not None:
            return Handled(readings=readings, acted=Acted(effect=strange), rewritten=rewritten)
        proposed = rewritten if learned is not None and learned.must_confirm else None
        acted = act_or_ask(turn, resolved, self.components, timeout_s=self.timeout_s, proposed=proposed)
        return Handled(readings=readings, acted=acted, resolved=resolved, rewritten=rewritten, explored=explored)

    def _move(self, turn: Incoming, text: str) -> Handled | None:
        """Make the move in the conversation that a request is; None where it stands on its own."""
        conversation, components = turn.conversation, self.components
        if conversation.pending is None and not conversation.exchanges and not may_begin(text):
            return None
        understanding, resolver = components.understanding, components.resolver
        move = find_move(text, conversation, turn.situation, understanding=understanding, resolver=resolver)
        turn.trace.add("dialogue", move.kind if move else "a new request", move.reason if move else "")
        if not turn.dry_run:
            record_answer(turn, move, self.components)
        if move is None:
            return None
        handled = self._make(turn, text, move)
        if move.rest and not turn.dry_run:
            handled = handled.then(self._handle(turn, move.rest))
        return replace(handled, move=move)

    def _make(self, turn: Incoming, text: str, move: Move) -> Handled:
        """Do what a move asks for, or answer it."""
        pending = turn.conversation.pending
        confirming = pending if pending is not None and (pending.kind == "confirm" or pending.readings) else None
        asked = confirming.interpretation if confirming is not None and move.kind == "yes" else None
        reading = move.interpretation or asked
        if reading is not None:
            agreed = confirming is not None and move.kind in ("yes", "choose")
            also = confirming.also if confirming is not None and move.kind == "yes" else ()
            done = do_readings(turn, text, (reading, *also), self.components, timeout_s=self.timeout_s, agreed=agreed)
            return chosen(done, pending, move.choice)
        if confirming is not None and confirming.heard is not None and move.kind == "no":
            heard = read(confirming.heard, turn.situation, self.components)
            turn.trace.extend(heard.stages)
            best = choose(heard, turn.situation, self.components, ask_at=self.ask_at)
            if best is None or not any(means_the_same(best.resolution.interpretation, one) for one in confirming.asked):
                return self._act(turn, Rewritten(readings=heard, best=best))  # never what was just refused
        return Handled(readings=Readings(text=text), acted=talk(turn, move, pending, self.components))

    def _command(self, turn: Incoming, text: str, command: Command) -> Handled | Parts:
        """Carry out a command with a list of things, an exception or a time."""
        planned = plan(command, turn.situation, self.components, act_at=self.act_at, ask_at=self.ask_at)
        if isinstance(planned, Effect):
            return self._say(text, planned)
        if isinstance(planned, Parts):
            return planned
        if planned is not None:
            return carry_out(turn, text, planned, self.components, timeout_s=self.timeout_s)
        _, rewritten = interpret(turn, text, self.components, ask_at=self.ask_at)
        best, timed = rewritten.best, command.timing is not None
        partly = best is not None and (command.exceptions or (timed and best.resolution.targets))
        if best is not None and partly and changes(best, self.components.skills):
            return self._say(text, ONLY_A_PART)
        return self._act(turn, rewritten)

    def _answer_parts(self, request: Request, texts: Sequence[str], origin: Origin | None) -> Reply:
        """Answer each of several requests as a turn of its own; the rest waits where one ends in a question."""
        said, replies = list[str](), list[Reply]()
        for left, text in zip(range(len(texts) - 1, -1, -1), texts, strict=True):
            part = replace(request, text=text, alternatives=())
            replies.append(self.answer(part, replace(origin or Origin(), more_follows=left > 0)))
            said.append(replies[-1].speech.removesuffix(FEEDBACK).strip() if left else replies[-1].speech)
            if replies[-1].question not in (None, "feedback") and left:
                said.append("Then say the rest again.")
                break
        self.components.recorder.join_undos(request.user_id, [each.turn.turn_id for each in replies])
        return replace(
            replies[-1], speech=" ".join(dict.fromkeys(said)), stages=sum((one.stages for one in replies), ())
        )

    def _teach(self, turn: Incoming, heard: CleanedRequest) -> TeachingTurn | None:
        """Find out what a request has to do with offers or with teaching; None where there is neither."""
        said: TeachingTurn | None = None
        if (heard.refusal is not None and heard.reason != ALONE) or teaches_nothing(heard.text, turn, self.components):
            return None
        for stage in (self.components.suggests, self.teaching):
            if stage is not None and (said is None or said.handled is None):
                turn = said.turn if said is not None else turn
                said = stage.hear(turn, heard.text, self.components, timeout_s=self.timeout_s)
        return said

    def _taught(self, lesson: TeachingTurn, handled: Handled, origin: Origin | None) -> Reply:
        """Answer a turn that taught something, and what was asked for along with it."""
        first = reply(lesson.turn, handled, self.components, language=self.language)
        if lesson.rest is None or lesson.turn.dry_run:
            return first
        second = self.answer(replace(lesson.turn.request, text=lesson.rest, alternatives=()), origin)
        return replace(second, speech=f"{first.speech} {second.speech}", stages=(*first.stages, *second.stages))

    def read(self, request: Request, origin: Origin | None = None) -> tuple[Interpretation, ...]:
        """Read a request as it is, as a turn would log it: the reading to act on, then runners-up.

        Nothing is done, nothing is rewritten and nothing is written; empty where nothing is understood.
        """
        with self._lock:
            heard = hear(request.text, language=self.language)
            return () if heard.refusal is not None else self.preflight(request, origin)[1].readings(heard.text)

    def preflight(self, request: Request, origin: Origin | None = None) -> tuple[float, DryRun]:
        """Return how sure the assistant is of a request, in [0, 1], and a dry run of whatever else may be meant by it.

        Nothing is done and nothing is written.
        """
        with self._lock:
            turn, heard = self._open(request, origin or Origin(), True), hear(request.text, language=self.language)
            readings = Readings(text=heard.text) if heard.refusal else read(heard.text, turn.situation, self.components)
            dry = DryRun(readings, turn.situation, self.components, ask_at=self.ask_at)
            return dry.sure, dry

    def judge(self, user_id: str, right: bool) -> str:
        """Record whether a person's last request went right, by their own word; a wrong one is undone. Says so.

        Raises:
            StorageFailed: The log or the memory refused.
        """
        with self._at_home():
            if (last := self.components.recorder.last(user_id)) is None:
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
        with self._at_home():
            return take_back(user_id, self.components) or NOTHING_TO_UNDO

    def due(self, origin: Origin | None = None, user_id: str = "") -> tuple[Announcement, ...]:
        """Announce what has fallen due by now: timers, alarms, reminders, delayed commands (which are done)."""
        with self._at_home(user_id):
            place, components = origin or Origin(), self.components
            situation, said = self._observe(place, user_id, Conversation(session_id="")), list[Announcement]()
            due = [tuple(one.due(components.home, components.memory, situation)) for one in components.skills.skills]
            for announcement in still_known(chain(*due, unasked(situation, user_id, components)), components.memory):
                done = self._keep_promise(announcement, place, user_id).speech if announcement.request else ""
                said.append(spoken(announcement, components, done))
            return tuple(said)

    @contextmanager
    def _at_home(self, user_id: str | None = None) -> Iterator[None]:
        """Hold the home: one turn at a time, whatever the process, and each begins with what the others did."""
        with self._lock, self.components.memory.alone() as changed:
            if changed:
                load_home(self.components)
            with noted(self.components.watch, user_id):
                yield

    def _keep_promise(self, announcement: Announcement, place: Origin, user_id: str) -> Reply:
        """Do what was asked for earlier: the reading as it was settled then, else the request anew."""
        request = Request(text=announcement.request or "", user_id=announcement.user_id or user_id)
        origin = replace(place, room=announcement.room or place.room)
        if announcement.reading is None:
            return self.answer(request, origin)
        turn = self._open(request, origin, False)
        done = do_readings(turn, request.text, [announcement.reading], self.components, timeout_s=self.timeout_s)
        return reply(turn, replace(done, move=_PROMISED), self.components, language=self.language)

    def _open(self, request: Request, origin: Origin, dry_run: bool) -> Incoming:
        now, experiment = self.components.home.now(), self.components.experiment
        conversation = self.components.recorder.conversation(request.user_id, now)
        return Incoming(
            turn_id=uuid.uuid4().hex,
            request=request,
            origin=origin,
            now=now,
            conversation=conversation,
            situation=self._observe(origin, request.user_id, conversation),
            dry_run=dry_run,
            assigned=experiment.assign(request.user_id) if experiment else None,
        )

    def _observe(self, origin: Origin, user_id: str, conversation: Conversation) -> Situation:
        made_of, recent = self.components, conversation.exchanges
        return observe(origin, made_of.home, made_of.memory, user_id, recent=recent, skills=made_of.skills)
