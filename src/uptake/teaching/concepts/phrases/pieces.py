"""Read the segments of a definition: which devices each names, which values, and to which devices the values belong.

Values without a device belong to the device of the request ("it"); a device without a value shares the verb of its
neighbour.

Limit: English.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from uptake.teaching.concepts.artifact import Concept
from uptake.teaching.concepts.deeds import Place
from uptake.teaching.concepts.house import House, Mention, stem
from uptake.teaching.concepts.values import Value, find_values, is_shade, of_kind
from uptake.text.patterns import regex
from uptake.types import Interpretation

__all__ = ["NAMED", "Piece", "Reading", "Reads", "piece_of", "settle"]

NAMED = ("media", "concept")
"""Kinds of value that are names."""

Reads = Callable[[str], tuple[Interpretation, ...]]
"""What the reader of requests makes of a text: what is to be done, the devices by name; empty where it is not sure."""

_FIX = regex(
    r"\b(?:sorry|no|nope|oops|wait|actually|i mean(?:t)?|rather|scratch that|make that|correction|"
    r"instead|hang on|hmm|not|maybe|perhaps|make it|(?:let's )?say|call it|or rather|better)\b"
    r"|\b(?:so|like|about|around|roughly|meaning|which is|that's|i'd say) (?:like |about |maybe )?\d"
)
_NOT = regex(
    r"\b(?:not|no|without|don't|doesn't|never|isn't|except|leave|skip|drop|minus|apart from|besides|"
    r"rather than|instead of)\b"
)
_ALL = frozenset("all every everything everywhere whole both".split())
_WHOLE_HOME = regex(r"\b(?:in the (?:whole )?(?:house|home|flat|apartment)|everywhere|all over)\b")
_OTHER_ONE = regex(
    r"\b(?:the|that) (?:(?!same|first|last|only)(?P<which>[a-z]+) )?(?:1|one)\b(?! (?:percent|degrees?|is|called)\b)"
)
_TOO = frozenset({"too", "also", "well", "likewise"})
_CARRIED = ("state", "percent", "number", "color", "kelvin")
_MOVES = frozenset({"lower", "lowered", "raise", "raised"})
_EACH = frozenset({"every", "each"})
_VERBS = frozenset({"lock", "shade", "switch"})
_LEADS_VERB = frozenset("to don't not would will could can might gonna never".split())
_OBJECTS = frozenset(
    "myself me us you him her them anyone anybody everyone everybody people ourselves somebody".split()
)


@dataclass(slots=True)
class Piece:
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
class Reading:
    """An answer that is being read."""

    house: House
    place: Place
    known: Mapping[str, Concept]
    reads: Reads
    text: str = ""
    """The whole of it, normalised."""
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


def piece_of(words: list[str], house: House, known: Mapping[str, Concept], *, kind: str | None) -> Piece:
    """Read one segment by itself.

    Args:
        words: Its normalised words.
        house: Names of the home.
        known: Concepts that may be used, by key.
        kind: The one kind of device that the request was about; None where it was about none or several.
    """
    names = [tuple(key.split()) for key, one in known.items() if one.alias_of is None]
    begins = any(one.is_exact and set(words[: one.start]) <= {"the", "my", "our"} for one in house.mentions(words))
    said = find_values(words, names, may_name_media=not begins)
    values = [one for one in said if one.kind in NAMED or not {*range(one.start, one.end)} <= house.named(words)]
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
        if not _is_verb(one, words) and not (is_shade(words, one.start, one.end) and (kind == "light" or one.start))
    ]
    covered = {at for mention in mentions for at in range(mention.start, mention.end)}
    values = [one for one in values if not set(range(one.start, one.end)) & covered or one.kind in NAMED]
    for each in sorted(_kinds_of(mentions)) if mentions else [kind] if kind else []:
        values = of_kind(each, words, values, covered)
    if any(one.kind in ("percent", "number") for one in values):  # "lower it to ten" closes nothing
        values = [one for one in values if one.kind != "state" or words[one.start] not in _MOVES]
    text = " ".join(words)
    first = min((one.start for one in mentions if one.area is None), default=len(words))
    return Piece(
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
    led = mention.start > 0 and words[mention.start - 1] in _LEADS_VERB and mention.end < len(words)
    one = mention.end - mention.start == 1 and mention.end < len(words)
    return one and ((first in _VERBS and bare) or (led and words[mention.end] in _OBJECTS))  # "to blind myself"


def settle(pieces: Sequence[Piece], reading: Reading) -> None:
    """Give every segment the devices it is about."""
    last: Place | None = None
    waiting: Place | None = None
    previous: Piece | None = None
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


def _other_one(which: str, pieces: Sequence[Piece], last: Place | None, reading: Reading) -> Place | None:
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


def _implied(piece: Piece) -> Place | None:
    """Return every lock, where something is to be locked and nothing is named: "lock up"."""
    locks = {one.text for one in piece.values if one.kind == "state"} & {"locked", "unlocked"}
    return Place(groups=((None, "lock"),)) if locks else None


def _lead(pieces: Sequence[Piece], first: Piece) -> None:
    """Give values that stand before the first device, where the request named none, to that device."""
    for piece in pieces:
        if piece is first:
            return
        if piece.values and not piece.mentions and not piece.place:
            piece.place = first.place


def _place(piece: Piece, reading: Reading) -> Place | None:
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


def _devices(one: Mention, piece: Piece, reading: Reading, area: str | None) -> Place:
    """Return the devices that one mention means."""
    house, words, context = reading.house, piece.words, reading.place
    where = area or (None if _WHOLE_HOME.search(" ".join(words)) else context.area)
    word = words[one.start] if one.start < len(words) else ""
    both = 2 if "both" in words else 0
    if one.domain is not None and one.start and words[one.start - 1] in _EACH:  # "every light"
        one = replace(one, is_many=True)
    things = house.reach(one, where, word=word, count=both)
    spoken = tuple(each for each in context.things(house) if each.domain == one.domain and each.name in context.names)
    if (
        len(spoken) == 1
        and area is None
        and not one.is_many
        and stem(word) in map(stem, spoken[0].name.lower().split())
    ):
        things = spoken  # "the light" is the one that was spoken of
    if area is not None and one.domain is not None and not house.within(area, one.domain):
        reading.unknown.append(word)
        return Place()
    if not one.is_many and len(things) > 1:
        things = tuple(thing for thing in things if thing.name in context.names) or things
    domain = one.domain
    if domain is not None and (one.is_many or len(things) > 1) and set(things) == set(house.within(where, domain)):
        return Place(groups=((where, domain),), near=where)
    return Place(names=tuple(thing.name for thing in things), near=area or context.area)
