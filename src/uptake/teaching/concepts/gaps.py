"""Find the unknown words of a request that a person can explain (a gap).

A request has a gap if it concerns this home and one span is unexplained, in a position for a value, a mode, a room or a
device. Words that look or sound like a name or a value of the home are a mishearing and no gap. A request about nothing
in this home, a request about a time, and a question have no gap.

Source: the concept parser of Ping et al., "Interactive Teaching for Conversational AI" (arXiv:2012.00958). Differs:
patterns over labelled words instead of a trained tagger; the names of the home replace its training. Limit: English;
one gap per request.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from uptake.teaching.concepts.artifact import ARTICLES, SlotType, key_of
from uptake.teaching.concepts.deeds import Place
from uptake.teaching.concepts.house import KINDS, House, Mention, alike, stem
from uptake.teaching.concepts.phrases.shapes import NUMBERS, OPENS, fitting
from uptake.teaching.concepts.phrases.words import Labelled, is_doing
from uptake.teaching.concepts.positions import in_value_position
from uptake.teaching.concepts.values import COLORS
from uptake.text.normalize import normalize
from uptake.text.patterns import regex

__all__ = ["Gap", "find_gap", "place_said"]

_LONGEST = 6
_SOME_OF = regex(
    r"(?:an? |1 |some )?(?:little |wee |tiny )?(?:bit|touch|spot|dash|dose|hint|splash) of (?:an? )?(?=\S)"
)
_LIKE_A_NAME = 0.68
_LIKE_A_THING = 0.5
_LIKE_A_VALUE = 0.8
_TOWARDS = frozenset("to on at into as".split())
_UNITS = frozenset("percent % degrees degree kelvin".split())
_STATED = frozenset("is are was were has been looks seems smells feels gets isn't aren't wasn't".split())
_NO_STARTS = frozenset("channel input source hdmi".split())
_VALUE_WORDS = (
    *COLORS,
    "percent",
    "degrees",
    "minutes",
    "seconds",
    "brightness",
    "maximum",
    "minimum",
    "volume",
    "half",
)
_NO_THINGS = frozenset(
    "news music game radio movie film channel subtitles wifi bluetooth hotspot water engine car oven gas tap song "
    "playlist video show series match football netflix youtube spotify hdmi notifications location siri alexa google "
    "it that this them everything anything something nothing attention".split()
)
_SWITCHES = frozenset("turn switch flip power kill".split())
_APPLIANCES = frozenset(
    "kettle toaster microwave dishwasher washer dryer washing machine hob cooker grill stove boiler shower bath iron "
    "fridge "
    "freezer blender mixer coffee maker printer computer laptop pc screen monitor projector console camera router "
    "phone "
    "tablet charger sprinkler hose fountain pump pool tub jacuzzi sauna fireplace fire heater furnace geyser generator "
    "battery clock alarm doorbell bell siren machine device devices appliance appliances thing things stuff power "
    "electricity lights lamp chandelier christmas tree aquarium vehicle bike mower drill saw hairdryer straightener "
    "kids "
    "dog cat baby people".split()
)
"""Things that homes have, or may have, under that name: no name that somebody made up."""
_NO_CONCEPTS = frozenset(
    "everywhere anywhere nowhere somewhere same if when whenever unless until till while because both either neither "
    "one other others rest again instead halfway half-way midway crack notch bit little lot fully partly slightly "
    "completely entirely gas mark previous last next another whoever nobody somebody anybody someone anyone".split()
)
_NO_PARTS = frozenset(
    "any all every each no on in at behind under over with without for from me us my you it them him her going room "
    "rooms very too so really quite upstairs downstairs open opened closed shut locked unlocked until than list "
    "lists".split()
)
_NO_GAPS = frozenset("bed sense sure noise coffee tea dinner lunch breakfast way work fun love money up out".split())
_ROUGHLY = frozenset("somewhere around roughly approximately nearly almost about near".split())
_AS = frozenset("where how like as".split())
_FORBIDS = frozenset(("don't", "do", "never"))
_MAKES = frozenset("make prepare get bring have need want find fetch".split())
_SHOWN = frozenset(
    "next previous last first live new latest episode season album book chapter level lesson call meeting app stream "
    "process search update download backup test recording timer countdown alarm race podcast "
    "playlist station show cleaner vacuum hoover robot".split()
)
"""What begins without being taught."""
_CHORES = frozenset(
    "laundry dishes shopping ironing hoovering housework homework maths math dusting gardening chores bins washing "
    "cleaning cooking accounts taxes bills sums rest same thing things other job jobs work test tests update".split()
)
_DAY_WORDS = frozenset("and or but so too either than i i'm he's she's they're we're there's".split())


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """Words that were not understood."""

    words: str
    """The words, as they were said."""
    slot_type: SlotType
    """Type of value that is likely meant."""
    place: Place
    """Where the request would have it."""

    @property
    def key(self) -> str:
        """Normalised form for lookup of the concept."""
        return key_of(self.words)


def find_gap(said: Labelled, house: House) -> Gap | None:
    """Return the gap of a request; None if it has none.

    >>> from uptake.teaching.concepts.phrases.words import label
    >>> from uptake.teaching.concepts.house import Thing
    >>> den = House(areas=("Den",), things=(Thing(key="light.d", name="Den Light", domain="light", area="Den"),))
    >>> find_gap(label("set the den light to study mode", den), den).words
    'study mode'
    """
    if len(said.words) > 24 or "k" in said.labels:
        return None
    said = in_value_position(said)
    if "q" in said.labels:
        return None
    for what, start, end in fitting(said):
        gap = _checked(what, start, end, said, house)
        if gap is not None:
            return gap
    return None


def _is_run_by_name(start: int, end: int, said: Labelled) -> bool:
    """Tell whether a span is the name of a scene or script of the home, with what such things are called."""
    named = [at for at in range(start, end) if said.labels[at] != "h" and said.words[at] not in ARTICLES]
    return bool(named) and any(one.is_run and one.start <= named[0] and named[-1] < one.end for one in said.mentions)


def _checked(what: str, start: int, end: int, said: Labelled, house: House) -> Gap | None:
    """Return the gap of a shape that fits, unless something speaks against it."""
    labels, words = said.labels, said.words
    start, end = _trimmed(what, start, end, said)
    bare = [word for word in words[start:end] if word not in ARTICLES]
    if (
        not bare
        or len(bare) > _LONGEST
        or _is_run_by_name(start, end, said)
        or _is_ordinary(what, bare, start, end, said)
    ):
        return None
    if not _names_something(labels[start:end], said.mentions, start, end) or not _fits(what, start, end, said):
        return None
    unknown = [word for word, letter in zip(words[start:end], labels[start:end], strict=True) if letter in "xp"]
    if what != "timer" and _is_misheard(bare, unknown, what, house, behind=words[start - 1] if start else ""):
        return None
    least = _LIKE_A_THING if what == "thing" else _LIKE_A_NAME
    if _runs_into(said, start, end, house, least) or not normalize(
        said.said(start, end)
    ):  # a sign cannot be said again
        return None
    outside = [one for one in said.mentions if one.end <= start or one.start >= end]
    place = Place() if what == "timer" else place_said(outside, said, house)
    if not place and what in ("value", "mode"):
        place = _by_attribute(said, house)
        if not place:
            return None
    return Gap(words=said.said(start, end), slot_type=_type(what, start, said, place, house), place=place)


def _trimmed(what: str, start: int, end: int, said: Labelled) -> tuple[int, int]:
    """Return a span without what leads to it and what follows it; a length of time also without "one" and "a"."""
    labels, words = said.labels, said.words
    some = _SOME_OF.match(" ".join(words[start:end]))
    start += len(some[0].split()) if some is not None else 0  # "a bit of a derby day"
    while end - start > 1 and words[start] not in ARTICLES and (labels[start] in "rcovf" or words[start] in _ROUGHLY):
        start += 1
    while what != "do" and end - start > 1 and labels[end - 1] in "rc":
        end -= 1
    while (
        what == "timer"
        and end - start > 1
        and (words[start] in ("1", "long", "length", "as") or words[start] in ARTICLES)
    ):
        start += 1
    while what == "timer" and end - start > 1 and (labels[start] in "rc" or words[start] in ARTICLES):
        start += 1  # "(for the length) of a penalty box"
    if "like" in words[max(start - 2, 0) : start]:  # "feel like a campfire" is one thing to be
        size = next((size for size in (2, 3) if words[start - size : start][:2] == ("feel", "like")), 0)
        start -= size
    return start, end


def _is_ordinary(what: str, bare: list[str], start: int, end: int, said: Labelled) -> bool:
    """Tell whether something says that a request is no command to the home, or that its words need no teaching."""
    labels, words = said.labels, said.words
    named = what == "timer" and words[start - 1] in ("the", "my", "our") and len(bare) == 1  # "for the eggs"
    if named or all(word in NUMBERS or word.replace(".", "", 1).isdigit() for word in bare):
        return True
    plain = (
        bare[:2] == ["gas", "mark"]
        or bare[0] == "out"
        or (set(bare) & _NO_CONCEPTS and set(bare) <= _NO_CONCEPTS | NUMBERS | _TOWARDS)
    )
    somewhere = what == "value" and words[start] in ARTICLES and words[start - 1] == "in"
    if (
        (somewhere and not set(labels) & set("onh"))  # "put the lamp in the shed"
        or _NO_PARTS & set(_loose(bare, what, start, said))
        or plain
        or _DAY_WORDS & set(_unjoined(bare, what, start, said))
        or "t" in labels
        or set(labels[start:end]) & {"m"}
        or (labels[start] == "b" and what != "activate" and not _is_wish(what, start, said))
        or bare[-1].endswith("'s")
        or _is_for_somebody(start, said)
    ):
        return True
    before = {letter for letter, word in zip(labels[:start], words, strict=False) if word not in (*OPENS, "and")}
    if (before & set("xbmt") and what not in ("timer", "media", "do")) or bare[0] in _NO_STARTS:
        return True
    if len(bare) == 1 and (bare[0] in _NO_GAPS | _NO_THINGS or (what == "start" and is_doing(bare[0]))):
        return True
    return what == "value" and bool(_STATED & set(words[: start + 1]))


def _unjoined(bare: list[str], what: str, start: int, said: Labelled) -> list[str]:
    """Return the words of a span without an "and" or "or" between two of three: "trick or treat", "rise and shine"."""
    position = what == "do" or (what == "value" and start > 1 and said.words[start - 1] in ("to", "into", "on"))
    joins = position and len(bare) == 3 and bare[1] in ("and", "or") and said.labels[start] == "x"
    return [bare[0], bare[2]] if joins else bare


def _loose(bare: list[str], what: str, start: int, said: Labelled) -> list[str]:
    """Return the words of a span that may speak against it; a small word between two does not: "mother in law"."""
    if what == "do" or (what == "value" and start > 1 and _leads_to_a_value(start, said) and bare[0].isalpha()):
        return bare[:1] + bare[-1:] if len(bare) > 2 else [] if what == "do" else bare
    return bare[: -1 if "h" not in said.labels[start : start + len(bare)] and bare[0] in _AS else None]


def _leads_to_a_value(start: int, said: Labelled) -> bool:
    """Tell whether a value begins at a word: behind "to", or right behind a name and "at" or "on"."""
    before = said.words[start - 1]
    return before in ("to", "into") or (before in ("at", "on") and said.labels[start - 2] == "p" and start > 1)


def _is_wish(what: str, start: int, said: Labelled) -> bool:
    """Tell whether words that say what is not to be stand for a value: "the volume on don't wake the baby"."""
    labels, words = said.labels, said.words
    behind = labels[start - 1] == "o" and "a" in labels[: start - 1]
    return what == "value" and words[start] in _FORBIDS and (words[start - 1] in _TOWARDS - {"on"} or behind)


def _is_for_somebody(start: int, said: Labelled) -> bool:
    """Tell whether words say for whom or what something is switched or made: "on for the cat", "make me a sandwich"."""
    labels, words = said.labels, said.words
    before = labels[:start].rstrip("d")
    for_whom = words[len(before) - 1 : len(before)] == ("for",) and before[-2:-1] == "o"
    made = (
        bool({"a", "an", "some"} & {words[start], words[start - 1]})
        and bool(_MAKES & set(words[:start]))
        and "h" not in labels[start:]
    )
    return for_whom or (made and "p" not in before)


def _names_something(inside: str, mentions: tuple[Mention, ...], start: int, end: int) -> bool:
    """Tell whether a span may name something new: a word of it is unknown, and it holds no whole name of the home."""
    whole = any(one.start < end and one.end > start and (one.is_exact or one.area) for one in mentions)
    return not whole and ("x" in inside or inside.strip("d") in ("wh", "wwh", "wn", "nh", "nw"))


def _fits(what: str, start: int, end: int, said: Labelled) -> bool:
    """Tell whether a span may stand where it stands."""
    inside = said.labels[start:end]
    machine = what == "begin" and _is_ready_made(said.words[start:end], is_done="do" in said.words[:start])
    if what == "dimmed":
        words = {*said.words[start:end]}
        measured = said.words[start] in ("the", "my", "our") and bool(_UNITS & {*said.words[end:]})
        dims = bool({"dim", "brighten"} & {*said.words[:start]})
        return (dims or measured) and not words & (_NO_THINGS | _APPLIANCES)
    opened = said.words[0] in OPENS and what == "value" and said.labels[start - 1 : start] not in ("r", "o")
    if machine or opened or (what == "mode" and "v" not in said.labels and "with" in said.words[end:]):
        return False
    if what == "mode":
        if set("vV") & set(said.labels[:start]):
            return set(inside) <= set("xdhkrwp")
        return set(inside) <= set("xhdwp") and len(inside) <= 4 and (inside[0] != "d" or inside[-1] == "h")
    if what == "thing":
        span = said.words[start:end]
        switched = "p" in inside or inside[0] != "d" or bool(_SWITCHES & set(said.words[:start]))
        known = _NO_THINGS if "p" in inside else _NO_THINGS | _APPLIANCES  # "the disco lights"
        return switched and not {*span, *(stem(word) for word in span if "p" not in inside)} & known
    return "p" not in inside or what == "value"


def _is_ready_made(words: Sequence[str], *, is_done: bool) -> bool:
    """Tell whether words name what begins without being taught: a machine, a chore, what is shown or played."""
    chore = _CHORES & {*words} or words[:2] == ("a", "new") or (not is_done and words[-1].endswith("ing"))
    chore = chore or is_doing(words[-1])
    return bool(chore or (not is_done and words[-1] in _NO_THINGS | _APPLIANCES | _SHOWN))


def _is_misheard(words: list[str], unknown: list[str], what: str, house: House, *, behind: str) -> bool:
    """Tell whether words look or sound like a name or a value that is there; behind "to" nobody names a device."""
    text = " ".join(words)
    if what in ("thing", "start", "begin", "do", "dimmed"):
        return house.sounds_like(text) >= _LIKE_A_THING
    if what == "value" and len(words) <= 3 and behind not in _TOWARDS and house.sounds_like(text) >= _LIKE_A_NAME:
        return True
    if _UNITS & set(words) or (any(stem(word) in KINDS for word in words) and house.sounds_like(text) >= _LIKE_A_THING):
        return True
    near = (max((alike(word, known) for known in _VALUE_WORDS if word != known), default=0.0) for word in unknown)
    return len(words) <= 2 and bool(unknown) and all(each >= _LIKE_A_VALUE for each in near)


def _runs_into(said: Labelled, start: int, end: int, house: House, least: float) -> bool:
    """Tell whether words of a span sound like a name of the home together with the name that stands before or behind.

    "The den shaves" is "den shades", "barrel amp to …" "barrel lamp", "the lynne in bulb" "linen bulb".
    """
    before = next((one for one in said.mentions if one.end == start and (one.area or not one.is_exact)), None)
    behind = next((one for one in said.mentions if 0 <= one.start - end <= 1), None)
    spans = [] if before is None else [(before.start, at) for at in range(start + 1, end + 1)]
    spans += [] if behind is None else [(start, behind.end)]
    return any(house.sounds_like(" ".join(said.words[first:last])) >= least for first, last in spans)


def place_said(mentions: list[Mention], said: Labelled, house: House) -> Place:
    """Return where a request would have something done."""
    area = next((one.area for one in mentions if one.area is not None), None)
    devices = [one for one in mentions if one.area is None]
    attribute = _attribute(said)
    place = Place(near=area)
    for one in devices:
        word = said.words[one.start]
        each = one.domain is not None and said.words[max(one.start - 1, 0)] in ("every", "each")
        things = house.reach(replace(one, is_many=one.is_many or each), area, word=word)
        domain = one.domain
        if domain is not None and len(things) > 1 and set(things) == set(house.within(area, domain)):
            place = place.joined(Place(groups=((area, domain),), near=area))
        else:
            place = place.joined(Place(names=tuple(thing.name for thing in things), near=area or things[0].area))
    if not devices and area is not None:
        rooms = dict.fromkeys(one.area for one in mentions if one.area is not None)
        place = Place(groups=tuple((room, attribute) for room in rooms), near=area)
    return place


_ATTRIBUTES = {
    "volume": "media_player", "sound": "media_player", "brightness": "light", "speed": "fan", "temperature": "climate",
    "heating": "climate", "colour": "light", "color": "light",
}  # fmt: skip


def _attribute(said: Labelled) -> str | None:
    return next((_ATTRIBUTES[word] for word in said.words if word in _ATTRIBUTES), None)


def _by_attribute(said: Labelled, house: House) -> Place:
    """Return the only device that has what was spoken of: "the temperature"."""
    domain = _attribute(said)
    things = house.within(None, domain) if domain is not None else ()
    return Place(names=(things[0].name,), near=things[0].area) if len(things) == 1 else Place()


def _type(what: str, start: int, said: Labelled, place: Place, house: House) -> SlotType:
    fixed: dict[str, SlotType] = {
        "timer": "duration",
        "thing": "entity",
        "activate": "action",
        "do": "action",
        "start": "action",
        "begin": "action",
        "dimmed": "entity",
        "media": "media",
    }
    if what in fixed:
        return fixed[what]
    before = said.labels[:start].rstrip("dc")
    in_a_room = bool(start) and said.words[len(before) - 1 : len(before)] == ("in",)
    if what == "value" and in_a_room and re.search(r"[on]", before[:-1]):
        return "area"
    domains = {thing.domain for thing in place.things(house)}
    if what == "mode" and domains == {"media_player"} and "on" in said.words[start:]:
        return "media"  # "put the ironing mix on the radio"
    if place.is_room or len(domains) != 1:
        return "scene"
    kinds: dict[str, SlotType] = {
        "cover": "position", "media_player": "volume", "fan": "speed", "climate": "temperature", "light": "scene",
    }  # fmt: skip
    return kinds.get(domains.pop(), "scene")
