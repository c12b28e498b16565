"""Read what a person says a word to mean: "set it to 40 percent and make it warm white", "same as reading mode".

An answer is cut into segments; each names devices, values, or both. Values without a device belong to the device of
the request ("it"); a device without a value shares the verb of its neighbour. A later value of the same kind replaces
an earlier one where the person corrects themselves; where they do not, it contradicts it.

Source: the definition parser of Ping et al., "Interactive Teaching for Conversational AI" (arXiv:2012.00958), as far
as its description goes. Differs: a parser of segments over the names of the home, not a trained tagger.
Limit: English; a condition or a moment inside a definition is not understood and makes the person be asked.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from uptake.teaching.concepts.artifact import Concept
from uptake.teaching.concepts.circles import circle
from uptake.teaching.concepts.deeds import Place, deeds_of, rebind
from uptake.teaching.concepts.house import House, Mention
from uptake.teaching.concepts.phrases.joining import unified, without
from uptake.teaching.concepts.phrases.words import label
from uptake.teaching.concepts.phrases.segments import NOT_HERE, segments, without_asides
from uptake.teaching.concepts.values import Value, find_values, is_shade, of_kind, plain_numbers
from uptake.teaching.marks import plain
from uptake.text.normalize import normalize
from uptake.text.patterns import regex
from uptake.types import Interpretation

__all__ = ["LONGEST", "Definition", "Trouble", "define"]

LONGEST = 120
"""Most words of a definition that is read."""

Trouble = Literal["nothing", "vague", "contradiction", "circular", "unknown", "long", "mismatch", "condition"]

_FIX = regex(
    r"\b(?:sorry|no|nope|oops|wait|actually|i mean(?:t)?|rather|scratch that|make that|correction|"
    r"instead|hang on|hmm|not|(?:let's )?say|call it|or rather|better)\b"
    r"|\b(?:so|like|about|around|roughly|meaning|which is|that's|i'd say) (?:like |about |maybe )?\d"
)
_NOT = regex(
    r"\b(?:not|no|without|don't|doesn't|never|isn't|except|leave|skip|drop|minus|apart from|besides|"
    r"rather than|instead of)\b"
)
_DROP = regex(r"\b(?:not|without|except|apart|besides|leave|skip|drop|forget|minus)\b")
_ALL = frozenset("all every everything everywhere whole both".split())
_WHOLE_HOME = regex(r"\b(?:in the (?:whole )?(?:house|home|flat|apartment)|everywhere|all over)\b")
_WHEN = regex(
    r"\b(?:unless|until|after \d|at \d+ ?(?:am|pm|o'clock)|tomorrow|every (?:day|night|morning)|"
    r"(?:if|when|whenever|once|as soon as) (?!(?:i|we|i'm|we're|you|my|our)\b|possible\b))\b"
)
_OTHER_ONE = regex(
    r"\b(?:the|that) (?:(?!same|first|last|only)(?P<which>[a-z]+) )?(?:1|one)\b(?! (?:percent|degrees?|is|called)\b)"
)
_TOO = frozenset({"too", "also", "well", "likewise"})
_CARRIED = ("state", "percent", "number", "color", "kelvin")
_DENIED = ("color", "vague", "percent", "number", "state")
_NAMED = ("media", "concept")
_NOT_READ = frozenset({"nothing", "unknown"})
_ORDERS, _UNREAD = frozenset("vmb"), frozenset("xmb")
Reads = Callable[[str], tuple[Interpretation, ...]]
"""What the reader of requests makes of a text: what is to be done, the devices by name; empty where it is not sure."""
_VERBS = frozenset({"lock", "shade", "switch"})
_DENIES = frozenset("not no without never isn't don't".split())


@dataclass(frozen=True, slots=True, kw_only=True)
class Definition:
    """What an answer defines, or why it defines nothing."""

    deeds: tuple[Interpretation, ...] = ()
    """What is to be done."""
    uses: tuple[str, ...] = ()
    """Keys of the concepts it was defined by."""
    trouble: Trouble | None = None
    """What stands in the way; None where nothing does."""
    about: str = ""
    """Name of the home, or key of a concept, that the trouble is about."""
    drops: tuple[str, ...] = ()
    """Names of devices that the person wants left out."""
    also: Place = field(default_factory=Place)
    """Devices that were named without a value."""


@dataclass(slots=True)
class _Piece:
    """Segment of an answer."""

    words: list[str]
    values: list[Value]
    mentions: list[Mention]
    fixes: bool = False
    denies: bool = False
    place: Place | None = None
    verb_first: bool = False
    other: str | None = None
    """What is said of another device of the kind: "the ceiling one"."""


@dataclass(slots=True)
class _Reading:
    """An answer that is being read."""

    house: House
    place: Place
    known: Mapping[str, Concept]
    reads: Reads
    settings: list[tuple[Place, Value]] = field(default_factory=list)
    done: list[Interpretation] = field(default_factory=list)
    uses: list[str] = field(default_factory=list)
    vague: list[str] = field(default_factory=list)
    drops: list[str] = field(default_factory=list)
    contradicts: bool = False
    mismatch: str = ""
    also: Place = field(default_factory=Place)
    open: Place = field(default_factory=Place)
    """Devices of which it was said which way, and not how much."""
    unknown: list[str] = field(default_factory=list)


def define(  # noqa: PLR0913 - what it says, where, and what explains it
    text: str,
    house: House,
    place: Place,
    known: Mapping[str, Concept],
    *,
    concept: str = "",
    reads: Reads = lambda _text: (),
) -> Definition:
    """Read a definition: by its segments, and where they are not enough, as a request.

    Args:
        text: What the person said.
        house: Names of the home.
        place: What the request was about: where "it" is done.
        known: Concepts that may be used, by key.
        concept: Key of the concept that is being defined.
        reads: What the reader of requests makes of a text.
    """
    if len(text.split()) > LONGEST:
        return Definition(trouble="long")
    text = without_asides(plain_numbers(plain(text)))
    if _WHEN.search(normalize(text)):
        return Definition(trouble="condition")
    around = circle(text, concept, known)
    if around is not None:
        return Definition(trouble="circular", about=around)
    reading = _Reading(house=house, place=place, known=known, reads=reads)
    lit = {thing.domain for thing in place.things(house)} == {"light"}
    parts = _with_whole_titles(list(segments(_with_names(text, known))), normalize(text), house)
    pieces = [_piece(words, house, known, lit=lit) for words in parts]
    _settle(pieces, reading)
    for piece in pieces:
        whole = _as_request(piece, reading)
        reading.done += whole
        if not whole:
            _take(piece, reading)
    found = _defined(reading)
    deeds = reads(text) if found.trouble in _NOT_READ and not found.drops else ()
    return Definition(deeds=tuple(unified(deeds))) if deeds else found


def _as_request(piece: _Piece, reading: _Reading) -> tuple[Interpretation, ...]:
    """Return what a segment does that is a whole request with words that are no value: "put some jazz on the stereo"."""
    said = label(" ".join(piece.words), reading.house)
    covered = {at for one in (*piece.values, *piece.mentions) for at in range(one.start, one.end)}
    unread = {at for at, letter in enumerate(said.labels) if letter in _UNREAD} - covered - {0}
    apart = piece.denies or piece.fixes or any(one.kind in _NAMED for one in piece.values)
    if apart or not piece.mentions or said.labels[:1] not in _ORDERS or not unread:
        return ()
    return reading.reads(" ".join(piece.words))


def _with_names(text: str, known: Mapping[str, Concept]) -> str:
    """Put the names of things in the place of other names that were taught for them."""
    for key, concept in known.items():
        if concept.alias_of is not None:
            pattern = r"\W+".join(map(re.escape, key.split()))
            text = re.sub(rf"\b{pattern}\b", concept.alias_of.replace("\\", ""), text, flags=re.IGNORECASE)
    return text


def _with_whole_titles(parts: list[list[str]], text: str, house: House) -> list[list[str]]:
    """Join what is cut of a title: "the playlist Diesel and Dust"."""
    found: list[list[str]] = []
    for part in parts:
        whole = [*found[-1], "and", *part] if found else []
        title = found and any(one.kind == "media" for one in find_values(found[-1]))
        if title and " ".join(whole) in text and not house.mentions(part) and not find_values(part):
            found[-1] = whole
        else:
            found.append(part)
    return found


def _piece(words: list[str], house: House, known: Mapping[str, Concept], *, lit: bool) -> _Piece:
    names = [tuple(key.split()) for key, one in known.items() if one.alias_of is None]
    begins = any(one.is_exact and set(words[: one.start]) <= {"the", "my", "our"} for one in house.mentions(words))
    said = find_values(words, names, may_name_media=not begins)
    values = [one for one in said if one.kind in _NAMED or not {*range(one.start, one.end)} <= house.named(words)]
    other = _OTHER_ONE.search(" ".join(words))
    if other is not None:  # "the ceiling one at five": its "one" is no number
        at = len(other.string[: other.start()].split())
        gone = range(at, at + len(other[0].split()))
        values = [one for one in values if not set(range(one.start, one.end)) & set(gone)]
    masked = list(words)
    for value in values:
        if value.kind not in ("state", "vague"):
            masked[value.start : value.end] = [""] * (value.end - value.start)
    mentions = [
        one
        for one in house.mentions(masked)
        if not _is_verb(one, words) and not (is_shade(words, one.start, one.end) and (lit or one.start))
    ]
    covered = {at for mention in mentions for at in range(mention.start, mention.end)}
    values = [one for one in values if not set(range(one.start, one.end)) & covered or one.kind in _NAMED]
    for kind in sorted(_kinds_of(mentions)):
        values = of_kind(kind, words, values, covered)
    text = " ".join(words)
    first = min((one.start for one in mentions if one.area is None), default=len(words))
    return _Piece(
        words=words,
        values=values,
        mentions=mentions,
        fixes=bool(_FIX.search(text)),
        denies=bool(_NOT.search(text)),
        verb_first=any(one.start < first for one in values if one.kind in ("state", "concept")),
        other=other["which"] or "other" if other is not None and not mentions else None,
    )


def _kinds_of(mentions: Sequence[Mention]) -> set[str]:
    """Return the one kind of device that a segment is about; nothing where it is about several."""
    kinds = {one.domain or thing.domain for one in mentions for thing in one.things or (one,) if one.area is None}
    return {str(kind) for kind in kinds} if len(kinds) == 1 else set()


def _is_verb(mention: Mention, words: Sequence[str]) -> bool:
    """Tell whether the name of a kind is the verb of a segment: "lock the door"."""
    first, bare = words[mention.start], mention.start == 0 or words[mention.start - 1] not in ("the", "a", "my", "our")
    return mention.end - mention.start == 1 and first in _VERBS and bare and mention.end < len(words)


def _settle(pieces: Sequence[_Piece], reading: _Reading) -> None:
    """Give every segment the devices it is about."""
    last: Place | None = None
    waiting: Place | None = None
    previous: _Piece | None = None
    room: str | None = None
    for piece in pieces:
        said = _place(piece, reading) if piece.other is None else _other_one(piece.other, pieces, last, reading)
        if previous is not None and previous.fixes and not previous.values and not previous.mentions:
            piece.fixes = True
        if said is not None and room is not None:  # "the lounge and kitchen lights off"
            kinds = sorted({thing.domain for thing in said.things(reading.house)})
            said = said.joined(Place(groups=tuple((room, kind) for kind in kinds)))
            room = None
        if said is not None and said.is_room and not piece.values:
            room = said.area if piece.words[0] not in ("in", "for", "at") else None
            reading.place = replace(reading.place, near=said.area) if reading.place else replace(said, groups=())
            said = None
        elif said is not None and not piece.values and not piece.denies:
            piece.place = said
            if previous is not None and (
                previous.verb_first or _TOO & set(piece.words)
            ):  # "turn off the lamp and the fan"
                piece.values, piece.verb_first = [one for one in previous.values if one.kind in _CARRIED], True
            else:  # "the lamp and the fan off"
                waiting = said if waiting is None else waiting.joined(said)
        elif piece.values:
            if waiting is not None and said is not None:
                said = waiting.joined(said)
            piece.place = said or _implied(piece) or waiting or last or reading.place
            waiting = None
        else:
            piece.place = said
        if said is not None and last is None and not reading.place:
            _lead(pieces, piece)
        last = said or last
        previous = piece


def _other_one(which: str, pieces: Sequence[_Piece], last: Place | None, reading: _Reading) -> Place | None:
    """Return the device that "the ceiling one" is: of the kind spoken of, called so, or else the only one left."""
    house, spoken = reading.house, (last or reading.place)
    named = {thing.name for piece in pieces if piece.place is not None for thing in piece.place.things(house)}
    kinds = {thing.domain for thing in spoken.things(house)} if last is not None else {"light"}
    areas = {thing.area for thing in spoken.things(house)}
    left = [one for one in house.things if one.domain in kinds and one.area in areas and one.name not in named]
    called = [one for one in left if which in one.name.lower().split()]
    fits = called or left
    if len(fits) != 1:
        reading.unknown.append(which)
        return None
    return Place(names=(fits[0].name,), near=fits[0].area)


def _implied(piece: _Piece) -> Place | None:
    """Return every lock, where something is to be locked and nothing is named: "lock up"."""
    locks = {one.text for one in piece.values if one.kind == "state"} & {"locked", "unlocked"}
    return Place(groups=((None, "lock"),)) if locks else None


def _lead(pieces: Sequence[_Piece], first: _Piece) -> None:
    """Give values that stand before the first device, where the request named none, to that device."""
    for piece in pieces:
        if piece is first:
            return
        if piece.values and not piece.mentions and not piece.place:
            piece.place = first.place


def _place(piece: _Piece, reading: _Reading) -> Place | None:
    """Return what a segment names: devices, or all of a kind in a room; None where it names none."""
    words, context = piece.words, reading.place
    area = next((one.area for one in piece.mentions if one.area is not None), None)
    devices = [one for one in piece.mentions if one.area is None]
    inside = {at for value in piece.values for at in range(value.start, value.end)}
    every = bool(_ALL & {word for at, word in enumerate(words) if at not in inside}) and "both" not in words
    if devices:
        joined = _devices(devices[0], piece, reading, area)
        for one in devices[1:]:
            joined = joined.joined(_devices(one, piece, reading, area))
        return joined
    if every and any(one.kind == "state" for one in piece.values):
        return Place(groups=((area or (None if _WHOLE_HOME.search(" ".join(words)) else context.area), None),))
    return Place(groups=((area, None),), near=area) if area is not None else None


def _devices(one: Mention, piece: _Piece, reading: _Reading, area: str | None) -> Place:
    """Return the devices that one mention means."""
    house, words, context = reading.house, piece.words, reading.place
    where = area or (None if _WHOLE_HOME.search(" ".join(words)) else context.area)
    word = words[one.start] if one.start < len(words) else ""
    both = 2 if "both" in words else 0
    things = house.reach(one, where, word=word, count=both)
    if area is not None and one.domain is not None and not house.within(area, one.domain):
        reading.unknown.append(word)
        return Place()
    if not one.is_many and len(things) > 1:
        things = tuple(thing for thing in things if thing.name in context.names) or things
    domain = one.domain
    if domain is not None and (one.is_many or len(things) > 1) and set(things) == set(house.within(where, domain)):
        return Place(groups=((where, domain),), near=where)
    return Place(names=tuple(thing.name for thing in things), near=area or context.area)


def _take(piece: _Piece, reading: _Reading) -> None:
    """Add what a segment says to what was read so far."""
    if piece.denies:
        negated = _negated(piece)
        if piece.place is not None and not piece.values and _DROP.search(" ".join(piece.words)):
            reading.drops += [thing.name for thing in piece.place.things(reading.house)]
        for value in negated:
            reading.settings = [(where, one) for where, one in reading.settings if one.text != value.text]
        piece.values = [one for one in piece.values if one not in negated]
    if piece.place is not None and not piece.values and not piece.denies:
        reading.also = reading.also.joined(piece.place)
    if not piece.mentions and NOT_HERE.fullmatch(" ".join(piece.words)):
        reading.unknown.append(" ".join(piece.words))
        return
    where = piece.place or reading.place
    timed = [one for one in piece.values if one.kind == "duration"]
    if timed and {"timer", "countdown"} & set(piece.words):
        reading.done += deeds_of(Place(), timed, reading.house) or []
        return
    for value in piece.values:
        if value.kind == "concept":
            _take_concept(value, piece, reading)
        elif value.kind == "vague":
            reading.vague.append(value.text)
            if piece.mentions and all(one.kind == "vague" for one in piece.values):
                reading.open = reading.open.joined(where)
        else:
            _set(where, value, piece, reading)


def _negated(piece: _Piece) -> list[Value]:
    """Return the values that are denied: those right behind a "not"."""
    return [
        value
        for value in piece.values
        if value.kind in _DENIED and _DENIES & set(piece.words[max(0, value.start - 2) : value.start])
    ]


def _set(where: Place, value: Value, piece: _Piece, reading: _Reading) -> None:
    group = _group(value)
    kept: list[tuple[Place, Value]] = []
    for place, one in reading.settings:
        if place == where and _group(one) == group and one.text != value.text:
            fixed = piece.fixes or (reading.settings[-1] == (place, one) and _is_restated(one, value))
            reading.contradicts |= not fixed
        else:
            kept.append((place, one))
    reading.settings = [*kept, (where, value)] if (where, value) not in kept else kept


def _is_restated(earlier: Value, later: Value) -> bool:
    return (earlier.kind == "number" and later.kind != "number") or (earlier.kind == later.kind == "kelvin")


def _group(value: Value) -> str:
    return {"number": "percent", "kelvin": "color"}.get(value.kind, value.kind)


def _take_concept(value: Value, piece: _Piece, reading: _Reading) -> None:
    concept = reading.known[value.text]
    reading.uses.append(concept.key)
    target = piece.place if piece.mentions else reading.place
    deeds = rebind(concept, target, reading.house) if target else concept.deeds
    if deeds:
        reading.done += deeds
    else:
        reading.mismatch = concept.key


def _defined(reading: _Reading) -> Definition:
    if reading.contradicts:
        return Definition(trouble="contradiction")
    if reading.unknown:
        return Definition(trouble="unknown")
    by_place: dict[Place, list[Value]] = {}
    for where, value in reading.settings:
        by_place.setdefault(where, []).append(value)
    warm = "warm" in reading.vague and any(one.kind in ("percent", "number") for _, one in reading.settings)
    deeds = list(reading.done)
    for where, values in by_place.items():
        made = deeds_of(where, [*values, _WARM] if warm and len(by_place) == 1 else values, reading.house)
        if made is None:
            return Definition(trouble="contradiction")
        deeds += made
    lacking = set(reading.open.things(reading.house))
    if lacking - {thing for where in by_place for thing in where.things(reading.house)}:
        spoken = [reading.open, *by_place]
        names = dict.fromkeys(thing.name for where in spoken for thing in where.things(reading.house))
        return Definition(trouble="vague", also=Place(names=tuple(names), near=reading.place.near))
    drops = tuple(dict.fromkeys(reading.drops))
    deeds = without(unified(deeds), drops, reading.house)
    uses = tuple(dict.fromkeys(reading.uses))
    if deeds:
        return Definition(deeds=tuple(deeds), uses=uses, drops=drops)
    if reading.mismatch:
        return Definition(trouble="mismatch", about=reading.mismatch, uses=uses)
    return Definition(trouble="vague" if reading.vague else "nothing", drops=drops, also=reading.also)


_WARM = Value(kind="kelvin", text="2700", start=0, end=0)
