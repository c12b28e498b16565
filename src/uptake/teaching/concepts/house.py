"""Find the devices, rooms and kinds of devices that a text mentions, and the devices that a mention refers to.

Teaching needs positions in the text, which the resolver of the assistant does not give: a span that no name, value or
carrier word explains may be taught. Taught actions run through the resolver like any other request.

Limit: English plurals; names are compared by their words, and by sound only to distinguish a mishearing from a new
word.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache

from rapidfuzz.distance import Levenshtein

from uptake.text.normalize import normalize
from uptake.text.phonetic import sound_key

__all__ = ["KINDS", "House", "Mention", "Thing", "alike", "named_thing", "stem"]

KINDS = {
    word: domain
    for domain, words in {
        "light": "light lamp bulb lighting",
        "switch": "switch plug outlet socket",
        "fan": "fan ventilator",
        "cover": "blind shade curtain drape shutter awning",
        "media_player": "tv telly television speaker stereo soundbar player",
        "climate": "thermostat heating heater radiator aircon ac",
        "vacuum": "vacuum hoover",
        "lock": "lock",
        "humidifier": "humidifier dehumidifier",
        "alarm_control_panel": "alarm",
    }.items()
    for word in words.split()
}
"""Singular word for a kind of device -> its domain."""

_SCREENS = frozenset("tv telly television".split())
_SAME = dict.fromkeys(_SCREENS, _SCREENS)
"""Words of a kind -> what such things are called by all people alike."""
_PLURAL_ALWAYS = frozenset({"heating", "lighting"})
_LONGEST = 6
_DULL = frozenset("room the a my our of in on main door time mode way big old new little".split())


@lru_cache(maxsize=4_096)
def stem(word: str) -> str:
    """Remove a possessive or plural ending.

    >>> stem("lights"), stem("kids'"), stem("glass")
    ('light', 'kid', 'glass')
    """
    word = word.removesuffix("'s").removesuffix("'")
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")) else word


_RUN = ("scene", "script")


@dataclass(frozen=True, slots=True, kw_only=True)
class Thing:
    """Device, scene or script of the home."""

    key: str
    """Its `entity_id`."""
    name: str
    """Name that means this device alone."""
    domain: str
    """Its domain, for example "light"."""
    area: str | None = None
    """Name of its area."""
    forms: tuple[str, ...] = ()
    """Everything it is called, the name included."""
    is_critical: bool = False
    """Whether people must be asked before anything is done to it."""
    is_guard: bool = False
    """Whether it keeps people out: a lock, a garage door, an alarm."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """Devices or a room that a text mentions."""

    start: int
    """First word."""
    end: int
    """Word after the last."""
    things: tuple[Thing, ...] = ()
    """The devices, where devices are named."""
    area: str | None = None
    """The room, where a room is named."""
    domain: str | None = None
    """The kind, where a kind is named ("the lights")."""
    is_many: bool = False
    """Whether the kind was named in the plural."""
    is_exact: bool = True
    """Whether a whole name was said."""

    @property
    def is_run(self) -> bool:
        """Whether it is the whole name of scenes or scripts, which are run and not set."""
        return self.is_exact and bool(self.things) and all(one.domain in _RUN for one in self.things)


@dataclass(frozen=True)
class House:
    """Names of a home.

    >>> house = House(areas=("Den",), things=(Thing(key="light.x", name="Desk Lamp", domain="light"),))
    >>> [(one.start, one.end) for one in house.mentions("put the desk lamp in the den on".split())]
    [(2, 4), (6, 7)]
    """

    areas: tuple[str, ...] = ()
    things: tuple[Thing, ...] = ()
    area_forms: tuple[tuple[str, str], ...] = field(default=())
    """(other name, area) of areas."""

    @cached_property
    def _named(self) -> dict[tuple[str, ...], list[Thing]]:
        named: dict[tuple[str, ...], list[Thing]] = {}
        for thing in self.things:
            for form in dict.fromkeys((*thing.forms, thing.name)):
                named.setdefault(_key(form), []).append(thing)
        return named

    @cached_property
    def _rooms(self) -> dict[tuple[str, ...], str]:
        heads = [_key(area)[-1:] for area in self.areas]
        short = {
            head: area
            for head, area in zip(heads, self.areas, strict=True)
            if heads.count(head) == 1 and head != ("room",) and head not in self._named
        }
        return short | {_key(form): area for form, area in (*((area, area) for area in self.areas), *self.area_forms)}

    @cached_property
    def _words(self) -> dict[str, list[Thing]]:
        words: dict[str, list[Thing]] = {}
        for thing in self.things:
            own = {word for form in (thing.name, *thing.forms) for word in _key(form)}
            for word in own - {word for area in self.areas for word in _key(area)} - _DULL:
                words.setdefault(word, []).append(thing)
        return words

    @cached_property
    def _first(self) -> frozenset[str]:
        """First words of names."""
        return frozenset(key[0] for key in (*self._named, *self._rooms) if key)

    def mentions(self, words: Sequence[str]) -> list[Mention]:
        """Find what lower-case words mention, from the left, longest first."""
        stems = tuple(map(stem, words))
        found, at = [], 0
        while at < len(words):
            one = self._at(words, stems, at)
            if one is not None:
                found.append(one)
            at = one.end if one is not None else at + 1
        return found

    def _at(self, words: Sequence[str], stems: tuple[str, ...], at: int) -> Mention | None:
        root = stems[at]
        for length in range(min(_LONGEST, len(words) - at) if root in self._first else 0, 0, -1):
            key = stems[at : at + length]
            if key in self._named and not self._is_kind_in_room(key, words[at + length - 1]):
                things = tuple(self._named[key])
                return Mention(start=at, end=at + length, things=things, is_many=len(things) > 1)
            if key in self._rooms:
                behind = length + (words[at + length : at + length + 1] in (["room"], ("room",)))
                return Mention(start=at, end=at + behind, area=self._rooms[key])
        word = words[at]
        domain = KINDS.get(root)
        if domain is not None and any(thing.domain == domain for thing in self.things):
            many = root != word.removesuffix("'s") or word in _PLURAL_ALWAYS
            return Mention(start=at, end=at + 1, domain=domain, is_many=many, is_exact=False)
        some = self._words.get(root, [])
        if some and root not in _DULL:
            return Mention(start=at, end=at + 1, things=tuple(some), is_many=len(some) > 1, is_exact=False)
        return None

    def _is_kind_in_room(self, key: tuple[str, ...], last: str) -> bool:
        """Tell whether a name was said in a plural that it has not, behind a room: "bedroom lights" are all of them."""
        if key[-1] not in KINDS or last == key[-1] or "'" in last or key[:-1] not in self._rooms:
            return False
        forms = [form for thing in self._named[key] for form in (*thing.forms, thing.name) if _key(form) == key]
        several = len(self.within(self._rooms[key[:-1]], KINDS[key[-1]])) > 1
        return several and all(normalize(form).split()[-1] != last for form in forms)

    def named(self, words: Sequence[str]) -> set[int]:
        """Return the positions of words in names of several words: no word of "Top Floor Heater" is a value."""
        whole = [one for one in self.mentions(words) if one.is_exact and one.end - one.start > 1]
        return {at for one in whole for at in range(one.start, one.end)}

    def room(self, name: str) -> str | None:
        """Return the area that is called so; None where none is."""
        return self._rooms.get(_key(name))

    def called(self, name: str) -> Thing | None:
        """Return the one device that is called so; None where none or several are."""
        things = self._named.get(_key(name), [])
        return things[0] if len(things) == 1 else None

    def longer_names(self, name: str) -> tuple[tuple[str, ...], ...]:
        """Return the names of the home, as stems of words, that have another name as a part.

        >>> House(things=(Thing(key="light.f", name="Floor Lamp", domain="light"),)).longer_names("lamp")
        (('floor', 'lamp'),)
        """
        part = " ".join(map(stem, name.split()))
        keys = (key for key in (*self._named, *self._rooms) if f" {part} " in f" {' '.join(key)} ")
        return tuple(key for key in keys if " ".join(key) != part)

    def within(self, area: str | None, domain: str | None = None) -> tuple[Thing, ...]:
        """Return the devices of an area (None for everywhere) and of a domain (None for any)."""
        return tuple(
            thing
            for thing in self.things
            if (area is None or thing.area == area) and (domain is None or thing.domain == domain)
        )

    def reach(self, mention: Mention, area: str | None, *, word: str = "", count: int = 0) -> tuple[Thing, ...]:
        """Return the devices that a mention means, those of an area first.

        Args:
            mention: The mention; not one of a room.
            area: Where one is speaking of; None where nothing says.
            word: The word of a kind as it was said: "the lamp" is not the ceiling light.
            count: How many are meant ("both"); 0 where it was not said.
        """
        if mention.things:
            near = tuple(thing for thing in mention.things if area is not None and thing.area == area)
            return near or mention.things
        here = self.within(area, mention.domain) or self.within(None, mention.domain)
        called = _SAME.get(stem(word), frozenset((stem(word),)))
        named = tuple(thing for thing in here if called & set(_key(thing.name)))
        if mention.domain != "light" and (mention.is_many or named):
            here = named or tuple(thing for thing in here if not thing.is_guard) or here
            named = here
        if mention.is_many:
            return named if len(named) > 1 and len(named) >= count and stem(word) != "light" else here
        return named[:1] if len(named) == 1 or (named and area is not None) else (named or here)

    def sounds_like(self, words: str) -> float:
        """Return how much words look and sound like a name or a room of the home, in [0, 1]."""
        return max((alike(words, form) for form in self._forms()), default=0.0)

    def _forms(self) -> Iterator[str]:
        for thing in self.things:
            yield thing.name
        yield from self.areas


def alike(one: str, other: str) -> float:
    """Return how alike two names are by letters and by sound, in [0, 1]; each word must have a like one.

    >>> alike("disk lamb", "desk lamp") > 0.7 > alike("big lamp", "floor lamp")
    True
    """
    left, right = _key(one), _key(other)
    if not left or not right:
        return 0.0
    joined = _alike_words("".join(left), "".join(right))
    if len(left) != len(right):
        begins = left[0][:3] == right[0][:3] and len(left[0]) > 2  # "pet fee duh", the pet feeder
        return joined if joined >= (0.7 if left[-1] == right[-1] else 0.76 if begins else 0.8) else 0.0
    return min(_alike_words(a, b) for a, b in zip(left, right, strict=True))


def _alike_words(one: str, other: str) -> float:
    spelled = Levenshtein.normalized_similarity(one, other)
    first, second = sound_key(one), sound_key(other)
    heard = Levenshtein.normalized_similarity(first, second) if first and second else 0.0
    return float(max(spelled, 0.5 * spelled + 0.5 * heard))


def _key(form: str) -> tuple[str, ...]:
    words = normalize(form).split()
    while len(words) > 1 and words[0] in ("the", "a", "my", "our"):
        words.pop(0)
    return tuple(map(stem, words))


def named_thing(text: str, house: House) -> str | None:
    """Return the name of the one device or room that a text names whole; None where it names none, or several.

    >>> named_thing("the den", House(areas=("Den",)))
    'Den'
    """
    words = [
        word
        for word in normalize(text).split()
        if word not in ("in", "one", "1", "our", "actually", "really", "just", "please")
    ]
    while words and words[0] in ("the", "a", "my", "our"):
        words.pop(0)
    said = " ".join(words)
    room = house.room(said)
    if room is not None:
        return room
    thing = house.called(said)
    if thing is not None:
        return thing.name
    mentions = house.mentions(words)
    named = [word for word in words if word != "the"]
    if not mentions or sum(one.end - one.start for one in mentions) < len(named):
        return None
    area = next((one.area for one in mentions if one.area is not None), None)
    devices = [one for one in mentions if one.area is None]
    reached: set[Thing] = set()
    for one in devices:
        reached |= set(house.reach(one, area, word=words[one.start]))
    return reached.pop().name if len(devices) == 1 and len(reached) == 1 else None
