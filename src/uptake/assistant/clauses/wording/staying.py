"""Say what is to stay as it is the way exceptions are said: "lights off, but the desk lamp stays on".

Limit: English; things that are named as the home names them.
"""

from __future__ import annotations

import re

from uptake.assistant.clauses.mentions import find_mentions
from uptake.assistant.clauses.segment import JOINT
from uptake.assistant.clauses.words import EXCEPTION, PROHIBITION, is_command, without_courtesy
from uptake.assistant.entities.household import Household
from uptake.text.patterns import regex

__all__ = ["stays", "with_exceptions", "with_kinds", "with_room_first"]

_MAY = (
    r"(?:(?:can|could|may|might|should|must|shall|will|has to|have to|had to|needs? to|is to|are to|ought to|gets to"
    r"|'s to|'s staying|is staying|are staying)(?: all| just| please)*)"
)
_AS = (
    r"(?:on|off|open|closed|shut|lit|locked|up|down|put|running|as (?:it|they)(?:'s|'re| is| are)|(?:just )?the way"
    r" (?:it|they)(?:'s|'re| is| are)|where (?:it|they)(?:'s|'re| is| are)|how (?:it|they) (?:is|are)|like that|as is"
    r"|please|though|for now|thanks|thank you|alone)"
)
_STAYS = regex(
    rf"(?P<what>[\w' -]+?)(?: {_MAY})? (?:stay|stays|remain|remains|staying|be left|be kept|is left|are left)"
    rf"(?: {_AS})*",
    re.IGNORECASE,
)
_NEEDED = regex(
    r"(?:because |as |since |cos )?(?:i|we)(?:(?:'m|'re| am| are)?(?: still| do still)+ (?:need|want|using|use|require"
    rf"|like|watching|reading by)|(?:'m|'re| am| are) (?:using|watching))(?: to have"
    rf"| to keep)? (?P<what>[\w' -]+?)(?: {_AS})*",
    re.IGNORECASE,
)
_KEEP = regex(rf"(?:keep|leave)(?: only| just)? (?P<what>[\w' -]+?)(?: {_AS})+", re.IGNORECASE)
_SWITCHED = regex(r"^(?P<what>(?:all|every|everything|both)\b[\w' ]*?) (?P<way>on|off|out)$", re.IGNORECASE)
_SAID_AGAIN = regex(_AS, re.IGNORECASE)
_LEAD = regex(r"(?:(?:but|and|only|just|though|although|while|whereas|yet|however|please|so)\b,? *)+", re.IGNORECASE)
_POINTS = regex(r"(?:that|it|they|those|this)(?: one| ones)?", re.IGNORECASE)
_OFF = regex(r"\b(?:off|out|close|shut|open|down|up|on|kill|switch|turn|lock|dim|stop)\b", re.IGNORECASE)
_REST = regex(
    r"\b(?:(?:everything|all) else|the rest(?: of (?:them|it|the lights))?|(?:all )?the others?|all others)\b",
    re.IGNORECASE,
)
_ONES = regex(
    r"\b(?P<which>(?:the|my|our|all the) (?:[\w']+ ){1,2})ones?\b(?P<where> (?:in|on) the [\w']+(?: room)?)?"
    r"|\b(?P<the>the) ones?(?P<in> (?:in|on) the [\w']+(?: room)?)",
    re.IGNORECASE,
)
_NOUN = regex(r"\b(light|lamp|blind|curtain|speaker|door|fan|radiator|window)(s?)\b", re.IGNORECASE)


def with_kinds(text: str, household: Household) -> str:
    """Say what "one" is after a kind of thing: "kitchen lights out, but the counter ones stay"."""

    def named(match: re.Match[str]) -> str:
        before = [each for each in _NOUN.finditer(text) if each.end() <= match.start()]
        if not before:
            return match[0]
        noun = before[-1][1]
        many = "s" if "ones" in match[0].lower() else ""
        whole = f"{match['which'] or 'the '}{noun}{many}{match['where'] or match['in'] or ''}"
        found = find_mentions(whole, household)
        return whole if len(found) == 1 and found[0].text == whole and (found[0].named or found[0].place) else match[0]

    return _ONES.sub(named, text)


_LIGHT = regex(r"\b(?:light|lamp)s?\b", re.IGNORECASE)
_HERE_LAST = regex(
    r"(?P<all>.*\b(?:all|everything|every (?:light|lamp)|(?:all )?(?:the )?(?:lights|lamps))(?: (?:on|off))?)"
    r",? (?:but(?: for)?|except(?:ing)?(?: for)?|apart from|bar|save for) (?P<but>(?:the|my|our) [\w' ]+?)"
    r" (?P<here>in here|in this room)(?P<please>[ ,]+please)?",
    re.IGNORECASE,
)


def with_room_first(text: str) -> str:
    """Say of all where they are, and not of what is left out: "all but the lamp in here".

    >>> with_room_first("turn off all but the floor lamp in here")
    'turn off all the lights in here except the floor lamp'
    """
    match = _HERE_LAST.fullmatch(text.strip(" .!"))
    if match is None:
        return text
    front = match["all"]
    if front.lower().endswith("all"):
        front = f"{front} the lights" if _LIGHT.search(match["but"]) else f"{front[:-3]}everything"
    return f"{front} {match['here']} except {match['but']}"


def with_exceptions(text: str, household: Household) -> str:
    """Return a request with what is to stay as it is behind what is to be done; as it is where nothing is to stay.

    Args:
        text: The request.
        household: Names of the home.
    """
    bounds = [(match.start(), match.end(), match[0]) for match in JOINT.finditer(text)]
    if not bounds:
        return text
    kept, rest = list[str](), list[tuple[str, str]]()
    start, joint = 0, ""
    for end, after, mark in [*bounds, (len(text), len(text), "")]:
        words = text[start:end].strip(" .!")
        what = stays(words, household) if words else None
        what = "" if kept and _SAID_AGAIN.fullmatch(words) else what
        if what is None and words:
            rest.append((joint, words))
        elif what:
            kept.append(what)
        start, joint = after, mark
    done = "".join(f"{joint if at else ''}{words}" for at, (joint, words) in enumerate(rest))
    acts = [words for _, words in rest if _OFF.search(words) and find_mentions(_everything(words), household)]
    if not kept and len(rest) <= len(bounds) and EXCEPTION.search(done):
        return done  # "bar the one in the kitchen, that stays" says it twice
    if not kept or not acts or PROHIBITION.match(without_courtesy(done)) or done.rstrip().endswith("?"):
        return text
    return f"{_SWITCHED.sub(_switch, _everything(done))}, but leave {' and '.join(kept)} alone"


def _switch(match: re.Match[str]) -> str:
    return f"turn {'on' if match['way'].lower() == 'on' else 'off'} {match['what']}"


def _everything(words: str) -> str:
    """Say "everything" for the rest of it: what is left out is said behind."""
    return _REST.sub("everything", words)


def stays(words: str, household: Household) -> str | None:
    """Return what a piece wants left as it is, "" where it only says so again; None where it wants something else."""
    bare = _LEAD.sub("", words, count=1)
    match = _STAYS.fullmatch(bare) or _NEEDED.fullmatch(bare)
    if match is None or is_command(bare):
        match = _KEEP.fullmatch(bare)
    if match is None:
        return None
    what = match["what"].strip()
    if _POINTS.fullmatch(what):
        return ""
    if _REST.fullmatch(what):
        return ""
    found = find_mentions(what, household)
    return what if len(found) == 1 and found[0].start == 0 and found[0].text == what else None
