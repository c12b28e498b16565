"""Answer wishes to delete a person or everything, which are not done by voice; delete two things one by one.

Limit: English.
"""

from __future__ import annotations

import re

from uptake.assistant.clauses.words import without_courtesy
from uptake.text.patterns import regex

__all__ = ["deleted_one_by_one", "refusal_to_delete"]

_VERB = r"(?:forget|delete|erase|remove|wipe|clear|purge)"
_CUE = regex(rf"\b{_VERB}\b", re.IGNORECASE)
_PERSON = regex(
    rf"{_VERB} (?:about )?(?:me|(?:all|everything|anything|whatever|what)\b.*"
    r"\b(?:about me|on me|of me|you (?:have )?(?:know|learned|learnt)|i (?:have |'ve )?ever (?:said|told you))"
    r"|(?:all )?(?:of )?my (?:personal |own )?(?:data|information|profile|history))",
    re.IGNORECASE,
)
_EVERYTHING = regex(rf"(?!forget){_VERB} (?:absolutely )?(?:everything|it all|all)", re.IGNORECASE)
_KEPT = (
    r"(?:(?P<which{0}>(?:all|every|each|both)(?: of)?(?: (?:the|my|our))?|the|my|our) )?"
    r"(?P<thing{0}>(?!(?:all|every|each|both|the|my|our)\b)(?:(?!and\b)[\w'-]+ ){{0,3}}lists?|timers?|alarms?"
    r"|reminders?)"
)
_SEVERAL = regex(
    rf"(?P<verb>{_VERB}|cancel|empty|stop|drop|get rid of) {_KEPT.format(1)},? and (?:also )?{_KEPT.format(2)}",
    re.IGNORECASE,
)
_HOW = (
    "I cannot tell who speaks, so I do not delete a person by voice. "
    "Whoever runs me can do it for good, with uptake forget and your name."
)
_OF_WHAT = "All of what: a list, the timers, the alarms, the reminders?"


def refusal_to_delete(text: str) -> str | None:
    """Return the answer to a wish to be forgotten, or to delete everything; None where a request is neither.

    >>> refusal_to_delete("please clear everything")
    'All of what: a list, the timers, the alarms, the reminders?'
    >>> refusal_to_delete("clear the shopping list") is None
    True
    """
    if _CUE.search(text) is None:
        return None
    bare = without_courtesy(text).strip(" .!?")
    if _PERSON.fullmatch(bare):
        return _HOW
    return _OF_WHAT if _EVERYTHING.fullmatch(bare) else None


def deleted_one_by_one(text: str) -> tuple[str, ...] | None:
    """Return a request to delete two things that are kept as two requests; None where it is none.

    >>> deleted_one_by_one("delete the shopping list and all timers")
    ('delete the shopping list', 'delete all timers')
    >>> deleted_one_by_one("cancel all alarms and timers"), deleted_one_by_one("delete milk and the timer")
    (('cancel all alarms', 'cancel all timers'), None)
    """
    match = _SEVERAL.fullmatch(without_courtesy(text).strip(" .!?"))
    if match is None:
        return None
    whiches = match["which1"], match["which2"] or match["which1"]
    things = match["thing1"], match["thing2"]
    return tuple(" ".join(filter(None, (match["verb"], *each))) for each in zip(whiches, things, strict=True))
