"""Make a log from real recordings with simulated reactions, from which labels are inferred.

SLURP's speakers read sentences; nobody reacts. So only the reactions are simulated. A person says a sentence (a real
recording's recogniser text), the assistant interprets it with its model, and the person, who knows the meaning, is
content or not. If not, they often say it again: another real recording of the sentence, from a close microphone if
there is one, or other words: another person's sentence for the same intent, with their own values in it. Then they may
go on to something else. People also give up silently, interrupt for no reason, answer wrongly and repeat themselves;
the probabilities are in `Manners`. The log holds what a real log would: texts, interpretations, times, interruptions
and the few answers to "did I get that right?". It holds no truth.

Recordings of one utterance by two microphones share a time stamp and count as one speaker; each speaker is either in
the log or in the test set.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import numpy as np

from uptake.assistant.asking.policy import Explorer, Spent
from uptake.lab.corpora.commands import Command
from uptake.lab.evaluate.intents import draw
from uptake.ml.encoder.minilm import MiniLM
from uptake.types import Interpretation, Session, Turn
from uptake.understanding.intents.artifact import IntentModel
from uptake.understanding.labels.learn.projection import likeness

__all__ = ["Manners", "Recording", "Split", "split", "talk"]

_STAMP = re.compile(r"\d{9,10}")
_ALIKE = 0.45
"""Likeness of meaning, in [0, 1], from which on sentences of one intent are wordings of one thing."""
_ASKED = 0.08  # share of each domain's turns that may be asked about
_TRIED = 60  # wordings that a person thinks of
_START = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Manners:
    """Behaviour of simulated people; every number but the times is a probability."""

    says_again: float = 0.75
    """Probability that a user who was not understood says it again."""
    never_mind: float = 0.3
    """Probability that a user who gives up says so."""
    goes_on: float = 0.35
    """A request of another kind follows in the same session."""
    again_for_no_reason: float = 0.03
    """Probability that a user who was understood asks for the same once more."""
    cuts_in: float = 0.3
    """Probability that a user who hears a wrong answer cuts it short."""
    cuts_in_anyway: float = 0.04
    """Probability that a user who hears a right answer cuts it short."""
    other_words: float = 0.5
    """Probability of other words in the first repetition, where the corpus has another wording; later all have them."""
    answers: float = 0.6
    """Probability that a user who is asked answers."""
    errs: float = 0.05
    """An answer is wrong."""
    attempts: int = 3
    """Most times that one thing is said."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recording:
    """Recording: its recognised text, and the command behind it, which no learner sees."""

    command: Command
    text: str
    """Text that the recogniser heard."""
    speaker: str
    """Speaker of the recording: recordings of one utterance share it."""
    close: bool
    """Whether the microphone was close."""

    @property
    def misheard(self) -> bool:
        """Tell whether the recogniser heard something else than was read."""
        return self.text not in (self.command.sentence, self.command.marked)


@dataclass(frozen=True, slots=True, kw_only=True)
class Split:
    """Recordings for the log and recordings for the test."""

    log: tuple[Recording, ...]
    """Said while the assistant learns."""
    again: tuple[Recording, ...]
    """The same sentences, said by other people: what failed before and comes back."""
    new: tuple[Recording, ...]
    """Sentences that nobody says in the log."""


def split(spoken: Sequence[Command], *, new: float = 0.25) -> Split:
    """Split the speakers of a sentence between the log and the judged part; some sentences are judged alone.

    Args:
        spoken: Commands with recordings.
        new: Share of the sentences, in [0, 1], that do not occur in the log.
    """
    log: list[Recording] = []
    again: list[Recording] = []
    unheard: list[Recording] = []
    for command in spoken:
        said = [
            Recording(command=command, text=text, speaker=_speaker(file), close="headset" in file)
            for text, file in zip(command.heard, command.recordings, strict=True)
        ]
        if draw(command.sentence) < new:
            unheard += said
            continue
        speakers = sorted({one.speaker for one in said}, key=draw)
        early = set(speakers[: (len(speakers) + 1) // 2])
        log += [one for one in said if one.speaker in early]
        again += [one for one in said if one.speaker not in early]
    return Split(log=tuple(log), again=tuple(again), new=tuple(unheard))


def talk(
    said: Sequence[Recording],
    model: IntentModel,
    *,
    taught: Sequence[Command] = (),
    manners: Manners | None = None,
    seed: int = 0,
) -> tuple[list[Session], dict[str, Recording]]:
    """Let people talk to an assistant that reads with a model.

    Args:
        said: What is said first in each session, and what can be said again.
        model: Reads the texts.
        taught: Wordings that people may fall back on beside each other's: what the assistant was taught.
        manners: How people behave.
        seed: Of their chances.

    Returns:
        The sessions, and what stands behind each turn, by `turn_id`: for judging alone.
    """
    people = _People(said, taught, model, manners or Manners(), seed)
    sessions = [people.session(number, said[at]) for number, at in enumerate(people.order)]
    return sessions, people.behind


class _People:
    """Simulated speakers."""

    def __init__(
        self, said: Sequence[Recording], taught: Sequence[Command], model: IntentModel, manners: Manners, seed: int
    ) -> None:
        self._said, self._model, self._manners = said, model, manners
        self._encoder = MiniLM.available(remember=50_000)
        self._random = np.random.default_rng(seed)
        self._same: dict[str, list[Recording]] = {}
        self._alike: dict[tuple[object, ...], list[Command]] = {}
        for one in said:
            self._same.setdefault(one.command.sentence, []).append(one)
        for command in {one.sentence: one for one in (*taught, *(each.command for each in said))}.values():
            self._alike.setdefault(_kinds(command), []).append(command)
        self._read: dict[str, Interpretation | None] = {}
        self.order = self._random.permutation(len(said)).tolist()
        self.behind: dict[str, Recording] = {}
        self._explorer = Explorer(budget=_ASKED, least_worth=0.05)
        self._asked: Counter[str] = Counter()
        self._turns: Counter[str] = Counter()

    def session(self, number: int, first: Recording) -> Session:
        """Simulate a session: one request said until it is understood or given up, and perhaps another."""
        manners, turns = self._manners, list[Turn]()
        at, now, attempt = _START + timedelta(minutes=10 * number), first, 1
        while True:
            content = self._turn(turns, number, first.speaker, now, at)
            wants = not content if not self._happens(manners.again_for_no_reason) else content
            again = self._again(now, attempt) if wants and attempt < manners.attempts else None
            if again is None or not (content or self._happens(manners.says_again)):
                break
            now, attempt, at = again, attempt + 1, at + timedelta(seconds=3 + float(self._random.exponential(6)))
        if not content and self._happens(manners.never_mind):
            at += timedelta(seconds=4)
            self._add(turns, number, first.speaker, at, request="never mind", status="cancelled")
        elif self._happens(manners.goes_on):
            other = self._said[int(self._random.integers(len(self._said)))]
            at += timedelta(seconds=8 + float(self._random.exponential(15)))
            self._turn(turns, number, first.speaker, other, at)
        return Session(session_id=f"s{number}", turns=tuple(turns))

    def _turn(self, turns: list[Turn], number: int, user: str, said: Recording, at: datetime) -> bool:
        """Say something; whether the person is content with what became of it."""
        reading, manners = self._reading(said.text), self._manners
        content = reading is not None and _is_right(reading, said.command)
        cut = self._happens(manners.cuts_in_anyway if content else manners.cuts_in)
        understood = reading is not None and (reading.confidence or 0.0) >= 0.2
        turn = self._add(
            turns,
            number,
            user,
            at,
            request=said.text,
            interpretation=reading,
            status="ok" if understood else "failed",
            barge_in_ms=700.0 if cut else None,
            **self._asked_about(reading, content),
        )
        self.behind[turn.turn_id] = said
        return content

    def _again(self, said: Recording, attempt: int) -> Recording | None:
        """Choose another recording of the sentence, closer to a microphone where there is one; else another wording."""
        others = [one for one in self._same.get(said.command.sentence, ()) if one is not said]
        closer = [one for one in others if one.close]
        if not others or attempt > 1 or self._happens(self._manners.other_words):
            worded = self._worded(said)
            if worded is not None:
                return worded
        chosen = closer or others
        return chosen[int(self._random.integers(len(chosen)))] if chosen else None

    def _worded(self, said: Recording) -> Recording | None:
        """Choose another sentence for the same intent, as somebody else worded it, with one's own values in it."""
        command = said.command
        others = self._alike.get(_kinds(command), [])
        tried = [others[at] for at in self._random.permutation(len(others))[:_TRIED].tolist()]
        other = self._nearest(command, [one for one in tried if one.sentence != command.sentence])
        if other is None:
            return None
        worded = _filled(other, command)
        return Recording(command=worded, text=worded.marked, speaker=said.speaker, close=True)

    def _nearest(self, command: Command, others: Sequence[Command]) -> Command | None:
        """Find the wording nearest in meaning, if it is near enough."""
        if not others:
            return None
        if self._encoder is None:
            alike = np.array([likeness(command.sentence, one.sentence) for one in others])
        else:
            vectors = self._encoder.encode([command.sentence, *(one.sentence for one in others)])
            alike = vectors[1:] @ vectors[0]
        best = int(alike.argmax())
        return others[best] if alike[best] >= _ALIKE else None

    def _asked_about(self, reading: Interpretation | None, content: bool) -> dict[str, object]:
        """Answer "did I get that right?", where it is asked and answered; return the question's probability, too."""
        if reading is None:
            return {}
        domain = reading.intent.partition("_")[0]
        asked, turns = self._asked[domain], self._turns[domain]
        self._turns[domain] += 1
        found = self._explorer(
            [replace(reading, domain=domain)],
            seen=turns,
            spent=Spent(domain_explored=asked, domain_turns=turns),
            chance=float(self._random.random()),
        )
        if found.action != "ask":
            return {"propensity": found.propensity}
        self._asked[domain] += 1
        answers = self._happens(self._manners.answers)
        answer = content != self._happens(self._manners.errs) if answers else None
        return {"propensity": found.propensity, "answer": answer}

    def _reading(self, text: str) -> Interpretation | None:
        if text not in self._read:
            found = self._model.read(text, top=1)
            self._read[text] = found[0] if found else None
        return self._read[text]

    def _happens(self, chance: float) -> bool:
        return bool(self._random.random() < chance)

    @staticmethod
    def _add(turns: list[Turn], number: int, user: str, at: datetime, **fields: object) -> Turn:
        turn = Turn(turn_id=f"s{number}.{len(turns)}", user_id=user, session_id=f"s{number}", said_at=at, **fields)  # type: ignore[arg-type]
        turns.append(turn)
        return turn


def _is_right(reading: Interpretation, command: Command) -> bool:
    return reading.intent == command.intent and sorted(reading.slots) == sorted(command.values)


def _kinds(command: Command) -> tuple[object, ...]:
    """Return the intent and names of the slots."""
    return (command.intent, *sorted(name for name, _, _ in command.slots))


def _filled(worded: Command, meant: Command) -> Command:
    """Fill the slots of one command's wording with the values of the other."""
    values: dict[str, list[str]] = {}
    for name, value in meant.values:
        values.setdefault(name, []).append(value)
    text, slots, done = "", [], 0
    for name, start, end in sorted(worded.slots, key=lambda slot: slot[1]):
        text += worded.marked[done:start]
        value = values[name].pop(0)
        slots.append((name, len(text), len(text) + len(value)))
        text, done = text + value, end
    text += worded.marked[done:]
    return Command(sentence=text, marked=text, intent=meant.intent, slots=tuple(slots), corpus=meant.corpus)


def _speaker(file: str) -> str:
    stamp = _STAMP.search(file)
    return stamp.group() if stamp else file
