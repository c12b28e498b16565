"""Words of requests that set a value: what they say of it, and those that say nothing.

Limit: English.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from uptake.assistant.readers.vocabulary import Name

__all__ = ["PIECES", "Said", "call", "count", "note"]

_LINES = {
    # which value is spoken of
    "of:light": "brightness|light level|brightness level",
    "of:media_player": "volume|sound|sound level|volume level|loudness|audio|music|telly volume",
    "of:climate": "temperature|heating|heat|the central heating|central heating|thermostat|temp",
    "of:fan": "speed|fan speed|speed setting",
    "of:cover": "position",
    # the unit of a number
    "unit:percent": "percent|per cent|%|percent or so|percent ish",
    "unit:degrees": "degrees|degree|°|degrees celsius|degrees centigrade|celsius|centigrade|degrees c|° c|c",
    # ends of what can be set
    "end:most": "full|max|maximum|flat out|full blast|full power|full on|full strength|full brightness|full volume"
    "|full speed|full whack|full tilt|top|the top|highest|brightest|loudest|fastest|as bright as it goes"
    "|as bright as they go|as bright as possible|as loud as it goes|as loud as possible|as fast as it goes"
    "|as fast as possible|as high as it goes|as high as possible|all the way up|right up|up full|up fully"
    "|as bright as it will go|as bright as it'll go|as bright as they'll go|as loud as it'll go|as high as it'll go"
    "|as fast as it'll go|at its brightest|at its fastest|at its loudest|on top speed|top speed",
    "end:least": "minimum|min|lowest|dimmest|quietest|slowest|faintest|as low as it goes|as low as possible"
    "|as dim as it goes|as dim as possible|as dim as they go|as quiet as it goes|as quiet as possible"
    "|as slow as it goes|as slow as possible|right down|all the way down|dimmed right down|turned right down"
    "|dimmed all the way down|as low as it will go|as low as it'll go|as dim as it'll go|as dim as they'll go"
    "|as quiet as it'll go|as slow as it'll go|barely on|its very lowest|the very lowest",
    "end:low": "low|nice and low|on low|low setting|slow|gently|gentle",
    "end:medium": "medium|middling|medium setting|mid",
    "end:high": "high|fast|high setting|bright|nice and bright",
    "end:crack": "a crack|a tiny crack|an inch|an inch or two|a couple of inches|ajar",
    # a step
    "step": "a bit|a little|a little bit|a touch|a tad|a notch|slightly|somewhat|a smidge|a fraction|a wee bit"
    "|ever so slightly|just a bit|just a little|just a touch|a whisker|a shade",
    "up": "up|higher|raise|increase|raised|boost|more",
    "down": "down|lower|lowered|reduce|decrease|less",
    "up:light": "brighter|brighten|lighter|less dim|less dark|less gloomy|not so dim|not so dark",
    "down:light": "dimmer|dim|darker|dimmed|dim down|less bright|less harsh|not so bright|not as bright",
    "up:media_player": "louder|turn it up|less quiet|not so quiet",
    "down:media_player": "quieter|softer|less loud|not so loud|not as loud",
    "up:fan": "faster|quicker|speed up|less slow|not so slow",
    "down:fan": "slower|slow down|less fast|not so fast|not as fast",
    "up:climate": "warmer|hotter|less cold|less chilly|not so cold",
    "down:climate": "cooler|colder|chillier|less hot|less warm|not so hot|not so warm|not as hot",
    "by": "by|another|extra|further",
    "to": "to|on|up to|down to|on to|onto|to about|to around|set to",
    "at": "at|at about|at around|be at|set at|up at|down at",
    # how far something that opens is open
    "open": "open|opened|of the way open|of the way up|way open",
    "closed": "closed|shut|of the way down|of the way closed|of the way shut|way down|close",
    # colours and whites
    "white:2700": "warm white|a warm white|soft white|warm|warm and cosy|warm tone|warm light|cosy white|nice and warm",
    "white:4000": "cool white|a cool white|cold white|a cold white|neutral white|neutral|cold tone|cool tone",
    "white:6500": "daylight|daylight white",
    "here": "in here|here|this room|in this room|in the room|the room",
    "all": "all|all of|every|all the",
}
_COLOURS = (
    "red green blue yellow orange purple pink white violet cyan magenta turquoise teal gold lime indigo amber lavender "
    "crimson"
).split()
_SILENT = (
    "the|a|an|my|our|its|their|please|pls|thanks|thank you|cheers|ta|just|maybe|perhaps|about|around|roughly|or so|ish"
    "|say|approximately|only|of|in|for|for me|for us|as|so|now|right now|then|and|with|it|them|that|very|quite|really"
    "|nice and|fairly|pretty|rather|a nice|some|level|setting|lit|light up|colour|color|shade|a level of|of the way"
    "|instead|again|going|running|started|back|back on|could you|can you|would you|will you|can we|could we"
    "|shall we|can i|could i|may i"
    "|can u|be|be set to|want|i want|i'd like|i would like|we'd like|we want|i need|we need|i fancy|i'd love|i'd prefer"
    "|i prefer|i think|let's have|let us have|let's go for|let's|let's make it|let|can i have|could i have|can we have"
    "|could we have|may i have|can i get|could i get|needs|needs to be|need to be|wants|wants to be|want to be"
    "|should be|should go|ought to be|has to be|have to be|had better be|must be|can be|could be|can go|could go|go"
    "|go to|goes|set|put|make|turn|switch|change|bring|get|give|give me|give us|take|have|run|keep|leave|move|pop|stick"
    "|push|drop|bump|crank|nudge|whack|adjust|raise|pull|draw|let|crank it|turned|switched|dialled|dial|bring it"
    "|will do|will do us|will do me|will do nicely|would do|is fine|would be nice|would be good|would be great"
    "|would be lovely|would be perfect|would do it"
    "|will be fine|will be plenty|is plenty|is enough|do|ok|okay|hey|hi|right|alright|um|uh|er|oh|actually|think|feel"
    "|like|love|if you can|if you could|if possible|if that's ok|when you can|sort of|kind of"
    "|or thereabouts|thereabouts|can|could|would|will|may|turn on|switch on|put on|with a|in a|to a|at a|for the"
    "|mode|would like|would love|you|we|us|me"
    "|celcius|somewhere|somewhere around|somewhere near|near|nearer|set on"
)


def _pieces() -> Mapping[tuple[str, ...], str]:
    """Return each phrase, in words, and what it says; "" where it says nothing."""
    found = {tuple(said.split()): "" for said in _SILENT.split("|")}
    for kind, line in _LINES.items():
        found.update((tuple(said.split()), kind) for said in line.split("|"))
    found.update(((colour,), f"colour:{colour}") for colour in _COLOURS)
    return found


PIECES = _pieces()
"""Phrase, in words, and what it says of a value: its sort, with what it is of after a colon; "" for nothing."""
_ROUGHLY = frozenset({"low", "medium", "high"})
"""Ends beside which a number may be said: "nice and low, ten percent"."""


@dataclass(slots=True)
class Said:
    """What the words of a request say of a value."""

    things: list[tuple[Name, ...]] = field(default_factory=list)
    """Things that are named, each with all that is called so."""
    kinds: dict[tuple[str, str | None], None] = field(default_factory=dict)
    """Kinds of things (domain, device class)."""
    places: dict[str, str] = field(default_factory=dict)
    """Slot of a place -> the place."""
    of: set[str] = field(default_factory=set)
    """Domains whose value is spoken of: "volume", "brightness"."""
    number: float | None = None
    """The number."""
    is_share: bool = False
    """Whether the number is a share of the whole: "a third"."""
    unit: str | None = None
    """Its unit: "percent" or "degrees"."""
    end: str | None = None
    """An end of the scale: "most", "low"."""
    colour: tuple[str, str] | None = None
    """Slot of a colour or of a tone of white, and its value."""
    way: str | None = None
    """Direction: "up" or "down"."""
    way_of: set[str] = field(default_factory=set)
    """Domains of which the direction is said: "louder"."""
    by: bool = False
    """Whether it is an amount to add."""
    to: bool = False
    """Whether the word before the number leads to it: "to", "at"."""
    leads: bool = False
    """Whether the last word that says anything was such a word."""
    here: bool = False
    """Whether the room in which it is said is spoken of."""
    has_step: bool = False
    """Whether it is a step of nobody says how much: "a bit"."""
    closed: bool = False
    """Whether the value says how far something is closed."""
    opened: bool = False
    """Whether the value says how far something is open."""
    at: bool = False
    """Whether "at" leads to the number, as it does to a time."""
    on: bool = False
    """Whether something is switched on beside it."""
    switched: bool = False
    """Whether "on" stands where no value and no thing follows it."""


def call(said: Said, called: tuple[Name, ...]) -> bool:
    """Take a name; False where another thing or place of the sort is named already."""
    if called[0].kind == "name":
        said.things.append(called)
        return len(said.things) == 1
    return said.places.setdefault(called[0].kind, called[0].meant) == called[0].meant


def count(said: Said, token: str) -> int:
    """Take a number; 0 where there is one already."""
    if said.number is not None or said.end not in (None, *_ROUGHLY):
        return 0
    said.is_share, said.to, said.leads = token.startswith("="), said.leads, False
    said.number = float(token.removeprefix("="))
    return 1


def note(said: Said, piece: str) -> bool:
    """Take what a phrase says; False where it contradicts what was said before."""
    kind, _, what = piece.partition(":")
    if kind == "of":
        said.of.add(what)
    elif kind == "unit":
        fits, said.unit = said.unit in (None, what) and said.number is not None and not said.is_share, what
        return fits
    elif kind == "end":
        fits = said.end in (None, what) and (said.number is None or what in _ROUGHLY)
        said.end = what
        return fits
    elif kind in ("colour", "white"):
        fits = said.colour is None
        said.colour = ("color" if kind == "colour" else "temperature", what)
        return fits
    elif kind in ("up", "down"):
        fits = said.way in (None, kind)
        said.way = kind
        said.way_of |= {what} - {""}
        return fits
    elif kind:
        said.leads = kind in ("to", "at")
        said.at = kind == "at" or (said.at and said.number is not None)
        said.here |= kind == "here"
        said.by |= kind == "by"
        said.has_step |= kind == "step"
        said.closed |= kind == "closed"
        said.opened |= kind == "open"
        return kind != "all" or bool(said.places)
    return True
