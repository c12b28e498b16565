"""Settle a reading: values as they are executed, names as the home has them, and doubt where neither is possible.

A length of time is given in hours, minutes and seconds however it was worded, a volume in a number without a word for
more or less is a level, and the name of a list is the one that sounds like it.

Limit: English; the lists that a person made himself are not known here, only those of the home.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from uptake.assistant.entities.titles import PLAY
from uptake.assistant.hypotheses import Hypothesis
from uptake.assistant.phrases.durations import duration
from uptake.assistant.readers.bundled import common_words
from uptake.assistant.readers.complete import ROOMY
from uptake.assistant.readers.vocabulary import Vocabulary
from uptake.text.lexicon import STOP_WORDS
from uptake.text.normalize import normalize
from uptake.text.patterns import regex
from uptake.text.phonetic import heard_similarity, sound_key
from uptake.types import Interpretation

__all__ = ["settled", "with_set_phrases", "with_spaced_names"]

_TIMED = frozenset({"HassStartTimer", "HassIncreaseTimer", "HassDecreaseTimer"})
_ONE_TIMER = frozenset(
    {"HassPauseTimer", "HassUnpauseTimer", "HassCancelTimer", "HassIncreaseTimer", "HassDecreaseTimer"}
)
_OF_LISTS = frozenset({"HassListAddItem", "HassListCompleteItem", "HassListRemoveItem", "GetList", "ClearList"})
_RELATIVE = regex(
    r"\b(?:up|down|by|more|less|louder|quieter|softer|lower|higher|raise|increase|decrease|reduce|boost|bump|crank|nudge"
    r"|drop|notch|notches|steps?|bit|little)\b|[+-]\s*\d",
    re.IGNORECASE,
)
_LESS = regex(r"\b(?:down|less|quieter|softer|lower(?:ed)?|decrease|reduce|drop|cut|off)\b", re.IGNORECASE)
_LIST = regex(r"\b(?:the|my|our|list|lists)\b", re.IGNORECASE)
_LEARNT = "statistical"
_STATE_WORDS = {
    "on": regex(
        r"\b(?:on|running|going|lit|working|playing|left|burning|switched|boiling|alight|live|up)\b", re.IGNORECASE
    ),
    "off": regex(r"\b(?:off|out|dark|stopped|done|finished|switched|turned|left|on)\b", re.IGNORECASE),
}
"""Words that say one of the states that things may be asked after."""
_IN_HERE = regex(r"\b(?:in here|in this room|in the room)\b", re.IGNORECASE)
_BEFORE_A_PLACE = {
    "area": regex(r"(?P<what>.*\S) (?:in|to)(?: the| my| our)?"),
    "floor": regex(r"(?P<what>.*?\S)(?: (?:in|on|to))?(?: the| my| our)?"),
}
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_SOUNDS, _MISHEARD = 0.55, 0.97
_UNKNOWN = 0.55
"""Most confidence in a name that the home does not have and that is no word: less than is acted on."""
_TOLD_BY = {"shopping": "list", "grocery": "list", "groceries": "list", "per": "cent", "up": "stairs", "down": "stairs"}
"""Word -> the one that follows it in a set phrase of requests."""
_HERE = regex(r"\bin (?P<said>hear|heer|here's|heere)(?=\s*(?:$|[,.?!]|please\b|to\b|now\b))", re.IGNORECASE)
_PAIR = regex(r"\b(?P<first>shopping|grocery|groceries|per|up|down) (?P<said>[a-z]{2,8})\b", re.IGNORECASE)


def with_set_phrases(text: str) -> str:
    """Return a text with the second word of a set phrase as it is written, where it only sounds so.

    "A hundred and ten" is said as "one hundred and ten", as readers of numbers know it.

    >>> with_set_phrases("put tea on the shopping lest"), with_set_phrases("is it warm in hear")
    ('put tea on the shopping list', 'is it warm in here')
    >>> with_set_phrases("make it cold in here")
    'make it cooler in here'
    >>> with_set_phrases("turn it up please"), with_set_phrases("all the doors locked please")
    ('turn it up please', 'lock all the doors')
    """
    every = _EVERY.match(text)
    if every is not None:
        text = f"{_DONE_TO_ALL[every['way'].casefold()].format(every['what'])}{every['place'] or ''}"
    text = _MADE.sub(lambda made: f"{made['front']} {_MADE_HOW[made['how'].casefold()]}", text)
    return _PAIR.sub(_as_written, _HERE.sub("in here", _A_HUNDRED.sub("one ", text)))


_MADE_HOW = {"cold": "cooler", "cool": "cooler", "chilly": "cooler", "hot": "warmer", "warm": "warmer"}
_MADE = regex(
    r"(?P<front>\b(?:make|get) (?:it|this room|the room|this place|(?:the |my |our )[a-z]+(?: room)?))"
    r"(?: nice and| really| very| a bit| a little)? (?P<how>cold|cool|chilly|hot|warm)\b"
    r"(?! (?:white|water|light|tone))",
    re.IGNORECASE,
)
"""How it is to be made: "it is cold" asks for warmth, "make it cold" does not."""
_EVERY = regex(
    r"(?P<what>(?:all|both|every|each)(?: of)?(?: single)?(?: (?:the|my|our|these|those))?(?: [a-z]+){1,2}?)"
    r" (?P<way>on|off|out|closed|shut|locked)"
    r"(?P<place> (?:in|on) (?:the |my |our )?[a-z ]+?| upstairs| downstairs)?(?: please| now)*[.! ]*$",
    re.IGNORECASE,
)
"""What is to be done to all of a kind, without a verb; a question has one ("are all the doors locked")."""
_DONE_TO_ALL = {
    "on": "turn on {}",
    "off": "turn off {}",
    "out": "turn off {}",
    "closed": "close {}",
    "shut": "close {}",
    "locked": "lock {}",
}


_A_HUNDRED = regex(
    r"\ba (?=hundred (?:and )?(?:\d\d?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\w+teen|"
    r"(?:twen|thir|for|fif|six|seven|eigh|nine)ty)\b)",
    re.IGNORECASE,
)


def with_spaced_names(text: str, vocabulary: Vocabulary) -> str:
    """Return a text with the names of the home that are written as one word in their own words: "bedroomlamp"."""
    spaced = vocabulary.unspaced
    if not spaced or spaced.keys().isdisjoint(text.casefold().split()):
        return text
    return " ".join(spaced.get(word.casefold(), word) for word in text.split())


def _as_written(pair: re.Match[str]) -> str:
    said, meant = pair["said"].casefold(), _TOLD_BY[pair["first"].casefold()]
    sounds = said not in STOP_WORDS and sound_key(said).lstrip("S") == sound_key(meant).lstrip("S")
    return f"{pair['first']} {meant}" if sounds else pair[0]


_REMIND = regex(
    r"(?:(?:please|can you|could you|will you|would you|hey|ok|and|i want you to|don't forget to) )*remind (?:me|us) "
    r"(?P<rest>\S.*)$",
    re.IGNORECASE,
)
_TASK = regex(r"(?:^| )(?:to|about|that|of) \S", re.IGNORECASE)
_OF_REMINDERS = frozenset({"text", "at", "date", "hours", "minutes", "seconds"})
_WAITS = frozenset({"place", "event", "on", "run", "unknown"})
"""Slots of a reminder that waits for a place or for something to happen."""


def settled(
    found: Sequence[Hypothesis], text: str, vocabulary: Vocabulary, *, room: str | None = None
) -> tuple[Hypothesis, ...]:
    """Settle readings, best first; of two that mean the same now the first stays.

    Args:
        found: What the readers propose.
        text: The request.
        vocabulary: Names of the home.
        room: Where it is said, where that is known.
    """
    here = room if _IN_HERE.search(text) else None
    kept: dict[str, Hypothesis] = {}
    for each in found:
        if _plays_a_place(each.interpretation, vocabulary):
            continue
        reading = _levelled(_timed(_placed(_played_in(each.interpretation, text, vocabulary), vocabulary)), text)
        reading = _reminded(_here(_listed(reading, vocabulary), here), text)
        reading = _state_said(reading, text) if each.reader == _LEARNT else reading
        one = each if reading is each.interpretation else replace(each, interpretation=reading)
        kept.setdefault(reading.meaning, one)
    return tuple(sorted(kept.values(), key=lambda each: -each.confidence))


def _state_said(reading: Interpretation, text: str) -> Interpretation:
    """Ask after the state of a thing, and not whether it is one that was not said: "is the oven hot" is not "off?"."""
    said = dict(reading.slots)
    words = _STATE_WORDS.get(said.get("state", "")) if reading.intent == "HassGetState" and "name" in said else None
    if words is None or words.search(text):
        return reading
    return replace(reading, slots=tuple(pair for pair in reading.slots if pair[0] not in ("state", "response")))


def _reminded(reading: Interpretation, text: str) -> Interpretation:
    """Give a reminder whose task was taken for something else all that is said: its skill tells task and time apart."""
    slots = {slot for slot, _ in reading.slots}
    said = _REMIND.match(text) if reading.intent == "SetReminder" and not slots & _WAITS else None
    if said is None or (slots <= _OF_REMINDERS and ("text" in slots or not _TASK.search(said["rest"]))):
        return reading
    return replace(reading, slots=(("text", said["rest"].strip(" .!?")),))


def _timed(reading: Interpretation) -> Interpretation:
    """Give a length of time in hours, minutes and seconds: "an hour and a half" is 1 and 30."""
    said = dict(reading.slots)
    length = duration(said["duration"]) if reading.intent in _TIMED and "duration" in said else None
    whole = int(length.total_seconds()) if length is not None else 0
    if not whole or {"hours", "minutes", "seconds"} & said.keys():
        return reading
    hours, seconds = divmod(whole, 3_600)
    minutes, seconds = divmod(seconds, 60)
    if "second" in said["duration"] and not hours and "minute" not in said["duration"]:
        minutes, seconds = 0, whole  # "ninety seconds" are ninety
    elif "hour" not in said["duration"]:
        hours, minutes = 0, 60 * hours + minutes
    del said["duration"]
    parts = {"hours": hours, "minutes": minutes, "seconds": seconds}
    said |= {unit: str(count) for unit, count in parts.items() if count}
    return replace(reading, slots=tuple(sorted(said.items())))


def _levelled(reading: Interpretation, text: str) -> Interpretation:
    """Read a volume in a number as a level, where no word says that it is a step; "down by ten" is ten less."""
    said = dict(reading.slots)
    step = said.get("volume_step", "")
    if reading.intent == "HassSetVolumeRelative" and _NUMBER.fullmatch(step) and _LESS.search(text):
        return replace(reading, slots=tuple(sorted({**said, "volume_step": f"-{step}"}.items())))
    if reading.intent != "HassSetVolumeRelative" or not _NUMBER.fullmatch(step) or _RELATIVE.search(text):
        return reading
    del said["volume_step"]
    slots = tuple(sorted({**said, "volume_level": step}.items()))
    return replace(reading, intent="HassSetVolume", slots=slots)


def _here(reading: Interpretation, room: str | None) -> Interpretation:
    """Name the room that "in here" is."""
    if room is None or reading.intent not in ROOMY or {"name", "area", "floor"} & dict(reading.slots).keys():
        return reading
    return replace(reading, slots=tuple(sorted((*reading.slots, ("area", room)))))


def _placed(reading: Interpretation, vocabulary: Vocabulary) -> Interpretation:
    """Take the timer of a room for one that is in the room, as Home Assistant does: "freeze the kitchen timer".

    What a template took for a name and is none goes: "set me a timer".
    """
    said = dict(reading.slots)
    if reading.intent.endswith("Timer") and "name" in said and STOP_WORDS.issuperset(said["name"].split()):
        del said["name"]
        return replace(reading, slots=tuple(sorted(said.items())))
    if reading.intent not in _ONE_TIMER or "area" in said or "name" not in said:
        return reading
    name = normalize(said["name"]).removeprefix("the ")
    room = next((each.meant for each in vocabulary.of_kind("area") if normalize(each.said) == name), None)
    if room is None:
        return reading
    del said["name"]
    return replace(reading, slots=tuple(sorted({**said, "area": room}.items())))


def _played_in(reading: Interpretation, text: str, vocabulary: Vocabulary) -> Interpretation:
    """Take a place of the home at the end of what is to be played for where to play it: "music in the bathroom"."""
    said = dict(reading.slots)
    if reading.intent != PLAY or "search_query" not in said or "name" in said:
        return reading
    words = normalize(said["search_query"])
    if any(normalize(said[kind]) in normalize(text).removesuffix(words) for kind in _BEFORE_A_PLACE if kind in said):
        return reading
    for kind, before in _BEFORE_A_PLACE.items():
        for name in vocabulary.of_kind(kind):
            what = words.removesuffix(f" {normalize(name.said)}")
            if what != words and (placed := before.fullmatch(what)):
                others = {slot: value for slot, value in said.items() if slot not in _BEFORE_A_PLACE}
                slots = {**others, "search_query": placed["what"], kind: name.meant}
                return replace(reading, slots=tuple(sorted(slots.items())))
    return reading


def _plays_a_place(reading: Interpretation, vocabulary: Vocabulary) -> bool:
    """Tell whether nothing is left to be played but a place: "in the bathroom"."""
    said = dict(reading.slots).get("search_query", "") if reading.intent == PLAY else ""
    place = normalize(said).removeprefix("in ").removeprefix("the ")
    return "in" in said and any(
        normalize(name.said) == place for kind in _BEFORE_A_PLACE for name in vocabulary.of_kind(kind)
    )


def _listed(reading: Interpretation, vocabulary: Vocabulary) -> Interpretation:
    """Take the name of a list for that of the home which it sounds like; doubt one that is no word at all."""
    said = dict(reading.slots)
    if reading.intent not in _OF_LISTS or "name" not in said:
        return reading
    lists = [name for name in vocabulary.of_kind("name") if name.domain == "todo"]
    name = _bare(said["name"])
    if not name or not lists or any(_bare(one.said) == name for one in lists):
        return reading
    likest = max(lists, key=lambda one: heard_similarity(name, _bare(one.said)))
    sure = reading.confidence or 0.0
    if heard_similarity(name, _bare(likest.said)) >= _SOUNDS:
        slots = tuple(sorted({**said, "name": likest.meant}.items()))
        return replace(reading, slots=slots, confidence=round(_MISHEARD * sure, 4))
    if all(word in common_words() for word in name.split()):
        return reading
    return replace(reading, confidence=min(sure, _UNKNOWN))


def _bare(name: str) -> str:
    return normalize(" ".join(_LIST.sub(" ", name).split()))
