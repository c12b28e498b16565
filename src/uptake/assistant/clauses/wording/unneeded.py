"""Say as a command that a thing is not needed, or not to stay so: "we can do without the fan", "don't leave it on".

Limit: English; one thing of the home that is switched, or one that is to be closed or locked.
"""

from __future__ import annotations

import re

from uptake.assistant.clauses.mentions import Mention, find_mentions
from uptake.assistant.clauses.wording.fragments import made
from uptake.assistant.clauses.wording.pieces import domains_meant
from uptake.assistant.entities.household import Household
from uptake.text.patterns import regex

__all__ = ["unneeded"]

_LEAD = (
    r"(?:(?:so|and|but|well|ok|okay|right|now|actually|oh|um|er|sorry to (?:bother|trouble) you|excuse me"
    r"|i (?:really )?(?:think|reckon"
    r"|guess|suppose|believe|feel)(?: that)?|i'd say|to be honest|honestly|maybe|perhaps|probably"
    r"|if you ask me)\b,? *)*"
)
_WE = r"(?:i|we|you|he|she|they|one|nobody|no ?one|everybody)"
_LONGER = (
    r"(?:,? (?:any ?more|any longer|now|right now|at the moment|for now|tonight|today|then|after all|really"
    r"|to be honest"
    r"|please|thanks|thank you|though|just now|i think|all the time|all (?:day|night)|for nothing|for a while"
    r"|for a bit))*"
)
_ON = r"(?: (?:being|to be|having|turned|switched|left|running))*(?: on)?"
_THING = r"(?P<what>(?:(?:the|my|our|that|those|these|this|all the|both|any)(?: of the)? )?[\w' -]+?)"
_OFF = tuple(
    regex(rf"{_LEAD}{shape}{_LONGER}", re.IGNORECASE)
    for shape in (
        rf"{_WE}(?: really| probably)?(?:'ll| will| can| could| might| should)(?: all| just| easily| certainly)?"
        rf" (?:do|manage|live|cope|get by|get along|see|be (?:ok|okay|fine|all right|alright)) (?:perfectly well "
        rf"|fine |just fine )?"
        rf"without {_THING}{_ON}",
        rf"{_WE}(?: can| could| may)(?: just| probably)? (?:lose|ditch|spare|dispense with|drop) {_THING}{_ON}",
        rf"{_THING}(?:'s| is| are|'re)(?: really| probably| all)? (?:not (?:needed|wanted|necessary|required|in use"
        rf"|being used)"
        rf"|no longer (?:needed|wanted|necessary|required|in use)|unnecessary|superfluous"
        rf"|a waste(?: of (?:electricity|power|energy"
        rf"|money))?|wasting (?:electricity|power|energy|money)|on for (?:nothing|no reason))",
        rf"{_THING}(?: isn't| aren't| is not| are not)(?: really)? (?:needed|wanted|necessary|required|in use"
        rf"|being used)",
        rf"{_THING}(?: (?:can|could|may|should|might))(?: just| all| probably)? (?:go|rest|have a rest"
        rf"|take a break)(?: off| now)?",
        rf"{_THING}(?:'s| has| have)(?: really)? (?:been on|run|been running|been going) (?:long enough"
        rf"|for long enough|enough)",
        rf"(?:there(?:'s| is) )?no (?:real )?(?:need|use|call|reason|point)(?: in| for| of)?(?: having| keeping"
        rf"| leaving| to have"
        rf"| to keep)* {_THING}{_ON}",
        rf"(?:i|we)(?:'ve| have)? (?:got )?(?:no|not much|little) (?:more )?(?:use|need) (?:for|of) {_THING}{_ON}",
        rf"{_WE}(?:'re| are|'s| is|'m| am) (?:not|no longer|never|hardly) (?:using|watching|listening to"
        rf"|in need of) {_THING}{_ON}",
        rf"(?:nobody|no ?one)(?:'s| is) (?:even |really )?(?:using|watching|listening to) {_THING}{_ON}",
        rf"(?:nobody|no ?one) (?:uses|needs|watches|wants) {_THING}{_ON}",
        rf"(?:who|why would (?:i|we|anyone|anybody)) needs? {_THING} on(?: in (?:broad )?daylight| at this (?:hour"
        rf"|time)"
        rf"| during the day)?",
        rf"that(?:'s| is) enough (?:of )?{_THING}",
        rf"{_WE}(?: really)? (?:don't|do not|dont|no longer) (?:want|need) {_THING}"
        r" (?:to be )?(?:on|running|going)",
    )
)
_LEFT = regex(
    rf"{_LEAD}(?:please )?(?:(?:don't|do not|dont|never|let's not|i don't want you to|you (?:shouldn't|mustn't"
    rf"|needn't|don't have to))"
    rf"(?: just| ever)? (?:leave|keep|have)|(?:i|we)(?:'d| would) (?:rather|prefer) (?:you |we )?(?:didn't|not to"
    rf"|not) (?:leave|keep"
    rf"|have)|(?:don't|do not|dont) let) {_THING} (?:(?:stay|be|remain) )?(?P<state>on|open|unlocked|running|up)"
    r"(?: (?:any ?more|any longer|now|like that|please|then))*",
    re.IGNORECASE,
)
_SILENCE = regex(
    rf"{_LEAD}(?:i|we)(?: really)? (?:don't|do not|dont|no longer) (?:want|need|feel like|fancy)"
    rf"(?: to (?:hear|listen to))?(?: any| the| this)?(?: more)? (?:music|radio|noise|songs?|tunes|sound)"
    rf"(?: playing| on)?(?: in here)?{_LONGER}",
    re.IGNORECASE,
)
_CUE = regex(
    r"\b(?:without|lose|ditch|spare|dispense|drop|need|needs|needed|want|wants|wanted|necessary|required|use|uses"
    r"|using|watching"
    r"|listening|unnecessary|superfluous|waste|wasting|nothing|reason|can|could|may|should|might|been|run|no|not"
    r"|point|call|never"
    r"|nobody|enough|leave|keep|let|n't|don't|dont|rather|prefer)\b|n't\b",
    re.IGNORECASE,
)
"""Words without which no request says that a thing is not needed."""
_INSTEAD = {"on": "off", "running": "off", "open": "closed", "up": "closed", "unlocked": "locked"}
_SWITCHED = frozenset({"light", "switch", "fan", "media_player", "climate"})
_OPENED = frozenset({"cover", "lock", "valve"})
_CONDITION = regex(r"\b(?:if|when|unless|until|till|while|once|after|before|because|except|but)\b", re.IGNORECASE)


def unneeded(text: str, household: Household) -> str:
    """Return the command that switches off, closes or locks what is not needed so; the text as it is where it is none.

    Args:
        text: The request.
        household: Names of the home.
    """
    if _CUE.search(text) is None:
        return text
    plain = text.strip(" .!?")
    left = _LEFT.fullmatch(plain)
    if left is not None:
        named = _only(left["what"], household)
        domains = domains_meant(named, household) if named is not None else frozenset()
        fits = _SWITCHED if _INSTEAD[left["state"].lower()] == "off" else _OPENED
        return made(left["what"], _INSTEAD[left["state"].lower()]) if domains and domains <= fits else text
    if _SILENCE.fullmatch(plain) is not None:
        return "stop the music"
    match = next((found for shape in _OFF if (found := shape.fullmatch(plain)) is not None), None)
    if match is None or _CONDITION.search(match["what"]):
        return text
    named = _only(match["what"], household)
    domains = domains_meant(named, household) if named is not None else frozenset()
    return f"turn off {match['what']}" if domains and domains <= _SWITCHED else text


def _only(what: str, household: Household) -> Mention | None:
    """Return the one thing that words name; None where they hold anything else."""
    found = find_mentions(what, household)
    rest = f"{what[: found[0].start]}{what[found[0].end :]}".strip() if len(found) == 1 else what
    return found[0] if len(found) == 1 and rest.lower() in ("", "that", "those", "these", "both", "in here") else None
