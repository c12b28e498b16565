"""Read what goes on with something listed: the list that was spoken of, or one of the things just offered to choose.

Limit: English. While a question of the assistant is open, `assistant.dialogue` reads the answer; this reads it where
nothing but the words of the question is known.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from uptake.assistant.context.deixis import Deixis
from uptake.assistant.entities.search import HOME_SLOTS
from uptake.text.patterns import regex
from uptake.types import Exchange, Interpretation, Situation
from uptake.understanding.situation.semantic_fields import stem, stems

__all__ = ["read_choice", "read_contents", "read_list"]

_CONTENTS = regex(
    r"what(?:'s| is|'s still| else is) (?:on it|on there|left on it|in it|missing)"
    r"|(?:read|show|tell) (?:me )?(?:it|that|them|the list|the rest)(?: out| back| to me| again)*"
    r"|what else|anything else(?: on (?:it|there))?|is that all"
)
_OF_LISTS = frozenset(
    "HassListAddItem HassListRemoveItem HassListCompleteItem GetList CreateList HassShoppingListAddItem "
    "HassShoppingListCompleteItem".split()
)
_LIST_SAID = regex(r"\b(?:the|my|our) ((?:[\w-]+ )?list)\b")
_ORDINALS = {"first": 0, "1st": 0, "former": 0, "second": 1, "2nd": 1, "latter": -1, "third": 2, "3rd": 2, "last": -1}
_CHOICE = regex(rf"(?:no )?(?:the |number )?(?P<which>{'|'.join(_ORDINALS)})(?: 1| option| choice)?(?: please)?")
_ONE_NAMED = regex(r"(?:no )?(?:the )?(?P<name>[\w' -]{2,30}?)(?: 1)?(?: please)?")
_LEFT = "how_long"


def read_list(deixis: Deixis, situation: Situation) -> Iterator[Interpretation]:
    """Read "what's left" as what is on the list that was just spoken of."""
    if deixis.verb == _LEFT and not deixis.points and situation.recent:
        yield from _contents(situation.recent[-1])


def read_contents(words: str, situation: Situation) -> Iterator[Interpretation]:
    """Read "what's on it" as the list that was just spoken of."""
    if _CONTENTS.fullmatch(words) and situation.recent:
        yield from _contents(situation.recent[-1])


def _contents(last: Exchange) -> Iterator[Interpretation]:
    reading = last.interpretation
    said = _LIST_SAID.search(last.request.lower())
    if reading is not None and reading.intent in _OF_LISTS:
        called = next((value for slot, value in reading.slots if slot == "name"), said[1] if said else "shopping list")
        yield Interpretation(intent="GetList", slots=(("name", called),))
    elif said:
        yield Interpretation(intent="GetList", slots=(("name", said[1]),))


def read_choice(words: str, situation: Situation) -> Iterator[Interpretation]:
    """Read "the second one" as the last request for one of the things that the assistant asked to choose among."""
    last = situation.recent[-1] if situation.recent else None
    if last is None or last.interpretation is None or "?" not in (last.response or ""):
        return
    offered = _offered(last.response or "", situation)
    if len(offered) < 2:
        return
    match = _CHOICE.fullmatch(words)
    if match is not None:
        at = _ORDINALS[match["which"]]
        chosen = offered[at : at + 1] if at >= 0 else offered[at:]
    else:
        named = _ONE_NAMED.fullmatch(words)
        asked = stems(named["name"]) if named is not None else frozenset()
        chosen = [name for name in offered if asked and asked <= stems(name)]
    if len(chosen) == 1:
        yield _about(last.interpretation, chosen[0])


def _offered(response: str, situation: Situation) -> list[str]:
    """Return the things of the home that an answer names, in its order."""
    said = [stem(word.strip(".,;:!?").lower()) for word in response.split()]
    names = {name: stems(name) for name, _ in situation.states}
    found = []
    for name, words in names.items():
        own = words - frozenset().union(*(others for other, others in names.items() if other != name))
        places = [said.index(word) for word in own if word in said]
        if places:
            found.append((min(places), name))
    return [name for _, name in sorted(found)]


def _about(reading: Interpretation, name: str) -> Interpretation:
    """Return a reading said of one thing instead of whatever it named."""
    called = re.sub(r"(?i)\s*timer$", "", name) if "Timer" in reading.intent else name
    rest = tuple(pair for pair in reading.slots if pair[0] not in HOME_SLOTS)
    return replace(reading, slots=(("name", called), *rest), confidence=None)
