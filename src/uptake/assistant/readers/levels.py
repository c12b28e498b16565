"""Reader "levels": composes commands that set a value from their words, in whatever order they come.

"Twenty percent on the bedside lamp", "the hall light wants to be at full brightness", "blinds three quarters of the way
down": how bright, how warm, how fast, how loud, how far open, which colour. Every word must be accounted for: it names
a thing, a kind or a place, is the value, its unit or a direction, or says nothing. One word too many and there is no
reading; a question, a remark on how things are, and an amount to add have none either.

Limit: English; one thing or kind, one place and one value a request, and a colour beside it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import ClassVar

from uptake.assistant.hypotheses import Hypothesis
from uptake.assistant.phrases.numbers import in_digits
from uptake.assistant.phrases.shares import SHARES
from uptake.assistant.readers.level_words import PIECES, Said, call, count, note
from uptake.assistant.readers.lexicon import Lexicon
from uptake.assistant.readers.vocabulary import Name, Vocabulary
from uptake.text.patterns import Caseless, regex
from uptake.text.tokens import may_say, reaches, words
from uptake.types import Interpretation, Situation

__all__ = ["LEVELS", "LevelReader"]

_SURE, _RATHER = 0.93, 0.8
"""Confidence of a reading: a thing or a kind is named; a place only."""
_INTENTS = {
    "light": ("HassLightSet", "brightness"),
    "fan": ("HassFanSetSpeed", "percentage"),
    "cover": ("HassSetPosition", "position"),
    "media_player": ("HassSetVolume", "volume_level"),
    "climate": ("HassClimateSetTemperature", "temperature"),
    "oven": ("SetOvenTemperature", "temperature"),
}
"""Domain -> the intent that sets its value, and the slot; an oven is a switch of its own class."""
LEVELS = frozenset({"color", "temperature", "direction", "volume_step", *(slot for _, slot in _INTENTS.values())})
"""Slots of the values that are set."""
_STEPS = {
    "light": ("HassLightSet", "direction"),
    "fan": ("HassFanSetSpeed", "direction"),
    "media_player": ("HassSetVolumeRelative", "volume_step"),
    "climate": ("HassClimateSetTemperature", "direction"),
}
"""Domain -> the intent that changes its value by a step, and the slot of the direction."""
_ENDS = {
    "light": {"most": 100, "least": 5, "low": 33, "medium": 66, "high": 100},
    "fan": {"most": 100, "least": 33, "low": 33, "medium": 66, "high": 100},
    "media_player": {"most": 100, "least": 5, "low": 20, "medium": 50, "high": 80},
    "cover": {"most": 100, "least": 0, "crack": 10},
}
"""What an end of the scale is for each domain, in percent: a fan turns at its slowest, and a lamp still gives light."""
_TONES = {"up": "2700", "down": "4000"}  # white of a light that is to be warmer, or cooler, in kelvin
_RANGES = {"climate": (5.0, 35.0), "oven": (40.0, 300.0)}  # °C
_PERCENT = (0.0, 100.0)
_FACE, _HOURS, _LEAST_BARE = 12, 24, 2  # "one" without a unit is no number: "the big one"
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_SHARE = regex(
    rf"(?<!and )(?<!and a )\b({'|'.join(SHARES)})\b(?! (?:past|to (?!the\b|go)|an? (?:hour|day)|hour|of an|o'clock))",
    re.IGNORECASE,
)
_SOME = ((regex(r"\ba (?:couple|pair)(?: of)?(?= degrees?\b)", re.IGNORECASE), "2"),
         (regex(r"\b(?:a|another)(?= degree\b)", re.IGNORECASE), "1"))  # fmt: skip
_OF_TIME = regex(
    r"\b(?:half|quarter) (?:past|to|an)\b|\d ?(?:am|pm|minutes?|mins?|hours?|seconds?|o'clock)\b|\d:\d", re.IGNORECASE
)
_ASKED = frozenset(
    "is are was were did does has am which what what's how how's why who when where isn't aren't should "
    "would've".split()
)


class LevelReader:
    """Reader of commands that set a value.

    Args:
        vocabulary: Names of the home.
        lexicon: What words stand for [default: Home Assistant's device classes with English words].
    """

    name: ClassVar[str] = "levels"

    def __init__(self, vocabulary: Vocabulary, lexicon: Lexicon | None = None) -> None:
        self.vocabulary = vocabulary
        self._given = lexicon

    @cached_property
    def lexicon(self) -> Lexicon:
        """Load the lexicon."""
        return self._given or Lexicon()

    def read(self, text: str, situation: Situation) -> tuple[Hypothesis, ...]:
        """Return the reading; empty where a word is not accounted for, or no value is set."""
        if _OF_TIME.search(text) or not _may_set(text):
            return ()
        tokens = _tokens(text)
        if not tokens or _asks(tokens):
            return ()
        for names in (True, False):
            said = self._said(tokens, names=names)
            for reading, worth in self._readings(said, situation) if said is not None else ():
                whole = Interpretation(
                    intent=reading.intent, domain=reading.domain, slots=reading.slots, confidence=worth
                )
                return (Hypothesis(interpretation=whole, reader=self.name, reason="put together from its words"),)
        return ()

    @cached_property
    def _names(self) -> Mapping[tuple[str, ...], tuple[Name, ...]]:
        """Return names by their words, those of things also without "room": "kids blinds"."""
        found = dict(self.vocabulary.by_words)
        for said, names in self.vocabulary.by_words.items():
            short = tuple(word for word in said if word != "room")
            if names[0].kind == "name" and 1 < len(short) < len(said):
                found.setdefault(short, names)
        return found

    @cached_property
    def _reaches(self) -> Mapping[str, int]:
        """Return the number of words of the longest name or piece that begins with each word."""
        return reaches((*self._names, *PIECES))

    @cached_property
    def _longest(self) -> int:
        return max(self._reaches.values(), default=0)

    def _said(self, tokens: Sequence[str], *, names: bool) -> Said | None:
        """Return what the words say; None where one is not accounted for, or a second value is said."""
        said, at = Said(), 0
        while at < len(tokens):
            size = self._piece(said, tokens, at, names=names)
            if size == 0:
                return None
            at += size
            said.on |= tokens[at - 1] == "on"
            said.switched |= tokens[at - 1] == "on" and (tokens[at : at + 1] or ["and"])[0] in _AFTER_ON
        return said

    def _piece(self, said: Said, tokens: Sequence[str], at: int, *, names: bool) -> int:
        """Take the longest piece that begins at a word; return its length, 0 where there is none or it is one too many.

        Args:
            said: What was said before it; completed.
            tokens: The words.
            at: Where it begins.
            names: Whether words that stand for a kind may name a thing that is called so.
        """
        if tokens[at].startswith("=") or _NUMBER.fullmatch(tokens[at]):
            behind = self.lexicon.at(tokens, at + 1)[1]
            is_of = tokens[at + 1 : at + 2] == ["of"] or any(role.part == "noun" for role in behind)
            counts = tokens[at][0] != "=" and is_of  # "three of the lights", "two lights"
            return 0 if counts and not said.leads else count(said, tokens[at])
        length, roles = self.lexicon.at(tokens, at)
        kinds = [role.key for role in roles if role.part == "noun" and role.key[0] in _INTENTS]
        reach = min(max(self._reaches.get(tokens[at], 0), length), self._longest)
        for size in range(min(reach, len(tokens) - at), 0, -1):
            phrase = tuple(tokens[at : at + size])
            called = self._names.get(phrase, ())
            if called and (called[0].kind != "name" or names or not kinds or length < size):
                return size if call(said, called) else 0
            if kinds and size == length:
                said.kinds.update(dict.fromkeys(kinds))
                return size
            piece = PIECES.get(phrase)
            if piece is not None:
                return size if note(said, piece) else 0
        return 0

    def _readings(self, said: Said, situation: Situation) -> Iterator[tuple[Interpretation, float]]:
        domain = _domain(said)
        if domain is None or _may_be_a_time(said):
            return
        value = _value(said, domain)
        if not value:
            return
        where, worth = self._where(said, domain, situation.context.room)
        if where is None:
            return
        intent = _INTENTS[domain][0] if _INTENTS[domain][1] in value or domain not in _STEPS else _STEPS[domain][0]
        slots = tuple(sorted({**where, **value}.items()))
        yield Interpretation(intent=intent, domain=domain, slots=slots), worth

    def _where(self, said: Said, domain: str, room: str | None) -> tuple[dict[str, str] | None, float]:
        """Return the slots of what is meant, and how sure they are; None where that is unclear."""
        if said.things:
            names = [name for name in said.things[0] if _of(name) == domain]
            fits = len(names) == 1 and not (said.kinds and all(key[0] != domain for key in said.kinds))
            if said.kinds and said.places:
                return None, _SURE  # "the lamp, and the study lights to 30": two things
            return ({"name": names[0].meant} if fits else None), _SURE
        where = dict(said.places)
        if said.here and room and not where:
            where["area"] = room
        kinds = [key for key in said.kinds if key[0] == domain]
        if domain in ("light", "cover", "fan"):
            where["domain"] = domain
            if len({key[1] for key in kinds}) == 1 and kinds[0][1] is not None:
                where["device_class"] = kinds[0][1]
        if domain == "media_player" and not where and room:
            where["area"] = room
        return where, _SURE if kinds or said.of or said.way_of else _RATHER


def _may_set(text: str) -> bool:
    """Tell whether a text may set a value at all; most say no number, colour, end or direction."""
    return (may_say(text, _HINTING) or _NUMBERED.search(text) is not None) and _HINT.search(text) is not None


_HINTS = frozenset({"end", "up", "down", "colour", "white"})
_HINTED = (
    *"zero one two three four five six seven eight nine ten eleven twelve hundred".split(),
    *sorted({said.split()[-1] for said in SHARES}),
    *sorted({" ".join(said) for said, kind in PIECES.items() if kind.partition(":")[0] in _HINTS}),
)
_HINTING = frozenset(said.split()[0] for said in _HINTED)
_NUMBERED = re.compile(r"\d|(?:teen|ty)\b", re.IGNORECASE)
_HINT = Caseless(rf"\d|\b(?:\w+teen|(?:twen|thir|for|fif|six|seven|eigh|nine)ty|{'|'.join(_HINTED)})\b")


def _tokens(text: str) -> list[str]:
    """Split a text into words, numbers in digits, and shares as "=33"."""
    found: list[str] = []
    for shape, amount in _SOME:
        text = shape.sub(amount, text)
    for at, part in enumerate(_SHARE.split(text)):
        if at % 2:
            found.append(f"={SHARES[part.lower()]}")
        else:
            found += [word.text for word in words(in_digits(part))]
    return found


def _asks(tokens: Sequence[str]) -> bool:
    """Tell whether words ask how something is."""
    first = next((at for at, word in enumerate(tokens) if word not in _OPENING), 0)
    return tokens[first] in _ASKED


_AFTER_ON = frozenset("and at with to please then but low nice really in for now".split())
_OPENING = frozenset("hey hi ok okay so right oh um uh er please and well now".split())


def _of(name: Name) -> str:
    """Return the domain of a thing; an oven is one of its own."""
    return "oven" if name.device_class == "oven" else name.domain or ""


def _may_be_a_time(said: Said) -> bool:
    """Tell whether the number may be an hour: "kitchen light at seven", "heating on at eighteen"."""
    if not said.at or said.number is None or said.unit is not None or said.is_share or said.of - {"climate"}:
        return False
    return said.number <= _FACE or (said.on and said.number <= _HOURS)


def _domain(said: Said) -> str | None:
    """Return the domain whose value is set; None where words disagree, or do not tell."""
    named = {_of(name) for called in said.things for name in called}
    kinds = {key[0] for key in said.kinds}
    way_of = said.way_of - ({"climate"} if "light" in named | kinds else set())
    told = [group for group in (named, kinds, said.of, way_of) if group]
    if said.colour is not None:
        told.append({"light"})
    if said.unit == "degrees":
        told.append({"climate"})
    if not told:
        return "light" if said.places and said.unit == "percent" else None
    left = set(_INTENTS).intersection(*told)
    if not (named or kinds or said.of or said.places or said.here):
        return None  # "make it blue", "louder": of what was spoken of last
    return next(iter(left)) if len(left) == 1 else None


def _value(said: Said, domain: str) -> dict[str, str]:
    """Return the slots of the value; empty where there is none that the domain has."""
    value: dict[str, str] = {}
    if said.colour is not None:
        value[said.colour[0]] = said.colour[1]
    if said.closed and said.opened:
        return {}
    if domain == "light" and said.way_of == {"climate"}:
        alone = not value and said.number is None and said.end is None
        return {"temperature": _TONES[said.way or "up"]} if alone else {}
    if said.number is not None or said.end is not None:
        level = _level(said, domain)
        return value | {_INTENTS[domain][1]: f"{level:g}"} if level is not None else _by_degrees(said, domain)
    if said.way is not None and not said.colour and domain in _STEPS and not said.to:
        return {_STEPS[domain][1]: said.way}
    return value if not said.way and not said.by and not said.has_step else {}


def _level(said: Said, domain: str) -> float | None:
    """Return the level that is set, in percent or °C; None where it is an amount to add, or out of range."""
    if said.by or said.has_step or said.way_of - {"light"} or (domain == "media_player" and said.switched):
        return None  # "put some music on and turn it down low" is more than a volume
    if said.end is not None and said.number is None:
        return _ENDS.get(domain, {}).get(said.end)
    level = said.number
    adds = said.way is not None and not said.to and not (domain == "cover" and said.is_share)
    if level is None or adds or (said.unit is None and not said.is_share and level < _LEAST_BARE):
        return None
    least, most = _RANGES.get(domain, _PERCENT)
    in_degrees = domain in _RANGES
    if said.unit == ("percent" if in_degrees else "degrees") or (in_degrees and said.is_share):
        return None
    if not least <= level <= most or (domain == "light" and level < 1):
        return None
    down = said.closed or (said.way == "down" and said.is_share and not said.to)
    return 100 - level if domain == "cover" and down else level


def _by_degrees(said: Said, domain: str) -> dict[str, str]:
    """Return the slots of some degrees more or less: "two degrees warmer in the bedroom"."""
    steps = domain == "climate" and said.way is not None and said.unit == "degrees" and not said.to and not said.end
    return {"degrees": f"{said.number:g}", "direction": said.way or ""} if steps else {}
