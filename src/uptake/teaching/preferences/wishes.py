"""Distinguish a taste from a wish about the state of a thing or the time of an event.

A taste is a verb of liking and a thing: "I like jazz". With a complement it is a wish, and no taste: a state ("the hall
light off"), a level ("the lamp at forty percent"), an action ("the vacuum to run at noon") or a time of day ("my tea
before seven").

Limit: English.
"""

from __future__ import annotations

from uptake.text.patterns import regex

__all__ = ["is_wish"]

_LIKES = (
    r"(?:like|likes|love|loves|prefer|prefers|enjoy|enjoys|adore|hate|hates|loathe|dislike|(?:can't|cannot) (?:stand|"
    r"bear|"
    r"abide)|don't (?:like|want|mind)|(?:keen on|fond of|big on|into))"
)
_HAVING = r"(?:having |keeping |to have |to keep )?"
_THING = rf"(?:{_HAVING}(?:the|my|our|your|that|this|these|those|all|both|every|each) (?:[\w'-]+ ){{1,4}}?)"
_IT = rf"(?:{_HAVING}(?:it|them|things|everything) (?:all |a bit |rather |quite |nice and )*)"
_STATE = (
    r"(?:on|off|open|opened|closed|shut|locked|unlocked|up|down|low|high|dim|dimmed|bright|brighter|dark|darker|lit|running|"
    r"going|playing|warm|warmer|hot|hotter|cold|cool|cooler|quiet|quieter|loud|louder|half [a-z]+|fully [a-z]+|"
    r"switched [a-z]+|"
    r"turned [a-z]+|left [a-z]+|kept [a-z]+|drawn|raised|lowered|ready|done)"
)
_WHEN = (
    r"(?: (?:at|by|in|on|when|if|while|before|after|until|till|from|all|every|during|for|around|now|please|again|"
    r"early|late|"
    r"first|here|of|as|so|because|and)\b.*)?"
)
_STATES = regex(rf"\b{_LIKES} (?:{_THING}|{_IT}){_STATE}{_WHEN}$")
_DEEDS = regex(
    rf"\b{_LIKES} (?:{_THING}|{_IT})to (?:be|run|come|go|start|turn|switch|stay|stop|open|close|wake|play|clean|"
    rf"finish|begin|"
    r"charge|heat|cool)\b"
)
_TIMED = regex(
    rf"\b{_LIKES} (?:{_THING}|{_IT}|to )[^,;]*\b(?:at|by|before|after|around|until|till) (?:about |around |roughly )?"
    r"(?:\d|half (?:past )?\d|quarter (?:past|to)|noon|midday|midnight|dawn|dusk|sunset|sunrise|bedtime)"
)


def is_wish(words: str) -> bool:
    """Return whether a normalised clause wishes a thing in a state, a deed or a time of day, and states no taste.

    >>> is_wish("i like my coffee maker on at 7"), is_wish("i like the hall light off"), is_wish("i like my coffee")
    (True, True, False)
    """
    return any(pattern.search(words) is not None for pattern in (_STATES, _DEEDS, _TIMED))
