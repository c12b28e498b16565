"""Reader "composed": composes the meaning of a request from its words, in whatever order they come.

Three kinds of request are read so, those that have the most wordings: whether, which or how many things are in a
state; what a sensor measures; and switching, opening or locking things of a kind. Every word must be accounted for: it
names a thing of the home, a kind, a state, a quantity or a place, says what is wanted, or says nothing. One word too
many and there is no reading; where several kinds of thing agree with all words, what the home has decides, and where
that does not, the reading is too unsure to be acted on.

Limit: English; one thing, kind and place a request; no numbers.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar

from uptake.assistant.hypotheses import Hypothesis
from uptake.assistant.readers.calibration import apart
from uptake.assistant.readers.cues import MEASURED, SILENT, asks, cue_at, tells
from uptake.assistant.readers.extra_templates import everyone
from uptake.assistant.readers.lexicon import Key, Lexicon, Role
from uptake.assistant.readers.vocabulary import Name, Vocabulary
from uptake.text.tokens import reaches, words
from uptake.types import Interpretation, Situation

__all__ = ["ComposedReader"]

_SURE, _RATHER, _UNSURE = 0.93, 0.8, 0.45
"""Confidence of a reading: all words agree on one kind; the home has only one of the kinds; neither."""
_MAY_BE_BOTH = frozenset({"whole", "which", "on", "any", "all", "turn", "here"})
"""Cues of words that in a question need not be what else they may be: "on the first floor", "at home"."""
_COUNTING = frozenset({"one"})
_DOING = frozenset({"turn", "shut", "ensure", "illuminate"})
_TURNED = {"on": "off", "off": "on", "open": "closed", "closed": "open", "locked": "unlocked", "unlocked": "locked"}
_RESPONSES = ("how_many", "which", "all", "any")
_SWITCHED = frozenset({"light", "fan", "switch", "media_player", "input_boolean"})
_OPENED, _LOCKED = frozenset({"cover", "valve"}), frozenset({"lock"})
_WAYS = {
    "on": ("HassTurnOn", _SWITCHED),
    "off": ("HassTurnOff", _SWITCHED),
    "open": ("HassTurnOn", _OPENED),
    "close": ("HassTurnOff", _OPENED),
    "lock": ("HassTurnOn", _LOCKED),
    "unlock": ("HassTurnOff", _LOCKED),
}
_WAY_OF_STATE = {"on": "on", "off": "off", "open": "open", "closed": "close", "locked": "lock", "unlocked": "unlock"}
_Reading = tuple[Interpretation, float]


@dataclass(frozen=True, slots=True)
class _Piece:
    """Some words of a request, and what they may be."""

    said: str
    """The words."""
    cue: str | None = None
    """Sort of request that they show."""
    roles: tuple[Role, ...] = ()
    """The kinds, states and quantities they may stand for."""
    called: tuple[Name, ...] = ()
    """The things or the place they name."""

    def supports(self, key: Key, *parts: str) -> Role | None:
        """Return its role for a kind of thing."""
        return next((role for role in self.roles if role.key == key and role.part in parts), None)

    def is_of(self, domains: Collection[str]) -> bool:
        """Tell whether it may speak of things of some domain."""
        return any(role.key[0] in domains for role in self.roles)


class ComposedReader:
    """Reader that composes meanings from words.

    Args:
        vocabulary: Names of the home.
        lexicon: What words stand for [default: Home Assistant's device classes with English words].
    """

    name: ClassVar[str] = "composed"

    def __init__(self, vocabulary: Vocabulary, lexicon: Lexicon | None = None) -> None:
        self.vocabulary = vocabulary
        self._given = lexicon

    @cached_property
    def lexicon(self) -> Lexicon:
        """Load the lexicon."""
        return self._given or Lexicon()

    def read(self, text: str, situation: Situation) -> tuple[Hypothesis, ...]:
        """Return readings, best first; empty where a word is not accounted for."""
        said = [word.text for word in words(text)]
        for names in (True, False):
            pieces = self._pieces(said, names=names)
            readings = list(self._readings(said, pieces, situation.context.room)) if pieces else []
            if readings:
                return apart(
                    [
                        Hypothesis(
                            interpretation=Interpretation(
                                intent=reading.intent, domain=reading.domain, slots=reading.slots, confidence=worth
                            ),
                            reader=self.name,
                            reason="put together from its words",
                        )
                        for reading, worth in readings
                    ]
                )
        return ()

    @cached_property
    def _reaches(self) -> Mapping[str, int]:
        return reaches(self.vocabulary.by_words)

    @cached_property
    def _home(self) -> frozenset[Key]:
        """Return kinds of things that the home has."""
        devices = self.vocabulary.of_kind("name")
        return frozenset((name.domain or "", kind) for name in devices for kind in (name.device_class, None))

    def _pieces(self, said: Sequence[str], *, names: bool) -> list[_Piece]:
        """Split words into pieces, without those that say nothing; none where a word is not accounted for.

        Args:
            said: The words.
            names: Whether words that stand for a kind may name a thing that is called so.
        """
        pieces: list[_Piece] = []
        at = 0
        while at < len(said):
            size, called = self._called(said, at)
            length, roles = self.lexicon.at(said, at)
            reach, cue = cue_at(said, at)
            if called and called[0].kind == "name" and not names and length >= size:
                size, called = 0, ()
            longest = max(size, length, reach)
            text = " ".join(said[at : at + max(longest, 1)])
            if longest == 0:
                if text in _COUNTING or not (text in SILENT or text in MEASURED):
                    return []
                if text in MEASURED:
                    pieces.append(_Piece(text, "measured"))
            elif size == longest:
                pieces.append(_Piece(text, called=called))
            else:
                pieces.append(_Piece(text, cue if reach == longest else None, roles if length == longest else ()))
            at += max(longest, 1)
        return pieces

    def _called(self, said: Sequence[str], at: int) -> tuple[int, tuple[Name, ...]]:
        for size in range(min(self._reaches.get(said[at], 0), len(said) - at), 0, -1):
            called = self.vocabulary.by_words.get(tuple(said[at : at + size]))
            if called:
                return size, called
        return 0, ()

    def _readings(self, said: list[str], pieces: Sequence[_Piece], room: str | None) -> Iterator[_Reading]:
        cues = {piece.cue for piece in pieces}
        things = [piece for piece in pieces if piece.called and piece.called[0].kind == "name"]
        slots = _places(pieces)
        if len(things) > 1 or slots is None:
            return
        called = things[0].called if things else ()
        if "here" in cues and room and not slots:
            slots["area"] = room
        if not asks(said, [piece.cue for piece in pieces]):
            if "measured" not in cues and ("ensure" in cues or not tells(said)):
                yield from self._command(pieces, called, slots, room)
            return
        measured = list(self._measured(pieces, called, slots))
        if measured:
            yield from measured
        elif "measured" not in cues and "measure" not in cues:
            yield from self._state(pieces, called, slots)

    def _state(self, pieces: Sequence[_Piece], called: Sequence[Name], slots: dict[str, str]) -> Iterator[_Reading]:
        """Compose a question whether, which or how many things are in a state."""
        cues = {piece.cue for piece in pieces}
        doing = any(piece.cue in _DOING and piece.said != "have" and not piece.roles for piece in pieces)
        if doing or (called and cues & {"which", "how_many"}):
            return
        states: dict[Key, str] = {}
        for key in dict.fromkeys(role.key for piece in pieces for role in piece.roles if role.key[0] != "sensor"):
            state = _agreed(pieces, key, named=bool(called))
            if state is not None and "not" in cues:
                state = _TURNED.get(state)
            if state is not None:
                states[key] = state
        for key, name, worth in self._subjects(states, called):
            whole = {**slots, "state": states[key]}
            if name is None or key[0] == "binary_sensor":
                whole |= {"domain": key[0], **({"device_class": key[1]} if key[1] else {})}
            whole["response"] = "one_yesno" if name else next((each for each in _RESPONSES if each in cues), "any")
            yield _reading("HassGetState", key[0], whole, name), worth

    def _measured(self, pieces: Sequence[_Piece], called: Sequence[Name], slots: dict[str, str]) -> Iterator[_Reading]:
        """Compose a question for what a sensor measures."""
        cues = {piece.cue for piece in pieces}
        if not cues & {"measure", "which", "ask"} or cues & {"if", "not", "how_many", "all", "any"}:
            return
        asked = [piece for piece in pieces if any(role.part == "quantity" for role in piece.roles)]
        quantities = [piece for piece in asked if piece.said not in MEASURED] or asked
        keys = [
            role.key
            for role in (quantities[0].roles if quantities else ())
            if role.part == "quantity" and all(piece.supports(role.key, "quantity") for piece in quantities)
        ]
        if not called and slots:
            keys = [key for key in keys if key[1] in self.lexicon.of_rooms]
        elif not called:
            return
        for key, name, worth in self._subjects(dict.fromkeys(keys, ""), called):
            whole = {**slots, "domain": key[0], "device_class": key[1] or "", "response": "one"}
            yield _reading("HassGetState", key[0], whole, name), worth

    def _command(
        self, pieces: Sequence[_Piece], called: Sequence[Name], slots: dict[str, str], room: str | None
    ) -> Iterator[_Reading]:
        """Compose a command to switch, open or lock."""
        cues = {piece.cue for piece in pieces}
        way = _way(pieces)
        if way is None or cues & {"not", "any", "which", "how_many", "measure", "ask", "if"}:
            return
        intent, domains = _WAYS[way]
        if any(piece.roles and not piece.cue and not piece.is_of(domains) for piece in pieces):
            return
        nouns = [piece for piece in pieces if any(role.part == "noun" for role in piece.roles) and piece.cue is None]
        keys = {
            role.key: ""
            for piece in nouns
            for role in piece.roles
            if role.key[0] in domains and all(other.supports(role.key, "noun") for other in nouns)
        }
        if "illuminate" in cues and not nouns:
            keys = {("light", None): ""}
        every = bool(cues & {"all", "everywhere"}) or "whole" in cues
        if called:
            keys = {} if nouns or every else {(name.domain, None): "" for name in called if name.domain in domains}
        for key, name, worth in self._subjects(keys, called):
            whole = dict(slots)
            if name is None:
                whole |= {"domain": key[0], **({"device_class": key[1]} if key[1] else {})}
                if every and not slots:
                    whole["name"] = "all"
                elif not slots and room:
                    whole["area"] = room
                text = " ".join(piece.said for piece in pieces)
                whole = everyone(intent, whole, text, placed=bool(slots))
            yield _reading(intent, key[0], whole, name), worth

    def _subjects(self, kinds: dict[Key, str], called: Sequence[Name]) -> Iterator[tuple[Key, Name | None, float]]:
        """Yield (kind, thing, confidence), best first: by the thing that is named, or by what there is."""
        if called:
            fits = [(key, name) for key in kinds for name in called if _is_of(name, key)]
            same_class = [(key, name) for key, name in fits if name.device_class == key[1]]
            same_word = [
                (key, name)
                for key, name in fits
                if key in self.lexicon.kinds_in([word.text for word in words(name.said)])
            ]
            for chosen in (fits if len(fits) == 1 else same_class, same_word, fits):
                if len({key for key, _ in chosen}) == 1:
                    yield (*chosen[0], _SURE)
                    return
            yield from ((key, name, _UNSURE) for key, name in fits[:2])
            return
        there = [key for key in kinds if key in self._home]
        for chosen_, worth in ((list(kinds), _SURE), (there, _RATHER)):
            if len(chosen_) == 1:
                yield chosen_[0], None, worth
                return
        yield from ((key, None, _UNSURE) for key in (there or list(kinds))[:2])


def _is_of(name: Name, key: Key) -> bool:
    if name.domain != key[0]:
        return False
    if key[0] in ("sensor", "binary_sensor"):
        return name.device_class in (None, key[1])
    return key[1] is None


def _reading(intent: str, domain: str, slots: dict[str, str], name: Name | None) -> Interpretation:
    whole = {**slots, "name": name.meant} if name else slots
    return Interpretation(intent=intent, domain=domain, slots=tuple(sorted(whole.items())))


def _places(pieces: Sequence[_Piece]) -> dict[str, str] | None:
    """Return the room and the floor that are named; None where there are several."""
    slots: dict[str, str] = {}
    for piece in pieces:
        place = piece.called[0] if piece.called else None
        if place and place.kind != "name" and slots.setdefault(place.kind, place.meant) != place.meant:
            return None
    return slots


def _agreed(pieces: Sequence[_Piece], key: Key, *, named: bool) -> str | None:
    """Return the state that all words say of a kind of thing; None where they do not agree, or say none."""
    states: list[str] = []
    there, spoken = False, named
    for piece in pieces:
        if not piece.roles or (piece.said in SILENT and piece is not pieces[-1]):
            continue
        state = piece.supports(key, "state")
        if state is not None:
            if not (piece.said == "on" and states):
                states.append(state.value or "")
            continue
        other = piece.supports(key, "noun", "stuff", "thing", "extra")
        if other is None:
            if piece.cue not in _MAY_BE_BOTH:
                return None
            continue
        there |= other.part == "stuff"
        spoken |= other.part != "extra"
    if states and states[0] == "on" and len(set(states)) > 1 and any(piece.said == "on" for piece in pieces):
        states.remove("on")
    if len(set(states)) > 1 or not spoken:
        return None
    return states[0] if states else "on" if there else None


def _way(pieces: Sequence[_Piece]) -> str | None:
    """Return the intent of a command: by its verb, or by the state that the thing should have."""
    cues = [piece.cue for piece in pieces]
    roles = [role for piece in pieces for role in piece.roles if role.part == "state"]
    states = dict.fromkeys(role.value or "" for role in roles if role.key[0] != "binary_sensor")
    wanted = [_WAY_OF_STATE[state] for state in states if state in _WAY_OF_STATE]
    if "ensure" not in cues:
        wanted = [*(cue for cue in cues[:3] if cue in ("unlock", "lock", "open", "close")), *wanted]
        wanted += ["off"] if "off" in cues else ["on"] if {"on", "illuminate"} & set(cues) else []
        wanted += ["close"] if "shut" in cues and "off" not in cues else []
    ways = dict.fromkeys(wanted)
    if "shut" in cues and "close" in ways and "off" in ways:
        ways.pop("close")  # "shut off"
    if len(ways) > 1:
        ways.pop("on", None)  # "close the blinds on the first floor"
    return next(iter(ways)) if len(ways) == 1 else None
