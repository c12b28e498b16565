"""Read how warm a room is, or is to be, whatever is said around it: "make it 24 in here", "it's baltic in here".

All that such a request says are a number, a room and words that add nothing; one more word, and it is left alone.

Limit: English, whole degrees Celsius.
"""

from __future__ import annotations

import re

from uptake.assistant.clauses.words import QUESTION, without_courtesy
from uptake.assistant.entities.household import Household
from uptake.assistant.phrases.numbers import in_digits
from uptake.text.patterns import regex

__all__ = ["FEELINGS", "warmed"]

_IT_IS = (
    r"(?:(?:it|this (?:room|place)|here)(?:'s| is|'s got| feels)(?: absolutely| really| like| so| getting| a"
    r" bit| bloody"
    r"| proper)*)"
)
FEELINGS = (
    (r"(?:it's |that's )?(?:not|don't (?:have it|play it)) (?:quite )?so loud|keep (?:it|the noise) down", "quieter"),
    (r"(?:it's |that's )?not (?:quite )?so bright", "dimmer"),
    (
        r"(?:(?:it|that|this|the (?:music|sound|tv|telly|radio))(?:'s| is) )?(?:(?:a bit|way|far|much|still|just) )*too"
        r" quiet(?: for me)?",
        "louder",
    ),
    (
        r"(?:(?:can|could|may) (?:we|i) )?(?:have|get) it (?P<how>(?:a (?:little )?(?:bit|little|touch|smidge"
        r"|tad)|slightly"
        r"|much|some) )?(?P<more>warmer|cooler|colder|hotter|brighter|darker|dimmer|louder|quieter"
        r"|lighter)(?P<here> in here)?",
        r"make it \g<how>\g<more>\g<here>",
    ),
    (
        rf"{_IT_IS} (?:like |as (?:hot|warm) as )?an? (?:oven|sauna|furnace|greenhouse)(?P<here> (?:in )?here)?"
        rf"|{_IT_IS} (?:roasting|baking|sweltering|stifling|scorching|boiling hot)(?P<hot> (?:in )?here)?",
        "it is too hot",
    ),
    (
        rf"{_IT_IS} (?:like |as cold as )?(?:an? (?:fridge|freezer|ice ?box|igloo)|the (?:arctic|north pole))"
        rf"(?P<here> (?:in )?here)?|{_IT_IS} (?:baltic|arctic|freezing(?: cold)?|parky|nippy|perishing|brass monkeys"
        r"|bitter)(?P<cold> (?:in )?here)?",
        "it is too cold",
    ),
)
"""Pattern of a whole request, courtesy aside, that tells how warm, or how loud, it is, and its plain words."""
_WHERE = regex(
    r"\b(?P<here>(?:in )?(?:here|this room))\b|\b(?P<in>in |for )?(?:the |my |our )(?P<room>[a-z']+(?: room)?)\b",
    re.IGNORECASE,
)
_NUMBER = regex(
    r"(?<![\d.:,-])(?P<value>\d{2}(?:\.5)?)(?P<unit> ?(?:degrees?|°)(?: celsius| c)?)?(?![\d.:%]| ?percent)"
)
_AROUND = frozenset(
    "make it set get keep have want like need prefer i we i'd we'd i'll us can could may would should shall be"
    " at to about around please and would nice fine good lovely great the temperature warmth heat bring put up"
    " down let's let ok okay so now then just hold run warm cool for me us you a of room thanks thank by do if possible"
    " love reach".split()
)
_SAYS_WARMTH = frozenset("it it's temperature warmth heat warm cool degrees room have want need like".split())
_JOINTS = frozenset("and so now then ok okay please".split())
_LEAST, _MOST = 10, 30
_LONGEST = 14


def warmed(text: str, household: Household) -> str:
    """Return the plain command for how warm a room is to be; the text as it is where it says something else, too.

    Args:
        text: The request.
        household: Names of the home; the room is one of them, or here.
    """
    if text.count(" ") >= _LONGEST or QUESTION.match(without_courtesy(text)):
        return text
    said = in_digits(text.strip(" .!?"))
    number = _NUMBER.search(said)
    if number is None or not _LEAST <= float(number["value"]) <= _MOST:
        return text
    left = f"{said[: number.start()]} {said[number.end() :]}"
    where = next((each for each in _WHERE.finditer(left) if _is_place(each, household)), None)
    if where is None:
        return text
    left = f"{left[: where.start()]} {left[where.end() :]}"
    words = re.sub(r"[,.!?]", " ", left).split()
    hints = {*words, *(("degrees",) if number["unit"] else ()), *(("room",) if "room" in where[0] else ())}
    if not _AROUND.issuperset(words) or not (_JOINTS.issuperset(words) or hints & _SAYS_WARMTH):
        return text
    place = "in here" if where["here"] else f"in the {where['room']}"
    return f"set the temperature {place} to {number['value']} degrees"


def _is_place(match: re.Match[str], household: Household) -> bool:
    if match["here"]:
        return True
    found = household.match_places(match["room"])
    return bool(found) and found[0].score >= 1.0
