"""Simulate one goal from the first request until it is reached or given up.

Every step writes a `Turn` as the assistant's log would have it, with the truth beside it. The person knows whether the
goal was reached and decides by it; the assistant sees the turn without its truth.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np

from uptake.lab.simulate.answered import Answer, Result, Utterance, same
from uptake.lab.simulate.cached_assistant import CachedAssistant, DryHome
from uptake.lab.simulate.faults import SOUND, Case, Injected, first_failure, inject, outcome
from uptake.lab.simulate.households import ZONE, Household, Listener, Person
from uptake.lab.simulate.people import WISHES, Goal, Moment, goal, say, task_texts
from uptake.lab.simulate.reactions import Ending, Reaction
from uptake.lab.simulate.world import World
from uptake.text.normalize import normalize
from uptake.types import Context, Decision, Request, Transcript, Truth, Turn

__all__ = ["Talk"]

_STOPS = ("stop", "cancel", "never mind", "stop it")
_UNDOS = ("undo that", "undo", "take that back")
_PLACES = ("the first one", "the second one", "the third one")
_YES = ("yes", "yes please", "yeah", "yep")
_NO = ("no", "nope", "no thanks")
_MS_A_CHAR = 65.0  # of a spoken answer; a usual speaking rate
_SLOWLY = 1.35  # times as long, said slowly and clearly
_PAUSE_S = (8.0, 40.0)  # seconds between a yes or a choice and the question; and shortest pause between wishes


@dataclass(slots=True)
class _Step:
    """Turn, with what the person knows of it."""

    turn: Turn
    utterance: Utterance
    answer: Answer
    ending: Ending
    progress: bool
    """Whether it led to what was wanted, or to a question about the right thing."""


@dataclass(frozen=True, slots=True)
class _Facts:
    """Values that a turn records beside the assistant's answer."""

    heard: tuple[Transcript, ...]
    shown: Decision | None
    """Decision that was proposed, acted on or not."""
    context: Context
    result: Result
    truth: Truth


@dataclass(slots=True, kw_only=True)
class Talk:
    """One person's use of the assistant in the course of a day."""

    world: World
    home: Household
    person: Person
    rng: np.random.Generator
    prefix: str
    """Begins every `turn_id`."""
    turns: list[Turn] = field(default_factory=list)
    now: datetime = datetime.min
    """The moment, on the clock of the home."""
    _listener: Listener = field(init=False)
    _goal: Goal | None = field(init=False, default=None)
    _wanted: Result | None = field(init=False, default=None)
    _first: int = field(init=False, default=0)

    def live(self, moment: Moment) -> None:
        """Simulate one wish."""
        self._begin(moment.at, moment.listener)
        self._goal = moment.goal
        self._wanted = self._stand.do(self._listener.origin, moment.goal.truth)
        done = self._pursue(moment.goal)
        self._know(done)

    def overhear(self, at: datetime, listener: Listener) -> None:
        """Let the assistant take talk in the room for a request."""
        self._begin(at, listener)
        self._goal = self._wanted = None
        texts = task_texts()
        words = " ".join(texts[int(self.rng.integers(len(texts)))] for _ in range(2)).split()
        self.rng.shuffle(words)
        count = int(self.rng.integers(1, 6))
        heard = self.world.channel.hear(
            " ".join(words[:count]), self.home.voice(self.person, listener), self.rng, care=-1.0
        )
        step = self._step("", heard, SOUND, wake=float(self.rng.beta(5, 4)))
        reaction = self.world.reactions.react("wrong", self.rng, attempt=self.world.reactions.habits.most)
        self._react(step, reaction)
        if reaction.then == "stop" and step.answer.result.changed:
            self._move(_STOPS, step, reaction)
        self._know(None)

    @property
    def _stand(self) -> CachedAssistant:
        return self.world.stand(self.home.layout)

    def _begin(self, at: datetime, listener: Listener) -> None:
        pause = timedelta(seconds=float(self.rng.uniform(*_PAUSE_S)))
        self.now = max(at, self.now + pause) if self.turns else at
        self._listener, self._first = listener, len(self.turns)

    def _pursue(self, wanted: Goal) -> bool:
        """Say it until it is done or given up. Returns whether it was done at last."""
        habits, rng = self.world.reactions.habits, self.rng
        text, care, official = say(wanted, self.person, rng), 0.0, False
        if text in self.world.unsaid:
            text = say(wanted, self.person, rng, tried=tuple(self.world.unsaid))
        tried = [text, *self.world.unsaid]
        attempt = 0
        achieved = False
        while True:
            attempt += 1
            step = self._say(wanted, text, care)
            ending = step.ending
            if step.answer.question is not None:
                ending = self._answer(wanted, step)
            achieved = achieved or ending == "understood"
            reaction = self.world.reactions.react(ending, rng, attempt=attempt)
            self._react(step, reaction)
            if reaction.then in ("stop", "undo"):
                self._move(_STOPS if reaction.then == "stop" else _UNDOS, step, reaction)
                return achieved
            if reaction.then == "leave":
                return achieved
            self.now += timedelta(seconds=reaction.after_s)
            care = 0.0
            if reaction.then == "repeat":
                care = habits.care if rng.random() < habits.over_articulates else 0.0
            else:
                official = official or rng.random() < habits.official
                text = say(wanted, self.person, rng, tried=tried, plainly=habits.plainly, official=official)
                tried.append(text)

    def _say(self, wanted: Goal, text: str, care: float) -> _Step:
        """Say something for a wish and see what comes of it."""
        faults, rng = self.world.faults, self.rng
        worse = self.world.badly if rng.random() < faults.asr else 0.0
        voice = self.home.voice(self.person, self._listener)
        heard = self.world.channel.hear(text, voice, rng, care=care + worse)
        broken = SOUND
        if faults.nlu or faults.entity or faults.result:
            other = goal(WISHES[int(rng.integers(len(WISHES)))].name, "house", self.person, rng)
            broken = inject(faults, wanted, other, self.home.layout, rng)
        return self._step(text, heard, broken, slowly=care > 0.0)

    def _step(
        self,
        said: str,
        heard: tuple[Transcript, ...],
        broken: Injected,
        *,
        slowly: bool = False,
        wake: float | None = None,
    ) -> _Step:
        heard = heard[: self.world.listed]
        top, origin = heard[0].text, self._listener.origin
        context = self._context()
        decision, shown = self._decide(top, heard, context)
        utterance = Utterance.of(top, decision)
        answer = self._stand.hear(origin, utterance)
        result = outcome(self._stand, origin, answer, broken)
        ending, progress = self._judge(answer, result)
        truth = Truth(
            request=said,
            interpretation=self._goal.truth if self._goal else None,
            defect=not progress,
            failure_point=None if progress else self._failure(said, utterance, broken),
            defect_as_heard=self._fails_as_heard(top, broken) if utterance.acted_on is not None else None,
        )
        turn = self._turn(answer, _Facts(heard, shown, context, result, truth))
        spoken_words = len((said or top).split())  # talk in the room takes its time too
        words = max(spoken_words, 1) * (_SLOWLY if slowly else 1.0)
        spoken = (
            words * self.world.reactions.table["spoken_ms_per_word"] * float(np.exp(0.2 * self.rng.standard_normal()))
        )
        score = float(self.rng.beta(8, 2)) if wake is None else wake
        turn = replace(turn, spoken_ms=round(spoken), wake_score=round(score, 3), answer=self._feedback(turn, progress))
        self.turns.append(turn)
        return _Step(turn, utterance, answer, ending, progress)

    def _decide(
        self, text: str, heard: tuple[Transcript, ...], context: Context
    ) -> tuple[Decision | None, Decision | None]:
        """Decide; return (what is acted on, what would be in an arm with rewrites)."""
        if self.world.pipeline is None:
            return None, None
        sure = self._stand.hear(self._listener.origin, Utterance(text)).sure
        experiment = self.world.experiment
        given = experiment.assign(self.person.user_id) if experiment is not None else None
        known_as = "" if given is not None and given.arm in self.world.strangers else self.person.user_id
        request = Request(text=text, user_id=known_as, alternatives=heard, confidence=sure)
        home_id = self.home.home_id
        now = self._stand.situation
        situation = replace(now, context=context, user_id=known_as, home_id=home_id, local=self.now)
        preflight = DryHome(self._stand, self._listener.origin, text)
        decision = self.world.pipeline.decide(request, situation, preflight).decision
        return decision if given is None or given.rewrites else None, decision

    def _fails_as_heard(self, text: str, broken: Injected) -> bool:
        """Tell whether a request that was rewritten would have failed as it was heard."""
        origin = self._listener.origin
        answer = self._stand.hear(origin, Utterance(text))
        return not self._judge(answer, outcome(self._stand, origin, answer, broken))[1]

    def _judge(self, answer: Answer, result: Result) -> tuple[Ending, bool]:
        """Judge how an answer ends for the person, and whether it leads to what they want."""
        if self._wanted is None or self._goal is None:
            return ("unheard" if result.status != "ok" else "wrong"), False
        if answer.question is not None and answer.asked_about is not None:
            right = answer.asked_about.intent == self._goal.truth.intent
            if answer.asks_whether:
                right = self._chosen(answer) is not None
            return ("understood" if right else "wrong"), right
        if same(result, self._wanted):
            return "understood", True
        return ("wrong" if result.status == "ok" else "unheard"), False

    def _chosen(self, answer: Answer) -> int | None:
        """Return which of the readings that are asked about is wanted; None where none is."""
        origin, wanted = self._listener.origin, self._wanted
        done = [wanted is not None and same(self._stand.do(origin, one), wanted) for one in answer.asked]
        return done.index(True) if any(done) else None

    def _failure(self, said: str, utterance: Utterance, broken: Injected) -> str:
        if self._goal is None or self._wanted is None:
            return "false_wake"
        return first_failure(
            self._stand,
            self._listener.origin,
            Case(goal=self._goal, said=said, heard=utterance, broken=broken, wanted=self._wanted),
        )

    def _answer(self, wanted: Goal, asked: _Step) -> Ending:
        """Answer the assistant's question. Returns how that ends."""
        habits, rng = self.world.reactions.habits, self.rng
        if rng.random() >= habits.answers:
            return "unheard"
        texts: tuple[str, ...]
        if asked.answer.question == "confirm":
            yes = self.world.reactions.says_yes(asked.progress, rng)
            texts = _YES if yes else _NO
            text = texts[int(rng.integers(len(texts)))]
        elif asked.answer.readings:
            place = self._choice(asked)
            texts = _NO if place is None else (_PLACES[place], asked.answer.options[place])
            yes, text = place is not None, texts[int(rng.integers(len(texts)))]
        else:
            yes, text = True, self._value(wanted, asked.answer)
            if not asked.progress or not text:
                return "wrong"
        self.now += timedelta(seconds=float(rng.uniform(2.0, 6.0)))
        step = self._follow(text, asked)
        assert self._wanted is not None  # noqa: S101 - a wish is being pursued
        if not yes:
            return "understood" if same(step.answer.result, self._wanted) else "wrong"
        return step.ending

    def _choice(self, asked: _Step) -> int | None:
        """Return which of several requests the person says was meant; None for none of them."""
        right, rng = self._chosen(asked.answer), self.rng
        if self.world.reactions.says_yes(True, rng):
            return right
        others: list[int | None] = [at for at in (None, *range(len(asked.answer.readings))) if at != right]
        return others[int(rng.integers(len(others)))]

    def _value(self, wanted: Goal, answer: Answer) -> str:
        """Return the person's answer where a slot is asked for: the thing they mean."""
        slots = dict(wanted.values) | dict(wanted.said.slots)
        if answer.slot in slots:
            return normalize(slots[answer.slot])
        assert self._wanted is not None  # noqa: S101 - a wish is being pursued
        meant = dict(part.split("=", 1) for part in self._wanted.meaning.split("|")[2:])
        return normalize(meant.get(answer.slot or "", ""))

    def _follow(self, text: str, before: _Step, *, is_move: bool = False) -> _Step:
        """Say something that lives on the turn before."""
        voice = self.home.voice(self.person, self._listener)
        heard = self.world.channel.hear(text, voice, self.rng)[: self.world.listed]
        origin, context = self._listener.origin, self._context()
        utterance = Utterance(heard[0].text)
        answer = self._stand.hear(origin, before.utterance, utterance)
        if answer.said_yes is not None:
            self._replace(before, answer=answer.said_yes)
        meant_no = is_move or text in _NO  # what they say is all they want
        wanted = self._stand.hear(origin, before.utterance, Utterance(text)).result if meant_no else self._wanted
        right = wanted is not None and same(answer.result, wanted)
        truth = Truth(
            request=text,
            interpretation=self._goal.truth if self._goal and not meant_no else None,
            defect=not right,
            failure_point=None if right else self._failure_of_answer(text, heard[0].text, before, wanted),
        )
        turn = self._turn(answer, _Facts(heard, None, context, answer.result, truth))
        self.turns.append(turn)
        ending: Ending = "understood" if right else "wrong" if answer.result.status == "ok" else "unheard"
        return _Step(turn, utterance, answer, ending, right)

    def _failure_of_answer(self, said: str, heard: str, before: _Step, wanted: Result | None) -> str:
        """Return where an answer failed: in hearing, in the question itself, or in its reading."""
        restored = self._stand.hear(self._listener.origin, before.utterance, Utterance(said))
        if heard != said and wanted is not None and same(restored.result, wanted):
            return "asr"
        asked = before.turn.truth
        return (asked.failure_point if asked else None) or "nlu"

    def _move(self, texts: tuple[str, ...], wrong: _Step, reaction: Reaction) -> None:
        """Say stop, or take it back."""
        self.now += timedelta(seconds=min(reaction.after_s, 10.0))
        step = self._follow(texts[int(self.rng.integers(len(texts)))], wrong, is_move=True)
        if step.answer.turn.action == "dialogue.undo":
            self._replace(wrong, undone=True)

    def _react(self, step: _Step, reaction: Reaction) -> None:
        """Put on record that the answer was cut short."""
        if reaction.barge_in_ms is not None and step.turn.response:
            length = step.turn.response_ms or 0.0
            self._replace(step, barge_in_ms=round(min(reaction.barge_in_ms, length)))

    def _replace(self, step: _Step, **known: object) -> None:
        at = next(at for at in range(len(self.turns) - 1, -1, -1) if self.turns[at].turn_id == step.turn.turn_id)
        self.turns[at] = replace(self.turns[at], **known)  # type: ignore[arg-type]

    def _know(self, done: bool | None) -> None:
        """Write into the truth of the wish's turns whether it was reached."""
        for at in range(self._first, len(self.turns)):
            truth = self.turns[at].truth
            if truth is not None:
                self.turns[at] = replace(self.turns[at], truth=replace(truth, goal_success=done))

    def _feedback(self, turn: Turn, right: bool) -> bool | None:
        """Return the answer to "did I get that right?", where the assistant asks and is answered."""
        if not self.world.asks or turn.status != "ok" or self.rng.random() >= self.world.asks:
            return None
        if self.rng.random() >= self.world.reactions.habits.answers:
            return None
        return self.world.reactions.says_yes(right, self.rng)

    def _context(self) -> Context:
        origin = self._listener.origin
        return Context(
            device_type=origin.device_type, room=origin.room, local_time=f"{self.now:%H:%M}", place=origin.place
        )

    def _turn(self, answer: Answer, facts: _Facts) -> Turn:
        arm = self.world.experiment.assign(self.person.user_id) if self.world.experiment else None
        shown, result = facts.shown, facts.result
        acted = answer.turn.acted_on is not None
        said_at = self.now.replace(tzinfo=ZoneInfo(ZONE)).astimezone(UTC)
        return replace(
            answer.turn,
            turn_id=f"{self.prefix}-{len(self.turns):03d}",
            user_id=self.person.user_id,
            home_id=self.home.home_id,
            device_id=self._listener.origin.device_id,
            session_id=None,
            said_at=said_at,
            alternatives=facts.heard,
            rewrite_id=shown.rewrite_id if shown else answer.turn.rewrite_id,
            artifact_version=shown.artifact_version if shown else None,
            arm=arm.arm if arm else None,
            propensity=(arm.propensity if arm else 1.0) * (shown.propensity if shown and acted else 1.0),
            interpretation=result.reading,
            entities=result.entities,
            action=result.action,
            status=None if answer.question is not None else result.status,  # type: ignore[arg-type]
            response=result.speech,
            response_ms=round(_MS_A_CHAR * len(result.speech)),
            context=facts.context,
            truth=facts.truth,
        )
