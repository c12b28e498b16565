"""Look up the condition of a request that tells of the present: "if the oven is on, turn it off".

What is so now decides at once; what may happen ("when the door opens") is not waited for here.

Limit: English; one state of one thing, or of things of one kind.
"""

from __future__ import annotations

import re

from uptake.assistant.clauses.compose import DirectAnswer, Instead
from uptake.assistant.clauses.mentions import find_mentions
from uptake.assistant.clauses.wording.subjects import PRONOUN
from uptake.assistant.clauses.words import is_command, without_courtesy
from uptake.assistant.components import Components
from uptake.assistant.incoming import Incoming
from uptake.assistant.read import read
from uptake.assistant.resolve import choose
from uptake.assistant.skills.devices.states import holds, told
from uptake.text.patterns import regex

__all__ = ["looked_up"]

_STATE = r"(?P<state>on|off|open|closed|shut|locked|unlocked|running|up|down)"
_UP_OR_DOWN = {"up": "open", "down": "closed"}
_IF = r"(?:(?P<unless>unless)|if|in case|provided(?: that)?)"
_BE = r"(?P<be>'s|'re| is| are)(?P<no>n't| not)?"
_AS = r"(?: still| already| currently| actually)*"
_THING = r"(?P<thing>[\w' -]+?)"
_NOT = r"(?P<no>not|no|it isn't|it's not|it is not|they aren't|they're not|they are not)"
_WHO = r"(?:i|we|he|she|they|someone|somebody|anyone)"
_SHAPES = tuple(
    regex(pattern, re.IGNORECASE)
    for pattern in (
        rf"{_IF} {_THING}{_BE}{_AS} {_STATE}{_AS}(?P<where> (?:up|down)stairs| in the \w+(?: room)?)?(?:,? then|,)?"
        r" (?P<deed>.+)",
        rf"(?:is|are) {_THING}{_AS} {_STATE}{_AS}[?,.]* (?P<deed>.+?),? if (?:so|it is|they are|{_NOT})",
        rf"(?P<deed>.+?),? {_IF} {_THING}{_BE}{_AS} {_STATE}{_AS}(?: right now| now| at the moment)?",
        rf"(?:did|have|has|was) {_WHO} (?:leave|left) {_THING} {_STATE}{_AS}[?,.]* (?:and )?(?:if (?:so|it is"
        rf"|they are|yes)|if {_NOT})(?:,? then)?,? (?P<deed>.+)",
        rf"{_IF} {_WHO}(?:'ve| have|'s| has)? left {_THING} {_STATE}(?: by (?:mistake"
        rf"|accident))?,?(?: then)? (?P<deed>.+)",
        rf"(?P<deed>.+?),? {_IF} {_WHO}(?:'ve| have|'s| has)? left {_THING} {_STATE}",
        rf"(?:(?:check|see|look|find out) (?:whether|if) )?{_THING}(?P<be>'s|'re| is| are){_AS} {_STATE}{_AS},?"
        r" (?:and )?(?:if (?:it|they|that) (?:is|are)|if so)(?P<no>n't| not)?(?: then)?,? (?P<deed>.+)",
        rf"(?:is|are) {_THING}{_AS} {_STATE}{_AS}[?,.]* (?:and )?(?:if {_NOT}|if (?:so|it is|they are|yes))(?:,? then)?"
        r",? (?P<deed>.+)",
    )
)
_ASKED_FIRST = tuple(shape for shape in _SHAPES if shape.pattern.startswith("(?:is|are) "))
"""Those that ask first: in "is it shut? if not, shut it", "if not" is the condition."""
_ELSE = regex(
    r"[\s,.;]+(?:otherwise|or else|else|if not|and if (?:it|they)(?:'s| is|'re| are)(?:n't| not))(?:,? then)?[\s,]+"
    r"(?:(?P<nothing>never ?mind|don't (?:bother|worry)|leave (?:it|them|that)(?: alone| be)?|do nothing|forget it)"
    r"|(?P<other>\S.*))",
    re.IGNORECASE,
)
"""What is to be done where the condition does not hold."""
_CUE = regex(r"\b(?:if|unless|in case|provided)\b", re.IGNORECASE)
_LONGEST = 200  # characters of a request that is looked at


def looked_up(text: str, turn: Incoming, components: Components, *, ask_at: float) -> Instead | DirectAnswer | None:
    """Return what is to be done where the condition of a request holds now, or what to say where it does not.

    None where a request has no such condition.
    """
    match, otherwise = _matched(text)
    if match is None or not is_command(match["deed"]) or _CUE.search(match["deed"]):
        return None
    said, deed = match.groupdict(), match["deed"].strip(" ,")
    household = components.resolver.household
    named = find_mentions(deed, household)
    thing = f"{match['thing'].strip()}{said.get('where') or ''}"
    points = PRONOUN.fullmatch(thing) is not None or thing.lower() in ("they", "that")
    if points and not named:
        return None
    if points:
        thing = named[0].text
    elif not named:
        deed = PRONOUN.sub(re.sub(r"^any ", "the ", thing), deed, count=1)
    many = (said.get("be") or "").strip(" '") in ("are", "re") or thing.lower().startswith("any ")
    state = _UP_OR_DOWN.get(match["state"].lower(), match["state"])
    now = _asked(f"{'are' if many else 'is'} {thing} {state}", turn, components, ask_at)
    if now is None:
        return None
    if now[0] != (bool(said.get("no")) != bool(said.get("unless"))):
        return Instead(text=deed)
    if is_command(otherwise):
        return Instead(text=otherwise)
    return DirectAnswer(speech=f"{now[1]} I have done nothing.", reason="its condition does not hold now", status="ok")


def _matched(text: str) -> tuple[re.Match[str] | None, str]:
    """Return the condition of a request with its deed, and what is to be done else; (None, "") where there is none."""
    if _CUE.search(text) is None or len(text) > _LONGEST:
        return None, ""
    bare = without_courtesy(text).strip(" .!?")
    asked = next((found for shape in _ASKED_FIRST if (found := shape.fullmatch(bare)) is not None), None)
    if asked is not None and _ELSE.search(asked["deed"]) is None:
        return asked, ""
    otherwise = _ELSE.search(bare)
    front = bare if otherwise is None else bare[: otherwise.start()]
    match = next((found for shape in _SHAPES if (found := shape.fullmatch(front))), None)
    return match, (otherwise["other"] or "") if otherwise is not None else ""


def _asked(question: str, turn: Incoming, components: Components, ask_at: float) -> tuple[bool, str] | None:
    """Return whether a question after a state is to be answered with yes, and how things are; None where unclear."""
    readings = read(question, turn.situation, components)
    best = choose(readings, turn.situation, components, ask_at=ask_at)
    if best is None or best.resolution.problem is not None or not best.resolution.targets:
        return None
    resolution = best.resolution
    true = holds(resolution.interpretation, resolution.targets, components.home)
    if resolution.interpretation.intent != "HassGetState" or true is None:
        return None
    return true, told(resolution.targets, components.home)
