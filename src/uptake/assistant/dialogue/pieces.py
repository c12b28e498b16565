"""Insert a few words into an earlier interpretation: "the kitchen", "five minutes", "tomorrow", "off".

"Turn on the light" and then "and in the kitchen?" is the same intent with another place; "set a timer for five minutes"
and then "no, ten" another length. The type of the words decides which slot they fill.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from uptake.assistant.entities.kinds import HERE, THE_HOME, kind_of, means_all
from uptake.assistant.entities.matching import core, is_clear
from uptake.assistant.entities.resolver import Resolver
from uptake.assistant.entities.rules import domains_of
from uptake.assistant.entities.search import HOME_SLOTS
from uptake.assistant.entities.titles import PLAY, class_called
from uptake.assistant.phrases.dates import find_days
from uptake.assistant.phrases.durations import duration
from uptake.assistant.phrases.moments import Spoken, on_day_said, read_moment
from uptake.assistant.phrases.numbers import in_digits
from uptake.assistant.skills.skill import Slot as _Slot
from uptake.text.lexicon import is_no, is_yes
from uptake.text.normalize import normalize
from uptake.text.patterns import regex
from uptake.types import Interpretation, Situation

__all__ = ["Fitter"]

_SURE = 0.85  # least score of a name among words that need not hold one
_PART = 0.55  # least score of a part of a name, among things of one kind
_ONE = regex(r" (?:1|one|ones)$")
_PLACE_SLOTS = ("name", "area", "floor")
_PERCENTS = ("brightness", "position", "percentage", "volume_level")
_LENGTHS = ("hours", "minutes", "seconds")
_LOOSE = ("item", "place", "person", "city", "location")
_COLOURS = frozenset(
    "red green blue yellow orange purple pink white violet cyan magenta turquoise teal gold lime indigo amber black "
    "brown lavender crimson".split()
)
_NUMBER = regex(r"(-?\d+(?:\.\d+)?) ?(%|percent|per cent|degrees?|°|kelvin|k)?(?: celsius| fahrenheit| c| f)?")
_EXACT = regex(r"\b(?:[ap]m|noon|midnight|morning|afternoon|evening|night|tonight|in)\b|\b(?:0\d|1[3-9]|2\d):")
_JOINTS = regex(r"^(?:in|on|at|for|to(?! do)|by|with|of|from|into|about|it|them|the 1)(?: the 1 (?:in|on|at))? (?=.)")
_WEEKDAY = regex(r"(?:mon|tues|wednes|thurs|fri|satur|sun)days?")
_SWITCHED = {"off": "HassTurnOff", "on": "HassTurnOn"}
_NOON = 12  # o'clock
_PLANNED = "ScheduleAction"  # whose time is a moment, and no words
_PAIRS = {
    "HassTurnOn": ("off", "close", "unlock", "closed", "shut"),
    "HassTurnOff": ("on", "open", "lock", "opened", "locked"),
}
_OTHER_WAY = {"HassTurnOn": "HassTurnOff", "HassTurnOff": "HassTurnOn"}
_STEPS = ("direction", "volume_step", "temperature_direction")
_OPPOSITE = {"up": "down", "down": "up"}
_RELATIVE = {
    "HassSetVolume": ("HassSetVolumeRelative", "volume_level", "volume_step"),
    "HassSetVolumeRelative": ("HassSetVolumeRelative", "", "volume_step"),
    "HassLightSet": ("HassLightSet", "brightness", "direction"),
    "HassSetPosition": ("HassSetPosition", "position", "direction"),
    "HassFanSetSpeed": ("HassFanSetSpeed", "percentage", "direction"),
    "HassClimateSetTemperature": ("HassClimateSetTemperature", "temperature", "direction"),
    "SetOvenTemperature": ("SetOvenTemperature", "temperature", "direction"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Fitter:
    """Function that inserts words into interpretations.

    Args:
        resolver: Resolves names of the home, of titles, lists, people and places.
        situation: Situation of the request.
    """

    resolver: Resolver
    situation: Situation

    def fit(
        self, words: str, reading: Interpretation, *, targets: Sequence[str] = (), loosely: bool = False
    ) -> Interpretation | None:
        """Replace a part of the reading by these words; None where they fit nowhere.

        Args:
            words: A few words, normalised, without "and" or "no".
            reading: The reading they belong to.
            targets: `entity_id` of the devices the reading was about.
            loosely: Whether words that are nothing known may stand for a place, an item or a title.
        """
        text = "all" if means_all(words) else core(_JOINTS.sub("", core(words)))
        if not text or text.count(" ") > 7 or is_no(text) or is_yes(text):
            return None
        fitted = (
            self._both(words, reading, targets)
            or self._switched(core(words), reading)
            or self._switched(text, reading)
            or self._length(words, reading)
            or self._amount(text, reading)
            or self._of_home(text, reading, targets)
            or self._named(text, reading, loosely=False)
            or self._named(core(words), reading, loosely=False)
            or (self._named(text, reading, loosely=True) if loosely else None)
            or self._when(core(words), text, reading)
        )
        return None if fitted is None or fitted == reading else fitted

    def step(self, sense: int, reading: Interpretation) -> Interpretation | None:
        """Repeat the reading with more (1) or less (-1) of it; None where the reading knows no degrees."""
        relative = _RELATIVE.get(reading.intent)
        if relative is None:
            return None
        intent, absolute, slot = relative
        said = dict(reading.slots)
        before = next((said[name] for name in _STEPS if said.get(name) in _OPPOSITE), "up")
        way = before if sense > 0 else _OPPOSITE[before]
        rest = tuple(pair for pair in reading.slots if pair[0] not in (absolute, *_STEPS))
        name = next((name for name in _STEPS if name in said), slot)
        return replace(reading, intent=intent, slots=(*rest, (name, way)))

    def fill(self, slot: str, words: str, reading: Interpretation) -> Interpretation | None:
        """Fill a slot with the answer to "which …?" or "how long?"; None where the words are no answer."""
        kind = self._kind(reading.intent, slot)
        text = core(_JOINTS.sub("", core(words)))
        if slot in _PLACE_SLOTS and kind != "list" and self._is_about_devices(reading):
            return self._of_home(text, reading, ())
        if kind == "duration" or slot in _LENGTHS:
            return self._length(words, reading, slot if kind == "duration" else None)
        if kind in ("percentage", "number") or slot in _PERCENTS or slot == "temperature":
            match = _NUMBER.fullmatch(in_digits(text))
            return _with_slot(reading, slot, match.group(1)) if match else None
        if kind in ("time", "date"):
            before, is_moment = dict(reading.slots).get(slot, ""), self._is_moment(core(words)) or self._is_moment(text)
            moment = on_day_said(core(words), before, self.resolver.home.now())
            return _with_slot(reading, slot, moment) if is_moment else None
        if kind in ("list", "media", "person", "place"):
            return _with_slot(reading, slot, text)
        return _with_slot(reading, slot, words)

    # What the words are.

    def _both(self, words: str, reading: Interpretation, targets: Sequence[str]) -> Interpretation | None:
        """Fit two values at once: "the study to 20 degrees"."""
        left, joint, right = core(words).partition(" to ")
        there = self.fit(left, reading, targets=targets) if joint and right else None
        return None if there is None else self.fit(right, there, targets=targets)

    def _switched(self, text: str, reading: Interpretation) -> Interpretation | None:
        """Change the intent by on, off, open or close."""
        word = text.removesuffix(" again")
        if reading.intent in _OTHER_WAY:
            if word in _PAIRS[reading.intent]:
                return replace(reading, intent=_OTHER_WAY[reading.intent])
            return None
        if word in _SWITCHED and reading.intent == "HassLightSet":
            rest = tuple(pair for pair in reading.slots if pair[0] in HOME_SLOTS)
            return replace(reading, intent=_SWITCHED[word], slots=rest)
        if word in _OPPOSITE and any(slot in _STEPS for slot, _ in reading.slots):
            return replace(
                reading, slots=tuple((slot, word if slot in _STEPS else value) for slot, value in reading.slots)
            )
        return None

    def _amount(self, text: str, reading: Interpretation) -> Interpretation | None:
        said = dict(reading.slots)
        if text in _COLOURS and reading.intent in ("HassLightSet", "HassTurnOn"):
            rest = tuple(pair for pair in reading.slots if pair[0] not in ("color", "temperature"))
            return replace(reading, intent="HassLightSet", slots=(*rest, ("color", text)))
        number = _NUMBER.fullmatch(in_digits(text))
        if number is None:
            return None
        value, unit = number.group(1), number.group(2) or ""
        slots = ("temperature",) if unit.startswith(("deg", "°", "k")) else (*_PERCENTS, "temperature")
        slot = next((slot for slot in slots if slot in said), None)
        stepped = next((name for name in _STEPS if name in said), None)
        if slot is None and stepped is not None:  # "22" in the place of "warmer"
            reading, slot = self._absolute(reading, stepped)
        if slot is None and unit in ("%", "percent", "per cent"):
            slot = next((each.name for each in self._slots(reading.intent) if each.name in _PERCENTS), None)
        if slot is not None:
            return _with_slot(reading, slot, value)
        lengths = [name for name in _LENGTHS if name in said]
        return _with_slot(reading, lengths[0], value) if len(lengths) == 1 else None

    def _absolute(self, reading: Interpretation, stepped: str) -> tuple[Interpretation, str | None]:
        """Return a reading without its step up or down, and the slot that says the level instead."""
        intent = next((to for to, (source, _, _) in _RELATIVE.items() if source == reading.intent), reading.intent)
        level = _RELATIVE[intent][1] if intent in _RELATIVE else ""
        return replace(_without(reading, stepped), intent=intent), level or None

    def _length(self, words: str, reading: Interpretation, slot: str | None = None) -> Interpretation | None:
        """Fit a length of time into the slots that the intent has for it."""
        text = _JOINTS.sub("", words.removesuffix(" please"))
        length = duration(text)
        if length is None or not length.total_seconds():
            return None
        if slot is not None:
            return _with_slot(reading, slot, text)
        names = {slot.name for slot in self._slots(reading.intent)} | {slot for slot, _ in reading.slots}
        if "duration" in names and not names & {slot for slot, _ in reading.slots} & set(_LENGTHS):
            return _with_slot(reading, "duration", text)
        if not names & set(_LENGTHS):
            return None
        seconds = int(length.total_seconds())
        parts = zip(_LENGTHS, (seconds // 3600, seconds // 60 % 60, seconds % 60), strict=True)
        rest = tuple(pair for pair in reading.slots if pair[0] not in _LENGTHS)
        return replace(reading, slots=(*rest, *((name, str(value)) for name, value in parts if value)))

    def _of_home(self, text: str, reading: Interpretation, targets: Sequence[str]) -> Interpretation | None:
        """Fit a room, a floor, a device, a kind of device, or all of them."""
        household = self.resolver.household
        if not self._is_about_devices(reading):
            matches = household.match_places(text, "area")
            has_area = any(slot.name == "area" for slot in self._slots(reading.intent))
            return _with_slot(reading, "area", text) if has_area and matches and matches[0].score >= _SURE else None
        if means_all(text) or text in THE_HOME:
            return self._likeliest(self._elsewhere(reading, targets, "name", "all"))
        if text in HERE and self.situation.context.room is not None:
            return self._likeliest(self._elsewhere(reading, targets, "area", self.situation.context.room))
        stem = _ONE.sub("", text)
        places = household.match_places(stem)
        if places and places[0].score >= _SURE:
            place = household.place(places[0])
            return self._likeliest(self._elsewhere(reading, targets, place.slot, place.name))
        devices = household.match_devices(text, household.devices)
        is_composed = any(kind_of(rest) is not None for _, rest in household.split(text))
        if (devices and devices[0].score >= _SURE) or kind_of(text) is not None or is_composed:
            return self._likeliest([_without(reading, *HOME_SLOTS, name=text)], strictly=True)
        return (
            None if stem == text and not self._tells_apart(text, targets) else self._of_its_kind(stem, reading, targets)
        )

    def _tells_apart(self, word: str, targets: Sequence[str]) -> bool:
        """Tell whether a word sets another thing apart from what was meant: "the front", after the back door."""
        household = self.resolver.household
        before = [household.by_id[key] for key in targets if key in household.by_id]
        if len(before) != 1 or " " in word:
            return False
        nouns = set(before[0].name.lower().split()[1:])
        alike = [device.name.lower().split() for device in household.devices if device.domain == before[0].domain]
        return any(words[0] == word and set(words[1:]) == nouns for words in alike)

    def _of_its_kind(self, stem: str, reading: Interpretation, targets: Sequence[str]) -> Interpretation | None:
        """Fit "the front one": a device of the same kind, by a part of its name."""
        household = self.resolver.household
        before = [household.by_id[key] for key in targets if key in household.by_id]
        domains = {device.domain for device in before or self.resolver.resolve(reading, self.situation).targets}
        among = [device for device in household.devices if device.domain in domains]
        matches = household.match_devices(stem, among)
        if not is_clear(matches, accept=_PART):
            return None
        return _without(reading, *HOME_SLOTS, name=household.label(household.by_id[matches[0].key]))

    def _elsewhere(
        self, reading: Interpretation, targets: Sequence[str], slot: str, value: str
    ) -> list[Interpretation]:
        """List ways to mean the same in another place: the thing of that name there, else things of its kind there."""
        ways = []
        names = [name for said, name in reading.slots if said == "name" and not means_all(name)]
        if names and slot != "name":
            ways.append(_without(reading, "area", "floor", **{slot: value}))
        devices = [self.resolver.household.by_id[key] for key in targets if key in self.resolver.household.by_id]
        if names and not devices:
            resolution = self.resolver.resolve(reading, self.situation)
            devices = list(resolution.targets)
        domains = {device.domain for device in devices}
        if names and len(domains) == 1 and not 0 < len(domains_of(reading.intent, frozenset())) <= 2:
            kind = {"domain": next(iter(domains)), slot: value}
            classes = {device.device_class for device in devices} - {None}
            if len(classes) == 1:
                ways.append(_without(reading, *HOME_SLOTS, **kind, device_class=str(next(iter(classes)))))
            ways.append(_without(reading, *HOME_SLOTS, **kind))
        ways.append(_without(reading, *_PLACE_SLOTS, **{slot: value}))
        return ways

    def _likeliest(self, ways: Sequence[Interpretation], *, strictly: bool = False) -> Interpretation | None:
        """Return the first way that resolves; where none does, the last, so that its problem can be told."""
        for way in ways:
            problem = self.resolver.resolve(way, self.situation).problem
            if problem is None or problem.kind != "unknown":
                return way
        return None if strictly or not ways else ways[-1]

    def _named(self, text: str, reading: Interpretation, *, loosely: bool) -> Interpretation | None:
        """Fit a title, a list, a person, a place or an item."""
        if reading.intent == PLAY:
            if (media_class := class_called(text)) is not None:  # a film needs another player than a song
                return _without(reading, *HOME_SLOTS, media_class=media_class)
            items = self.resolver.catalogue.find(text, limit=1)
            if loosely or (items and items[0].score >= _SURE):
                return _without(reading, "search_query", "media_class", "artist", "album", "genre", search_query=text)
            return None
        for slot in self._slots(reading.intent):
            kind = self._kind(reading.intent, slot.name)
            is_list = kind == "list" and text.endswith(" list")
            if is_list or (kind in ("list", "person", "place") and self.resolver.knows(kind, text)):
                return _with_slot(reading, slot.name, text)
        if not loosely:
            return None
        loose = next((slot for slot, _ in reading.slots if slot in _LOOSE), None)
        if loose is None:
            loose = next((slot.name for slot in self._slots(reading.intent) if slot.name in ("place", "person")), None)
        return None if loose is None or self._is_moment(text) else _with_slot(reading, loose, text)

    def _when(self, words: str, text: str, reading: Interpretation) -> Interpretation | None:
        """Fit a time or a date."""
        said = [slot for slot in self._slots(reading.intent) if slot.kind in ("time", "date")]
        if not said or reading.intent == _PLANNED or not (self._is_moment(words) or self._is_moment(text)):
            return None
        before = dict(reading.slots)
        present = [each for each in said if each.name in before]
        if self._timed(text).clock is None:  # a day alone takes the place of the day
            present.sort(key=lambda each: each.kind != "date")
        slot = present[0].name if present else said[0].name
        timed = next((name for name, value in reading.slots if self._timed(value).rest), "")
        holder = slot if present else timed
        if slot == "date" and words.startswith("at "):
            text = words  # "every sunday", then "at ten"
        if not holder:
            return _with_slot(reading, slot, text)
        task = self._timed(before[holder]).rest.strip()  # "call mum at 5 pm": the time goes, the task stays
        words = " ".join(word for word in normalize(before[holder]).split() if word not in task.split())
        moment = self._on_its_day(text, words, waking=reading.intent == "SetAlarm")
        if present:
            return _with_slot(reading, slot, f"{moment} {task}".strip())
        return _with_slot(_with_slot(reading, holder, task), slot, moment)

    def _timed(self, text: str) -> Spoken:
        """Read the time in a text; an empty one where there is none beside other words."""
        spoken = read_moment(text, self.resolver.home.now())
        return Spoken() if spoken is None or spoken.problem is not None else spoken

    def _half_meant(self, before: Spoken, waking: bool) -> str | None:
        """Return the half of the day that a time without one is taken for; None where one was said, or no time."""
        at = before.moment(self.resolver.home.now(), waking=waking).at if before.clock is not None else None
        return None if at is None or before.half_day is not None else "am" if at.hour < _NOON else "pm"

    def _on_its_day(self, text: str, before: str, *, waking: bool = False) -> str:
        """Keep what was said before with a new time or day: "tomorrow at 7 pm", "no, 8" or "no, on friday"."""
        today = self.resolver.home.now().date()
        day, rest = find_days(normalize(before), today)
        new = find_days(text, today)[0]
        if day is not None and day.weekdays and new is not None and new.day is not None and _WEEKDAY.fullmatch(text):
            text = f"every {text}"  # what recurs goes on to
        if self._timed(text).clock is None and self._timed(before).clock is not None:
            return f"{rest.strip()} {text}"  # another day, at the same time
        old = self._timed(before)
        kept = f"{text} {old.half_day}" if old.half_day in ("am", "pm") and not _EXACT.search(text) else text
        left = rest.split()
        there = " ".join([kept, *(word for word in normalize(before).split() if day is not None and word not in left)])
        half = self._half_meant(old, waking)
        if (
            kept == text
            and new is None
            and half
            and not _EXACT.search(text)
            and half != self._half_meant(self._timed(there), waking)
        ):
            kept = f"{text} {half}"
        text = kept
        if day is None or new is not None:
            return text
        left = rest.split()
        return " ".join([text, *(word for word in normalize(before).split() if word not in left)])

    def _is_moment(self, text: str) -> bool:
        spoken = read_moment(text, self.resolver.home.now())
        return spoken is not None and not spoken.rest.strip()

    # What the intent takes.

    def _slots(self, intent: str) -> Sequence[_Slot]:
        declared = self.resolver.skills.intents.get(intent)
        return () if declared is None else declared.slots

    def _kind(self, intent: str, slot: str) -> str:
        return self.resolver.kind_of_slot(intent, slot)

    def _is_about_devices(self, reading: Interpretation) -> bool:
        return self.resolver.is_about_devices(reading.intent)


def _with_slot(reading: Interpretation, slot: str, value: str) -> Interpretation:
    """Set one slot of the reading, in its old place where it had one."""
    if any(name == slot for name, _ in reading.slots):
        return replace(reading, slots=tuple((name, value if name == slot else old) for name, old in reading.slots))
    return replace(reading, slots=(*reading.slots, (slot, value)))


def _without(reading: Interpretation, *gone: str, **put: str) -> Interpretation:
    """Remove some slots of the reading and add others."""
    rest = tuple(pair for pair in reading.slots if pair[0] not in gone and pair[0] not in put)
    return replace(reading, slots=(*rest, *put.items()))
