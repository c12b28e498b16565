"""Parse a definition of a concept: "set it to 40 percent and make it warm white", "same as reading mode".

An answer is cut into segments; each names devices, values, or both. Values without a device belong to the device of the
request ("it"); a device without a value shares the verb of its neighbour. A later value of the same kind replaces an
earlier one if the person corrects themselves; otherwise the two contradict.

Source: the definition parser of Ping et al., "Interactive Teaching for Conversational AI" (arXiv:2012.00958), as far as
its description goes. Differs: a parser of segments over the names of the home, not a trained tagger. Limit: English; a
condition or a time inside a definition is not understood, and the person is asked.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from uptake.teaching.concepts.artifact import Concept
from uptake.teaching.concepts.circles import circle
from uptake.teaching.concepts.deeds import Place, bound, deeds_of, rebind
from uptake.teaching.concepts.house import House
from uptake.teaching.concepts.phrases.comparing import compared
from uptake.teaching.concepts.phrases.joining import unified, without
from uptake.teaching.concepts.phrases.pieces import NAMED, Piece, Reading, Reads, assign_values, music_on, piece_of
from uptake.teaching.concepts.phrases.segments import NOT_HERE, OATHS, segments, without_asides
from uptake.teaching.concepts.phrases.words import label
from uptake.teaching.concepts.uses import with_names
from uptake.teaching.concepts.values import Value, find_values, plain_numbers
from uptake.teaching.marks import plain
from uptake.text.normalize import normalize
from uptake.text.patterns import regex
from uptake.types import Interpretation

__all__ = ["LONGEST", "Definition", "Trouble", "define", "uses_in_passing"]

LONGEST = 120
"""Most words of a definition that is read."""

Trouble = Literal["nothing", "vague", "contradiction", "circular", "unknown", "long", "mismatch", "condition"]

_DROP = regex(r"\b(?:not|without|except|apart|besides|leave|skip|drop|forget|minus)\b")
_ONE_SUCH = regex(r"\ban? ((?:nice |very |really |bit )*[a-z]+) one\b(?! (?:percent|degree))", re.IGNORECASE)
"""What a light is like, with no number in it: "a warm one"."""
_WHEN = regex(
    r"\b(?:(?:at|after|before|by|around|from) (?:sunset|sunrise|sundown|sunup|dusk|dawn|nightfall|noon|midnight)|"
    r"unless|until|after \d|at \d+ ?(?:am|pm|o'clock)|tomorrow|every (?:day|night|morning)|"
    r"(?:if|when|whenever|once|as soon as) (?!(?:i|we|i'm|we're|you|my|our)\b|possible\b))\b"
)
_DENIED = ("color", "vague", "percent", "number", "state")
_NOT_READ = frozenset({"nothing", "unknown"})
_ORDERS, _UNREAD = frozenset("vmb"), frozenset("xmb")
_DENIES = frozenset("not without never isn't don't".split())


@dataclass(frozen=True, slots=True, kw_only=True)
class Definition:
    """Parsed definition, or the reason why there is none."""

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


def define(
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
    text = without_asides(plain_numbers(_ONE_SUCH.sub(r"\1", OATHS.sub("", plain(text)))))
    if _WHEN.search(normalize(text)):
        return Definition(trouble="condition")
    around = circle(text, concept, known)
    if around is not None:
        return Definition(trouble="circular", about=around)
    reading = Reading(house=house, place=place, known=known, reads=reads, text=normalize(text))
    kinds = {thing.domain for thing in place.things(house)}
    kind = next(iter(kinds)) if len(kinds) == 1 else None
    parts = _with_whole_titles(
        list(segments(with_names(text, {key: (one,) for key, one in known.items()}, house)[0])), normalize(text), house
    )
    pieces = [piece_of(words, house, known, kind=kind) for words in parts]
    if any(_is_for_a_while(piece) for piece in pieces):
        return Definition(trouble="condition")
    assign_values(pieces, reading)
    for piece in pieces:
        whole = _as_request(piece, reading)
        reading.done += whole
        if not whole:
            _take(piece, reading)
    found = _defined(reading)
    deeds = reads(text) if found.trouble in _NOT_READ and not found.drops else ()
    return Definition(deeds=tuple(unified(deeds))) if deeds else found


def uses_in_passing(body: str, defined: Definition) -> bool:
    """Tell whether words say something first and then use a concept: "(the girls are) here, study mode please"."""
    said = normalize(body)
    begins = rf"(?:(?:the|a|my|our|like|same|as|just|first) )*{'|'.join(map(re.escape, defined.uses[:1]))}\b"
    return bool(defined.uses) and re.match(begins, said) is None


def _is_for_a_while(piece: Piece) -> bool:
    """Tell whether something is to hold for a time, which is not kept: "the fan on for an hour", and no timer."""
    long = next((one for one in piece.values if one.kind == "duration"), None)
    others = [one for one in piece.values if one is not long]
    timer = {"timer", "countdown", "alarm"} & set(piece.words)
    return long is not None and bool(others or piece.mentions) and not timer and "for" in piece.words[: long.start]


def _as_request(piece: Piece, reading: Reading) -> tuple[Interpretation, ...]:
    """Return what a segment does that is a whole request with words beside values: "put some jazz on the stereo"."""
    said = label(" ".join(piece.words), reading.house)
    spans = [(one.start, one.end) for one in piece.values] + [(one.start, one.end) for one in piece.mentions]
    covered = {at for start, end in spans for at in range(start, end)}
    unread = {at for at, letter in enumerate(said.labels) if letter in _UNREAD} - covered - {0}
    apart = piece.denies or piece.fixes or any(one.kind in NAMED for one in piece.values)
    if apart or not piece.mentions or said.labels[:1] not in _ORDERS or not unread:
        return ()
    whole = reading.reads(" ".join(piece.words))
    if not whole:
        piece.values = music_on(piece.words, piece.mentions, reading.house, ordered=True) or piece.values
    return whole


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


def _take(piece: Piece, reading: Reading) -> None:
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
            reading.warm += [where] if value.text == "warm" else []
            if piece.mentions and all(one.kind == "vague" for one in piece.values):
                reading.open = reading.open.joined(where)
        else:
            _set(where, value, piece, reading)


def _negated(piece: Piece) -> list[Value]:
    """Return the values that are denied: those right behind a "not"."""
    return [
        value
        for value in piece.values
        if value.kind in _DENIED
        and (
            _DENIES & set(piece.words[max(0, value.start - 2) : value.start])
            or piece.words[max(0, value.start - 1) : value.start] == ["no"]  # "no wait, fifty" denies nothing
        )
    ]


def _set(where: Place, value: Value, piece: Piece, reading: Reading) -> None:
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


def _take_concept(value: Value, piece: Piece, reading: Reading) -> None:
    concept = reading.known[value.text]
    reading.uses.append(concept.key)
    target = piece.place if piece.mentions else reading.place
    deeds = (rebind if piece.mentions else bound)(concept, target, reading.house) if target else concept.deeds
    if deeds:
        reading.done += compared(reading.text, deeds)
    else:
        reading.mismatch = concept.key


def _defined(reading: Reading) -> Definition:
    if reading.contradicts:
        return Definition(trouble="contradiction")
    if reading.unknown:
        return Definition(trouble="unknown")
    return _lacking(reading) or _whole(reading)


def _lacking(reading: Reading) -> Definition | None:
    """Return what is asked again where it was said of a device which way it goes, and not how much; else None."""
    told = {thing for where, _ in reading.settings for thing in where.things(reading.house)}
    asked = set(reading.open.things(reading.house))
    if not asked - told:
        return None
    names = tuple(thing.name for thing in reading.house.things if thing in asked | told)
    return Definition(trouble="vague", also=Place(names=names, near=reading.place.near))


def _whole(reading: Reading) -> Definition:
    by_place: dict[Place, list[Value]] = {}
    for where, value in reading.settings:
        by_place.setdefault(where, []).append(value)
    deeds = list(reading.done)
    for where, values in by_place.items():
        lit = any(one.kind in ("percent", "number") for one in values) and not any(
            one.kind == "color" for one in values
        )
        warm = lit and (where in reading.warm or (len(by_place) == 1 and bool(reading.warm)))
        made = deeds_of(where, [*values, _WARM] if warm else values, reading.house)
        if made is None:
            return Definition(trouble="contradiction")
        deeds += made
    drops = tuple(dict.fromkeys(reading.drops))
    deeds = without(unified(deeds), drops, reading.house)
    uses = tuple(dict.fromkeys(reading.uses))
    if deeds:
        return Definition(deeds=tuple(deeds), uses=uses, drops=drops)
    if reading.mismatch:
        return Definition(trouble="mismatch", about=reading.mismatch, uses=uses)
    return Definition(trouble="vague" if reading.vague else "nothing", drops=drops, also=reading.also)


_WARM = Value(kind="kelvin", text="2700", start=0, end=0)
