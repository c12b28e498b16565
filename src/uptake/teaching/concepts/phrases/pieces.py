"""Parse the segments of a definition: devices, values, and the devices that the values belong to.

Values without a device belong to the device of the request ("it"); a device without a value shares the verb of its
neighbour.

Limit: English.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping, Sequence
from dataclasses import dataclass, field, replace

from uptake.teaching.concepts.artifact import Concept
from uptake.teaching.concepts.deeds import Place
from uptake.teaching.concepts.house import House, Mention, Thing, stem
from uptake.teaching.concepts.phrases.words import label
from uptake.teaching.concepts.values import COLORS, VAGUE, Value, find_values, is_shade, of_kind
from uptake.text.patterns import regex
from uptake.types import Interpretation

__all__ = ["NAMED", "Piece", "Reading", "Reads", "assign_values", "music_on", "piece_of"]

NAMED = ("media", "concept")
"""Kinds of value that are names."""

Reads = Callable[[str], tuple[Interpretation, ...]]
"""What the reader of requests makes of a text: what is to be done, the devices by name; empty where it is not sure."""

_FIX = regex(
    r"\b(?:sorry|no|nope|oops|wait|actually|i mean(?:t)?|rather|scratch that|make that|correction|"
    r"instead|hang on|hmm|not|maybe|perhaps|make it|(?:let's )?say|call it|or rather|better)\b"
    r"|\b(?:so|like|about|around|roughly|meaning|which is|that's|i'd say) (?:like |about |maybe )?\d"
)
_TOO_FAR = regex(r"\b(?:too|way too|far too) (?:much|many|little|[a-z]+)$")
_NOT = regex(
    r"\b(?:not|no|without|don't|doesn't|never|isn't|except|leave|skip|drop|minus|apart from|besides|"
    r"rather than|instead of)\b"
)
_ALL = frozenset("all every everything everywhere whole both".split())
_WHOLE_HOME = regex(r"\b(?:in the (?:whole )?(?:house|home|flat|apartment)|everywhere|all over)\b")
_OTHER_ONE = regex(
    r"\b(?:the|that) (?:(?!same|first|last|only)(?P<which>[a-z]+) )?(?:1|one)\b(?! (?:percent|degrees?|is|called)\b)"
)
_HEARD_ON = regex(
    r"(?:(?:and|then|with|plus|also) )*(?P<verb>(?:put|have|stick|get|bung|whack|blast|pop) (?!it\b|them\b|the\b))?"
    r"(?P<some>(?:an? |1 )?(?:little |wee )?(?:bit|touch|dose|spot|dash) of |some |a few |our |my "
    r")?(?P<what>[a-z0-9' ]+?)"
    r"(?: playing| going| coming)? (?:on|from|over|through|out of|in)(?: the| my| our)?"
)
_REST = regex(
    r"\b(?:(?:every|any)thing (?:else|other)|(?:all )?(?:the )?(?:rest|others|remaining)(?: of (?:the|them|"
    r"it))?(?P<of> lights?| lamps?)?"
    r"|(?:all )?(?:the |every )other (?P<lights>lights?|lamps?)|no other (?P<no>lights?|lamps?))\b"
)
_UNLIT = frozenset(("dark", "dim"))
_SWITCHED = ("light", "switch", "fan", "media_player")
_MEASURED = frozenset(("percent", "number", "degrees"))
_TURNS = frozenset("turn turned switch switched turns it them is are be go goes then and all both power".split())
_WITH = frozenset("please likewise same together instead".split())
_TOO = frozenset({"too", "also", "well", "likewise"})
_CARRIED = ("state", "percent", "number", "color", "kelvin")
_MOVES = frozenset({"lower", "lowered", "raise", "raised"})
_MAIN = frozenset("main overhead ceiling big top".split())
"""What the plain light of a room is called beside its lamps."""
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
    """State of parsing one answer."""

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
    warm: list[Place] = field(default_factory=list)
    """Where the light is to be warm."""
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
        if not _is_verb(one, words)
        and not _is_what_shines(one, words)
        and not (is_shade(words, one.start, one.end) and (kind == "light" or one.start))
    ]
    covered = {at for mention in mentions for at in range(mention.start, mention.end)}
    if any(one.kind in _MEASURED for one in values):
        values = [one for one in values if not _is_idle(one, words, covered)]
    values = [one for one in values if not set(range(one.start, one.end)) & covered or one.kind in NAMED]
    for each in sorted(_kinds_of(mentions)) if mentions else [kind] if kind else []:
        values = of_kind(each, words, values, covered)
    if any(one.kind in ("percent", "number") for one in values):  # "lower it to ten" closes nothing
        values = [one for one in values if one.kind != "state" or words[one.start] not in _MOVES]
    text = " ".join(words)
    if not any(one.kind in ("media", "concept") for one in values):
        values = music_on(words, mentions, house) or values
    first = min((one.start for one in mentions if one.area is None), default=len(words))
    if _TOO_FAR.search(text):  # "thirty's too much" takes a value back
        values = []
    return Piece(
        words=words,
        values=values,
        mentions=mentions,
        fixes=bool(_FIX.search(text) or _TOO_FAR.search(text)),
        denies=bool(_NOT.search(text)),
        verb_first=any(one.start < first for one in values if one.kind in ("state", "concept")),
        other=other["which"] or "other" if other is not None and not mentions else None,
    )


def music_on(words: Sequence[str], mentions: Sequence[Mention], house: House, *, ordered: bool = False) -> list[Value]:
    """Return what is to be heard on a player, where only that is said: "a bit of jazz on the kitchen speaker".

    Args:
        words: The words of a segment.
        mentions: What they name.
        house: Names of the home.
        ordered: Whether they order it with a verb that says little: "put carols on the speaker".
    """
    kinds = {one.domain or thing.domain for one in mentions for thing in one.things or (one,)}
    if len(mentions) != 1 or kinds != {"media_player"}:
        return []
    player = mentions[0]
    match = _HEARD_ON.fullmatch(" ".join(words[: player.start]))
    if match is None or not (match["verb"] if ordered else match["some"] and not match["verb"]):
        return []
    said = label(match["what"], house).labels
    if "x" not in said or set(said) - set("xwnhd"):
        return []
    start = len(words[: player.start]) - len(" ".join(words[: player.start])[match.start("what") :].split())
    return [Value(kind="media", text=match["what"], start=start, end=start + len(match["what"].split()))]


def _is_idle(value: Value, words: Sequence[str], covered: Container[int]) -> bool:
    """Tell whether "off" or "out", beside how much is wanted, belongs to another verb: "to take the edge off"."""
    before = words[value.start - 1] if value.start else "turn"
    led = value.start - 1 in covered or before in _TURNS or words[value.end : value.end + 1] == ["the"]
    return value.kind == "state" and value.text in ("off", "out") and not led


def _kinds_of(mentions: Sequence[Mention]) -> set[str]:
    """Return the one kind of device that a segment is about; nothing where it is about several."""
    kinds = {one.domain or thing.domain for one in mentions for thing in one.things or (one,) if one.area is None}
    return {str(kind) for kind in kinds} if len(kinds) == 1 else set()


def _is_what_shines(mention: Mention, words: Sequence[str]) -> bool:
    """Tell whether "light" is what a lamp gives: "orange light from the lamp"."""
    one = words[mention.start : mention.end] == ["light"] and mention.domain is not None
    before = words[mention.start - 1] if mention.start else ""
    return (
        one
        and (before in COLORS or before in VAGUE)
        and words[mention.end : mention.end + 1] in (["from"], ["on"], ["in"])
    )


def _is_verb(mention: Mention, words: Sequence[str]) -> bool:
    """Tell whether the name of a kind is the verb of a segment: "lock the door"."""
    first, bare = words[mention.start], mention.start == 0 or words[mention.start - 1] not in ("the", "a", "my", "our")
    led = mention.start > 0 and words[mention.start - 1] in _LEADS_VERB and mention.end < len(words)
    one = mention.end - mention.start == 1 and mention.end < len(words)
    return one and ((first in _VERBS and bare) or (led and words[mention.end] in _OBJECTS))  # "to blind myself"


def assign_values(pieces: Sequence[Piece], reading: Reading) -> None:
    """Give every segment the devices it is about."""
    last: Place | None = None
    waiting: Place | None = None
    previous: Piece | None = None
    room: str | None = None
    for piece in pieces:
        said = _place(piece, reading) if piece.other is None else _other_one(piece.other, pieces, last, reading)
        if previous is not None and previous.fixes and not previous.values and not previous.mentions:
            piece.fixes = True
        if said is not None and _is_remark(piece, reading.house):
            said = None
        said = _the_rest(piece, pieces, reading) or said
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


def _the_rest(piece: Piece, pieces: Sequence[Piece], reading: Reading) -> Place | None:
    """Return what is left of a room beside what is named: "everything else off"; None where nothing says so."""
    rest = _REST.search(" ".join(piece.words))
    if rest is None:
        return None
    if not piece.values or any(one.kind == "vague" and one.text in _UNLIT for one in piece.values):
        piece.values = [Value(kind="state", text="off", start=0, end=0)]
    house, area = reading.house, reading.place.area
    others = [one for one in pieces if one is not piece]
    named = {thing for one in others for each in one.mentions for thing in _reached(each, one, reading, area)}
    lit = piece.values[0].start == piece.values[0].end or rest["lights"] is not None
    kinds = ("light",) if lit or any(one.kind != "state" for one in piece.values) else _SWITCHED
    left = [one for one in house.within(area) if one.domain in kinds and one not in named and not one.is_guard]
    return Place(names=tuple(one.name for one in left), near=area) if left else None


def _reached(one: Mention, piece: Piece, reading: Reading, area: str | None) -> tuple[Thing, ...]:
    return () if one.area is not None else _devices(one, piece, reading, area).things(reading.house)


def _other_one(which: str, pieces: Sequence[Piece], last: Place | None, reading: Reading) -> Place | None:
    """Return the device that "the ceiling one" is: of the kind spoken of, called so, or else the only one left."""
    house, spoken = reading.house, (last or reading.place)
    named = {thing.name for piece in pieces if piece.place is not None for thing in piece.place.things(house)}
    kinds = {thing.domain for thing in spoken.things(house)} if last is not None and which not in _MAIN else {"light"}
    areas = {thing.area for thing in spoken.things(house)}
    left = [one for one in house.things if one.domain in kinds and one.area in areas and one.name not in named]
    main = [thing for area in areas for thing in _main_lights(house, area)] if which in _MAIN else []
    called = [one for one in left if which in one.name.lower().split() or one in main]
    fits = called or left
    if len(fits) != 1:
        reading.unknown.append(which)
        return None
    return Place(names=(fits[0].name,), near=fits[0].area)


def _is_remark(piece: Piece, house: House) -> bool:
    """Tell whether a segment says something of a kind of thing and wants nothing: "traffic lights confuse people"."""
    last = piece.mentions[-1] if piece.mentions else None
    if piece.values or piece.denies or last is None or last.domain is None or piece.verb_first:
        return False
    said = label(" ".join(piece.words), house)
    return "x" in said.labels[last.end :] and not (_TOO | _WITH) & set(piece.words[last.end :])


def _main_lights(house: House, area: str | None) -> tuple[Thing, ...]:
    """Return the lights of a room that have no name but its own, or are called the main ones: "the overhead one"."""
    room = set((area or "").lower().split())
    plain = {"light", "lights", *_MAIN}
    return tuple(
        thing for thing in house.within(area, "light") if area and set(thing.name.lower().split()) - room <= plain
    )


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
    if one.domain == "light" and words[max(one.start - 1, 0)] in _MAIN:
        one, word = replace(one, is_many=False), words[one.start - 1]
        things = _main_lights(house, where) or house.reach(one, where, word=word, count=both)
    else:
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
