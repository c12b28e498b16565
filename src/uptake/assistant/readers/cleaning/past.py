"""Tell what is asked or told of deeds from what is to be done now.

A question after a deed is the question after the state that it left: "did I leave the garage open?" is "is the garage
open?". What somebody tells of the past asks for nothing, and neither does a sentence whose subject does the deed: a
request has its verb first, and somebody else's deed has its subject before it ("we keep the hall at eighteen degrees").

Limit: English.
"""

from __future__ import annotations

import re

from uptake.assistant.readers.courtesy import VERBS
from uptake.text.patterns import Caseless, regex

__all__ = ["asked_state", "asks_past", "tells_deed", "tells_past"]

_WORRY = regex(
    r"(?:(?:did|have|has|had) (?P<who>i|we|he|she|they|anyone|anybody|someone|somebody|you|\w+)(?: (?:just|already"
    r"|ever|really|remember to|forget to))*"
    r"|(?:(?:(?:check|see|find out|tell me)|(?:i|we)(?:'m| am| was|'re)?(?: just)? (?:can't remember"
    r"|don't (?:know|remember)|not sure|forgot|forget|wonder(?:ing)?))(?: if| whether) "
    r"|(?=(?:i|we|some\w+|any\w+)(?:'d|'ve| had)\b))"
    r"(?:i|we|he|she|they|any(?:one|body)|some(?:one|body))(?:'d|'ve| had| have)?"
    r"(?: (?:just|already|ever|really|actually))*"
    r"|(?:i|we) (?:think (?:i|we) |may have |might have |must have |just )?(?=left\b)) (?P<deed>leave|left"
    r"|turn(?:ed)?|switch(?:ed)?|lock(?:ed)?|unlock(?:ed)?"
    r"|close(?:d)?|shut|open(?:ed)?)\b (?P<rest>.+?)[?!. ]*$",
    re.IGNORECASE,
)
_DONE_TO = regex(
    r"(?:has|have|had) (?P<what>(?:the|my|our|all|any|every|both)\b.+?)(?: (?:just|already|ever|really|now))* been "
    r"(?:(?:left|turned|switched) (?P<left>on|off|open|unlocked)|(?P<done>locked|unlocked|closed|shut|opened))"
    r"(?P<tail> .+?)?[?!. ]*$",
    re.IGNORECASE,
)
_ASKS = regex(
    r"(?:(?:did|was|were|has)(?:n't)? \w|(?:have|had)(?:n't)? (?:i|we|you|he|she|they|any\w*|some(?:one|body))\b"
    r"|have (?:the|my|our|all) .+ been\b)",
    re.IGNORECASE,
)
_TELLS = regex(
    r"(?!(?:what|which|who|when|where|why|how|is|are|was|were|does|do|did|can|could|had|if|whether)\b)"
    r"(?:(?:the|my|our|his|her|their|that|this|a|an) )?(?:[\w']+ ){1,3}?"
    r"(?:(?:was|were|wasn't|weren't|used to|had been|kept)\b|(?:snowed|rained|hailed|poured)\b)"
    r"(?! (?:wondering|hoping|thinking|going to ask|after)\b)(?!.*\?)"
    r"|(?:once upon a|(?:the )?(?:last|first)) time (?:it|that|there|i|we)\b"
    r"|(?:(?:and|but|so|then) )?(?:the|my|our|all|both)\b (?:[\w']+ ){1,4}?"
    r"(?:went|came|blew|tripped|broke|died|failed|fell)\b"
    r"|(?:i|we|he|she|they)(?:'ve| have|'s| has|'d| had) been\b",
    re.IGNORECASE,
)
_IRREGULAR = (
    "kept|left|took|brought|got|gave|told|said|found|held|drew|sent|rang|woke|ran|wrote|went|began|hung|lit|made|came"
)
_WISHED = frozenset("get give have tell show find hear say ask go call take".split())
"""Verbs of what a person has or wants, or says of it: "I get the news at eight" may be a wish."""
_PLURALS = frozenset("lights locks fans switches plays timers bulbs stops heats calls marks notes lists".split())
"""Words that are things as often as somebody's deeds."""


def _forms(verb: str) -> tuple[str, str]:
    """Return the form of the third person and that of the past."""
    third = f"{verb}es" if verb.endswith(("s", "sh", "ch", "x")) else f"{verb}s"
    return third, verb + ("d" if verb.endswith("e") else "ed")


_DEEDS = sorted({form for verb in VERBS - _WISHED for form in (verb, *_forms(verb))})
_THIRD = sorted({_forms(verb)[0] for verb in VERBS} - _PLURALS)
_EVER = r"(?:(?:always|never|often|usually|sometimes|only|just|all|both|then|once|[a-z]+ly) )*"
_SUBJECT_DOES = Caseless(
    rf"(?:i|we|they|he|she|nobody|somebody|someone|everybody|everyone|people) {_EVER}"
    r"(?:finally |ended up |managed to )*"
    rf"(?:{'|'.join(_DEEDS)}|{_IRREGULAR})\b"
    rf"|(?P<first>[\w']+) (?:[\w']+ ){{0,3}}?{_EVER}(?:{'|'.join(_THIRD)})\b(?= \S)(?! (?:on|off|up|down)$)"
    rf"|(?P<who>[\w']+) (?:[\w']+ ){{0,3}}?{_EVER}(?:{'|'.join(sorted(_PLURALS))}) (?:the|my|our|his|her|their|it)\b",
)
_NO_SUBJECT = VERBS | frozenset(
    "what which who when where why how is are was were does do did can could will would shall should may might has "
    "have if whether while until in on at for to any all more less no not it that this there please".split()
)
_STATE_AFTER = regex(
    r"(?P<what>.+?)(?: (?:switched|turned))? (?P<state>on|off|open|closed|shut|unlocked|locked|running|ajar)"
    r"(?P<tail> .+|)$",
    re.IGNORECASE,
)
_STATE_BEFORE = regex(r"(?P<state>on|off) (?P<what>.+)$", re.IGNORECASE)
_DONE = {
    "closed": "closed",
    "lock": "locked",
    "unlock": "unlocked",
    "close": "closed",
    "shut": "closed",
    "open": "open",
}
_PLURAL = regex(r"(?:all|both|any|the|my|our)?\s*(?:[\w']+ )*[\w']+(?<!s)s\b", re.IGNORECASE)


def asked_state(text: str) -> str | None:
    """Return the question after a state that a question after a deed asks; None where it is none.

    Args:
        text: The request, without courtesy.

    >>> asked_state("did I leave the garage open?"), asked_state("has the back door been locked")
    ('is the garage open', 'is the back door locked')
    >>> asked_state("I can't remember if I locked the front door"), asked_state("I'd turned the oven off")
    ('is the front door locked', 'is the oven off')
    """
    match = _WORRY.match(text)
    if match is None:
        done = _DONE_TO.match(text)
        if done is None:
            return None
        verb = (done["done"] or "").lower()
        return _is(done["what"], (done["left"] or _DONE[verb if verb in _DONE else verb[:-2]]), done["tail"] or "")
    deed, rest = match["deed"].lower(), match["rest"].strip()
    if deed in ("leave", "left"):
        state = _STATE_AFTER.match(rest)
    elif deed.startswith(("turn", "switch")):
        state = _STATE_BEFORE.match(rest) or _STATE_AFTER.match(rest)
    else:
        stem = next(stem for stem in _DONE if deed.startswith(stem))
        return _is(rest, _DONE[stem], "")
    if state is None:
        return None
    tail = state.groupdict().get("tail") or ""
    return _is(state["what"], state["state"], tail)


def asks_past(text: str) -> bool:
    """Tell whether a text asks whether something was done or has been so.

    >>> asks_past("have we locked the door"), asks_past("have the lights on"), asks_past("were the lights on")
    (True, False, True)
    """
    return _ASKS.match(text) is not None


def tells_past(text: str) -> bool:
    """Tell whether a text tells how something was, and asks for nothing.

    >>> tells_past("Ada was home all day"), tells_past("was Ada home"), tells_past("turn on what was off")
    (True, False, False)
    """
    return _TELLS.match(text) is not None and text.split(" ", 1)[0].casefold() not in VERBS


def tells_deed(text: str) -> bool:
    """Tell whether somebody does something in a text, or did it, rather than that it is to be done.

    >>> tells_deed("we keep the hall at 18 degrees"), tells_deed("my aunt locks the gate at night")
    (True, True)
    >>> tells_deed("keep the hall at 18 degrees"), tells_deed("make sure somebody locks the gate")
    (False, False)
    """
    if text.split(" ", 1)[0].casefold() in _NO_SUBJECT:
        return False
    found = _SUBJECT_DOES.match(text)
    return found is not None and (found["first"] or found["who"] or "").casefold() not in _NO_SUBJECT


def _is(what: str, state: str, tail: str) -> str:
    be = "are" if _PLURAL.fullmatch(what) and not what.endswith("ss") else "is"
    if what.lower() in ("anything", "something", "everything"):
        return f"is {what} {state}{tail}"
    return f"{be} {what}{tail} {state}"
